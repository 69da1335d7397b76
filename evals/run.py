"""Run suites: each case through its task, repeats averaged within a case, everything into one log."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import UsageError
from evals.hashes import hashes_of
from evals.log import CaseResult, Run, SuiteRun
from evals.metrics.score import Ratio, add_ratios
from evals.suite import Suite

if TYPE_CHECKING:
    from bot.settings import Settings

Say = Callable[[str], None]
Wanted = Callable[[Sequence[str]], bool]
"""Whether a case of these splits is to be run."""
Task = Callable[[Suite, "Settings", Wanted, Say], Iterator[CaseResult]]

TASKS = ("extraction", "retrieval", "answer", "refusal", "summary")


TOLD = 100
"""Cases between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to run of a suite. ``splits``: None for all; ``repeats``: runs of each case, for what is not
    deterministic."""

    splits: tuple[str, ...] | None = None
    repeats: int = 1

    def wanted(self, case: Sequence[str]) -> bool:
        """Whether a case of these splits is to be run."""
        return self.splits is None or not set(self.splits).isdisjoint(case)


EVERYTHING = Choice()


def run_suites(suites: Sequence[Suite], settings: Settings, say: Say, choice: Choice = EVERYTHING) -> Run:
    """Run all of them, one after the other."""
    now = datetime.now(UTC)
    done = tuple(run_suite(suite, settings, say, choice) for suite in suites)
    return Run(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}", now.isoformat(timespec="seconds"), __version__, done)


def run_suite(suite: Suite, settings: Settings, say: Say, choice: Choice) -> SuiteRun:
    """One suite, timed."""
    hashes = hashes_of(suite)
    start = time.perf_counter()
    run_task = task(suite.task)
    rounds = [list(_told(suite, run_task(suite, settings, choice.wanted, say), say)) for _ in range(choice.repeats)]
    seconds = round(time.perf_counter() - start, 2)
    system = suite.system | {"embedding": settings.embedding or "bundled"}
    return SuiteRun(suite.suite, suite.task, suite.unit, system, hashes, seconds, tuple(averaged(rounds)))


def _told(suite: Suite, cases: Iterator[CaseResult], say: Say) -> Iterator[CaseResult]:
    """The cases as they come, with a line now and then about how many are done."""
    for number, case in enumerate(cases, 1):
        if number % TOLD == 0:
            say(f"{suite.suite}：已完成 {number} 例")
        yield case


def averaged(rounds: Sequence[Sequence[CaseResult]]) -> list[CaseResult]:
    """Repeats put together: sums averaged within a case, an error in any of them is the case's."""
    if len(rounds) == 1:
        return list(rounds[0])
    return [_average([cases[index] for cases in rounds]) for index in range(len(rounds[0]))]


def _average(repeats: Sequence[CaseResult]) -> CaseResult:
    broken = next((case for case in repeats if case.error is not None), None)
    if broken is not None:
        return broken
    sums = add_ratios(case.ratios for case in repeats)
    k = len(repeats)
    ratios = {name: Ratio(ratio.num / k, ratio.den / k) for name, ratio in sums.items()}
    return replace(repeats[0], ratios=ratios, detail=repeats[0].detail | {"repeats": k})


def task(name: str) -> Task:
    """The function that runs a task's cases. Raises ``UsageError``."""
    if name not in TASKS:
        raise UsageError(f"没有评测任务 {name}：可用的有 {'、'.join(TASKS)}")
    found: Task = import_module(f"evals.tasks.{name}").run
    return found
