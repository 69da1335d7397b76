"""The tab 评测: the command behind it, two runs side by side, the report."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.web.evaluation import Runner, arguments, compared, outcome, report, runs
from evals import log
from evals.log import CaseResult, Hashes, Run, SuiteRun
from evals.metrics.score import Ratio

SLOW = "#!/bin/sh\necho 正在准备 >&2\nexec sleep 60\n"


def case(name: str, good: int, *, held: bool = False) -> CaseResult:
    """A refusal case that passed or not."""
    ratios = {"refusal_recall": Ratio(good, 1), "refusal_accuracy": Ratio(good, 1)}
    split = "held_out" if held else "development"
    said = {"question": f"问{name}", "answer": f"答{name}{good}"}
    return CaseResult(name, (split,), name, "", ratios, (), None, (), {"answer": said})


def saved(name: str, cases: tuple[CaseResult, ...]) -> str:
    """A run of the refusal suite in the history."""
    done = SuiteRun("refusal", "refusal", "notice", {}, Hashes("g", "s", "c"), 1.0, cases)
    log.save(Run(name, "2026-01-01T00:00:00+00:00", "0", (done,)))
    return name


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty run history."""
    monkeypatch.setattr(log, "RUNS", tmp_path / "runs")
    return tmp_path / "runs"


def test_the_command_line_of_a_run() -> None:
    """Suites, split, baseline and prompt reach the command as its own options."""
    assert arguments(["answer"], "dev", "", "") == ["eval", "answer", "--split", "dev", "--json"]
    assert arguments([], "all", "answer@1", "answer@2")[-4:] == ["--baseline", "answer@1", "--prompt", "answer@2"]


def test_the_runner_hands_on_the_commands_json_and_its_errors(tmp_path: Path) -> None:
    """What the command prints comes last; what it complains of is raised in its words."""
    runner = Runner(tmp_path)
    *_, last = runner.run("schema", "notice")
    assert isinstance(last, dict)
    assert last["title"] == "notice"
    with pytest.raises(UsageError, match="没有评测集 nonsense"):
        list(runner.run("eval", "nonsense", "--json"))


def test_one_evaluation_at_a_time_and_it_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run is refused while one goes on; stopping ends the process and frees the place."""
    script = tmp_path / "slow"
    script.write_text(SLOW, "utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    runner = Runner(tmp_path)
    monkeypatch.setattr(sys, "executable", str(script))
    first = runner.run("eval")
    assert next(first) == "正在准备"
    with pytest.raises(UsageError, match="另一项评测正在运行"):
        next(runner.run("eval"))
    runner.stop()
    with pytest.raises(UsageError, match="已停止"):
        list(first)
    again = runner.run("eval")
    assert next(again) == "正在准备"
    again.close()  # type: ignore[attr-defined]
    assert next(runner.run("eval")) == "正在准备"


def test_two_runs_are_compared_case_by_case(history: Path) -> None:
    """Cases that changed sides are listed with both answers; of held-out ones only the number is told."""
    del history
    before = tuple(case(f"c{n}", n % 2) for n in range(8))
    now = (*(replace(case("c0", 1)), case("c1", 0)), *before[2:])
    held = case("h", 1, held=True), case("h", 0, held=True)
    old, new = saved("20260101-000000-aaaa", (*before, held[0])), saved("20260102-000000-bbbb", (*now, held[1]))
    assert runs()[0] == (f"{new}（拒答）", new)
    shown = compared(old, new)
    assert "变差 2 个，变好 1 个（其中留出集 1 个，不显示明细）" in shown
    assert "答c00" in shown
    assert "答c01" in shown
    assert "问h" not in shown
    assert f"download/eval/{new}.html?baseline={old}" in shown
    with pytest.raises(UsageError):
        compared("20200101-000000-cccc", new)


def test_the_outcome_names_suite_split_and_verdict() -> None:
    """Figures that were not scored are said to be so."""
    metrics = {
        "refusal_recall": {"value": 0.5, "ci": [0.25, 0.75]},
        "over_refusal": {"value": None, "ci": [None, None]},
    }
    part = {"suite": "refusal", "split": "development", "n": 8, "errors": 0, "verdict": "regressed", "metrics": metrics}
    shown = outcome({"run": "r", "suites": [part]})
    assert "拒答 · 开发集：退步（8 例，出错 0 例）" in shown
    assert "0.250 – 0.750" in shown


def test_a_report_is_no_way_to_a_file(tmp_path: Path) -> None:
    """A name that is a path, or of no run, gives no report."""
    for name in ("../../etc/passwd", "a.json", "", "20200101-000000-cccc"):
        with pytest.raises(UsageError):
            report(tmp_path, name)
