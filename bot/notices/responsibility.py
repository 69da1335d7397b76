"""责任单位, 责任人, 整改时限, 整改目标: the lines of a form as values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.notices.drafts import trim
from bot.records import Span

_LEAD = re.compile(
    r"(?:整改)?(?:主要)?(?:责任|牵头|配合|协办|主办|承办|督导|协同|参与)(?:责任)?(?:单位"
    r"|部门|领导|人)?(?:\(.\))? ?[::]"
)
_SEPARATOR = re.compile(
    r"[、,;\n\t]|  +|(?<=[局委办府院厅部]) +|及(?=[省市县区各])|(?<=[局委办府院厅部])和(?=[省市县区])"
)
_DROPPED = re.compile(r"^(?:等|等部门|等单位)$")


def units(plain: str, spans: Sequence[Span]) -> list[Span]:
    """The units of 责任单位 lines or cells, one by one, lead words inside them (牵头单位:) left out."""
    return [piece for span in spans for piece in _pieces(plain, span)]


def persons(plain: str, spans: Sequence[Span]) -> list[Span]:
    """The persons of 责任人 lines; a name of two characters may be printed with a gap (王 明)."""
    found = []
    for span in spans:
        for start, end in _pieces(plain, span):
            words = plain[start:end]
            parts = words.split(" ")
            if " " in words and not all(len(part) == 1 for part in parts):
                found += [(start + m.start(), start + m.end()) for m in re.finditer(r"[^ ]+", words)]
            else:
                found.append((start, end))
    return found


def _pieces(plain: str, span: Span) -> Iterator[Span]:
    position, end = span
    cuts = sorted(
        [match.span() for match in _SEPARATOR.finditer(plain, position, end)]
        + [match.span() for match in _LEAD.finditer(plain, position, end)]
    )
    for low, high in [*cuts, (end, end)]:
        start, stop = trim(plain, position, max(position, low))
        while stop > start and plain[stop - 1] in "。;,":
            stop -= 1
        if start < stop and not _DROPPED.match(plain[start:stop]):
            yield start, stop
        position = max(position, high)
