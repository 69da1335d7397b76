"""Candidate sentences for a question, ranked by features that can be read off one by one.

A sentence is read in its place: headings and neighbours count as context, because 已完成管网建设25公里 does not repeat
what the 管网 is. Knows words and similarity, not meaning; the weights were chosen on the development questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.qa.nearest import nearest_value
from bot.qa.question import Plan
from bot.qa.roles import end_of_range, in_part, joined, post_asked, post_holders
from bot.qa.sentences import Sentence, sentences
from bot.qa.spans import ASKS_STATE
from bot.qa.terms import Terms
from bot.qa.values import TypedValue, typed_values
from bot.qa.words import synonyms
from bot.records import Span
from vectorstore.lexical import tokens

if TYPE_CHECKING:
    from vectorstore.search import Candidate

TYPED_POOL = 24
"""Only so many of the best sentences are searched for values: finding values is the dear part."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature of a sentence counts."""

    own: float = 0.45
    context: float = 0.25
    passage: float = 0.30
    typed: float = 0.25
    near: float = 0.35


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence that may prove an answer.

    ``sentence``: offsets into the notice's text. ``own``: weighted share of the question's terms in the sentence, 0-1;
    ``context``: in the sentence with its headings and neighbours. ``passage``: fused score of its passage; ``cosine``:
    its similarity, 0 without vectors. ``around``: headings, sentence and neighbours, folded. ``finding``: it states the
    problem, not what was done. ``field``: where in the sentence the notice prints the very field asked for. ``values``:
    values of the wanted type that the question does not itself name, offsets into the sentence; ``best``: the one that
    stands closest to the question's terms. ``topical``: the ranking without values, ``score`` with them.
    """

    notice_id: str
    sentence: Sentence
    item_id: str | None
    own: float
    context: float
    passage: float
    cosine: float
    around: str
    topical: float
    finding: bool = False
    field: Span | None = None
    values: tuple[TypedValue, ...] = ()
    best: TypedValue | None = None
    score: float = 0.0

    @property
    def short(self) -> str | None:
        """The value picked out, as printed."""
        return self.sentence.text[self.best.start : self.best.end] if self.best else None

    @property
    def items(self) -> tuple[str, ...]:
        """The item that the sentence belongs to, empty where it belongs to none."""
        return (self.item_id,) if self.item_id else ()


FINDING_SHARE = 0.25
"""Share of its item's best-matching finding that a sentence about the rectification gains."""
FINDING_PENALTY = 0.05
HOW_PENALTY = 0.15
"""What a finding loses where the question asks for what came of it, and where it asks how."""
WHY_BOOST = 0.15
FIELD_BOOST = 0.4
ABOUT_BOOST = 0.3
"""What a sentence gains: it gives the reason asked for, prints the field asked for, stands in the item talked about."""
FOCUS_SHARE = 0.3
"""Share of the character pairs of the thing counted that must stand around a figure."""

STATE_BOOST = 0.12
"""What a sentence gains that says how things stand, where that is asked for."""
_ASKS_RESULT = re.compile(
    r"(?:整改|啥时候|什么时候|何时|哪天|现在)[^,，。?？]{0,6}完(?:成|了|的|没)?|完成(?:时间|日期)|弄完|改完|搞完|办完|做完|完工|竣工|销号"
)
_STANDING = re.compile(
    r"目前|截至|截止|均已|正在|尚未|未启动|整改完成|完成整改|剩余|销号|竣工|完工|已(?:全部|基本|于)?[^,，。;；]{0,12}(?:完成|建成|到位|解决|办结)"
)

ASKS_FINDING = re.compile(
    r"的时候|巡察组|督察组|发现|指出|反馈|存在|原来|原本|当时|以前|本来|应该|要求|问题是什么|什么问题"
)
_ASKS_WHY = re.compile(r"为啥|为什么|为何|原因|怎么回事")
_REASON = re.compile(r"因(?!此|素)|由于|鉴于|缺口|不足|不全|限制|影响")
_ASKS_HOW = re.compile(r"为啥|为什么|原因|动作|怎么|如何|怎样|咋|措施|处理|处置|怎么罚|办法")
_BUSINESS = (
    (r"罚", r"罚|处罚"),
    (r"投资|花了?|造价", r"投资|投入|安排|使用|支出|资金|造价|核减"),
    (r"补|奖|给的", r"补|奖|拨|安排|下达|争取|资金"),
    (r"欠", r"欠|缴"),
    (r"追|收回|退|要回", r"追|收回|退|缴|还"),
    (r"合同", r"合同"),
    (r"费(?:是|用)?", r"费"),
)
"""What a question asks of a sum, and what the sentence must speak of."""


def proofs(
    plan: Plan,
    terms: Terms,
    candidates: Sequence[Candidate],
    weights: Weights,
    fields: Mapping[str, Sequence[Span]] = MappingProxyType({}),
    problems: Mapping[str, Span] = MappingProxyType({}),
) -> list[Proof]:
    """The sentences of the candidate passages, best first; ``fields``: spans by notice that print what is asked for."""
    found = [proof for candidate in candidates for proof in _of_passage(terms, candidate, weights, plan.about)]
    found = [_in_field(proof, fields.get(proof.notice_id, ())) for proof in found]
    found = _from_findings([_marked(proof, problems) for proof in found], plan)
    if _ASKS_WHY.search(plan.question):
        found = [replace(p, topical=p.topical + WHY_BOOST) if _REASON.search(p.sentence.text) else p for p in found]
    if ASKS_STATE.search(plan.question) or (plan.want in ("date", "status") and _ASKS_RESULT.search(plan.question)):
        found = [
            replace(p, topical=p.topical + STATE_BOOST)
            if not p.finding and _STANDING.search(fold(p.sentence.text))
            else p
            for p in found
        ]
    found.sort(key=lambda p: (-p.topical, p.notice_id, p.sentence.start))
    head = [_with_values(p, plan, terms, weights) for p in found[:TYPED_POOL]]
    rest = [replace(p, score=p.topical) for p in found[TYPED_POOL:]]
    return sorted([*head, *rest], key=lambda p: (-p.score, p.notice_id, p.sentence.start))


def _marked(proof: Proof, problems: Mapping[str, Span]) -> Proof:
    """The proof, marked where its sentence states its item's problem."""
    span = problems.get(proof.item_id or "")
    inside = (
        span is not None
        and proof.sentence.start < span[1]
        and span[0] < proof.sentence.end
        and proof.sentence.end <= span[1] + 12
    )
    return replace(proof, finding=True) if inside else proof


def _from_findings(found: list[Proof], plan: Plan) -> list[Proof]:
    """A finding has the question's words, the answer stands in the measures below it: they share in its match."""
    if ASKS_FINDING.search(plan.question):
        return found
    strongest: dict[str, float] = {}
    for proof in found:
        if proof.item_id and proof.finding:
            strongest[proof.item_id] = max(strongest.get(proof.item_id, 0.0), proof.own)
    penalty = HOW_PENALTY if _ASKS_HOW.search(plan.question) else FINDING_PENALTY
    return [
        replace(p, topical=p.topical - penalty)
        if p.finding
        else replace(p, topical=p.topical + FINDING_SHARE * strongest.get(p.item_id or "", 0.0))
        for p in found
    ]


def _in_field(proof: Proof, spans: Sequence[Span]) -> Proof:
    low, high = proof.sentence.start, proof.sentence.end
    inside = next(((start - low, end - low) for start, end in spans if low <= start and end <= high), None)
    return replace(proof, topical=proof.topical + FIELD_BOOST, field=inside) if inside else proof


def _of_passage(terms: Terms, candidate: Candidate, weights: Weights, boost: frozenset[str]) -> list[Proof]:
    passage = candidate.passage
    inside = sentences(passage.text)
    folded = [fold(sentence.text) for sentence in inside]
    headings = fold(" ".join(passage.path))
    extra = ABOUT_BOOST if passage.item_id in boost else 0.0
    result = []
    for n, sentence in enumerate(inside):
        own = terms.covered(folded[n])
        around = " ".join([headings, *folded[max(0, n - 1) : n + 2]])
        share, context = terms.share(own), terms.share(terms.covered(around))
        topical = weights.own * share + weights.context * context + weights.passage * candidate.score + extra
        placed = Sentence(passage.start + sentence.start, passage.start + sentence.end, sentence.text)
        result.append(
            Proof(
                notice_id=passage.notice_id,
                sentence=placed,
                item_id=passage.item_id,
                own=share,
                context=context,
                passage=candidate.score,
                cosine=candidate.dense or 0.0,
                around=around,
                topical=topical,
            )
        )
    return result


def _with_values(proof: Proof, plan: Plan, terms: Terms, weights: Weights) -> Proof:
    if plan.want == "text":
        return replace(proof, score=proof.topical)
    if plan.focus and not _has_focus(plan.focus, proof.around):
        return replace(proof, score=proof.topical)
    if plan.want == "money" and not _same_business(plan.question, proof.sentence.text):
        return replace(proof, score=proof.topical)
    text = proof.sentence.text
    everything = _typed(plan, text)
    found = tuple(v for v in everything if not _named(text[v.start : v.end], plan))
    if plan.want == "organization":
        found = tuple(in_part(plan.question, text, found))
    if proof.field and plan.want == "organization":
        found = (TypedValue(*proof.field, True),)
    elif proof.field:
        found = tuple(v for v in found if v.start < proof.field[1] and proof.field[0] < v.end) or found
    best, near = nearest_value(text, found, terms, plan.question, plan_wants_count=plan.want == "number")
    score = proof.topical + (weights.typed + weights.near * near if best else 0.0)
    if best and plan.want in ("organization", "place", "document"):
        best = joined(text, everything, best)
    elif best and plan.want == "date":
        best = end_of_range(plan.question, text, best)
    return replace(proof, values=found, best=best, score=score)


def _typed(plan: Plan, text: str) -> list[TypedValue]:
    """Every value of the wanted type, the question's own included."""
    if plan.want == "person":
        post = post_asked(plan.question)
        return post_holders(text, post) if post else []
    return typed_values(text, plan.want, plan.unit, plan.precision)


def _same_business(question: str, sentence: str) -> bool:
    """A sum answers 罚了多少 only where the sentence speaks of a fine."""
    asked = [answer for words, answer in _BUSINESS if re.search(words, question)]
    folded = fold(sentence)
    return not asked or any(re.search(words, folded) for words in asked)


def _has_focus(focus: str, around: str) -> bool:
    """Whether the thing that is counted is spoken of at all: a sum of money next to 停产 is no 产值."""
    pairs = tokens(focus)
    known = sum(pair in around or _spelled_otherwise(pair, focus, around) for pair in pairs)
    return not pairs or known >= FOCUS_SHARE * len(pairs)


def _spelled_otherwise(pair: str, focus: str, around: str) -> bool:
    return any(
        word in focus and pair in word and any(o in around for o in others) for word, others in synonyms().items()
    )


def _named(value: str, plan: Plan) -> bool:
    """Whether the question itself names the value: 第二季度 is no answer to a question about 第二季度."""
    folded = fold(value)
    if folded in plan.question:
        return True
    pairs = [folded[n : n + 2] for n in range(len(folded) - 1)]
    return (
        plan.want == "organization"
        and len(pairs) >= 4
        and sum(pair in plan.question for pair in pairs) >= 0.5 * len(pairs)
    )
