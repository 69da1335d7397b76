"""Encodings of Chinese text, and text that was once read in the wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DamagedInput, InputError, UnsupportedInput
from bot.notices.decode import Decoded, decode

SIMPLIFIED = "中共临湘市委关于巡察整改进展情况的通报\n一、整改情况：已建成污水管网25公里，投入1.2亿元。\n"
TRADITIONAL = "中共饒平縣衛生健康局黨組關於縣委巡察反饋意見整改進展情況的通報\n一、整改情況：已整改問題5個。\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encoding_is_recognised(codec: str, encoding: str) -> None:
    """Text in any of the usual encodings is read without a repair, with or without a byte order mark."""
    assert decode(SIMPLIFIED.encode(codec)) == Decoded(SIMPLIFIED, encoding)


def test_utf16_with_a_mark_is_read_by_its_mark() -> None:
    """The byte order mark of UTF-16 decides, whichever the order, and is no part of the text."""
    assert decode(b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be")) == Decoded(SIMPLIFIED, "utf-16-be")
    assert decode(b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le")) == Decoded(SIMPLIFIED, "utf-16-le")


def test_big5_is_told_from_gbk() -> None:
    """Traditional text in Big5 decodes as GB18030 too; the share of common characters tells which it is."""
    data = TRADITIONAL.encode("big5")
    data.decode("gb18030", "replace")
    assert decode(data) == Decoded(TRADITIONAL, "big5")


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_a_few_characters_are_enough(codec: str) -> None:
    """Even a single heading is recognised."""
    assert decode("整改情况".encode("gb18030") if codec == "gb18030" else "整改情況".encode(codec)).text[:2] == "整改"


@pytest.mark.parametrize(
    ("written", "read", "phrase"),
    [
        ("utf-8", "latin-1", "UTF-8文本曾被误作西文编码，已还原"),
        ("gbk", "latin-1", "GBK文本曾被误作西文编码，已还原"),
    ],
)
def test_mojibake_is_undone_and_recorded(written: str, read: str, phrase: str) -> None:
    """Text read as Western and saved again is restored, and the record says what had happened."""
    garbled = SIMPLIFIED.encode(written).decode(read)
    assert decode(garbled.encode()) == Decoded(SIMPLIFIED, "utf-8", (phrase,))


def test_windows_western_is_undone_too() -> None:
    """Windows' Western code page differs from Latin-1 at 0x80–0x9F; both are led back to their bytes."""
    garbled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in SIMPLIFIED.encode())
    assert decode(garbled.encode()) == Decoded(SIMPLIFIED, "utf-8", ("UTF-8文本曾被误作西文编码，已还原",))


def test_mojibake_read_twice_is_undone_twice() -> None:
    """Two wrong readings are two repairs."""
    garbled = SIMPLIFIED.encode().decode("latin-1").encode().decode("latin-1")
    phrase = "UTF-8文本曾被误作西文编码，已还原"
    assert decode(garbled.encode()) == Decoded(SIMPLIFIED, "utf-8", (phrase, phrase))


def test_utf8_read_as_gbk_is_undone_where_nothing_was_lost() -> None:
    """涓浗 becomes 中国 again where every byte survived."""
    intact = "整改工作与生态环境保护日常工作紧密结合，以整改推动生态环境治理体系和治理能力现代化，持续"
    garbled = intact.encode().decode("gbk")
    assert decode(garbled.encode()) == Decoded(intact, "utf-8", ("UTF-8文本曾被误作GBK，已还原",))


def test_garbled_passage_in_sound_text_is_undone() -> None:
    """A Western run whose bytes are UTF-8 is restored inside readable text."""
    garbled = SIMPLIFIED + "附件：整改清单".encode().decode("latin-1")
    assert decode(garbled.encode()) == Decoded(
        f"{SIMPLIFIED}附件：整改清单", "utf-8", ("1处UTF-8文字曾被误作西文编码，已还原",)
    )


@pytest.mark.parametrize(
    "text", ["Ärger über Öl, naïve café", "température °C ±5 ×10³", "ⅠⅡⅢ①②③ α β", "涓涓细流汇成江河"]
)
def test_sound_text_is_not_repaired(text: str) -> None:
    """Foreign letters, signs and rare characters are no mojibake."""
    assert decode(text.encode()) == Decoded(text, "utf-8")


@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_text_with_lost_bytes_is_refused(errors: str) -> None:
    """UTF-8 read as GBK usually loses bytes; guessing them could change a figure, so the file fails with its reason."""
    garbled = (SIMPLIFIED * 20).encode().decode("gbk", errors)
    reason = {
        "ignore": "文件是乱码（UTF-8文本被误作GBK保存），部分文字已经丢失，无法恢复。"
        "请从原网站或原单位重新获取该文件。",
        "replace": "文字在以前的编码转换中丢失（出现大量“�”或“锟斤拷”），无法恢复。请从原网站或原单位重新获取该文件。",
    }
    with pytest.raises(DamagedInput) as caught:
        decode(garbled.encode())
    assert str(caught.value) == reason[errors]


def test_few_broken_bytes_are_replaced_and_counted() -> None:
    """A text file cut inside its last character is read, with the gap marked and recorded."""
    data = SIMPLIFIED.encode()[:-2]
    assert decode(data) == Decoded(SIMPLIFIED[:-2] + "�", "utf-8", ("1处无法识别的字节以�代替",))


def test_stray_control_characters_go() -> None:
    """A stray control character is dropped and counted; it does not make a text binary."""
    assert decode(("\x01" + SIMPLIFIED).encode()) == Decoded(SIMPLIFIED, "utf-8", ("去除1个控制字符",))


def test_binary_is_refused() -> None:
    """Bytes that are no text in any encoding fail with what to do instead."""
    with pytest.raises(UnsupportedInput) as caught:
        decode(bytes(range(256)) * 8)
    assert str(caught.value) == (
        "不是可识别的文本文件（可能是程序、图片或压缩数据）。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。"
    )


def test_lying_declaration_is_recorded() -> None:
    """A page that declares UTF-8 and is GBK is read as GBK, and the record says so."""
    note = "网页声明的编码utf-8与内容不符，按gb18030读取"
    assert decode(SIMPLIFIED.encode("gbk"), "utf-8") == Decoded(SIMPLIFIED, "gb18030", (note,))


def test_unknown_declaration_is_ignored() -> None:
    """A charset name that nobody knows is no error; the content decides."""
    assert decode(SIMPLIFIED.encode(), "x-sjis-klingon").text == SIMPLIFIED


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_an_input_error(data: bytes) -> None:
    """Whatever the bytes, the result is text without control characters, or an error that names the file's fault."""
    controls = {chr(code) for code in (*range(9), *range(14, 27), 28, 29, 30, 31, 127)}
    try:
        text = decode(data).text
    except InputError:
        return
    assert not set(text) & controls


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=50))
def test_utf8_survives_whatever_its_characters(text: str) -> None:
    """Rare characters in a row never lose to another reading of their bytes."""
    assert decode(text.encode("utf-8-sig")).encoding == "utf-8"
