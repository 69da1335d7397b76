"""The log of a run: what every report is made from, and remade from later.

A case holds its sums (``ratios``), its judgements (``scores``) and what went wrong (``error``); figures are never
stored without them. Nothing here computes a figure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.schemas import from_data, to_data
from evals.metrics.score import Ratio, Score

RUNS = Path(__file__).resolve().parent / "runs"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case. ``splits``: those it belongs to; ``cluster``: what is drawn together when resampling, within
    ``stratum``.

    ``error``: why it could not be run (then it has no ratios: an error is shown, never averaged away).
    ``pairs``: (got, gold) labels for a confusion matrix. ``detail``: whatever helps to read the case.
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


@dataclass(frozen=True, slots=True)
class Hashes:
    """What must be equal for two runs to be comparable: hex digests of the gold, of the scorer's code and of the
    schemas."""

    gold: str
    scorer: str
    schema: str


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite of a run. ``system``: what was under test, as name → value; ``unit``: what a cluster is."""

    suite: str
    task: str
    unit: str
    system: dict[str, str]
    hashes: Hashes
    seconds: float
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of one or more suites. ``started``: ISO 8601 in UTC."""

    id: str
    started: str
    version: str
    suites: tuple[SuiteRun, ...]


def save(run: Run, folder: Path = RUNS) -> Path:
    """Write the log; the folder ignores itself for git."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    path = folder / f"{run.id}.json"
    path.write_text(json.dumps(to_data(run), ensure_ascii=False), encoding="utf-8")
    return path


def load(path: Path) -> Run:
    """The run back from its log. Raises ``OSError``, ``ValueError`` (pydantic's included)."""
    return from_data(Run, json.loads(path.read_text(encoding="utf-8")))
