"""Label-free oracles: each is broken by its own fault, and only by that; a reported break is no failure."""

from __future__ import annotations

from dataclasses import replace

from bot.records import Check, DeclaredCount, Extraction
from evals.metrics.oracles import breaks, oracle_ratios
from evals.metrics.score import Ratio
from tests.evals.factory import Draft, extraction

TEXT = (
    "（一）河道问题。整改情况：一是清运垃圾。二是建立制度。三是安装监控。\n"
    "二、管网方面\n（二）管网问题。整改措施：新建管网。"
)
ITEMS = [Draft("河道问题。", ["清运垃圾。", "建立制度。", "安装监控。"]), Draft("管网问题。", ["新建管网。"])]


def _marked(markers: list[str | None]) -> Extraction:
    whole = extraction(TEXT, ITEMS)
    first = whole.items[0]
    measures = tuple(replace(m, marker=marker) for m, marker in zip(first.measures, markers, strict=True))
    return replace(whole, items=(replace(first, measures=measures), whole.items[1]))


def _broken(got: Extraction) -> list[tuple[str, bool]]:
    return [(b.oracle, b.reported) for b in breaks(got)]


def test_a_sound_extraction_breaks_none() -> None:
    """Contiguous markers, all text covered, spans valid; headings and lead words need no home."""
    assert _broken(_marked(["一是", "二是", "三是"])) == []


def test_a_gap_in_the_markers() -> None:
    """一是, 三是 without 二是."""
    assert _broken(_marked(["一是", "三是", "四是"])) == [("markers", False)]


def test_a_declared_count_that_disagrees() -> None:
    """Three problems declared, two found; a check of kind count reports it."""
    got = _marked(["一是", "二是", "三是"])
    count = DeclaredCount("problems", "3", "个", "x", (0, 1))
    got = replace(got, notice=replace(got.notice, declared_counts=(count,)))
    assert _broken(got) == [("counts", False)]
    reported = replace(got, checks=(Check("count", "x", "3", "2", ()),))
    assert (_broken(reported), oracle_ratios(reported)) == ([("counts", True)], {"oracles": Ratio(1, 1)})


def test_a_problem_without_measure_and_its_text_without_home() -> None:
    """The item has no measure: both that and its uncovered rectification text are named."""
    got = extraction(TEXT, [ITEMS[0], Draft("管网问题。")])
    got = replace(got, items=(got.items[0], replace(got.items[1], span=(got.items[1].span[0], len(TEXT)))))
    assert _broken(got) == [("no_measure", False)]
    longer = replace(got.items[1], problem=replace(got.items[1].problem, span=got.items[0].problem.span))
    assert ("rectification", False) in _broken(replace(got, items=(got.items[0], longer)))


def test_text_between_items_must_be_a_heading_or_unassigned() -> None:
    """A sentence between two items that nobody claims is a break, unless ``unassigned`` lists it."""
    text = TEXT.replace("二、管网方面", "下一步将持续发力")
    got = extraction(text, ITEMS)
    at = text.index("下一步")
    assert _broken(got) == [("coverage", False)]
    assert _broken(replace(got, notice=replace(got.notice, unassigned=((at, at + 8),)))) == []


def test_an_invalid_span() -> None:
    """A span that prints something else is named with its path."""
    got = _marked(["一是", "二是", "三是"])
    first = replace(got.items[0], problem=replace(got.items[0].problem, span=(0, 4)))
    (found,) = [b for b in breaks(replace(got, items=(first, got.items[1]))) if b.oracle == "spans"]
    assert found.where == "items[0].problem"
