"""Bytes → characters: which encoding a Chinese text is in, and repair of text that was once read in the wrong one.

Order: byte order mark, what the file declares (HTML), strict UTF-8, then every encoding that decodes without an error
and yields common Chinese characters, best share first. Nothing is accepted only because it decodes: GB18030 decodes
nearly anything.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from bot.errors import DamagedInput, UnsupportedInput

# The most frequent characters of modern Chinese (Jun Da, Modern Chinese Character Frequency List, 2004) and some of
# rectification notices: two thirds of any real text are these, a twentieth of a text read in a wrong encoding.
_FREQUENT = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情"
    "明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给"
    "世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太"
    "量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "整改巡察委党组环境污染督落责任监监查镇县村局厅镇档镇纪企职责措施推续印号库库监"
)
_TRADITIONAL = (
    "這個們來為國說時會對後過發經麼學現當沒動還進實無與長機問間業關點題條體處報數總結構變員門開書統術導運製並產務環護"
    "縣鎮鄉黨組織責領監檢測標準證號區質應設計劃廠場達規範執辦專項戰續確認權積極圖農車輛庫銷減"
)
_PRINTABLE = re.compile(
    r"[\t\n\r\x20-\x7e\u00a0-\u04ff\u2000-\u2bff\u3000-\u33ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\ufffd]"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f“”‘’，。、；：（）《》\u3000\u00a0]+")
_SAMPLE = 4000
_FAIR = 0.25
"""Share of frequent characters below which Chinese text is not Chinese text (real notices: 0.5 and more)."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}
_NAMES = {"big5hkscs": "big5"}
_ASK_AGAIN = "请从原网站或原单位重新获取该文件。"
_TOLERATED = 0.01
"""Share of characters that may be lost for good before a text is refused instead of read with gaps."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``encoding``: the name a user knows (utf-8, gb18030, big5, utf-16-le …); ``repairs``: what was mended."""

    text: str
    encoding: str
    repairs: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Characters of a text file.

    Raises UnsupportedInput for binary data and DamagedInput where characters are lost for good.
    """
    decoded = _by_mark(data) or _by_declaration(data, declared) or _by_content(data)
    text, repairs = _undo_mojibake(decoded.text)
    _refuse_lost(text)
    _refuse_garbled(text)
    if controls := len(_CONTROL.findall(text)):
        text = _CONTROL.sub("", text)
        repairs = (*repairs, f"去除{controls}个控制字符")
    return Decoded(text, _NAMES.get(decoded.encoding, decoded.encoding), decoded.repairs + repairs)


def frequent_share(text: str) -> float:
    """Share of frequent Chinese characters among the first few thousand beyond ASCII (1.0 where there are none)."""
    letters: list[str] = []
    for run in _BEYOND_ASCII.finditer(text):
        letters += run.group()[:_SAMPLE]
        if len(letters) >= _SAMPLE:
            break
    return sum(map(_frequent().__contains__, letters)) / len(letters) if letters else 1.0


@cache
def _frequent() -> frozenset[str]:
    return frozenset(_FREQUENT + _TRADITIONAL)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding) or _lenient(data[len(mark) :], encoding)
    return None


def _by_declaration(data: bytes, declared: str | None) -> Decoded | None:
    """What the file says of itself, unless its bytes contradict it."""
    if declared is None:
        return None
    encoding = _ALIASES.get(declared.strip().lower(), declared.strip().lower())
    decoded = _strict(data, encoding) if encoding in (*_GUESSED, "utf-8") else None
    if decoded is not None and frequent_share(decoded.text) >= _FAIR:
        return decoded
    found = _by_content(data)
    if found.encoding == encoding:
        return found
    note = f"网页声明的编码{declared}与内容不符，按{_NAMES.get(found.encoding, found.encoding)}读取"
    return Decoded(found.text, found.encoding, (note, *found.repairs))


def _by_content(data: bytes) -> Decoded:
    as_utf8 = None if _looks_wide(data) else _strict(data, "utf-8")
    if as_utf8 is not None and _is_text(as_utf8.text):
        return as_utf8
    found = [decoded for name in _GUESSED if (decoded := _strict(data, name)) and _plausible(decoded.text)]
    if found:
        return max(found, key=lambda decoded: frequent_share(decoded.text))
    return _least_damaged(data)


def _looks_wide(data: bytes) -> bool:
    """Every line break and every ASCII digit of UTF-16 carries a zero byte; no eight-bit text has one."""
    return len(data) % 2 == 0 and b"\0" in data


def _least_damaged(data: bytes) -> Decoded:
    """A text file with a few broken bytes (a cut-off last character, a bad transfer), or not a text file at all."""
    found = [decoded for name in ("utf-8", "gb18030", "big5hkscs") if (decoded := _lenient(data, name))]
    readable = [decoded for decoded in found if _plausible(decoded.text)]
    if not readable:
        raise UnsupportedInput(
            "不是可识别的文本文件（可能是程序、图片或压缩数据）。请提供 txt、md、html、docx、pdf 或 ofd 格式的通报。"
        )
    return min(readable, key=lambda decoded: decoded.text.count("\ufffd"))


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _lenient(data: bytes, encoding: str) -> Decoded | None:
    """Decoded with � for what cannot be; None where that is more than a damaged text would have."""
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > max(1, _TOLERATED * len(text)):
        return None
    return Decoded(text, encoding, (f"{lost}处无法识别的字节以�代替",) if lost else ())


def _plausible(text: str) -> bool:
    """Printable nearly throughout, and where it is Chinese, Chinese that somebody could have written."""
    sample = text[:_SAMPLE]
    if not _is_text(text) or len(_PRINTABLE.findall(sample)) < 0.98 * len(sample):
        return False
    return frequent_share(text) >= _FAIR or (len(text) < 20 and _HAN.search(text) is not None)


def _is_text(text: str) -> bool:
    """A stray control character happens in text; binary data is full of them."""
    return len(_CONTROL.findall(text)) <= max(1, _TOLERATED * len(text))


def _refuse_lost(text: str) -> None:
    """锟斤拷 is what U+FFFD becomes when it is read as GBK: whoever made the file lost the characters."""
    if text.count("\ufffd") + text.count("锟斤拷") * 2 > max(3, _TOLERATED * len(text)):
        raise DamagedInput(f"文字在以前的编码转换中丢失（出现大量“�”或“锟斤拷”），无法恢复。{_ASK_AGAIN}")


def _refuse_garbled(text: str) -> None:
    """UTF-8 read as GBK loses every other stray byte: what is left can be told, but a figure in it not be trusted."""
    before = frequent_share(text)
    if before < _FAIR:
        guess = text.encode("gb18030", "replace").decode("utf-8", "replace")
        if _clearly_better(guess, before):
            raise DamagedInput(f"文件是乱码（UTF-8文本被误作GBK保存），部分文字已经丢失，无法恢复。{_ASK_AGAIN}")


# --- mojibake: text decoded in the wrong encoding, then saved again ---------------------------------------------------


def _undo_mojibake(text: str) -> tuple[str, tuple[str, ...]]:
    """Undo one wrong reading, or two on top of each other, only where the result is clearly better Chinese."""
    before = frequent_share(text)
    found: list[Decoded] = []
    if before < 2 * _FAIR:
        once = list(_readings(text))
        twice = (
            replace(again, repairs=first.repairs + again.repairs) for first in once for again in _readings(first.text)
        )
        found = [reading for reading in once if _clearly_better(reading.text, before)] or [
            reading for reading in twice if _clearly_better(reading.text, before)
        ]
    best = max(found, key=lambda reading: frequent_share(reading.text), default=None) or _undo_runs(text)
    return (best.text, best.repairs) if best else (text, ())


def _clearly_better(text: str, before: float) -> bool:
    return frequent_share(text) > max(_FAIR, 2 * before) and _HAN.search(text) is not None and not _CONTROL.search(text)


def _readings(text: str) -> Iterator[Decoded]:
    """The text as it would be had its bytes been read in another encoding."""
    western, chinese = text.translate(_bytes_of_western()), text
    for wrong, right, phrase, written in (
        ("latin-1", "utf-8", "UTF-8文本曾被误作西文编码，已还原", western),
        ("latin-1", "gb18030", "GBK文本曾被误作西文编码，已还原", western),
        ("latin-1", "big5hkscs", "Big5文本曾被误作西文编码，已还原", western),
        ("gb18030", "utf-8", "UTF-8文本曾被误作GBK，已还原", chinese),
        ("gb18030", "big5hkscs", "Big5文本曾被误作GBK，已还原", chinese),
        ("big5hkscs", "gb18030", "GBK文本曾被误作Big5，已还原", chinese),
        ("big5hkscs", "utf-8", "UTF-8文本曾被误作Big5，已还原", chinese),
    ):
        try:
            yield Decoded(written.encode(wrong).decode(right), right, (phrase,))
        except UnicodeError:
            continue


def _undo_runs(text: str) -> Decoded | None:
    """Runs of Western letters inside readable text whose bytes are UTF-8 of Chinese characters."""
    pieces: list[str] = []
    position = count = 0
    for run in _western_run().finditer(text):
        right = _as_utf8(run.group())
        if right is not None:
            pieces += text[position : run.start()], right
            position = run.end()
            count += 1
    if not count:
        return None
    return Decoded("".join((*pieces, text[position:])), "utf-8", (f"{count}处UTF-8文字曾被误作西文编码，已还原",))


def _as_utf8(run: str) -> str | None:
    try:
        right = run.translate(_bytes_of_western()).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return right if _HAN.search(right) or "\u3000" <= right[0] <= "\u303f" or right[0] >= "\uff00" else None


@cache
def _bytes_of_western() -> dict[int, str]:
    """cp1252's characters → the Latin-1 character of the same byte (its five unused bytes stay as they are)."""
    return {ord(char): chr(byte) for byte, char in _cp1252()}


@cache
def _western_run() -> re.Pattern[str]:
    high = "".join(char for byte, char in _cp1252() if byte >= 0x80)
    return re.compile(f"[{re.escape(high)}\x80-\xff]{{3,}}")


def _cp1252() -> Iterable[tuple[int, str]]:
    decoded = ((byte, bytes([byte]).decode("cp1252", "ignore")) for byte in range(256))
    return [(byte, char) for byte, char in decoded if char]
