"""Computed figures of an overview: supported by a recount of the cited members, or not at all."""

from __future__ import annotations

import pytest

from bot.records import Citation, Coverage, Grounded, OverviewSentence, Status, StatusValue, Summary, SummaryGroup
from evals.metrics.recount import without_counts

STATES: tuple[StatusValue, ...] = ("completed", "completed", "ongoing")


def summary() -> Summary:
    """Three problems of two notices, each cited."""
    groups = tuple(
        SummaryGroup(f"n{n // 2}", "f.txt", f"n{n // 2}#{n}", Grounded("问题", (n, n + 2)), (), Status(state, None, ()))
        for n, state in enumerate(STATES)
    )
    cited = tuple(Citation(n, g.notice_id, g.file, "题", *g.problem.span, "问题") for n, g in enumerate(groups, 1))
    return Summary("", groups, (), cited, Coverage(2, 3, 3), "extractive", ())


@pytest.mark.parametrize(
    ("text", "cited", "left"),
    [
        ("共涉及2份通报的3个问题，其中已完成2个，推进中1个。", (1, 2, 3), "共涉及的，。"),
        ("共涉及2份通报的4个问题，其中已完成2个。", (1, 2, 3), "共涉及2份通报的4个问题，其中已完成2个。"),
        ("共3个问题，其中已完成3个。", (1, 2, 3), "共3个问题，其中已完成3个。"),
        ("共3个问题。", (1, 2), "共3个问题。"),
        ("共2个问题。", (1, 2), "共。"),
        ("共0个问题。", (9,), "共0个问题。"),
        ("罚款12万元，共3个问题。", (1, 2, 3), "罚款12万元，共。"),
    ],
)
def test_only_figures_that_the_cited_members_bear_out_are_taken_away(
    text: str, cited: tuple[int, ...], left: str
) -> None:
    """A count of other members, a wrong one, or any other figure stays for the quotes to prove."""
    assert without_counts(OverviewSentence(text, cited), summary()) == left
