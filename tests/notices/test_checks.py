"""Every difference is reported."""

from __future__ import annotations

from tests.notices.notice_samples import HEAD, LAYOUTS, TAIL, extraction


def messages(body: str, preamble: str = "") -> list[tuple[str, str]]:
    """Kind and message of each check."""
    return [(check.kind, check.message) for check in extraction(HEAD + preamble + body + TAIL).checks]


def test_a_sound_notice_has_no_checks() -> None:
    """Counts agree, numbers run through, each problem has a measure."""
    assert messages(LAYOUTS["lead words"], "反馈2个问题，制定整改措施3条。\n\n") == []


def test_declared_counts_against_items_found() -> None:
    """It declares 33 problems, its text lists 2."""
    assert messages(LAYOUTS["lead words"], "反馈33个问题。\n\n") == [("count", "通报称问题33个，正文列出2个。")]


def test_a_gap_in_the_numbering() -> None:
    """Item 2 is followed by item 4."""
    body = LAYOUTS["lead words"] + "4.经费不足。\n整改情况：追加经费5万元。\n"
    assert messages(body) == [("numbering", "编号不连续：二/(一)/2之后是二/(一)/4。")]


def test_the_same_problem_twice() -> None:
    """Punctuation apart, the words are the same."""
    body = LAYOUTS["lead words"] + "3.学习不深入\n整改情况：学习5次。\n"
    assert messages(body) == [("duplicate", "二/(一)/3与二/(一)/1是同一个问题。")]


def test_dates_out_of_order() -> None:
    """The feedback cannot come after the signature."""
    text = (HEAD + LAYOUTS["lead words"] + TAIL).replace("2023年12月4日", "2022年12月4日")
    assert [check.kind for check in extraction(text).checks] == ["date_order"]
