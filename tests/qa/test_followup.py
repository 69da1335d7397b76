"""Follow-ups: what leans on the turn before, and what does not."""

from __future__ import annotations

import re

import pytest

from bot.qa.followup import Followed, self_contained, without_switch
from tests.qa.conftest import Asked

SEWERS = "临湘市污水管网已经建了多少公里"


@pytest.mark.parametrize(
    ("question", "before", "followed"),
    [
        ("泾县呢", SEWERS, Followed("泾县污水管网已经建了多少公里", False)),
        ("2022年呢", "2021年的通报有几份", Followed("2022年的通报有几份", False)),
        ("那为什么没有完工", SEWERS, Followed("那为什么没有完工", True)),
        ("沧州市生态环境局党组是什么时候收到巡察反馈意见的", SEWERS, None),
        ("换个问题,沅江整治了几个排污口", SEWERS, None),
    ],
)
def test_self_contained(question: str, before: str, followed: Followed | None) -> None:
    """Another place or year takes the earlier question's place; a subject of one's own leans on nothing."""
    assert self_contained(question, before) == (followed or Followed(question, False))


def test_words_that_only_switch_are_left_out() -> None:
    """换个问题 is not part of the question."""
    assert without_switch("换个问题，沅江整治了几个排污口") == "沅江整治了几个排污口"


@pytest.mark.parametrize(
    ("earlier", "question", "short", "notice"),
    [
        (SEWERS, "有几条道路开挖施工", "17条", "000_c20c0a165cf05326"),
        (SEWERS, "泾县呢", "9.8公里", "dev-biaoge"),
        ("临湘市早稻育秧大棚共多少平方米", "一共几个", "7个", "000_c20c0a165cf05326"),
        ("沧州市的专项巡察是哪天反馈的", "鄂州呢", "2024年12月20日", "002_fd218f53bd30a44e"),
        ("泾县琴溪镇加工户被罚款多少", "什么时候立案查处的", "2021年10月12日", "dev-biaoge"),
    ],
)
def test_in_conversation(asked: Asked, earlier: str, question: str, short: str, notice: str) -> None:
    """A short question is answered about what the turn before was about."""
    answer = asked(question, earlier)
    assert (answer.short_answer, {c.notice_id for c in answer.citations}) == (short, {notice})


def test_the_same_list_for_another_place(asked: Asked) -> None:
    """饶平县呢 after a list asks for the same list there."""
    earlier = asked("饶平县有哪些问题已经销号")
    later = asked("饶平县呢", "泾县有哪些问题已经销号")
    assert (later.items, later.citations) == (earlier.items, earlier.citations)
    assert len(later.items) == 1


def test_a_question_of_its_own_is_not_changed(asked: Asked) -> None:
    """Asked after something else, a complete question has the same answer; the question comes back as asked."""
    alone = asked("沅江市整治了多少个排污口是哪一年整治的")
    after = asked("沅江市整治了多少个排污口是哪一年整治的", SEWERS)
    assert (after.question, after.answer, after.citations) == (alone.question, alone.answer, alone.citations)


@pytest.mark.parametrize(
    ("before", "question", "short"),
    [
        ("临湘沿江化工企业退出是怎么安排的？", "就地转产的呢", "1家"),
        ("永州2019年1-10月空气优良率多少？", "综合指数呢", "3.65"),
        ("沅江万子湖断面的总磷浓度下降了多少？", "南嘴、小河嘴分别是多少？", "18.5%、2.7%"),
        ("沧州省委省政府水专项督察反馈的问题完成了多少？", "剩下没改完的还有几个", "2个"),
        ("沅江锅炉淘汰了多少家生物质锅炉", "燃煤锅炉呢", "3家"),
        ("沅江2024年的排污口啥时候整治完的？", "总共有多少个", "52个"),
        ("安岳县龙台镇矿山监管失职问责了多少人？", "其中挨了处分的几个？", "3人"),
    ],
)
def test_figures_of_the_sentence_talked_about(asked: Asked, before: str, question: str, short: str) -> None:
    """A short follow-up is answered by the figure that its words stand beside in the proof of the answer before."""
    answer = asked(question, before)
    assert (answer.status, answer.short_answer) == ("answered", short)
    assert answer.citations


WUHAN = "武汉市污水管网建了多少公里"


@pytest.mark.parametrize(
    "turns",
    [
        (WUHAN, "它建了多少公里"),
        (WUHAN, "什么时候完成的"),
        (WUHAN, "那养殖场有几家"),
        (WUHAN, "它什么时候搬迁完成的", "谁负责"),
        (SEWERS, "那武汉呢", "什么时候完成的"),
    ],
)
def test_a_refused_place_stays_refused(asked: Asked, turns: tuple[str, ...]) -> None:
    """What follows a question about a place that no notice is about is refused for it, not answered of another."""
    answer = asked(turns[-1], *turns[:-1])
    assert (answer.status, answer.reason, answer.citations) == ("refused", "out_of_scope", ())
    assert "武汉" in answer.answer


@pytest.mark.parametrize(
    "turns",
    [
        (SEWERS, "校外培训机构检查了几家"),
        (SEWERS, "它什么时候搬迁完成的"),
        (SEWERS, "全县中小学校外培训机构专项检查之中一共检查了多少家校外培训机构"),
        (SEWERS, "有几条道路开挖", "谁负责", "什么时候评审的", "为什么", "还有呢", "有几家化工企业要退出"),
        (SEWERS, "有哪些问题", "一共几个", "什么时候反馈的", "怎么整改的", "排污口整治了多少个"),
    ],
)
def test_a_conversation_about_one_place_stays_there(asked: Asked, turns: tuple[str, ...]) -> None:
    """However many turns ago the place was named, nothing of another place is quoted."""
    answer = asked(turns[-1], *turns[:-1])
    assert {c.notice_id for c in answer.citations} <= {"000_c20c0a165cf05326"}


def test_a_refused_place_is_left_by_naming_another(asked: Asked) -> None:
    """After 武汉 was refused, 临湘市 alone asks the same of 临湘."""
    assert asked("临湘市", WUHAN).short_answer == "25公里"
    assert asked("那临湘呢", WUHAN).short_answer == "25公里"


@pytest.mark.parametrize(
    "question",
    ["换成泾县", "我问的是泾县", "不是临湘，是泾县", "同样的问题，泾县是多少", "泾县的情况怎么样", "那泾县呢", "泾县"],
)
def test_the_same_of_another_place(asked: Asked, question: str) -> None:
    """Another place, in whatever words, is asked what the first was asked."""
    answer = asked(question, SEWERS)
    assert (answer.short_answer, {c.notice_id for c in answer.citations}) == ("9.8公里", {"dev-biaoge"})


@pytest.mark.parametrize("question", ["哪个更长", "两地哪个更长", "两个地方哪个更长"])
def test_two_places_of_a_conversation_compared(asked: Asked, question: str) -> None:
    """两地 are the last two places spoken of, compared on what was asked of them."""
    answer = asked(question, SEWERS, "泾县呢")
    assert answer.route == "compare"
    assert {c.notice_id for c in answer.citations} == {"000_c20c0a165cf05326", "dev-biaoge"}


@pytest.mark.parametrize(
    ("before", "question"),
    [(SEWERS, "那雨水管网呢"), ("沅江万子湖断面下降了多少", "那长江断面呢")],
)
def test_the_like_of_what_was_asked_is_not_the_same(asked: Asked, before: str, question: str) -> None:
    """The figure of 污水管网 is not given for 雨水管网, which the notice does not speak of."""
    answer = asked(question, before)
    assert (answer.status, answer.short_answer) == ("refused", None)
    assert answer.nearest


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("第三条怎么整改的", "住建局"),
        ("第三个问题详细说说", "规委会"),
        ("上面第二条是什么", "任务清单"),
        ("最后一条什么时候完成的", "2020年11月"),
    ],
)
def test_a_member_of_the_list_before(asked: Asked, question: str, said: str) -> None:
    """第三条 is the third of the list that was answered, and only of it is quoted."""
    listed = asked("临湘市有哪些问题")
    answer = asked(question, "临湘市有哪些问题")
    assert answer.status == "answered"
    assert said in answer.answer
    assert len(answer.items) == 1
    assert answer.items[0] in listed.items


def test_no_such_member(asked: Asked) -> None:
    """第二十条 of a list of thirteen is refused, saying how many there were."""
    answer = asked("第二十条呢", "临湘市有哪些问题")
    assert answer.status == "refused"
    assert "13条" in answer.answer


def test_what_is_left_to_say(asked: Asked) -> None:
    """还有呢 quotes the measures of the item that were not quoted yet, until none is left."""
    start = "沅江2024年油菜秸秆焚烧的问题怎么整改的"
    first, more = asked(start), asked("还有呢", start)
    assert more.status == "answered"
    assert more.items == first.items
    assert not {c.end for c in first.citations} & {c.end for c in more.citations}
    done = asked("还有呢", start, "还有呢", "还有呢")
    assert (done.status, done.citations) == ("refused", ())


@pytest.mark.parametrize("question", ["它建了多少公里", "我市污水管网建了多少公里", "该县有哪些问题", "它有几个问题"])
def test_a_pronoun_with_nothing_before_it(asked: Asked, question: str) -> None:
    """Which place is meant is asked back, naming those it may be; none is chosen silently."""
    answer = asked(question)
    assert (answer.status, answer.reason, answer.short_answer) == ("refused", "no_evidence", None)
    assert "没有上文" in answer.answer
    assert re.search("泾县|临湘市", answer.answer)
