"""Structured summaries: problem → measures → status of every item asked about, with an overview that cites.

The groups are the ledger's own records, so nothing in them can be wrong that is right there; the overview is computed.
Does not summarise in words of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.qa.answer import cards_of
from bot.qa.cards import Card
from bot.qa.ledger import status_label
from bot.qa.membership import members
from bot.qa.question import Plan, understand
from bot.qa.scope import Scope, resolve
from bot.qa.wanted import wanted
from bot.records import STATUS_LABELS, Citation, Coverage, OverviewSentence, Summary, SummaryGroup
from vectorstore.catalogue import ItemFilter, LedgerRow

if TYPE_CHECKING:
    from vectorstore.store import Store

MAX_CITED = 50


def summarize(store: Store, question: str = "", *, notices: Sequence[str] = ()) -> Summary:
    """The items that a question (or notice ids, or both) is about, as groups with an overview."""
    cards = cards_of(store)
    plan = understand(question)
    scope = resolve(plan, cards, notices)
    if scope.missing or not cards:
        missing = scope.missing or "还没有导入任何通报"
        return Summary(question, (), (), (), Coverage(0, 0, 0), "extractive", (f"{missing}，没有可汇总的内容。",))
    rows = store.catalogue.items(ItemFilter(notices=scope.notices))
    chosen = _chosen(rows, plan, scope, cards) if question else rows
    return of_rows(question, chosen, considered=len(rows))


def _chosen(rows: Sequence[LedgerRow], plan: Plan, scope: Scope, cards: Sequence[Card]) -> list[LedgerRow]:
    names = " ".join(card.names for card in cards if card.id in scope.notices)
    return members(rows, wanted(plan.question, scope.places, rows, names))


def of_rows(question: str, rows: Sequence[LedgerRow], *, considered: int) -> Summary:
    """The summary of given ledger rows, in their order."""
    groups = tuple(_group(row) for row in rows)
    citations = tuple(_citation(n, row) for n, row in enumerate(rows[:MAX_CITED], 1))
    coverage = Coverage(len({row.notice_id for row in rows}), len(rows), considered)
    warnings = () if rows else ("没有符合条件的问题。",)
    more = (f"共{len(rows)}个问题，概述只引用前{MAX_CITED}个，全部见分组。",) if len(rows) > MAX_CITED else ()
    return Summary(question, groups, _overview(rows, citations), citations, coverage, "extractive", warnings + more)


def _group(row: LedgerRow) -> SummaryGroup:
    item = row.item
    return SummaryGroup(row.notice_id, row.file, item.id, item.problem, item.measures, item.status)


def _citation(n: int, row: LedgerRow) -> Citation:
    """The item's problem: what the overview's sentence about it quotes."""
    problem = row.item.problem
    return Citation(n, row.notice_id, row.file, row.title, *problem.span, problem.text)


def _overview(rows: Sequence[LedgerRow], citations: Sequence[Citation]) -> tuple[OverviewSentence, ...]:
    """One sentence of computed figures, then one per state that occurs, each citing its items."""
    if not rows:
        return ()
    numbers = tuple(c.n for c in citations)
    counts: Counter[str] = Counter(row.item.status.value for row in rows)
    parts = "，".join(f"{STATUS_LABELS[state]}{counts[state]}个" for state in STATUS_LABELS if counts[state])
    sentences = [
        OverviewSentence(f"共涉及{len({r.notice_id for r in rows})}份通报的{len(rows)}个问题，其中{parts}。", numbers)
    ]
    for row, citation in zip(rows, citations, strict=False):
        problem = "".join(row.item.problem.text.split()).rstrip("。；;")
        sentences.append(OverviewSentence(f"{problem}（{status_label(row.item)}）。", (citation.n,)))
    return tuple(sentences)
