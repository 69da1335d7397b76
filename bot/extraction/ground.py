"""Strings that a model gives as verbatim → spans of the text: exact, then normalised, never fuzzy.

Normalised: both sides folded (``bot.fold``: NFKC, quotes, brackets, 繁→简) and without white space, mapped back. A
fuzzy match with an edit budget accepts invented short quotes (完成整改 in 今日天气), so there is none: what is not
found is told.
"""

from __future__ import annotations

from bisect import bisect_left

from bot.fold import fold, fold_with_map
from bot.records import Grounded, Span


class Grounder:
    """Finds quotes in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded, offsets = fold_with_map(text)
        kept = [index for index, char in enumerate(folded) if not char.isspace()]
        self._folded = "".join(folded[index] for index in kept)
        self._offsets = [offsets[index] for index in kept]

    def find(self, quote: str, within: Span, after: int = 0) -> Span | None:
        """Where a quote stands in ``within``, if possible not before ``after``; None where it does not stand there."""
        quote = quote.strip()
        if not quote:
            return None
        exact = _first(self.text, quote, within, after)
        return (exact, exact + len(quote)) if exact >= 0 else self._normalised(quote, within, after)

    def grounded(self, span: Span) -> Grounded:
        """The record of a span."""
        return Grounded(self.text[span[0] : span[1]], span)

    def _normalised(self, quote: str, within: Span, after: int) -> Span | None:
        wanted = "".join(fold(quote).split())
        if not wanted:
            return None
        found: list[Span] = []
        at = self._folded.find(wanted, self._index(within[0]))
        while at >= 0:
            span = self._offsets[at], self._offsets[at + len(wanted) - 1] + 1
            if span[1] > within[1]:
                break
            found.append(span)
            at = self._folded.find(wanted, at + 1)
        return next((span for span in found if span[0] >= after), found[0] if found else None)

    def _index(self, offset: int) -> int:
        return bisect_left(self._offsets, offset)


def _first(text: str, quote: str, within: Span, after: int) -> int:
    later = text.find(quote, max(after, within[0]), within[1])
    return later if later >= 0 else text.find(quote, *within)
