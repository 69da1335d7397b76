"""Answers from proofs: citations with exact offsets, the text with its markers, refusals with what is near.

Does not know whether a proof proves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.qa.cards import Card
from bot.qa.evidence import Proof
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence
from bot.records import Answer, Citation, Considered, Reason, Route, Value

MAX_LOOKUP = 300
"""Characters of a lookup answer, markers included."""
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Base:
    """What every answer to one question has: the question as asked, the cards by id, how much was considered."""

    question: str
    route: Route
    cards: Mapping[str, Card]
    considered: Considered
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The rules' answer with what it came from.

    ``question``: self-contained; ``proofs``: best first; ``scope``: what it was asked within, None in an empty store.
    """

    question: str
    answer: Answer
    plan: Plan | None = None
    proofs: tuple[Proof, ...] = ()
    scope: Scope | None = None


def cite(base: Base, spots: Sequence[tuple[str, Sentence]]) -> tuple[Citation, ...]:
    """Numbered citations of (notice id, sentence) pairs, each once, in the order given."""
    unique = list(dict.fromkeys((notice_id, s.start, s.end, s.text) for notice_id, s in spots))
    return tuple(
        Citation(n, notice_id, base.cards[notice_id].file, base.cards[notice_id].title, start, end, text)
        for n, (notice_id, start, end, text) in enumerate(unique, 1)
    )


def answered(
    base: Base,
    text: str,
    citations: tuple[Citation, ...],
    *,
    short: str | None = None,
    items: Sequence[str] = (),
    value: Value | None = None,
    warnings: Sequence[str] = (),
) -> Answer:
    """An answer with its proof."""
    return Answer(
        question=base.question, status="answered", answer=text, short_answer=short, reason=None, route=base.route,
        mode="extractive", value=value, citations=citations, nearest=(), items=tuple(items), considered=base.considered,
        warnings=(*base.warnings, *warnings),
    )  # fmt: skip


def refused(base: Base, reason: Reason, message: str, near: Sequence[Proof] = ()) -> Answer:
    """A refusal that says what is missing; ``near``: what the notices do say, shown as 相关内容."""
    nearest = cite(base, [(p.notice_id, p.sentence) for p in near[:_NEAREST]])
    return Answer(
        question=base.question, status="refused", answer=message, short_answer=None, reason=reason, route=base.route,
        mode="extractive", value=None, citations=(), nearest=nearest, items=(), considered=base.considered,
        warnings=base.warnings,
    )  # fmt: skip


def quoted(base: Base, sentences: Sequence[tuple[str, Sentence]], lead: str = "") -> tuple[str, tuple[Citation, ...]]:
    """The sentences, each with its marker: as many whole ones as a lookup answer holds, the first in any case."""
    citations = cite(base, sentences)
    text = lead
    for citation in citations:
        piece = f"{citation.quote}[{citation.n}]"
        if citation.n > 1 and len(text) + len(piece) > MAX_LOOKUP:
            return text, citations[: citation.n - 1]
        text += _shortened(piece, MAX_LOOKUP - len(lead)) if citation.n == 1 else piece
    return text, citations


def _shortened(piece: str, limit: int) -> str:
    """A single sentence longer than an answer may be: its end is left to the citation."""
    if len(piece) <= limit:
        return piece
    marker = piece[piece.rindex("[") :]
    return piece[: limit - len(marker) - 1] + "…" + marker


def with_warnings(answer: Answer, warnings: Sequence[str]) -> Answer:
    """The same answer with further warnings."""
    return replace(answer, warnings=(*answer.warnings, *warnings))
