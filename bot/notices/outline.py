"""The heading tree of a notice: 一、 → (一) → 1. → (1), 问题1:, 任务一, and 一是 or ① where they begin a line.

Knows numbers and lines only; what a heading means (problem, narrative, plan) is decided in ``items``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.notices.fields import MEASURES, Field, find_fields
from bot.notices.numerals import BRACKETED, CHINESE, CIRCLED, ordinal
from bot.notices.orders import without_orders
from bot.notices.plain import plain as to_plain
from bot.notices.raw import Table
from bot.records import Span

_CN = f"[{CHINESE}]{{1,4}}"
_MARKER = re.compile(
    r"^[ \t]*(?:#{1,6} *)?(?:\*\*)?(?:"
    rf"(?P<part>第(?P<n0>{_CN}|\d{{1,3}})(?:部分|章|节)[、:. ]*)"
    rf"|(?P<word>[【\[〔]?(?:第(?P<n1>{_CN}|\d{{1,3}})(?:个|项|条)(?:反馈|整改)?(?:问题"
    rf"|任务)|(?:巡察|巡视|督察|审计)?(?:反馈|整改|具体|突出|发现|查出|指出)?的?(?:问题|任务|事项) ?"
    rf"(?:\((?P<n2>{_CN}|\d{{1,3}})\)|(?P<n3>{_CN}|\d{{1,3}})))(?:[】\]〕][ :、.]*| ?[:、.] *|  *|$))"
    rf"|(?P<cn>(?P<n4>{_CN}) ?[、.] *)"
    rf"|(?P<pcn>(?:\( ?(?P<n5>{_CN}) ?\)|(?P<n12>[{BRACKETED}]))[、.]? *)"
    r"|(?P<num>(?P<n6>\d{1,3}) ?(?:[、.](?!\d)|[、.](?=(?:19|20)\d\d年)) *|(?P<n7>\d{1,3}) +(?=关于)"
    r"|(?P<n14>\d{1,2}[-.]\d{1,2}) *[、.]? +(?=[一-鿿“])"
    r"|(?P<n13>\d{1,2})[.](?=\d{1,4}[个家名户项处条座起人件宗万亿吨公米%]))"
    r"|(?P<pnum>\( ?(?P<n8>\d{1,3}) ?\)[、.]? *|(?P<n9>\d{1,2})\)[、.]? *)"
    rf"|(?P<circ>(?P<n10>[{CIRCLED}])[、.]? *)"
    rf"|(?P<shi>(?P<n11>{_CN})是(?!否) *)"
    r")",
    re.MULTILINE,
)
_KINDS = ("part", "cn", "pcn", "word", "num", "pnum", "circ", "shi")
MEASURE_KINDS = ("circ", "shi")
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}
_NUMBERS = tuple(_MARKER.groupindex[f"n{index}"] for index in range(15))
# Where a heading may begin inside a line in which several items run together.
_INSIDE = re.compile(
    rf"(?:^|(?<=[。;:\n])) *(?:(?P<pcn>\( ?(?P<n5>{_CN}) ?\)[、.]? *)|(?P<num>(?P<n6>\d{{1,2}})(?:[.](?!\d)|、) *))",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered paragraph and what stands under it.

    ``start``: its number; ``content``: the first character after the number; ``line_end``: the end of its first line;
    ``end``: the end of everything under it. ``label``: its number as printed, brackets folded. ``parent``: index or -1.
    """

    kind: str
    ordinal: int
    label: str
    start: int
    content: int
    line_end: int
    end: int
    parent: int
    depth: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in the order of the text, with the plain text and its lead words that the grammar works on."""

    plain: str
    headings: tuple[Heading, ...]
    fields: tuple[Field, ...]
    starts: tuple[int, ...]
    field_starts: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]

    def path(self, index: int) -> tuple[int, ...]:
        """The headings above and including ``index``, outermost first."""
        chain: list[int] = []
        while index >= 0:
            chain.append(index)
            index = self.headings[index].parent
        return tuple(reversed(chain))

    def label(self, index: int) -> str:
        """The printed number path: ``二/(一)/3``."""
        return "/".join(self.headings[step].label for step in self.path(index))

    def at(self, offset: int) -> int:
        """The heading whose own text holds ``offset``: the last one that begins at or before it; -1 before all."""
        return bisect_right(self.starts, offset) - 1

    def fields_in(self, start: int, end: int) -> tuple[Field, ...]:
        """Lead words that begin in ``[start, end)``."""
        low = bisect_left(self.field_starts, start)
        return self.fields[low : bisect_left(self.field_starts, end)]

    def own_end(self, index: int) -> int:
        """Where the first heading under it begins that is more than a measure (一是, ①), or its end."""
        for child in self.children[index]:
            if self.headings[child].kind not in MEASURE_KINDS:
                return self.headings[child].start
        return self.headings[index].end


class _Mark(NamedTuple):
    kind: str
    number: int
    label: str
    start: int
    content: int
    line_end: int


class _Open(NamedTuple):
    kind: str
    number: int
    heading: int
    nested: bool


def outline(text: str, tables: Sequence[Table] = ()) -> Outline:
    """The heading tree of ``text``; lines inside ``tables`` are cells, not headings."""
    plain = without_orders(to_plain(text))
    cells = [table.span for table in tables]
    fields = tuple(f for f in find_fields(plain) if not cells or not _inside(cells, f.start))
    marks = _marks(text, plain, cells)
    for line in _crowded(plain, fields):
        inside = _marks_inside(text, plain, line, fields)
        if inside:
            marks = sorted([*(mark for mark in marks if not line[0] <= mark.start < line[1]), *inside], key=_start)
    return build(plain, marks, fields)


def _start(mark: _Mark) -> int:
    return mark.start


def _crowded(plain: str, fields: Sequence[Field]) -> list[Span]:
    """Lines in which the same measures lead word comes twice: several items run together."""
    leads = [f for f in fields if f.role == MEASURES]
    twice = [a for a, b in pairwise(leads) if a.word == b.word and plain.find("\n", a.end, b.start) < 0]
    lines = {plain.rfind("\n", 0, lead.start) + 1 for lead in twice}
    return [(start, end if (end := plain.find("\n", start)) >= 0 else len(plain)) for start in sorted(lines)]


def _marks_inside(text: str, plain: str, line: Span, fields: Sequence[Field]) -> list[_Mark]:
    """The numbers in a crowded line, if they count on from each other and a measures lead word follows each."""
    leads = [f.start for f in fields if f.role == MEASURES and line[0] <= f.start < line[1]]
    for kind in ("pcn", "num"):
        found = [match for match in _INSIDE.finditer(plain, *line) if match[kind]]
        stops = [*(match.start() for match in found[1:]), line[1]]
        numbers = [ordinal(match["n5" if kind == "pcn" else "n6"]) for match in found]
        counted = len(found) > 1 and all(b == a + 1 for a, b in pairwise(numbers))
        if counted and all(
            bisect_right(leads, stop) > bisect_right(leads, match.start())
            for match, stop in zip(found, stops, strict=True)
        ):
            return [_mark_inside(text, match, stop, kind) for match, stop in zip(found, stops, strict=True)]
    return []


def _mark_inside(text: str, match: re.Match[str], stop: int, kind: str) -> _Mark:
    numeral = text[slice(*match.span("n5" if kind == "pcn" else "n6"))]
    label = f"({numeral})" if kind == "pcn" else numeral
    return _Mark(kind, ordinal(numeral), label, match.start(kind), match.end(), stop)


def _inside(spans: Sequence[Span], offset: int) -> bool:
    return any(low <= offset < high for low, high in spans)


def build(plain: str, marks: Sequence[_Mark], fields: tuple[Field, ...]) -> Outline:
    """Nest the marks."""
    parents = _parents(plain, marks, [f.end for f in fields if f.role == MEASURES])
    ends = _ends(parents, [mark.start for mark in marks], len(plain))
    depths: list[int] = []
    children: list[list[int]] = [[] for _ in marks]
    roots: list[int] = []
    for index, parent in enumerate(parents):
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        (children[parent] if parent >= 0 else roots).append(index)
    headings = tuple(
        Heading(m.kind, m.number, m.label, m.start, m.content, m.line_end, ends[i], parents[i], depths[i])
        for i, m in enumerate(marks)
    )
    return Outline(
        plain,
        headings,
        fields,
        tuple(mark.start for mark in marks),
        tuple(f.start for f in fields),
        tuple(map(tuple, children)),
        tuple(roots),
    )


def _marks(text: str, plain: str, tables: Sequence[Span]) -> list[_Mark]:
    marks: list[_Mark] = []
    for match in _MARKER.finditer(plain):
        start = match.start()
        if _inside(tables, start):
            continue
        if match["n13"] and not any(
            mark.kind == "num" and mark.number == int(match["n13"]) - 1 for mark in marks[-12:]
        ):
            continue  # 2.3家 begins item 2 only where an item 1 stands before it
        line_end = plain.find("\n", start)
        marks.append(_mark(match, text, len(plain) if line_end < 0 else line_end))
    return marks


def _mark(match: re.Match[str], text: str, line_end: int) -> _Mark:
    kind = match.lastgroup or ""  # the group that closes last: the one around its number
    groups = match.groups()
    number = next(group for group in _NUMBERS if groups[group - 1] is not None)
    numeral = match[number]
    numeral = text[slice(*match.span(number))]  # as printed: a label keeps full-width digits
    if match["n12"]:
        numeral = CHINESE[BRACKETED.index(numeral)]
    label = f"({numeral})" if kind in ("pcn", "pnum") else f"{numeral}是" if kind == "shi" else numeral
    return _Mark(
        kind,
        ordinal(re.split("[-.]", match[number])[-1]),
        label,
        match.start(kind),
        min(match.end(), line_end),
        line_end,
    )


def _parents(plain: str, marks: Sequence[_Mark], leads: Sequence[int]) -> list[int]:
    parents: list[int] = []
    stack: list[_Open] = []
    for index, mark in enumerate(marks):
        nested = _under_lead(plain, leads, mark.start)
        level = _level(stack, mark, nested)
        nested = nested and level == len(stack)
        if level == len(stack) and not nested:
            while stack and _RANK[stack[-1].kind] > _RANK[mark.kind]:
                stack.pop()
            level = len(stack)
        kind = stack[level].kind if level < len(stack) else mark.kind
        inner = stack[level].nested if level < len(stack) else nested
        del stack[level:]
        parents.append(stack[-1].heading if stack else -1)
        stack.append(_Open(kind, mark.number, index, inner))
    return parents


def _level(stack: Sequence[_Open], mark: _Mark, nested: bool) -> int:
    """How many open headings stay open above the mark; ``len(stack)`` where no open one is its sibling."""
    same = [i for i, opened in enumerate(stack) if opened.kind == mark.kind]
    if nested and mark.number == 1 and not any(opened.nested for opened in stack):
        return len(stack)
    if mark.kind == "pnum" and not any(stack[i].number == mark.number - 1 for i in same):
        kin = [i for i, o in enumerate(stack) if o.kind == "pcn" and o.number == mark.number - 1 and mark.number > 1]
        if kin:
            return kin[-1]
    if not same:
        return len(stack)
    following = [i for i in same if stack[i].number == mark.number - 1]
    return (
        following[-1] if following and stack[same[-1]].nested else same[-1] if not stack[same[-1]].nested else same[0]
    )


def _under_lead(plain: str, leads: Sequence[int], start: int) -> bool:
    """Whether nothing stands between a measures lead word (整改措施:) and the mark."""
    before = bisect_right(leads, start) - 1
    return before >= 0 and start - leads[before] < 40 and not plain[leads[before] : start].strip()


def _ends(parents: Sequence[int], starts: Sequence[int], length: int) -> list[int]:
    """Each heading ends where the next one that is not under it begins."""
    ends = [length] * len(parents)
    open_path: list[int] = []
    for index, parent in enumerate(parents):
        while open_path and open_path[-1] != parent:
            ends[open_path.pop()] = starts[index]
        open_path.append(index)
    return ends
