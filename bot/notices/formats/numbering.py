"""Word's automatic numbering, as it is printed.

The number of a paragraph is not in its text: it is worked out from numbering.xml (ECMA-376 part 1, 17.9) by counting.
Lists that share an abstract definition share their counters; a number instance may restart them once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.notices.formats.archive import attribute, child, local

_DEEPEST = 9
_LARGEST = 32767
_PLACE = re.compile(r"%([1-9])")
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")
_GAPLESS = "、．.。，,）)】〕:："
"""Behind these, Word's tab after a number is hardly seen in print."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``pattern``: printed form, %1…%9 for the counters; ``style``: the style tied to it."""

    start: int = 1
    numeral: str = "decimal"
    pattern: str = ""
    gap: str = "tab"
    style: str | None = None
    restarts_after: int | None = None
    arabic: bool = False


@dataclass(frozen=True, slots=True)
class _Instance:
    """A list as paragraphs refer to it: an abstract definition, with levels replaced or restarted."""

    abstract: str
    starts: dict[int, int]
    levels: dict[int, Level]


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has been counted."""

    abstracts: dict[str, dict[int, Level]] = field(default_factory=dict)
    instances: dict[str, _Instance] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, root: Any, style_lists: dict[str, str]) -> Numbering:
        """From numbering.xml; ``style_lists``: list style → number instance (w:numStyleLink)."""
        numbering = cls()
        linked: dict[str, str] = {}
        for element in root:
            identity = attribute(element, "abstractNumId") or ""
            if local(element) == "abstractNum":
                numbering.abstracts[identity] = _levels(element)
                if (link := child(element, "numStyleLink")) is not None:
                    linked[identity] = style_lists.get(attribute(link, "val") or "", "")
            elif local(element) == "num":
                numbering.instances[attribute(element, "numId") or ""] = _instance(element)
        for identity, instance in linked.items():
            if instance in numbering.instances:
                target = numbering.instances[instance].abstract
                numbering.abstracts[identity] = numbering.abstracts.get(target, {})
        return numbering

    def level_of_style(self, instance: str, style: str) -> int:
        """The level that a list ties to a paragraph style, 0 where it ties none."""
        found = self.instances.get(instance)
        levels = self.abstracts.get(found.abstract, {}) if found else {}
        return next((number for number, level in levels.items() if level.style == style), 0)

    def next_number(self, instance: str, depth: int) -> str:
        """Count one paragraph of that list and level; returns its number as printed, with the gap behind it."""
        found = self.instances.get(instance)
        if found is None or not 0 <= depth < _DEEPEST:
            return ""
        levels = {**self.abstracts.get(found.abstract, {}), **found.levels}
        level = levels.get(depth, Level())
        counters = self._counters.setdefault(found.abstract, [None] * _DEEPEST)
        if instance not in self._begun:
            self._begun.add(instance)
            for number in found.starts:
                counters[number] = None
        _count(counters, depth, levels, found.starts)
        text = _PLACE.sub(lambda place: _counter(int(place[1]) - 1, counters, levels, level), level.pattern)
        return _with_gap("•" if _PRIVATE_USE.search(text) else text, level)


def _count(counters: list[int | None], depth: int, levels: dict[int, Level], starts: dict[int, int]) -> None:
    for number in range(depth + 1):
        if counters[number] is None:
            counters[number] = starts.get(number, levels.get(number, Level()).start) - (number == depth)
    counters[depth] = min((counters[depth] or 0) + 1, _LARGEST)
    for deeper in range(depth + 1, _DEEPEST):
        after = levels.get(deeper, Level()).restarts_after
        if after is None or depth < after:
            counters[deeper] = None


def _counter(number: int, counters: list[int | None], levels: dict[int, Level], printed: Level) -> str:
    level = levels.get(number, Level())
    value = counters[number]
    return numeral(level.start if value is None else value, "decimal" if printed.arabic else level.numeral)


def _with_gap(text: str, level: Level) -> str:
    if not text or level.gap == "nothing" or (level.gap == "tab" and text[-1] in _GAPLESS):
        return text
    return f"{text} "


def _levels(element: Any) -> dict[int, Level]:
    levels = (each for each in element if local(each) == "lvl")
    return {_integer(attribute(level, "ilvl"), 0): _level(level) for level in levels}


def _level(element: Any) -> Level:
    values = {local(each): attribute(each, "val") for each in element}
    restart = values.get("lvlRestart")
    return Level(
        start=_integer(values.get("start"), 0),
        numeral=values.get("numFmt") or "decimal",
        pattern=values.get("lvlText") or "",
        gap=values.get("suff") or "tab",
        style=values.get("pStyle"),
        restarts_after=None if restart is None else _integer(restart, 0),
        arabic="isLgl" in values and values["isLgl"] not in {"0", "false"},
    )


def _instance(element: Any) -> _Instance:
    starts: dict[int, int] = {}
    levels: dict[int, Level] = {}
    for override in (each for each in element if local(each) == "lvlOverride"):
        depth = _integer(attribute(override, "ilvl"), 0)
        if (replaced := child(override, "lvl")) is not None:
            levels[depth] = _level(replaced)
        if (start := child(override, "startOverride")) is not None and depth < _DEEPEST:
            starts[depth] = _integer(attribute(start, "val"), 1)
    abstract = child(element, "abstractNumId")
    return _Instance((attribute(abstract, "val") if abstract is not None else None) or "", starts, levels)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,5}", text) else default


# --- numerals ---------------------------------------------------------------------------------------------------------


def numeral(value: int, form: str) -> str:
    """A counter in one of the formats of ECMA-376 17.18.59 (ST_NumberFormat); unknown ones count 1, 2, 3."""
    return _NUMERALS.get(form, str)(value)


def _chinese(value: int, *, digits: str = "零一二三四五六七八九", places: str = "十百千", full: bool = False) -> str:
    """十一, 一百零一, 一千二百; ``full``: 壹拾壹, where the accountants' form never shortens 一十."""
    if not 0 < value < 10_000:
        return str(value)
    printed = ""
    for power, digit in reversed(list(enumerate(int(figure) for figure in reversed(str(value))))):
        if digit:
            printed += digits[digit] + (places[power - 1] if power else "")
        elif printed and printed[-1] != digits[0] and value % 10**power:
            printed += digits[0]
    ten = digits[1] + places[0]
    return printed[1:] if printed.startswith(ten) and not full else printed


def _digits(value: int) -> str:
    return str(value).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _chinese_to_99(value: int) -> str:
    return _chinese(value) if value < 100 else _digits(value)


def _cycle(row: str) -> Callable[[int], str]:
    return lambda value: row[value - 1] if 0 < value <= len(row) else str(value)


def _letters(value: int) -> str:
    """a…z, aa, bb: Word repeats the letter."""
    return chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 100) if value > 0 else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    parts = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
    printed = ""
    for worth, letters in parts:
        printed += letters * (value // worth)
        value %= worth
    return printed


def _full_width(value: int) -> str:
    return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_NUMERALS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "bullet": lambda _: "",
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _cycle(_CIRCLED),
    "decimalEnclosedCircleChinese": _cycle(_CIRCLED),
    "decimalEnclosedParen": _cycle("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "decimalEnclosedFullstop": _cycle("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "ideographEnclosedCircle": _cycle("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseCounting": _chinese_to_99,
    "taiwaneseCounting": _chinese_to_99,
    "chineseCountingThousand": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "chineseLegalSimplified": lambda value: _chinese(value, digits="零壹贰叁肆伍陆柒捌玖", places="拾佰仟", full=True),
    "ideographLegalTraditional": lambda value: _chinese(
        value, digits="零壹貳參肆伍陸柒捌玖", places="拾佰仟", full=True
    ),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}
