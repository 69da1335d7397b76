"""Structured summaries: problem → measures → status of every item asked about, with an overview that cites.

The groups are the ledger's own records, so nothing in them can be wrong that is right there; the overview is computed,
or a model's, verified (``overview``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.qa.answer import cards_of
from bot.qa.cards import Card
from bot.qa.ledger import status_label
from bot.qa.membership import heading_of, in_measures, members, problem_of, topic_share
from bot.qa.narrowed import narrowed
from bot.qa.question import Plan, understand
from bot.qa.scope import Scope, resolve, respelled
from bot.qa.similar import nearest_item
from bot.qa.wanted import wanted
from bot.qa.words import content_words
from bot.records import STATUS_LABELS, Citation, Coverage, OverviewSentence, Summary, SummaryGroup
from vectorstore.catalogue import ItemFilter, LedgerRow

if TYPE_CHECKING:
    from bot.llm.chat import Chat, OnCall
    from bot.qa.worded import OnStage
    from prompts.loader import Prompt
    from vectorstore.store import Store


def summarize(
    store: Store,
    question: str = "",
    *,
    notices: Sequence[str] = (),
    chat: Chat | None = None,
    on_stage: OnStage | None = None,
    on_call: OnCall | None = None,
    prompt: Prompt | None = None,
) -> Summary:
    """The items that a question (or notice ids, or both) is about, as groups with an overview.

    ``chat``: a model that words the overview; ``on_stage``, ``on_call``: told what is being done and every call to it;
    ``prompt``: another version than the program's own.
    """
    summary = _computed(store, question, notices)
    if chat is None:
        return summary
    # Imported where a model is set, like the rules of reading in ``ask``.
    from bot.llm.layers import Recorded
    from bot.qa.overview import word_overview

    return word_overview(summary, Recorded(chat, on_call), prompt=prompt, on_stage=on_stage)


def _computed(store: Store, question: str, notices: Sequence[str]) -> Summary:
    cards = cards_of(store)
    plan = understand(respelled(question, cards).question)
    scope = resolve(plan, cards, notices)
    if scope.missing or not cards:
        missing = scope.missing or "还没有导入任何通报"
        return Summary(question, (), (), (), Coverage(0, 0, 0), "extractive", (f"{missing}，没有可汇总的内容。",))
    scope = narrowed(store.catalogue, cards, plan.question, scope)
    rows = store.catalogue.items(ItemFilter(notices=scope.notices))
    chosen, warnings = _chosen(store, rows, plan, scope, cards) if question else (rows, ())
    summary = of_rows(question, chosen, considered=len(rows))
    return replace(summary, warnings=(*summary.warnings, *warnings))


def _chosen(
    store: Store, rows: Sequence[LedgerRow], plan: Plan, scope: Scope, cards: Sequence[Card]
) -> tuple[list[LedgerRow], tuple[str, ...]]:
    """The items asked about; where no problem has the topic's words, those whose measures have them, else the one
    nearest in meaning, with a warning that says so."""
    names = " ".join(card.names for card in cards if card.id in scope.notices)
    asked = wanted(plan.question, scope.places, rows, names)
    topic = "、".join(asked.topic)
    if asked.topic and _only_puts(plan.question, scope.places, asked.topic) and not _has_any(rows, asked.topic):
        note = f"“{topic}”按提问的用语理解，没有用来筛选问题；如果是指某一方面的问题，请写成“关于{topic}的问题”。"
        return members(rows, replace(asked, topic=())), (note,)
    chosen = members(rows, asked)
    if chosen or not asked.topic or asked.limited:
        return chosen, ()
    told = in_measures(rows, asked)
    if told:
        return told, (f"没有问题直接写到“{topic}”，列出的是整改措施中写到的。",)
    item = nearest_item(store, " ".join(asked.topic), scope.notices)
    found = [row for row in rows if row.item.id == item]
    return found, ((f"没有问题直接写到“{topic}”，列出的是意思最接近的，请核对。",) if found else ())


_HEAD_NOUN = re.compile(r"问题|方面|整改|情况|通报|公告|公示表?|报告|措施|任务|事项|台账|清单")
_TOPIC_LEADS = re.compile(r"关于|涉及|有关|针对|提到|跟|和|与|对于?|(?:里|中|当中)(?=[\u4e00-\u9fff]{2,}的)")


def _only_puts(question: str, places: Sequence[str], topic: Sequence[str]) -> bool:
    """Whether all words of a topic stand where requests are put and not where their topic is: right before the place
    (盘点临湘整改), or behind the last 问题, 整改, 情况 (临湘整改，提炼要点)."""
    nouns = list(_HEAD_NOUN.finditer(question))
    low = min((question.find(place) for place in places if place in question), default=0)
    if not nouns or (low and not question[low - 1].isalnum()):
        low = 0
    high = nouns[-1].end() if nouns else len(question)
    core = question[low:high] if not _TOPIC_LEADS.search(question[high:]) else question[low:]
    return not any(word in core for phrase in topic for word in phrase.split())


def _has_any(rows: Sequence[LedgerRow], topic: Sequence[str]) -> bool:
    """Whether some problem or heading has all the words of a phrase."""
    texts = [problem_of(row) + heading_of(row) for row in rows]
    return any(topic_share(phrase, text, {}) == 1 for phrase in topic if content_words(phrase) for text in texts)


def of_rows(question: str, rows: Sequence[LedgerRow], *, considered: int) -> Summary:
    """The summary of given ledger rows, in their order."""
    groups = tuple(_group(row) for row in rows)
    citations, proofs = _citations(rows)
    coverage = Coverage(len({row.notice_id for row in rows}), len(rows), considered)
    warnings = () if rows else ("没有符合条件的问题。",)
    return Summary(question, groups, _overview(rows, proofs), citations, coverage, "extractive", warnings)


def _group(row: LedgerRow) -> SummaryGroup:
    item = row.item
    return SummaryGroup(row.notice_id, row.file, item.id, item.problem, item.measures, item.status)


def _citations(rows: Sequence[LedgerRow]) -> tuple[tuple[Citation, ...], list[tuple[int, ...]]]:
    """Of every row its problem and what the notice prints of its status; the numbers of both by row."""
    cited: list[Citation] = []
    numbers = []
    for row in rows:
        quotes = [row.item.problem, *row.item.status.quotes[:1]]
        first = len(cited) + 1
        cited += [Citation(n, row.notice_id, row.file, row.title, *q.span, q.text) for n, q in enumerate(quotes, first)]
        numbers.append(tuple(range(first, len(cited) + 1)))
    return tuple(cited), numbers


def _overview(rows: Sequence[LedgerRow], proofs: Sequence[tuple[int, ...]]) -> tuple[OverviewSentence, ...]:
    """One sentence of computed figures that cites every member, then one per item with its status, if one is
    printed."""
    if not rows:
        return ()
    counts: Counter[str] = Counter(row.item.status.value for row in rows)
    parts = "，".join(f"{STATUS_LABELS[state]}{counts[state]}个" for state in STATUS_LABELS if counts[state])
    first = f"共涉及{len({r.notice_id for r in rows})}份通报的{len(rows)}个问题，其中{parts}。"
    sentences = [OverviewSentence(first, tuple(n for numbers in proofs for n in numbers))]
    for row, numbers in zip(rows, proofs, strict=True):
        problem = "".join(row.item.problem.text.split()).rstrip("。；;")
        status = f"（{status_label(row.item)}）" if row.item.status.quotes else ""
        sentences.append(OverviewSentence(f"{problem}{status}。", numbers))
    return tuple(sentences)
