"""One-to-one assignment of predicted to gold texts, maximising the sum of their similarities.

``scipy.optimize.linear_sum_assignment`` over ``rapidfuzz.fuzz.ratio``/100, as CEAF does with its mention
similarities (Luo 2005, "On coreference resolution performance metrics"). Greedy matching would depend on the order
of the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from evals.metrics.normalise import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAU = 0.9
"""From this similarity on two texts count as the same (the hard, gated figures)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``got``, ``gold``: indexes into the two lists; ``similarity``: 0-1."""

    got: int
    gold: int
    similarity: float


def similarity(a: str, b: str) -> float:
    """Indel similarity of the two texts without punctuation and white space, 0-1."""
    return fuzz.ratio(plain(a), plain(b)) / 100


def similarities(got: Sequence[str], gold: Sequence[str]) -> NDArray[np.float64]:
    """All similarities, shape (len(got), len(gold))."""
    if not got or not gold:
        return np.zeros((len(got), len(gold)))
    cells = process.cdist([plain(t) for t in got], [plain(t) for t in gold], scorer=fuzz.ratio, dtype=np.float64)
    return np.asarray(cells) / 100


def assign(weights: NDArray[np.float64]) -> list[Pair]:
    """The assignment of rows to columns with the greatest total weight; pairs of weight 0 are none."""
    rows, columns = linear_sum_assignment(weights, maximize=True)
    pairs = (Pair(int(r), int(c), float(weights[r, c])) for r, c in zip(rows, columns, strict=True))
    return [pair for pair in pairs if pair.similarity > 0]


def match_texts(got: Sequence[str], gold: Sequence[str]) -> list[Pair]:
    """The optimal assignment of two sets of texts."""
    return assign(similarities(got, gold))
