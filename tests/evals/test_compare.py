"""Comparison with a baseline: verdicts, refusals, flips, exit codes; noise must not alarm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import UsageError
from evals.baselines import baseline, bless
from evals.compare import Incomparable, compare, flips, worst
from evals.log import CaseResult, Hashes, SuiteRun
from evals.metrics.score import Ratio, Score
from evals.run import averaged
from evals.suite import Suite

SUITE = Suite(suite="s", task="answer", cases=(), unit="题", gate=("right", "wrong_document"), passes=("right",))
HASHES = Hashes("gold", "scorer", "schema")


def run(values: list[float], hashes: Hashes = HASHES, metric: str = "right") -> SuiteRun:
    """A suite run with a case per value."""
    cases = [
        CaseResult(f"q{i:03}", ("development",), f"q{i:03}", "", {metric: Ratio(v, 1)}) for i, v in enumerate(values)
    ]
    return SuiteRun("s", "answer", "题", {}, hashes, 1.0, tuple(cases))


def test_a_run_against_itself_passes() -> None:
    """Interval [0, 0] lies above −δ."""
    assert compare(SUITE, run([1, 0] * 30), run([1, 0] * 30)).verdict == "pass"


def test_a_clear_loss_has_regressed() -> None:
    """Thirty of a hundred answers lost."""
    got = compare(SUITE, run([1] * 100), run([1] * 70 + [0] * 30))
    (judged,) = got.metrics
    assert (got.verdict, judged.gain, len(got.broken), got.fixed) == ("regressed", pytest.approx(-0.3), 30, ())


def test_a_loss_that_could_be_chance_is_insufficient() -> None:
    """Two of twenty answers lost: the interval reaches from below −δ to 0."""
    assert compare(SUITE, run([1] * 20), run([1] * 18 + [0] * 2)).verdict == "insufficient data"


def test_a_significant_loss_within_the_margin_passes() -> None:
    """Non-inferiority: four thousandths less on two thousand cases stays above −0.03."""
    assert compare(SUITE, run([1] * 2000), run([1] * 1992 + [0] * 8)).verdict == "pass"


def test_less_is_better_is_turned_round() -> None:
    """More citations of wrong documents are a loss."""
    got = compare(SUITE, run([0] * 100, metric="wrong_document"), run([1] * 40 + [0] * 60, metric="wrong_document"))
    assert (got.verdict, got.metrics[0].gain) == ("regressed", pytest.approx(-0.4))


def test_only_gated_metrics_decide() -> None:
    """A reported metric may fall without a verdict; nothing gated is no pass."""
    got = compare(SUITE, run([1] * 50, metric="f1_chars"), run([0] * 50, metric="f1_chars"))
    assert (got.verdict, [j.gated for j in got.metrics], got.metrics[0].p) == ("insufficient data", [False], None)


@pytest.mark.parametrize(
    ("hashes", "named"),
    [
        (Hashes("other", "scorer", "schema"), "标注"),
        (Hashes("gold", "other", "schema"), "评分程序"),
        (Hashes("gold", "scorer", "other"), "数据结构"),
    ],
)
def test_unlike_runs_are_not_compared(hashes: Hashes, named: str) -> None:
    """Another gold, scorer or schema: refused with exit code 4, naming it."""
    with pytest.raises(Incomparable, match=named) as caught:
        compare(SUITE, run([1], hashes), run([1]))
    assert caught.value.exit_code == 4


def test_flips_are_cases_that_changed_sides() -> None:
    """Errors and unscored cases are on no side."""
    base, new = run([1, 0, 1, 1]).cases, list(run([0, 1, 1, 1]).cases)
    new[2] = CaseResult("q002", ("development",), "q002", error="boom")
    assert flips(SUITE, base, new) == (["q001"], ["q000"])


def test_worst_of_verdicts() -> None:
    """Regressed before insufficient before pass."""
    assert [
        worst(["pass", "regressed", "insufficient data"]),
        worst(["pass", "insufficient data"]),
        worst(["pass"]),
    ] == [
        "regressed",
        "insufficient data",
        "pass",
    ]
    assert worst([]) == "insufficient data"


def test_noise_alarms_in_at_most_five_of_a_hundred_runs() -> None:
    """A/A under noise: 200 pairs of runs of one stochastic model over 60 questions, its own accuracy per question."""
    rng = np.random.default_rng(7)
    skill = rng.beta(4, 1, 60)
    verdicts = [
        compare(
            SUITE,
            run(list((rng.random(60) < skill).astype(float))),
            run(list((rng.random(60) < skill).astype(float))),
        )
        for _ in range(200)
    ]
    assert sum(found.verdict == "regressed" for found in verdicts) <= 10


def test_repeats_are_averaged_within_a_case_first() -> None:
    """Two of three repeats right: two thirds of one case, not two cases of three; an error in one is the case's."""
    rounds = [run([1, 1]).cases, run([0, 1]).cases, run([1, 1]).cases]
    assert [case.ratios["right"].value for case in averaged(rounds)] == [pytest.approx(2 / 3), 1.0]
    broken = (CaseResult("q000", ("development",), "q000", error="boom"), rounds[0][1])
    assert [case.error for case in averaged([rounds[0], broken])] == ["boom", None]


def test_blessing_keeps_the_sums_and_leaves_the_texts(tmp_path: Path) -> None:
    """What is compared survives; what could be long does not; the other suites have none."""
    done = run([1, 0])
    full = CaseResult(
        "x", ("held_out",), "c", "n", {"right": Ratio(1, 1)}, (Score("right", "q", 1.0, "a", "a", ""),), detail={"t": 1}
    )
    bless(SuiteRun("s", "answer", "题", {}, HASHES, 1.0, (*done.cases, full)), tmp_path)
    kept = baseline("blessed", "s", tmp_path)
    assert (kept.cases[:2], kept.cases[2].scores, kept.cases[2].detail) == (done.cases, (), {})
    with pytest.raises(UsageError, match="--bless"):
        baseline("blessed", "other", tmp_path)


def test_a_run_with_errors_is_not_blessed(tmp_path: Path) -> None:
    """A baseline without some of its cases would hide their loss."""
    done = run([1])
    with pytest.raises(UsageError, match="1 个用例出错"):
        bless(
            SuiteRun("s", "answer", "题", {}, HASHES, 1.0, (*done.cases, CaseResult("x", (), "x", error="boom"))),
            tmp_path,
        )
