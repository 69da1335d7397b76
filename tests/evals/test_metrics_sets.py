"""Optimal matching and set figures: the traps of greedy matching, of index comparison and of wrong denominators."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.matching import Pair, assign, match_texts, similarity
from evals.metrics.score import Prf, Ratio
from evals.metrics.sets import exact, figure, hard, soft

GOT = ["完成河道清淤并建立台账", "完成河道清淤"]
GOLD = ["完成河道清淤并建立台账制度", "完成河道清淤并建立"]


def _greedy(got: list[str], gold: list[str]) -> float:
    """First come, first served: what must not be done."""
    left, found = list(gold), 0.0
    for text in got:
        best = max(left, key=lambda other: similarity(text, other))
        found += similarity(text, best)
        left.remove(best)
    return found


def test_assignment_is_optimal_whatever_the_order() -> None:
    """The sum of similarities is that of the best permutation, for every order of both sets."""
    texts = ["一是加强领导", "加强领导力量", "强化督导检查", "强化领导督导"]
    best = max(
        sum(similarity(a, b) for a, b in zip(order, texts[::-1], strict=True))
        for order in itertools.permutations(texts)
    )
    for order in itertools.permutations(texts):
        assert sum(p.similarity for p in match_texts(list(order), texts[::-1])) == pytest.approx(best)


def test_greedy_matching_depends_on_order_and_ours_does_not() -> None:
    """The same two sets in another order: greedy gives two figures, the optimal assignment one."""
    got, gold = ["甲乙", "甲乙丙丁"], ["甲乙丙", "甲乙丙丁戊己庚"]
    assert _greedy(got, gold) != _greedy(got[::-1], gold)
    assert soft(got, gold) == soft(got[::-1], gold)


def test_match_on_soft_then_count_pairs_from_tau() -> None:
    """Hard figures use the soft assignment: a pair below τ costs recall too, being no true positive."""
    prf = hard(GOT, GOLD)
    pairs = match_texts(GOT, GOLD)
    assert [pair.similarity >= 0.9 for pair in sorted(pairs, key=lambda p: p.got)] == [True, False]
    assert (prf.tp, prf.precision, prf.recall, prf.f1) == (1, 0.5, 0.5, 0.5)


def test_recall_is_over_all_gold_and_precision_over_all_predicted() -> None:
    """One of three gold found by two predictions: P 1/2, R 1/3, F1 2·1/5 (not divided by max(m, n))."""
    prf = hard(["甲单位已整改", "戊己庚辛"], ["甲单位已整改", "乙丙丁", "子丑寅卯"])
    assert (prf.precision, prf.recall, prf.f1) == (0.5, 1 / 3, 0.4)


@pytest.mark.parametrize(("got", "gold", "expected"), [([], [], 1.0), (["甲"], [], 0.0), ([], ["甲"], 0.0)])
def test_empty_sets(got: list[str], gold: list[str], expected: float) -> None:
    """Both empty is right, one empty is wrong, for precision, recall and F1 alike."""
    prf = hard(got, gold)
    assert (prf.precision, prf.recall, prf.f1) == (expected, expected, expected)


def test_micro_adds_counts_not_figures() -> None:
    """1 of 1 and 0 of 9 make recall 0.1, not 0.5."""
    assert (Prf(1, 1, 1) + Prf(0, 0, 9)).recall == 0.1


def test_pairs_of_nothing_in_common_are_no_pairs() -> None:
    """The assignment gives every row a column; a pair of similarity 0 is left out."""
    assert assign(np.array([[0.5, 0.0], [0.0, 0.0]])) == [Pair(0, 0, 0.5)]


def test_exact_sets_compare_distinct_values() -> None:
    """The same date mentioned three times counts once."""
    assert exact(["2021", "2021", "2022"], ["2021", "2023"]) == Prf(1, 2, 2)


@pytest.mark.parametrize(
    ("got", "gold", "same"),
    [
        (("1,250", "万元"), ("１２５０", "万 元"), True),
        (("125", "%"), ("12.5", "%"), False),
        (("126", "万元"), ("125", "万元"), False),
        (("25", "公里"), ("25", "米"), False),
    ],
)
def test_quantities_are_value_and_unit(got: tuple[str, str], gold: tuple[str, str], same: bool) -> None:
    """Width and thousands commas make no difference; value and unit do."""
    assert (figure(*got) == figure(*gold)) is same


def test_soft_is_symmetric() -> None:
    """Precision of one direction is recall of the other."""
    assert soft(GOT, GOLD).precision == pytest.approx(soft(GOLD, GOT).recall)


@given(st.lists(st.text("整改完成措施123。", max_size=8), max_size=6))
def test_a_set_against_itself_is_perfect(texts: list[str]) -> None:
    """Shuffled or not, a set equals itself."""
    shuffled = random.Random(0).sample(texts, len(texts))
    assert hard(shuffled, texts).f1 == 1.0


def test_a_ratio_without_denominator_is_unscored() -> None:
    """0/0 is neither 0 nor 1."""
    assert (Ratio(0, 0).value, (Ratio(0, 0) + Ratio(1, 2)).value) == (None, 0.5)
