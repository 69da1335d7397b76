"""What stands around a briefing: masthead with red line, signature, and the tail 报/送/发 with the number of copies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from docx import oxml
from docx.oxml.ns import qn

from bot.briefing.page import (
    BODY_FONT,
    CHAR,
    FOOTER_SIZE,
    LINE_PITCH,
    RED,
    TEXT_WIDTH,
    TITLE_FONT,
    add_paragraph,
    element,
)
from bot.ledger.table import width
from bot.settings import Masthead

_NAME_SIZE = 96
"""48 pt: the name of the briefing, smaller than a 发文机关标志 may be."""
_RED_LINE, _RED_SPACE = 18, 4
"""Thickness in eighths of a point, distance in points."""
TAIL_LINE = LINE_PITCH + 12
"""Height of a line of the tail with its rule."""
_TAIL_CHARS = (TEXT_WIDTH - 2 * FOOTER_SIZE * 10) // (FOOTER_SIZE * 10)
_TAB_RIGHT = TEXT_WIDTH - CHAR


def write_masthead(document: Any, head: Masthead, dated: str) -> None:
    """Name and issue centred, editing office left and date right one character in, a red line below."""
    name = add_paragraph(document)
    _set(name, align="center", line=1158, indent=0)
    run = name.add_run(head.name)
    _type(run, TITLE_FONT, _fitting(head.name), RED)
    if head.issue:
        issue = add_paragraph(document, head.issue)
        _set(issue, align="center", indent=0)
    line = add_paragraph(document)
    tabs = element("tabs")
    tabs.append(element("tab", val="right", pos=_TAB_RIGHT))
    line._p.get_or_add_pPr().append(tabs)
    _set(line, align="left", indent=0, left=CHAR)
    line.add_run(head.office)
    line.add_run("\t" + dated)
    _write_red_line(document)


def _write_red_line(document: Any) -> None:
    """Across the whole 版心, at the head of an empty line."""
    paragraph = add_paragraph(document)
    border = element("pBdr")
    border.append(element("top", val="single", sz=_RED_LINE, space=_RED_SPACE, color=RED))
    paragraph._p.get_or_add_pPr().append(border)
    # The line and its space come on top of the height: together with it they are one line of the grid.
    _set(paragraph, align="left", indent=0, line=LINE_PITCH - _RED_LINE * 20 // 8 - _RED_SPACE * 20)


def write_signature(document: Any, office: str, dated: str) -> None:
    """Below the text, right, two characters in; the date begins two characters right of the office (7.3.5)."""
    office_width, date_width = width(office) / 2, width(dated) / 2
    # Where the date is the longer line it is the one that stands two characters in.
    start = TEXT_WIDTH - round(CHAR * (2 + max(office_width, date_width + 2)))
    add_paragraph(document)
    for text, left in ((office, start), (dated, start + 2 * CHAR)):
        if text:
            _set(add_paragraph(document, text), align="left", indent=0, left=max(left, 0))


def write_tail(document: Any, head: Masthead, dated: str) -> None:
    """报, 送, 发 between rules at the foot of the last page, 4号仿宋, one character in; copies in the last line."""
    named = (("报", head.report_to), ("送", head.send_to), ("发", head.copy_to))
    shown = [f"{label}：{text}" for label, text in named if text]
    last = "\t".join(part for part in (head.office, f"共印{head.copies}份" if head.copies else dated) if part)
    anchor = add_paragraph(document)
    _set(anchor, align="left", indent=0, line=20)
    rows = [*shown, last]
    box, content = _box_at_the_foot(sum(_lines_of(text) for text in rows) * TAIL_LINE)
    content.append(_ruled(document, rows)._tbl)
    content.append(element("p"))
    anchor.add_run()._r.append(box)


def _ruled(document: Any, rows: Sequence[str]) -> Any:
    """The lines between rules, thick ones at the top and the bottom (7.4.1)."""
    table = document.add_table(rows=0, cols=1)
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    properties.append(element("tblW", w=TEXT_WIDTH, type="dxa"))
    rules = element("tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 6)):
        rules.append(element(side, val="single", sz=size, space=0, color="000000"))
    properties.append(rules)
    properties.append(element("tblLayout", type="fixed"))
    table._tbl.tblGrid[0].set(qn("w:w"), str(TEXT_WIDTH))
    for text in rows:
        cell = table.add_row().cells[0]
        cell.width = TEXT_WIDTH * 635
        paragraph = cell.paragraphs[0]
        tabs = element("tabs")
        tabs.append(element("tab", val="right", pos=TEXT_WIDTH - FOOTER_SIZE * 20))
        paragraph._p.get_or_add_pPr().append(tabs)
        # A second line begins below the names.
        hanging = 0 if "\t" in text else 2 * FOOTER_SIZE * 10
        _set(paragraph, align="left", indent=-hanging, left=FOOTER_SIZE * 10 + hanging, right=FOOTER_SIZE * 10)
        _type(paragraph.add_run(text), BODY_FONT, FOOTER_SIZE)
    return table


def _lines_of(text: str) -> int:
    return 1 if "\t" in text else math.ceil(width(text) / 2 / _TAIL_CHARS)


def _box_at_the_foot(height: int) -> tuple[Any, Any]:
    """A text box as wide as the 版心 at its foot (``height`` in twips), and where its content goes.

    LibreOffice 7.4 lets neither a frame nor a table float at the end of a document; a drawn box it puts where Word
    does.
    """
    box = oxml.parse_xml(_BOX.format(width=TEXT_WIDTH * 635, height=height * 635))
    return box, box.find(f".//{qn('w:txbxContent')}")


_BOX = """<mc:AlternateContent
  xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
  xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
  xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
  layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>
<wp:docPr id="9704" name="版记"/><wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>
<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr></wps:wsp>
</a:graphicData></a:graphic>
</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"""


def _fitting(name: str) -> int:
    """The size at which the name stands on one line, at most 48 pt."""
    return min(_NAME_SIZE, int(TEXT_WIDTH / 10 / max(len(name), 1)))


def _type(run: Any, font: str, size: int, color: str = "000000") -> None:
    properties = run._r.get_or_add_rPr()
    properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    properties.append(element("color", val=color))
    properties.append(element("sz", val=size))
    properties.append(element("szCs", val=size))


def _set(
    paragraph: Any, *, align: str, indent: int, left: int = 0, right: int = 0, line: int | None = None
) -> Any:  # fmt: skip
    """Spacing, indent (twips; ``indent``: of the first line) and alignment, in the schema's order; the properties."""
    properties = paragraph._p.get_or_add_pPr()
    if line is not None:
        properties.append(element("spacing", before=0, after=0, line=line, lineRule="exact"))
    first = {"hanging": -indent} if indent < 0 else {"firstLineChars": 0, "firstLine": indent}
    chars = {**first, "left": left, "right": right}
    properties.append(element("ind", **chars))
    properties.append(element("jc", val=align))
    return properties
