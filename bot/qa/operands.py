"""One side of a comparison: its number with its unit and its sentence.

Does not know what is asked of the numbers: earliest, most, difference and total are decided by those who compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.notices.numerals import ordinal
from bot.qa.sentences import Sentence

SMALLEST = re.compile(r"(?:最|更)(?:少|小|短|低|早|先)|少[?？。]?$")
"""Asks for the least or earliest, not the most."""
HOW_MUCH = re.compile(r"(?:多|少|高|低|大|长)(?:了|出|出来)?(?:多少|几)|相差|(?<![还仍])差(?:了)?(?:多少|几)")
"""Asks for the difference itself."""
TOTAL = re.compile(
    r"之和|加起来|加(?:在)?一(?:块|起)|合计|总和|一共.{0,6}加|总共.{0,6}加|加上|(?:和|、|跟|与|加)[^。?？]{1,24}(?:总共|一共|共|总计|拢共)(?:是|有|为|花|罚|投)?[^,，。?？]{0,4}(?:多少|几)"
)
"""Asks for the sum."""


WHICH_AND_HOW_MUCH = re.compile(
    r"(?:谁|哪)[^?？]{0,30}[多少高低大长早晚][^?？]{0,6}?[,，]?\s?(?P<by>[多少高低大长早晚])(?:了|出|出来)?(?:多少|几)"
)
"""Asks which side it is and by how much: 哪个多,多几个."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison, as called in the question. ``at``: where in the sentence its number stands;
    ``printed``: as what."""

    name: str
    number: Decimal
    unit: str
    notice_id: str
    sentence: Sentence
    item_id: str | None
    at: int = -1
    printed: str = ""


def decimal_of(text: str) -> Decimal | None:
    """A printed number, ASCII or Chinese, as a decimal; None where it is none."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = ordinal(text)
        return Decimal(number) if number else None
