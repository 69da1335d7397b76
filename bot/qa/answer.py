"""The answer to a question: understand, find the scope, find the evidence, and answer or refuse.

Nothing here writes a fact: what is answered is quoted or computed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.qa.cards import Cards
from bot.qa.compose import Base, refused, with_warnings
from bot.qa.evidence import Weights, expanded, proofs, question_terms
from bot.qa.ledger import count_items, list_items
from bot.qa.lookup import look_up
from bot.qa.question import Plan, understand
from bot.qa.scope import Scope, resolve
from bot.records import Answer, Considered, Turn

if TYPE_CHECKING:
    from vectorstore.store import Store

PASSAGES = 14
"""Passages whose sentences are weighed."""
_WEIGHTS = Weights()
_cards = Cards()


def ask(store: Store, question: str, *, history: Sequence[Turn] = (), notices: Sequence[str] = ()) -> Answer:
    """Answer one question from the store.

    ``history``: earlier turns, oldest first. ``notices``: only these ids. Raises ``StoreError`` where the store fails;
    a question that the notices do not answer is a refusal, not an error.
    """
    start = time.perf_counter()
    answer = _answer(store, question, history, notices)
    return replace(answer, timings_ms={"total": round((time.perf_counter() - start) * 1000, 1)})


def _answer(store: Store, question: str, history: Sequence[Turn], notices: Sequence[str]) -> Answer:
    del history
    plan = understand(question)
    cards = _cards.of(store.catalogue)
    base = Base(question, plan.route, {card.id: card for card in cards}, Considered(len(cards), 0))
    if not cards:
        return refused(base, "empty_store", "还没有导入任何通报：请先在“通报库”上传，或运行 zhenggai ingest。")
    scope = resolve(plan, cards, notices)
    if scope.missing:
        return refused(base, "out_of_scope", f"{scope.missing}，无法回答。")
    base = replace(base, considered=Considered(len(scope.notices), 0))
    if plan.over == "items" and plan.route == "count":
        return count_items(base, store.catalogue, plan, scope)
    if plan.over == "items" and plan.route == "list":
        return list_items(base, store.catalogue, plan, scope)
    return _lookup(store, base, plan, scope)


def _lookup(store: Store, base: Base, plan: Plan, scope: Scope) -> Answer:
    terms = question_terms(store.catalogue, plan, scope.places)
    narrowed = scope.notices if len(scope.notices) < len(base.cards) else None
    candidates, warnings = store.search(expanded(plan.question), PASSAGES, scope=narrowed)
    found = proofs(plan, terms, candidates, _WEIGHTS)
    return with_warnings(look_up(base, plan, terms, found), warnings)
