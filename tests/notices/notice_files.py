"""Small files of every format, built in memory for the tests: no binary fixture lies in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

PARAGRAPH = (
    "根据县委统一部署，2021年3月1日至5月30日，县委第一巡察组对县水利局党组开展了巡察，现将整改进展情况予以公布。"
)


# --- docx -------------------------------------------------------------------------------------------------------------


def docx_bytes(document: Document) -> bytes:
    """The document as a file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def add_list(document: Document, number: int, levels: Sequence[tuple[str, str]], *, extra: str = "") -> None:
    """Define list ``number`` with levels of (number format, level text); ``extra``: XML inside its w:num."""
    root = document.part.numbering_part.element
    level_xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{level_xml}</w:abstractNum>'))
    add_instance(document, number, number, extra=extra)


def add_instance(document: Document, number: int, abstract: int, *, extra: str = "") -> None:
    """Define a w:num that refers to an abstract list."""
    root = document.part.numbering_part.element
    xml = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{extra}</w:num>'
    root.append(parse_xml(xml))


def add_item(document: Document, text: str, number: int, depth: int = 0) -> None:
    """A paragraph of that list and level."""
    paragraph = document.add_paragraph(text)
    xml = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(xml))


def new_document() -> Document:
    """An empty document of python-docx's default template."""
    return docx.Document()


# --- zip, ofd ---------------------------------------------------------------------------------------------------------


def zip_bytes(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive with those parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd_bytes(*pages: str) -> bytes:
    """An OFD whose pages have that XML in their layer (see ``ofd_text``)."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts: dict[str, str | bytes] = {
        "OFD.xml": (
            f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
        "Doc_0/Document.xml": (
            f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        ),
    }
    for number, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zip_bytes(parts)


def ofd_text(text: str, x: float, y: float, size: float = 5.6) -> str:
    """A TextObject with one TextCode whose characters are as wide as high."""
    delta = f' DeltaX="g {len(text) - 1} {size}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} {size * len(text)} {size}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}"{delta}>{text}</ofd:TextCode></ofd:TextObject>'
    )


# --- pdf --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Print:
    """Text at a place of an A4 page, in points from its lower left corner; Chinese characters are ``size`` wide."""

    text: str
    x: float
    y: float
    size: float = 16


def rule(x: float, y: float, to_x: float, to_y: float) -> str:
    """A ruling line."""
    return f"{x} {y} m {to_x} {to_y} l S"


def pdf_bytes(*pages: Sequence[Print | str], picture: bool = False) -> bytes:
    """A PDF with those prints and drawing operators; ``picture``: every page also shows an image."""
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]/FontDescriptor 5 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/Ascent 880/Descent -120>>",
        image + b"stream\n\0\nendstream",
    ]
    kids = []
    for page in pages:
        drawn = "\n".join(_operator(each) for each in page) + ("\n1 0 0 1 0 0 cm /P Do" if picture else "")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream".encode())
        resources = b"<</Font<</F 3 0 R>>/XObject<</P 6 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources%s/Contents %d 0 R>>" % (resources, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _pdf_file(objects)


def _operator(each: Print | str) -> str:
    if isinstance(each, str):
        return each
    return f"BT /F {each.size} Tf 1 0 0 1 {each.x} {each.y} Tm <{each.text.encode('utf-16-be').hex()}> Tj ET"


def _pdf_file(objects: list[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(data)


def set_lines(text: str, *, top: float = 720, size: float = 16, left: float = 90, width: int = 26) -> list[Print]:
    """Paragraphs as Word prints them: two characters of indentation, ``width`` characters a line."""
    prints: list[Print] = []
    y = top
    for paragraph in text.split("\n"):
        room, indent, line = width - 2.0, 2, ""
        for char in paragraph:
            wide = 0.5 if char < "\u0100" else 1.0
            if room < wide and char not in "，。；：、":
                prints.append(Print(line, left + indent * size, y, size))
                y, room, indent, line = y - 28, width, 0, ""
            line += char
            room -= wide
        prints.append(Print(line, left + indent * size, y, size))
        y -= 28
    return prints
