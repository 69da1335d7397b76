"""A file's bytes → ``Loaded``: the notice's text, and what had to be done to get it.

Format by content first, by the name's extension only where the content cannot tell (txt and md look alike). What each
format does is in ``bot.notices.formats``; what is cut from the text, whatever its format, in ``bot.notices.clean``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from bot.errors import EmptyInput, TooLarge
from bot.notices.clean import clean
from bot.notices.formats.html import looks_like_html, read_html
from bot.notices.formats.text import read_text
from bot.notices.offsets import OffsetMap
from bot.notices.raw import Raw, Table

__all__ = ["Loaded", "OffsetMap", "Table", "load"]

LIMIT_BYTES = 50 * 2**20
"""Default limit of a file's size. The longest notices are a few hundred kilobytes."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A notice's text and how it came about.

    ``format``: txt, md, html, mhtml, docx, pdf, ofd, doc …; ``encoding``: of the bytes; ``repairs``: short Chinese phrases;
    ``cut``: what was set apart, verbatim. ``tables``: spans into ``text``. ``offsets``: from ``text`` to the text as the
    format gave it, before cleaning.
    """

    text: str
    format: str
    encoding: str
    repairs: tuple[str, ...]
    cut: tuple[str, ...]
    tables: tuple[Table, ...]
    offsets: OffsetMap


def load(data: bytes, name: str, *, limit_bytes: int = LIMIT_BYTES) -> Loaded:
    """Read one file. ``name`` is only looked at for its extension.

    Raises an ``InputError`` that says in Chinese what is wrong with the file and what to do.
    """
    if len(data) > limit_bytes:
        size, limit = len(data) / 2**20, limit_bytes / 2**20
        raise TooLarge(f"文件有{size:.1f}MB，超过{limit:g}MB的上限。请拆分文件，或在设置中调高上限。")
    if not data.strip(b" \t\r\n\0"):
        raise EmptyInput("文件是空的，没有任何内容。请检查文件是否下载或保存完整。")
    raw = _read(data, PurePath(name).suffix.lower())
    cleaned = clean(raw.text)
    if not cleaned.text.strip():
        raise EmptyInput("文件中没有正文文字。请检查文件是否保存完整。")
    return Loaded(
        text=cleaned.text,
        format=raw.format,
        encoding=raw.encoding,
        repairs=raw.repairs + cleaned.repairs,
        cut=raw.cut + cleaned.cut,
        tables=tuple(_moved(table, cleaned.offsets) for table in raw.tables),
        offsets=cleaned.offsets,
    )


def _read(data: bytes, suffix: str) -> Raw:
    if looks_like_html(data, suffix):
        return read_html(data)
    return read_text(data)


def _moved(table: Table, offsets: OffsetMap) -> Table:
    rows = tuple(tuple(offsets.span_from_source(cell) for cell in row) for row in table.rows)
    return Table(rows, offsets.span_from_source(table.span))
