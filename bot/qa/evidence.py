"""Candidate sentences for a question, each with the features by which it is ranked.

A sentence is read in its place: its item's problem and headings count as context, because 已完成管网建设25公里 does not repeat
what the 管网 is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.notices.fold import fold
from bot.qa.question import Plan, synonyms
from bot.qa.sentences import Sentence, sentences
from bot.qa.values import TypedValue, typed_values
from vectorstore.lexical import tokens

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue
    from vectorstore.search import Candidate

SYNONYM_WEIGHT = 0.8
"""A synonym proves a little less than the word itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A question's index tokens with their weights (IDF over chunks) and the words that may stand for them.

    ``spelled``: token → other spellings, any of which (as a substring of folded text) covers the token at SYNONYM_WEIGHT.
    """

    weights: dict[str, float]
    spelled: dict[str, tuple[str, ...]]

    @property
    def total(self) -> float:
        """What full coverage weighs."""
        return sum(self.weights.values())

    def covered(self, text: str) -> dict[str, float]:
        """Token → share (0-1) of its weight that the folded text covers; tokens not covered are left out."""
        found: dict[str, float] = {}
        for token in self.weights:
            if token in text:
                found[token] = 1.0
            elif any(word in text for word in self.spelled.get(token, ())):
                found[token] = SYNONYM_WEIGHT
        return found

    def share(self, covered: dict[str, float]) -> float:
        """Weighted share of the tokens covered, 0-1."""
        return sum(self.weights[t] * part for t, part in covered.items()) / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence that may prove an answer.

    ``sentence``: offsets into the notice's text. ``coverage``: weighted share of the question's terms in the sentence, 0-1;
    ``context``: in the sentence with its item's problem, headings and neighbours. ``passage``: fused score of the passage.
    ``values``: values of the wanted type, offsets into the sentence. ``score``: the ranking.
    """

    notice_id: str
    sentence: Sentence
    item_id: str | None
    coverage: float
    context: float
    passage: float
    values: tuple[TypedValue, ...]
    score: float


def question_terms(catalogue: Catalogue, plan: Plan, drop: Iterable[str] = ()) -> Terms:
    """The weighted terms of a plan's topic without the words (places) that only choose the notices."""
    topic = plan.topic
    for word in drop:
        topic = topic.replace(word, " ")
    found = list(dict.fromkeys(tokens(topic)))
    frequency = catalogue.document_frequency(found)
    number = max(catalogue.chunk_count(), 1)
    weights = {t: math.log(1 + (number - frequency.get(t, 0) + 0.5) / (frequency.get(t, 0) + 0.5)) for t in found}
    return Terms(weights, _spellings(topic))


def _spellings(topic: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word, others in synonyms().items():
        if word in topic:
            for token in tokens(word):
                found[token] = found.get(token, ()) + others
    return found


def expanded(plan: Plan) -> str:
    """The question with the synonyms of its words added: what the lexical index is asked."""
    extra = [other for word, others in synonyms().items() if word in plan.question for other in others[:3]]
    return " ".join([plan.question, *dict.fromkeys(extra)])


def proofs(plan: Plan, terms: Terms, candidates: Sequence[Candidate]) -> list[Proof]:
    """The sentences of the candidate passages, best first."""
    found = [proof for candidate in candidates for proof in _of_passage(plan, terms, candidate)]
    return sorted(found, key=lambda p: (-p.score, p.notice_id, p.sentence.start))


def _of_passage(plan: Plan, terms: Terms, candidate: Candidate) -> list[Proof]:
    passage = candidate.passage
    inside = sentences(passage.text)
    headings = fold(" ".join(passage.path))
    result = []
    for n, sentence in enumerate(inside):
        own = terms.covered(fold(sentence.text))
        around = fold(" ".join([headings, *(s.text for s in inside[max(0, n - 1) : n + 2])]))
        both = terms.covered(around) | own
        values = tuple(typed_values(sentence.text, plan.want, plan.unit))
        placed = Sentence(passage.start + sentence.start, passage.start + sentence.end, sentence.text)
        coverage, context = terms.share(own), terms.share(both)
        score = _score(coverage, context, candidate.score, plan, bool(values), any(v.exact for v in values))
        result.append(Proof(passage.notice_id, placed, passage.item_id, coverage, context, candidate.score, values, score))
    return result


def _score(coverage: float, context: float, passage: float, plan: Plan, typed: bool, exact: bool) -> float:
    score = 0.45 * coverage + 0.25 * context + 0.30 * passage
    if plan.want != "text":
        score += 0.25 * typed + 0.05 * exact
    return score


_CLAUSE = re.compile(r"[,，;；、:：]")


def nearest_value(sentence: str, values: Sequence[TypedValue], terms: Terms, unit: str | None) -> TypedValue | None:
    """The value that stands closest to the question's terms in the sentence; ties go to the unit asked for, then the first."""
    if not values:
        return None
    text = fold(sentence)
    spots = [(m.start(), weight) for token, weight in terms.weights.items() for m in re.finditer(re.escape(token), text)]

    def closeness(value: TypedValue) -> tuple[float, bool]:
        near = sum(weight / (1 + _gap(text, spot, value) / 6) for spot, weight in spots)
        return near, value.exact

    del unit
    return max(values, key=lambda v: (*closeness(v), -v.start))


def _gap(text: str, spot: int, value: TypedValue) -> float:
    """Characters between a term and a value; another clause costs more."""
    low, high = (spot, value.start) if spot < value.start else (value.end, spot)
    between = text[low:high]
    return max(high - low, 0) + 8 * len(_CLAUSE.findall(between))
