"""What a format reader hands over: text before cleaning, and where its tables lie in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.notices.offsets import OffsetMap
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
    """A file's text as its format's reader gives it; ``cut`` holds what the reader already set apart.

    ``offsets``: from ``text`` to the decoded text where the reader dropped marks of the format (Markdown), else None.
    """

    text: str
    format: str
    encoding: str
    repairs: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    offsets: OffsetMap | None = None
