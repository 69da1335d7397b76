"""Reading a briefing's text in tests: its numbers, with and without the figures that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.records import Figure


def numbers(text: str) -> list[str]:
    """All numbers in ASCII digits."""
    return re.findall(r"\d+(?:\.\d+)?", text)


def figures_gone(text: str, figures: Iterable[Figure]) -> str:
    """The text without its computed figures, the longest first so that 3个 does not eat into 13个."""
    texts = {figure.text for figure in figures if figure.computed_from is not None}
    if not texts:
        return text
    either = "|".join(re.escape(found) for found in sorted(texts, key=len, reverse=True))
    return re.sub(rf"(?<!\d)(?:{either})", "", text)
