"""Structural errors of a problem-measure tree, named: 错挂, 合并, 拆分, 层级错.

Counted over measures by their spans in the one text that prediction and gold share, so a wording shared by two items
does not confuse them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.records import Item, Span

Fault = Literal["mis_attached", "merged", "split", "level_slip"]
FAULTS: tuple[Fault, ...] = ("mis_attached", "merged", "split", "level_slip")
NAMES: dict[Fault, str] = {"mis_attached": "错挂到别的问题", "merged": "合并", "split": "拆分", "level_slip": "层级错"}
COVERED = 0.8
"""From this share of its characters on a span counts as covered by another."""


@dataclass(frozen=True, slots=True)
class Node:
    """A measure in its place. ``item``: index of its item; ``depth``: 0 top level, 1 sub-measure."""

    item: int
    depth: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Structural:
    """One structural error: which measure (``text``, ``span``), in which predicted or gold item, what is wrong."""

    fault: Fault
    item: int
    text: str
    span: Span


def nodes(items: Sequence[Item]) -> list[Node]:
    """All measures and sub-measures, in order."""
    return [
        Node(index, depth, measure.text, measure.span)
        for index, item in enumerate(items)
        for top in item.measures
        for depth, measure in ((0, top), *((1, sub) for sub in top.sub_measures))
    ]


def structural_errors(got: Sequence[Item], gold: Sequence[Item], matched: dict[int, int]) -> list[Structural]:
    """All structural errors; ``matched``: index of a predicted item → index of its gold item."""
    mine, theirs = nodes(got), nodes(gold)
    return [
        *_mis_attached(mine, theirs, matched),
        *_level_slips(mine, theirs),
        *_gathered("merged", [n for n in mine if n.depth == 0], [n for n in theirs if n.depth == 0]),
        *_gathered("split", [n for n in theirs if n.depth == 0], [n for n in mine if n.depth == 0]),
    ]


def _mis_attached(mine: Sequence[Node], theirs: Sequence[Node], matched: dict[int, int]) -> Iterator[Structural]:
    """The right measure under the wrong problem."""
    for node in mine:
        owners = {other.item for other in theirs if _same(node.span, other.span)}
        if owners and matched.get(node.item) not in owners:
            yield Structural("mis_attached", node.item, node.text, node.span)


def _level_slips(mine: Sequence[Node], theirs: Sequence[Node]) -> Iterator[Structural]:
    """The right measure one level too high or too low."""
    for node in mine:
        depths = {other.depth for other in theirs if _same(node.span, other.span)}
        if depths and node.depth not in depths:
            yield Structural("level_slip", node.item, node.text, node.span)


def _gathered(fault: Fault, big: Sequence[Node], small: Sequence[Node]) -> Iterator[Structural]:
    """A span of one side that covers two or more of the other's, none of which it equals."""
    for node in big:
        inside = [other for other in small if _share_inside(other.span, node.span) >= COVERED]
        if len(inside) >= 2:
            yield Structural(fault, node.item, node.text, node.span)


def _same(a: Span, b: Span) -> bool:
    return _share_inside(a, b) >= COVERED and _share_inside(b, a) >= COVERED


def _share_inside(inner: Span, outer: Span) -> float:
    both = max(0, min(inner[1], outer[1]) - max(inner[0], outer[0]))
    return both / (inner[1] - inner[0]) if inner[1] > inner[0] else 0.0
