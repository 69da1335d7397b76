"""A run as the table that README quotes: per suite the gated figures by split, with what they should reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.figures import in_split
from evals.log import CaseResult, Run
from evals.metrics.score import Ratio, add_ratios
from evals.names import LOWER_IS_BETTER, in_order, whole_label
from evals.outcome import splits_of
from evals.suite import Suite

COLUMNS = ("seeds", "development", "held_out")
_HEAD = "| suite | figure | five notices | development | held out | target, held out |\n|---|---|---|---|---|---|"


def markdown(declared: Sequence[Suite], run: Run) -> str:
    """A row per suite and gated metric that was scored in any split."""
    rows = [row for suite, done in zip(declared, run.suites, strict=True) for row in _rows(suite, _sums(done.cases))]
    return "\n".join([_HEAD, *rows])


def _sums(cases: Sequence[CaseResult]) -> dict[str, dict[str, Ratio]]:
    return {split: add_ratios(case.ratios for case in in_split(cases, split)) for split in splits_of(cases)}


def _rows(suite: Suite, sums: dict[str, dict[str, Ratio]]) -> Iterator[str]:
    scored = {name for found in sums.values() for name, ratio in found.items() if ratio.value is not None}
    targets = suite.floors.get("held_out", {})
    for name in in_order([name for name in dict.fromkeys((*suite.gate, *targets)) if name in scored]):
        cells = [_cell(sums.get(split, {}).get(name)) for split in COLUMNS]
        target = f"{'≤' if name in LOWER_IS_BETTER else '≥'} {targets[name]:g}" if name in targets else ""
        yield f"| {suite.suite} | {whole_label(name)} `{name}` | {' | '.join(cells)} | {target} |"


def _cell(ratio: Ratio | None) -> str:
    return "" if ratio is None or ratio.value is None else f"{ratio.value:.3f}"
