"""二、分类情况: under each heading its figures, then its items with problem, measures and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.briefing.draft import ELLIPSIS, Count, Draft, Part, Quote, listed, trimmed
from bot.briefing.groups import Group
from bot.briefing.state import (
    bare,
    key_sentences,
    named,
    source_sentence,
    states,
    status_sentence,
    unfinished,
)
from bot.records import Notice
from vectorstore.catalogue import LedgerRow

_NUMERALS = "一二三四五六七八九十"
HEADING = 40
"""Characters of a heading; a longer problem is named by its beginning and quoted whole below."""


def write_groups(draft: Draft, groups: Sequence[Group], notices: Mapping[str, Notice], *, every: bool) -> None:
    """A section for each group. ``every``: all items at length, else the main ones, the rest by name."""
    draft.section("二、分类情况", 1)
    main = None if every else main_items(groups)
    for number, group in enumerate(groups, 1):
        _write_group(draft, number, group, notices, main)


def numeral(number: int) -> str:
    """一, 十, 十一, 二十, 二十三: up to 99."""
    if number <= 10:
        return _NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + (_NUMERALS[ones - 1] if ones else "")


def main_items(groups: Sequence[Group]) -> frozenset[str]:
    """Ids of all unfinished items, and of the one of which most is told under each heading and in each category of a
    notice that would otherwise have none."""
    chosen = {row.item.id for group in groups for row in group.rows if unfinished(row)}
    families: dict[tuple[str, str], list[LedgerRow]] = {}
    for group in groups:
        families[("", group.name)] = list(group.rows)
        for row in group.rows:
            if row.item.category:
                families.setdefault((row.notice_id, row.item.category.text), []).append(row)
    for rows in families.values():
        if not any(row.item.id in chosen for row in rows):
            chosen.add(max(rows, key=_told).item.id)
    return frozenset(chosen)


def _told(row: LedgerRow) -> tuple[bool, int]:
    return row.item.status.value == "completed", sum(m.verifiable.value for m in row.item.measures)


def _write_group(
    draft: Draft, number: int, group: Group, notices: Mapping[str, Notice], main: frozenset[str] | None
) -> None:
    """One heading: its figures, then its items. ``main``: the ids told at length, the rest by name; None for all."""
    draft.section(f"（{numeral(number)}）{group.name}", 2)
    draft.write("共", Count(group.rows), "问题，", *states(group.rows), "。")
    chosen = [row for row in group.rows if main is None or row.item.id in main]
    for place, row in enumerate(chosen, 1):
        _write_item(draft, place, row, notices, whole=main is None)
    rest = [row for row in group.rows if main is not None and row.item.id not in main]
    if rest:
        draft.section(f"{len(chosen) + 1}.其他问题", 3)
        _write_rest(draft, rest)


def _write_item(draft: Draft, place: int, row: LedgerRow, notices: Mapping[str, Notice], *, whole: bool) -> None:
    """Problem (as heading, and quoted where the heading is only its beginning), measures (quoted), status, source."""
    item = row.item
    problem = bare(item.problem.text)
    heading = named(row, HEADING).words()
    first = heading.removesuffix(ELLIPSIS)
    draft.section(f"{place}.{first if problem.startswith(f'{first}。') else heading}", 3)
    if heading != problem:
        draft.write("反馈问题：", Quote(row, item.problem.text, item.problem.span, problem), "。")
    told = [trimmed(m.text, m.span) for m in item.measures] if whole else key_sentences(item)
    quotes = [Quote(row, text, span) for text, span in told]
    if quotes:
        draft.write("整改措施：" if whole else "主要措施：")
    else:
        draft.write("通报未列出整改措施。")
    for quote in quotes:
        draft.quote(quote)
    shown = [quote.words() for quote in quotes]
    draft.write(*status_sentence(row, shown=shown), *source_sentence(row, notices))


def _write_rest(draft: Draft, rows: Sequence[LedgerRow]) -> None:
    for value, lead in (("completed", "已完成的还有"), ("not_stated", "通报未说明整改结果的还有")):
        members = tuple(row for row in rows if row.item.status.value == value)
        if members:
            quoted: list[list[Part]] = [[named(row)] for row in members]
            draft.write(lead, Count(members), "：", *listed(quoted, mark="；"), "。")
