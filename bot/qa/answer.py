"""The answer to a question: scope, evidence, refusal, and the proving sentence with its short answer.

Nothing here writes a fact: what is answered is quoted or computed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.qa.cards import Card, Cards
from bot.qa.evidence import Proof, Terms, expanded, nearest_value, proofs, question_terms
from bot.qa.question import Plan, understand
from bot.qa.scope import Scope, resolve
from bot.records import Answer, Citation, Considered, Reason, Turn

if TYPE_CHECKING:
    from vectorstore.store import Store

PASSAGES = 24
"""Passages whose sentences are weighed."""
MIN_CONTEXT = 0.34
"""Below this share of the question's terms in a sentence and its surroundings nothing supports an answer."""
_NEAREST = 3

_cards = Cards()


def ask(store: Store, question: str, *, history: Sequence[Turn] = (), notices: Sequence[str] = ()) -> Answer:
    """Answer one question from the store.

    ``history``: earlier turns, oldest first. ``notices``: only these ids. Raises ``StoreError`` where the store fails;
    a question that the notices do not answer is a refusal, not an error.
    """
    del history
    start = time.perf_counter()
    plan = understand(question)
    cards = _cards.of(store.catalogue)
    if not cards:
        return _refused(question, plan, "empty_store", "还没有导入任何通报：请先在“通报库”上传，或运行 zhenggai ingest。", 0)
    scope = resolve(plan, cards, notices)
    if scope.missing:
        return _refused(question, plan, "out_of_scope", f"{scope.missing}，无法回答。", len(cards))
    return _lookup(store, question, plan, scope, cards, start)


def _lookup(store: Store, question: str, plan: Plan, scope: Scope, cards: Sequence[Card], start: float) -> Answer:
    terms = question_terms(store.catalogue, plan, scope.places)
    narrowed = scope.notices if len(scope.notices) < len(cards) else None
    candidates, warnings = store.search(expanded(plan), PASSAGES, scope=narrowed)
    found = proofs(plan, terms, candidates)
    titles = {card.id: card for card in cards}
    took = {"total": round((time.perf_counter() - start) * 1000, 1)}
    considered = len(scope.notices)
    if not found or found[0].context < MIN_CONTEXT:
        reason: Reason = "no_evidence" if found and found[0].context > 0 else "out_of_scope"
        near = _citations(found[:_NEAREST], titles)
        return _refused(question, plan, reason, "通报中没有找到能回答这个问题的内容。", considered, near, warnings, took)
    if plan.want not in ("text", "person") and not found[0].values or plan.want == "person":
        near = _citations(found[:_NEAREST], titles)
        return _refused(question, plan, "no_evidence", "通报提到了相关内容，但没有写明所问的事项。", considered, near, warnings, took)
    best = found[0]
    citations = _citations([best], titles)
    short = _short_answer(best, terms, plan)
    return Answer(
        question=question, status="answered", answer=f"{best.sentence.text}[1]", short_answer=short, reason=None,
        route="lookup", mode="extractive", value=None, citations=citations, nearest=(),
        items=(best.item_id,) if best.item_id else (), considered=Considered(considered, 0),
        warnings=tuple(warnings), timings_ms=took,
    )  # fmt: skip


def _short_answer(best: Proof, terms: Terms, plan: Plan) -> str | None:
    value = nearest_value(best.sentence.text, best.values, terms, plan.unit)
    return best.sentence.text[value.start : value.end] if value else None


def _citations(found: Sequence[Proof], cards: dict[str, Card]) -> tuple[Citation, ...]:
    return tuple(
        Citation(n, p.notice_id, cards[p.notice_id].file, cards[p.notice_id].title, p.sentence.start, p.sentence.end, p.sentence.text)
        for n, p in enumerate(found, 1)
    )


def _refused(
    question: str,
    plan: Plan,
    reason: Reason,
    message: str,
    notices: int,
    nearest: tuple[Citation, ...] = (),
    warnings: Sequence[str] = (),
    timings: dict[str, float] | None = None,
) -> Answer:
    return Answer(
        question=question, status="refused", answer=message, short_answer=None, reason=reason, route=plan.route,
        mode="extractive", value=None, citations=(), nearest=nearest, items=(), considered=Considered(notices, 0),
        warnings=tuple(warnings), timings_ms=timings or {},
    )  # fmt: skip
