"""Spans: validity, groundedness with short quotes, SemEval figures, IoU."""

from __future__ import annotations

import pytest

from evals.metrics.score import Ratio
from evals.metrics.spans import find_quote, grounded_values, groundedness, iou, match_spans, span_prfs, valid, validity

TEXT = "一是建成污水管网25公里。二是今日天气，继续推进。"


@pytest.mark.parametrize(
    ("quote", "span", "expected"),
    [
        ("污水管网", (4, 8), True),
        ("污水管网", (3, 7), False),
        ("", (3, 3), False),
        ("推进。", (22, 25), True),
        ("推进。", (-3, 25), False),
        ("推进。x", (22, 26), False),
    ],
)
def test_validity(quote: str, span: tuple[int, int], expected: bool) -> None:
    """A span is valid where the text prints exactly the quote there; empty, negative and too long ones are not."""
    assert valid(TEXT, quote, span) is expected


def test_validity_is_the_share_of_valid_spans() -> None:
    """One of two."""
    assert validity(TEXT, [("a", "污水", (4, 6)), ("b", "污水", (5, 7))]) == Ratio(1, 2)


def test_every_grounded_value_is_found_wherever_it_hides() -> None:
    """Values in lists and nested records are all checked; a text without span is none."""
    data = {
        "title": {"text": "甲", "span": [0, 1]},
        "text": "全文",
        "measures": [{"subs": [{"text": "乙", "span": [2, 3]}]}],
    }
    assert [(where, quote) for where, quote, _ in grounded_values(data)] == [
        ("title", "甲"),
        ("measures[0].subs[0]", "乙"),
    ]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("建成污水管网25公里", "exact"),
        ("建成污水管网 ２５ 公里", "normalised"),
        ("一是建成污水管网25公里。二是今曰天气，继续推进。", "fuzzy"),
        ("完成整改", "none"),
        ("今天天气", "none"),
        ("建成污水管网26公里", "none"),
        ("  ", "none"),
    ],
)
def test_short_fabricated_quotes_are_not_found(quote: str, expected: str) -> None:
    """A short quote needs an exact hit: 完成整改 is not "found" in 今日天气 by two edits."""
    assert find_quote(quote, TEXT) == expected


def test_fuzzy_is_reported_and_not_counted() -> None:
    """Groundedness counts exact and normalised quotes; the four ways are reported apart."""
    got = groundedness(["建成污水管网", "污水管网 ２５公里", "一是建成污水管网25公里。二是今曰天气，继续推进。"], TEXT)
    assert {name: ratio.value for name, ratio in got.items()} == {
        "groundedness": 2 / 3,
        "quotes_exact": 1 / 3,
        "quotes_normalised": 1 / 3,
        "quotes_fuzzy": 1 / 3,
        "quotes_none": 0.0,
    }


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [((0, 4), (2, 6), 2 / 6), ((0, 4), (4, 8), 0.0), ((1, 5), (1, 5), 1.0), ((3, 3), (3, 3), 0.0)],
)
def test_iou(a: tuple[int, int], b: tuple[int, int], expected: float) -> None:
    """Characters in both over characters in either; ends are exclusive."""
    assert iou(a, b) == expected


def test_spans_are_paired_by_position_not_by_order() -> None:
    """The first predicted span may belong to the last gold span."""
    assert match_spans([(10, 20), (0, 5)], [(0, 5), (10, 18)]) == [(0, 1, 0.8), (1, 0, 1.0)]


def test_semeval_strict_exact_partial() -> None:
    """Right boundary with wrong type counts for exact only, an overlap counts half for partial."""
    got = [("problem", (0, 5)), ("measure", (5, 9)), ("measure", (10, 15))]
    gold = [("problem", (0, 5)), ("problem", (5, 9)), ("measure", (10, 20))]
    figures = {name: prf.f1 for name, prf in span_prfs(got, gold).items()}
    assert figures == pytest.approx({"strict": 1 / 3, "exact": 2 / 3, "partial": 2.5 / 3, "iou": 2.5 / 3})
