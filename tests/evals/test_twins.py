"""Three copies of one notice about other towns with other figures in one store."""

from __future__ import annotations

from pathlib import Path

from bot.qa.answer import ask
from evals.twins import TOWNS, outcomes, refuses_absent, store_of, twin


def test_a_twin_has_its_own_town_and_figures() -> None:
    """Every counted figure is raised by the twin's number, dates and numbers of documents stay."""
    text = "临湘市2021年8月13日完成管网建设25公里，17条道路开挖，第3次会议。"
    assert twin(text, "汨罗", 2) == "汨罗市2021年8月13日完成管网建设27公里，19条道路开挖，第3次会议。"


def test_answers_follow_the_town_asked_for(tmp_path: Path) -> None:
    """Lookups, lists, counts, summaries and a follow-up answer as if no other twin were there; an absent town is
    refused."""
    towns = TOWNS[:3]
    together = store_of(tmp_path / "all", towns)
    answered = [o for town in towns for o in outcomes(together, store_of(tmp_path / town, [town]), town)]
    assert [o for o in answered if o.blended or not o.follows] == []
    assert [ask(together, f"{town}市污水管网已经建了多少公里").short_answer for town in towns] == [
        "26公里",
        "27公里",
        "28公里",
    ]
    assert all(refuses_absent(together))
