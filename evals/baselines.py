"""Blessed baselines: one log per suite in ``baselines/``, put there on purpose and never by a run of its own accord."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot import __version__
from bot.errors import UsageError
from bot.schemas import from_data, to_data
from evals import log
from evals.log import CaseResult, Run, SuiteRun
from evals.suite import ROOT

BASELINES = ROOT / "baselines"
BLESSED = "blessed"


def bless(done: SuiteRun, folder: Path | None = None) -> Path:
    """Make this suite's run its baseline: sums alone, a line per case; outputs, texts and judgements stay in the run's
    log. Not with errors in it."""
    failed = [case.id for case in done.cases if case.error is not None]
    if failed:
        raise UsageError(f"{done.suite} 有 {len(failed)} 个用例出错（{failed[0]} 等），不能认定为基线：请先排除")
    folder = folder or BASELINES
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{done.suite}.json"
    head = json.dumps(to_data(replace(done, cases=())), ensure_ascii=False)
    lines = ",\n".join(json.dumps(_sums(case), ensure_ascii=False) for case in done.cases)
    path.write_text(head.replace('"cases": []', f'"cases": [\n{lines}\n]', 1) + "\n", encoding="utf-8")
    return path


def _sums(case: CaseResult) -> dict[str, Any]:
    """What a comparison needs of a case."""
    data = to_data(replace(case, scores=(), pairs=(), detail={}, output=None))
    return {key: value for key, value in data.items() if value not in (None, [], {}, "")}


def baseline(name: str, suite: str, folder: Path | None = None) -> SuiteRun:
    """A suite's run by the name of its baseline: ``blessed``, a run's id or a log's path. Raises ``UsageError``."""
    if name == BLESSED:
        return _blessed(suite, folder or BASELINES)
    run = find_run(name)
    for done in run.suites:
        if done.suite == suite:
            return done
    raise UsageError(f"运行记录 {name} 里没有评测集 {suite}")


def _blessed(suite: str, folder: Path) -> SuiteRun:
    path = folder / f"{suite}.json"
    try:
        return from_data(SuiteRun, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise UsageError(f"评测集 {suite} 还没有认定的基线：先运行 zhenggai eval {suite} --bless") from error
    except (ValidationError, ValueError) as error:
        raise UsageError(f"基线 {path.name} 无法读取：{error}") from error


def blessed(folder: Path | None = None) -> Run:
    """The baselines of all suites as one run. Raises ``UsageError`` where there is none."""
    folder = folder or BASELINES
    suites = tuple(_blessed(path.stem, folder) for path in sorted(folder.glob("*.json")))
    if not suites:
        raise UsageError("还没有认定的基线：先运行 zhenggai eval --bless")
    return Run(BLESSED, "", __version__, suites)


def find_run(name: str) -> Run:
    """A run by id, by the path of its log, ``last`` or ``blessed``. Raises ``UsageError``."""
    if name == BLESSED:
        return blessed()
    path = Path(name) if name.endswith(".json") else log.RUNS / f"{name}.json"
    if name == "last":
        path = max(log.RUNS.glob("2*.json"), default=path)
    try:
        return log.load(path)
    except FileNotFoundError as error:
        raise UsageError(f"没有运行记录 {name}：请给出 evals/runs 里的编号、.json 路径、last，或 blessed") from error
    except (ValidationError, ValueError) as error:
        raise UsageError(f"运行记录 {path.name} 无法读取：{error}") from error
