"""Oracles that need no gold: what must hold of any extraction, on any notice.

一是…N是 are contiguous; declared counts equal those found; every problem has a measure; every character of the
rectification part lies in an item, a heading or ``notice.unassigned``, and every one of an item's rectification text
in a measure, marker or lead word; every span is valid. What the extraction itself reports as a check is *reported*,
not broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.notices.numerals import ordinal
from bot.records import Extraction, Item, Span
from bot.schemas import to_data
from evals.metrics.normalise import squeeze
from evals.metrics.score import Ratio, Score
from evals.metrics.spans import grounded_values, valid

_CHECK_OF = {"markers": "numbering", "counts": "count", "no_measure": "no_measure"}
"""The kind of check that makes a break of an oracle a reported one."""
_WORDED = re.compile(r"^第?([一二三四五六七八九十]+)(?:是|要|、)?$")
_HEADING = re.compile(
    r"^(?:[(]?(?:[一二三四五六七八九十百]+|\d+)[)、.．]|第[一二三四五六七八九十]+[章节部]|[|\-#*\s]+|(?:问题|任务)[一二三四五六七八九十\d]+)"
)
_LEAD = re.compile(
    r"(?:责任单位|牵头单位|责任部门|责任人|责任领导|配合单位|整改时限|完成时限|整改期限|整改目标|整改结果|完成情况|完成时间)[^\n]*"
    r"|(?:主要)?(?:整改|落实|具体)*(?:措施|情况|进展|成效|结果|及|和|、)+[:：]?|[第\d一二三四五六七八九十是()（）①-⑳首先其次再次最后|#*\-\s]+"
)


@dataclass(frozen=True, slots=True)
class Break:
    """One oracle broken at one place. ``reported``: the extraction's own checks say so."""

    oracle: str
    where: str
    message: str
    span: Span
    reported: bool


def breaks(extraction: Extraction) -> list[Break]:
    """Everything that does not hold."""
    kinds = {check.kind for check in extraction.checks}
    found = [
        *_markers(extraction.items),
        *_counts(extraction),
        *_no_measure(extraction.items),
        *_uncovered(extraction),
        *_inside(extraction),
        *_invalid(extraction),
    ]
    return [Break(*raw, reported=_CHECK_OF.get(raw[0]) in kinds) for raw in found]


def oracle_ratios(extraction: Extraction) -> dict[str, Ratio]:
    """``oracles``: 1 for a notice on which all hold or are reported."""
    return {"oracles": Ratio(all(b.reported for b in breaks(extraction)), 1)}


def oracle_scores(extraction: Extraction) -> list[Score]:
    """One score per unreported break."""
    unreported = [b for b in breaks(extraction) if not b.reported]
    return [Score("oracles", b.where, 0.0, b.message, None, b.oracle, b.span) for b in unreported]


_Raw = tuple[str, str, str, Span]


def _markers(items: Iterable[Item]) -> Iterator[_Raw]:
    for item in items:
        numbers = [n for measure in item.measures if (n := _number(measure.marker))]
        if numbers and numbers != list(range(1, len(numbers) + 1)):
            yield "markers", item.label, f"措施序号为 {numbers}", item.span


def _number(marker: str | None) -> int:
    worded = _WORDED.match(squeeze(marker or ""))
    return ordinal(worded[1]) if worded else 0


def _counts(extraction: Extraction) -> Iterator[_Raw]:
    found = {
        "problems": len(extraction.items),
        "measures": sum(len(item.measures) for item in extraction.items),
        "completed": sum(item.status.value == "completed" for item in extraction.items),
    }
    for count in extraction.notice.declared_counts:
        value = int(count.value) if count.value.isdigit() else ordinal(count.value)
        if count.what in found and value != found[count.what]:
            yield "counts", count.what, f"声明 {count.text}，提取 {found[count.what]}", count.span


def _no_measure(items: Iterable[Item]) -> Iterator[_Raw]:
    for item in items:
        if not item.measures:
            yield "no_measure", item.label, "没有措施", item.span


def _uncovered(extraction: Extraction) -> Iterator[_Raw]:
    """Text between the first item's start and the last one's end that is in no item, heading or ``unassigned``."""
    notice, items = extraction.notice, extraction.items
    if not items:
        return
    headings = [item.category.span for item in items if item.category]
    taken = sorted([*(item.span for item in items), *notice.unassigned, *headings])
    for start, end in _gaps(taken, min(i.span[0] for i in items), max(i.span[1] for i in items)):
        for line in notice.text[start:end].splitlines():
            if squeeze(line) and not _HEADING.match(squeeze(line)):
                yield "coverage", "通报", f"未归入任何问题：{line.strip()[:40]}", (start, end)


def _inside(extraction: Extraction) -> Iterator[_Raw]:
    """Text of an item after its problem that no measure holds and that is no marker or lead word."""
    text = extraction.notice.text
    for item in extraction.items:
        taken = sorted([*(m.span for m in item.measures), *_form_cells(item, text)])
        for start, end in _gaps(taken, item.problem.span[1], item.span[1]):
            rest = re.sub(r"[\W_]+", "", _LEAD.sub("", text[start:end]))
            if len(rest) > 4:
                yield "rectification", item.label, f"整改文字未归入措施：{rest[:40]}", (start, end)


def _form_cells(item: Item, text: str) -> Iterator[Span]:
    """The form lines and table cells that fill keys of their own: they stand outside the coverage rule."""
    single = [value for value in (item.deadline, item.target) if value]
    for value in (*item.responsible_units, *item.responsible_persons, *item.status.quotes, *single):
        start, end = value.span
        before = max(text.rfind(edge, item.span[0], start) for edge in "\n\t|")
        after = [at for edge in "\n\t|" if (at := text.find(edge, end, item.span[1])) >= 0]
        if not any(m.span[0] <= start and end <= m.span[1] for m in item.measures):
            yield max(before + 1, item.span[0]), min(after, default=item.span[1])


def _gaps(taken: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = start
    for left, right in taken:
        if left > at:
            yield at, min(left, end)
        at = max(at, right)
        if at >= end:
            return
    if at < end:
        yield at, end


def _invalid(extraction: Extraction) -> Iterator[_Raw]:
    text = extraction.notice.text
    for where, quote, span in grounded_values(to_data(extraction.items), "items"):
        if not valid(text, quote, span):
            yield "spans", where, f"原文该处不是 {quote[:20]}", span
