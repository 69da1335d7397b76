"""What a run comes to: figures and verdict per suite and split, and the exit code.

With a baseline the verdict is the comparison's, over all cases run, and stands beside each split. Without one nothing
can have regressed: *pass* where the suite declares floors (targets) and reaches them all, else *insufficient data*. A
floor that is missed is named in every report, with a baseline too, and never called a regression. A case in error
leaves the figures incomplete: *insufficient data*, exit code 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.compare import Comparison, Verdict
from evals.figures import Figure, figures, in_split
from evals.log import CaseResult, Run, SuiteRun
from evals.metrics.score import add_ratios
from evals.names import as_good, in_order
from evals.suite import Suite

PASS, REGRESSED, INSUFFICIENT, INFRASTRUCTURE = 0, 1, 3, 4


def outcome(
    suites: Sequence[Suite],
    run: Run,
    splits: Sequence[str] | None = None,
    comparisons: Mapping[str, Comparison] | None = None,
) -> dict[str, Any]:
    """What ``eval --json`` prints. ``splits``: only these, None for all that occur."""
    parts = [
        _part(suite, split, in_split(done.cases, split), (comparisons or {}).get(suite.suite))
        for suite, done in zip(suites, run.suites, strict=True)
        for split in splits_of(done.cases)
        if splits is None or split in splits
    ]
    return {"run": run.id, "suites": parts}


def splits_of(cases: Sequence[CaseResult]) -> list[str]:
    """The splits that occur, held-out last."""
    found = dict.fromkeys(split for case in cases for split in case.splits)
    order = {"seeds": 0, "development": 1, "held_out": 9}
    return sorted(found, key=lambda split: (order.get(split, 5), split))


def _part(suite: Suite, split: str, cases: Sequence[CaseResult], comparison: Comparison | None) -> dict[str, Any]:
    found = figures(cases)
    errors = sum(case.error is not None for case in cases)
    return {
        "suite": suite.suite,
        "split": split,
        "n": len(cases),
        "errors": errors,
        "metrics": {name: _data(found[name]) for name in in_order(list(found))},
        "verdict": verdict(suite, split, found, errors, comparison),
    }


def _data(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "ci": [figure.low, figure.high]}


def verdict(
    suite: Suite, split: str, found: Mapping[str, Figure], errors: int, comparison: Comparison | None = None
) -> Verdict:
    """The comparison's verdict; where nothing is compared, whether every floor is reached."""
    if errors:
        return "insufficient data"
    if comparison is not None:
        return comparison.verdict
    reached = not list(below_floor(suite, split, {name: figure.value for name, figure in found.items()}))
    return "pass" if suite.floors and reached else "insufficient data"


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that is not reached. ``value``: None where nothing was scored."""

    split: str
    metric: str
    value: float | None
    floor: float


def missed(suite: Suite, done: SuiteRun, splits: Sequence[str] | None = None) -> list[Missed]:
    """The floors that a suite's run misses in the splits that it ran. ``splits``: only these, None for all."""
    found: list[Missed] = []
    for split in splits_of(done.cases):
        if splits is None or split in splits:
            sums = add_ratios(case.ratios for case in in_split(done.cases, split))
            found += below_floor(suite, split, {name: ratio.value for name, ratio in sums.items()})
    return found


def below_floor(suite: Suite, split: str, values: Mapping[str, float | None]) -> Iterator[Missed]:
    """The metrics of a split that miss their floor, unscored ones included. ``values``: by metric."""
    for name, floor in suite.floors.get(split, {}).items():
        value = values.get(name)
        if value is None or not as_good(name, value, floor):
            yield Missed(split, name, value, floor)


def exit_code(result: Mapping[str, Any]) -> int:
    """0 pass, 1 regressed, 3 insufficient data, 4 cases in error or nothing run."""
    if not result["suites"] or any(part["errors"] for part in result["suites"]):
        return INFRASTRUCTURE
    verdicts = {part["verdict"] for part in result["suites"]}
    if "regressed" in verdicts:
        return REGRESSED
    return INSUFFICIENT if "insufficient data" in verdicts else PASS
