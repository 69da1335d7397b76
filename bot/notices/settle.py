"""Items among each other: which headings are categories, labels that repeat, and text that belongs to no item."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from bot.notices.drafts import Draft, trim
from bot.notices.outline import Heading, Outline
from bot.notices.parts import cut_closing
from bot.notices.unled import title_span
from bot.records import Span


def settle_categories(outline: Outline, drafts: Sequence[Draft]) -> list[Draft]:
    """Take away the category that heads the whole part (二、问题整改情况), unless several such headings hold items."""
    roots = {_root_of(outline, draft) for draft in drafts if not draft.plan}
    if len(roots) > 1:
        return list(drafts)
    part = next(iter(roots), None)
    return [
        replace(draft, category=None, category_label=None)
        if part is not None and not draft.plan and draft.category == title_span(outline, part)
        else draft
        for draft in drafts
    ]


def _root_of(outline: Outline, draft: Draft) -> int | None:
    index = outline.at(draft.start)
    return outline.path(index)[0] if index >= 0 else None


def unique_labels(drafts: Sequence[Draft]) -> list[Draft]:
    """A label that comes again gets ~2, ~3, …."""
    seen: dict[str, int] = {}
    result = []
    for draft in drafts:
        seen[draft.label] = count = seen.get(draft.label, 0) + 1
        result.append(draft if count == 1 else replace(draft, label=f"{draft.label}~{count}"))
    return result


def part_spans(outline: Outline, drafts: Sequence[Draft]) -> list[Span]:
    """The rectification part: the outermost sections that hold items (plans apart), each as a span."""
    roots = sorted({root for draft in drafts if not draft.plan and (root := _root_of(outline, draft)) is not None})
    return [
        (
            outline.headings[root].start,
            cut_closing(outline.plain, outline.headings[root].content, outline.headings[root].end),
        )
        for root in roots
    ]


def unassigned(outline: Outline, drafts: Sequence[Draft], tables: Sequence[Span] = ()) -> tuple[Span, ...]:
    """What in the rectification part lies in no item and no heading, without the white space at its ends."""
    taken = sorted([(d.start, d.end) for d in drafts] + [_head(outline, h) for h in outline.headings] + list(tables))
    starts = [start for start, _ in taken]
    spans = []
    for start, end in part_spans(outline, drafts):
        position = start
        for low, high in taken[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]:
            spans.append((position, low))
            position = max(position, high)
        spans.append((position, end))
    trimmed = [trim(outline.plain, low, high) for low, high in spans if low < high]
    return tuple((low, high) for low, high in trimmed if low < high)


def _head(outline: Outline, heading: Heading) -> Span:
    stop = outline.plain.find("。", heading.content, heading.line_end)
    return heading.start, heading.line_end if stop < 0 else stop + 1
