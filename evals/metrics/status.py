"""Completion status over matched items: accuracy, over-claims, confusion matrix, cost.

An over-claim (过度认定) predicts completed where gold does not: what an official reports upward as done is not. It
costs two, any other error one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evals.metrics.score import Ratio, Score

COMPLETED = "completed"


def over_claims(got: str, gold: str) -> bool:
    """Whether completion is claimed that gold does not have."""
    return got == COMPLETED and gold != COMPLETED


def status_score(where: str, got: str, gold: str) -> Score:
    """One item's status."""
    why = "一致" if got == gold else ("过度认定为已完成" if over_claims(got, gold) else "状态不符")
    return Score("status_accuracy", where, float(got == gold), got, gold, why)


def status_ratios(pairs: Sequence[tuple[str, str]]) -> dict[str, Ratio]:
    """Sums over (got, gold) pairs: accuracy, share of over-claims, cost = (2 × over-claims + other errors)/n."""
    n = len(pairs)
    over = sum(over_claims(got, gold) for got, gold in pairs)
    wrong = sum(got != gold for got, gold in pairs)
    return {
        "status_accuracy": Ratio(n - wrong, n),
        "status_over_claims": Ratio(over, n),
        "status_cost": Ratio(wrong + over, n),
    }


def confusion(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Counts by gold status, then by the status got."""
    table: dict[str, dict[str, int]] = {}
    for (got, gold), count in sorted(Counter(pairs).items()):
        table.setdefault(gold, {})[got] = count
    return table
