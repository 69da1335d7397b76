"""A file's bytes → ``Loaded``: the notice's text, and what had to be done to get it.

Format by content first, by the name's extension only where the content cannot tell (txt and md look alike). What each
format does is in ``bot.notices.formats``; what is cut from the text, whatever its format, in ``bot.notices.clean``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from bot.errors import EmptyInput, EncryptedInput, TooLarge, UnsupportedInput
from bot.notices.clean import clean
from bot.notices.formats.archive import Archive
from bot.notices.formats.html import looks_like_html, read_html
from bot.notices.formats.mail import looks_like_mhtml, read_mhtml
from bot.notices.formats.ofd import read_ofd
from bot.notices.formats.office import read_office
from bot.notices.formats.pdf import read_pdf
from bot.notices.formats.text import read_markdown, read_text
from bot.notices.formats.word import read_docx
from bot.notices.offsets import OffsetMap
from bot.notices.raw import Raw, Table
from bot.notices.tabbed import tabbed_tables

__all__ = ["Loaded", "OffsetMap", "Table", "load"]

LIMIT_BYTES = 50 * 2**20
"""Default limit of a file's size. The longest notices are a few hundred kilobytes."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_MAGIC = b"\xec\xa5"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_READABLE = "请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A notice's text and how it came about.

    ``format``: txt, md, html, mhtml, docx, pdf, ofd, doc, wps, rtf or odt; ``encoding``: of the bytes; ``repairs``:
    short Chinese phrases; ``cut``: what was set apart, verbatim. ``tables``: spans into ``text``. ``offsets``: from
    ``text`` to the text as decoded, before any cleaning (html, docx, pdf, ofd: as the format's reader gave it).
    """

    text: str
    format: str
    encoding: str
    repairs: tuple[str, ...]
    cut: tuple[str, ...]
    tables: tuple[Table, ...]
    offsets: OffsetMap


def load(data: bytes, name: str, *, limit_bytes: int = LIMIT_BYTES) -> Loaded:
    """Read one file. ``name`` is only looked at for its extension.

    Raises an ``InputError`` that says in Chinese what is wrong with the file and what to do.
    """
    if len(data) > limit_bytes:
        size, limit = len(data) / 2**20, limit_bytes / 2**20
        raise TooLarge(f"文件有{size:.1f}MB，超过{limit:g}MB的上限。请拆分文件，或在设置中调高上限。")
    if not data.strip(b" \t\r\n\0"):
        raise EmptyInput("文件是空的，没有任何内容。请检查文件是否下载或保存完整。")
    raw = _read(data, PurePath(name).suffix.lower())
    cleaned = clean(raw.text)
    if not cleaned.text.strip():
        raise EmptyInput("文件中没有正文文字。请检查文件是否保存完整。")
    return Loaded(
        text=cleaned.text,
        format=raw.format,
        encoding=raw.encoding,
        repairs=raw.repairs + cleaned.repairs,
        cut=raw.cut + cleaned.cut,
        tables=tuple(_moved(table, cleaned.offsets) for table in raw.tables) or tabbed_tables(cleaned.text),
        offsets=cleaned.offsets.after(raw.offsets) if raw.offsets else cleaned.offsets,
    )


def _moved(table: Table, offsets: OffsetMap) -> Table:
    rows = tuple(tuple(offsets.span_from_source(cell) for cell in row) for row in table.rows)
    return Table(rows, offsets.span_from_source(table.span))


def _read(data: bytes, suffix: str) -> Raw:
    if b"%PDF-" in data[:1024]:
        return read_pdf(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_zip(data)
    if data.startswith(_OLE):
        return _read_ole(data, suffix)
    if data.startswith(b"{\\rtf"):
        return read_office(data, "rtf")
    if data.startswith(_PICTURES):
        raise UnsupportedInput("这是图片，没有文字可读。请先用文字识别（OCR）软件转换，或提供文字版。")
    if looks_like_mhtml(data):
        return read_mhtml(data)
    if looks_like_html(data, suffix):
        return read_html(data)
    return read_markdown(data) if suffix in _MARKDOWN else read_text(data)


def _read_zip(data: bytes) -> Raw:
    """By what lies in it: every office format since 2006 is a zip of XML."""
    names = Archive(data, "压缩格式的文件").names
    folders = {name.partition("/")[0] for name in names}
    if "word" in folders:
        return read_docx(data)
    if "OFD.xml" in names:
        return read_ofd(data)
    if folders & {"xl", "ppt"}:
        kind = "Excel 表格" if "xl" in folders else "PPT 演示文稿"
        raise UnsupportedInput(f"不能读取 {kind}。{_READABLE}")
    if "mimetype" in names and "content.xml" in names:
        return read_office(data, "odt")
    raise UnsupportedInput(f"这是压缩包。请解压后提供其中的文件。{_READABLE}")


def _read_ole(data: bytes, suffix: str) -> Raw:
    """By the streams named in it: old Office files, and new ones that are encrypted, share this container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedInput("文档已加密，需要密码才能打开。请解除密码保护后重新提供。")
    if "WordDocument".encode("utf-16-le") not in data:
        raise UnsupportedInput(f"不是 Word 文档（可能是旧版 Excel 表格或 PPT）。{_READABLE}")
    if _is_encrypted_word(data):
        raise EncryptedInput("文档已加密，需要密码才能打开。请解除密码保护后重新提供。")
    return read_office(data, "wps" if suffix == ".wps" else "doc")


def _is_encrypted_word(data: bytes) -> bool:
    """Bit fEncrypted of the File Information Block ([MS-DOC] 2.5.2), which begins at a sector's start."""
    block = next((at for at in range(512, len(data), 512) if data.startswith(_WORD_MAGIC, at)), None)
    return block is not None and len(data) > block + 11 and bool(data[block + 11] & 0x01)
