"""The page of a Chinese official document (GB/T 9704-2012) in WordprocessingML: paper, grid, fonts, page number.

Lengths in twips (1/20 pt) unless said otherwise; sizes of type in half-points, as the format has them. The numbers in
docstrings are the standard's clauses. Knows nothing of briefings.
"""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import oxml_parser
from docx.text.paragraph import Paragraph

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
"""A4, 210 mm × 297 mm (5.1)."""
TOP, LEFT, RIGHT, BOTTOM = 2098, 1587, 1474, 1984
"""37, 28, 26 and 35 mm: 版心 156 mm × 225 mm (5.2.1)."""
TEXT_WIDTH, TEXT_HEIGHT = PAGE_WIDTH - LEFT - RIGHT, PAGE_HEIGHT - TOP - BOTTOM
LINE_PITCH = TEXT_HEIGHT // 22
"""22 lines fill the 版心 (5.2.3): 579, 28.95 pt; 580 would leave room for 21."""
BODY_SIZE, TITLE_SIZE, FOOTER_SIZE, TABLE_SIZE = 32, 44, 28, 24
"""3号, 2号, 4号, 小四."""
CHAR_SPACE = (TEXT_WIDTH * 4096 // (28 * 20)) - BODY_SIZE // 2 * 4096
"""28 characters fill a line (5.2.3): what the pitch, about 15.79 pt, differs from the type size, in 1/4096 pt."""
TIGHTER = -5
"""Letter spacing of body type: 28 characters of 16 pt fit a line of 442.25 pt."""
FOOTER_DISTANCE = 1409
"""From the paper's edge to the footer, so that the dashes stand 7 mm below the 版心 (7.5)."""
CHAR = 320
"""The width of a character of body type."""
RED = "FF0000"

TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT, NUMBER_FONT = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体",
)  # fmt: skip
FALLBACKS = {
    TITLE_FONT: "小标宋,华文中宋,宋体", BODY_FONT: "仿宋,华文仿宋,FangSong", HEAD_FONT: "SimHei",
    SUBHEAD_FONT: "楷体,华文楷体,KaiTi", NUMBER_FONT: "SimSun",
}  # fmt: skip
"""Which fonts stand in where one is not installed (w:altName)."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

QUOTED, QUOTED_ID = "原文引用", "Quoted"
"""The character style of quoted words, by which they can be told (and shown) apart; it changes nothing in print."""
_TYPE = {
    "Normal": (BODY_FONT, BODY_SIZE),
    "Title": (TITLE_FONT, TITLE_SIZE),
    "Heading 1": (HEAD_FONT, BODY_SIZE),
    "Heading 2": (SUBHEAD_FONT, BODY_SIZE),
    "Heading 3": (BODY_FONT, BODY_SIZE),
    "Heading 4": (BODY_FONT, BODY_SIZE),
    "Footer": (NUMBER_FONT, FOOTER_SIZE),
}
"""Font and size of each style (7.3.3)."""


_PARAGRAPH = (
    "pStyle", "keepNext", "pageBreakBefore", "widowControl", "pBdr", "tabs", "autoSpaceDE", "autoSpaceDN", "snapToGrid",
    "spacing", "ind", "jc", "outlineLvl", "rPr",
)  # fmt: skip
_RUN = ("rStyle", "rFonts", "b", "color", "kern", "sz", "szCs", "vertAlign", "lang")
_ORDER = {qn(f"w:{name}"): rank for names in (_PARAGRAPH, _RUN) for rank, name in enumerate(names)}
"""In which order the schema has the properties that are used here."""


def new_document(title: str) -> Any:
    """An empty document with the page, the styles and the page numbers of the standard."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    _set_page(document)
    _set_styles(document)
    _set_fonts(document)
    _set_footers(document)
    return document


@cache
def w(name: str) -> str:
    """A name of WordprocessingML with its namespace."""
    return qn(f"w:{name}")


def element(tag: str, **attributes: object) -> Any:
    """A WordprocessingML element; attribute names without their prefix, underscores as they are."""
    made = oxml_parser.makeelement(w(tag))
    for name, value in attributes.items():
        made.set(w(name), str(value))
    return made


def add_paragraph(document: Any, text: str = "", style: str = "") -> Paragraph:
    """A paragraph at the end of the body. python-docx walks the whole body for each new one."""
    made = element("p")
    if style:
        properties = element("pPr")
        properties.append(element("pStyle", val=style.replace(" ", "")))
        made.append(properties)
    document.element.body[-1].addprevious(made)
    if text:
        add_run(made, text)
    return Paragraph(made, document._body)


def add_run(parent: Any, text: str, *marks: Any) -> Any:
    """A run at the end of a paragraph or link. ``text``: on one line; ``marks``: its own properties, in the schema's
    order."""
    run, words = element("r"), element("t")
    if marks:
        properties = element("rPr")
        properties.extend(marks)
        run.append(properties)
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    parent.append(run)
    return run


def put(properties: Any, made: Any) -> None:
    """Insert a property where the schema has its place."""
    rank = _ORDER[made.tag]
    after = next((child for child in properties if _ORDER.get(child.tag, len(_ORDER)) > rank), None)
    if after is None:
        properties.append(made)
    else:
        after.addprevious(made)


def clean(text: str) -> str:
    """Text without the control characters that XML has no place for."""
    return _NOT_XML.sub("", text)


def fix_directly(document: Any) -> None:
    """Write each paragraph's type, indent and alignment into the paragraph itself, where only its style has them.

    A paragraph pasted into another document keeps its look, and checkers that read no styles see it.
    """
    styles = {document.styles[name].style_id: name for name in _TYPE}
    patterns = {name: document.styles[name].element.pPr for name in _TYPE}
    for paragraph in document.element.body.iterchildren(w("p")):
        properties = _first(paragraph, "pPr")
        style = properties.find(w("pStyle"))
        name = styles["Normal" if style is None else style.get(w("val"))]
        for tag in ("spacing", "ind", "jc"):
            if properties.find(w(tag)) is None:
                put(properties, copy(patterns[name].find(w(tag))))
        for run in paragraph.iter(w("r")):
            _fix_run(_first(run, "rPr"), *_TYPE[name])


def _first(parent: Any, tag: str) -> Any:
    """The properties of a paragraph or run, empty ones where it has none."""
    found = parent.find(w(tag))
    if found is None:
        found = element(tag)
        parent.insert(0, found)
    return found


def _fix_run(properties: Any, font: str, size: int) -> None:
    if properties.find(w("rFonts")) is None:
        put(properties, element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if properties.find(w("sz")) is None:
        put(properties, element("sz", val=size))


def _set_page(document: Any) -> None:
    section = document.sections[0]._sectPr
    for tag in ("pgSz", "pgMar", "cols", "docGrid"):
        for found in section.findall(qn(f"w:{tag}")):
            section.remove(found)
    section.append(element("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT))
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT}
    section.append(element("pgMar", **margins, header=851, footer=FOOTER_DISTANCE, gutter=0))
    section.append(element("docGrid", type="linesAndChars", linePitch=LINE_PITCH, charSpace=CHAR_SPACE))
    document.settings.odd_and_even_pages_header_footer = True


def _set_styles(document: Any) -> None:
    """Normal is the body; headings are body with another font; nothing is left of the template's colours."""
    styles = document.styles
    _drop_styles(styles.element)
    quoted = styles.add_style(QUOTED, WD_STYLE_TYPE.CHARACTER)
    quoted.element.set(qn("w:styleId"), QUOTED_ID)
    # LibreOffice measures the grid of characters from the defaults, Word from Normal.
    _set_type(styles.element.find(f".//{qn('w:rPrDefault')}"), BODY_FONT, BODY_SIZE)
    for name, (font, size) in _TYPE.items():
        _set_type(styles[name].element, font, size)
    _set_paragraph(styles["Normal"].element, first_line=2)
    _set_paragraph(styles["Title"].element, align="center")
    for level in range(1, 5):
        _set_paragraph(styles[f"Heading {level}"].element, first_line=2, keep=level < 3, outline=level - 1)
    _set_paragraph(styles["Footer"].element, line=360)


def _drop_styles(styles: Any) -> None:
    """Take out what the template brings besides the styles used here, their parts for characters and their links."""
    kept = {name.lower() for name in _TYPE} | {"header", "default paragraph font", "normal table", "no list"}
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")).lower() not in kept:
            styles.remove(style)
            continue
        for link in style.findall(qn("w:link")):
            style.remove(link)


def _set_type(style: Any, font: str, size: int) -> None:
    """Font, size and language of a style (or the defaults), in the schema's order."""
    properties = style.find(qn("w:rPr")) if style.tag == qn("w:rPrDefault") else style.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    properties.append(element("b", val=0))
    properties.append(element("color", val="000000"))
    properties.append(element("spacing", val=TIGHTER if size == BODY_SIZE else 0))
    properties.append(element("kern", val=0))
    properties.append(element("sz", val=size))
    properties.append(element("szCs", val=size))
    properties.append(element("lang", val="en-US", eastAsia="zh-CN"))


def _set_paragraph(
    style: Any,
    *,
    first_line: int = 0,
    align: str = "both",
    line: int = LINE_PITCH,
    keep: bool = False,
    outline: int = -1,
) -> None:
    """Paragraph properties of a style, in the schema's order. ``first_line``: in characters."""
    properties = style.get_or_add_pPr()
    for child in list(properties):
        properties.remove(child)
    if keep:
        properties.append(element("keepNext"))
    properties.append(element("widowControl", val=0))
    # Digits stay on the grid of characters: no extra space between them and Chinese.
    properties.append(element("autoSpaceDE", val=0))
    properties.append(element("autoSpaceDN", val=0))
    # LibreOffice up to 7.4 spreads characters apart on a grid narrower than the type: lines keep the pitch by their
    # exact height, characters by TIGHTER. Word, which follows the grid for characters besides, has 28 of them too.
    properties.append(element("snapToGrid", val=0))
    properties.append(element("spacing", before=0, after=0, line=line, lineRule="exact"))
    properties.append(element("ind", firstLineChars=first_line * 100, firstLine=first_line * CHAR))
    properties.append(element("jc", val=align))
    if outline >= 0:
        properties.append(element("outlineLvl", val=outline))


def _set_fonts(document: Any) -> None:
    """Declare the fonts with those that may stand in for them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml

    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    known = {font.get(qn("w:name")) for font in table}
    for name, fallback in FALLBACKS.items():
        if name not in known:
            font = element("font", name=name)
            font.append(element("altName", val=fallback))
            font.append(element("charset", val="86"))
            font.append(element("pitch", val="default"))
            table.append(font)
    from lxml import etree

    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_footers(document: Any) -> None:
    """— 1 —: 4号半角宋体, odd pages right, even pages left, one character in (7.5)."""
    section = document.sections[0]
    for footer, align, side in ((section.footer, "right", "right"), (section.even_page_footer, "left", "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Footer"]
        properties = paragraph._p.get_or_add_pPr()
        one = FOOTER_SIZE * 10
        properties.append(element("ind", **{f"{side}Chars": 100, side: one}))
        properties.append(element("jc", val=align))
        paragraph.add_run("— ")
        _add_page_field(paragraph)
        paragraph.add_run(" —")


def _add_page_field(paragraph: Any) -> None:
    for kind in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run()
        if kind is None:
            code = element("instrText")
            code.text = " PAGE "
            run._r.append(code)
        elif kind == "1":
            run.text = "1"
        else:
            run._r.append(element("fldChar", fldCharType=kind))
