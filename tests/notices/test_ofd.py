"""OFD: the national fixed-layout format."""

from __future__ import annotations

import pytest

from bot.errors import DamagedInput, EncryptedInput, NoTextLayer
from bot.notices.load import load
from tests.notices.notice_files import PARAGRAPH, ofd_bytes, ofd_text, zip_bytes

LINE = 26


def set_page(text: str, top: float = 60, left: float = 32) -> str:
    """Paragraphs with two characters of indentation, ``LINE`` characters a line."""
    lines = []
    for paragraph in text.split("\n"):
        rest = paragraph[LINE - 2 :]
        lines.append((paragraph[: LINE - 2], left + 11.2))
        lines += [(rest[at : at + LINE], left) for at in range(0, len(rest), LINE)]
    return "".join(ofd_text(line, x, top + 10 * number) for number, (line, x) in enumerate(lines))


def test_lines_are_rejoined_into_paragraphs() -> None:
    """The text objects' lines become the paragraphs that they were broken from, across pages too."""
    text = f"{PARAGRAPH}\n一、整改情况\n1.问题一。\n整改情况：已整改到位。"
    loaded = load(ofd_bytes(set_page(text), set_page(PARAGRAPH)), "通报.ofd")
    assert loaded.text == f"{text}\n{PARAGRAPH}"
    assert (loaded.format, loaded.encoding, loaded.repairs, loaded.cut) == ("ofd", "utf-8", (), ())


def test_pieces_at_one_height_are_one_line() -> None:
    """Characters that a producer wrote one by one are one line, a wide gap in it is a space."""
    pieces = "".join(ofd_text(char, 40 + 5.6 * n, 60) for n, char in enumerate("来源某局"))
    assert load(ofd_bytes(pieces + ofd_text("日期2021", 90, 60)), "a.ofd").text == "来源某局 日期2021"


def test_place_is_moved_by_box_and_matrix() -> None:
    """A text's place is its own, moved by its object's matrix and box: two objects on one line belong together."""
    moved = (
        '<ofd:TextObject ID="2" Boundary="45.6 50 60 20" Size="1" CTM="5.6 0 0 5.6 0 10"><ofd:TextCode X="0" Y="1" '
        'DeltaX="1">进展</ofd:TextCode></ofd:TextObject>'
    )
    assert load(ofd_bytes(ofd_text("整改", 34.4, 60) + moved), "a.ofd").text == "整改进展"


def test_page_furniture_is_set_apart() -> None:
    """Page numbers and running heads are no part of the text."""
    pages = [
        ofd_text("某县委文件", 30, 15) + set_page(PARAGRAPH) + ofd_text(f"- {number} -", 95, 280) for number in (1, 2)
    ]
    loaded = load(ofd_bytes(*pages), "a.ofd")
    assert (loaded.text, loaded.cut) == (f"{PARAGRAPH}\n{PARAGRAPH}", ("某县委文件", "- 1 -"))


def test_scan_is_refused() -> None:
    """An OFD of pictures fails with what to do."""
    with pytest.raises(NoTextLayer) as caught:
        load(ofd_bytes('<ofd:ImageObject ID="1" Boundary="0 0 210 297"/>'), "a.ofd")
    assert str(caught.value) == ("OFD 文件里没有文字层（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。")


def test_encrypted_file_is_refused() -> None:
    """The list of encrypted parts tells an encrypted OFD."""
    with pytest.raises(EncryptedInput) as caught:
        load(zip_bytes({"OFD.xml": "<OFD/>", "Encryptions.xml": "<Encryptions/>"}), "a.ofd")
    assert str(caught.value) == "OFD 文件已加密，需要密码才能打开。请解除密码保护后重新提供。"


def test_missing_part_is_named() -> None:
    """A file that refers to a part it does not have fails with the part's name."""
    data = zip_bytes({"OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"})
    with pytest.raises(DamagedInput) as caught:
        load(data, "a.ofd")
    assert str(caught.value) == (
        "OFD 文件已损坏（缺少部件Doc_0/Document.xml）。请重新下载，或用办公软件打开后另存一份再试。"
    )
