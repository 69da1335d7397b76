"""PDF with a text layer: reading order, paragraphs, furniture, tables; and what cannot be read."""

from __future__ import annotations

import io
import zlib

import pypdf
import pytest

from bot.errors import DamagedInput, EncryptedInput, NoTextLayer, TooLarge
from bot.notices.load import load
from tests.notices.notice_files import PARAGRAPH, Print, pdf_bytes, rule, set_lines

TITLE = "关于巡察整改进展情况的通报"
BODY = f"{PARAGRAPH}\n一、整改情况\n1.问题一。\n整改情况：" + "一是开展学习5次，投入资金1.25亿元，建成管网25公里；" * 4


def shifted(prints: list[Print], x: float) -> list[Print]:
    return [Print(each.text, each.x + x, each.y, each.size) for each in prints]


def test_lines_are_rejoined_into_paragraphs() -> None:
    """Broken lines become the paragraphs they were; an indentation, a short line or a larger size begins a new one."""
    loaded = load(pdf_bytes([Print(TITLE, 180, 770, 22), *set_lines(BODY)]), "a.pdf")
    assert loaded.text == f"{TITLE}\n{BODY}"
    assert (loaded.format, loaded.encoding, loaded.repairs, loaded.cut) == ("pdf", "utf-8", (), ())


def test_long_title_is_whole() -> None:
    """A centred title that needs two lines is one line of text; one that was broken by hand keeps its break."""
    long = [
        Print("中共某县水利局党组关于县委第三轮巡察反", 93, 790, 22),
        Print("馈意见整改进展情况的通报", 169, 760, 22),
    ]
    short = [Print("中共某县水利局党组", 202, 790, 22), Print("关于巡察整改情况的通报", 180, 760, 22)]
    titles = [load(pdf_bytes([*title, *set_lines(BODY)]), "a.pdf").text.removesuffix(BODY) for title in (long, short)]
    assert titles == [
        "中共某县水利局党组关于县委第三轮巡察反馈意见整改进展情况的通报\n",
        "中共某县水利局党组\n关于巡察整改情况的通报\n",
    ]


def test_stretched_line_has_no_spaces() -> None:
    """Characters that a justified line spreads apart are still words; a gap wider than the others is a space."""
    spread = [Print(char, 90 + 34 * n + (30 if n > 3 else 0), 700) for n, char in enumerate("来源某县水利局")]
    assert load(pdf_bytes(spread), "a.pdf").text == "来源某县 水利局"


def test_paragraph_goes_on_across_pages() -> None:
    """A paragraph that a page break cuts is one paragraph; page number and running head between are set apart."""
    lines = set_lines(BODY)
    pages = [
        [Print("某县委巡察办", 90, 800, 10), *lines[:6], Print("— 1 —", 280, 40, 12)],
        [Print("某县委巡察办", 90, 800, 10), *shifted(lines[6:], 0), Print("— 2 —", 280, 40, 12)],
    ]
    loaded = load(pdf_bytes(*pages), "a.pdf")
    assert (loaded.text, loaded.cut) == (BODY, ("某县委巡察办", "— 1 —"))


@pytest.mark.parametrize("number", ["1", "第1页", "第 1 页 共 9 页", "1/9", "- 1 -", "第一页"])
def test_page_numbers_are_set_apart(number: str) -> None:
    """However a page number is printed, it is no part of the text."""
    loaded = load(pdf_bytes([*set_lines(PARAGRAPH), Print(number, 280, 40, 12)]), "a.pdf")
    assert (loaded.text, loaded.cut) == (PARAGRAPH, (number,))


def test_order_is_that_of_the_page() -> None:
    """Text is read from top to bottom, not in the order in which a program wrote it."""
    prints = set_lines(BODY)
    assert load(pdf_bytes(prints[::-1]), "a.pdf").text == BODY


def test_two_columns_are_read_one_after_the_other() -> None:
    """On a page set in two columns the left one comes first, and paragraphs are whole in both."""
    text = "\n".join(["整改情况一是开展学习教育，" * 9 + "完成。"] * 2)
    left = set_lines(text, size=12, left=60, width=17, top=740)
    right = shifted(left, 250)
    loaded = load(pdf_bytes([Print(TITLE, 180, 800, 22), *left, *right]), "a.pdf")
    assert loaded.text == f"{TITLE}\n{text}\n{text}"


def test_ruled_table_becomes_text_and_grid() -> None:
    """Cells of a ruled table are read whole, merged ones fill their rows; the text around it stays around it."""
    columns, rows = [90, 130, 250, 450], [700, 670, 610, 580]
    rules = [rule(x, rows[0], x, rows[-1]) for x in columns]
    rules += [rule(90, y, 450, y) for y in (rows[0], rows[1], rows[3])] + [rule(130, rows[2], 450, rows[2])]
    cells = [
        *(Print("序号", 95, 680, 12), Print("反馈问题", 140, 680, 12), Print("整改措施", 260, 680, 12)),
        *(Print("1", 100, 640, 12), Print("污水直排影响河道水", 134, 650, 12), Print("质没有整改", 134, 630, 12)),
        *(Print("修复管网", 260, 650, 12), Print("台账缺失", 134, 590, 12), Print("补齐台账。", 260, 590, 12)),
    ]
    page = [Print("整改清单", 250, 740, 18), *cells, *rules, Print("中共某县委", 350, 540)]
    loaded = load(pdf_bytes(page), "a.pdf")
    assert loaded.text == (
        "整改清单\n序号\t反馈问题\t整改措施\n1\t污水直排影响河道水质没有整改\t修复管网\n\t台账缺失\t补齐台账。\n中共某县委"
    )
    (table,) = loaded.tables
    assert [[loaded.text[start:end] for start, end in row] for row in table.rows] == [
        ["序号", "反馈问题", "整改措施"],
        ["1", "污水直排影响河道水质没有整改", "修复管网"],
        ["1", "台账缺失", "补齐台账。"],
    ]


def test_table_goes_on_across_pages() -> None:
    """A table that continues on the next page is one table, its repeated header row printed once."""

    def page(*rows: tuple[str, str]) -> list[Print | str]:
        lines: list[Print | str] = [rule(x, 700, x, 700 - 30 * len(rows)) for x in (90, 130, 450)]
        lines += [rule(90, 700 - 30 * n, 450, 700 - 30 * n) for n in range(len(rows) + 1)]
        for n, (number, problem) in enumerate(rows):
            lines += [Print(number, 95, 680 - 30 * n, 12), Print(problem, 140, 680 - 30 * n, 12)]
        return lines

    header = ("序号", "反馈问题")
    loaded = load(pdf_bytes(page(header, ("1", "问题一")), page(header, ("2", "问题二"))), "a.pdf")
    assert loaded.text == "序号\t反馈问题\n1\t问题一\n2\t问题二"
    assert len(loaded.tables) == 1


def test_doubled_and_slanted_characters_are_not_text() -> None:
    """Bold type imitated by printing twice is read once; a watermark across the page is not read."""
    doubled = [Print(TITLE, 100, 700), Print(TITLE, 100.3, 700)]
    mark = "BT /F 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm <5185 90e8> Tj ET"
    assert load(pdf_bytes([*doubled, mark]), "a.pdf").text == TITLE


def test_scan_is_refused() -> None:
    """A PDF of pictures fails with what to do."""
    with pytest.raises(NoTextLayer) as caught:
        load(pdf_bytes([], [], picture=True), "扫描件.pdf")
    assert str(caught.value) == "PDF 里没有文字层（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。"


def test_scanned_pages_among_others_are_named() -> None:
    """Where only some pages are pictures, the record says which ones were not read."""
    loaded = load(pdf_bytes(set_lines(PARAGRAPH), [], picture=True), "a.pdf")
    assert (loaded.text, loaded.repairs) == (PARAGRAPH, ("第2页只有图片，没有可读的文字",))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_password_is_asked_for(algorithm: str) -> None:
    """An encrypted PDF fails with what to do, whichever the cipher."""
    with pytest.raises(EncryptedInput) as caught:
        load(encrypted("secret", algorithm), "a.pdf")
    assert str(caught.value) == "PDF 已加密，需要密码才能打开。请解除密码保护后重新提供。"


def test_file_that_opens_without_a_password_is_read() -> None:
    """Protection against printing or copying alone does not keep a notice from being read."""
    assert load(encrypted("", "RC4-128"), "a.pdf").text == PARAGRAPH


def encrypted(password: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_bytes(set_lines(PARAGRAPH))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 20, pdf_bytes([])[:200]])
def test_broken_file_is_refused(data: bytes) -> None:
    """What only begins like a PDF fails with what to do."""
    with pytest.raises(DamagedInput) as caught:
        load(data, "a.pdf")
    assert str(caught.value) == "PDF 文件已损坏，无法解析。请重新下载，或用阅读器打开后另存一份再试。"


def test_stream_that_inflates_without_end_is_refused() -> None:
    """A small file that unpacks to more than the limit is not unpacked."""
    bomb = zlib.compress(bytes(70 * 2**20), 9)
    head = pdf_bytes([]).replace(b"%%EOF", b"")
    data = head + b"9 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n" % len(bomb) + bomb + b"\nendstream\nendobj\n"
    with pytest.raises(TooLarge) as caught:
        load(data, "a.pdf")
    assert str(caught.value) == "PDF 解压后超过64MB的上限，可能是恶意文件。请核对文件来源。"
