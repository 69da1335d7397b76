"""Word documents: automatic numbers, tables, tracked changes, headers."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.errors import DamagedInput, EncryptedInput, NoTextLayer, UnsupportedInput
from bot.notices.formats.numbering import numeral
from bot.notices.load import Loaded, load
from tests.notices.notice_files import add_instance, add_item, add_list, docx_bytes, new_document, zip_bytes

OFFICIAL = [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "(%4)")]


def loaded(document: Document, name: str = "notice.docx") -> Loaded:
    return load(docx_bytes(document), name)


def paragraph(inner: str) -> str:
    return f"<w:p {nsdecls('w')}>{inner}</w:p>"


def test_paragraphs_become_lines() -> None:
    """Each paragraph is a line; tabs and line breaks inside it are what they print."""
    document = new_document()
    document.add_heading("关于整改的通报", 0)
    document.add_paragraph("来源：某局\t日期：2021-01\n第二行")
    assert loaded(document).text == "关于整改的通报\n来源：某局\t日期：2021-01\n第二行"
    assert (loaded(document).format, loaded(document).encoding) == ("docx", "utf-8")


def test_automatic_numbers_are_printed() -> None:
    """Numbers that Word works out stand in the text as printed, each level starting anew below a higher one."""
    document = new_document()
    add_list(document, 90, OFFICIAL)
    for text, depth in [
        ("甲", 0),
        ("乙", 1),
        ("丙", 2),
        ("丁", 2),
        ("戊", 1),
        ("己", 2),
        ("庚", 3),
        ("辛", 0),
        ("壬", 1),
    ]:
        add_item(document, text, 90, depth)
    assert loaded(document).text.split("\n") == [
        *("一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "(1)庚", "二、辛", "（一）壬"),
    ]


def test_numbers_name_their_parents() -> None:
    """A level's text may repeat the counters above it, in their own numerals."""
    document = new_document()
    add_list(document, 90, [("decimal", "%1"), ("decimal", "%1.%2"), ("upperRoman", "%1.%2.%3 ")])
    for text, depth in [("章", 0), ("节", 1), ("节", 1), ("条", 2)]:
        add_item(document, text, 90, depth)
    assert loaded(document).text.split("\n") == ["1章", "1.1节", "1.2节", "1.2.I 条"]


def test_second_list_of_one_definition_goes_on_counting() -> None:
    """Lists that share a definition share the counter, unless one of them is told where to start."""
    document = new_document()
    add_list(document, 90, [("decimal", "%1.")])
    add_instance(document, 91, 90)
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    add_instance(document, 92, 90, extra=restart)
    for number in (90, 90, 91, 92, 92):
        add_item(document, "问题", number)
    assert loaded(document).text.split("\n") == ["1.问题", "2.问题", "3.问题", "1.问题", "2.问题"]


def test_numbers_come_from_the_style_too() -> None:
    """Word's own list styles number their paragraphs; a bullet is printed as one; an empty paragraph counts nothing."""
    document = new_document()
    for text, style in [("甲", "List Number"), ("乙", "List Number"), ("丙", "List Bullet")]:
        document.add_paragraph(text, style=style)
    assert loaded(document).text.split("\n") == ["1.甲", "2.乙", "• 丙"]


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("chineseCounting", ["一", "十", "十一", "二十", "二十一", "一〇一"]),
        ("chineseCountingThousand", ["一", "十", "十一", "二十", "二十一", "一百零一"]),
        ("ideographDigital", ["一", "一〇", "一一", "二〇", "二一", "一〇一"]),
        ("chineseLegalSimplified", ["壹", "壹拾", "壹拾壹", "贰拾", "贰拾壹", "壹佰零壹"]),
        ("decimalEnclosedCircleChinese", ["①", "⑩", "⑪", "⑳", "㉑", "101"]),
        ("decimalFullWidth", ["１", "１０", "１１", "２０", "２１", "１０１"]),
        ("decimalZero", ["01", "10", "11", "20", "21", "101"]),
        ("ideographTraditional", ["甲", "癸", "11", "20", "21", "101"]),
        ("lowerLetter", ["a", "j", "k", "t", "u", "wwww"]),
        ("upperRoman", ["I", "X", "XI", "XX", "XXI", "CI"]),
        ("unknownToAnyone", ["1", "10", "11", "20", "21", "101"]),
    ],
)
def test_numerals(form: str, printed: list[str]) -> None:
    """Counters print in the numerals that Word offers for Chinese documents."""
    assert [numeral(value, form) for value in (1, 10, 11, 20, 21, 101)] == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [(100, "一百"), (110, "一百一十"), (1001, "一千零一"), (1010, "一千零一十"), (9999, "九千九百九十九")],
)
def test_chinese_numerals_beyond_a_hundred(value: int, printed: str) -> None:
    """Zeros inside are said once, at the end not at all."""
    assert numeral(value, "chineseCountingThousand") == printed


def test_table_with_merged_cells() -> None:
    """A merged cell is printed once and stands at each position of the grid that it covers."""
    document = new_document()
    document.add_paragraph("整改清单")
    table = document.add_table(rows=4, cols=3)
    rows = [
        ("序号", "反馈问题", "整改措施"),
        ("1", "问题一", "措施一\n措施二"),
        ("", "问题二", "措施三"),
        ("合计", "", ""),
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "1"
    table.cell(3, 0).merge(table.cell(3, 2)).text = "合计"
    document.add_paragraph("中共某县委")
    result = loaded(document)
    assert result.text == (
        "整改清单\n序号\t反馈问题\t整改措施\n1\t问题一\t措施一\n措施二\n\t问题二\t措施三\n合计\n中共某县委"
    )
    assert [[result.text[start:end] for start, end in row] for row in result.tables[0].rows] == [
        ["序号", "反馈问题", "整改措施"],
        ["1", "问题一", "措施一\n措施二"],
        ["1", "问题二", "措施三"],
        ["合计", "合计", "合计"],
    ]


def test_frame_of_one_column_is_no_table() -> None:
    """A box around paragraphs holds paragraphs."""
    document = new_document()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text, table.cell(1, 0).text = "甲", "乙"
    assert (loaded(document).text, loaded(document).tables) == ("甲\n乙", ())


@pytest.mark.parametrize(
    ("inner", "printed"),
    [
        ("<w:ins><w:r><w:t>加入</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>", "加入"),
        ("<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:t>留下</w:t></w:r>", "留下"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t></w:r>", "可见"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>', "可见"),
        ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "链接"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>域</w:t></w:r>", "域"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>yuàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>垸</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "垸",
        ),
        ("<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t></w:r>", "甲-乙"),
    ],
)
def test_text_is_what_word_shows(inner: str, printed: str) -> None:
    """Accepted insertions are shown, deletions, moves, hidden text, field codes and pinyin guides are not."""
    document = new_document()
    document.element.body.insert(0, parse_xml(paragraph(inner)))
    assert loaded(document).text == printed


def test_headers_and_footers_are_set_apart() -> None:
    """What is printed on every page is no part of the text; a page number is nothing at all."""
    document = new_document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "某县委办公室文件"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    assert (loaded(document).text, loaded(document).cut) == ("正文", ("某县委办公室文件",))


def test_scanned_document_is_refused() -> None:
    """A document that only holds pictures fails with what to do."""
    body = f"<w:document {nsdecls('w')}><w:body><w:p/></w:body></w:document>"
    with pytest.raises(NoTextLayer) as caught:
        load(zip_bytes({"word/document.xml": body, "word/media/image1.png": b"x"}), "a.docx")
    assert str(caught.value) == (
        "Word 文档里只有图片，没有文字（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。"
    )


def test_entity_bomb_is_not_expanded() -> None:
    """A document whose own entities multiply is refused before they are expanded."""
    entities = '<!ENTITY a "整改">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "de", "ef")
    )
    xml = f"<!DOCTYPE x [{entities}]><w:document {nsdecls('w')}><w:body>{{}}</w:body></w:document>"
    inner = "<w:p><w:r><w:t>正文&f;</w:t></w:r></w:p>"
    with pytest.raises(DamagedInput):
        load(zip_bytes({"word/document.xml": xml.format(inner)}), "a.docx")


def test_damaged_document_is_refused() -> None:
    """A truncated file and one without a body fail with what is broken and what to do."""
    document = new_document()
    document.add_paragraph("正文")
    with pytest.raises(DamagedInput) as caught:
        load(docx_bytes(document)[:5000], "a.docx")
    assert str(caught.value) == (
        "压缩格式的文件已损坏（压缩包结构不完整）。请重新下载，或用办公软件打开后另存一份再试。"
    )
    with pytest.raises(DamagedInput) as caught:
        load(zip_bytes({"word/document.xml": "<w:document"}), "a.docx")
    assert str(caught.value) == (
        "Word 文档已损坏（部件word/document.xml不是有效的XML）。请重新下载，或用办公软件打开后另存一份再试。"
    )


# --- older formats ----------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = OLE + b"\xec\xa5\xc1\x00" + bytes(508) + "WordDocument".encode("utf-16-le")


def fake_soffice(folder: Path, script: str) -> None:
    """A program named soffice that does what the script says; its last argument is the file to convert."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("data", "name", "kind"), [(WORD, "a.doc", "doc"), (WORD, "a.wps", "wps"), (b"{\\rtf1 x}", "a.doc", "rtf")]
)
def test_older_formats_go_through_libreoffice(
    data: bytes, name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """doc, wps and rtf are converted to docx where LibreOffice is installed; the record says so."""
    document = new_document()
    document.add_paragraph("旧文档的正文")
    (tmp_path / "converted.docx").write_bytes(docx_bytes(document))
    fake_soffice(
        tmp_path,
        f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp {tmp_path}/converted.docx "$2/notice.docx"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    result = load(data, name)
    assert (result.text, result.format, result.repairs) == ("旧文档的正文", kind, ("经LibreOffice转换为docx后读取",))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_real_libreoffice_reads_rtf() -> None:
    """Where LibreOffice is installed, a real conversion gives the text."""
    body = "".join(f"\\u{ord(char)}?" for char in "关于整改情况的通报")
    assert load(f"{{\\rtf1\\ansi {body}\\par}}".encode(), "通报.rtf").text == "关于整改情况的通报"


def test_without_libreoffice_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice is not installed, an old document fails with both ways out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedInput) as caught:
        load(WORD, "通报.doc")
    assert str(caught.value) == (
        "旧版 Word 文档（.doc）需要 LibreOffice 才能读取，本机没有安装。"
        "请用 Word 或 WPS 将文件另存为 docx 后再试，或请管理员安装 LibreOffice。"
    )


def test_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion without an end is stopped, with all that it started, and the file fails with its reason."""
    fake_soffice(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("bot.notices.formats.office._SECONDS", 0.5)
    with pytest.raises(DamagedInput) as caught:
        load(WORD, "通报.doc")
    assert str(caught.value) == (
        "旧版 Word 文档（.doc）转换超过0.5秒没有完成，文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。"
    )
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    assert not child.exists() or child.read_text().split()[2] == "Z"


def test_document_that_libreoffice_cannot_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion without a result is a damaged file."""
    fake_soffice(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(DamagedInput) as caught:
        load(WORD, "通报.doc")
    assert str(caught.value) == (
        "LibreOffice 打不开该旧版 Word 文档（.doc），文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。"
    )


@pytest.mark.parametrize(
    "data",
    [
        OLE + "EncryptedPackage".encode("utf-16-le"),
        OLE + b"\xec\xa5\xc1\x00" + bytes(7) + b"\x01" + bytes(500) + "WordDocument".encode("utf-16-le"),
    ],
)
def test_encrypted_documents_are_recognised(data: bytes) -> None:
    """An encrypted docx (an OLE package) and an encrypted doc (a bit in its header) are refused."""
    with pytest.raises(EncryptedInput) as caught:
        load(data, "a.docx")
    assert str(caught.value) == "文档已加密，需要密码才能打开。请解除密码保护后重新提供。"
