"""A notice cut into sections for a model: never inside an item that the rules found, else at headings and lines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.notices.outline import Outline
from bot.records import Extraction, Item, Span

SECTION = 1800
"""Characters of a section: with its answer, which repeats most of it, it fits a context of 8,192 tokens."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the text, with the rules' items in it and the headings above it (outermost first, as printed)."""

    span: Span
    items: tuple[Item, ...]
    headings: tuple[str, ...]


def sections(extraction: Extraction, tree: Outline) -> list[Section]:
    """The sections to read: the part that holds the items, gaps included; the whole text where the rules found none."""
    text, items = extraction.notice.text, extraction.items
    if items:
        spans = [item.span for item in items] + list(extraction.notice.unassigned)
        region = min(start for start, _ in spans), max(end for _, end in spans)
        cuts = _outside(sorted({start for start, _ in spans} | {end for _, end in spans}), items)
    else:
        region = 0, len(text)
        cuts = sorted({heading.start for heading in tree.headings} | set(_line_starts(text)))
    found = [_section(extraction, tree, span) for span in _pieces(region, cuts)]
    return [section for section in found if text[slice(*section.span)].strip()]


def halves(section: Section, extraction: Extraction, tree: Outline) -> list[Section]:
    """The section as two, cut where one of its items begins, nearest the middle; empty where it cannot be cut."""
    start, end = section.span
    starts = [item.span[0] for item in section.items[1:]] if section.items else _line_starts(extraction.notice.text)
    inside = [cut for cut in starts if start < cut < end]
    if not inside:
        return []
    middle = min(inside, key=lambda cut: abs(cut - (start + end) // 2))
    return [_section(extraction, tree, span) for span in ((start, middle), (middle, end))]


def _outside(cuts: Sequence[int], items: Sequence[Item]) -> list[int]:
    return [cut for cut in cuts if not any(item.span[0] < cut < item.span[1] for item in items)]


def _line_starts(text: str) -> list[int]:
    return [index + 1 for index, char in enumerate(text) if char == "\n"]


def _pieces(region: Span, cuts: Sequence[int]) -> list[Span]:
    """``region`` in pieces of at most SECTION characters where the cuts allow it."""
    start, end = region
    pieces: list[Span] = []
    while end - start > SECTION:
        inside = cuts[bisect_left(cuts, start + 1) : bisect_left(cuts, end)]
        if not inside:
            break
        cut = max((c for c in inside if c - start <= SECTION), default=inside[0])
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _section(extraction: Extraction, tree: Outline, span: Span) -> Section:
    text = extraction.notice.text
    items = tuple(item for item in extraction.items if span[0] <= item.span[0] < span[1])
    index = tree.at(span[0])
    # A heading that begins the section is in its text already.
    above = [tree.headings[step] for step in (tree.path(index) if index >= 0 else ())]
    headings = tuple(text[h.start : h.line_end].strip()[:120] for h in above if h.start < span[0])
    return Section(span, items, headings)
