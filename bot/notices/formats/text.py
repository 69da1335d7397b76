"""Plain text and Markdown.

Markdown is read for what it prints: its marks go (with a map back to where everything stood), ordered numbers stay as
typed, because a notice's numbering is part of its text; pipe tables become tables.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.notices.decode import decode
from bot.notices.offsets import Edit, OffsetMap, edit, identity
from bot.notices.raw import Raw, Table
from bot.records import Span

_EMPHASIS = re.compile(r"(?<!\\)(\*\*\*|\*\*|(?<!\d)\*|~~|``|`)(?=\S)([^*`~\n]{1,1000}?)(?<=[^\s\\])\1")
_MARK = re.compile(
    r"(?P<heading>^ {0,3}#{1,6}[ \t]+|(?<=\S)[ \t]+#+[ \t]*$)"
    r"|(?P<rule>^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})(?:\n|\Z)|^=+[ \t]*(?:\n|\Z))"
    r"|(?P<fence>^(?:```|~~~)[^\n]*(?:\n|\Z))"
    r"|(?P<lead>^ {0,3}(?:>[ \t]?)+|^[ \t]*[-*+][ \t]+(?=\S))"
    r"|(?P<picture>!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1000}\)|<!--[^<>]{0,2000}-->)"
    r"|(?P<link>\[(?P<words>[^\[\]\n]{1,500})\]\((?:https?:|mailto:|[/.#]|[\w%-]{1,200}\.\w)[^()\s]{0,1000}\))"
    r"|(?P<tag></?(?:u|b|i|strong|em|center|font|span|div|p|sup|sub)\b[^<>\n]{0,200}>)"
    r"|(?P<escape>\\(?=[\\`*_{}\[\]()#+.!~>\"'$&<-]))"
    r"|(?P<break><br[ \t]{0,3}/?>)"
    r"|(?P<entity>&(?:nbsp|ensp|emsp|amp|lt|gt|quot|ldquo|rdquo|mdash|hellip|middot|#\d{1,6});)",
    re.MULTILINE,
)
_CELL_BREAK = "\x0b"
"""Stands for a line break inside a table's row until the rows are read; cleaning makes it a line break."""
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r":?-+:?")


def read_text(data: bytes) -> Raw:
    """A text file in whatever encoding it has."""
    decoded = decode(data)
    return Raw(decoded.text, "txt", decoded.encoding, decoded.repairs)


def read_markdown(data: bytes) -> Raw:
    """A Markdown file as it prints."""
    decoded = decode(data)
    text, offsets = decoded.text, identity(len(decoded.text))
    for edits in (_line_ends, _emphasis, _marks):
        text, step = edit(text, edits(text))
        offsets = step.after(offsets)
    rows = list(_pipe_tables(text))
    text, step = edit(text, _row_edits(text, rows))
    tables = tuple(_table(table, step) for table in rows)
    repairs = (*decoded.repairs, "去除Markdown标记") if text != decoded.text.replace("\r\n", "\n") else decoded.repairs
    return Raw(text, "md", decoded.encoding, repairs, tables=tables, offsets=step.after(offsets))


def _line_ends(text: str) -> Iterator[Edit]:
    for match in re.finditer(r"\r(?=\n)", text):
        yield match.start(), match.end(), ""


def _emphasis(text: str) -> Iterator[Edit]:
    """The marks around emphasised words and around the words of a link; a mark without its partner is text."""
    for match in _EMPHASIS.finditer(text):
        yield match.start(), match.start(2), ""
        yield match.end(2), match.end(), ""


def _marks(text: str) -> Iterator[Edit]:
    for match in _MARK.finditer(text):
        if match["link"] is not None:
            yield match.start(), match.start("words"), ""
            yield match.end("words"), match.end(), ""
        else:
            yield match.start(), match.end(), _printed(match)


def _printed(mark: re.Match[str]) -> str:
    if mark["break"]:
        return _CELL_BREAK
    return html.unescape(mark["entity"]) if mark["entity"] else ""


# --- pipe tables ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A table's row: its line in the text and the trimmed spans of its cells."""

    line: Span
    cells: tuple[Span, ...]


def _pipe_tables(text: str) -> Iterator[list[_Row]]:
    """Tables in order, without their delimiter rows: a row, a row of dashes, then every row that follows."""
    table: list[_Row] = []
    before: _Row | None = None
    for line in _lines(text):
        row = _row(text, line)
        if row is not None and before is not None and not table and _is_delimiter(text, row):
            table = [before]
        elif table and row is not None:
            table.append(row)
        elif table:
            yield table
            table = []
        before = row
    if table:
        yield table


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _row(text: str, line: Span) -> _Row | None:
    pipes = [match.start() for match in _PIPE.finditer(text, *line)]
    if not pipes:
        return None
    borders = [line[0] - 1, *pipes, line[1]]
    cells = [_trimmed(text, left + 1, right) for left, right in pairwise(borders)]
    if cells[0][0] == cells[0][1]:
        del cells[0]
    if cells and cells[-1][0] == cells[-1][1]:
        del cells[-1]
    return _Row(line, tuple(cells)) if cells else None


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " \t":
        start += 1
    while end > start and text[end - 1] in " \t":
        end -= 1
    return start, end


def _is_delimiter(text: str, row: _Row) -> bool:
    return all(_DELIMITER.fullmatch(text, start, end) for start, end in row.cells)


def _row_edits(text: str, tables: list[list[_Row]]) -> Iterator[Edit]:
    """Cells parted by tabs, the row of dashes gone, escaped pipes printed."""
    for table in tables:
        for number, row in enumerate(table):
            if number == 1:
                yield table[0].line[1], row.line[0], "\n"
            yield row.line[0], row.cells[0][0], ""
            for left, right in pairwise(row.cells):
                yield from _unescaped(text, left)
                yield left[1], right[0], "\t"
            yield from _unescaped(text, row.cells[-1])
            yield row.cells[-1][1], row.line[1], ""


def _unescaped(text: str, cell: Span) -> Iterator[Edit]:
    for match in re.compile(r"\\(?=\|)").finditer(text, *cell):
        yield match.start(), match.end(), ""


def _table(rows: list[_Row], step: OffsetMap) -> Table:
    cells = tuple(tuple(step.span_from_source(cell) for cell in row.cells) for row in rows)
    return Table(cells, step.span_from_source((rows[0].cells[0][0], rows[-1].cells[-1][1])))
