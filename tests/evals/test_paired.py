"""Paired comparison: against slow reference computations, against itself, under noise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from evals.log import CaseResult
from evals.metrics.score import Ratio
from evals.paired import differences, holm, mcnemar, smallest_p


def cases(
    values: list[float], clusters: list[str] | None = None, weights: list[float] | None = None
) -> list[CaseResult]:
    """A case per value, ``right`` = value over weight."""
    names = clusters or [str(i) for i in range(len(values))]
    return [
        CaseResult(str(i), ("development",), names[i], "", {"right": Ratio(value, (weights or [1.0] * len(values))[i])})
        for i, value in enumerate(values)
    ]


def test_a_run_against_itself_differs_in_nothing() -> None:
    """Difference 0 with interval [0, 0] and p = 1 (sacrebleu's strict > would give the smallest p)."""
    (got,) = differences(cases([1, 0, 1, 1]), cases([1, 0, 1, 1]))
    assert (got.difference, got.low, got.high, got.p) == (0.0, 0.0, 0.0, 1.0)


def _exact_p(base: list[float], new: list[float], weights: list[float]) -> float:
    """All 2^n swaps enumerated: the p that approximate randomisation approximates."""
    observed = abs(sum(new) - sum(base)) / sum(weights)
    hits = [
        abs(sum((b - a) * (1 - 2 * s) for a, b, s in zip(base, new, swaps, strict=True))) / sum(weights)
        >= observed - 1e-12
        for swaps in itertools.product((0, 1), repeat=len(base))
    ]
    return sum(hits) / len(hits)


def test_randomisation_approximates_the_exact_test() -> None:
    """Sums are re-aggregated: ratios of sums, not means of ratios."""
    base, new, weights = [1, 0, 2, 3, 1, 0, 2, 1], [2, 1, 2, 4, 1, 1, 3, 1], [2.0, 1, 3, 4, 2, 1, 3, 1]
    (got,) = differences(cases(base, weights=weights), cases(new, weights=weights))  # type: ignore[arg-type]
    assert got.difference == pytest.approx(5 / 17)
    assert got.p == pytest.approx(_exact_p(base, new, weights), abs=0.02)  # type: ignore[arg-type]


def test_the_interval_is_that_of_a_plain_paired_bootstrap() -> None:
    """Reference: cases drawn one by one with replacement, both runs alike."""
    rng = np.random.default_rng(1)
    base = rng.integers(0, 2, 40).astype(float)
    new = np.clip(base + (rng.random(40) < 0.3), 0, 1)
    reference = [(new - base)[rng.integers(0, 40, 40)].mean() for _ in range(4_000)]
    (got,) = differences(cases(list(base)), cases(list(new)))
    assert (got.low, got.high) == pytest.approx(tuple(np.percentile(reference, [2.5, 97.5])), abs=0.03)


def test_clusters_are_swapped_and_drawn_whole() -> None:
    """Forty better answers about two items prove little: p cannot fall below 2/2²."""
    base, new = [0.0] * 40, [1.0] * 40
    (apart,) = differences(cases(base), cases(new))
    (together,) = differences(cases(base, ["a", "b"] * 20), cases(new, ["a", "b"] * 20))
    assert apart.p == pytest.approx(1 / 10_001)
    assert (together.p, together.clusters) == (pytest.approx(0.5, abs=0.02), 2)


@pytest.mark.parametrize(("clusters", "expected"), [(5, 0.0625), (6, 0.03125), (1, 1.0), (400, 1 / 10_001)])
def test_smallest_attainable_p(clusters: int, expected: float) -> None:
    """Five clusters could never be significant."""
    assert smallest_p(clusters) == expected


def test_cases_in_error_are_left_out_of_both() -> None:
    """Only what both runs did is compared."""
    base, new = cases([1, 1, 0]), cases([1, 1, 1])
    new[0] = CaseResult("0", ("development",), "0", error="boom")
    (got,) = differences(base, new)
    assert (got.base, got.new, got.clusters) == (0.5, 1.0, 2)


def test_an_unscored_side_has_no_difference() -> None:
    """None, not 0."""
    (got,) = differences(cases([0], weights=[0]), cases([1]))
    assert (got.base, got.new, got.difference, got.p) == (None, 1.0, None, None)


def test_holm() -> None:
    """The worked example of Holm's procedure: 0.01, 0.04, 0.03, 0.005 → 0.03, 0.06, 0.06, 0.02."""
    got = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert got == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})


@pytest.mark.parametrize(
    ("fixed", "broken", "expected"), [(6, 0, 0.03125), (5, 0, 0.0625), (0, 0, 1.0), (3, 3, 1.0), (8, 1, 0.0390625)]
)
def test_mcnemar_is_exact(fixed: int, broken: int, expected: float) -> None:
    """6:0 is the first significant split."""
    assert mcnemar(fixed, broken) == expected
