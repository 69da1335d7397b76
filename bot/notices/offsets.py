"""Where a character of a cleaned text stood before the cleaning.

Every repair that works on characters either drops some or swaps one for one, so a text is a row of kept pieces of its
source: a handful for most notices, one per dropped annotation for the worst. This module knows nothing of why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.records import Span


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Pieces of a source that make up a text, in order.

    ``starts[i]`` is where piece i begins in the text, ``sources[i]`` where it begins in the source; a piece ends where
    the next one begins. ``length``, ``source_length``: characters of the text and of its source.
    """

    starts: tuple[int, ...]
    sources: tuple[int, ...]
    length: int
    source_length: int

    def to_source(self, offset: int) -> int:
        """Offset in the source of the text's character at ``offset``; the text's end maps behind its last character."""
        if not 0 <= offset <= self.length:
            raise IndexError(f"offset {offset} outside a text of {self.length} characters")
        if self.length == 0:
            return 0
        last = min(offset, self.length - 1)
        piece = bisect_right(self.starts, last) - 1
        return self.sources[piece] + offset - self.starts[piece]

    def from_source(self, offset: int) -> int:
        """Offset in the text of the source's character at ``offset``; a dropped one maps to the next kept one."""
        if not 0 <= offset <= self.source_length:
            raise IndexError(f"offset {offset} outside a source of {self.source_length} characters")
        piece = bisect_right(self.sources, offset) - 1
        if piece < 0:
            return 0
        end = self.starts[piece + 1] if piece + 1 < len(self.starts) else self.length
        return min(self.starts[piece] + offset - self.sources[piece], end)

    def span_from_source(self, span: Span) -> Span:
        """What is left in the text of a span of the source (empty where all of it was dropped)."""
        return self.from_source(span[0]), self.from_source(span[1])

    def after(self, earlier: OffsetMap) -> OffsetMap:
        """This map followed back through the step before it: text → middle (this) → source (``earlier``)."""
        starts: list[int] = []
        sources: list[int] = []
        for start, (low, high) in zip(self.starts, self._middle_spans(), strict=True):
            for piece in range(bisect_right(earlier.starts, low) - 1, len(earlier.starts)):
                begin = max(earlier.starts[piece], low)
                if begin >= high:
                    break
                starts.append(start + begin - low)
                sources.append(earlier.sources[piece] + begin - earlier.starts[piece])
        return OffsetMap(tuple(starts), tuple(sources), self.length, earlier.source_length)

    def _middle_spans(self) -> list[Span]:
        bounds = pairwise((*self.starts, self.length))
        return [(source, source + end - start) for (start, end), source in zip(bounds, self.sources, strict=True)]


def identity(length: int) -> OffsetMap:
    """The map of a text that nothing was dropped from."""
    return OffsetMap((0,) if length else (), (0,) if length else (), length, length)


Edit = tuple[int, int, str]
"""``(start, end, replacement)``: that span of a text becomes ``replacement``, which is no longer than it."""


def edit(source: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap]:
    """``source`` with the ``edits`` made (in order, not overlapping), and the map back to it."""
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = position = 0
    for start, end, replacement in (*edits, (len(source), len(source), "")):
        for origin, piece in ((position, source[position:start]), (start, replacement)):
            if piece:
                pieces.append(piece)
                starts.append(length)
                sources.append(origin)
                length += len(piece)
        position = end
    return "".join(pieces), OffsetMap(tuple(starts), tuple(sources), length, len(source))


def drop(source: str, dropped: Iterable[Span]) -> tuple[str, OffsetMap]:
    """``source`` without the ``dropped`` spans (in order, not overlapping), and the map back to it."""
    return edit(source, ((start, end, "") for start, end in dropped))
