"""What a format reader hands over: text before cleaning, and where its tables lie in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.records import Span


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table. ``span`` and cells: offsets into the text that the table stands in.

    Rows are a grid: a merged cell repeats its span at every position that it covers, so that a column can be read down.
    """

    rows: tuple[tuple[Span, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's text as its format gives it, lines ended by ``\\n``; ``cut`` holds what the reader already set apart."""

    text: str
    format: str
    encoding: str
    repairs: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
