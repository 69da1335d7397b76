"""Passages for retrieval: at most 450 characters, cut between measures or sentences, as full as that allows.

Every character of the text that is not white space lies in exactly one chunk. A chunk holds text of one item only (or of
none), with the headings above it as its path; an item's problem begins a chunk together with the first measures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.notices.outline import Outline, outline
from bot.notices.items import title_span
from bot.records import Chunk, Extraction, Span

LIMIT = 450
"""Characters: what the embedder's 512 tokens hold of Chinese official prose."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』》）)]*|\n+|$)")
_CLAUSE = re.compile(r"[^，,、：:]*(?:[，,、：:]|$)")


def chunks(extraction: Extraction) -> tuple[Chunk, ...]:
    """The chunks of a notice, in the order of its text."""
    notice = extraction.notice
    text = notice.text
    tree = outline(text)
    made: list[Chunk] = []
    for start, end, item_id in _regions(extraction, tree):
        for low, high in _packed(text, start, end, _cuts(extraction, start, end)):
            path = _path(tree, text, low)
            made.append(Chunk(notice.id, len(made), low, high, text[low:high], path, item_id))
    return tuple(made)


def _regions(extraction: Extraction, tree: Outline) -> Iterator[tuple[int, int, str | None]]:
    """The text cut at items and at headings outside items, so that no chunk mixes two of them."""
    length = len(extraction.notice.text)
    position = 0
    spans = sorted((item.span, item.id) for item in extraction.items)
    for (start, end), item_id in spans:
        start = max(start, position)
        if start >= end:
            continue
        yield from ((low, high, None) for low, high in _sections(tree, position, start))
        yield start, end, item_id
        position = end
    yield from ((low, high, None) for low, high in _sections(tree, position, length))


def _sections(tree: Outline, start: int, end: int) -> Iterator[Span]:
    """A stretch outside items, cut where a heading of the two upper kinds begins."""
    low = bisect_right(tree.starts, start)
    for heading in tree.headings[low : bisect_right(tree.starts, end - 1)]:
        if heading.depth == 0 and heading.kind in ("cn", "part"):
            yield start, heading.start
            start = heading.start
    yield start, end


def _cuts(extraction: Extraction, start: int, end: int) -> list[int]:
    """Where measures of the item in ``[start, end)`` begin: cuts that are better than those between sentences."""
    item = next((item for item in extraction.items if item.span[0] == start or start <= item.problem.span[0] < end), None)
    if item is None:
        return []
    starts = [part.span[0] - len(part.marker or "") for measure in item.measures for part in (measure, *measure.sub_measures)]
    return sorted({start for start in starts if start > item.measures[0].span[0]})


def _packed(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[Span]:
    """Units packed from the left; a unit that does not fit begins the next chunk."""
    low: int | None = None
    high = start
    for unit_start, unit_end in _units(text, start, end, cuts):
        if low is None:
            low, high = unit_start, unit_end
        elif unit_end - low <= LIMIT:
            high = unit_end
        else:
            yield low, high
            low, high = unit_start, unit_end
    if low is not None:
        yield low, high


def _units(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[Span]:
    """Measures that fit into a chunk whole; others by sentence; a sentence that is too long by clause, then by length."""
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    for low, high in zip(edges, edges[1:], strict=False):
        yield from _fit(text, low, high, (_SENTENCE, _CLAUSE))


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


def _path(tree: Outline, text: str, offset: int) -> tuple[str, ...]:
    index = tree.at(offset)
    if index < 0:
        return ()
    above = [step for step in tree.path(index) if tree.headings[step].kind != "shi"]
    return tuple(f"{text[tree.headings[s].start : tree.headings[s].content].strip()}{text[slice(*title_span(tree, s))]}" for s in above)
