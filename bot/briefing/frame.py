"""What stands around a briefing: masthead with red line, signature, and the tail 报/送/发 with the number of copies."""

from __future__ import annotations

from typing import Any

from bot.briefing.page import (
    BODY_FONT,
    CHAR,
    FOOTER_SIZE,
    LEFT,
    LINE_PITCH,
    RED,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    TITLE_FONT,
    TOP,
    element,
)
from bot.ledger.table import width
from bot.settings import Masthead

_NAME_SIZE = 96
"""48 pt: the name of the briefing, smaller than a 发文机关标志 may be."""
_TAB_RIGHT = TEXT_WIDTH - CHAR


def write_masthead(document: Any, head: Masthead, dated: str) -> None:
    """Name and issue centred, editing office left and date right one character in, a red line below."""
    name = document.add_paragraph()
    _set(name, align="center", line=1158, indent=0)
    run = name.add_run(head.name)
    _type(run, TITLE_FONT, _fitting(head.name), RED)
    if head.issue:
        issue = document.add_paragraph(head.issue)
        _set(issue, align="center", indent=0)
    line = document.add_paragraph()
    tabs = element("tabs")
    tabs.append(element("tab", val="right", pos=_TAB_RIGHT))
    line._p.get_or_add_pPr().append(tabs)
    _set(line, align="left", indent=0, left=CHAR)
    line.add_run(head.office)
    line.add_run("\t" + dated)
    _write_red_line(document)


def _write_red_line(document: Any) -> None:
    """Across the whole 版心, at the head of an empty line."""
    paragraph = document.add_paragraph()
    border = element("pBdr")
    border.append(element("top", val="single", sz=18, space=4, color=RED))
    paragraph._p.get_or_add_pPr().append(border)
    _set(paragraph, align="left", indent=0)


def write_signature(document: Any, office: str, dated: str) -> None:
    """Below the text, right, two characters in; the date begins two characters right of the office (7.3.5)."""
    office_width, date_width = width(office) / 2, width(dated) / 2
    # Where the date is the longer line it is the one that stands two characters in.
    start = TEXT_WIDTH - round(CHAR * (2 + max(office_width, date_width + 2)))
    document.add_paragraph()
    for text, left in ((office, start), (dated, start + 2 * CHAR)):
        if text:
            _set(document.add_paragraph(text), align="left", indent=0, left=max(left, 0))


def write_tail(document: Any, head: Masthead, dated: str) -> None:
    """报, 送, 发 between rules at the foot of the last page, 4号仿宋, one character in; copies in the last line."""
    lines = [
        (label, text) for label, text in (("报", head.report_to), ("送", head.send_to), ("发", head.copy_to)) if text
    ]
    shown = [f"{label}：{text}" for label, text in lines]
    last = "\t".join(part for part in (head.office, f"共印{head.copies}份" if head.copies else dated) if part)
    # A floating table hangs on the paragraph after it, and must not touch the table before it.
    document.add_paragraph()
    table = document.add_table(rows=0, cols=1)
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    # LibreOffice knows no alignment at the bottom: the place is worked out from the height of the lines.
    top = TOP + TEXT_HEIGHT - (len(shown) + 1) * (LINE_PITCH + 10)
    properties.append(element("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=LEFT, tblpY=top))
    properties.append(element("tblW", w=TEXT_WIDTH, type="dxa"))
    rules = element("tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 6)):
        rules.append(element(side, val="single", sz=size, space=0, color="000000"))
    properties.append(rules)
    for text in [*shown, last]:
        cell = table.add_row().cells[0]
        cell.width = TEXT_WIDTH * 635
        paragraph = cell.paragraphs[0]
        tabs = element("tabs")
        tabs.append(element("tab", val="right", pos=TEXT_WIDTH - FOOTER_SIZE * 20))
        paragraph._p.get_or_add_pPr().append(tabs)
        _set(paragraph, align="left", indent=0, left=FOOTER_SIZE * 10, right=FOOTER_SIZE * 10)
        _type(paragraph.add_run(text), BODY_FONT, FOOTER_SIZE)
    _set(document.add_paragraph(), align="left", indent=0, line=20)


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
    chars = {"firstLineChars": 0, "firstLine": indent, "left": left, "right": right}
    properties.append(element("ind", **chars))
    properties.append(element("jc", val=align))
    return properties
