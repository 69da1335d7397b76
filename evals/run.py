"""Run suites: each case through its task, everything into one log."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import UsageError
from evals.hashes import hashes_of
from evals.log import CaseResult, Run, SuiteRun
from evals.suite import Suite

if TYPE_CHECKING:
    from bot.settings import Settings

Say = Callable[[str], None]
Wanted = Callable[[Sequence[str]], bool]
"""Whether a case of these splits is to be run."""
Task = Callable[[Suite, "Settings", Wanted, Say], Iterator[CaseResult]]

TASKS = ("extraction", "retrieval", "answer", "refusal", "summary")


def run_suites(suites: Sequence[Suite], settings: Settings, say: Say, splits: Sequence[str] | None = None) -> Run:
    """Run all of them, one after the other; ``splits``: only the cases of these."""
    now = datetime.now(UTC)
    done = tuple(run_suite(suite, settings, say, splits) for suite in suites)
    return Run(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}", now.isoformat(timespec="seconds"), __version__, done)


def run_suite(suite: Suite, settings: Settings, say: Say, splits: Sequence[str] | None = None) -> SuiteRun:
    """One suite, timed."""

    def wanted(case: Sequence[str]) -> bool:
        return splits is None or not set(splits).isdisjoint(case)

    hashes = hashes_of(suite)
    start = time.perf_counter()
    cases = tuple(task(suite.task)(suite, settings, wanted, say))
    seconds = round(time.perf_counter() - start, 2)
    return SuiteRun(suite.suite, suite.task, suite.unit, dict(suite.system), hashes, seconds, cases)


def task(name: str) -> Task:
    """The function that runs a task's cases. Raises ``UsageError``."""
    if name not in TASKS:
        raise UsageError(f"没有评测任务 {name}：可用的有 {'、'.join(TASKS)}")
    found: Task = import_module(f"evals.tasks.{name}").run
    return found
