"""Figures of a run: sums over cases, intervals over clusters, errors and unscored shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.compare import Comparison, Verdict
from evals.figures import draws, figures, in_split, sums
from evals.log import CaseResult, Hashes, Run, SuiteRun, load, save
from evals.metrics.score import Ratio, Score
from evals.outcome import Missed, exit_code, missed, outcome, verdict
from evals.suite import Suite
from evals.table import target_note, verdict_label


def case(name: str, hits: float, of: float, cluster: str = "", stratum: str = "", **more: object) -> CaseResult:
    """A case with one metric."""
    return CaseResult(name, ("development",), cluster or name, stratum, {"right": Ratio(hits, of)}, **more)  # type: ignore[arg-type]


def test_a_figure_is_the_sum_over_cases_not_the_mean_of_figures() -> None:
    """1 of 1 and 0 of 9."""
    assert figures([case("a", 1, 1), case("b", 0, 9)])["right"].value == 0.1


def test_an_error_adds_nothing_and_an_empty_denominator_is_unscored() -> None:
    """Neither is averaged away as 0 or 1."""
    broken = CaseResult("c", ("development",), "c", error="boom")
    assert figures([case("a", 1, 1), broken])["right"].value == 1.0
    assert (figures([case("a", 0, 0)])["right"].value, figures([case("a", 0, 0)])["right"].low) == (None, None)


def test_clusters_are_drawn_whole() -> None:
    """Ten questions about one item are one observation: the interval is as wide as that of two cases."""
    together = [case(f"a{i}", 1, 1, "x") for i in range(10)] + [case(f"b{i}", 0, 1, "y") for i in range(10)]
    apart = [case(f"a{i}", 1, 1) for i in range(10)] + [case(f"b{i}", 0, 1) for i in range(10)]
    wide, narrow = figures(together)["right"], figures(apart)["right"]
    assert ((wide.low, wide.high), wide.value, narrow.value) == ((0.0, 1.0), 0.5, 0.5)
    assert narrow.low is not None
    assert 0.25 <= narrow.low <= 0.35


def test_each_stratum_keeps_its_size() -> None:
    """Clusters are drawn within their notice."""
    counts = draws(np.array([0, 0, 0, 1, 1]), 50, np.random.default_rng(0))
    assert (counts[:, :3].sum(axis=1).tolist(), counts[:, 3:].sum(axis=1).tolist()) == ([3.0] * 50, [2.0] * 50)


def test_small_strata_are_put_together() -> None:
    """A notice with a single question would never vary: fewer than five clusters share one stratum."""
    cases = [case(f"a{i}", 1, 1, stratum="big") for i in range(5)] + [case("b", 1, 1, stratum="lone"), case("c", 1, 1)]
    assert sums(cases).strata.tolist() == [1, 1, 1, 1, 1, 0, 0]


def test_the_interval_is_the_same_in_every_run() -> None:
    """Seeds are fixed."""
    cases = [case(str(i), i % 2, 1) for i in range(30)]
    assert figures(cases) == figures(cases)


def test_a_log_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Cases with scores, pairs, errors and details survive the round trip; the folder ignores itself."""
    score = Score("right", "问题", 0.0, None, ["25公里"], "漏", (1, 2))
    one = CaseResult(
        "a", ("seeds", "development"), "a", "n", {"right": Ratio(0, 1)}, (score,), None, (("a", "b"),), {"x": 1}
    )
    two = CaseResult("b", ("held_out",), "b", error="boom")
    suite = SuiteRun("s", "extraction", "notice", {"llm": "none"}, Hashes("1", "2", "3"), 1.5, (one, two))
    run = Run("r1", "2026-01-01T00:00:00+00:00", "0.1", (suite,))
    path = save(run, tmp_path)
    assert (load(path), (path.parent / ".gitignore").read_text()) == (run, "*\n")


def _outcome(
    cases: list[CaseResult], comparisons: dict[str, Comparison] | None = None, **floors: float
) -> dict[str, object]:
    suite = Suite(
        suite="s", task="extraction", cases=(), unit="notice", gate=("right",), floors={"development": floors}
    )
    run = SuiteRun("s", "extraction", "notice", {}, Hashes("1", "2", "3"), 1.5, tuple(cases))
    return outcome([suite], Run("r1", "t", "0.1", (run,)), comparisons=comparisons)


@pytest.mark.parametrize(
    ("cases", "floor", "verdict", "code"),
    [
        ([case("a", 1, 1)], 0.9, "pass", 0),
        ([case("a", 1, 2)], 0.9, "insufficient data", 3),
        ([case("a", 0, 0)], 0.9, "insufficient data", 3),
        ([case("a", 1, 1), CaseResult("b", ("development",), "b", error="boom")], 0.9, "insufficient data", 4),
    ],
)
def test_verdict_by_floors(cases: list[CaseResult], floor: float, verdict: str, code: int) -> None:
    """Below its floor or unscored a suite does not pass, but nothing was there to regress from; a case in error is
    infrastructure, exit code 4."""
    result = _outcome(cases, right=floor)
    (part,) = result["suites"]  # type: ignore[misc]
    assert (part["verdict"], exit_code(result)) == (verdict, code)


def _compared(verdict: Verdict) -> Comparison:
    return Comparison("s", "通报", 60, 0.0001, 0.03, (), (), (), 1.0, verdict)


@pytest.mark.parametrize(("verdict", "code"), [("pass", 0), ("regressed", 1), ("insufficient data", 3)])
def test_with_a_baseline_the_gate_is_the_comparison(verdict: Verdict, code: int) -> None:
    """A floor that is missed neither fails what has not regressed nor hides what has."""
    result = _outcome([case("a", 1, 2)], {"s": _compared(verdict)}, right=0.9)
    assert exit_code(result) == code


def test_missed_floors_are_named() -> None:
    """Below, above a ceiling, unscored; what is reached and other splits are not among them."""
    suite = Suite(
        suite="s", task="answer", cases=(), unit="题", gate=("right",),
        floors={
            "development": {"right": 0.9, "over_refusal": 0.05, "evidence": 0.5, "contained": 0.5},
            "seeds": {"right": 1},
        },
    )  # fmt: skip
    ratios = {"right": Ratio(1, 2), "over_refusal": Ratio(1, 10), "contained": Ratio(1, 2)}
    run = SuiteRun(
        "s", "answer", "题", {}, Hashes("1", "2", "3"), 1.5, (CaseResult("a", ("development",), "a", ratios=ratios),)
    )
    found = [(one.split, one.metric, one.value, one.floor) for one in missed(suite, run)]
    assert found == [
        ("development", "right", 0.5, 0.9), ("development", "over_refusal", 0.1, 0.05),
        ("development", "evidence", None, 0.5),
    ]  # fmt: skip
    assert missed(suite, run, ["held_out"]) == []


def test_a_missed_target_is_said_to_be_none_of_a_regression() -> None:
    """The line that tables and pages show, and the verdict's label with and without a baseline."""
    assert target_note([Missed("held_out", "right.follow_up", 0.632, 0.8), Missed("seeds", "metadata", None, 0.9)]) == (
        "未达到目标 2 项（与基线相比才谈得上退步，这里不是）：留出集“答对（追问）”0.632（目标 0.8）、"
        "五份原件“元数据”未评分（目标 0.9）"
    )
    labels = [verdict_label("insufficient data", compared=compared, below=True) for compared in (False, True)]
    assert labels == ["未达目标", "数据不足"]


def test_neither_floor_nor_baseline_proves_nothing() -> None:
    """Such a suite cannot pass."""
    suite = Suite(suite="s", task="extraction", cases=(), unit="notice", gate=("right",))
    assert verdict(suite, "development", figures([case("a", 1, 1)]), 0) == "insufficient data"


def test_json_has_exactly_the_keys_of_the_contract() -> None:
    """SPEC section 4."""
    result = _outcome([case("a", 1, 1)], right=0.5)
    (part,) = result["suites"]  # type: ignore[misc]
    assert (set(result), set(part)) == ({"run", "suites"}, {"suite", "split", "n", "errors", "metrics", "verdict"})
    assert part["metrics"] == {"right": {"value": 1.0, "ci": [1.0, 1.0]}}


def test_in_split_all_is_every_case() -> None:
    """A case may be in several splits."""
    cases = [CaseResult("a", ("seeds", "development"), "a"), CaseResult("b", ("held_out",), "b")]
    assert [[c.id for c in in_split(cases, s)] for s in ("all", "seeds", "held_out")] == [["a", "b"], ["a"], ["b"]]
