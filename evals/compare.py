"""A run against a baseline: per metric a verdict by non-inferiority, per suite the worst of them.

*pass*: the interval of the gain lies above −δ. *regressed*: it lies below 0 and Holm's p is under 0.05. Else
*insufficient data*, which in CI is a failure too. A gain is turned so that more is better for every metric.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.errors import ZhenggaiError
from evals.log import CaseResult, SuiteRun
from evals.names import LOWER_IS_BETTER
from evals.paired import Difference, differences, holm, mcnemar, smallest_p
from evals.suite import Suite

Verdict = Literal["pass", "regressed", "insufficient data"]
ALPHA = 0.05
_PARTS = {"gold": "标注", "scorer": "评分程序", "schema": "数据结构"}


class Incomparable(ZhenggaiError):
    """The two runs were not scored alike; the message says in what they differ and what to do."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric compared. ``low``, ``high``: the interval of the gain; ``p``: adjusted by Holm, None where not
    gated."""

    metric: str
    base: float | None
    new: float | None
    gain: float | None
    low: float | None
    high: float | None
    p: float | None
    gated: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """A suite against its baseline. ``fixed``, ``broken``: ids of cases that now pass, or no longer do.

    ``p_cases``: exact McNemar over them. ``smallest_p``: what so many clusters can attain at best.
    """

    suite: str
    unit: str
    clusters: int
    smallest_p: float
    delta: float
    metrics: tuple[Judged, ...]
    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    p_cases: float
    verdict: Verdict


def compare(suite: Suite, base: SuiteRun, new: SuiteRun) -> Comparison:
    """The comparison of one suite. Raises ``Incomparable``."""
    refuse_unlike(base, new)
    found = differences(base.cases, new.cases)
    adjusted = holm({d.metric: d.p for d in found if d.p is not None and d.metric in suite.gate})
    judged = tuple(_judge(d, suite, adjusted.get(d.metric)) for d in found)
    fixed, broken = flips(suite, base.cases, new.cases)
    clusters = found[0].clusters if found else 0
    return Comparison(
        suite.suite, suite.unit, clusters, smallest_p(clusters), suite.delta, judged, tuple(fixed), tuple(broken),
        mcnemar(len(fixed), len(broken)), worst([j.verdict for j in judged if j.gated]),
    )  # fmt: skip


def refuse_unlike(base: SuiteRun, new: SuiteRun) -> None:
    """Figures scored on another gold, by another scorer or schema are not set side by side. Raises ``Incomparable``."""
    unlike = [name for key, name in _PARTS.items() if getattr(base.hashes, key) != getattr(new.hashes, key)]
    if unlike:
        raise Incomparable(
            f"评测集 {new.suite} 与基线的{'、'.join(unlike)}不同，两次结果不可比："
            "请用现在的标注和评分程序重跑基线，或运行 zhenggai eval --bless 重新认定基线"
        )


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Regressed before insufficient before pass; nothing judged is insufficient."""
    if "regressed" in verdicts:
        return "regressed"
    return "pass" if verdicts and set(verdicts) == {"pass"} else "insufficient data"


def flips(suite: Suite, base: Sequence[CaseResult], new: Sequence[CaseResult]) -> tuple[list[str], list[str]]:
    """Ids of the cases that pass now and did not, and of those that did and do not."""
    before = {case.id: passes(suite, case) for case in base}
    after = {case.id: passes(suite, case) for case in new}
    both = [name for name in before if before[name] is not None and after.get(name) is not None]
    fixed = [name for name in both if after[name] and not before[name]]
    return fixed, [name for name in both if before[name] and not after[name]]


def passes(suite: Suite, case: CaseResult) -> bool | None:
    """Whether a case reaches 1 on each of the suite's pass metrics that it has; None: none scored, or an error."""
    scored = [
        (name, value) for name in suite.passes if name in case.ratios and (value := case.ratios[name].value) is not None
    ]
    if case.error is not None or not scored:
        return None
    return all(value == (0 if name in LOWER_IS_BETTER else 1) for name, value in scored)


def _judge(found: Difference, suite: Suite, p: float | None) -> Judged:
    gain = _as_gain(found) if found.metric in LOWER_IS_BETTER else found
    verdict = _verdict(gain, p, suite.delta)
    gated = found.metric in suite.gate and not (found.base is None and found.new is None)
    return Judged(found.metric, found.base, found.new, gain.difference, gain.low, gain.high, p, gated, verdict)


def _as_gain(found: Difference) -> Difference:
    """The same difference where less is better: turned round."""
    if found.difference is None or found.low is None or found.high is None:
        return found
    return replace(found, difference=-found.difference, low=-found.high, high=-found.low)


def _verdict(gain: Difference, p: float | None, delta: float) -> Verdict:
    if gain.low is None or gain.high is None:
        return "insufficient data"
    if gain.low > -delta:
        return "pass"
    return "regressed" if gain.high < 0 and p is not None and p < ALPHA else "insufficient data"
