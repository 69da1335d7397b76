"""What the grammar found out about one item before its values are read: where its parts lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.records import Span


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of one item, all as spans of the text, trimmed of white space.

    ``rect``: rectification text (measures), lead words left out; ``results``: 整改结果/完成情况; ``plan``: whether it
    comes from 下一步打算.
    """

    label: str
    start: int
    end: int
    problem: Span
    category: Span | None = None
    category_label: str | None = None
    rect: tuple[Span, ...] = ()
    results: tuple[Span, ...] = ()
    units: tuple[Span, ...] = ()
    persons: tuple[Span, ...] = ()
    deadlines: tuple[Span, ...] = ()
    targets: tuple[Span, ...] = ()
    plan: bool = False


def trim(plain: str, start: int, end: int) -> Span:
    """The span without the white space at its ends (empty, at ``start``, where nothing else is in it)."""
    piece = plain[start:end]
    left = piece.lstrip()
    if not left:
        return start, start
    start += len(piece) - len(left)
    return start, start + len(left.rstrip())


def filled(plain: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans, trimmed, without the empty ones."""
    trimmed = (trim(plain, *span) for span in spans)
    return tuple(span for span in trimmed if span[0] < span[1])
