"""One side of a comparison: its number with its unit, picked out of a sentence by the words that stand next to it.

Does not know what is asked of the numbers: earliest, most, difference and total are decided by those who compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.fold import fold_with_map
from bot.notices.numerals import ordinal
from bot.notices.plain import plain
from bot.qa.question import Plan
from bot.qa.sentences import Sentence
from bot.qa.values import typed_values

SMALLEST = re.compile(r"(?:最|更)(?:少|小|短|低|早|先)|少[?？。]?$")
"""Asks for the least or earliest, not the most."""
HOW_MUCH = re.compile(r"(?:多|少|高|低|大|长)(?:了|出|出来)?(?:多少|几)|相差|差(?:了)?(?:多少|几)")
"""Asks for the difference itself."""
TOTAL = re.compile(
    r"加起来|合计|总和|一共.{0,6}加|总共.{0,6}加|加上|(?:和|、)[^,，。?？]{1,20}(?:总共|一共|共)(?:是|有)?(?:多少|几)"
)
"""Asks for the sum."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison, as called in the question; ``at``: where in the sentence its number is printed."""

    name: str
    number: Decimal
    unit: str
    notice_id: str
    sentence: Sentence
    item_id: str | None
    at: int = -1


def number_near(sentence: str, side: str, plan: Plan) -> tuple[Decimal, str, int] | None:
    """The number that stands closest to the words of one side in a sentence."""
    want = plan.want if plan.want in ("number", "money", "percent") else "number"
    flat = plain(sentence)
    folded, offsets = fold_with_map(sentence)
    word = _longest_run(side, folded)
    spots = [offsets[m.start() + len(word) - 2] for m in re.finditer(re.escape(word), folded)] if len(word) >= 2 else []
    if not spots:
        return None
    best: tuple[float, Decimal, str, int] | None = None
    for value in typed_values(sentence, want, plan.unit):
        text = flat[value.start : value.end]
        match = re.match(r"[\d.,]+|[一二三四五六七八九十百两]+", text)
        if not match:
            continue
        number = decimal_of(match.group())
        near = sum(1 / (1 + _away(flat, spot, value.start, value.end)) for spot in spots)
        if number is not None and (best is None or near > best[0]):
            best = (near, number, re.sub(r"^余", "", text[match.end() :]), value.start)
    return best[1:] if best else None


def _longest_run(side: str, text: str) -> str:
    """The longest part of a phrase that stands in the text; Ⅲ类 must not be taken for Ⅱ类 because both end in 类."""
    sizes = range(len(side), 1, -1)
    return next(
        (side[n : n + size] for size in sizes for n in range(len(side) - size + 1) if side[n : n + size] in text), ""
    )


def _away(text: str, spot: int, start: int, end: int) -> float:
    low, high = (spot + 2, start) if spot < start else (end, spot)
    between = text[low:high] if high > low else ""
    return len(between) / 4 + 3 * sum(mark in "，,；;、。" for mark in between)


def decimal_of(text: str) -> Decimal | None:
    """A printed number, ASCII or Chinese, as a decimal; None where it is none."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = ordinal(text)
        return Decimal(number) if number else None
