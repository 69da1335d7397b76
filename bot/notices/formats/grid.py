"""Tables as text: cells of a row parted by tabs, rows by line breaks, and a grid of spans: which cell is where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.notices.raw import Table
from bot.records import Span

_WIDEST = 64
"""Columns that are kept apart; a notice's table has five to ten, a file that declares thousands is an attack."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; ``down``, ``across``: rows and columns that it covers, at least 1."""

    text: str
    down: int = 1
    across: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows``: spans into ``text``, a merged cell's repeated wherever it covers."""

    text: str
    rows: tuple[tuple[Span, ...], ...]

    def at(self, offset: int) -> Table:
        """The table as it lies in a text in which this grid's text begins at ``offset``."""
        rows = tuple(tuple((start + offset, end + offset) for start, end in row) for row in self.rows)
        return Table(rows, (offset, offset + len(self.text)))


@dataclass(slots=True)
class _Covered:
    """What is left of a cell in the rows below the one it was printed in."""

    span: Span
    rows: int


def lay_out(rows: Iterable[Sequence[Cell]]) -> Grid:
    """Place the cells as they are printed, left to right, around those that reach down from rows above.

    A position that a merged cell covers is an empty field in the text, so that columns stay in line; at a row's end it
    is left out.
    """
    pieces: list[str] = []
    grid: list[tuple[Span, ...]] = []
    covered: dict[int, _Covered] = {}
    length = 0
    for cells in rows:
        fields, spans = _lay_out_row(cells, covered, length)
        line = "\t".join(fields).rstrip("\t") + "\n"
        pieces.append(line)
        length += len(line)
        grid.append(tuple(spans))
    text = "".join(pieces)[:-1]
    return Grid(text, tuple(_within(row, len(text)) for row in grid))


def assemble(blocks: Iterable[str | Grid]) -> tuple[str, tuple[Table, ...]]:
    """Paragraphs and tables one below the other: the text, and the tables as they lie in it."""
    pieces: list[str] = []
    tables: list[Table] = []
    length = 0
    for block in blocks:
        if isinstance(block, Grid):
            tables.append(block.at(length))
        pieces.append(block.text if isinstance(block, Grid) else block)
        length += len(pieces[-1]) + 1
    return "\n".join(pieces), tuple(tables)


def _lay_out_row(cells: Sequence[Cell], covered: dict[int, _Covered], offset: int) -> tuple[list[str], list[Span]]:
    fields: list[str] = []
    spans: list[Span] = []
    waiting = list(reversed(cells))
    while (waiting or len(spans) in covered) and len(spans) < _WIDEST:
        above = covered.get(len(spans))
        if above is not None:
            _use_up(covered, len(spans))
            fields.append("")
            spans.append(above.span)
            offset += 1
            continue
        cell = waiting.pop()
        span = (offset, offset + len(cell.text))
        for field in (cell.text, *[""] * (min(cell.across, _WIDEST) - 1)):
            if cell.down > 1:
                covered[len(spans)] = _Covered(span, cell.down - 1)
            fields.append(field)
            spans.append(span)
            offset += len(field) + 1
    return fields, spans


def _use_up(covered: dict[int, _Covered], column: int) -> None:
    covered[column].rows -= 1
    if covered[column].rows == 0:
        del covered[column]


def _within(row: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    """Empty cells at a row's end lose their field: their empty span must not point behind the text."""
    return tuple((min(start, length), min(end, length)) for start, end in row)
