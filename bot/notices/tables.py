"""Items in tables: a header row names what the columns hold, or a first column names what the rows hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.notices.drafts import Draft, filled, trim
from bot.notices.fields import MEASURES, NOTE, PROBLEM, RESULT, column_role
from bot.notices.numerals import CHINESE
from bot.notices.outline import Outline
from bot.notices.parts import STATE, Parts, from_parts
from bot.notices.raw import Table
from bot.records import Span

_NUMBERED = re.compile(
    rf"(?:\(?(?P<numeral>[{CHINESE}]{{1,4}}|\d{{1,3}})(?P<close>\))?[、. ]*|第(?P<part>[{CHINESE}]+)(?:类"
    rf"|部分)[、: ]*)(?=[^\d\s])"
)
_NUMBER = re.compile(
    r"(?:第|问题|任务|事项|整改任务|反馈问题)? ?(?P<number>[\d.\-]{1,6}|[一二三四五六七八九十]{1,4})(?:项|个|条)?"
)
_CLASS = re.compile(r"(?:问题|整改|任务)?(?:类别|分类|类型|领域|方面)")
_NAMED = re.compile(r"(?:反馈|整改|具体)?(?:问题|任务|事项) ?(?P<number>\d{1,3}|[一二三四五六七八九十]{1,4})")


@dataclass(slots=True)
class _Row:
    """One item of a table while its rows are read."""

    label: str
    start: int
    end: int
    problem: Span
    category: Span | None
    number: str | None
    cells: dict[str, list[Span]] = field(default_factory=dict)


def table_items(outline: Outline, tables: Sequence[Table]) -> list[Draft]:
    """The items of all tables that have a problem column and a column of measures or results."""
    drafts: list[Draft] = []
    for table in tables:
        heading = outline.at(table.span[0])
        prefix = outline.label(heading) if heading >= 0 else ""
        rows = _headed(outline.plain, table, prefix) or _keyed(outline.plain, table, prefix)
        drafts += [_draft(outline.plain, row) for row in rows]
    return drafts


def _draft(plain: str, row: _Row) -> Draft:
    spans = {role: filled(plain, cells) for role, cells in row.cells.items()}
    told = spans.get(MEASURES, ())
    states = tuple(span for span in told if STATE.fullmatch(plain, *span))
    if 0 < len(states) < len(told):  # a column 进展 that only says 已完成, beside one of measures
        spans[MEASURES] = tuple(span for span in told if span not in states)
        spans[RESULT] = (*spans.get(RESULT, ()), *states)
    return from_parts(
        plain, row.label, row.start, row.end, Parts(trim(plain, *row.problem), spans), row.category, row.number
    )


def _headed(plain: str, table: Table, prefix: str) -> list[_Row]:
    header = next(
        ((i, roles) for i, cells in enumerate(table.rows[:6]) if _is_header(roles := _roles(plain, cells))), None
    )
    if header is None:
        return []
    first, roles = header
    first, roles = _second_header(plain, table, first, roles)
    classes = next((i for i, cell in enumerate(table.rows[first]) if _CLASS.fullmatch(plain[slice(*cell)].strip())), -1)
    rows: list[_Row] = []
    category: Span | None = None
    number: str | None = None
    for cells in table.rows[first + 1 :]:
        if len(set(cells)) == 1 or _only_first(plain, cells):
            category, number = _category(plain, cells[0])
        elif _roles(plain, cells) != roles:
            if 0 <= classes < len(cells) and plain[slice(*cells[classes])].strip():
                category, number = _category(plain, cells[classes])
            _add(plain, rows, cells, roles, "/".join(part for part in (prefix, number) if part), category, number)
    return rows


def _second_header(plain: str, table: Table, first: int, roles: list[str | None]) -> tuple[int, list[str | None]]:
    """A header of two lines (责任分工 over 牵头单位 and 完成时限): the lower words count where they say something."""
    if first + 1 < len(table.rows):
        lower = table.rows[first + 1]
        if any(cell in table.rows[first] for cell in lower) and _is_header(_roles(plain, lower)):
            return first + 1, _roles(plain, lower)
    return first, roles


def _roles(plain: str, cells: Sequence[Span]) -> list[str | None]:
    return [column_role(plain[slice(*cell)]) for cell in cells]


def _is_header(roles: Sequence[str | None]) -> bool:
    return PROBLEM in roles and (MEASURES in roles or RESULT in roles)


def _only_first(plain: str, cells: Sequence[Span]) -> bool:
    return (
        len(cells) > 2
        and bool(plain[slice(*cells[0])].strip())
        and not any(plain[slice(*cell)].strip() for cell in cells[1:])
    )


def _category(plain: str, cell: Span) -> tuple[Span, str | None]:
    start, end = trim(plain, *cell)
    match = _NUMBERED.match(plain, start, end)
    if not match:
        return (start, end), None
    numeral = match["numeral"] or match["part"]
    return (match.end(), end), f"({numeral})" if match["close"] else numeral


def _add(
    plain: str,
    rows: list[_Row],
    cells: Sequence[Span],
    roles: Sequence[str | None],
    prefix: str,
    category: Span | None,
    number: str | None,
) -> None:
    """A row: an item of its own, or more cells of the item whose problem cell it shares."""
    problem = next((cell for cell, role in zip(cells, roles, strict=False) if role == PROBLEM), (0, 0))
    blank = not plain[slice(*problem)].strip()
    if blank and not rows:
        return
    reached = rows[-1].end if rows else -1
    own = [cell for cell in cells if cell[0] >= reached and cell != category] or cells
    start, end = min(cell[0] for cell in own), max(cell[1] for cell in own)
    if not blank and (not rows or rows[-1].problem != problem):
        printed = _printed_number(plain, cells, roles) or str(len(rows) + 1)
        rows.append(_Row(f"{prefix}/{printed}" if prefix else printed, start, end, problem, category, number))
    row = rows[-1]
    row.end = max(row.end, end)
    for cell, role in zip(cells, roles, strict=False):
        if role and role != PROBLEM and cell not in row.cells.setdefault(role, []):
            row.cells[role].append(cell)


def _printed_number(plain: str, cells: Sequence[Span], roles: Sequence[str | None]) -> str | None:
    for cell, role in zip(cells, roles, strict=False):
        words = plain[slice(*cell)].strip()
        match = _NUMBER.fullmatch(words) if role in (NOTE, None) else None
        if match:
            return match["number"]
    return None


def _keyed(plain: str, table: Table, prefix: str) -> list[_Row]:
    """A form: the first column names, the second holds; a new problem row begins a new item."""
    rows: list[_Row] = []
    numbered: tuple[str, int] | None = None
    for cells in table.rows:
        for index, value in enumerate(cells[1:]):
            name = plain[slice(*cells[index])].strip()
            named = _NAMED.fullmatch(name)
            role = PROBLEM if named else column_role(name)
            words = plain[slice(*value)].strip()
            if not role or value == cells[index] or not words:
                continue
            if role == NOTE and (number := _NUMBER.fullmatch(words)):
                numbered = number["number"], cells[0][0]
            elif role == PROBLEM:
                printed, start = numbered or (named["number"] if named else str(len(rows) + 1), cells[0][0])
                numbered = None
                rows.append(_Row(f"{prefix}/{printed}" if prefix else printed, start, value[1], value, None, None))
            elif rows:
                rows[-1].cells.setdefault(role, []).append(value)
                rows[-1].end = max(rows[-1].end, value[1])
    return [row for row in rows if MEASURES in row.cells or RESULT in row.cells]
