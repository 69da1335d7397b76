"""PDF with a text layer: characters with their places → reading order, tables, paragraphs.

pdfplumber gives the characters and the ruled tables; what follows is geometry (``bot.notices.formats.layout``). Scans,
which hold pictures only, are refused: recognising characters is another program's work.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from bot.errors import DamagedInput, EncryptedInput, NoTextLayer, TooLarge
from bot.notices.formats.grid import Cell, Grid, assemble, lay_out
from bot.notices.formats.layout import (
    Line,
    Piece,
    begins_paragraph,
    glued,
    is_full,
    to_lines,
    to_paragraphs,
    without_furniture,
)
from bot.notices.raw import Raw

_PAGES = 1000
_STREAM_BYTES = 64 * 2**20
_STREAM = re.compile(rb"stream\r?\n")
_RULES = range(4, 3000)
"""How many ruling lines a page with a table has; a drawing has more."""
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_TOLERANCE = 3.0
"""Points within which two rules are the same rule."""
_COLUMN_ROWS = 12
_PADDING = 0.75
"""The most white on either side of a cell's text, in characters: 0.19 cm in Word, next to nothing in a browser."""
Box = tuple[float, float, float, float]
"""``(left, top, right, bottom)`` in points from the page's upper left corner."""
_BROKEN = "PDF 文件已损坏，无法解析。请重新下载，或用阅读器打开后另存一份再试。"


@dataclass(frozen=True, slots=True)
class _TableBox:
    """A ruled table on a page; ``y``: its top."""

    y: float
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class _Page:
    """``characters``: how many the text layer has; ``pictures``: how many images the page shows."""

    lines: list[Line]
    tables: list[_TableBox]
    characters: int
    pictures: int


def read_pdf(data: bytes) -> Raw:
    """The printed text of all pages; page numbers and running heads are in ``cut``."""
    _refuse_bombs(data)
    pages = list(_pages(data))
    repairs = _refuse_scans(pages)
    lines, cut = without_furniture([page.lines for page in pages])
    blocks = _joined_tables([_in_order(kept, page.tables) for kept, page in zip(lines, pages, strict=True)])
    text, tables = assemble(to_paragraphs(blocks))
    lost = len(_UNMAPPED.findall(text))
    if lost * 10 > len(text):
        raise NoTextLayer("PDF 的字体没有文字对照表，取不出文字。请提供 Word 版，或先用文字识别（OCR）软件转换。")
    if lost:
        repairs = (*repairs, f"{lost}个字没有文字对照，以(cid:编号)代替")
    return Raw(text, "pdf", "utf-8", repairs, cut, tables)


def _refuse_bombs(data: bytes) -> None:
    """pdfminer inflates whatever it needs, without a limit: whether that is safe is found out here first.

    Pictures are left out: they are large, and never inflated for their text.
    """
    ends = [match.start() for match in re.finditer(b"endstream", data)]
    view, total = memoryview(data), 0
    for match in _STREAM.finditer(data):
        if b"/Image" in data[max(0, match.start() - 500) : match.start()].rpartition(b"obj")[2]:
            continue
        end = bisect_left(ends, match.end())
        stream = view[match.end() : ends[end] if end < len(ends) else len(data)]
        inflated = _inflated_size(stream)
        total += inflated
        if inflated > _STREAM_BYTES or total > 16 * _STREAM_BYTES:
            raise TooLarge(f"PDF 解压后超过{_STREAM_BYTES // 2**20}MB的上限，可能是恶意文件。请核对文件来源。")


def _inflated_size(stream: memoryview) -> int:
    """How large a deflated stream is, or a little more than the limit; 0 where it is not deflated (RFC 1950, 2.2)."""
    if len(stream) < 2 or stream[0] & 15 != 8 or (stream[0] * 256 + stream[1]) % 31:
        return 0
    try:
        return len(zlib.decompressobj().decompress(stream, _STREAM_BYTES + 1))
    except zlib.error:
        return 0


def _refuse_scans(pages: Sequence[_Page]) -> tuple[str, ...]:
    """Refuse a file without text; where only some pages are pictures, say which."""
    if sum(page.characters for page in pages) == 0:
        raise NoTextLayer("PDF 里没有文字层（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。")
    scanned = [str(number) for number, page in enumerate(pages, 1) if page.pictures and not page.characters]
    return (f"第{'、'.join(scanned)}页只有图片，没有可读的文字",) if scanned else ()


# --- pages ------------------------------------------------------------------------------------------------------------


def _pages(data: bytes) -> Iterator[_Page]:
    # A second of start-up that only PDF needs.
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    for name in ("pdfminer", "pdfplumber"):
        # Their warnings about odd fonts are not for whoever reads a notice.
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > _PAGES:
                raise TooLarge(f"PDF 有{len(pdf.pages)}页，超过{_PAGES}页的上限。请拆分后再试。")
            for page in pdf.pages:
                yield _page(page)
                page.close()
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect | PDFEncryptionError):
            raise EncryptedInput("PDF 已加密，需要密码才能打开。请解除密码保护后重新提供。") from error
        raise DamagedInput(_BROKEN) from error
    # What a broken file makes pdfminer stumble over; its parser checks little of what it reads.
    except (
        *(PSException, MalformedPDFException, LookupError, TypeError, ValueError, AttributeError, AssertionError),
        *(ArithmeticError, RecursionError, NotImplementedError, EOFError, OSError, struct.error, zlib.error),
    ) as error:
        raise DamagedInput(_BROKEN) from error


def _page(page: Any) -> _Page:
    chars = [_piece(char) for char in _printed(page.chars)]
    tables: list[_TableBox] = []
    if len(page.edges) in _RULES:
        for found in page.find_tables():
            table, chars = _table(found, chars)
            tables += [table] if table else []
    number, height = page.page_number - 1, float(page.height)
    lines = to_lines(_columns(_rows(chars), float(page.width)), number, height)
    return _Page(lines, tables, sum(not char["text"].isspace() for char in page.chars), len(page.images))


def _printed(chars: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The characters to be read, once each: slanted ones among upright ones are watermarks, double ones bold type."""
    slanted = [abs(char["matrix"][1]) > 0.1 * abs(char["matrix"][0]) for char in chars]
    mostly_upright = sum(slanted) * 5 < len(chars)
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    for char, is_slanted in zip(chars, slanted, strict=True):
        if mostly_upright and is_slanted:
            continue
        place = char["x0"], char["top"]
        reach = 0.15 * char["size"] or 1.0
        column, row = round(place[0] / reach), round(place[1] / reach)
        near = (seen.get((char["text"], column + x, row + y)) for x in (-1, 0, 1) for y in (-1, 0, 1))
        if not any(other and abs(other[0] - place[0]) < reach and abs(other[1] - place[1]) < reach for other in near):
            yield char
        seen[char["text"], column, row] = place


def _piece(char: dict[str, Any]) -> Piece:
    height = char["bottom"] - char["top"]
    return Piece(char["text"], char["x0"], char["x1"], (char["top"] + char["bottom"]) / 2, height or 1.0)


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Characters that stand at one height, left to right; small ones (digits, quotes) go with their neighbours."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if not rows or piece.y - rows[-1][0].y > 0.5 * max(piece.size, rows[-1][0].size):
            rows.append([])
        rows[-1].append(piece)
    return [_levelled(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _levelled(row: list[Piece]) -> list[Piece]:
    """All at the height and size of the row's largest characters, so that they make one line."""
    tallest = max(row, key=lambda piece: piece.size)
    return [replace(piece, y=tallest.y, size=tallest.size) for piece in row]


# --- two columns ------------------------------------------------------------------------------------------------------


def _columns(rows: list[list[Piece]], width: float) -> Iterator[Piece]:
    """The rows' characters in reading order: where a page is set in two columns, the left one first.

    The right column is moved over the left one, so that both have the same margins.
    """
    gutter = _gutter(rows, width)
    for across, block in groupby(rows, key=lambda row: gutter is None or _crosses(row, gutter)):
        pieces = [piece for row in block for piece in row]
        if across or gutter is None:
            yield from pieces
            continue
        left = [piece for piece in pieces if piece.left < gutter]
        right = [piece for piece in pieces if piece.left >= gutter]
        yield from left
        shift = min((p.left for p in right), default=0.0) - min((p.left for p in left), default=0.0)
        yield from (replace(piece, left=piece.left - shift, right=piece.right - shift) for piece in right)


def _gutter(rows: list[list[Piece]], width: float) -> float | None:
    """The middle of the white band down a page, if nearly all of its rows have text on both sides of it."""
    middles = sorted((left + right) / 2 for row in rows for left, right in _gaps(row))
    middles = [x for x in middles if 0.35 * width < x < 0.65 * width]
    if not middles:
        return None
    gutter = middles[len(middles) // 2]
    parted = sum(any(left < gutter < right for left, right in _gaps(row)) for row in rows)
    return gutter if parted >= max(_COLUMN_ROWS, 4 * sum(_crosses(row, gutter) for row in rows)) else None


def _gaps(row: list[Piece]) -> Iterator[tuple[float, float]]:
    """White stretches inside a row that are wider than a character."""
    for left, right in pairwise(row):
        if right.left - left.right > left.size:
            yield left.right, right.left


def _crosses(row: list[Piece], x: float) -> bool:
    straddles = row[0].left < x < row[-1].right
    return straddles and not any(left < x < right for left, right in _gaps(row))


# --- ruled tables -----------------------------------------------------------------------------------------------------


def _table(found: Any, pieces: list[Piece]) -> tuple[_TableBox | None, list[Piece]]:
    """A table out of its cells' boxes and the characters in them, and the characters that are left on the page."""
    lefts, tops = _rules(box[0] for box in found.cells), _rules(box[1] for box in found.cells)
    if len(lefts) < 2 or len(tops) < 2:
        return None, pieces
    contents, outside = _sorted_into(found.cells, pieces)
    rows: list[list[tuple[float, Cell]]] = [[] for _ in tops]
    for box, content in zip(found.cells, contents, strict=True):
        left, top, right, bottom = box
        row, column = _rule(tops, top), _rule(lefts, left)
        cell = Cell(
            _cell_text(content, left, right - left), _rule(tops, bottom) - row or 1, _rule(lefts, right) - column or 1
        )
        rows[row].append((left, cell))
    return _TableBox(
        found.bbox[1], [[cell for _, cell in sorted(row, key=lambda each: each[0])] for row in rows]
    ), outside


def _rules(positions: Iterable[float]) -> list[float]:
    """Distinct positions of rules, those within the tolerance taken as one."""
    rules: list[float] = []
    for position in sorted(positions):
        if not rules or position - rules[-1] > _TOLERANCE:
            rules.append(position)
    return rules


def _rule(rules: list[float], position: float) -> int:
    """Which rule a position is at (one behind the last is the table's far edge)."""
    return bisect_left(rules, position - _TOLERANCE)


def _sorted_into(boxes: Sequence[Box], pieces: list[Piece]) -> tuple[list[list[Piece]], list[Piece]]:
    contents: list[list[Piece]] = [[] for _ in boxes]
    outside: list[Piece] = []
    for piece in pieces:
        x = (piece.left + piece.right) / 2
        hits = (number for number, box in enumerate(boxes) if box[0] <= x < box[2] and box[1] <= piece.y < box[3])
        contents_of = next(hits, None)
        (outside if contents_of is None else contents[contents_of]).append(piece)
    return contents, outside


def _cell_text(pieces: list[Piece], left: float, width: float) -> str:
    """A cell's lines re-joined: one that leaves room for another word besides the padding ends a paragraph.

    The padding is what the longest line leaves on its left, within reason: centred words leave more.
    """
    lines = to_lines((piece for row in _rows(pieces) for piece in row), 0, 1.0)
    if not lines:
        return ""
    padding = 2 * max(0.0, min(min(line.left for line in lines) - left, _PADDING * lines[0].size))
    text = lines[0].text
    for above, line in pairwise(lines):
        full = is_full(above, line, above.left + width - padding, slack=0.2)
        text = glued(text, line.text) if full and not begins_paragraph(line.text) else f"{text}\n{line.text}"
    return text


def _in_order(lines: list[Line], tables: list[_TableBox]) -> list[Line | _TableBox]:
    """A page's lines with its tables between them where they stand."""
    waiting = sorted(tables, key=lambda table: -table.y)
    blocks: list[Line | _TableBox] = []
    for line in lines:
        while waiting and waiting[-1].y < line.y:
            blocks.append(waiting.pop())
        blocks.append(line)
    return [*blocks, *reversed(waiting)]


def _joined_tables(pages: list[list[Line | _TableBox]]) -> Iterator[Line | Grid]:
    """All blocks in order; a table that goes on at the top of the next page is one table."""
    table: list[list[Cell]] | None = None
    for blocks in pages:
        for number, block in enumerate(blocks):
            if isinstance(block, _TableBox) and table and number == 0 and _width(block.rows) == _width(table):
                table = _continued(table, block.rows)
                continue
            if table:
                yield lay_out(table)
            table = block.rows if isinstance(block, _TableBox) else None
            if isinstance(block, Line):
                yield block
    if table:
        yield lay_out(table)


def _width(rows: list[list[Cell]]) -> int:
    return max(sum(cell.across for cell in row) for row in rows)


def _continued(table: list[list[Cell]], more: list[list[Cell]]) -> list[list[Cell]]:
    """A table and its rest on the next page: a repeated header goes, a row that the page break cut is whole again."""
    if more[0] == table[0]:
        more = more[1:]
    if more and len(more[0]) == len(table[-1]) > 1 and not more[0][0].text:
        whole = [
            replace(cell, text=_rejoined(cell.text, rest.text)) for cell, rest in zip(table[-1], more[0], strict=True)
        ]
        return [*table[:-1], whole, *more[1:]]
    return [*table, *more]


def _rejoined(text: str, rest: str) -> str:
    return f"{text}\n{rest}" if text.endswith(("。", "；", ";")) and rest else text + rest
