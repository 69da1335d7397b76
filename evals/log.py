"""The log of a run: what every report is made from, and remade from later.

A case holds its sums (``ratios``), its judgements (``scores``) and what went wrong (``error``); figures are never
stored without them. Nothing here computes a figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.schemas import from_data, to_data
from evals.metrics.score import Ratio, Score, add_ratios

RUNS = Path(__file__).resolve().parent / "runs"
HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a case cost. ``cached``: of the ``calls`` to a model, those answered from kept answers; tokens and
    ``latency_ms`` are of the others alone."""

    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    latency_ms: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.cached + other.cached,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.latency_ms + other.latency_ms,
        )


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case. ``splits``: those it belongs to; ``cluster``: what is drawn together when resampling, within
    ``stratum``.

    ``error``: why it could not be run (then it has no ratios: an error is shown, never averaged away).
    ``pairs``: (got, gold) labels for a confusion matrix. ``detail``: whatever helps to read the case.
    ``output``: what the system under test gave, as data, so that it can be scored again. ``usage``: None without a
    model.
    """

    id: str
    splits: tuple[str, ...]
    cluster: str
    stratum: str = ""
    ratios: dict[str, Ratio] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    error: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Hashes:
    """What must be equal for two runs to be comparable: hex digests of the gold, of the scorer's code and of the
    schemas."""

    gold: str
    scorer: str
    schema: str


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite of a run. ``system``: what was under test, as name → value; ``unit``: what a cluster is; ``declared``:
    the suite as it was declared, so that a report can be made where the declaration is not at hand."""

    suite: str
    task: str
    unit: str
    system: dict[str, str]
    hashes: Hashes
    seconds: float
    cases: tuple[CaseResult, ...]
    declared: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of one or more suites. ``started``: ISO 8601 in UTC."""

    id: str
    started: str
    version: str
    suites: tuple[SuiteRun, ...]


def save(run: Run, folder: Path | None = None) -> Path:
    """Write the log and a line per suite of the run history; the folder ignores itself for git."""
    folder = folder or RUNS
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    path = folder / f"{run.id}.json"
    path.write_text(json.dumps(to_data(run), ensure_ascii=False), encoding="utf-8")
    with (folder / HISTORY).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in _history(run))
    return path


def _history(run: Run) -> Iterator[dict[str, Any]]:
    """Per suite what a trend needs: when, on which gold, how many cases, and the sums of every metric over all
    cases."""
    for suite in run.suites:
        sums = add_ratios(case.ratios for case in suite.cases)
        values = {name: ratio.value for name, ratio in sums.items()}
        hashes = to_data(suite.hashes)
        yield {
            "run": run.id,
            "started": run.started,
            "suite": suite.suite,
            "n": len(suite.cases),
            **hashes,
            "metrics": values,
        }


def history(folder: Path | None = None) -> list[dict[str, Any]]:
    """The lines of the run history, oldest first; none where nothing has run."""
    path = (folder or RUNS) / HISTORY
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def load(path: Path) -> Run:
    """The run back from its log. Raises ``OSError``, ``ValueError`` (pydantic's included)."""
    return from_data(Run, json.loads(path.read_text(encoding="utf-8")))
