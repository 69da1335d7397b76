"""Lookup: one fact, one proving sentence, one short answer.

Knows the ranked sentences only: what retrieval missed it cannot answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.qa.compose import Base, answered, quoted, refused
from bot.qa.evidence import Proof, speaks_of
from bot.qa.premises import false_premise
from bot.qa.question import Plan
from bot.qa.reader import read, state_alone
from bot.qa.roles import joined
from bot.qa.scope import Scope
from bot.qa.terms import Terms
from bot.qa.verdict import yes_no
from bot.qa.words import content_words, in_words
from bot.records import Answer

WANTED = {
    "number": "数量", "money": "金额", "percent": "比例", "duration": "时长", "frequency": "频次", "date": "时间",
    "status": "进展", "document": "文件名称", "docnumber": "文号", "organization": "单位", "place": "地点",
    "contact": "联系方式", "person": "姓名",
}  # fmt: skip
"""What a refusal calls the missing fact."""

TYPED_SHARE = 0.55
"""A sentence with a value of the wanted type must be at least so topical, as a share of the most topical one's."""
STRANGE_LETTERS = 0.3
STRANGE_SHARE = 0.75
"""So topical must one be that has none of the question's own words."""
MIN_STRENGTH = 0.12
"""Below this strength of evidence no item is the one asked about."""


def strength(proof: Proof) -> float:
    """How well a sentence supports any answer: the question's terms around it, and similarity above the usual."""
    return proof.context + max(0.0, proof.cosine - 0.86) * 2


PLACELESS_STRENGTH = 0.2
"""A question that names no place must be borne out so far: any sum answers 医保报销多少."""
PLACED_STRENGTH = 0.1
HEARD, HEARD_LETTERS = 0.03, 0.42
"""Least share of terms and of characters that anything found must have, however similar it is."""
_SIMILAR = 8.0
"""Weight of the similarity above ``_USUAL`` (chance pairs of e5-small), against a share of terms."""
_USUAL = 0.86


def unsupported(base: Base, plan: Plan, scope: Scope, found: Sequence[Proof]) -> Answer | None:
    """The refusal before anything is answered: nothing is about it, or it takes something wrong for granted."""
    leader = max(found, key=lambda p: p.topical, default=None)
    enough = PLACED_STRENGTH if scope.places or plan.years else PLACELESS_STRENGTH
    if leader is None or (not leader.field and leader.item_id not in plan.about and _bearing(found) < enough):
        return refused(base, "out_of_scope", "通报中没有与这个问题有关的内容，无法回答。", ())
    if not leader.field and leader.item_id not in plan.about and _unheard(found):
        return refused(base, "no_evidence", "通报没有提到所问的内容，无法回答。", ())
    if not leader.field and leader.item_id not in plan.about and _of_something_else(plan, scope, found):
        return refused(base, "no_evidence", "通报没有提到所问的内容，无法回答。", ())
    if plan.yes_no:
        return None
    wrong = false_premise(plan, leader, found)
    return refused(base, "false_premise", wrong, [leader]) if wrong else None


def _unheard(found: Sequence[Proof]) -> bool:
    """Whether nothing found has any of the question's words, nor many of its characters."""
    return max(p.context for p in found) < HEARD and max(p.features.letters for p in found) < HEARD_LETTERS


MOST_LETTERS = 0.5
"""A topic none of whose words is found may still be meant in other words, where so many of its characters are."""


def _of_something_else(plan: Plan, scope: Scope, found: Sequence[Proof]) -> bool:
    """Whether the question names a thing (教师职称评聘的问题) of which nothing found has a word."""
    thing = _NAMED_THING.search(plan.question)
    topic = thing["what"] if thing and not _ASKING.search(thing["what"]) else ""
    for place in scope.places:
        topic = topic.replace(place, " ")
    words = content_words(topic)
    if len(words) < TELLING:
        return False
    around = " ".join(p.around for p in found)
    return not any(in_words(word, around) for word in words) and found[0].features.letters < MOST_LETTERS


TELLING = 3
"""So many words must a name have to be told by."""
_ASKING = re.compile(r"哪|什么|啥|几|多少|还有|那")
_NAMED_THING = re.compile(r"(?P<what>[\u4e00-\u9fff]{4,})(?:的|这个|那个)(?:问题|任务|事项)")


def _bearing(found: Sequence[Proof]) -> float:
    """How far anything found is about the question: terms covered, and similarity above that of chance pairs."""
    return max(p.context for p in found) + _SIMILAR * max(0.0, max(p.cosine for p in found) - _USUAL)


def look_up(base: Base, plan: Plan, terms: Terms, found: Sequence[Proof]) -> Answer:
    """The answer of a lookup or yes/no question from its ranked proofs, of which there is at least one."""
    if plan.yes_no:
        return yes_no(base, plan, found)
    leader = max(found, key=lambda p: p.topical)
    if not speaks_of(leader, plan.thing) and plan.want == "text":
        message = f"通报提到了相关内容，但没有写明所问的“{plan.thing}”，无法回答。"
        return refused(base, "no_evidence", message, [leader])
    if plan.want == "text":
        return _passage(base, plan, terms, leader, found)
    typed = next((p for p in found if p.best is not None), None)
    if typed is None or typed.topical < _share_needed(plan, typed) * leader.topical:
        message = f"通报提到了相关内容，但没有写明所问的{WANTED[plan.want]}，无法回答。"
        return refused(base, "no_evidence", message, [p for p in (leader, *found) if p.topical >= 0.5 * leader.topical])
    if plan.want in ("organization", "place"):
        return _named(base, plan, terms, typed, found)
    return _value(base, typed, found, state_alone(typed.short or "", plan) if plan.want == "status" else None)


def _share_needed(plan: Plan, typed: Proof) -> float:
    """How topical a sentence with a value must be, as a share of the most topical one's."""
    strange = typed.own == 0 and typed.features.letters < STRANGE_LETTERS and typed.field is None
    return STRANGE_SHARE if strange and plan.want not in ("docnumber", "contact", "status") else TYPED_SHARE


def _named(base: Base, plan: Plan, terms: Terms, typed: Proof, found: Sequence[Proof]) -> Answer:
    """Who or where: read from the sentences that name bodies or places, by the words around them."""
    proof, said = read([p for p in found if p.best is not None], plan, terms) or (typed, typed.short or "")
    said = _whole_names(proof, said) if plan.want == "organization" else said
    return _value(base, proof, found, said)


def _whole_names(proof: Proof, said: str) -> str:
    """The bodies that a span cuts into, from the first to the last of them, named in one breath: A会同B、C."""
    text = proof.sentence.text
    at = text.find(said)
    within = [v for v in proof.values if at < v.end and v.start < at + len(said)]
    if at < 0 or not within:
        return said
    low, high = min(v.start for v in within), max(v.end for v in within)
    if not _BEYOND.match(text, high):
        low, high = min(low, at), max(high, at + len(said))
    named = joined(text, proof.values, replace(within[0], start=low, end=high))
    return text[named.start : named.end]


_BEYOND = re.compile(r"[对于将在按共]|组织|进行|开展|联合")
"""What goes on after a body's name and is no part of it."""


CLOSE = 0.85
"""Another sentence of the same notice is shown too where it scores so high, as a share of the best one."""


def _said(proof: Proof, short: str) -> str:
    """The clause that prints the value: a sentence that has it word for word proves nothing more."""
    clauses = re.split(r"[,，;；。:：]", proof.sentence.text)
    return next((clause for clause in clauses if short and short in clause), proof.sentence.text)


def _value(base: Base, proof: Proof, found: Sequence[Proof], said: str | None = None) -> Answer:
    """The value with its sentence; where others that say something else prove nearly as much, they stand beside it.

    ``said``: the value where it is not the one that stands closest.
    """
    short = said or proof.short or ""
    close = [
        p
        for p in found
        if p.notice_id == proof.notice_id
        and p.score >= CLOSE * proof.score
        and p is not proof
        and _said(proof, short) not in p.sentence.text
    ]
    shown = [proof, *close[: MAX_SENTENCES - 1]]
    text, citations = quoted(base, [(p.notice_id, p.sentence) for p in shown])
    return answered(base, text, citations, short=short or None, items=proof.items)


CONTEXT_SHARE = 0.62
"""A further sentence of the same item is shown where it is at least so topical, as a share of the best one."""
MAX_SENTENCES = 3


def _passage(base: Base, plan: Plan, terms: Terms, proof: Proof, found: Sequence[Proof]) -> Answer:
    """What was done, why, how: the best sentence, with those beside it in the same item that say nearly as much."""
    same = [
        p
        for p in found
        if p.notice_id == proof.notice_id
        and p.topical >= (CONTEXT_SHARE if p.item_id == proof.item_id else CLOSE) * proof.topical
    ]
    ranked = sorted(same, key=lambda p: -p.topical)[:MAX_SENTENCES]
    proof, said = read(found, plan, terms) or (proof, None)
    shown = [proof, *(p for p in ranked if p is not proof)][:MAX_SENTENCES]
    text, citations = quoted(base, [(p.notice_id, p.sentence) for p in shown])
    return answered(base, text, citations, short=said, items=proof.items)
