"""Citations after ALCE: statements, recall, precision, and what is unscored."""

from __future__ import annotations

import pytest

from evals.metrics.citations import Statement, citation_ratios, citation_scores, statements, valid_quotes

QUOTES = {1: "共建成污水管网25公里", 2: "2021年8月投入使用", 3: "印发《工作方案》"}


def _values(answer: str) -> tuple[float | None, float | None]:
    got = citation_ratios(answer, QUOTES)
    return got["citation_recall"].value, got["citation_precision"].value


def test_statements_are_sentences_and_worded_points() -> None:
    """Split on 。！？； and 一是/二是, markers of all widths kept with the statement before them."""
    assert statements("建成25公里［1］。已投用【2】[3]；一是甲[1]，二是乙。[2]\n见下表") == [
        Statement("建成25公里。", (1,)),
        Statement("已投用；", (2, 3)),
        Statement("一是甲，", (1,)),
        Statement("二是乙。", (2,)),
        Statement("见下表", ()),
    ]


def test_a_marker_proves_its_whole_sentence() -> None:
    """A clause before ； takes the marker at the sentence's end; a sentence before that one does not."""
    assert statements("已完成。建成25公里；已投用。[1]") == [
        Statement("已完成。", ()),
        Statement("建成25公里；", (1,)),
        Statement("已投用。", (1,)),
    ]


@pytest.mark.parametrize(
    ("answer", "recall", "precision"),
    [
        ("建成25公里。[1]", 1.0, 1.0),
        ("建成26公里。[1]", 0.0, 0.0),
        ("建成25公里。[9]", 0.0, 0.0),
        ("建成25公里。[1][9]", 1.0, 0.5),
        ("建成25公里。[1][3]", 1.0, 0.5),
        ("建成25公里，2021年8月投用。[1][2]", 1.0, 1.0),
        ("建成25公里。", 0.0, None),
        ("建成25公里。[1]已印发《工作方案》。", 0.5, 1.0),
        ("。[1]", None, None),
        ("", None, None),
    ],
)
def test_recall_and_precision(answer: str, recall: float | None, precision: float | None) -> None:
    """An invalid id is wrong, an unneeded citation costs precision, and without statements all is unscored, not
    perfect."""
    assert _values(answer) == (recall, precision)


def test_both_halves_may_be_needed_together() -> None:
    """ALCE: two citations that only jointly support are both precise; a third that adds nothing is not."""
    assert _values("建成25公里，2021年8月投用。[1][2][3]") == (1.0, pytest.approx(2 / 3))


def test_statements_without_critical_tokens_are_reported() -> None:
    """加强领导 has nothing that could be checked: one of the two statements."""
    assert citation_ratios("加强领导。[1]建成25公里。[1]", QUOTES)["statements_without_tokens"].value == 0.5


def test_a_quote_that_is_not_at_its_offsets_is_no_citation() -> None:
    """Only the quote equal to the text at its offsets is kept."""
    assert valid_quotes([(1, "甲乙", "甲乙"), (2, "甲丙", "甲乙"), (3, "", "")]) == {1: "甲乙"}


def test_what_a_statement_lacks_is_said() -> None:
    """The reason names the invalid id and the figure without proof."""
    assert [s.why for s in citation_scores("建成26公里。[1][7]已完成。", QUOTES)] == [
        "引用 [7] 无效；引文中没有：26公里",
        "没有引用",
    ]
