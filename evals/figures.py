"""From cases to figures: sums added up, with a bootstrap interval over clusters.

The interval is the percentile bootstrap (Efron 1979) on clusters drawn with replacement within their stratum; every
resample adds the cases' sums up again (Koehn 2004, "Statistical significance tests for machine translation
evaluation").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evals.log import CaseResult
from evals.metrics.score import add_ratios

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_240_601
SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """``value``: None = unscored. ``low``, ``high``: the 95 % interval. ``over``: the denominator's sum."""

    value: float | None
    low: float | None
    high: float | None
    over: float


@dataclass(frozen=True, slots=True)
class Sums:
    """The cases' sums by cluster. ``num``, ``den``: float64 (clusters, metrics); ``strata``: (clusters,) int."""

    metrics: tuple[str, ...]
    clusters: tuple[str, ...]
    strata: NDArray[np.int64]
    num: NDArray[np.float64]
    den: NDArray[np.float64]


def in_split(cases: Sequence[CaseResult], split: str) -> list[CaseResult]:
    """The cases of one split; ``all`` is every case."""
    return [case for case in cases if split == "all" or split in case.splits]


def sums(cases: Sequence[CaseResult]) -> Sums:
    """Add the cases up by cluster; errors add nothing."""
    metrics = tuple(add_ratios(case.ratios for case in cases))
    clusters = tuple(dict.fromkeys(case.cluster for case in cases if case.error is None))
    row = {name: index for index, name in enumerate(clusters)}
    column = {name: index for index, name in enumerate(metrics)}
    num, den = np.zeros((len(clusters), len(metrics))), np.zeros((len(clusters), len(metrics)))
    stratum = dict.fromkeys(clusters, "")
    for case in cases:
        if case.error is None:
            stratum[case.cluster] = case.stratum
        for name, ratio in case.ratios.items():
            num[row[case.cluster], column[name]] += ratio.num
            den[row[case.cluster], column[name]] += ratio.den
    return Sums(metrics, clusters, _strata([stratum[name] for name in clusters]), num, den)


def _strata(names: Sequence[str]) -> NDArray[np.int64]:
    """Stratum numbers; strata of fewer than ``SMALLEST`` clusters are one, for a stratum of one would never vary."""
    counts = Counter(names)
    kept = ["", *sorted(name for name, count in counts.items() if count >= SMALLEST and name)]
    return np.array([kept.index(name) if name in kept else 0 for name in names], dtype=np.int64)


def draws(strata: NDArray[np.int64], resamples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each cluster is drawn, shape (resamples, clusters); each stratum keeps its size."""
    counts = np.zeros((resamples, len(strata)))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        n = len(members)
        drawn = rng.integers(n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
        counts[:, members] = np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n)
    return counts


def divide(num: NDArray[np.float64], den: NDArray[np.float64]) -> NDArray[np.float64]:
    """num/den, nan where nothing was there to score."""
    out: NDArray[np.float64] = np.full(np.shape(num), np.nan)
    return np.divide(num, den, out=out, where=den > 0)


def interval(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """The 2.5th and 97.5th percentile of resampled values, resamples without a value left out."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        return None, None
    low, high = np.percentile(kept, [2.5, 97.5])
    return float(low), float(high)


def figures(cases: Sequence[CaseResult], *, resamples: int = RESAMPLES) -> dict[str, Figure]:
    """Every metric's figure over these cases, with its interval."""
    table = sums(cases)
    weights = draws(table.strata, resamples, np.random.default_rng(SEED))
    resampled = divide(weights @ table.num, weights @ table.den)
    num, den = table.num.sum(axis=0), table.den.sum(axis=0)
    found = {}
    for index, name in enumerate(table.metrics):
        value = float(num[index] / den[index]) if den[index] else None
        low, high = interval(resampled[:, index])
        found[name] = Figure(value, low, high, float(den[index]))
    return found
