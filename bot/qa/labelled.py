"""Figures of a sentence with the words that say what each is of, and the one that a phrase means.

关闭退出3家,就近搬迁9家 are two figures with two labels; A、B断面分别下降14%、2.7% are too. Knows the words around a
figure, not grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from bot.fold import fold
from bot.notices.dates import find_dates
from bot.notices.plain import plain
from bot.notices.quantities import QuantityHit, find_quantities
from bot.qa.operands import decimal_of
from bot.qa.words import synonyms


@dataclass(frozen=True, slots=True)
class Figure:
    """``before``, ``after``: the words on both sides, folded, up to the clause's beginning and the next figure or mark.
    ``start``: offset in the sentence. ``text``: as printed."""

    number: Decimal
    unit: str
    text: str
    start: int
    before: str
    after: str


_RESPECTIVELY = re.compile(
    r"(?P<names>[^,。;:]+?(?:、[^,。;:、]+)+?)(?:断面|地区|等)?(?:均值|浓度)?分别(?P<verb>[^\d。、,]{0,12})"
    r"(?P<figures>(?:[\d.]+[^\d、,。]{0,6}[、和])+[\d.]+[^\d、,。;]{0,6})"
)
_CROSSED = "#"
"""Stands for every character of an earlier figure: words before it belong to that one rather."""
_MULTIPLE = {"万": Decimal(10000), "亿": Decimal(100000000)}


def figures_of(sentence: str) -> list[Figure]:
    """Every quantity of a sentence with its label, in order; those of a 分别 with the name that each belongs to."""
    flat = plain(sentence)
    dates = sorted((hit.start, hit.end) for hit in find_dates(flat))
    counted = [hit for hit in find_quantities(flat, dates) if not _SIZE_AFTER.match(flat, hit.end)]
    hits = _with_bare(flat, counted, dates)
    found = []
    for n, hit in enumerate(hits):
        number = decimal_of(hit.value)
        if number is None:
            continue
        low = max(flat.rfind(mark, 0, hit.start) + 1 for mark in "。;:")
        stops = [flat.find(mark, hit.end) for mark in "。;,"]
        high = min([s for s in stops if s >= 0] + [hits[n + 1].start if n + 1 < len(hits) else len(flat)])
        last = next((hits[m].start for m in range(n + 1, len(hits))), len(flat))
        after = flat[hit.end : max(high, min(last, _clause_end(flat, hit.end)))]
        text = flat[hit.start : hit.end]
        before = "".join(
            _CROSSED if any(low <= h.start <= at < _owned(flat, h) for h in hits[:n]) else flat[at]
            for at in range(low, hit.start)
        )
        unit = flat[hit.unit_start : hit.end]
        found.append(Figure(number, unit, text, hit.start, fold(before), fold(after)))
    return _distributed(flat, found)


_NAMED_AFTER = re.compile(
    r"(?![的已均都和及与等])(?:\d[吨米升][\u4e00-\u9fff]{2})?[\u4e00-\u9fff]{2,12}?(?=[和及与、])"
)


def _owned(text: str, hit: QuantityHit) -> int:
    """The end of what a figure counts, which stands right behind it: 生物质锅炉 in 12家生物质锅炉和3家燃煤锅炉."""
    named = _NAMED_AFTER.match(text, hit.end) if text[hit.unit_start : hit.end] in COUNTED else None
    return named.end() if named else hit.end


_SIZE_AFTER = re.compile(r"(?:及|\(含\))?以[上下内](?=[\u4e00-\u9fff])")
"""12家2吨以下生物质锅炉: 2吨 says which, not how much."""
_BARE = re.compile(r"(?<![\d.a-zA-Z])\d+\.\d+(?![\d.])(?=[,，。;；、)）]|$)")
"""A number without a unit: 综合指数3.65."""


def _with_bare(text: str, hits: list[QuantityHit], dates: Sequence[tuple[int, int]]) -> list[QuantityHit]:
    taken = [*((hit.start, hit.end) for hit in hits), *dates]
    bare = [
        QuantityHit(m.group(), m.start(), m.end(), m.end())
        for m in _BARE.finditer(text)
        if not any(low < m.end() and m.start() < high for low, high in taken)
    ]
    return sorted([*hits, *bare], key=lambda hit: hit.start)


def respectively(sentence: str) -> list[tuple[str, Figure]]:
    """The names of an A、B分别1%、2%, each with its figure; empty where there is none."""
    match = _RESPECTIVELY.search(plain(sentence))
    if not match:
        return []
    low, high = match.span("figures")
    inside = [figure for figure in figures_of(sentence) if low <= figure.start < high]
    names = [re.sub(r"^.*[,，]|(?:断面|地区)$", "", name.strip()) for name in re.split(r"[、和]", match["names"])]
    return list(zip(names, inside, strict=True)) if len(names) == len(inside) else []


def _clause_end(text: str, start: int) -> int:
    """The end of the clause after a figure, and of the next one where the first says nothing yet."""
    ends = [m.start() for m in re.finditer(r"[,。;]", text[start : start + 40])]
    return start + (ends[0] if ends else min(40, len(text) - start))


def _distributed(text: str, found: list[Figure]) -> list[Figure]:
    match = _RESPECTIVELY.search(text)
    if not match:
        return found
    names = re.split(r"[、和]", match["names"])
    low, high = match.span("figures")
    inside = [figure for figure in found if low <= figure.start < high]
    if len(inside) != len(names):
        return found
    own = {
        figure.start: Figure(figure.number, figure.unit, figure.text, figure.start, fold(name + match["verb"]), "")
        for name, figure in zip(names, inside, strict=True)
    }
    return [own.get(figure.start, figure) for figure in found]


def fit(figure: Figure, phrase: str) -> float:
    """How much of a phrase (0-1) stands beside a figure: nearer counts more, before it more than after."""
    pairs = _pairs(phrase)
    rest = REST_FIT if _ASKS_REST.search(phrase) and _REST.search(figure.before[-8:] + figure.after) else 0.0
    if not pairs:
        return rest
    total = 0.0
    weights = [1.0] * (len(pairs) - 1) + [HEAD_WEIGHT]
    for pair, heavy in zip(pairs, weights, strict=True):
        total += heavy * max(
            (
                share * weight / (1 + away / 12)
                for text, weight, tail in ((figure.before, 1.0, True), (figure.after, 0.8, False))
                for word, share in ((pair, 1.0), *((other, 0.8) for other in _others(pair, phrase)))
                if (at := text.rfind(word) if tail else text.find(word)) >= 0
                for away in [(len(text) - at - len(word) if tail else at) + 6 * _commas(text, at, tail)]
            ),
            default=0.0,
        )
    return max(total / sum(weights), rest)


HEAD_WEIGHT = 2.0
"""What the last two characters of a phrase count: 采石场的罚款 is a 罚款."""


REST_FIT = 0.4
"""How well 其余61处 fits 还没修的."""
_ASKS_REST = re.compile(r"剩|没|未|其余|其他|另外")
_REST = re.compile(r"剩余|剩下|其余|尚|未|仍|另")


def _commas(text: str, at: int, tail: bool) -> int:
    between = text[at:] if tail else text[:at]
    return between.count(",") + (2 if _CROSSED in between else 0)


_WEAK = re.compile(r"[的了是在有和与跟比里中个]|哪|多少|几|现在|目前")


def _pairs(phrase: str) -> list[str]:
    parts = _WEAK.sub(" ", re.sub(r"(?:19|20)\d\d年", " ", fold(phrase))).split()
    return list(
        dict.fromkeys(part[n : n + 2] for part in parts for n in range(max(1, len(part) - 1)) if part[n : n + 2])
    )


def _others(pair: str, phrase: str) -> list[str]:
    """Other words for the words of a phrase that a pair belongs to."""
    return [other for word, others in synonyms().items() if pair in word and word in phrase for other in others]


def scaled(figure: Figure) -> tuple[Decimal, str]:
    """A figure without 万 and 亿 in its unit, so that 1.2亿元 and 3000万元 can be compared."""
    match = re.match(r"([万亿])(.*)", figure.unit)
    return (figure.number * _MULTIPLE[match[1]], match[2]) if match else (figure.number, figure.unit)


_IN_BASE: dict[str, tuple[str, Decimal]] = {
    "公顷": ("亩", Decimal(15)),
    "平方公里": ("亩", Decimal(1500)),
    "千米": ("公里", Decimal(1)),
    "米": ("公里", Decimal("0.001")),
    "公斤": ("吨", Decimal("0.001")),
    "千克": ("吨", Decimal("0.001")),
    "方": ("立方米", Decimal(1)),
    "名": ("人", Decimal(1)),
}
"""Units that are another one, and how many of it."""


def in_base(number: Decimal, unit: str) -> tuple[Decimal, str]:
    """A number in the unit that its kind is compared in (公顷 in 亩)."""
    base, factor = _IN_BASE.get(unit, (unit, Decimal(1)))
    return number * factor, base


def best_pair(figures: Sequence[Figure], sides: Sequence[str], *, least: float) -> tuple[list[Figure], float] | None:
    """For each side another figure of one unit, so that they fit best together; None where one fits less than
    ``least``."""
    best: tuple[list[Figure], float] | None = None
    for unit in dict.fromkeys(scaled(figure)[1] for figure in figures):
        pool = [figure for figure in figures if scaled(figure)[1] == unit][:MAX_FIGURES]
        others = [figure for figure in figures if scaled(figure)[1] != unit]
        clearest = {side: max((fit(figure, side) for figure in others), default=0.0) for side in sides}
        scores = {(n, m): fit(figure, side) for n, side in enumerate(sides) for m, figure in enumerate(pool)}
        for order in permutations(range(len(pool)), len(sides)):
            own = [scores[n, m] for n, m in enumerate(order)]
            clear = all(score >= CLOSE * clearest[side] for score, side in zip(own, sides, strict=True))
            if min(own) >= least and clear and (best is None or sum(own) > best[1]):
                best = ([pool[m] for m in order], sum(own))
    return best


CLOSE = 0.6
"""How well the figure of a side must fit, against the one of another unit that fits it best."""
MAX_FIGURES = 8
"""Figures of one unit in a sentence that are tried against the sides."""


COUNTED = frozenset("个艘家座处项条件名户台套人次所份口宗栋辆")
"""Measure words of single things: how many of one and of another can be told, not added up."""
LIKE = {
    "个": tuple(sorted(COUNTED - {"个"})),
    "人": ("名",),
    "家": ("个",),
    "方": ("立方米",),
}
"""Measure words that may stand for the one asked with."""
