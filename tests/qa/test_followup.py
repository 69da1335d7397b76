"""Follow-ups: what leans on the turn before, and what does not."""

from __future__ import annotations

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
    ],
)
def test_figures_of_the_sentence_talked_about(asked: Asked, before: str, question: str, short: str) -> None:
    """A short follow-up is answered by the figure that its words stand beside in the proof of the answer before."""
    answer = asked(question, before)
    assert (answer.status, answer.short_answer) == ("answered", short)
    assert answer.citations
