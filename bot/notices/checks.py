"""What does not add up in a notice: declared counts, numbering gaps, problems without measures, dates, duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.notices.metadata import Metadata
from bot.notices.numerals import ordinal
from bot.records import Check, Item, Span

_LAST = re.compile(r"(?P<head>.*/|^)(?P<open>\(?)(?P<number>[^/()~]+)\)?$")


def check(metadata: Metadata, items: Sequence[Item]) -> tuple[Check, ...]:
    """Every difference, in the order: counts, numbering, measures, dates, duplicates."""
    own = [item for item in items if not _is_plan(item, items)]
    return (
        *_counts(metadata, own),
        *_numbering(own),
        *_without_measures(own),
        *_date_order(metadata),
        *_duplicates(own),
    )


def _is_plan(item: Item, items: Sequence[Item]) -> bool:
    """An item of a later top section than the first item's, with the status that a plan has."""
    top = items[0].label.split("/")[0]
    return item.label.split("/")[0] != top and item.status.detail == "in_progress" and not item.responsible_units


def _counts(metadata: Metadata, items: Sequence[Item]) -> Iterator[Check]:
    if not items:
        return
    found = {
        "problems": len(items),
        "measures": sum(max(1, len(item.measures)) for item in items),
        "completed": sum(item.status.value == "completed" for item in items),
        "categories": len({item.category for item in items if item.category}),
    }
    names = {"problems": "问题", "measures": "整改措施", "completed": "已完成的问题", "categories": "问题类别"}
    totals: dict[str, int] = {}
    for count in metadata.declared_counts:
        value = ordinal(count.value)
        if count.what not in found or value <= totals.get(count.what, -1):
            continue
        totals[count.what] = value
        if value != found[count.what] and not (count.what == "categories" and not found["categories"]):
            message = f"通报称{names[count.what]}{count.value}{count.unit}，正文列出{found[count.what]}{count.unit}。"
            yield Check("count", message, count.value, str(found[count.what]), (count.span,))


def _numbering(items: Sequence[Item]) -> Iterator[Check]:
    """A number left out or printed twice, under one heading or in a numbering that runs through."""
    previous: tuple[str, int, Item] | None = None
    for item in items:
        if "~" in item.label:
            continue
        match = _LAST.match(item.label)
        number = ordinal(match["number"]) if match else 0
        if not match or not number:
            continue
        head = match["head"]
        if previous:
            before_head, before, before_item = previous
            same = head == before_head
            if (same and number != before + 1) or (not same and number != 1 and number != before + 1):
                message = f"编号不连续：{before_item.label}之后是{item.label}。"
                yield Check(
                    "numbering", message, str(before + 1), str(number), (before_item.problem.span, item.problem.span)
                )
        elif number != 1:
            yield Check(
                "numbering", f"编号从{item.label}开始，缺少之前的编号。", "1", str(number), (item.problem.span,)
            )
        previous = (head, number, item)


def _without_measures(items: Sequence[Item]) -> Iterator[Check]:
    for item in items:
        if not item.measures:
            yield Check("no_measure", f"{item.label}只列出问题，没有整改措施。", None, None, (item.problem.span,))


def _date_order(metadata: Metadata) -> Iterator[Check]:
    named = [
        ("开始时间", metadata.inspection_start),
        ("结束时间", metadata.inspection_end),
        ("反馈时间", metadata.feedback_date),
        ("成文日期", metadata.signed_date),
        ("发布时间", metadata.published_date),
    ]
    printed = [(name, date) for name, date in named if date]
    for (name, date), (later_name, later) in pairwise(printed):
        width = min(len(date.iso), len(later.iso))
        if date.iso[:width] > later.iso[:width]:
            message = f"{name}{date.text}晚于{later_name}{later.text}。"
            yield Check("date_order", message, date.iso, later.iso, (date.span, later.span))


def _duplicates(items: Sequence[Item]) -> Iterator[Check]:
    seen: dict[str, tuple[Item, Span]] = {}
    for item in items:
        words = re.sub(r"[\W_]+", "", item.problem.text)
        if words in seen:
            first, span = seen[words]
            yield Check(
                "duplicate",
                f"{item.label}与{first.label}是同一个问题。",
                first.label,
                item.label,
                (span, item.problem.span),
            )
        else:
            seen[words] = (item, item.problem.span)
