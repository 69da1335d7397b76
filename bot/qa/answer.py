"""The answer to a question: understand, find the scope, find the evidence, and answer or refuse.

Nothing here writes a fact: what is answered is quoted or computed, and a model, where there is one, may put a quoted
answer into words (``worded``) and plan a follow-up that the rules do not answer (``planned``). Knows one conversation,
no user.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.qa.cards import Card, Cards
from bot.qa.compare import asks_difference, compare, share, told_as_one, without_share
from bot.qa.compose import Base, Found, answered, quoted, refused, with_warnings
from bot.qa.conversation import NO_CONTEXT, Context, in_conversation, in_its_sentence, within
from bot.qa.evidence import Proof, proofs
from bot.qa.fields import asked_spans
from bot.qa.followup import asks_more, beside, inherited, leans, points_back
from bot.qa.ledger import count_items, count_measures, item_field, list_items, progress, reported, rows_in
from bot.qa.lists import list_in_sentences, notices_asked
from bot.qa.lookup import MIN_STRENGTH, look_up, strength, unsupported
from bot.qa.membership import numbered
from bot.qa.question import Plan, tidied, understand
from bot.qa.scope import Scope, resolve, respelled
from bot.qa.sides import sides_of
from bot.qa.similar import nearest_item
from bot.qa.spoken import Target, antecedents, member, spoken_first, target, the_rest, whole_item, without_its_subject
from bot.qa.tasks import other_task
from bot.qa.terms import Terms, expanded, question_terms
from bot.qa.wanted import item_number
from bot.records import Answer, Considered, Span, Turn

if TYPE_CHECKING:
    from bot.llm.chat import Chat, OnCall
    from bot.qa.worded import OnSentence, OnStage
    from prompts.loader import Prompt
    from vectorstore.catalogue import Catalogue, LedgerRow
    from vectorstore.store import Store

PASSAGES = 14
"""Passages whose sentences are weighed."""
BEFORE_WEIGHT = 0.35
"""What a term of the turn before counts in a follow-up, against one of the question itself."""
_cards = Cards()


def cards_of(store: Store) -> list[Card]:
    """The cards of all notices of a store."""
    return _cards.of(store.catalogue)


def ask(
    store: Store,
    question: str,
    *,
    history: Sequence[Turn] = (),
    notices: Sequence[str] = (),
    chat: Chat | None = None,
    on_sentence: OnSentence | None = None,
    on_stage: OnStage | None = None,
    on_call: OnCall | None = None,
    prompts: Mapping[str, Prompt] = MappingProxyType({}),
) -> Answer:
    """Answer one question from the store.

    ``history``: earlier turns, oldest first. ``notices``: only these ids. ``chat``: a model that words lookups from the
    evidence found; where it fails the answer is the extractive one, with a warning. ``on_sentence``, ``on_stage``: told
    each verified sentence of the model and what is being done, from the calling thread. ``on_call``: told every call to
    the model. ``prompts``: by id (``answer``, ``plan``), other versions than the program's own. Raises ``StoreError``
    where the store fails; a question that the notices do not answer is a refusal, not an error.
    """
    start = time.perf_counter()
    stage = on_stage or (lambda _: None)
    stage("正在查找通报…")
    turns = list(history)
    found = _in_conversation(store, question, turns, notices)
    answer, timings = found.answer, {"total": _since(start)}
    if chat:
        # Imported where a model is set: the rules of reading that verification needs take longer than a whole answer.
        from bot.llm.layers import Recorded
        from bot.qa.planned import planned
        from bot.qa.worded import may_word, worded

        talk = Recorded(chat, on_call)
        if turns:
            plan_of = partial(planned, chat=talk, prompt=prompts.get("plan"))
            found = _replanned(store, question, turns, notices, found, plan_of, stage)
        answer, searched = found.answer, _since(start)
        if may_word(found):
            word = partial(worded, on_sentence=on_sentence, on_stage=on_stage, prompt=prompts.get("answer"))
            answer = word(found, partial(_about, store), talk)
        timings = {"total": _since(start), "search": searched, "llm": round(_since(start) - searched, 1)}
    return replace(answer, question=question, timings_ms=timings)


def _since(start: float) -> float:
    """Milliseconds."""
    return round((time.perf_counter() - start) * 1000, 1)


def ranked(store: Store, question: str) -> list[Proof]:
    """The sentences that a question by itself is answered from, best first; empty where it is out of scope."""
    cards = _cards.of(store.catalogue)
    plan = understand(respelled(question, cards).question)
    scope = resolve(plan, cards)
    base = Base(question, plan.route, {card.id: card for card in cards}, Considered(len(cards), 0))
    return [] if scope.missing else _Search(store, base, scope, NO_CONTEXT, False).proofs(plan)


def _in_conversation(store: Store, question: str, history: Sequence[Turn], notices: Sequence[str]) -> Found:
    """The self-contained question and its answer; a turn before that it leans on is asked again."""
    cards = _cards.of(store.catalogue)

    def scope_of(asked: str) -> Scope:
        return resolve(understand(respelled(asked, cards).question), cards, notices)

    turns = [Turn(tidied(turn.question), turn.answer) for turn in history]
    found, _ = in_conversation(
        tidied(question), turns, lambda asked, context: _answer(store, asked, notices, context), scope_of
    )
    return found


def _replanned(
    store: Store,
    question: str,
    history: Sequence[Turn],
    notices: Sequence[str],
    found: Found,
    plan_of: Callable[[str, Sequence[Turn]], Plan | None],
    stage: OnStage,
) -> Found:
    """A follow-up that the rules could not answer, planned by the model and executed by the same code.

    Only what was refused is asked again, only a plan that holds nothing new counts, and only within the scope that the
    rules found: it cannot make an answer worse, nor one about another place.
    """
    scope = found.scope
    if found.answer.status == "answered" or found.answer.reason == "empty_store" or not scope or scope.missing:
        return found
    if not leans(question):
        return found
    stage("正在理解追问…")
    plan = plan_of(question, history)
    if plan is None:
        return found
    again = _answer(store, plan.question, notices, Context(scope), plan)
    outside = again.scope is None or not set(again.scope.notices) <= set(scope.notices)
    if again.answer.status == "refused" or outside:
        return found
    return replace(again, answer=with_warnings(again.answer, [f"追问按“{plan.question}”理解。"]))


def _about(store: Store, notice_id: str, item_id: str | None) -> str:
    """Title and units of a notice, and the finding of one of its items."""
    notice = _cards.notice(store.catalogue, notice_id)
    units = [g.text for g in (notice.title, notice.inspected, *notice.issuer) if g]
    spans = store.catalogue.problem_spans({item_id}) if item_id else {}
    text = store.catalogue.text(notice_id) if spans else ""
    return " ".join("".join(part.split()) for part in [*units, *(text[slice(*span)] for span in spans.values())])


def _answer(store: Store, question: str, notices: Sequence[str], context: Context, plan: Plan | None = None) -> Found:
    cards = _cards.of(store.catalogue)
    respelt = respelled(question, cards)
    plan = plan or understand(respelt.question)
    known = {card.id: card for card in cards}
    base = Base(question, plan.route, known, Considered(len(cards), 0), respelt.notes)
    if not cards:
        message = "还没有导入任何通报：请先在“通报库”上传，或运行 zhenggai ingest。"
        return Found(question, refused(base, "empty_store", message), plan)
    other = other_task(plan.question) if not context.before else ""
    scope, same = within(resolve(plan, cards, notices), plan, context)
    if other or scope.missing:
        return Found(
            question, refused(base, "out_of_scope", f"{other or scope.missing}，无法回答。"), plan, scope=scope
        )
    if same and context.before and context.plan:
        plan = inherited(replace(in_its_sentence(plan, context), about=frozenset(context.items)), context.plan)
    base = replace(base, route=plan.route, considered=Considered(len(scope.notices), 0))
    meant = target(store.catalogue, context) if same else None
    if meant:
        plan = replace(plan, about=frozenset({meant.item_id}))
        context = replace(context, before=meant.problem, shown=())
    number = item_number(plan.question) if len(scope.notices) == 1 and not meant else 0
    if number:
        rows = _by_number(rows_in(store.catalogue, scope), number)
        if not rows:
            message = f"通报没有编号为{number}的问题，无法回答。"
            return Found(question, refused(base, "no_evidence", message), plan, scope=scope)
        if plan.route == "lookup":
            meant = whole_item(rows[0])
            plan = replace(plan, about=frozenset({meant.item_id}))
            context = replace(context, before=meant.problem, shown=())
    search = _Search(store, base, scope, context, same, meant)
    answer = _led(store, base, plan, context, meant) if same else None
    answer = answer or _routed(store, base, plan, scope, search)
    if same and not meant:
        answer = without_its_subject(base, store.catalogue, question, context.asked, answer) or answer
    if points_back(question) and not context.before and not scope.places:
        answer = antecedents(base, plan, scope, answer, search.ranked) or answer
    return Found(question, answer, plan, tuple(search.ranked), scope)


def _by_number(rows: Sequence[LedgerRow], number: int) -> list[LedgerRow]:
    """The item of a number, of those that were fed back."""
    fed_back = reported(list(rows))
    return numbered(fed_back, fed_back, number)


def _led(store: Store, base: Base, plan: Plan, context: Context, meant: Target | None) -> Answer | None:
    """The answer to what asks for the rest of what was spoken of, or points at a member of it; else None."""
    if context.pointer:
        return member(base, store.catalogue, context, plan.question, meant)
    return the_rest(base, store.catalogue, context) if context.before and asks_more(plan.question) else None


def _routed(store: Store, base: Base, plan: Plan, scope: Scope, search: _Search) -> Answer:
    catalogue = store.catalogue
    if plan.over == "items" and plan.route in ("count", "list"):
        nearest = partial(nearest_item, store, notices=scope.notices, surely=True)
        counts = plan.route == "count"
        over = (
            count_items(base, catalogue, plan, scope) if counts else list_items(base, catalogue, plan, scope, nearest)
        )
        if over:
            return over
        plan = replace(plan, route="lookup", over="sentence")
        base = replace(base, route="lookup")
    if plan.over == "notices":
        return notices_asked(base, catalogue, plan, scope)
    part = share(base, plan, lambda text: search.proofs(replace(plan, question=text, topic=text, want="text")))
    if part:
        return with_warnings(part, search.warnings)
    if plan.route == "compare":
        compared = compare(
            base,
            catalogue,
            plan,
            scope,
            lambda text: search.proofs(replace(plan, question=text, topic=text, want="text")),
            lambda text, ids: _answer(store, text, ids, NO_CONTEXT).answer,
        )
        if compared:
            return with_warnings(compared, search.warnings)
        if asks_difference(plan):
            near = search.proofs(plan)
            if not told_as_one(plan, scope, near):
                message = "没有在通报中找到可以相互比较的两个数字，无法计算。"
                return with_warnings(refused(base, "no_evidence", message, near), search.warnings)
    same = beside(plan, search.talked_about, search.context.asked, search.context.short)
    if same:
        notice_id, sentence, figures = same
        text, citations = quoted(base, [(notice_id, sentence)])
        return answered(base, text, citations, short="、".join(figures), items=sorted(plan.about))
    terms = search.terms(plan)
    found = search.proofs(plan, terms)
    early = unsupported(base, plan, scope, found)
    if early:
        return with_warnings(early, search.warnings)
    special = _special(catalogue, base, plan, scope, terms, found)
    if special is None and plan.over == "measures":
        base = replace(base, route="lookup")  # 细化分解为多少个整改举措: a fact of the notice, not of one item
    answer = special or look_up(base, plan, terms, found)
    if plan.route == "compare" and answer.status == "answered" and sides_of(plan.question, scope.places):
        # Not both operands were found: the passages are shown, nothing is picked out as if it were the comparison.
        answer = replace(answer, short_answer=None, answer=f"通报没有可以直接比较的数字，相关原文：{answer.answer}")
    return with_warnings(without_share(plan, answer), search.warnings)


def _special(
    catalogue: Catalogue, base: Base, plan: Plan, scope: Scope, terms: Terms, found: Sequence[Proof]
) -> Answer | None:
    """A count of measures, a field of an item, its progress, a list in sentences; None where it is a plain lookup."""
    if plan.over == "measures":
        item = found[0].item_id if found else None
        return count_measures(base, catalogue, item, scope, plan.unit or "条") if item else None
    leader = max(found, key=lambda p: p.topical, default=None)
    if leader and leader.item_id and strength(leader) >= MIN_STRENGTH:
        field = item_field(base, catalogue, plan, leader.item_id, scope)
        if field:
            return field
    if plan.want == "status" and not plan.yes_no:
        return _progress(catalogue, base, scope, found)
    if plan.route == "list" and not plan.yes_no:
        return list_in_sentences(base, plan, terms, found)
    return None


def _progress(catalogue: Catalogue, base: Base, scope: Scope, found: Sequence[Proof]) -> Answer | None:
    """The state of the item asked about, unless a sentence about the very thing asked says it (主体已完工)."""
    leader = max(found, key=lambda p: p.topical, default=None)
    if leader is None or leader.item_id is None or strength(leader) < MIN_STRENGTH:
        return None
    said = found[0]
    if said.best is not None and said.item_id == leader.item_id and said.own >= 0.5 * leader.own:
        return None
    return progress(base, catalogue, leader.item_id, scope)


class _Search:
    """Searches within one question: the scope and the conversation are fixed, warnings are gathered."""

    def __init__(
        self, store: Store, base: Base, scope: Scope, context: Context, same: bool, meant: Target | None = None
    ) -> None:
        self._store = store
        self._scope = scope
        self.context, self.before = context, context.before
        self._meant = meant
        self._narrowed = scope.notices if len(scope.notices) < len(base.cards) else None
        self.talked_about = context.shown if same else ()
        self.warnings: list[str] = []
        self.ranked: list[Proof] = []

    def terms(self, plan: Plan) -> Terms:
        """The terms of a plan; in a follow-up those of the turn before count too, for less."""
        own = question_terms(self._store.catalogue, plan, self._scope.places)
        if not self.before:
            return own
        former = question_terms(self._store.catalogue, understand(self.before), self._scope.places)
        added = {token: weight * BEFORE_WEIGHT for token, weight in former.weights.items() if token not in own.weights}
        # 总共有多少个 has no word of its own: what it counts was said before.
        telling = frozenset(token for token in own.weights if len(token) > 1)
        return Terms(own.weights | added, former.spelled | own.spelled, telling or None)

    def proofs(self, plan: Plan, terms: Terms | None = None) -> list[Proof]:
        """The ranked sentences for a plan; ``ranked`` keeps the last ones."""
        text = f"{plan.question} {understand(self.before).topic}" if self.before else plan.question
        candidates, warnings = self._store.search(text, PASSAGES, scope=self._narrowed, words=expanded(text))
        self.warnings += [warning for warning in warnings if warning not in self.warnings]
        items = {c.passage.item_id for c in candidates if c.passage.item_id}
        problems = self._store.catalogue.problem_spans(items)
        fields = self._fields(plan)
        found = proofs(plan, terms or self.terms(plan), candidates, fields, problems)
        ranked = spoken_first(found, self.talked_about)
        self.ranked = [p for p in ranked if self._meant is None or _inside(p, self._meant)] or ranked
        return self.ranked

    def _fields(self, plan: Plan) -> dict[str, list[Span]]:
        """Where the notices in scope print a field that is asked for; none in more than three."""
        if len(self._scope.notices) > 3:
            return {}
        catalogue = self._store.catalogue
        return {i: spans for i in self._scope.notices if (spans := asked_spans(plan, _cards.notice(catalogue, i)))}


def _inside(proof: Proof, meant: Target) -> bool:
    """Whether a sentence belongs to what a follow-up points at."""
    low, high = meant.span
    return proof.notice_id == meant.notice_id and low <= proof.sentence.start and proof.sentence.end <= high + 2
