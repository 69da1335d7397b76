"""Precision, recall and F1 of sets: soft and hard under optimal matching, or exact on distinct values.

Micro figures come from adding the ``Prf`` of several comparisons. Lists are never compared by index, and never
divided by max(m, n) as autoevals' ``ListContains`` does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from evals.metrics.matching import TAU, Pair, match_texts
from evals.metrics.normalise import squeeze
from evals.metrics.score import Prf


def soft(got: Sequence[str], gold: Sequence[str]) -> Prf:
    """P = Σs/m, R = Σs/n, F1 = 2Σs/(m+n)."""
    return Prf(sum(pair.similarity for pair in match_texts(got, gold)), len(got), len(gold))


def hard(got: Sequence[str], gold: Sequence[str], tau: float = TAU) -> Prf:
    """Matched on soft similarity, then the pairs with s ≥ τ counted: P = TP/m, R = TP/n."""
    return Prf(len(same(match_texts(got, gold), tau)), len(got), len(gold))


def same(pairs: Iterable[Pair], tau: float = TAU) -> list[Pair]:
    """The pairs that count as the same text."""
    return [pair for pair in pairs if pair.similarity >= tau]


def exact(got: Iterable[Hashable], gold: Iterable[Hashable]) -> Prf:
    """Distinct values, equal or not."""
    mine, theirs = set(got), set(gold)
    return Prf(len(mine & theirs), len(mine), len(theirs))


def figure(value: str, unit: str) -> tuple[str, str]:
    """A quantity as it is compared: value without thousands commas, value and unit folded and without white space."""
    return squeeze(value).replace(",", ""), squeeze(unit)
