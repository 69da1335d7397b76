"""Named documents: the outermost 《…》 with their marks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from bot.records import Span

_TITLE = re.compile(r"《[^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*》")


def find_documents(plain: str) -> list[Span]:
    """Every outermost 《…》 of the text, in order. A mark that is never closed opens nothing."""
    return [match.span() for match in _TITLE.finditer(plain)]


def inside(spans: Sequence[Span], starts: Sequence[int], offset: int) -> bool:
    """Whether ``offset`` lies in one of the (sorted, disjoint) spans, whose starts are given for the bisection."""
    index = bisect_left(starts, offset + 1) - 1
    return index >= 0 and offset < spans[index][1]
