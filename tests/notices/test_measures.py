"""Enumerated measures: markers, texts, sub-measures, and what can be verified."""

from __future__ import annotations

import pytest

from tests.notices.notice_samples import item

CASES = {
    "一是甲。二是乙；三是丙。": [("一是", "甲。"), ("二是", "乙；"), ("三是", "丙。")],
    "（1）甲；（2）乙。": [("（1）", "甲；"), ("（2）", "乙。")],
    "①甲;②乙。": [("①", "甲;"), ("②", "乙。")],
    "首先甲；其次，乙；最后丙。": [("首先", "甲；"), ("其次", "乙；"), ("最后", "丙。")],
    "第一，甲。第二，乙。": [("第一，", "甲。"), ("第二，", "乙。")],
    "1、甲；2、乙。": [("1、", "甲；"), ("2、", "乙。")],
    "㈠甲;㈡乙。": [("㈠", "甲;"), ("㈡", "乙。")],
    "甲，乙。": [(None, "甲，乙。")],
    "先做甲。一是乙。二是丙。丁。": [(None, "先做甲。"), ("一是", "乙。"), ("二是", "丙。丁。")],
    "投资1.5亿元，完成3、4号泵站。": [(None, "投资1.5亿元，完成3、4号泵站。")],
}


@pytest.mark.parametrize("text", CASES)
def test_a_passage_is_cut_at_its_own_enumeration(text: str) -> None:
    """Text before the first marker is a measure of its own; what follows the last marker stays with it."""
    assert [(m.marker, m.text) for m in item(text).measures] == CASES[text]


def test_an_enumeration_inside_a_measure_makes_sub_measures() -> None:
    """The parent spans its children; the words before them are a sub-measure without marker."""
    parent = item("(1)查处：一是罚款3万元。二是关停。(2)规范。").measures[0]
    assert [(m.marker, m.text) for m in parent.sub_measures] == [
        (None, "查处："),
        ("一是", "罚款3万元。"),
        ("二是", "关停。"),
    ]
    assert parent.span[0] == parent.sub_measures[0].span[0]
    assert parent.span[1] == parent.sub_measures[-1].span[1]
    assert parent.sub_measures[0].verifiable.reason == "lead"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("检查3次。", "quantity"),
        ("执行《办法》。", "document"),
        ("自2021年5月起执行。", "date"),
        ("由县水务局牵头。", "unit"),
        ("建立了台账。", "result"),
        ("进一步加强领导，高度重视。", "wording"),
    ],
)
def test_what_makes_a_measure_verifiable(text: str, reason: str) -> None:
    """A figure, document, date, unit or named result; wording alone is not."""
    verifiable = item(text).measures[0].verifiable
    assert (verifiable.reason, verifiable.value) == (reason, reason != "wording")
