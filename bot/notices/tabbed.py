"""Tables that were pasted into plain text: cells parted by tabs or strokes, or a cell a line.

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
_WIDEST = 12
"""Columns of the widest table that is pasted a cell a line."""
_NUMBER_NAME = re.compile(r"[ \t\u3000]*(?:序号|编号)[ \t\u3000]*")
_STACKED = re.compile(rf"^{_NUMBER_NAME.pattern}$", re.MULTILINE)
_PIPED = re.compile(r"[ \t\u3000]*[|｜](?P<cells>.*)[|｜][ \t\u3000]*")
_RULE = re.compile(r"[ \t]*[|｜](?:[ \t]*:?-+:?[ \t]*[|｜])+[ \t]*")


def tabbed_tables(text: str) -> tuple[Table, ...]:
    """The tables of ``text``, in order; empty where no line has a tab."""
    stacked = _STACKED.search(text) is not None
    if not stacked and not any(mark in text for mark in "\t|｜"):
        return ()
    lines = [match.span() for match in re.finditer(r"[^\n]+", text) if not _RULE.fullmatch(match.group())]
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        cells = _cells(text, lines[index])
        stop = index + 1
        rows: list[tuple[Span, ...]] = []
        if len(cells) > 1:
            stop, rows = _headed(text, lines, index) if _is_header(text, cells) else _keyed(text, lines, index)
        elif stacked and _NUMBER_NAME.fullmatch(text, *lines[index]):
            stop, rows = _stacked(text, lines, index)
        if rows:
            tables.append(Table(tuple(rows), (rows[0][0][0], rows[-1][-1][1])))
        index = max(stop, index + 1)
    return tuple(tables)


def _cells(text: str, line: Span) -> list[Span]:
    """The cells of a line: parted by tabs, or by upright strokes (which may also stand at its ends)."""
    start, end = line
    if "\t" not in text[start:end] and (piped := _PIPED.fullmatch(text, start, end)):
        start, end = piped.span("cells")
    mark = "\t" if text.find("\t", start, end) >= 0 else "|"
    cells = []
    for field in text[start:end].replace("｜", "|").split(mark):
        cells.append((start, start + len(field)))
        start += len(field) + 1
    return cells


def _stacked(text: str, lines: Sequence[Span], index: int) -> tuple[int, list[tuple[Span, ...]]]:
    """A table that was pasted a cell a line: the column names one below the other, then each row from its number on."""
    width = 1
    while width < _WIDEST and index + width < len(lines) and _role(text, lines[index + width]):
        width += 1
    header = lines[index : index + width]
    roles = [_role(text, cell) for cell in header]
    if width < 3 or PROBLEM not in roles or not _STATED & set(roles):
        return index + 1, []
    rows = [tuple(header)]
    position = index + width
    while position < len(lines) and _is_number(text, lines[position], len(rows)):
        stop = _row_end(text, lines, position, width, len(rows))
        rows.append(_row(lines[position:stop], roles))
        position = stop
    return (position, rows) if len(rows) > 1 else (index + 1, [])


def _is_number(text: str, line: Span, number: int) -> bool:
    return text[slice(*line)].strip().rstrip("、.．") == str(number)


def _row_end(text: str, lines: Sequence[Span], position: int, width: int, number: int) -> int:
    """A row has a line a cell, or more where the next number stands further down."""
    least = position + width
    for stop in range(least, min(least + 12, len(lines))):
        if _is_number(text, lines[stop], number + 1):
            return stop
    return min(least, len(lines))


def _row(lines: Sequence[Span], roles: Sequence[str | None]) -> tuple[Span, ...]:
    """Cells of the lines of a row; what there is too many goes to its measures."""
    spare = len(lines) - len(roles)
    wide = roles.index(MEASURES) if MEASURES in roles else len(roles) - 1
    cells = (
        [*lines[:wide], (lines[wide][0], lines[min(wide + max(spare, 0), len(lines) - 1)][1])]
        if spare > 0
        else [*lines]
    )
    return tuple([*cells, *lines[wide + spare + 1 :]] if spare > 0 else cells)


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
        if len(_cells(text, lines[position])) > 1:
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
