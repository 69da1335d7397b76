"""Word documents: paragraphs with their automatic numbers, tables, and what Word shows of tracked changes.

docx is read from its XML; the older .doc, .wps and .rtf go through LibreOffice (``bot.notices.formats.office``) first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.errors import NoTextLayer
from bot.notices.formats.archive import Archive, attribute, child, local
from bot.notices.formats.grid import Cell, Grid, assemble, lay_out
from bot.notices.formats.numbering import Numbering
from bot.notices.raw import Raw

_MARGINS = re.compile(r"word/(?:header|footer)\d*\.xml")
_UNPRINTED = frozenset({"pPr", "rPr", "del", "moveFrom", "Fallback", "rt", "instrText", "delText", "sectPr", "tcPr"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "br": "\n"}
_OFF = frozenset({"0", "false", "off"})


def read_docx(data: bytes) -> Raw:
    """The body of a docx; its page headers and footers are in ``cut``."""
    archive = Archive(data, "Word 文档")
    main = _main_part(archive)
    body = child(archive.xml(main), "body")
    if body is None:
        raise archive.damaged("没有正文部件")
    reader = _Reader(_styles(archive), _numbering(archive))
    text, tables = assemble(reader.blocks(body))
    if not text.strip() and any(name.startswith("word/media/") for name in archive.names):
        raise NoTextLayer(
            "Word 文档里只有图片，没有文字（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。"
        )
    return Raw(text, "docx", "utf-8", cut=tuple(_margins(archive)), tables=tables)


def _main_part(archive: Archive) -> str:
    """The name of the main document part, which only by habit is word/document.xml."""
    for relation in archive.xml("_rels/.rels") if "_rels/.rels" in archive else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _margins(archive: Archive) -> Iterator[str]:
    """Text of page headers and footers, each once; a page number alone is none."""
    seen: set[str] = set()
    for name in filter(_MARGINS.fullmatch, archive.names):
        reader = _Reader({}, Numbering())
        text = assemble(reader.blocks(archive.xml(name)))[0].strip()
        if text.strip("0123456789-—– 第页共/\n") and text not in seen:
            seen.add(text)
            yield text


# --- styles and lists -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style says of numbering. ``parent``: the style it is based on."""

    parent: str | None
    list_id: str | None
    depth: int | None


def _styles(archive: Archive) -> dict[str, _Style]:
    """Styles by id; the default paragraph style also under ''."""
    styles: dict[str, _Style] = {}
    for element in archive.xml("word/styles.xml") if "word/styles.xml" in archive else ():
        if local(element) != "style":
            continue
        parent = child(element, "basedOn")
        list_id, depth = _list_reference(child(element, "pPr"))
        style = _Style(attribute(parent, "val") if parent is not None else None, list_id, depth)
        styles[attribute(element, "styleId") or ""] = style
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true"}:
            styles[""] = style
    return styles


def _numbering(archive: Archive) -> Numbering:
    if "word/numbering.xml" not in archive:
        return Numbering()
    styles = _styles(archive)
    return Numbering.parse(
        archive.xml("word/numbering.xml"), {name: style.list_id for name, style in styles.items() if style.list_id}
    )


def _list_reference(properties: Any | None) -> tuple[str | None, int | None]:
    """``(list, level)`` of a paragraph's or a style's own numbering properties, None where they say nothing."""
    reference = child(properties, "numPr") if properties is not None else None
    if reference is None:
        return None, None
    values = {local(each): attribute(each, "val") or "" for each in reference}
    depth = values.get("ilvl", "")
    return values.get("numId"), int(depth) if re.fullmatch(r"\d", depth) else None


# --- body -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """Walks the body in order, because numbers are counted in order."""

    styles: dict[str, _Style]
    numbering: Numbering
    _boxes: list[Any] = field(default_factory=list)

    def blocks(self, parent: Any) -> Iterator[str | Grid]:
        """Paragraphs and tables below an element; content controls and the like are looked through."""
        for element in parent:
            name = local(element)
            if name == "p":
                yield self._paragraph(element)
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self._table(element)
            elif name not in _UNPRINTED:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> str:
        number = self._number(child(element, "pPr"))
        text = "".join(self._characters(element))
        return number + text if text.strip() else text

    def _number(self, properties: Any | None) -> str:
        style = child(properties, "pStyle") if properties is not None else None
        name = (attribute(style, "val") if style is not None else None) or ""
        list_id, depth = _list_reference(properties)
        if list_id is None:
            list_id, inherited = self._inherited(name)
            depth = inherited if depth is None else depth
        if list_id is None or list_id == "0":
            return ""
        return self.numbering.next_number(list_id, 0 if depth is None else depth)

    def _inherited(self, name: str) -> tuple[str | None, int | None]:
        """``(list, level)`` that a paragraph has from its style or the styles that it is based on."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            if style.list_id is not None:
                level = self.numbering.level_of_style(style.list_id, name) if style.depth is None else style.depth
                return style.list_id, level
            name = style.parent or ""
            if not name:
                break
        return None, None

    def _characters(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = local(element)
            if name == "t":
                yield element.text or ""
            elif name in _CHARACTERS:
                yield "" if attribute(element, "type") in {"page", "column"} else _CHARACTERS[name]
            elif name == "txbxContent":
                self._boxes.append(element)
            elif name not in _UNPRINTED and not (name == "r" and _is_hidden(element)):
                yield from self._characters(element)

    def _table(self, element: Any) -> Iterator[str | Grid]:
        """A grid; a frame of one column is so many paragraphs."""
        rows = [self._row(row) for row in _rows(element)]
        cells = _merged(rows)
        if max((sum(cell.across for cell in row) for row in cells), default=0) > 1:
            yield lay_out(cells)
        else:
            yield from (cell.text for row in cells for cell in row)

    def _row(self, row: Any) -> list[_WordCell]:
        skipped = child(row, "trPr", "gridBefore")
        before = _count(attribute(skipped, "val")) if skipped is not None else 0
        cells = [_WordCell("", before, "") for _ in range(min(before, 1))]
        return cells + [self._cell(cell) for cell in _looked_through(row, "tc")]

    def _cell(self, cell: Any) -> _WordCell:
        text = assemble(self.blocks(cell))[0].strip("\n")
        span, merge = child(cell, "tcPr", "gridSpan"), child(cell, "tcPr", "vMerge")
        across = _count(attribute(span, "val")) if span is not None else 1
        return _WordCell(text, max(1, across), "" if merge is None else attribute(merge, "val") or "continue")


@dataclass(frozen=True, slots=True)
class _WordCell:
    """``merge``: '', 'restart' (first of cells merged downwards) or 'continue'."""

    text: str
    across: int
    merge: str


def _is_hidden(run: Any) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish, "val") not in _OFF


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in _looked_through(table, "tr") if child(row, "trPr", "del") is None)


def _looked_through(parent: Any, wanted: str) -> Iterator[Any]:
    """Children of that name, also inside content controls."""
    for element in parent:
        if local(element) == wanted:
            yield element
        elif local(element) in {"sdt", "sdtContent", "customXml", "ins", "smartTag"}:
            yield from _looked_through(element, wanted)


def _count(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,3}", text) else 1


def _merged(rows: list[list[_WordCell]]) -> list[list[Cell]]:
    """Cells with how far down each reaches; the empty ones that Word keeps under a merged cell are gone."""
    columns = [_by_column(row) for row in rows]
    merged: list[list[Cell]] = []
    open_columns: set[int] = set()
    for placed, reach in zip(columns, _reach(columns), strict=True):
        printed = {column for column, cell in placed.items() if cell.merge != "continue" or column not in open_columns}
        merged.append([Cell(placed[column].text, reach[column], placed[column].across) for column in sorted(printed)])
        open_columns = {
            column
            for column, cell in placed.items()
            if cell.merge == "restart" or (cell.merge == "continue" and column in open_columns)
        }
    return merged


def _by_column(row: Iterable[_WordCell]) -> dict[int, _WordCell]:
    placed: dict[int, _WordCell] = {}
    column = 0
    for cell in row:
        placed[column] = cell
        column += cell.across
    return placed


def _reach(columns: list[dict[int, _WordCell]]) -> list[dict[int, int]]:
    """For each row and column, how many rows its cell covers: more than one where a merge begins."""
    reach: list[dict[int, int]] = []
    continued: dict[int, int] = {}
    for placed in reversed(columns):
        reach.append(
            {column: 1 + continued.get(column, 0) * (cell.merge == "restart") for column, cell in placed.items()}
        )
        continued = {
            column: 1 + continued.get(column, 0) for column, cell in placed.items() if cell.merge == "continue"
        }
    return reach[::-1]
