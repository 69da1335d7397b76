"""Words read out of a sentence: who, what, where, how things stand, by the words beside them."""

from __future__ import annotations

import pytest

from bot.qa.evidence import Features, Proof
from bot.qa.figures import FigureIn, compare_figure, figures, loosely_other
from bot.qa.question import understand
from bot.qa.reader import asked_of, read, readings
from bot.qa.roles import in_part, with_limit
from bot.qa.sentences import Sentence
from bot.qa.terms import Terms
from bot.qa.values import TypedValue, typed_values, unit_matches
from tests.qa.conftest import Asked


@pytest.mark.parametrize(
    ("question", "kind", "head"),
    [
        ("清淤是哪家公司做的", "who", "公司"),
        ("请什么单位审计的", "who", "单位"),
        ("补助退到哪里去了", "where", ""),
        ("现在怎么样了", "stand", ""),
        ("水厂是怎么整改的", "how", ""),
        ("为什么没修", "why", ""),
        ("受了什么处分", "what", "处分"),
        ("优先监管地块叫什么名字", "what", "地块"),
        ("敬老院 开工", "terse", ""),
    ],
)
def test_what_is_asked(question: str, kind: str, head: str) -> None:
    """The class of a question and the noun that its question word belongs to."""
    asked = asked_of(understand(question))
    assert (asked.kind, asked.head) == (kind, head)


TERMS = Terms({"封堵": 3.0, "排水": 2.0, "管道": 2.0}, {})


def test_every_span_ends_between_words() -> None:
    """A span begins and ends with a word: never at 的, at a mark or inside a word, and none runs over three clauses."""
    sentence = "一是由镇政府对排水管道进行封堵,二是清理垃圾,三是种树,四是巡查。"
    spans = [(r.start, r.end) for r in readings(sentence, understand("排水管道是谁封堵的"), TERMS)]
    texts = {sentence[low:high] for low, high in spans}
    assert {"镇政府", "清理垃圾", "进行封堵"} <= texts
    assert not any(text[0] in ",由对" or text[-1] in ",。由对" for text in texts)
    assert all(text.count(",") <= 2 for text in texts)
    assert len(spans) == len(set(spans))


def test_a_span_keeps_its_place_in_circled_and_full_width_text() -> None:
    """Offsets are those of the printed sentence, and ① opens a clause instead of standing in the answer."""
    sentence = "①召开警示教育会３场;②组织全体干部签订承诺书163份。"
    found = readings(sentence, understand("全体干部签了什么"), Terms({"干部": 2.0}, {}))
    texts = [sentence[r.start : r.end] for r in found]
    assert "承诺书" in texts
    assert not any("②" in text[:1] for text in texts)


def _proof(text: str, score: float, notice: str = "n", start: int = 0) -> Proof:
    return Proof(
        notice_id=notice, sentence=Sentence(start, start + len(text), text), item_id=None, own=score, context=score,
        passage=score, cosine=0.9, around=text, features=Features(), topical=score, score=score,
    )  # fmt: skip


def test_only_one_notice_is_read() -> None:
    """However well a sentence of another notice would answer, the best one's notice is read alone."""
    other = _proof("由水务公司对排水管道进行封堵。", 0.89, "other")
    found = read([_proof("由镇政府对排水管道进行封堵。", 0.9), other], understand("排水管道是谁封堵的"), TERMS)
    assert found is not None
    assert found[0].notice_id == "n"
    assert found[1] == "镇政府"


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("沅江跟哪个局一起淘汰锅炉", "市场监督管理局"),
        ("泾县整改方案叫啥", "《泾县贯彻落实省生态环境保护督察反馈意见整改方案》"),
        ("鄂州空气质量信息在哪里公布", "生态环境局网站"),
        ("永州反馈会当晚谁主持开了常委会", "市委书记"),
        ("泾县对整改有意见用什么形式反映", "书面或电话形式"),
    ],
)
def test_words_are_read(asked: Asked, question: str, short: str) -> None:
    """The short answer is the name or the thing, not the clause that it stands in."""
    found = asked(question)
    assert found.short_answer == short
    assert found.short_answer in found.citations[0].quote


@pytest.mark.parametrize(
    ("question", "evidence", "verdict"),
    [
        ("投入520万改造的敬老院", "落实资金320万元改造", "other"),
        ("投入320万改造的敬老院", "落实资金320万元改造", "same"),
        ("拆了1.8万平方的违建", "拆除违建1.8万平方米", "same"),
    ],
)
def test_a_figure_without_its_unit(question: str, evidence: str, verdict: str) -> None:
    """罚了65万 leaves out 元 and is compared with money all the same."""
    assert compare_figure(figures(question)[0], question, evidence)[0] == verdict


def test_a_figure_told_apart_by_one_character() -> None:
    """65万 beside 罚 contradicts 罚款43万元; beside nothing in common it contradicts nothing."""
    question = "罚了65万的石材企业"
    other = loosely_other(figures(question)[0], question, "立案5家,罚款43万元。")
    assert isinstance(other, FigureIn)
    assert other.text == "43万元"
    assert loosely_other(figures(question)[0], question, "争取补助43万元。") is None


@pytest.mark.parametrize(
    ("a", "b", "fits"), [("户", "类", False), ("家", "户", True), ("台", "家", True), ("人", "项", False)]
)
def test_measure_words_that_stand_for_each_other(a: str, b: str, fits: bool) -> None:
    """几户 is not answered by 三类; 几台锅炉 may be answered by 12家."""
    assert unit_matches(a, b) is fits


@pytest.mark.parametrize(
    ("question", "sentence", "kept"),
    [
        ("罚款交给了哪家银行", "罚款由县财政局收缴。", []),
        ("施工单位是哪家", "县民政局落实资金320万元。", []),
        ("委托给了哪家公司", "区教育局委托甘肃信永工程造价咨询有限公司审计。", ["甘肃信永工程造价咨询有限公司"]),
    ],
)
def test_a_body_of_the_kind_asked_for(question: str, sentence: str, kept: list[str]) -> None:
    """A bureau is no bank and no contractor; who was engaged is not who engaged."""
    found = in_part(question, sentence, typed_values(sentence, "organization", None))
    assert [sentence[v.start : v.end] for v in found] == kept


@pytest.mark.parametrize(
    ("sentence", "date", "limit"),
    [("今年底前完成", "今年底", "今年底前"), ("2021年前期工作", "2021年", "2021年"), ("3月以前办结", "3月", "3月以前")],
)
def test_a_time_limit_keeps_its_before(sentence: str, date: str, limit: str) -> None:
    """今年底前 is a limit, 2021年前期 is not."""
    best = with_limit(sentence, TypedValue(0, len(date), True))
    assert sentence[best.start : best.end] == limit


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("鄂州放过警示教育片吗", "是"),
        ("永州整改进度上没上微博", "是"),
        ("沧州书香华府项目罚款超过5万了吗", "是"),
        ("沧州书香华府项目罚款超过8万了吗", "不是"),
        ("饶平妇幼新院门诊楼竣工没", "是"),
        ("安岳消纳场建成投用了吗", "不是"),
        ("安岳消纳场环评批了没", "是"),
    ],
)
def test_asked_to_confirm(asked: Asked, question: str, short: str) -> None:
    """是 or 不是 by the clause that speaks of the very thing, bounds without their unit among them."""
    assert asked(question).short_answer == short


@pytest.mark.parametrize(
    "question",
    [
        "沧州加油站三次油气回收装好了吗",
        "永新第三方检测机构的检测费是多少",
        "洗马镇的3名技术员叫什么名字",
    ],
)
def test_what_no_sentence_speaks_of_is_refused(asked: Asked, question: str) -> None:
    """A thing that the notice does not name, or a kind of value that it does not give, is not answered by another."""
    found = asked(question)
    assert found.status == "refused"
    assert not found.citations
