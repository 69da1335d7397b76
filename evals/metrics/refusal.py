"""Refusals: how many unanswerable questions are refused, and how many answerable ones are too.

An exception is an error and never comes here as a refusal. *Refused but answered*: a refusal that carries a short
answer, a figure or a citation all the same.
"""

from __future__ import annotations

from evals.metrics.score import Ratio, Score


def refusal_ratios(refused: bool, expected: bool, *, leaking: bool) -> dict[str, Ratio]:
    """One question's sums. ``expected``: it is unanswerable; ``leaking``: the refusal carries an answer."""
    return {
        "refusal_recall": Ratio(refused and expected, expected),
        "refusal_precision": Ratio(refused and expected, refused),
        "over_refusal": Ratio(refused and not expected, not expected),
        "refused_but_answered": Ratio(refused and leaking, refused),
    }


def reason_ratio(got: str | None, gold: str | None, refused: bool) -> dict[str, Ratio]:
    """Whether a right refusal gives the right reason; scored on refused unanswerable questions only."""
    scored = refused and gold is not None
    return {"refusal_reason": Ratio(scored and got == gold, scored)}


def refusal_score(refused: bool, expected: bool, answer: str, reason: str | None) -> Score:
    """One question's judgement."""
    why = "一致" if refused == expected else ("应拒答而作答" if expected else "应作答而拒答")
    got = f"拒答（{reason}）：{answer}" if refused else answer
    return Score("refusal", "问题", float(refused == expected), got, "拒答" if expected else "作答", why)
