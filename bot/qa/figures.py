"""Figures, dates and completion wording that a question takes for granted, compared with what the evidence prints.

Does not convert units and does not add up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.fold import fold
from bot.notices.dates import find_dates
from bot.notices.documents import find_documents
from bot.notices.numerals import ordinal
from bot.notices.plain import plain
from bot.notices.quantities import find_quantities
from bot.qa.values import base_unit, unit_matches

Verdict = Literal["same", "other", "silent"]


@dataclass(frozen=True, slots=True)
class FigureIn:
    """A number with its unit, or a date: ``unit`` "date", ``value`` ISO with ``????`` for a year not printed."""

    value: str
    unit: str
    text: str
    start: int


_CLASS = re.compile(r"(Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|(?<![a-z])(?:iii|ii|iv|i|v))类")
_CLASSES = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "Ⅴ": "5", "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


def figures(text: str) -> list[FigureIn]:
    """The quantities and dates (month or day at least) of a text, those inside 《》 left out."""
    flat = plain(text)
    titles = list(find_documents(flat))
    dates = find_dates(flat, titles)
    skip = sorted([*titles, *((hit.start, hit.end) for hit in dates)])
    found = [
        FigureIn(
            _number(hit.value),
            base_unit(flat[hit.unit_start : hit.end]) + _scale(flat[hit.unit_start : hit.end]),
            text[hit.start : hit.end],
            hit.start,
        )
        for hit in find_quantities(flat, skip)
    ]
    found += [FigureIn(_CLASSES[m[1]], "水质类别", text[m.start() : m.end()], m.start()) for m in _CLASS.finditer(text)]
    found += [FigureIn(hit.iso, "date", text[hit.start : hit.end], hit.start) for hit in dates if len(hit.iso) > 4]
    return sorted((figure for figure in found if figure.value != "几"), key=lambda figure: figure.start)


def _scale(unit: str) -> str:
    return unit[: len(unit) - len(base_unit(unit))].replace("余", "")


def _number(value: str) -> str:
    """Chinese numerals as ASCII digits: 两 → 2; ranges and printed decimals stay."""
    return value if value[:1].isascii() else str(ordinal(value) or value)


def same_unit(asked: FigureIn, printed: FigureIn) -> bool:
    """Whether two figures count in the same unit: 罚了65万 leaves out its 元."""
    return asked.unit == printed.unit or (asked.unit in ("万", "亿") and printed.unit == f"元{asked.unit}")


def same_figure(asked: FigureIn, printed: FigureIn) -> bool:
    """Whether two figures say the same; an unprinted year fits any, and so does a unit left out (1.8万)."""
    if asked.unit in ("万", "亿") and printed.unit.endswith(asked.unit):
        return asked.value == printed.value
    if asked.unit == "个" and printed.unit != "date" and unit_matches("个", printed.unit):
        return asked.value == printed.value  # 2个责任人 are 2名责任人
    if asked.unit != printed.unit:
        return False
    if asked.unit != "date":
        return asked.value == printed.value
    return any(_same_date(a, p) for a in asked.value.split("/") for p in printed.value.split("/"))


def _same_date(asked: str, printed: str) -> bool:
    shorter = min(len(asked), len(printed))
    return all(a in (p, "?") or p == "?" for a, p in zip(asked[:shorter], printed[:shorter], strict=True))


def compare_figure(asked: FigureIn, question: str, evidence: str) -> tuple[Verdict, FigureIn | None]:
    """Whether the evidence prints the figure, prints another one of the same thing instead, or is silent about it.

    Another figure contradicts only where it counts the same thing: a word next to the figure in the question must stand
    next to it in the evidence (20家加油站 against 10家加油站).
    """
    everything = figures(evidence)
    if any(same_figure(asked, figure) for figure in everything):
        return "same", None
    printed = [figure for figure in everything if same_unit(asked, figure)]
    if asked.unit == "水质类别" and printed:
        return "other", printed[0]
    if asked.unit == "date":
        printed = [figure for figure in printed if len(figure.value) >= len(asked.value)]
        return ("other", printed[0]) if printed else ("silent", None)
    beside = _beside(question, asked)
    for figure in printed:
        if beside & _beside(evidence, figure):
            return "other", figure
    return "silent", None


_COMMON = frozenset("的了是在有和与及或对被把将给从到就都也还个家座处项条次年月日等其中共已未")


def loosely_other(asked: FigureIn, question: str, evidence: str) -> FigureIn | None:
    """A figure of the same unit with a telling character beside it in common (罚了65万, 罚款43万元), if any."""
    near = {char for pair in _beside(question, asked) for char in pair} - _COMMON
    for figure in figures(evidence):
        if same_unit(asked, figure) and near & {char for pair in _beside(evidence, figure) for char in pair}:
            return figure
    return None


def _beside(text: str, figure: FigureIn) -> set[str]:
    """The character pairs within ten characters before and six after a figure."""
    flat = fold(text)
    if len(flat) != len(text):
        flat = plain(text)
    low, high = figure.start, figure.start + len(figure.text)
    before, after = flat[max(0, low - 10) : low], flat[high : high + 6]
    return {part[n : n + 2] for part in (before, after) for n in range(len(part) - 1) if part[n : n + 2].isalpha()}


_DONE = re.compile(
    r"(?:都|全部|完全|早已|均已|已全部|已经全部|业已)[^,，。]{0,6}(?:竣工|完工|完成|建成|销号|验收"
    r"|整改到位|整改完|投用|做完|办结|结束|化解|交付|退还|退清|收回|修复|修好|安装|改造|搬迁|关停|追回|追缴|拆除|拨付|发放|覆盖|清退)|(?:竣工|完工|完成整改|整改完成|建成"
    r"|投用|销号|验收|完成|交付|启用|批准|批复)(?:投用|使用|交付)?(?:之后|以后|后)"
    r"|(?:竣工|完工|建成|销号|验收)了[,，]"
)
_NOT_DONE = re.compile(
    r"主体(?:工程)?已?(?:基本)?完[工成]|基本完[工成]|阶段性完成|正在(?:施工|推进|整改|办理|建设)"
    r"|预计[^,，。]{0,14}(?:完工|完成|建成|竣工|投用|投入)|尚未|还未|未完成|未启动|未动工|未开工|剩余\d"
    r"|剩余[^,，。]{1,12}(?:正在|未|待)|其余[^,，。]{1,12}(?:正在|未|待)|推进中|序时进度"
    r"|待[^,，。]{1,8}后|正在(?:执行|进行|装修|通过|论证|协调|清退|追缴)"
)


def takes_for_done(question: str) -> bool:
    """Whether the question takes it for granted that something is finished."""
    return bool(_DONE.search(question))


def says_unfinished(evidence: str) -> re.Match[str] | None:
    """The words by which the evidence says that something is not, or not wholly, finished."""
    return _NOT_DONE.search(plain(evidence))
