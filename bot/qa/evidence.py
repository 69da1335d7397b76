"""Candidate sentences for a question, ranked by features that can be read off one by one.

A sentence is read in its place: headings and neighbours count as context, because 已完成管网建设25公里 does not repeat
what the 管网 is. Knows words and similarity, not meaning; the weights were chosen on the development questions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from operator import attrgetter, mul
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.qa.labelled import respectively
from bot.qa.nearest import nearest_value
from bot.qa.question import Plan
from bot.qa.roles import end_of_range, in_part, joined, post_asked, post_holders, with_limit
from bot.qa.sentences import Sentence, sentences
from bot.qa.spans import ASKS_PENALTY, ASKS_STATE
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
class Features:
    """What can be read off a sentence, each 0-1; the same record holds their weights.

    ``own``: weighted share of the question's terms in the sentence; ``context``: in it with its headings and
    neighbours; ``letters``, ``letters_around``: the same of single characters. ``passage``: fused score of its passage.
    ``found``: share that its item's best finding covers, of a sentence about the rectification. ``finding``: it states
    the problem; ``finding_how``: so it does, and the question asks what was done. ``why``, ``standing``: it gives the
    reason, penalty or state asked for. ``field``: it prints the field asked for. ``about``: the conversation is about
    its item. ``typed``: it has a value of the wanted type; ``near``: how close that stands to the question's terms.
    """

    own: float = 0.0
    context: float = 0.0
    letters: float = 0.0
    letters_around: float = 0.0
    passage: float = 0.0
    found: float = 0.0
    finding: float = 0.0
    finding_how: float = 0.0
    why: float = 0.0
    standing: float = 0.0
    field: float = 0.0
    about: float = 0.0
    typed: float = 0.0
    near: float = 0.0

    def weighed(self, weights: Features) -> float:
        """The sum of the features, each times its weight."""
        total: float = sum(map(mul, _AMOUNTS(self), _AMOUNTS(weights)))
        return total


_AMOUNTS: Callable[[Features], tuple[float, ...]] = attrgetter(*(field.name for field in fields(Features)))
"""Every feature in order; ``dataclasses.astuple`` copies deeply, which took a third of a lookup."""


@cache
def weights() -> Features:
    """The weights, as fitted on the development questions by ``python -m evals.bench.evidence --fit``."""
    return Features(**json.loads(resources.files("bot.data").joinpath("evidence.json").read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence that may prove an answer.

    ``sentence``: offsets into the notice's text. ``own``: weighted share of the question's terms in the sentence, 0-1;
    ``context``: in the sentence with its headings and neighbours. ``passage``: fused score of its passage; ``cosine``:
    its similarity, 0 without vectors. ``around``: headings, sentence and neighbours, folded. ``finding``: it states the
    problem, not what was done. ``field``: where in the sentence the notice prints the very field asked for. ``values``:
    values of the wanted type that the question does not itself name, offsets into the sentence; ``best``: the one that
    stands closest to the question's terms. ``features``: see there; ``topical``: the ranking
    without values, ``score`` with them.
    """

    notice_id: str
    sentence: Sentence
    item_id: str | None
    own: float
    context: float
    passage: float
    cosine: float
    around: str
    features: Features
    finding: bool = False
    field: Span | None = None
    values: tuple[TypedValue, ...] = ()
    best: TypedValue | None = None
    topical: float = 0.0
    score: float = 0.0

    @property
    def short(self) -> str | None:
        """The value picked out, as printed."""
        return self.sentence.text[self.best.start : self.best.end] if self.best else None

    @property
    def items(self) -> tuple[str, ...]:
        """The item that the sentence belongs to, empty where it belongs to none."""
        return (self.item_id,) if self.item_id else ()


FOCUS_SHARE = 0.3
"""Share of the character pairs of the thing counted that must stand around a figure."""

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
_PENALTY = re.compile(r"处分|诫勉|谈话|约谈|警告|撤职|记过|开除|批评教育|检讨|通报批评|罚款|处罚|问责")
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
    fields: Mapping[str, Sequence[Span]] = MappingProxyType({}),
    problems: Mapping[str, Span] = MappingProxyType({}),
) -> list[Proof]:
    """The sentences of the candidate passages, best first; ``fields``: spans by notice that print what is asked for."""
    found = [proof for candidate in candidates for proof in _of_passage(terms, candidate)]
    found = [_marked(_in_field(proof, fields.get(proof.notice_id, ())), problems) for proof in found]
    found = [_weighed(p, _read(p, plan, best)) for best in (_best_findings(found),) for p in found]
    found.sort(key=lambda p: (-p.topical, p.notice_id, p.sentence.start))
    head = [_with_values(p, plan, terms) for p in found[:TYPED_POOL]]
    return sorted([*head, *found[TYPED_POOL:]], key=lambda p: (-p.score, p.notice_id, p.sentence.start))


def _weighed(proof: Proof, features: Features) -> Proof:
    """The proof with its features and what they amount to; those of values are added when values are known."""
    amount = features.weighed(weights())
    topical = amount if not (features.typed or features.near) else proof.topical
    return replace(proof, features=features, topical=topical, score=amount)


def _read(proof: Proof, plan: Plan, best: Mapping[str, float]) -> Features:
    """The features that the question decides: finding or measure, reason, state, field, item talked about."""
    how = proof.finding and bool(_ASKS_HOW.search(plan.question))
    asked = bool(ASKS_FINDING.search(plan.question))
    return replace(
        proof.features,
        found=0.0 if proof.finding or asked else best.get(proof.item_id or "", 0.0),
        finding=float(proof.finding and not asked),
        finding_how=float(how and not asked),
        why=float(_tells_why(proof, plan)),
        standing=float(not proof.finding and _asks_state(plan) and bool(_STANDING.search(fold(proof.sentence.text)))),
        field=float(proof.field is not None),
        about=float(proof.item_id in plan.about),
    )


def _tells_why(proof: Proof, plan: Plan) -> bool:
    """Whether a sentence gives the reason that is asked for, or the penalty."""
    if ASKS_PENALTY.search(plan.question) and not proof.finding:
        return bool(_PENALTY.search(fold(proof.sentence.text)))
    return bool(_ASKS_WHY.search(plan.question) and _REASON.search(proof.sentence.text))


def _asks_state(plan: Plan) -> bool:
    asks_result = plan.want in ("date", "status") and _ASKS_RESULT.search(plan.question)
    return bool(ASKS_STATE.search(plan.question) or asks_result)


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


def _best_findings(found: Sequence[Proof]) -> dict[str, float]:
    """By item how much its finding has of the question's words: the answer stands in the measures below it."""
    strongest: dict[str, float] = {}
    for proof in found:
        if proof.item_id and proof.finding:
            strongest[proof.item_id] = max(strongest.get(proof.item_id, 0.0), proof.own)
    return strongest


def _in_field(proof: Proof, spans: Sequence[Span]) -> Proof:
    low, high = proof.sentence.start, proof.sentence.end
    inside = next(((start - low, end - low) for start, end in spans if low <= start and end <= high), None)
    return replace(proof, field=inside) if inside else proof


def _of_passage(terms: Terms, candidate: Candidate) -> list[Proof]:
    passage = candidate.passage
    inside = sentences(passage.text)
    folded = [fold(sentence.text) for sentence in inside]
    headings = fold(" ".join(passage.path))
    result = []
    for n, sentence in enumerate(inside):
        around = " ".join([headings, *folded[max(0, n - 1) : n + 2]])
        share, context = terms.share(terms.covered(folded[n])), terms.share(terms.covered(around))
        features = Features(share, context, terms.letters(folded[n]), terms.letters(around), candidate.score)
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
                features=features,
            )
        )
    return result


def _with_values(proof: Proof, plan: Plan, terms: Terms) -> Proof:
    if plan.want == "text":
        return proof
    if (plan.focus and not _has_focus(plan.focus, proof.around)) or not speaks_of(proof, plan.thing):
        return proof
    if plan.want == "money" and not _same_business(plan.question, proof.sentence.text):
        return proof
    text = proof.sentence.text
    everything = _typed(plan, text)
    found = tuple(v for v in everything if not _named(text[v.start : v.end], plan))
    if plan.want == "organization":
        found = tuple(in_part(plan.question, text, found))
    if proof.field and plan.want == "organization":
        found = (TypedValue(*proof.field, True),)
    elif proof.field:
        found = tuple(v for v in found if v.start < proof.field[1] and proof.field[0] < v.end) or found
    found = _aligned(plan.question, text, found)
    best, near = nearest_value(text, found, terms, plan.question, plan_wants_count=plan.want == "number")
    proof = _weighed(proof, replace(proof.features, typed=float(best is not None), near=near))
    if best and plan.want in ("organization", "place", "document"):
        best = joined(text, everything, best)
    elif best and plan.want == "date":
        best = with_limit(text, end_of_range(plan.question, text, best))
    return replace(proof, values=found, best=best)


def _aligned(question: str, text: str, found: tuple[TypedValue, ...]) -> tuple[TypedValue, ...]:
    """Of A、B分别1%、2% the value of the one that the question names; all values otherwise."""
    pairs = [(name, figure) for name, figure in respectively(text) if fold(name) in question]
    if len(pairs) != 1:
        return found
    return tuple(v for v in found if v.start == pairs[0][1].start) or found


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


def speaks_of(proof: Proof, thing: str) -> bool:
    """Whether a thing is spoken of around a sentence, in whatever words: a character or a synonym in common will do."""
    latin = re.search(r"[a-z]{2,}", thing)
    if latin:
        return latin.group() in proof.around
    if not thing or any(char in proof.around for char in thing if char not in "的了是在有个些"):
        return True
    return any(word in thing and any(other in proof.around for other in others) for word, others in synonyms().items())


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
