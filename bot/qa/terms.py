"""A question's terms: its index tokens with their weights, and the words that may stand for them.

Knows how rare a token is in the store, not where it stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.qa.homophones import likeliest, respellings
from bot.qa.question import Plan
from bot.qa.words import synonyms
from vectorstore.lexical import tokens

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_SUFFIX = r"(?:[省市县区](?![委政局级直场民]))?"
"""The kind of a division goes with its name: 临湘市约谈 must not leave 市约."""
_NAME = re.compile(r"[a-z]+\d+(?:\.\d+)?")
"""A name that only its figure tells from its like (pm2.5, pm10): the index has its letters alone."""
SYNONYM_WEIGHT = 0.8
"""A synonym proves a little less than the word itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A question's index tokens with their weights (IDF over chunks) and the words that may stand for them.

    ``spelled``: token → other spellings, any of which (as a substring of folded text) covers it at SYNONYM_WEIGHT.
    ``own``: the question's own tokens where others come from the turn before; None for all. ``characters``: the
    topic's single characters with their rarity, 0-1: words that say the same often share one (关掉, 关停).
    """

    weights: dict[str, float]
    spelled: dict[str, tuple[str, ...]]
    own: frozenset[str] | None = None
    characters: Mapping[str, float] = field(default_factory=dict)

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
            elif token in self.spelled and any(word in text for word in self.spelled[token]):
                found[token] = SYNONYM_WEIGHT
        return found

    def letters(self, text: str) -> float:
        """Weighted share of the telling characters in a folded text, 0-1."""
        total = sum(self.characters.values())
        return sum(rarity for char, rarity in self.characters.items() if char in text) / total if total else 0.0

    def share(self, covered: dict[str, float]) -> float:
        """Weighted share of the tokens covered, 0-1."""
        total = self.total
        return sum(self.weights[t] * part for t, part in covered.items()) / total if total else 0.0


def question_terms(catalogue: Catalogue, plan: Plan, drop: Iterable[str] = ()) -> Terms:
    """The weighted terms of a plan's topic without the words (places) that only choose the notices."""
    topic = plan.topic
    for word in drop:
        topic = re.sub(re.escape(word) + _SUFFIX, " ", topic)
    # Bare numbers are premises, not topics.
    found = [token for token in dict.fromkeys([*tokens(topic), *_NAME.findall(topic)]) if not token[0].isdigit()]
    frequency = catalogue.document_frequency(found)
    number = max(catalogue.chunk_count(), 1)
    weights = {t: math.log(1 + (number - frequency.get(t, 0) + 0.5) / (frequency.get(t, 0) + 0.5)) for t in found}
    strange = [token for token in found if token not in frequency and len(token) == 2 and token[0] >= "\u4e00"]
    return Terms(weights, _spellings(topic) | _respelled(catalogue, strange), characters=_characters(weights))


def _respelled(catalogue: Catalogue, strange: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Pairs that the store prints nowhere, with those that it prints and that sound alike (峻工: 竣工)."""
    candidates = {pair: respellings(pair) for pair in strange}
    printed = catalogue.document_frequency({other for others in candidates.values() for other in others})
    found = {pair: likeliest(others, printed) for pair, others in candidates.items()}
    return {pair: others for pair, others in found.items() if others}


_EMPTY_CHARACTERS = frozenset(
    "的了是在有和与及或对被把将给从到就都也还又很这那哪什么啥谁怎咋多少几吗呢吧啊呀个家座处项条件次年月天日号人名你我他她它们一二三四"
    "五六七八九十请问下说没不呗得着过来去上里外中大小后前"
)
"""Characters that say nothing by themselves."""


def _characters(weights: Mapping[str, float]) -> dict[str, float]:
    """The telling characters of a topic; one is as rare as the rarest pair that it belongs to."""
    top = max(weights.values(), default=0.0) or 1.0
    found: dict[str, float] = {}
    for pair, weight in weights.items():
        for char in pair:
            if "\u4e00" <= char <= "\u9fff" and char not in _EMPTY_CHARACTERS:
                found[char] = max(found.get(char, 0.0), weight / top)
    return found


def _spellings(topic: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word, others in synonyms().items():
        if word in topic:
            for token in tokens(word):
                found[token] = found.get(token, ()) + others
    return found


def expanded(question: str) -> str:
    """The question with the synonyms of its words added: what the lexical index is asked."""
    extra = [other for word, others in synonyms().items() if word in question for other in others[:4]]
    return " ".join([question, *dict.fromkeys(extra)])
