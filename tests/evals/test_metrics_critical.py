"""Critical tokens: what counts as one, and when two texts differ in them."""

from __future__ import annotations

import pytest

from evals.metrics.critical import critical, differ, missing


@pytest.mark.parametrize(
    ("text", "numbers", "names", "negations"),
    [
        ("投入1,234.50万元", {("1234.5", "万元")}, set(), 0),
        ("２３００吨/天", {("2300", "吨/天")}, set(), 0),
        ("二十三处", {("23", "处")}, set(), 0),
        ("一百零五户", {("105", "户")}, set(), 0),
        ("占12.5 %", {("12.5", "%")}, set(), 0),
        ("2021年5月19日", set(), {"date:2021-05-19"}, 0),
        ("2021-05-19", set(), {"date:2021-05-19"}, 0),
        ("5月19日", set(), {"date:--05-19"}, 0),
        ("国发〔2023〕5号", set(), {"[2023]5号"}, 0),
        ("《关于〈方案〉的通知》", set(), {"《关于《方案》的通知》"}, 0),
        ("未完成，也没有启动", set(), set(), 2),
        ("无锡市不断加强无人机巡查", set(), set(), 0),
        ("一是加强领导", set(), set(), 0),
    ],
)
def test_critical_tokens(text: str, numbers: set[tuple[str, str]], names: set[str], negations: int) -> None:
    """Numbers with unit, dates, document numbers, titles and negation; enumeration and 无锡 are none."""
    got = critical(text)
    assert (got.numbers, got.names, got.negations) == (numbers, names, negations)


@pytest.mark.parametrize(
    ("got", "gold", "expected"),
    [
        ("37", "37座", False),
        ("三个问题", "3个问题", False),
        ("37座", "30座", True),
        ("37座", "37家", True),
        ("2021年5月", "2021年5月19日", True),
        ("完成", "未完成", True),
        ("25公里、3座", "25公里", True),
    ],
)
def test_differ(got: str, gold: str, expected: bool) -> None:
    """A unit left out is no difference; another unit, another figure or one more figure is."""
    assert differ(got, gold) is expected


@pytest.mark.parametrize(
    ("statement", "cited", "expected"),
    [
        ("2021年5月建成25公里", "2021年5月19日,共建成25公里管网", []),
        ("建成26公里", "共建成25公里管网", ["26公里"]),
        ("2021年6月建成", "2021年5月19日建成", ["date:2021-06"]),
        ("未完成", "已完成", ["否定"]),
        ("印发《甲》", "印发《乙》", ["《甲》"]),
    ],
)
def test_missing_tokens_are_named(statement: str, cited: str, expected: list[str]) -> None:
    """A month is proved by a day of it; what the citation lacks is listed."""
    assert missing(statement, cited) == expected
