"""Short answers: the published scorers reproduced where they are right, the Chinese traps fixed."""

from __future__ import annotations

import pytest

from evals.metrics.answers import (
    answer_score,
    best,
    contained,
    exact_match,
    f1_chars,
    f1_run,
    list_complete,
    right,
    tokens,
    without_markers,
)

PUBLISHED = [
    ("the Denver Broncos", "Denver Broncos", 0.8, 0.8),
    ("in 1905 by Einstein", "1905", 0.4, 0.4),
    ("city of new york", "new york city", 0.8571, 0.5714),
    ("建成污水管网", "污水管网建成", 1.0, 0.6667),
    ("建成25公里管网", "25公里", 0.6, 0.6),
    ("整改工作领导小组办公室", "整改办公室", 0.625, 0.375),
    ("未完成整改", "已完成整改", 0.8, 0.8),
    ("共投入126万元", "共投入125万元", 0.8333, 0.5),
    ("ABC公司 Beijing branch", "ABC公司", 0.75, 0.75),
]
"""(got, gold, figure of mlqa_evaluation_v1.py for zh, figure of cmrc2018_evaluate.py), from running the published
scripts."""


@pytest.mark.parametrize(("got", "gold", "mlqa", "cmrc"), PUBLISHED)
def test_published_figures_are_reproduced(got: str, gold: str, mlqa: float, cmrc: float) -> None:
    """The two F1 give what MLQA's and CMRC2018's own scripts give."""
    assert (round(f1_chars(got, gold), 4), round(f1_run(got, gold), 4)) == (mlqa, cmrc)


@pytest.mark.parametrize(
    ("got", "gold", "chars", "run"),
    [
        ("增长12.5%", "增长125", 2 / 3, 2 / 3),  # published: 1.0 in MLQA, the punctuation being stripped
        ("１２家", "12家", 1.0, 1.0),  # published: 0.5, there being no NFKC
        ("增长12.5 %", "增长12.5%", 1.0, 1.0),
    ],
)
def test_where_the_published_scorers_are_wrong(got: str, gold: str, chars: float, run: float) -> None:
    """12.5% is not 125, and full-width digits are digits."""
    assert (f1_chars(got, gold), f1_run(got, gold)) == (chars, run)


@pytest.mark.parametrize(
    ("got", "gold"),
    [
        ("未完成整改", "已完成整改"),
        ("共投入126万元", "共投入125万元"),
        ("增长125", "增长12.5%"),
        ("2021年5月18日", "2021年5月19日"),
        ("《水污染防治方案》", "《大气污染防治方案》"),
        ("25公里", "25米"),
        ("整改到位", "整改不到位"),
    ],
)
def test_answer_score_is_zero_where_a_critical_token_differs(got: str, gold: str) -> None:
    """However alike the two look."""
    assert f1_chars(got, gold) >= 0.4
    assert answer_score(got, gold) == 0.0


def test_answer_score_is_f1_where_critical_tokens_agree() -> None:
    """管网25公里 for 25公里: the figure agrees, the rest is F1."""
    assert answer_score("管网25公里", "25公里") == f1_chars("管网25公里", "25公里") == 0.75


def test_maximum_over_the_variants_and_none_without() -> None:
    """One variant that fits is enough; without variants nothing is right."""
    assert (best(f1_chars, "25公里", ["二十五公里", "25公里"]), best(f1_chars, "25公里", [])) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("got", "golds", "expected"),
    [
        ("２５ 公里。", ["25公里"], True),
        ("約25公里", ["约25公里"], True),
        ("26公里", ["25公里"], False),
        ("25公里污水管网", ["25公里"], False),
        (None, ["25公里"], False),
        ("", ["25公里"], False),
        ("临湘市农业农村局和生态环境局", ["临湘市农业农村局、生态环境局"], True),
    ],
)
def test_right(got: str | None, golds: list[str], expected: bool) -> None:
    """Exact after normalisation, or an answer score of at least 0.9."""
    assert right(got, golds) is expected


@pytest.mark.parametrize(
    ("answer", "golds", "expected"),
    [
        ("已建成25公里[1]，另有5处。", ["25公里"], True),
        ("已建成25公里。[1]", ["5公里"], False),
        ("占12.5%。[1]", ["5%"], False),
        ("不能正常运行。[1]", ["能正常运行"], False),
        ("不是。[1]", ["是"], False),
        ("是。已竣工。[1]", ["是"], True),
        ("这是事实。[1]", ["是"], False),
        ("共建成1[1]", ["11"], False),
    ],
)
def test_contained(answer: str, golds: list[str], expected: bool) -> None:
    """A figure inside a longer one, an affirmation behind a negation and a marker's digit do not count."""
    assert contained(answer, golds) is expected


def test_contained_asks_for_the_length_limit() -> None:
    """Quoting the whole notice contains everything and answers nothing."""
    long = "管网" * 200 + "25公里"
    assert (contained(long, ["25公里"]), contained(long, ["25公里"], limit=None)) == (False, True)


def test_markers_of_all_kinds_are_taken_out() -> None:
    """[1], ［1］, 【1】 and [1,2] are the same."""
    assert without_markers("甲[1]乙［2］丙【3】丁[1,2]") == "甲乙丙丁"


def test_exact_match_keeps_decimal_points() -> None:
    """Punctuation makes no difference, a decimal point does."""
    assert (exact_match("“12.5%”。", ["12.5%"]), exact_match("125%", ["12.5%"])) == (True, False)


def test_tokens_keep_numbers_whole() -> None:
    """Chinese by character, everything else in runs."""
    assert tokens("投入 3,000 万元，占12.5%") == ["投", "入", "3000", "万", "元", "占", "12.5%"]


@pytest.mark.parametrize(
    ("got", "expected"), [(range(10), True), (range(9), False), (range(11), True), (range(12), False)]
)
def test_list_complete(got: range, expected: bool) -> None:
    """All ten members, at precision 0.9 or better."""
    assert list_complete([str(i) for i in got], [str(i) for i in range(10)]) is expected
