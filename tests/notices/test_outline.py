"""The heading tree: numbers, levels, and where the outline and lead words begin and end."""

from __future__ import annotations

import pytest

from bot.notices.fields import column_role, find_fields
from bot.notices.numerals import ordinal
from bot.notices.outline import outline
from bot.notices.plain import plain


def labels(text: str) -> list[str]:
    """The number paths of all headings."""
    tree = outline(text)
    return [tree.label(index) for index in range(len(tree.headings))]


def test_levels_nest_by_kind() -> None:
    """一、 holds (一), (一) holds 1., a later 一、 closes them all."""
    assert labels("一、甲\n（一）乙\n1.丙\n2.丁\n（二）戊\n3.己\n二、庚\n1.辛") == [
        "一",
        "一/(一)",
        "一/(一)/1",
        "一/(一)/2",
        "一/(二)",
        "一/(二)/3",
        "二",
        "二/1",
    ]


def test_a_numbered_list_under_a_lead_word_is_inside_the_item() -> None:
    """整改措施: 1. 2. belong to item 1; the 2. behind them that has its own lead word does too, by its number."""
    assert labels("1.甲不到位\n整改措施：\n（一）乙\n（二）丙\n2.丁不到位\n整改措施：戊") == [
        "1",
        "1/(一)",
        "1/(二)",
        "2",
    ]


@pytest.mark.parametrize("line", ["2023年5月", "1.5万吨", "一是甲乙", "第三产业", "12个问题", "（试行）"])
def test_what_only_looks_like_a_number(line: str) -> None:
    """A year, a decimal, a bracketed word open no numbered level."""
    assert [label for label in labels(line) if not label.endswith("是")] == []


def test_a_number_before_a_year_is_a_number() -> None:
    """3.2023年省级督察 is number 3, 2.3家企业 number 2 behind a number 1."""
    assert labels("1.甲\n2.3家企业偷排\n3.2023年督察") == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("整改情况：甲", "measures"),
        ("整改措施及成效:甲", "measures"),
        ("【整改结果】甲", "result"),
        ("责任单位：甲", "units"),
        ("牵头责任单位：甲", "units"),
        ("责任领导：甲", "persons"),
        ("整改完成时限：甲", "deadline"),
        ("整改目标：甲", "target"),
        ("1.问题：甲", "problem"),
        ("反馈意见：甲", "problem"),
        ("整改進展情況", "measures"),
    ],
)
def test_lead_words_and_what_they_lead_in(line: str, role: str) -> None:
    """The role of each lead word, with a colon, in brackets, or on a line of its own."""
    assert [field.role for field in find_fields(plain(line))] == [role]


@pytest.mark.parametrize("line", ["做好整改情况汇报。", "责任人", "开展工作措施：", "联系方式：甲"])
def test_prose_is_no_lead_word(line: str) -> None:
    """A lead word begins a line or sentence and is closed."""
    assert find_fields(plain(line)) == []


def test_columns_by_their_header() -> None:
    """Spaces and brackets in a header cell do not matter."""
    assert [column_role(h) for h in ("反馈 问题", "整改措施(一)", "责任单位", "完成时限", "电话")] == [
        "problem",
        "measures",
        "units",
        "deadline",
        None,
    ]


@pytest.mark.parametrize(
    ("numeral", "value"), [("十一", 11), ("二十三", 23), ("07", 7), ("③", 3), ("㈡", 2), ("甲", 0)]
)
def test_numerals(numeral: str, value: int) -> None:
    """Printed numerals as integers."""
    assert ordinal(numeral) == value


def test_plain_keeps_every_offset() -> None:
    """One character in, one out: full-width, traditional, odd spaces."""
    text = "（一）環境：１２．５％　①㎡“臺”"
    assert plain(text) == "(一)环境:12.5% ①㎡“台”"
