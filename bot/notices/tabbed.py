"""Tables that were pasted into plain text: cells parted by tabs, a cell's own line breaks kept.

A header line names the columns, or each line names its own value (反馈问题⇥…). Lines that do neither stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.notices.fields import MEASURES, PROBLEM, RESULT, column_role
from bot.notices.plain import plain as to_plain
from bot.notices.raw import Table
from bot.records import Span

_SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[类部])"
)
_STATED = {MEASURES, RESULT}


def tabbed_tables(text: str) -> tuple[Table, ...]:
    """The tables of ``text``, in order; empty where no line has a tab."""
    if "\t" not in text:
        return ()
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        cells = _cells(text, lines[index])
        stop, rows = _headed(text, lines, index) if _is_header(text, cells) else _keyed(text, lines, index)
        if rows:
            tables.append(Table(tuple(rows), (rows[0][0][0], rows[-1][-1][1])))
        index = max(stop, index + 1)
    return tuple(tables)


def _cells(text: str, line: Span) -> list[Span]:
    start, end = line
    cells = []
    for field in text[start:end].split("\t"):
        cells.append((start, start + len(field)))
        start += len(field) + 1
    return cells


def _role(text: str, cell: Span) -> str | None:
    return column_role(to_plain(text[slice(*cell)])) if cell[1] - cell[0] <= 24 else None


def _is_header(text: str, cells: Sequence[Span]) -> bool:
    roles = {_role(text, cell) for cell in cells} if len(cells) > 2 else set()
    return PROBLEM in roles and bool(roles & _STATED)


def _headed(text: str, lines: Sequence[Span], index: int) -> tuple[int, list[tuple[Span, ...]]]:
    """A header and its rows; a row goes on over line breaks until it has all its cells."""
    rows = [_cells(text, lines[index])]
    width = len(rows[0])
    last = _last_tabbed(text, lines, index)
    for line in lines[index + 1 : last + 1]:
        cells = _cells(text, line)
        if len(cells) == 1 and _SECTION.match(text, *line):
            rows.append(cells)
        elif len(rows) > 1 and len(rows[-1]) > 1 and len(rows[-1]) + len(cells) - 1 <= width:
            joined = (rows[-1][-1][0], cells[0][1])
            rows[-1][-1:] = [joined, *cells[1:]]
        else:
            rows.append(cells)
    return last + 1, [tuple(row) for row in rows]


def _last_tabbed(text: str, lines: Sequence[Span], index: int) -> int:
    """The last line with a tab that is not further than a cell's own lines from the one before it."""
    last = index
    for position in range(index + 1, len(lines)):
        if "\t" in text[slice(*lines[position])]:
            last = position
        elif position - last > 12:
            break
    return last


def _keyed(text: str, lines: Sequence[Span], index: int) -> tuple[int, list[tuple[Span, ...]]]:
    """Lines that name their value, and the further lines of a value; ends where a blank line is followed by text."""
    rows: list[list[Span]] = []
    block = list(_block(text, lines, index))
    for line in block:
        cells = _cells(text, line)
        if len(cells) > 1:
            rows.append(cells)
        else:
            rows[-1][-1] = (rows[-1][-1][0], line[1])
    roles = {_role(text, cell) for row in rows for cell in row[:-1]}
    if PROBLEM not in roles or not roles & _STATED:
        return index + 1, []
    return index + len(block), [tuple(row) for row in rows]


def _block(text: str, lines: Sequence[Span], index: int) -> Iterator[Span]:
    for position in range(index, len(lines)):
        line = lines[position]
        cells = _cells(text, line)
        named = len(cells) > 1 and any(_role(text, cell) for cell in cells[:-1])
        blank = position > index and line[0] - lines[position - 1][1] > 1
        if not named and (position == index or blank or len(cells) > 1):
            return
        yield line
