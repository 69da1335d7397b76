"""一页纸: figures and all that is overdue, told as fully as one page has lines for.

What is overdue is never left out; the rest is shortened step by step (``STEPS``) until the text fits: what the notices
say beyond the status goes before the names of unfinished items do. Where even the shortest does not fit, because too
much is overdue, it runs over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Literal

from bot.briefing.draft import Count, Draft, Evidence, Part, Quote, listed
from bot.briefing.groups import REST, Group
from bot.briefing.layout import ranges
from bot.briefing.overview import details, differing, lead, undeclared
from bot.briefing.state import by_urgency, named, overdue
from bot.briefing.unfinished import open_sentence, unfinished_sentence
from bot.ledger.common import CommonTheme
from bot.records import Briefing, Notice
from bot.settings import Masthead
from vectorstore.catalogue import LedgerRow

LINES = 22
"""Lines of a page (GB/T 9704-2012, 5.2.3)."""
_PER_LINE = 27.0
"""Characters of a line, less what is lost where a mark may not begin the next one."""
_PER_QUOTED_LINE = 26.0
"""The same where many short quotations stand one after the other: “甲”“乙” breaks nowhere within its marks."""
_TITLE_PER_LINE = 20
LONG_NAME = 16
"""Characters: a longer heading is called by its first clause."""
_AROUND = 3
"""Lines below the title, before and for the note 附件：数据来源."""
_REFERENCE = 0.35
"""Width of a raised digit in characters."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much is told. ``late``: characters of an overdue problem, None for a sentence of its own with its status;
    ``names``, ``size``: how many other unfinished problems, and characters of each; ``common``: 共性问题 are named;
    ``details``: what the notices say beyond the status; ``brief``: lead words and advice are short."""

    groups: int
    names: int
    size: int
    late: int | None
    common: bool = True
    details: bool = True
    brief: bool = False


_TIGHT = (
    (6, 8, 20),
    (6, 6, 18),
    (5, 4, 18),
    (4, 3, 18),
    (3, 3, 16),
    (3, 2, 16),
    (3, 1, 14),
    (3, 0, 14),
    (2, 0, 12),
    (2, 0, 10),
)
STEPS = (
    Room(8, 200, 30, None), Room(8, 40, 24, None), Room(8, 20, 22, None), Room(8, 14, 20, None), Room(8, 10, 20, None),
    Room(8, 7, 18, None), Room(7, 5, 18, None), Room(6, 4, 18, None), Room(6, 3, 18, 30), Room(6, 3, 16, 22),
    Room(6, 3, 16, 20, common=False), Room(5, 3, 16, 18, common=False), Room(5, 3, 16, 18, common=False, details=False),
    *(Room(groups, names, 16, late, common=False, details=False, brief=True) for groups, names, late in _TIGHT),
)  # fmt: skip


def write_one_page(
    title: str,
    rows: Sequence[LedgerRow],
    notices: Mapping[str, Notice],
    groups: Sequence[Group],
    shared: Sequence[CommonTheme],
    *,
    lines: int,
    whole: bool,
) -> Draft:
    """The fullest text that fits so many lines, else the shortest."""
    draft = Draft(title)
    for room in STEPS:
        draft = Draft(title)
        _write_figures(draft, rows, notices, shared if room.common else (), whole=whole, room=room)
        _write_group_figures(draft, groups, room.groups)
        _write_unfinished(draft, rows, notices, room)
        _write_next(draft, rows, notices, brief=room.brief)
        if lines_of(draft.finish(rows)) <= lines:
            break
    return draft


def lines_left(style: Literal["简报", "报告"], masthead: Masthead | None = None) -> int:
    """Lines that the first page has for title, text and the note of the annex beside masthead or signature."""
    head = masthead or Masthead()
    if style == "简报":
        return LINES - (4 + bool(head.issue) if head.name else 0)
    return LINES - (3 if head.office else 0)


def lines_of(briefing: Briefing) -> int:
    """Lines that the text takes where headings stand at the head of their paragraph, with title and note."""
    total = math.ceil(_width(briefing.title) / _TITLE_PER_LINE) + _AROUND
    text = [section for section in briefing.sections if not section.heading.startswith("附件")]
    for section in text:
        for place, paragraph in enumerate(section.paragraphs):
            head = 0 if place else _width(section.heading) + 1
            marks = sum(len(f"[{low}—{high}]") for low, high in ranges(paragraph.citations))
            size = 2 + head + _width(paragraph.text) + marks * _REFERENCE
            total += math.ceil(size / (_PER_QUOTED_LINE if paragraph.text.count("“") > 2 else _PER_LINE))
    return total


def _width(text: str) -> float:
    """Characters of body type that a text takes: Chinese and its marks one, Latin letters and digits a half; a number
    stands a little off the Chinese around it."""
    numbers = len(re.findall(r"[!-~]+", text))
    return sum(1.0 if ord(char) > 0x2000 else 0.55 for char in text) + numbers * 0.4


def _write_figures(
    draft: Draft,
    rows: Sequence[LedgerRow],
    notices: Mapping[str, Notice],
    shared: Sequence[CommonTheme],
    *,
    whole: bool,
    room: Room,
) -> None:
    draft.section("一、总体情况", 1)
    said = details(rows, notices, late=False) if room.details else []
    parts: list[Part] = [*lead(rows), "（以通报成文时的表述为准）。", *([*said, "。"] if said else [])]
    if shared:
        parts += [f"多份通报都有反映的是{'、'.join(theme.name for theme in shared[:4])}等方面。"]
    draft.write(*parts, *(_differences(rows, notices, brief=room.brief) if whole else []))


def _differences(rows: Sequence[LedgerRow], notices: Mapping[str, Notice], *, brief: bool) -> list[Part]:
    """The notice whose own figure differs, or how many there are (``brief``: of one too)."""
    found = differing(rows, notices)
    if brief and found and len({row.notice_id for row in rows}) == 1:
        ((members, own),) = found
        quoted = Quote(members[0], own.text, own.span, figure=(own.value, own.unit))
        return ["通报自述", quoted, "，与逐条列出的不一致，使用时请核对。"]
    if len(found) > 1 or (found and brief):
        proofs = [Evidence(members[0], said.text, said.span) for members, said in found]
        every = tuple(row for members, _ in found for row in members)
        return ["另有", Count(every, "份"), "通报自述的问题数与逐条列出的不一致，使用时请核对。", *proofs]
    return undeclared(*found[0], notices) if found else []


def _write_group_figures(draft: Draft, groups: Sequence[Group], most: int) -> None:
    """The largest headings with their figures, the rest in one."""
    draft.section("二、分类情况", 1)
    largest = sorted(groups, key=lambda group: (group.name == REST, -len(group.rows)))
    if len(largest) == most + 1 and largest[-1].name == REST:
        most += 1
    names = _short_names([group.name for group in groups])
    phrases: list[list[Part]] = [[names[group.name], Count(group.rows)] for group in largest[:most]]
    rest = tuple(row for group in largest[most:] for row in group.rows)
    if rest:
        phrases.append(["其余各类", Count(rest)])
    mark = "；" if any("，" in names[group.name] or "、" in names[group.name] for group in largest[:most]) else "、"
    draft.write(*listed(phrases, mark=mark), "。")


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """Long headings by their first clause, where that tells them apart."""
    first = {name: re.split("[，,；;：:]", name)[0] if len(name) > LONG_NAME else name for name in names}
    return {name: first[name] if [*first.values()].count(first[name]) == 1 else name for name in names}


def _write_unfinished(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice], room: Room) -> None:
    """All that is overdue, then the others by name as far as there is room; all of them are cited."""
    draft.section("三、未完成事项与困难", 1)
    open_rows = by_urgency(rows, notices)
    late = [row for row in open_rows if overdue(row, notices)]
    others = [row for row in open_rows if row not in late]
    parts: list[Part] = unfinished_sentence(open_rows, notices, brief=room.brief)
    if room.late is not None and late:
        parts[-1] = "："
        parts += [*listed([[named(row, room.late)] for row in late]), "。"]
    parts += _by_name(others, room)
    draft.write(*parts)
    for row in late if room.late is None else ():
        draft.write(*open_sentence(row, notices, size=40))


def _by_name(rows: Sequence[LedgerRow], room: Room) -> list[Part]:
    parts: list[Part] = []
    for value, label in (("ongoing", "推进中的"), ("long_term", "需长期坚持的")):
        members = [row for row in rows if row.item.status.value == value]
        named_ones = _spread(members)[: room.names]
        if named_ones:
            more = len(members) > len(named_ones)
            phrases: list[list[Part]] = [[named(row, room.size)] for row in named_ones]
            parts += [label, "有" if not more else "主要有", "：", *listed(phrases), "等。" if more else "。"]
    return [*parts, *(Evidence(row, row.item.problem.text, row.item.problem.span) for row in rows)]


def _spread(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """The rows in turn from each notice, so that the first ones are not all of the same."""
    by_notice: dict[str, list[LedgerRow]] = {}
    for row in rows:
        by_notice.setdefault(row.notice_id, []).append(row)
    return [row for row in chain.from_iterable(zip_longest(*by_notice.values())) if row is not None]


def _write_next(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice], *, brief: bool) -> None:
    """Advice in one sentence. ``brief``: on what is unfinished alone, where anything is."""
    draft.section("四、下一步", 1)
    going = tuple(row for row in rows if row.item.status.value == "ongoing")
    late = tuple(row for row in going if overdue(row, notices))
    silent = tuple(row for row in rows if row.item.status.value == "not_stated")
    done = tuple(row for row in rows if row.item.status.value == "completed")
    wanted: list[tuple[str, tuple[LedgerRow, ...], str]] = [
        ("对进度滞后或者超期的", late, "问题重点督办"), ("对推进中的", going, "问题跟踪调度"),
        ("请责任单位补报未说明整改结果的", silent, "问题的进展"), ("对已完成的", done, "问题适时“回头看”"),
    ]  # fmt: skip
    said: list[list[Part]] = [[words, Count(found), what] for words, found, what in wanted if found]
    said = said[: 1 + bool(late)] if brief and going else said
    draft.write("建议", *(listed(said, mark="，") if said else ["继续巩固整改成果"]), "。")
