"""The critical tokens of a text: figures, dates, titles, document numbers, names; and whether another text has them.

A token is proved by the same token: the same number in the same unit with the same 约/超过/不足, a date with every part
that is printed, a title or quoted phrase word for word. Chinese numerals equal their digits (三十七座, 37座).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.fold import fold
from bot.notices.dates import DateHit, find_dates, resolve
from bot.notices.documents import find_documents
from bot.notices.numerals import ordinal
from bot.notices.plain import plain
from bot.notices.quantities import find_quantities
from bot.records import Span

_BEFORE = (
    ("over", re.compile(r"(?:超过?|逾|多于|高于|大于|突破|不止)$")),
    ("under", re.compile(r"(?:不足|不到|未满|未达|少于|低于|小于|近)$")),
    ("least", re.compile(r"(?:至少|不少于|不低于|最少)$")),
    ("most", re.compile(r"(?:至多|不超过|不多于|不高于|最多|不大于)$")),
    ("about", re.compile(r"(?:约|大约|左右|将近|大概)$")),
)
_AFTER = (
    ("over", re.compile(r"(?:以上|之多)")),
    ("under", re.compile(r"(?:以下|以内|之内)")),
    ("about", re.compile(r"(?:左右|上下)")),
)
_SAME_UNIT = {
    "千米": "公里",
    "km": "公里",
    "㎡": "平方米",
    "m2": "平方米",
    "m3": "立方米",
    "m³": "立方米",
    "千克": "公斤",
}
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_NUMERALS = re.compile(r"[零〇一二三四五六七八九十百千两]{1,9}")
_FRACTION = re.compile(
    r"百分之([零〇一二三四五六七八九十百点\d.]+)|([一二三四五六七八九十\d]+)分之([一二三四五六七八九十\d]+)|过半|半数|一半|翻番|翻一番|翻两番|一成|[二两三四五六七八九]成"
)
_DOCUMENT_NUMBER = re.compile(r"[\[(]\d{4}[\])]\s?第?\d+号")
_QUOTED = re.compile(r"“([^“”]{2,60})”")
_LATIN = re.compile(r"[A-Za-z]+[A-Za-z0-9.\-]*")
_RELATIVE = re.compile(
    r"今年|去年|前年|明年|后年|上个?月|本月|下个?月|近日|日前|昨[天日]|今[天日]|明[天日]|年初|年内|年末|上半年|下半年|[一二三四]季度|上旬|中旬|下旬"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit. ``bound``: over, under, least, most, about or none; ``start``, ``end``: in plain text."""

    value: str
    unit: str
    bound: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What must be the same for the number to be the same."""
        return self.value, self.unit, self.bound


@dataclass(frozen=True, slots=True)
class Facts:
    """The critical tokens of a text in plain form. ``titles``: spans of 《》; ``loose``: digits in no other token."""

    plain: str
    numbers: tuple[Number, ...]
    dates: tuple[tuple[str, int, int], ...]
    titles: tuple[Span, ...]
    document_numbers: tuple[str, ...]
    quoted: tuple[str, ...]
    latin: tuple[str, ...]
    relative: tuple[str, ...]
    fractions: tuple[str, ...]
    loose: tuple[str, ...]


@lru_cache(maxsize=512)
def facts(text: str) -> Facts:
    """All critical tokens of a text."""
    flat = plain(text)
    titles = find_documents(flat)
    hits = find_dates(flat, titles)
    skip = sorted([*titles, *((hit.start, hit.end) for hit in hits)])
    numbers = tuple(_numbers(flat, skip))
    taken = sorted([*skip, *((number.start, number.end) for number in numbers)])
    return Facts(
        flat,
        numbers,
        tuple(_dates(hits)),
        tuple(titles),
        tuple(match.group() for match in _DOCUMENT_NUMBER.finditer(_brackets(flat))),
        tuple(match[1] for match in _QUOTED.finditer(flat)),
        tuple(match.group().lower() for match in _LATIN.finditer(flat)),
        tuple(match.group() for match in _RELATIVE.finditer(flat)),
        tuple(match.group() for match in _FRACTION.finditer(flat)),
        tuple(m.group() for m in _DIGITS.finditer(flat) if not _within(m.start(), taken)),
    )


def _within(offset: int, spans: list[Span]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _brackets(flat: str) -> str:
    return flat.translate(str.maketrans("〔〕【】", "[][]"))


def _numbers(flat: str, skip: list[Span]) -> Iterator[Number]:
    for hit in find_quantities(flat, skip):
        unit = flat[hit.unit_start : hit.end].replace("余", "").replace("多", "").strip()
        between = flat[hit.start : hit.end]
        bound = "over" if "余" in between or re.search(r"\d多", between) else _bound(flat, hit.start, hit.end)
        yield Number(_value(hit.value), _SAME_UNIT.get(unit, unit), bound, hit.start, hit.end)


def _bound(flat: str, start: int, end: int) -> str:
    before, after = flat[max(0, start - 4) : start], flat[end : end + 3]
    # 不超过 ends in 超过, 将近 in 近: the longer word decides, so most and least come before over and under.
    order = ("least", "most", "about", "over", "under")
    found = [name for name, pattern in _BEFORE if pattern.search(before)]
    found += [name for name, pattern in _AFTER if pattern.match(after)]
    return next((name for name in order if name in found), "")


def _value(printed: str) -> str:
    if "/" in printed:
        return "/".join(_value(part) for part in printed.split("/"))
    if printed[:1].isdigit():
        digits = printed.replace(",", "")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits.lstrip("0") or "0"
    return str(ordinal(printed) or printed)


def _dates(hits: list[DateHit]) -> Iterator[tuple[str, int, int]]:
    """ISO forms with their places: as printed, and with the year that the passage gives."""
    for hit in hits:
        yield hit.iso, hit.start, hit.end
    for iso, hit in resolve(hits, None):
        if iso != hit.iso:
            yield iso, hit.start, hit.end


# -- proof -------------------------------------------------------------------------------------------------------------


def unproved(claim: str, proof: str, context: str = "") -> list[str]:
    """The critical tokens of ``claim``, as written, that ``proof`` does not have.

    ``context`` (a notice's title, the headings above): proves titles and quoted phrases, never a figure or a date.
    """
    said, printed = facts(claim), facts(proof)
    words = squeezed(proof)
    known = words + squeezed(context)
    missing = [_shown(said, n.start, n.end) for n in said.numbers if not has_number(n, printed)]
    missing += _undated(said, printed)
    missing += [t for t in (_shown(said, *span) for span in said.titles) if squeezed(t) not in known]
    missing += [n for n in said.document_numbers if squeezed(n) not in squeezed(_brackets(plain(proof)))]
    missing += [f"“{phrase}”" for phrase in said.quoted if squeezed(phrase) not in known]
    missing += [word for word in said.latin if word not in printed.latin and squeezed(word) not in known]
    missing += [word for word in (*said.relative, *said.fractions) if squeezed(word) not in words]
    missing += [digits for digits in said.loose if not _has_digits(digits, printed.plain)]
    return list(dict.fromkeys(missing))


def has_number(number: Number, printed: Facts) -> bool:
    """Whether the other text has the same number, in the same unit, with the same bound."""
    return any(number.key == other.key for other in printed.numbers)


def _undated(said: Facts, printed: Facts) -> list[str]:
    """Dates of the claim of which no form (as printed, year from the passage) stands in the proof."""
    forms: dict[Span, list[str]] = {}
    for iso, start, end in said.dates:
        forms.setdefault((start, end), []).append(iso)
    known = [iso for iso, _, _ in printed.dates]
    return [
        _shown(said, *span) for span, isos in forms.items() if not any(_same_date(isos[0], other) for other in known)
    ]


def _same_date(said: str, printed: str) -> bool:
    if "/" in said:
        return "/" in printed and all(map(_same_date, said.split("/"), printed.split("/")))
    return any(_covers(said, one) for one in printed.split("/"))


def _covers(said: str, printed: str) -> bool:
    """Every part that is said is printed; an unprinted year (????) proves no year, but needs none."""
    parts, others = said.split("-"), printed.split("-")
    return len(parts) <= len(others) and all(a in (b, "????") for a, b in zip(parts, others, strict=False))


def _has_digits(digits: str, flat: str) -> bool:
    value = _value(digits)
    if any(_value(match.group()) == value for match in _DIGITS.finditer(flat)):
        return True
    return any(str(ordinal(match.group())) == value for match in _NUMERALS.finditer(flat))


def _shown(found: Facts, start: int, end: int) -> str:
    return found.plain[start:end]


def squeezed(text: str) -> str:
    """Folded, without white space: what is compared word for word."""
    return "".join(fold(text).split())
