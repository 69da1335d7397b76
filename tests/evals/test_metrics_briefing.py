"""Briefings: figures traced, counted again and held against gold; coverage; status wording."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.records import Briefing, Citation, Figure, Paragraph, Section
from evals.metrics.briefing import Wanted, briefing_ratios, briefing_scores, known_by
from tests.evals.factory import Draft, extraction

TEXT = "一、问题甲。已清理垃圾25吨,该问题已完成整改。二、问题乙。正在推进,剩余2个。"
ITEMS = extraction(
    TEXT,
    [
        Draft("问题甲", ["已清理垃圾25吨,该问题已完成整改。"], "completed"),
        Draft("问题乙", ["正在推进,剩余2个。"], "ongoing"),
    ],
).items
WANTED = Wanted({item.id: item for item in ITEMS}, {"n": TEXT}, unfinished=False)


def _cite(n: int, words: str) -> Citation:
    start = TEXT.index(words)
    return Citation(n, "n", "n.txt", "t", start, start + len(words), words)


GOOD = Briefing(
    "简报",
    (
        Section("一、总体情况", 1, (Paragraph("共有反馈问题2个，其中已完成1个、推进中1个。", True, ()),)),
        Section(
            "二、分类情况",
            1,
            (
                Paragraph("已清理垃圾25吨,该问题已完成整改。", False, (1,)),
                Paragraph("整改状态：已完成。", True, (1,)),
                Paragraph("整改状态：推进中。通报载明“剩余2个”。", True, (2,)),
            ),
        ),
    ),
    (
        Figure("2个", "2", "个", None, ("n#1", "n#2")),
        Figure("1个", "1", "个", None, ("n#1",)),
        Figure("1个", "1", "个", None, ("n#2",)),
    ),
    (_cite(1, "已清理垃圾25吨,该问题已完成整改。"), _cite(2, "正在推进,剩余2个。")),
    ("n#1", "n#2"),
)


def _with(section: int, paragraph: int, text: str) -> Briefing:
    parts = [list(s.paragraphs) for s in GOOD.sections]
    parts[section][paragraph] = replace(parts[section][paragraph], text=text)
    sections = tuple(replace(s, paragraphs=tuple(p)) for s, p in zip(GOOD.sections, parts, strict=True))
    return replace(GOOD, sections=sections)


def _values(briefing: Briefing, wanted: Wanted = WANTED) -> dict[str, float | None]:
    return {name: ratio.value for name, ratio in briefing_ratios(briefing, wanted).items()}


def test_a_briefing_without_fault() -> None:
    """Everything is 1 and there is nothing to say."""
    assert set(_values(GOOD).values()) == {1.0}
    assert list(briefing_scores(GOOD, WANTED)) == []


def test_a_figure_out_of_nowhere_is_not_traced() -> None:
    """A written number that is neither computed nor cited; a quotation that is not what it cites."""
    assert _values(_with(1, 1, "整改状态：已完成，投入30万元。"))["figures_traced"] == 5 / 6
    assert _values(_with(1, 0, "已清理垃圾26吨,该问题已完成整改。"))["figures_traced"] == 4 / 5


def test_a_figure_that_is_not_its_items() -> None:
    """The sum says 3, two items are named."""
    wrong = replace(_with(0, 0, "共有反馈问题3个，其中已完成1个、推进中1个。"))
    wrong = replace(wrong, figures=(Figure("3个", "3", "个", None, ("n#1", "n#2")), *GOOD.figures[1:]))
    assert _values(wrong)["figures_recomputed"] == 2 / 3


def test_a_count_of_a_status_that_gold_has_otherwise() -> None:
    """Both called done: right arithmetic, wrong figure."""
    wrong = _with(0, 0, "共有反馈问题2个，其中已完成2个。")
    wrong = replace(wrong, figures=(GOOD.figures[0], Figure("2个", "2", "个", None, ("n#1", "n#2"))))
    got = _values(wrong)
    assert (got["figures_recomputed"], got["figures_right"]) == (1.0, 0.0)


def test_a_status_put_stronger_than_the_notice() -> None:
    """推进中 called 已完成 counts, the other way round does not."""
    assert _values(_with(1, 2, "整改状态：已完成。"))["status_not_stronger"] == 0.5
    assert _values(_with(1, 1, "整改状态：推进中。"))["status_not_stronger"] == 1.0


def test_closed_off_is_more_than_done() -> None:
    """已销号 is not what the notice prints of an item that is done; said of one that is closed off it holds."""
    claim = _with(1, 1, "整改状态：已完成（已销号）。")
    closed = replace(ITEMS[0], status=replace(ITEMS[0].status, detail="closed_off"))
    assert _values(claim)["status_not_stronger"] == 0.5
    assert _values(claim, replace(WANTED, items=WANTED.items | {"n#1": closed}))["status_not_stronger"] == 1.0


def test_items_left_out_and_items_not_told() -> None:
    """Missing from the list, or listed with nothing cited; on one page only what is unfinished must be told."""
    short = replace(GOOD, items=("n#1",))
    assert _values(short)["briefing_item_recall"] == 0.5
    untold = replace(GOOD, citations=GOOD.citations[:1])
    assert _values(untold)["briefing_covered"] == 0.5
    assert _values(untold, replace(WANTED, unfinished=True))["briefing_covered"] == 0.0


def test_a_year_in_full_width_digits_is_traced() -> None:
    """The notice prints ２０２３年, the briefing 2023年; another year is not traced."""
    cited = (replace(GOOD.citations[0], quote="２０２３年６月９日"), *GOOD.citations[1:])
    for year, traced in (("2023年", 1.0), ("2022年", 4 / 5)):
        briefing = replace(_with(1, 1, f"涉及{year}。"), citations=cited)
        sections = [replace(s, paragraphs=s.paragraphs[1:]) if s.heading[0] == "二" else s for s in briefing.sections]
        assert _values(replace(briefing, sections=tuple(sections)))["figures_traced"] == traced


@pytest.mark.parametrize(
    ("printed", "told", "traced"),
    [
        ("渗滤液积存２．４万吨", "积存２．４万吨", 1.0), ("渗滤液积存２．４万吨", "积存2.4万吨", 1.0),
        ("渗滤液积存２．５万吨", "积存２．４万吨", 4 / 5), ("二○二三年三月", "2023年", 1.0),
        ("二Ｏ一Ｏ年", "2010年", 1.0),
        ("二○二三年三月", "2024年", 4 / 5), ("投入１，２００万元", "投入1,200万元", 1.0),
    ],
)  # fmt: skip
def test_figures_are_read_as_people_read_them(printed: str, told: str, traced: float) -> None:
    """Full-width decimals are one number, a circle in a year is a zero; another figure stays another figure."""
    cited = (replace(GOOD.citations[0], quote=printed), *GOOD.citations[1:])
    briefing = replace(_with(1, 1, f"{told}。"), citations=cited)
    sections = [replace(s, paragraphs=s.paragraphs[1:]) if s.heading[0] == "二" else s for s in briefing.sections]
    assert _values(replace(briefing, sections=tuple(sections)))["figures_traced"] == traced


def test_digits_of_a_files_name_are_no_figures() -> None:
    """出自n2.txt; a figure beside it still is."""
    cited = tuple(replace(citation, file="n2.txt") for citation in GOOD.citations)
    assert _values(replace(_with(1, 1, "出自n2.txt。"), citations=cited))["figures_traced"] == 1.0
    assert _values(replace(_with(1, 1, "出自n2.txt，共7处。"), citations=cited))["figures_traced"] == 5 / 6


def test_an_item_is_known_by_its_problem_then_by_its_label() -> None:
    """Labels read one off: the problems tell; a problem that is not found keeps its label where that is free."""
    first, second = (item.problem for item in ITEMS)
    assert known_by(ITEMS, {"n#2": first, "n#3": second}) == {"n#1": "n#2", "n#2": "n#3"}
    assert known_by(ITEMS, {"n#1": replace(first, text="别的事情没有做"), "n#2": second}) == {
        "n#1": "n#1",
        "n#2": "n#2",
    }
    assert known_by(ITEMS, {"n#1": second}) == {"n#1": "n#1（标注）", "n#2": "n#1"}
    assert known_by(ITEMS, {}) == {"n#1": "n#1", "n#2": "n#2"}


def test_a_citation_that_is_not_there() -> None:
    """Offsets that print something else."""
    moved = replace(GOOD, citations=(replace(GOOD.citations[0], start=0), GOOD.citations[1]))
    assert _values(moved)["briefing_spans_valid"] == 0.5
