"""Passages for retrieval: at most 450 characters, cut between measures or sentences, as full as that allows.

Every character of the text that is not white space lies in exactly one chunk. A chunk holds text of one item only (or
of none), with the headings above it as its path; an item's problem begins a chunk together with its first measures.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.notices.outline import MEASURE_KINDS, Outline, outline
from bot.notices.unled import title_span
from bot.records import Chunk, Extraction, Item, Span

LIMIT = 450
"""Characters: what the embedder's 512 tokens hold of Chinese official prose."""

FULL = 320
"""Characters: a chunk that ends with a measure may stay this short; retrieval finds longer passages better."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』》）)]*|\n+|$)")
_CLAUSE = re.compile(r"[^，,、：:]*(?:[，,、：:]|$)")


HEADING = 120
"""Characters: a heading longer than this is a passage of its own."""


def chunks(extraction: Extraction) -> tuple[Chunk, ...]:
    """The chunks of a notice, in the order of its text."""
    notice = extraction.notice
    text = notice.text
    tree = outline(text)
    made: list[Chunk] = []
    for start, below, end, item in _regions(extraction, tree):
        path = _path(tree, text, below)
        item_id = item.id if item else None
        for low, high in _packed(text, start, end, _cuts(text, item, start, end) if item else ()):
            made.append(Chunk(notice.id, len(made), low, high, text[low:high], path, item_id))
    return tuple(made)


def _regions(extraction: Extraction, tree: Outline) -> Iterator[tuple[int, int, int, Item | None]]:
    """Stretches that no chunk may cross: their start, where the part below their headings begins, their end, the item.

    A category's heading alone goes with the item below it: by itself it would answer nothing.
    """
    position = 0
    for item in sorted(extraction.items, key=lambda item: item.span):
        start, end = max(item.span[0], position), item.span[1]
        if start >= end:
            continue
        for low, high in _sections(tree, position, start):
            if high < start or high - low > HEADING:
                yield low, low, high, None
                position = high
        yield position, start, end, item
        position = end
    yield from ((low, low, high, None) for low, high in _sections(tree, position, len(extraction.notice.text)))


def _sections(tree: Outline, start: int, end: int) -> Iterator[Span]:
    """A stretch outside items, cut where a heading of the two upper kinds begins."""
    low = bisect_right(tree.starts, start)
    for heading in tree.headings[low : bisect_right(tree.starts, end - 1)]:
        if heading.depth == 0 and heading.kind in ("cn", "part"):
            yield start, heading.start
            start = heading.start
    yield start, end


def _cuts(text: str, item: Item, start: int, end: int) -> list[int]:
    """Where the item's measures begin (marker included), behind its first: the best places to cut."""
    parts = [part for measure in item.measures for part in (measure, *measure.sub_measures)]
    starts = [text.rfind(part.marker, start, part.span[0]) if part.marker else part.span[0] for part in parts[1:]]
    return sorted({begin for begin in starts if start < begin < end})


def _packed(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[Span]:
    """Sentences packed from the left; where the next one does not fit, the chunk ends at its last measure if that
    leaves it nearly full, else at the sentence."""
    units = list(_units(text, start, end, cuts))
    first = 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and units[last + 1][1] - units[first][0] <= LIMIT:
            last += 1
        if last + 1 < len(units):
            last = _at_measure(units, first, last, cuts)
        yield units[first][0], units[last][1]
        first = last + 1


def _at_measure(units: Sequence[Span], first: int, last: int, cuts: Sequence[int]) -> int:
    for index in range(last, first, -1):
        if units[index][1] - units[first][0] < FULL:
            break
        at = bisect_left(cuts, units[index + 1][0])
        if at < len(cuts) and cuts[at] == units[index + 1][0]:
            return index
    return last


def _units(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[Span]:
    """Sentences, none across the beginning of a measure; one that is too long by clause, then by length."""
    for low, high in pairwise([start, *cuts, end]):
        for match in _SENTENCE.finditer(text, low, high):
            yield from _fit(text, match.start(), match.end(), (_CLAUSE,))


def _fit(text: str, start: int, end: int, splitters: Sequence[re.Pattern[str]]) -> Iterator[Span]:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return
    start += len(piece) - len(piece.lstrip())
    end = start + len(stripped)
    if end - start <= LIMIT:
        yield start, end
    elif splitters:
        for match in splitters[0].finditer(text, start, end):
            if match.end() > match.start():
                yield from _fit(text, match.start(), match.end(), splitters[1:])
    else:
        for low in range(start, end, LIMIT):
            yield from _fit(text, low, min(low + LIMIT, end), ())


def _path(tree: Outline, text: str, start: int) -> tuple[str, ...]:
    """The headings above a stretch of text, each as printed with its number; not the one that it begins with."""
    index = tree.at(start)
    if index < 0:
        return ()
    above = ((tree.headings[step], title_span(tree, step)) for step in tree.path(index))
    return tuple(text[h.start : end] for h, (_, end) in above if h.start < start and h.kind not in MEASURE_KINDS)
