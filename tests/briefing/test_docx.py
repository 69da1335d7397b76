"""The Word document's XML against the figures of GB/T 9704-2012."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bot.briefing import Length, Order, Request, Style, compose, deliver
from bot.briefing.docx import to_docx
from bot.briefing.layout import ranges
from bot.ledger import LedgerFilter, select, sources
from bot.records import Briefing, Citation, Figure, Paragraph, Section
from bot.settings import Masthead
from tests.ledger.rows import notice
from vectorstore.store import Store

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 1440 / 25.4
"""Twips in a millimetre."""


def briefing(*paragraphs: Paragraph, figures: tuple[Figure, ...] = ()) -> Briefing:
    """A small briefing with headings of all three levels."""
    cited = (
        Citation(1, "n", "n.txt", "某县通报", 0, 4, "管网不全"),
        Citation(2, "n", "n.txt", "某县通报", 9, 12, "25公"),
    )
    sections = (
        Section("一、总体情况", 1, paragraphs or (Paragraph("共有问题1个。", True, ()),)),
        Section("（一）水", 2, ()), Section("1.管网不全", 3, (Paragraph("管网“不”全", False, (1,)),)),
        Section("附件：数据来源", 1, (Paragraph("《某县通报》，涉及1个问题。", True, (1,)),)),
    )  # fmt: skip
    return Briefing(
        "某县问题整改情况简报", sections, figures or (Figure("1个", "1", "个", None, ("n#二/1",)),), cited, ("n#二/1",)
    )


def parts(data: bytes) -> dict[str, Any]:
    """The parsed XML parts of a document by their short names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removeprefix("word/"): etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("word/") and name.endswith(".xml")
        }


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The parts of the small briefing's document."""
    return parts(to_docx(briefing(), {"n": notice()}))


def one(node: Any, path: str) -> Any:
    """The one element at a path of W-qualified names."""
    found = node.findall(".//" + "/".join(W + name for name in path.split("/")))
    assert len(found) == 1, (path, len(found))
    return found[0]


def value(node: Any, path: str, name: str = "val") -> str:
    return str(one(node, path).get(W + name))


def style(made: dict[str, Any], name: str) -> Any:
    return next(s for s in made["styles.xml"].findall(W + "style") if s.find(W + "name").get(W + "val").lower() == name)


def text(node: Any) -> str:
    return "".join(found.text or "" for found in node.iter(W + "t"))


def paragraphs(made: dict[str, Any]) -> list[Any]:
    return list(made["document.xml"].find(W + "body").findall(W + "p"))


def paragraph(made: dict[str, Any], beginning: str) -> Any:
    return next(found for found in paragraphs(made) if text(found).startswith(beginning))


def test_the_paper_is_a4(made: dict[str, Any]) -> None:
    """210 mm by 297 mm."""
    size = one(made["document.xml"], "sectPr/pgSz")
    assert [round(int(size.get(W + side)) / MM) for side in ("w", "h")] == [210, 297]


def test_the_margins_are_those_of_the_standard(made: dict[str, Any]) -> None:
    """天头 37, 订口 28, right 26, bottom 35 mm: 版心 156 mm by 225 mm."""
    margins = one(made["document.xml"], "sectPr/pgMar")
    sides = [int(margins.get(W + side)) / MM for side in ("top", "left", "right", "bottom")]
    assert [round(side, 1) for side in sides] == [37.0, 28.0, 26.0, 35.0]


def test_22_lines_of_28_characters_fill_the_page(made: dict[str, Any]) -> None:
    """The grid's lines and characters fit as often as the standard says, and not once more."""
    grid = one(made["document.xml"], "sectPr/docGrid")
    pitch = int(grid.get(W + "linePitch"))
    width = 320 + int(grid.get(W + "charSpace")) * 20 / 4096
    assert grid.get(W + "type") == "linesAndChars"
    assert (round(pitch / 20, 1), round(width / 20, 2)) == (28.9, 15.79)
    assert ((16838 - 2098 - 1984) // pitch, int((11906 - 1587 - 1474) / width)) == (22, 28)


@pytest.mark.parametrize(
    ("name", "font", "size"),
    [
        ("normal", "仿宋_GB2312", "32"), ("title", "方正小标宋简体", "44"), ("heading 1", "黑体", "32"),
        ("heading 2", "楷体_GB2312", "32"), ("heading 3", "仿宋_GB2312", "32"), ("heading 4", "仿宋_GB2312", "32"),
        ("footer", "宋体", "28"),
    ],
)  # fmt: skip
def test_type_of_each_style(made: dict[str, Any], name: str, font: str, size: str) -> None:
    """2号小标宋, 3号仿宋, 黑体, 楷体, 4号宋体, all black."""
    found = style(made, name)
    assert (value(found, "rFonts", "eastAsia"), value(found, "sz"), value(found, "rPr/color")) == (font, size, "000000")


def test_body_is_indented_by_two_characters(made: dict[str, Any]) -> None:
    """In the style and in the paragraph itself, lines at the grid's pitch, justified."""
    for found in (style(made, "normal"), paragraph(made, "共有问题")):
        indent = one(found, "pPr/ind")
        assert (indent.get(W + "firstLineChars"), indent.get(W + "firstLine")) == ("200", "640")
        assert (value(found, "pPr/spacing", "line"), value(found, "pPr/spacing", "lineRule")) == ("579", "exact")
        assert value(found, "pPr/jc") == "both"


def test_headings_have_their_styles(made: dict[str, Any]) -> None:
    """Levels one to three, after the title."""
    found = [(value(p, "pStyle"), text(p)) for p in paragraphs(made) if p.find(f".//{W}pStyle") is not None][:4]
    assert found == [
        ("Title", "某县问题整改情况简报"), ("Heading1", "一、总体情况"), ("Heading2", "（一）水"),
        ("Heading3", "1.管网不全"),
    ]  # fmt: skip


def test_every_font_has_a_stand_in(made: dict[str, Any]) -> None:
    """Where 方正小标宋 or GB2312 fonts are missing, the font table says what to use."""
    found = {f.get(W + "name"): f.find(W + "altName") for f in made["fontTable.xml"]}
    names = ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312")
    assert [found[name].get(W + "val").partition(",")[0] for name in names] == ["小标宋", "仿宋", "SimHei", "楷体"]


def test_page_numbers_stand_outside(made: dict[str, Any]) -> None:
    """— 1 —: odd pages right, even pages left, one character in, half-width digits."""
    assert made["settings.xml"].find(W + "evenAndOddHeaders") is not None
    footers = {name: part for name, part in made.items() if name.startswith("footer")}
    sides = {}
    for reference in made["document.xml"].iter(W + "footerReference"):
        target = sorted(footers)[len(sides)]
        sides[reference.get(W + "type")] = footers[target]
    found = [
        (text(part), value(part, "jc"), value(part, "ind", f"{value(part, 'jc')}Chars"), one(part, "instrText").text)
        for part in sides.values()
    ]
    assert sorted(found) == [("— 1 —", "left", "100", " PAGE "), ("— 1 —", "right", "100", " PAGE ")]


def test_page_numbers_are_on_the_right_pages() -> None:
    """The default (odd) footer is the right-aligned one."""
    data = to_docx(briefing(), {"n": notice()})
    from docx import Document

    section = Document(io.BytesIO(data)).sections[0]
    assert [value(f._element, "jc") for f in (section.footer, section.even_page_footer)] == ["right", "left"]


def test_the_annex_begins_a_page(made: dict[str, Any]) -> None:
    """附件 alone on a line in 3号黑体 on a new page; its title is a title."""
    found = paragraph(made, "附件")
    names = [text(p) for p in paragraphs(made)]
    assert names.count("附件：数据来源") == 1
    head = next(p for p in paragraphs(made) if text(p) == "附件")
    assert head.find(f".//{W}pageBreakBefore") is not None
    assert (value(head, "rFonts", "eastAsia"), value(head, "sz")) == ("黑体", "32")
    assert names[names.index("附件") + 2] == "数据来源"
    assert text(found) == "附件：数据来源"


def test_tables_repeat_their_header(made: dict[str, Any]) -> None:
    """Three tables of the text's width, each with a header row that is repeated and rows that do not break."""
    tables = list(made["document.xml"].iter(W + "tbl"))
    assert [text(t.find(W + "tr")) for t in tables] == [
        "序号通报成文日期文件",
        "序号数据由下列问题统计得出",
        "编号通报起止字数原文",
    ]
    assert all(t.find(W + "tr").find(f".//{W}tblHeader") is not None for t in tables)
    widths = [sum(int(c.get(W + "w")) for c in t.find(W + "tblGrid")) for t in tables]
    assert widths == [8845, 8845, 8845]


def test_a_computed_figure_leads_to_its_count(made: dict[str, Any]) -> None:
    """The figure in the text is a link; its bookmark stands in the row that says what was counted."""
    link = one(paragraph(made, "共有问题"), "hyperlink")
    assert (text(link), link.get(W + "anchor")) == ("1个", "count1")
    row = next(
        r for r in made["document.xml"].iter(W + "tr") if r.find(f".//{W}bookmarkStart[@{W}name='count1']") is not None
    )
    assert [text(cell) for cell in row.iter(W + "tc")] == ["1", "共有问题1个", "通报1：全部问题"]


def test_a_quoted_figure_leads_to_its_citation() -> None:
    """A figure printed in a notice leads to the row with the words that print it."""
    figures = (Figure("25公", "25", "公", (2,), None),)
    found = parts(to_docx(briefing(Paragraph("管网25公里。", True, (2,)), figures=figures), {"n": notice()}))
    link = paragraph(found, "管网25").find(W + "hyperlink")
    assert (text(link), link.get(W + "anchor")) == ("25公", "source2")


def test_quotations_can_be_told_apart(made: dict[str, Any]) -> None:
    """Quoted words stand between marks, inner marks are single, a full stop behind what has none; their style is their
    own."""
    found = paragraph(made, "“管网")
    assert text(found) == "“管网‘不’全”。[1]"
    assert value(found, "rStyle") == style(made, "原文引用").get(W + "styleId")


def test_all_links_of_a_real_briefing_arrive(seed_store: Store) -> None:
    """Over the five notices: every anchor has its bookmark, every figure its link, bookmarks are unique."""
    rows = select(seed_store)
    notices = sources(seed_store, rows)
    paper = compose(rows, notices, Request())
    document = parts(to_docx(paper, notices))["document.xml"]
    names = [mark.get(W + "name") for mark in document.iter(W + "bookmarkStart")]
    ids = [mark.get(W + "id") for mark in document.iter(W + "bookmarkStart")]
    anchors = [link.get(W + "anchor") for link in document.iter(W + "hyperlink")]
    assert (len(set(names)), len(set(ids))) == (len(names), len(names))
    assert set(anchors) <= set(names)
    linked = {name for name in anchors if name.startswith("count")}
    in_body = [f for f in paper.figures[: -len(notices)] if f.computed_from is not None]
    assert len(linked) == len(in_body)


_SCHEMA = {
    "pPr": "pStyle keepNext pageBreakBefore widowControl pBdr tabs autoSpaceDE autoSpaceDN snapToGrid spacing ind jc"
    " outlineLvl rPr",
    "rPr": "rStyle rFonts b color spacing kern sz szCs vertAlign lang",
}


@pytest.mark.parametrize("style", ["简报", "报告"])
def test_properties_stand_in_the_order_of_the_schema(seed_store: Store, style: Style) -> None:
    """ECMA-376: Word refuses a paragraph or run whose properties stand in another order; each is there once, and every
    paragraph and run of the text carries its own type, indent and alignment."""
    head = Masthead(name="整改工作简报", issue="第3期", office="县委巡察办", report_to="市委巡察办", copies=60)
    wanted = LedgerFilter(notices=("003_f055237780667b41",))
    paper = deliver(seed_store, Order(wanted, length="详细", style=style, masthead=head))
    document = parts(paper.docx(date(2026, 3, 5)))["document.xml"]
    for tag, order in _SCHEMA.items():
        known = [W + name for name in order.split()]
        for properties in document.iter(W + tag):
            places = [known.index(child.tag) for child in properties]
            assert places == sorted(set(places))
    for found in document.find(W + "body").findall(W + "p"):
        assert all(found.find(f"{W}pPr/{W}{name}") is not None for name in ("spacing", "ind", "jc"))
        assert all(run.find(f"{W}rPr/{W}sz") is not None for run in found.iter(W + "r"))


def test_the_title_is_centred(made: dict[str, Any]) -> None:
    """居中, without an indent."""
    found = paragraph(made, "某县问题整改情况简报")
    assert (value(found, "pPr/jc"), value(found, "pPr/ind", "firstLine")) == ("center", "0")


def test_the_red_line_takes_no_more_than_a_line() -> None:
    """The rule and its distance come out of the height of its line, so that 22 lines still fit the page."""
    found = parts(to_docx(briefing(), {"n": notice()}, masthead=Masthead(name="整改工作简报", office="县委巡察办")))
    line = next(p for p in paragraphs(found) if p.find(f".//{W}pBdr") is not None)
    rule = one(line, "pBdr/top")
    height = int(value(line, "spacing", "line")) + int(rule.get(W + "sz")) * 20 / 8 + int(rule.get(W + "space")) * 20
    assert height <= 579


def test_masthead_has_a_red_line() -> None:
    """名称 in red, 期号, 编发单位 and 日期, a red line across."""
    head = Masthead(name="整改工作简报", issue="第3期", office="县委巡察办", date="2021年10月20日")
    found = parts(to_docx(briefing(), {"n": notice()}, masthead=head))
    assert [text(p) for p in paragraphs(found)[:3]] == ["整改工作简报", "第3期", "县委巡察办2021年10月20日"]
    assert value(paragraphs(found)[0], "rPr/color") == "FF0000"
    line = one(paragraphs(found)[3], "pBdr/top")
    assert (line.get(W + "color"), line.get(W + "val")) == ("FF0000", "single")


def test_masthead_takes_the_day_where_no_date_is_set() -> None:
    """The date of making stands where the settings give none."""
    head = Masthead(name="整改工作简报", office="县委巡察办")
    found = parts(to_docx(briefing(), {"n": notice()}, masthead=head, today=date(2026, 3, 5)))
    assert text(paragraphs(found)[1]) == "县委巡察办2026年3月5日"


def test_tail_stands_at_the_foot() -> None:
    """报, 送, 发 and the copies between rules as wide as the 版心, in a box at its foot on the last page."""
    head = Masthead(office="县委巡察办", report_to="市委巡察办", send_to="县纪委监委", copy_to="各乡镇", copies=60)
    found = parts(to_docx(briefing(), {"n": notice()}, masthead=head))["document.xml"]
    table = one(found, "txbxContent/tbl")
    assert [text(row) for row in table.iter(W + "tr")] == [
        "报：市委巡察办",
        "送：县纪委监委",
        "发：各乡镇",
        "县委巡察办共印60份",
    ]
    draw = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
    (place,) = found.iter(draw + "positionV")
    (size,) = found.iter(draw + "extent")
    assert (place.get("relativeFrom"), place.findtext(draw + "align")) == ("margin", "bottom")
    assert (int(size.get("cx")) / 635, int(size.get("cy")) / 635) == (8845, 4 * 591)
    assert value(table, "tblW", "w") == "8845"
    assert list(found.find(W + "body").iter(W + "p"))[-1].getparent().tag == W + "txbxContent"


def test_report_is_signed_and_has_no_masthead() -> None:
    """署名 two characters from the right, the date two characters further in; no red line, no tail."""
    head = Masthead(name="整改工作简报", office="中共某县委巡察工作领导小组", date="2021年10月20日", copies=60)
    found = parts(to_docx(briefing(), {"n": notice()}, style="报告", masthead=head))
    office, dated = paragraph(found, "中共某县委巡察"), paragraph(found, "2021年10月20日")
    left = [int(value(p, "pPr/ind", "left")) for p in (office, dated)]
    assert left == [8845 - 15 * 320, 8845 - 15 * 320 + 640]
    assert list(found["document.xml"].iter(W + "txbxContent")) == []
    assert text(paragraphs(found)[0]) == "某县问题整改情况简报"


def test_control_characters_do_not_break_it() -> None:
    """What XML has no place for is left out."""
    found = parts(to_docx(briefing(Paragraph("甲\x0b乙", True, ())), {"n": notice()}))
    assert text(paragraph(found, "甲")) == "甲乙"


def test_reference_numbers_run_together() -> None:
    """1, 2, 3 and 7 are shown as 1—3 and 7."""
    assert ranges([1, 2, 3, 7]) == [(1, 3), (7, 7)]


def test_headings_of_one_page_stand_at_the_head_of_their_paragraph() -> None:
    """一页纸: the heading in 黑体, a full stop, the text in the same paragraph."""
    found = parts(to_docx(briefing(), {"n": notice()}, one_page=True))
    first = paragraph(found, "一、总体情况")
    assert text(first) == "一、总体情况。共有问题1个。"
    assert next(first.iter(W + "rFonts")).get(W + "eastAsia") == "黑体"


@pytest.mark.parametrize("length", ["一页纸", "标准"])
def test_pages_as_libreoffice_lays_them_out(seed_store: Store, tmp_path: Path, length: Length) -> None:
    """一页纸 leaves its first page only for the annex; the tail stands at the foot of the last page of all."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("needs LibreOffice and pdftotext")
    head = Masthead(name="整改工作简报", issue="第3期", office="县委巡察办", report_to="市委巡察办", copies=60)
    wanted = LedgerFilter(notices=("003_f055237780667b41",)) if length == "标准" else LedgerFilter()
    paper = deliver(seed_store, Order(wanted, length=length, masthead=head))
    (tmp_path / "a.docx").write_bytes(paper.docx(date(2026, 3, 5)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    subprocess.run([reader, "-layout", str(tmp_path / "a.pdf"), str(tmp_path / "a.txt")], check=True, timeout=60)
    pages = [page.split("\n") for page in (tmp_path / "a.txt").read_text("utf-8").split("\f") if page.strip()]
    starts = [next(line.strip() for line in page if line.strip()) for page in pages]
    last = [line.strip() for line in pages[-1] if line.strip()]
    assert (last[-3], last[-1].replace(" ", "")) == ("报：市委巡察办", f"—{len(pages)}—")
    assert (starts.index("附件") == 1) is (length == "一页纸")
