"""The parts an answer is made of: sentences, typed values, figures and premises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qa.figures import compare_figure, figures, says_unfinished, takes_for_done
from bot.qa.nearest import nearest_value
from bot.qa.sentences import sentences, whole_sentence
from bot.qa.terms import Terms
from bot.qa.values import base_unit, typed_values, unit_matches
from bot.records import Want

_TEXT = st.text(st.sampled_from("甲乙。；;！？”） \t\n一是2,，"), max_size=300)


@given(_TEXT, st.integers(0, 20))
def test_sentences_stand_where_they_say(text: str, start: int) -> None:
    """Every sentence is the text at its offsets, without white space around it, in order; nothing is lost."""
    found = sentences(text, min(start, len(text)))
    assert [text[s.start : s.end] for s in found] == [s.text for s in found]
    assert [s.text.strip() for s in found] == [s.text for s in found]
    assert "".join("".join(s.text for s in found).split()) == "".join(text[min(start, len(text)) :].split())


def test_where_sentences_end() -> None:
    """A closing quotation mark stays with its sentence; tabs part cells; only long sentences are cut at semicolons."""
    assert [s.text for s in sentences("他说“好。”再见！\n甲\t乙；丙")] == ["他说“好。”", "再见！", "甲", "乙；丙"]
    long = "一是" + "甲" * 80 + "；二是" + "乙" * 80 + "。"
    assert [s.text[:2] for s in sentences(long)] == ["一是", "二是"]


def test_whole_sentence() -> None:
    """The sentence around a span, its semicolons included."""
    text = "第一句。 2021年3月反馈；已整改。后一句。"
    assert whole_sentence(text, (5, 12)).text == "2021年3月反馈；已整改。"


@pytest.mark.parametrize(
    ("sentence", "want", "unit", "values"),
    [
        ("已完成管网建设25公里，投资2140万元", "number", "公里", ["25公里"]),
        ("已完成管网建设25公里，投资2140万元", "money", None, ["2140万元"]),
        ("新建37座", "number", "公里", []),
        ("约谈单位13个,负责人13人,制度7项", "number", "人", ["13个", "13人"]),
        ("约1.2万立方米", "number", "立方米", ["1.2万立方米"]),
        ("由4%提高到8%", "percent", None, ["4%", "8%"]),
        ("每季度巡查1次", "frequency", None, ["每季度"]),
        ("为期2天的读书班", "duration", None, ["2天"]),
        ("2021年3月1日反馈，5月底完成", "date", None, ["2021年3月1日", "5月底"]),
        ("印发《甲办法》《乙方案》", "document", None, ["《甲办法》", "《乙方案》"]),
        ("(临发〔2021〕7号)", "docnumber", None, ["临发〔2021〕7号"]),
        ("联系电话:0730-3711533;电子邮箱:a@163.com。", "contact", "phone", ["0730-3711533"]),
        ("联系电话:0730-3711533;电子邮箱:a@163.com。", "contact", "mail", ["a@163.com"]),
        ("邮编:564112", "contact", "zip", ["564112"]),
        ("由县住建局牵头、第三方检测公司配合", "organization", None, ["县住建局", "第三方检测公司"]),
        ("泾川镇城西片区", "place", None, ["泾川", "城西片区"]),
        ("主体已完工，正在装修", "status", None, ["主体已完工"]),
        ("局长张三", "person", None, []),
        ("新建37座", "text", None, []),
    ],
)
def test_typed_values(sentence: str, want: Want, unit: str | None, values: list[str]) -> None:
    """The values of the wanted type, and of no other."""
    assert [sentence[v.start : v.end] for v in typed_values(sentence, want, unit)] == values


@pytest.mark.parametrize(
    ("precision", "values"), [(0, ["2021年5月", "3月1日"]), (7, ["2021年5月", "3月1日"]), (10, ["3月1日"])]
)
def test_dates_as_precise_as_asked(precision: int, values: list[str]) -> None:
    """A question for the day is not answered with a month."""
    sentence = "2021年5月开工，3月1日反馈"
    assert [sentence[v.start : v.end] for v in typed_values(sentence, "date", None, precision)] == values


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        ("个", "家", True), ("公里", "座", False), ("人", "项", False), ("人", "名", True),
        ("吨", "万吨", True), ("公里", "米", True), ("亩", "立方米", False),
    ],
)  # fmt: skip
def test_units(asked: str, found: str, same: bool) -> None:
    """家 answers 个, 万吨 answers 吨; a length is no number of buildings, 几人 is not answered by 项."""
    assert unit_matches(asked, found) == same


def test_base_unit() -> None:
    """万 and 亿 are scale, not unit."""
    assert [base_unit(unit) for unit in ("万吨", "亿元", "公里")] == ["吨", "元", "公里"]


@pytest.mark.parametrize(
    ("sentence", "question", "words", "value"),
    [
        ("比重由4%提高到8%", "比重是多少", ["比重"], "8%"),
        ("核减铁路专用线5条，8条铁路专用线明年开工", "核减几条铁路专用线", ["核减", "条铁", "铁路", "专用"], "5条"),
        ("完成12家小型生物质锅炉和3家燃煤锅炉", "几家生物质锅炉", ["家生", "生物", "物质", "锅炉"], "12家"),
        ("剩余13家沿江企业退出，其中关闭退出3家", "关闭退出几家沿江企业", ["关闭", "退出", "沿江", "企业"], "3家"),
    ],
)
def test_the_nearest_value(sentence: str, question: str, words: list[str], value: str) -> None:
    """What it has come to, what the question's own words lead to, what stands in the same clause."""
    want: Want = "percent" if "%" in value else "number"
    found = typed_values(sentence, want, value[-1])
    best, near = nearest_value(sentence, found, Terms(dict.fromkeys(words, 1.0), {}), question)
    assert best is not None
    assert (sentence[best.start : best.end], 0 < near <= 1) == (value, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("37座污水处理厂", [("37", "座")]),
        ("2021年3月1日反馈", [("2021-03-01", "date")]),
        ("《2021年方案》", []),
        ("两家企业", [("2", "家")]),
        ("Ⅲ类水质", [("3", "水质类别")]),
        ("5万吨", [("5", "吨万")]),
    ],
)
def test_figures(text: str, found: list[tuple[str, str]]) -> None:
    """Quantities with their scale, dates, classes of water; nothing inside 《》."""
    assert [(figure.value, figure.unit) for figure in figures(text)] == found


@pytest.mark.parametrize(
    ("question", "evidence", "verdict", "printed"),
    [
        ("30座污水处理厂", "全市37座污水处理厂完成", "other", "37座"),
        ("37座污水处理厂", "全市37座污水处理厂", "same", None),
        ("20家加油站", "主城区10家加油站", "other", "10家"),
        ("20家加油站", "查处5家企业", "silent", None),
        ("3月2日反馈的意见", "2021年3月1日反馈了意见", "other", "2021年3月1日"),
        ("3月1日反馈的意见", "2021年3月1日反馈了意见", "same", None),
        ("Ⅱ类水质", "达到Ⅲ类水质", "other", "Ⅲ类"),
        ("30座污水处理厂", "没有数字", "silent", None),
    ],
)
def test_a_figure_against_the_evidence(question: str, evidence: str, verdict: str, printed: str | None) -> None:
    """The same, another figure of the same thing, or none."""
    found, other = compare_figure(figures(question)[0], question, evidence)
    assert (found, other.text if other else None) == (verdict, printed)


@pytest.mark.parametrize(
    ("question", "taken"),
    [("竣工后运行如何", True), ("全部完成之后", True), ("已全部整改到位的是", True), ("什么时候完工", False)],
)
def test_taken_for_done(question: str, taken: bool) -> None:
    """竣工后 takes it for granted that the work is done."""
    assert takes_for_done(question) == taken


@pytest.mark.parametrize(
    ("evidence", "words"),
    [("主体已完工", "主体已完工"), ("项目正在施工", "正在施工"), ("未启动，正在选址", "未启动"), ("已竣工", None)],
)
def test_unfinished(evidence: str, words: str | None) -> None:
    """The words by which something is not, or not wholly, finished."""
    found = says_unfinished(evidence)
    assert (found.group() if found else None) == words
