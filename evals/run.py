"""Run suites: cases side by side, each produced and scored, repeats averaged within a case, everything into one log.

A run that is killed goes on where it stopped when the same is run again (``journal``).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import UsageError
from bot.schemas import from_data, to_data
from evals import log
from evals.hashes import hashes_of, program_hash
from evals.journal import Journal, journal_of
from evals.log import CaseResult, Run, SuiteRun, Usage
from evals.metrics.score import Ratio, add_ratios
from evals.responses import Metered, Responses
from evals.suite import Suite
from evals.task import Case, CaseError, Opened, Say, System

TASKS = ("extraction", "retrieval", "answer", "refusal", "summary", "briefing", "robustness", "writing")
TOLD = 5.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to run of a suite, and how. ``splits``: None for all; ``repeats``: runs of each case, the first of them
    numbered ``first``; ``parallel``: cases at a time; ``responses``: where a model's answers are kept; ``keep``:
    whether what is done is noted, so that a killed run goes on."""

    splits: tuple[str, ...] | None = None
    repeats: int = 1
    first: int = 0
    parallel: int = 1
    responses: Responses | None = None
    keep: bool = True

    def wanted(self, case: Case) -> bool:
        """Whether a case is to be run."""
        return self.splits is None or not set(self.splits).isdisjoint(case.splits)


EVERYTHING = Choice()


def run_suites(suites: Sequence[Suite], system: System, say: Say, choice: Choice = EVERYTHING) -> Run:
    """Run all of them, one after the other, and log the run."""
    now = datetime.now(UTC)
    journals = [_journal(suite, system, choice) for suite in suites]
    done = tuple(run_suite(suite, system, say, choice, j) for suite, j in zip(suites, journals, strict=True))
    name = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    run = Run(name, now.isoformat(timespec="seconds"), __version__, done)
    log.save(run)
    for journal in journals:
        journal.remove()
    return run


def _journal(suite: Suite, system: System, choice: Choice) -> Journal:
    """Where this suite's cases are noted; what they depend on is in its name."""
    if not choice.keep:
        return Journal(None)
    parts = (suite.model_dump(mode="json"), to_data(hashes_of(suite)), system.described(), program_hash())
    return Journal(journal_of(Path(log.RUNS), suite.suite, *parts, choice.first))


def run_suite(suite: Suite, system: System, say: Say, choice: Choice, journal: Journal) -> SuiteRun:
    """One suite, timed."""
    hashes = hashes_of(suite)
    start = time.perf_counter()
    opened = open_task(suite, system, say)
    try:
        cases = [case for case in opened.cases if choice.wanted(case)]
        rounds = _rounds(suite, opened, cases, system, say, choice, journal)
    finally:
        opened.close()
    seconds = round(time.perf_counter() - start, 2)
    described = suite.system | system.described()
    declared = suite.model_dump(mode="json")
    results = tuple(averaged(rounds))
    return SuiteRun(suite.suite, suite.task, suite.unit, described, hashes, seconds, results, declared)


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """The suite's task with its cases. Raises ``UsageError``."""
    if suite.task not in TASKS:
        raise UsageError(f"没有评测任务 {suite.task}：可用的有 {'、'.join(TASKS)}")
    opened: Opened = import_module(f"evals.tasks.{suite.task}").open_task(suite, system, say)
    return opened


def _rounds(
    suite: Suite, opened: Opened, cases: Sequence[Case], system: System, say: Say, choice: Choice, journal: Journal
) -> list[list[CaseResult]]:
    """Each repeat's cases in order."""
    jobs = [(choice.first + repeat, case) for repeat in range(choice.repeats) for case in cases]
    left = [job for job in jobs if (job[0], job[1].id) not in journal.done]
    if len(left) < len(jobs):
        say(f"{suite.suite}：接着上次中断的运行，已有 {len(jobs) - len(left)} 例，还有 {len(left)} 例")

    def run(job: tuple[int, Case]) -> None:
        repeat, case = job
        journal.add(repeat, run_case(opened, case, system, choice.responses, repeat))

    with ThreadPoolExecutor(max_workers=choice.parallel) as pool:
        try:
            for _ in _told(suite, pool.map(run, left), len(jobs) - len(left), len(jobs), say):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    numbers = range(choice.first, choice.first + choice.repeats)
    return [[journal.done[number, case.id] for case in cases] for number in numbers]


def _told(suite: Suite, done: Iterator[None], before: int, total: int, say: Say) -> Iterator[None]:
    """The same, with a line now and then: how many are done, how many there are, and how long the rest may take."""
    start = told = time.perf_counter()
    for number, one in enumerate(done, 1):
        now = time.perf_counter()
        if now - told >= TOLD:
            rate = number / (now - start)
            left = total - before - number
            say(f"{suite.suite}：已完成 {before + number}/{total} 例，每秒 {rate:.1f} 例，约剩 {left / rate:.0f} 秒")
            told = now
        yield one


def run_case(
    opened: Opened, case: Case, system: System, responses: Responses | None = None, repeat: int = 0
) -> CaseResult:
    """One case. What goes wrong is the case's error, never a refusal or a zero, a fault of the model's service too."""
    chat = Metered(system.chat, responses, repeat, system.max_tokens) if system.chat else None
    usage = None
    try:
        made = opened.produce(case, chat)
        usage = chat.usage if chat else None
        if chat and chat.fault:
            raise CaseError(chat.fault)
        return replace(opened.score(case, made), output=to_data(made), usage=usage)
    except CaseError as error:
        return case.result(error=str(error), usage=usage)
    except Exception as error:  # a crash of what is under test is a result: this case's error
        return case.result(error=f"{type(error).__name__}：{error}", usage=usage)


def rescore(suite: Suite, done: SuiteRun, system: System, say: Say) -> SuiteRun:
    """An old run of a suite under today's gold and scorer: nothing is produced anew, no model is called.

    Raises ``UsageError`` where the log keeps no outputs.
    """
    opened = open_task(suite, system, say)
    try:
        cases = {case.id: case for case in opened.cases}
        again = tuple(_scored_again(opened, cases.get(case.id), case) for case in done.cases)
    finally:
        opened.close()
    return replace(done, hashes=hashes_of(suite), cases=again)


def _scored_again(opened: Opened, case: Case | None, before: CaseResult) -> CaseResult:
    if before.error is not None:
        return before
    if case is None:
        return replace(before, ratios={}, scores=(), error="标注里已没有这个用例")
    if before.output is None or before.detail.get("repeats"):
        raise UsageError("这份运行记录没有保存输出（旧版本的记录，或重复运行后取的平均），不能重新评分")
    try:
        made = from_data(opened.made, before.output)
    except ValueError as error:
        raise UsageError("这份运行记录的输出是旧版本的形式，不能重新评分：请重新运行") from error
    try:
        scored = opened.score(case, made)
    except CaseError as error:
        return case.result(error=str(error), output=before.output)
    return replace(scored, output=before.output, usage=before.usage)


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
    usages = [case.usage for case in repeats if case.usage]
    more: dict[str, Any] = {"usage": sum(usages, Usage())} if usages else {}
    return replace(repeats[0], ratios=ratios, detail=repeats[0].detail | {"repeats": k}, **more)
