"""Answers that only a conversation asks for: the rest of an item, a member of a list, what a pronoun may stand for.

Quotes; does not search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.gazetteer import short_name
from bot.qa.compose import Base, answered, cite, quoted, refused, with_warnings
from bot.qa.conversation import Context
from bot.qa.evidence import Proof
from bot.qa.followup import subject_asked
from bot.qa.ledger import row_of
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, sentences
from bot.qa.words import content_words, in_words
from bot.records import Answer, Item, Span
from vectorstore.catalogue import LedgerRow

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

MAX_QUOTED = 4
"""Sentences of an item shown at once."""


def the_rest(base: Base, catalogue: Catalogue, context: Context) -> Answer | None:
    """The sentences of the item spoken of that were not quoted yet; a refusal where all were. None of several items."""
    if len(context.items) != 1:
        return None
    row = row_of(catalogue, context.items[0])
    if row is None:
        return None
    left = [s for s in _measure_sentences(catalogue, row) if (row.notice_id, s.end) not in context.told]
    if not left:
        message = "通报关于这个问题的整改内容，上面已经全部引用，没有更多。"
        return refused(base, "no_evidence", message)
    text, citations = quoted(base, [(row.notice_id, s) for s in left[:MAX_QUOTED]])
    return answered(base, text, citations, items=(row.item.id,))


def _measure_sentences(catalogue: Catalogue, row: LedgerRow) -> list[Sentence]:
    text = catalogue.text(row.notice_id)
    return [s for measure in row.item.measures for s in sentences(text, *_marked(text, measure.marker, measure.span))]


def _marked(text: str, marker: str | None, span: Span) -> Span:
    """The span of a measure from its marker on (二是…)."""
    head = text.rfind(marker, max(0, span[0] - len(marker) - 3), span[0]) if marker else -1
    return (head if head >= 0 else span[0], span[1])


@dataclass(frozen=True, slots=True)
class Target:
    """What a follow-up points at: ``problem`` of its item, and its place in the notice."""

    item_id: str
    notice_id: str
    problem: str
    span: Span


def target(catalogue: Catalogue, context: Context) -> Target | None:
    """The item of a list, or the measure of the one item spoken of, that is pointed at; None where there is none."""
    pointer = context.pointer
    if pointer is None or not (pointer.item or len(context.items) == 1):
        return None
    row = row_of(catalogue, pointer.item or context.items[0])
    if row is None:
        return None
    problem, text = "".join(row.item.problem.text.split()), catalogue.text(row.notice_id)
    if pointer.item:
        spans = [row.item.problem.span, *(measure.span for measure in row.item.measures)]
        whole = (min(low for low, _ in spans), max(high for _, high in spans))
        return Target(row.item.id, row.notice_id, problem, whole)
    measures = [m for m in row.item.measures if m.marker] or list(row.item.measures)
    if not -1 <= pointer.n - 1 < len(measures) or not measures:
        return None
    chosen = measures[pointer.n - 1 if pointer.n > 0 else -1]
    return Target(row.item.id, row.notice_id, problem, _marked(text, chosen.marker, chosen.span))


def whole_item(row: LedgerRow) -> Target:
    """An item with everything that its notice prints of it."""
    return Target(row.item.id, row.notice_id, "".join(row.item.problem.text.split()), row.item.span)


def member(base: Base, catalogue: Catalogue, context: Context, question: str, meant: Target | None) -> Answer | None:
    """What a question points at, quoted where it asks for no more than that; a refusal where there is no such member.

    None where it points at none, or asks something of it.
    """
    pointer = context.pointer
    if pointer is None or not context.items:
        return None
    if meant is None:
        size = f"只列出{len(context.items)}条，" if len(context.items) > 1 else ""
        return refused(base, "no_evidence", f"上一个回答{size}没有“{pointer.words}”，无法回答。")
    if not _ASKS_NOTHING.fullmatch(question.replace(pointer.words, "")):
        return None
    spoken = sentences(catalogue.text(meant.notice_id), *meant.span)
    text, citations = quoted(base, [(meant.notice_id, s) for s in spoken[:MAX_QUOTED]])
    return answered(base, text, citations, items=(meant.item_id,))


_ASKS_NOTHING = re.compile(
    r"(?:上面|前面|刚才|刚刚|那|的|里面?|中|呢|是|什么|问题|内容|具体|详细|情况|怎么样|怎么整改的?|怎么回事|措施|讲讲|说说|展开|一下|一点"
    r"|看看|呀|啊|吗|有哪些|整改|[,，?？。\s])*"
)


def without_its_subject(base: Base, catalogue: Catalogue, question: str, before: str, answer: Answer) -> Answer | None:
    """The refusal of an X呢 whose X is spoken of neither in the proof nor in its item (雨水管网呢 after 污水管网)."""
    subject, former = subject_asked(question), fold(before)
    if answer.status != "answered" or not subject or answer.route != "lookup":
        return None
    words = [word for word in content_words(subject) if word not in former]
    if not words:
        return None
    quotes = [citation.quote for citation in answer.citations]
    rows = [row for row in (row_of(catalogue, item) for item in answer.items) if row]
    said = fold(" ".join([*quotes, *(_whole(row.item) for row in rows)]))
    if any(in_words(word, said) for word in words):
        return None
    near = [(c.notice_id, Sentence(c.start, c.end, c.quote)) for c in answer.citations]
    message = f"通报提到了相关内容，但没有写到“{subject}”，无法回答。"
    return replace(refused(base, "no_evidence", message), nearest=cite(base, near[:3]))


def _whole(item: Item) -> str:
    return " ".join([item.problem.text, *(measure.text for measure in item.measures)])


SPOKEN = 0.15
"""What a sentence quoted in the answer before is worth more, in units of a proof's score."""
UNSAID = 0.15
"""Share of a follow-up's own words in the best sentence up to which it only asks on about what was quoted."""


def spoken_first(found: Sequence[Proof], spoken: Sequence[tuple[str, Sentence]]) -> list[Proof]:
    """The proofs with those quoted in the answer before raised, where the question's own words stand in none."""
    spots = {(notice_id, s.start) for notice_id, s in spoken}
    if not spots or max((p.own for p in found), default=0.0) > UNSAID:
        return list(found)
    raised = [replace(p, score=p.score + SPOKEN * ((p.notice_id, p.sentence.start) in spots)) for p in found]
    return sorted(raised, key=lambda p: -p.score)


# -- pronouns ----------------------------------------------------------------------------------------------------------

RIVAL = 0.7
"""Another notice may be meant where its best sentence scores so high, as a share of the best one."""


def antecedents(base: Base, plan: Plan, scope: Scope, answer: Answer, found: Sequence[Proof]) -> Answer | None:
    """What a question that begins with a pronoun is about, where nothing was named before it.

    A refusal that names the notices it may mean where there are several; the answer with a note where only one fits;
    None where only one notice is asked.
    """
    if len(scope.notices) < 2 or answer.status == "refused":
        return None
    if plan.route != "lookup" or not found:
        names = "、".join(_place(base, notice_id) for notice_id in scope.notices[:MAX_NAMED])
        message = f"没有上文，不知道问的是哪里：库中有{len(scope.notices)}份通报（{names}等）。请写明地区或单位。"
        return refused(base, "no_evidence", message)
    rivals = _rivals(plan, found)
    if len(rivals) < 2:
        only = _place(base, rivals[0].notice_id) if rivals else ""
        return with_warnings(answer, [f"没有上文，按“{only}”的通报理解。"]) if only else None
    options = "；".join(f"{_place(base, p.notice_id)}{f'（{p.short}）' if p.short else ''}" for p in rivals)
    message = f"没有上文，不知道问的是哪里。可能是：{options}。请写明地区再问。"
    return refused(base, "no_evidence", message, rivals)


MAX_NAMED = 6


def _rivals(plan: Plan, found: Sequence[Proof]) -> list[Proof]:
    """The best proof of each notice that may be meant, best first."""
    typed = [p for p in found if p.best is not None] if plan.want != "text" else list(found)
    best: dict[str, Proof] = {}
    for proof in typed:
        best.setdefault(proof.notice_id, proof)
    top = max((p.score for p in best.values()), default=0.0)
    return [p for p in best.values() if p.score >= RIVAL * top][:MAX_QUOTED]


def _place(base: Base, notice_id: str) -> str:
    """What people call a notice: the place that its beginning names first, else its title."""
    card = base.cards[notice_id]
    named = [(card.head.find(short_name(area)), area) for area in card.areas if short_name(area) in card.head]
    return min(named)[1] if named else card.title
