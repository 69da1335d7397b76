"""Whether what is cited proves the answer: every gold proof within the citations, and none from another notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.records import Span


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact that must be cited: any one of its quotations, as printed, in its notice."""

    notice_id: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited place."""

    notice_id: str
    span: Span


def places(quote: str, text: str) -> list[Span]:
    """Every occurrence of a quotation."""
    found, at = [], text.find(quote)
    while at >= 0 and quote:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def covers(spans: Sequence[Span], wanted: Span, text: str) -> bool:
    """Whether the spans together hold every printed character of the wanted one."""
    start, end = wanted
    return all(text[i].isspace() or any(a <= i < b for a, b in spans) for i in range(start, end))


def proved(proof: Proof, cited: Iterable[Cited], texts: Mapping[str, str]) -> bool:
    """Whether one of the proof's quotations lies within the citations of its notice."""
    text = texts.get(proof.notice_id, "")
    spans = [c.span for c in cited if c.notice_id == proof.notice_id]
    return any(covers(spans, place, text) for quote in proof.any_of for place in places(quote, text))


def wrong_document(cited: Iterable[Cited], notices: Iterable[str]) -> bool:
    """Whether a citation comes from a notice outside gold."""
    return not {c.notice_id for c in cited} <= set(notices)
