"""Status figures: accuracy, over-claims, cost, confusion."""

from __future__ import annotations

import pytest

from evals.metrics.score import Ratio
from evals.metrics.status import confusion, over_claims, status_ratios, status_score

PAIRS = [("completed", "ongoing"), ("ongoing", "completed"), ("completed", "completed"), ("not_stated", "long_term")]


def test_an_over_claim_costs_two() -> None:
    """One over-claim and two other errors in four: accuracy 1/4, over-claims 1/4, cost (2 + 2)/4."""
    assert status_ratios(PAIRS) == {
        "status_accuracy": Ratio(1, 4),
        "status_over_claims": Ratio(1, 4),
        "status_cost": Ratio(4, 4),
    }


@pytest.mark.parametrize(
    ("got", "gold", "expected"),
    [("completed", "not_stated", True), ("ongoing", "completed", False), ("completed", "completed", False)],
)
def test_over_claim_is_completion_that_gold_does_not_have(got: str, gold: str, expected: bool) -> None:
    """Under-claiming is an error, but no over-claim."""
    assert over_claims(got, gold) is expected


def test_a_score_says_what_why_and_against_what() -> None:
    """Value, got, expected and why are all there."""
    score = status_score("问题 二/1", "completed", "ongoing")
    assert (score.value, score.got, score.expected, score.why) == (0.0, "completed", "ongoing", "过度认定为已完成")


def test_confusion_is_by_gold_then_got() -> None:
    """Rows are gold."""
    assert confusion(PAIRS) == {
        "completed": {"completed": 1, "ongoing": 1},
        "ongoing": {"completed": 1},
        "long_term": {"not_stated": 1},
    }
