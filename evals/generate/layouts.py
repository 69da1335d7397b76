"""The layouts of the genre: each prints the sections of a notice and labels the items as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from random import Random
from typing import Any

from evals.generate.findings import Finding, Result, Section
from evals.generate.marked import Marked, join, plain, unit

NUMERALS = "一二三四五六七八九十"
CIRCLED = "①②③④⑤"
Lines = list[str]
Items = list[dict[str, Any]]
Layout = Callable[[Sequence[Section], Random], tuple[Lines, Items]]
Numbering = Callable[[int], str]

_NUMBERINGS: tuple[Numbering, ...] = (
    lambda n: f"{NUMERALS[n]}是",
    lambda n: f"({n + 1})",
    lambda n: CIRCLED[n],
)


@dataclass(frozen=True, slots=True)
class Steps:
    """Rectification text with the labels of its measures."""

    text: Marked
    measures: list[dict[str, Any]]


def chinese(n: int) -> str:
    """1 … 29 in Chinese numerals."""
    tens, ones = divmod(n, 10)
    return ("" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十") + (NUMERALS[ones - 1] if ones else "")


# -- layouts -----------------------------------------------------------------------------------------------------------


def nested(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """二、 → (一) → 1. with 整改情况：, steps enumerated or running on."""
    lines, items = [], []
    numbering, lead = _numbering(dice), dice.choice(["", "反馈问题："])
    for category, section in enumerate(sections):
        name = f"({NUMERALS[category]})"
        lines.append(f"{name}{lead}{section.heading}")
        for number, finding in enumerate(section.findings, 1):
            steps = _steps(finding, numbering)
            lines += [f"{number}.{finding.problem.text}", f"整改情况：{steps.text.text}"]
            items.append(_item(f"二/{name}/{number}", finding, steps, [finding.problem, steps.text], (section, name)))
    return lines, items


def continuous(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """关于“…”问题, numbered through without categories."""
    lines, items = [], []
    numbering = _numbering(dice)
    for number, finding in _numbered(sections):
        steps = _steps(finding, numbering)
        problem = finding.problem.text.rstrip("。")
        lines += [f"{number}.关于“{problem}”问题", f"整改措施及成效：{steps.text.text}"]
        items.append(_item(f"二/{number}", finding, steps, [finding.problem, steps.text], problem=problem))
    return lines, items


def merged(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """针对…的问题, problem and steps in one paragraph."""
    lines, items = [], []
    numbering = _numbering(dice)
    for number, finding in _numbered(sections):
        steps = _steps(finding, numbering)
        problem = finding.problem.text.rstrip("。") + "的问题"
        lines.append(f"{number}.针对{problem}，{steps.text.text}")
        items.append(_item(f"二/{number}", finding, steps, [finding.problem, steps.text], problem=problem))
    return lines, items


def form(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """问题1： with lines for unit, person, time limit, steps and result; numbered through the categories."""
    lines, items = [], []
    numbering = _numbering(dice)
    number = 0
    for category, section in enumerate(sections):
        name = f"({NUMERALS[category]})"
        lines.append(f"{name}{section.heading}")
        for finding in section.findings:
            number += 1
            steps = _steps(finding, numbering, with_result=False)
            result = [f"整改结果：{finding.result.line}"] if finding.result else []
            head = [f"责任单位：{'、'.join(finding.units)}", f"责任人：{finding.person}"]
            limit = f"整改时限：{finding.deadline.text}前"
            lines += [
                f"问题{number}：{finding.problem.text}",
                *head,
                limit,
                f"整改落实情况：{steps.text.text}",
                *result,
            ]
            parts = [finding.problem, *map(unit, finding.units), finding.deadline, steps.text]
            items.append(
                _item(f"二/{name}/{number}", finding, steps, parts, (section, name), on_line=True)
                | _responsible(finding)
                | {"responsible_persons": [finding.person]}
            )
    return lines, items


def tasks(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """任务一： with 整改目标, 整改时限, 责任单位 and 整改进展."""
    lines, items = [], []
    numbering = _numbering(dice)
    for number, finding in _numbered(sections):
        steps = _steps(finding, numbering)
        head = [f"整改目标：{finding.target}", f"整改时限：{finding.deadline.text}前"]
        units = f"责任单位：{'、'.join(finding.units)}"
        problem = f"任务{chinese(number)}：{finding.problem.text}"
        lines += [problem, *head, units, f"整改进展：{steps.text.text}"]
        parts = [finding.problem, finding.deadline, *map(unit, finding.units), steps.text]
        label = f"二/{chinese(number)}"
        items.append(_item(label, finding, steps, parts) | _responsible(finding) | {"target": finding.target})
    return lines, items


def table(sections: Sequence[Section], dice: Random) -> tuple[Lines, Items]:
    """An HTML table; its lines are markup."""
    heads = ("序号", "反馈问题", "整改措施", "责任单位", "完成时限", "整改结果")
    lines, items = ["<table>", _row(heads, "th")], []
    numbering = _numbering(dice)
    number = 0
    for category, section in enumerate(sections):
        name = NUMERALS[category]
        lines.append(f'<tr><td colspan="{len(heads)}">{name}、{section.heading}</td></tr>')
        for finding in section.findings:
            number += 1
            steps = _steps(finding, numbering, with_result=False)
            result = finding.result.line.rstrip("。") if finding.result else ""
            cells = (str(number), finding.problem.text, steps.text.text, "、".join(finding.units))
            lines.append(_row((*cells, finding.deadline.text, result), "td"))
            parts = [finding.problem, steps.text, *map(unit, finding.units), finding.deadline]
            labels = _item(f"二/{name}/{number}", finding, steps, parts, (section, name), on_line=True)
            units = _later(finding.units, finding.problem.text + steps.text.text)
            items.append(
                labels | _responsible(finding) | {"responsible_units": units, "end": result or finding.deadline.text}
            )
    return [*lines, "</table>"], items


LAYOUTS: tuple[Layout, ...] = (nested, continuous, merged, form, tasks, table)


# -- parts -------------------------------------------------------------------------------------------------------------


def _numbered(sections: Sequence[Section]) -> Iterator[tuple[int, Finding]]:
    return enumerate((finding for section in sections for finding in section.findings), 1)


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _numbering(dice: Random) -> Numbering | None:
    """How a notice enumerates steps; None for steps that run on."""
    return dice.choice([*_NUMBERINGS, None])


def _steps(finding: Finding, numbering: Numbering | None, *, with_result: bool = True) -> Steps:
    """The steps; a result sentence stays with the last."""
    result = [plain(finding.result.run)] if finding.result and with_result else []
    if numbering is None or len(finding.steps) == 1:
        text = join([*finding.steps, *result])
        return Steps(text, [_measure(None, text)])
    texts = [*finding.steps[:-1], join([finding.steps[-1], *result])]
    markers = [numbering(n) for n in range(len(texts))]
    measures = [_measure(marker, text) for marker, text in zip(markers, texts, strict=True)]
    marked = [part for marker, text in zip(markers, texts, strict=True) for part in (plain(marker), text)]
    return Steps(join(marked), measures)


def _measure(marker: str | None, text: Marked) -> dict[str, Any]:
    return {"marker": marker, "text": text.text, "verifiable": bool(text.labels), "sub": []}


def _item(
    label: str,
    finding: Finding,
    steps: Steps,
    parts: Sequence[Marked],
    category: tuple[Section, str] | None = None,
    *,
    problem: str | None = None,
    on_line: bool = False,
) -> dict[str, Any]:
    """One item's labels. ``parts``: its labelled texts as printed; ``on_line``: the result has a line of its own."""
    whole = join(parts)
    result = finding.result
    last = f"整改结果：{result.line}" if on_line and result else steps.measures[-1]["text"]
    return {
        "label": label,
        "category": category[0].heading if category else None,
        "category_label": category[1] if category else None,
        "problem": problem or finding.problem.text,
        "end": last,
        "measures": steps.measures,
        "status": _status(result, on_line=on_line),
        "dates": whole.of("dates"),
        "documents": whole.of("documents"),
        "organizations": whole.of("organizations"),
        "quantities": whole.of("quantities"),
    }


def _status(result: Result | None, *, on_line: bool) -> dict[str, Any]:
    if result is None:
        return {"value": "not_stated", "detail": None, "quotes": []}
    printed = result.line if on_line else result.run
    return {"value": result.value, "detail": result.detail, "quotes": [printed.rstrip("。")]}


def _later(names: Sequence[str], before: str) -> list[Any]:
    """Labels of names in a cell after other text that may print them too."""
    return [{"text": name, "nth": str(before.count(name) + 1)} if name in before else name for name in names]


def _responsible(finding: Finding) -> dict[str, Any]:
    (deadline,) = finding.deadline.of("dates")
    return {"responsible_units": list(finding.units), "deadline": deadline}
