"""One extraction against gold: what counts under matched items, and structural errors by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.records import Date, Grounded
from evals.metrics.items import compare
from evals.metrics.score import Ratio
from evals.metrics.structure import structural_errors
from tests.evals.factory import Draft, extraction

TEXT = (
    "1.河道垃圾清理不及时。一是清运垃圾300吨并安装监控设备。二是建立河道日常巡查保洁制度。"
    "2.污水管网建设滞后。一是新建管网25公里并投入使用。（1）制定管网建设方案；（2）倒排管网建设工期。"
)
RIVER = Draft(
    "河道垃圾清理不及时。", ["清运垃圾300吨并安装监控设备。", "建立河道日常巡查保洁制度。"], "completed", dates=["2021"]
)
SEWER = Draft(
    "污水管网建设滞后。",
    [
        "新建管网25公里并投入使用。",
        ("（1）制定管网建设方案；（2）倒排管网建设工期。", ["制定管网建设方案；", "倒排管网建设工期。"]),
    ],
    "ongoing",
    quantities=[("25", "公里")],
)
GOLD = extraction(TEXT, [RIVER, SEWER])


def _figures(*drafts: Draft) -> dict[str, Ratio]:
    return compare(extraction(TEXT, drafts), GOLD).ratios


def test_gold_against_itself_is_perfect() -> None:
    """Every scored figure is 1, every error rate 0, and nothing is listed as different."""
    result = compare(GOLD, GOLD)
    rates = {"status_over_claims", "status_cost", "mis_attached", "merged", "split", "level_slip"}
    # The fixture's dates and quantities do not stand where their spans say.
    values = {name: r.value for name, r in result.ratios.items() if r.value is not None and name != "spans_valid"}
    assert values == {name: float(name not in rates) for name in values}
    assert [s for s in result.scores if s.metric != "spans_valid"] == []


def test_order_of_items_makes_no_difference() -> None:
    """Items are matched by problem, never by index."""
    assert _figures(SEWER, RIVER)["item_f1"] == Ratio(4, 4)


def test_measures_of_a_missed_item_count_as_missed() -> None:
    """All gold measures stay in n: 2 of 4 found, of 2 predicted."""
    figures = _figures(RIVER)
    assert figures["item_recall"] == Ratio(1, 2)
    assert (figures["measure_precision"], figures["measure_recall"]) == (Ratio(2, 2), Ratio(2, 4))


def test_values_and_status_are_scored_within_matched_items_only() -> None:
    """The missed item's quantity and status are not counted a second time."""
    figures = _figures(RIVER)
    assert (figures["quantities_recall"], figures["status_accuracy"]) == (Ratio(0, 0), Ratio(1, 1))


def test_a_problem_with_another_wording_is_not_matched() -> None:
    """Below τ there is no match, and its measures do not count."""
    longer = replace(RIVER, problem="1.河道垃圾清理不及时。一是清运垃圾")
    figures = _figures(longer, SEWER)
    assert (figures["item_f1"], figures["measure_recall"]) == (Ratio(2, 4), Ratio(2, 4))


def test_sub_measures_are_a_figure_apart() -> None:
    """Sub-measures left out cost their own recall and nothing else."""
    flat = replace(SEWER, measures=["新建管网25公里并投入使用。", "（1）制定管网建设方案；（2）倒排管网建设工期。"])
    figures = _figures(RIVER, flat)
    assert (figures["measure_f1"], figures["sub_measure_recall"]) == (Ratio(8, 8), Ratio(0, 2))


def test_a_swapped_quantity_is_one_miss_and_one_invention() -> None:
    """26公里 for 25公里 is no near hit."""
    figures = _figures(RIVER, replace(SEWER, quantities=[("26", "公里")]))
    assert figures["quantities_f1"] == Ratio(0, 2)


def test_over_claim_is_counted_apart() -> None:
    """Predicting completion where gold says ongoing."""
    figures = _figures(RIVER, replace(SEWER, status="completed"))
    assert (figures["status_over_claims"], figures["status_cost"]) == (Ratio(1, 2), Ratio(2, 2))


def test_differences_say_where_got_expected_and_why() -> None:
    """A missing measure is listed with its item, its text and the reason."""
    spoiled = replace(RIVER, measures=RIVER.measures[:1])
    (score,) = [s for s in compare(extraction(TEXT, [spoiled, SEWER]), GOLD).scores if s.metric == "measure_f1"]
    assert (score.where, score.got, score.expected, score.why) == ("措施 1", None, "建立河道日常巡查保洁制度。", "漏提")


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        (
            [
                replace(RIVER, measures=[*RIVER.measures, SEWER.measures[0]]),
                replace(SEWER, measures=SEWER.measures[1:]),
            ],
            "mis_attached",
        ),
        ([replace(RIVER, measures=["清运垃圾300吨并安装监控设备。二是建立河道日常巡查保洁制度。"]), SEWER], "merged"),
        ([replace(RIVER, measures=["清运垃圾300吨", "并安装监控设备。", RIVER.measures[1]]), SEWER], "split"),
        ([RIVER, replace(SEWER, measures=[SEWER.measures[0], "制定管网建设方案；"])], "level_slip"),
    ],
)
def test_structural_errors_have_names(drafts: list[Draft], expected: str) -> None:
    """Mis-attached, merged, split and level slip are told apart."""
    got = extraction(TEXT, drafts)
    errors = structural_errors(got.items, GOLD.items, {0: 0, 1: 1})
    assert [error.fault for error in errors] == [expected]


def test_metadata_null_is_a_value_and_texts_may_differ_a_little() -> None:
    """Two fields right by being null, a title right at similarity ≥ 0.85, a date wrong by a day."""
    title = Grounded("河道垃圾清理不及时。一是清运垃圾", (2, 18))
    near = Grounded("河道垃圾清理不及时。一是清运垃", (2, 17))
    day = Date("2021-05-19", "x", (0, 1))
    gold = extraction(TEXT, [], title=title, signed_date=day)
    got = extraction(TEXT, [], title=near, signed_date=replace(day, iso="2021-05-18"))
    figures = compare(got, gold).ratios
    assert (figures["metadata"], figures["metadata.title"], figures["metadata.signed_date"]) == (
        Ratio(7, 8),
        Ratio(1, 1),
        Ratio(0, 1),
    )


def test_issuers_are_a_set() -> None:
    """Two issuers in another order are right, one of two is not."""
    one, two = Grounded("河道", (2, 4)), Grounded("污水", (47, 49))
    gold = extraction(TEXT, [], issuer=(one, two))
    assert compare(extraction(TEXT, [], issuer=(two, one)), gold).ratios["metadata.issuer"] == Ratio(1, 1)
    assert compare(extraction(TEXT, [], issuer=(one,)), gold).ratios["metadata.issuer"] == Ratio(0, 1)
