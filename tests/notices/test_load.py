"""Any file in, a notice's text or a named reason out."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import EmptyInput, EncryptedInput, InputError, TooLarge, UnsupportedInput
from bot.notices.load import Loaded, load
from tests.notices.notice_files import (
    PARAGRAPH,
    docx_bytes,
    new_document,
    ofd_bytes,
    ofd_text,
    pdf_bytes,
    set_lines,
    zip_bytes,
)

HTML = (
    f"<html><head><title>关于整改情况的通报</title></head><body><table><tr><td>1<td>2<tr><td>3<td>4</table>{PARAGRAPH}"
)


def small_docx() -> bytes:
    document = new_document()
    document.add_paragraph(PARAGRAPH)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "序号"
    return docx_bytes(document)


SAMPLES = {
    "txt": PARAGRAPH.encode("gb18030"),
    "md": f"# {PARAGRAPH}\n\n| 甲 | 乙 |\n|--|--|\n| 1 | 2 |".encode(),
    "html": HTML.encode(),
    "docx": small_docx(),
    "ofd": ofd_bytes(ofd_text(PARAGRAPH[:26], 30, 60)),
    "pdf": pdf_bytes(set_lines(PARAGRAPH)),
}


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "md"])
@pytest.mark.parametrize("name", ["通报", "通报.txt", "通报.bin"])
def test_content_tells_the_format(kind: str, name: str) -> None:
    """A file with a wrong extension, or none, is read as what it is."""
    loaded = load(SAMPLES[kind], name)
    assert loaded.format == kind
    assert PARAGRAPH[:20] in loaded.text


def test_page_saved_as_mail_is_read() -> None:
    """An MHTML file is the page that is in it."""
    message = EmailMessage()
    message["Subject"] = "saved page"
    message.set_content(HTML, subtype="html", charset="gb18030")
    message.make_related()
    loaded = load(bytes(message), "通报.mhtml")
    assert loaded.format == "mhtml"
    assert loaded.text.endswith(PARAGRAPH)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\0" * 100, b"\xef\xbb\xbf\n", "\u3000\n\xa0".encode()])
def test_empty_file(data: bytes) -> None:
    """Nothing, or nothing but white space, is named as such."""
    with pytest.raises(EmptyInput):
        load(data, "a.txt")


def test_empty_file_says_what_to_do() -> None:
    """The message of an empty file is one that an official can act on."""
    with pytest.raises(EmptyInput) as caught:
        load(b"", "a.txt")
    assert str(caught.value) == "文件是空的，没有任何内容。请检查文件是否下载或保存完整。"


def test_file_above_the_limit() -> None:
    """The limit is checked before anything is read, and the message names both sizes."""
    with pytest.raises(TooLarge) as caught:
        load(bytes(3 * 2**20), "a.pdf", limit_bytes=2 * 2**20)
    assert str(caught.value) == "文件有3.0MB，超过2MB的上限。请拆分文件，或在设置中调高上限。"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            bytes(range(256)) * 8,
            "不是可识别的文本文件（可能是程序、图片或压缩数据）。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "这是图片，没有文字可读。请先用文字识别（OCR）软件转换，或提供文字版。"),
        (
            zip_bytes({"xl/workbook.xml": "<x/>"}),
            "不能读取 Excel 表格。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。",
        ),
        (
            zip_bytes({"通报.docx": "x"}),
            "这是压缩包。请解压后提供其中的文件。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
            "不是 Word 文档（可能是旧版 Excel 表格或 PPT）。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。",
        ),
    ],
)
def test_what_is_not_read_says_what_is(data: bytes, message: str) -> None:
    """Other formats fail with what they are and which ones to provide."""
    with pytest.raises(UnsupportedInput) as caught:
        load(data, "通报.txt")
    assert str(caught.value) == message


def test_encrypted_archive_is_recognised() -> None:
    """A docx inside a zip with a password asks for it to be taken off."""
    data = bytearray(zip_bytes({"word/document.xml": PARAGRAPH}))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedInput) as caught:
        load(bytes(data), "a.docx")
    assert str(caught.value) == "Word 文档已加密，需要密码才能打开。请解除密码保护后重新提供。"


def test_zip_bomb_is_not_unpacked() -> None:
    """A part that unpacks to more than the limit stops at the limit."""
    with pytest.raises(TooLarge) as caught:
        load(zip_bytes({"word/document.xml": bytes(70 * 2**20)}), "a.docx")
    assert str(caught.value) == "Word 文档解压后超过64MB的上限，可能是恶意文件。请核对文件来源。"


def check(loaded: Loaded) -> None:
    """What holds of everything that is loaded."""
    assert loaded.text.strip()
    assert len(loaded.text) == loaded.offsets.length
    for table in loaded.tables:
        assert len({len(row) for row in table.rows}) >= 1
        assert all(0 <= start <= end <= len(loaded.text) for row in table.rows for start, end in (*row, table.span))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    cut=st.floats(0.2, 1),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6),
)
def test_damaged_files_raise_nothing_but_input_errors(
    kind: str, cut: float, changes: list[tuple[float, bytes]]
) -> None:
    """A file of any format, cut short and overwritten here and there, is read or fails with its reason."""
    data = bytearray(SAMPLES[kind])
    for place, content in changes:
        at = int(place * len(data))
        data[at : at + len(content)] = content
    try:
        check(load(bytes(data[: int(cut * len(data))]), f"a.{kind}"))
    except InputError as error:
        assert str(error).endswith("。")  # noqa: PT017 - the other outcome is a text, checked above


@settings(max_examples=150, deadline=None)  # an office file starts LibreOffice, which takes seconds
@given(
    st.sampled_from(
        [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"MIME-Version: 1"]
    ),
    st.binary(max_size=400),
    st.sampled_from(["txt", "md", "html", "pdf", "docx", "doc"]),
)
def test_random_bytes_raise_nothing_but_input_errors(magic: bytes, data: bytes, suffix: str) -> None:
    """Bytes that only pretend to be of a format are read as text or fail with their reason."""
    try:
        check(load(magic + data, f"a.{suffix}"))
    except InputError as error:
        assert str(error).endswith("。")  # noqa: PT017 - the other outcome is a text, checked above


@pytest.mark.parametrize("kind", ["txt", "md", "html"])
def test_five_megabytes_take_seconds(kind: str) -> None:
    """Reading is linear: a file a thousand times the usual size is no trouble."""
    line = f"{PARAGRAPH}（一）整改情况：环(huán)境 **重点** | 分享到：微信"
    text = (f"<p>{line}</p>" if kind == "html" else f"{line}\n\n") * 15_000
    started = time.perf_counter()
    loaded = load(text.encode(), f"a.{kind}")
    assert len(loaded.text) > 1_000_000
    assert time.perf_counter() - started < 10
