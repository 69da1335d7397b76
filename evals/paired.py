"""Two runs over the same cases: differences with interval and p-value.

Sufficient statistics per cluster are added up again in every resample (sacrebleu's ``significance.py``): approximate
randomisation swaps the two runs' sums of a cluster at random (Noreen 1989; Riezler & Maxwell 2005), the paired
bootstrap draws the same clusters for both (Koehn 2004). One departure from sacrebleu: a swap that reaches the
observed difference counts as a hit (≥, not >), so a run against itself has p = 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from evals.figures import SEED, divide, draws, interval, sums
from evals.log import CaseResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evals.figures import Sums

SWAPS = 10_000
_BLOCK = 2_000
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric, new minus base. ``low``, ``high``: 95 % interval of the difference; ``p``: two-sided.

    All four are None where either run is unscored. ``clusters``: how many were drawn.
    """

    metric: str
    base: float | None
    new: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    clusters: int


def differences(base: Sequence[CaseResult], new: Sequence[CaseResult]) -> list[Difference]:
    """Every metric that both runs have, over the cases that neither has in error."""
    first, second = _aligned(base, new)
    metrics = [name for name in first.metrics if name in second.metrics]
    one, two = _matrix(first, metrics), _matrix(second, metrics)
    if not metrics or not len(one):
        return []
    values = _values(one.sum(axis=0)), _values(two.sum(axis=0))
    resampled = _bootstrap(one, two, first.strata)
    swapped = _swaps(one, two)
    return [
        _difference(name, values[0][i], values[1][i], resampled[:, i], swapped[:, i], len(one))
        for i, name in enumerate(metrics)
    ]


def smallest_p(clusters: int, swaps: int = SWAPS) -> float:
    """The smallest two-sided p that so many clusters can attain: 2/2^n, never below 1/(swaps+1)."""
    return min(1.0, max(0.5 ** (clusters - 1), 1 / (swaps + 1)))


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p-values over several metrics (Holm 1979)."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, (name, p) in enumerate(sorted(ps.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, (len(ps) - rank) * p))
        adjusted[name] = highest
    return adjusted


def mcnemar(fixed: int, broken: int) -> float:
    """Exact two-sided p of so many cases fixed against so many broken; 6:0 is the first significant split."""
    n, k = fixed + broken, min(fixed, broken)
    tail = sum(comb(n, i) for i in range(k + 1))
    return min(1.0, 2.0 * tail / 2.0**n)


# -- inside ------------------------------------------------------------------------------------------------------------


def _aligned(base: Sequence[CaseResult], new: Sequence[CaseResult]) -> tuple[Sums, Sums]:
    """The sums of both over the same cases, in the same order of clusters."""
    sound = {case.id for case in base if case.error is None} & {case.id for case in new if case.error is None}
    mine = {case.id: case for case in new if case.id in sound}
    first = [case for case in base if case.id in sound]
    # The clusters are those of the base, should gold have moved a case: hashes say so before.
    second = [replace(mine[case.id], cluster=case.cluster, stratum=case.stratum) for case in first]
    return sums(first), sums(second)


def _matrix(table: Sums, metrics: Sequence[str]) -> NDArray[np.float64]:
    """Shape (clusters, metrics, 2): numerators and denominators."""
    columns = [table.metrics.index(name) for name in metrics]
    return np.stack([table.num[:, columns], table.den[:, columns]], axis=-1)


def _values(sums_: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(sums_[..., 0], sums_[..., 1])


def _bootstrap(one: NDArray[np.float64], two: NDArray[np.float64], strata: NDArray[np.int64]) -> NDArray[np.float64]:
    """Differences over resamples of clusters, shape (swaps, metrics)."""
    rng = np.random.default_rng(SEED)
    blocks = []
    for _ in range(SWAPS // _BLOCK):
        weights = draws(strata, _BLOCK, rng)
        blocks.append(_values(_weighted(weights, two)) - _values(_weighted(weights, one)))
    return np.concatenate(blocks)


def _swaps(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """Differences after swapping each cluster with probability ½, shape (swaps, metrics)."""
    rng = np.random.default_rng(SEED + 1)
    a, b, move = one.sum(axis=0), two.sum(axis=0), two - one
    blocks = []
    for _ in range(SWAPS // _BLOCK):
        moved = _weighted(rng.integers(0, 2, size=(_BLOCK, len(one))).astype(np.float64), move)
        blocks.append(_values(b - moved) - _values(a + moved))
    return np.concatenate(blocks)


def _weighted(weights: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, clusters) × (clusters, metrics, 2) → (n, metrics, 2)."""
    return np.tensordot(weights, table, axes=1)


def _difference(
    name: str, base: float, new: float, resampled: NDArray[np.float64], swapped: NDArray[np.float64], clusters: int
) -> Difference:
    if np.isnan(base) or np.isnan(new):
        values = [None if np.isnan(value) else float(value) for value in (base, new)]
        return Difference(name, values[0], values[1], None, None, None, None, clusters)
    observed = float(new - base)
    kept = swapped[~np.isnan(swapped)]
    hits = int(np.sum(np.abs(kept) >= abs(observed) - _TIE))
    low, high = interval(resampled)
    return Difference(name, float(base), float(new), observed, low, high, (hits + 1) / (len(kept) + 1), clusters)
