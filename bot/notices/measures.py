"""Rectification text → enumerated measures: 一是…二是…, (1)(2)…, ①②…, 首先/其次/第三, 1.2.3., 一、二、.

Markers are found once for the whole notice; a passage takes those that lie in it. The numbering that begins first is
the measures' own, another one inside a measure makes its sub-measures.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.notices.numerals import BRACKETED, CHINESE, CIRCLED, ordinal
from bot.records import Measure, Span, Verifiable

_CN = f"[{CHINESE}]{{1,3}}"
# Each pattern begins with a class or with literals, so that the search skips to it at once.
_PATTERNS = (
    re.compile(rf"[{CHINESE}][{CHINESE}]{{0,2}}(?:(?P<shi>[是要](?!否))|(?P<cn>、))"),
    re.compile(rf"\( ?(?:(?P<pnum>[0-9]{{1,2}})|(?P<pcn>{_CN})) ?\)[、.]?"),
    re.compile(rf"[{CIRCLED}](?P<circ>[、.]?)"),
    re.compile(rf"[{BRACKETED}](?P<pcn>[、.]?)"),
    re.compile(r"[0-9][0-9]?(?:(?P<num>[.、](?!\d))|(?P<pnum>\)[、.]?))"),
    re.compile(
        rf"第(?P<di>[{CHINESE}])[,、:]|其(?P<shi>[{CHINESE}])[,、:是]"
        r"|(?P<first>首先|其次|再次|最后"
        r"|第[三四五六](?![方季批次轮条届人产项期个组名者张款章节级部类线医中小大稿阶种代]))"
    ),
    re.compile(r"(?<=\n)(?P<num>1)\.(?=[0-9]+[一-鿿][^\n]*\n[ \t]*2[.、])"),  # 1.15名领导…, with a line 2. below
    re.compile(rf"(?:整改措施|措施|举措|做法)(?P<word>{_CN}|\d{{1,2}})[:、.]"),
)
_NUMERAL = re.compile(rf"[{CHINESE}]{{1,3}}|[0-9]{{1,2}}|[{CIRCLED}{BRACKETED}]")
_FIRST = {"首先": 1, "其次": 2, "再次": 3, "第三": 3, "第四": 4, "第五": 5, "第六": 6, "最后": 99}
_BEFORE = {
    # 、 and , stand before 一是 and before nothing else; a bare number needs the start of a line or of a sentence.
    "shi": "。;:,!?、\n\t )”…-】]〕",
    "di": "。;:!?\n\t )】]〕",
    "first": "。;:!?\n\t 】]〕",
    "pnum": "。;:!?\n\t ,、】]〕",
    "pcn": "。;:!?\n\t 】]〕",
    "circ": "。;:!?\n\t ,、)”-】]〕",
    "num": "。;:!?\n\t 】]〕",
    "cn": "。;:!?\n\t】]〕",
    "word": "。;:!?\n\t 】]〕",
}
_TAIL = "、,: \t\n."
_LIST = ("num", "cn")


class Mark(NamedTuple):
    """An enumeration marker: its family, number, and ``start`` to ``end`` (what follows the marker)."""

    family: str
    ordinal: int
    start: int
    end: int


def find_marks(plain: str) -> list[Mark]:
    """Every possible enumeration marker of the text, in order."""
    found = {mark.start: mark for pattern in _PATTERNS for mark in _marks(plain, pattern)}
    return sorted(found.values(), key=lambda mark: mark.start)


def _marks(plain: str, pattern: re.Pattern[str]) -> Iterator[Mark]:
    for match in pattern.finditer(plain):
        family = match.lastgroup or ""
        start, end = match.span()
        if (plain[start - 1] if start else "\n") not in _BEFORE[family] and not _runs_on(plain, match):
            continue
        if family == "first":
            yield Mark(family, _FIRST[match["first"]], start, end)
        else:
            numeral = _NUMERAL.search(plain, start, end)
            yield Mark(family, ordinal(numeral.group()) if numeral else 0, start, end)


def _runs_on(plain: str, match: re.Match[str]) -> bool:
    """(2) and later between two words: measures that no stop parts, (1)新建3个(2)流转800亩."""
    if match.lastgroup != "pnum" or plain[match.start()] != "(" or ordinal(match["pnum"]) < 2:
        return False
    return bool(_WORD.match(plain, match.start() - 1) and _WORD.match(plain, match.end()))


_WORD = re.compile(r"[一-鿿%]")
Judge = Callable[[int, int, bool], Verifiable]
"""Whether ``[start, end)`` can be checked; the flag says that it only leads to sub-measures."""


class Enumerations:
    """The markers of one text, and the measures that they make of its passages."""

    def __init__(self, text: str, plain: str, judge: Judge) -> None:
        self._text = text
        self._plain = plain
        self._judge = judge
        self._marks = find_marks(plain)
        self._starts = [mark.start for mark in self._marks]

    def measures(self, span: Span, depth: int = 0, used: tuple[str, ...] = ()) -> tuple[Measure, ...]:
        """The measures of a passage; empty where it is blank."""
        marks = self._within(span)
        run = _run([mark for mark in marks if mark.family not in used], span[0]) if marks else []
        if depth and len(run) < 2:
            return ()
        pieces = self._pieces(span, run)
        family = (*used, run[0].family) if run else used
        found = (self._measure(marker, piece, depth, family) for marker, piece in pieces)
        return tuple(measure for measure in found if measure)

    def _within(self, span: Span) -> Sequence[Mark]:
        return self._marks[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]

    def _pieces(self, span: Span, run: Sequence[Mark]) -> Iterator[tuple[Mark | None, Span]]:
        start, end = span
        if not run:
            yield None, span
            return
        if run[0].start > start:
            yield None, (start, run[0].start)
        for index, mark in enumerate(run):
            yield mark, (mark.end, run[index + 1].start if index + 1 < len(run) else end)

    def _measure(self, mark: Mark | None, piece: Span, depth: int, used: tuple[str, ...]) -> Measure | None:
        start, end = piece
        words = self._plain[start:end]
        stripped = words.rstrip()
        end = start + len(stripped)
        start += len(stripped) - len(stripped.lstrip(_TAIL if mark else " \t\n"))
        if start >= end:
            return None
        subs = self.measures((start, end), depth + 1, used) if depth == 0 else ()
        lead = depth > 0 and mark is None
        marker = self._text[mark.start : mark.end].rstrip(" \t") if mark else None
        return Measure(marker, self._text[start:end], (start, end), self._judge(start, end, lead), subs)


def _run(marks: Sequence[Mark], begin: int) -> list[Mark]:
    """The enumeration that begins first, and its further members: the next number, or a new beginning at 1."""
    for index, first in enumerate(marks):
        if first.ordinal != 1:
            continue
        run = _follow(first, marks[index + 1 :])
        if len(run) > 1 or first.start == begin or first.family in ("shi", "pnum", "circ", "di", "word"):
            return run
    return []


def _follow(first: Mark, marks: Sequence[Mark]) -> list[Mark]:
    run = [first]
    for mark in marks:
        if mark.family != first.family:
            continue
        if mark.ordinal == 1 or run[-1].ordinal < mark.ordinal <= run[-1].ordinal + 2 or mark.ordinal == 99:
            run.append(mark)
    return run
