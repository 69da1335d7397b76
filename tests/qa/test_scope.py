"""Scope: which notices a question is about."""

from __future__ import annotations

import pytest

from bot.gazetteer import short_name
from bot.qa.answer import cards_of
from bot.qa.question import understand
from bot.qa.scope import Scope, resolve
from tests.qa.conftest import Asked
from vectorstore.store import Store

LINXIANG, CANGZHOU, EZHOU = "000_c20c0a165cf05326", "001_bed7040c2e734348", "002_fd218f53bd30a44e"
YONGZHOU, YUANJIANG = "003_f055237780667b41", "004_1eb820fdb94078f3"


def scope_of(store: Store, question: str, *only: str) -> Scope:
    """The scope of a question over the store."""
    return resolve(understand(question), cards_of(store), only)


@pytest.mark.parametrize(
    ("question", "notices"),
    [
        ("鄂州市的问题", (EZHOU,)),
        ("华容区的问题", (EZHOU,)),
        ("岳阳市临湘市整改", (LINXIANG,)),
        ("湖南省的通报", (LINXIANG, YONGZHOU, YUANJIANG)),
        ("任丘市的黑臭水体", (CANGZHOU,)),
        ("洗马镇的问题", ("dev-hebing",)),
        ("琴溪镇的加工户", ("dev-biaoge",)),
        ("饶平县的问题", ("dev-fanti",)),
        ("永州和沧州哪个多", (CANGZHOU, YONGZHOU)),
        ("永新和泾县哪个多", ("dev-biaoge", "dev-wenti-zeren")),
        ("建瓯和洗马镇落款谁晚", ("dev-hebing", "dev-hunpai")),
        ("益阳市生态环境局沅江分局巡察整改通报的问题", (YUANJIANG,)),
        ("鄂州市“城区黑臭水体”问题", (EZHOU,)),
    ],
)
def test_places_choose_the_notices(store: Store, question: str, notices: tuple[str, ...]) -> None:
    """A place chooses the notices about it: its own, a province's all, those that print a town of theirs."""
    found = scope_of(store, question)
    assert (found.notices, found.missing) == (notices, "")


@pytest.mark.parametrize(
    "question", ["污水", "环保局的问题", "黄石段的水质", "八届市委第六轮巡察", "2021年的巡察整改通报", "城区黑臭水体"]
)
def test_without_a_place_every_notice_is_in_scope(store: Store, question: str) -> None:
    """A unit, a round or a year that some notice has, and a place that is part of another name, exclude none."""
    found = scope_of(store, question)
    assert (len(found.notices), found.missing, found.places) == (13, "", ())


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("武汉市的问题", "没有关于武汉市的通报"),
        ("华容县的问题", "没有关于华容县的通报"),
        ("安吉县", "没有关于安吉县的通报"),
        ("八届市委第七轮", "没有关于第七轮的通报"),
        ("2015年的巡察整改通报", "没有2015年的相关通报"),
        ("沧州市财政局的巡察整改有哪些问题", "没有关于财政局的通报"),
        ("鄂州市和武汉市哪个问题多", "没有关于武汉市的通报"),
        ("阳泉市城区", "没有关于阳泉市、城区的通报"),
    ],
)
def test_what_no_notice_is_about(store: Store, question: str, missing: str) -> None:
    """武汉 is printed in the Ezhou notice, 华容区 is not 华容县: neither is in scope, nor another unit or round."""
    found = scope_of(store, question)
    assert (found.notices, found.missing) == ((), missing)


def test_only_the_notices_named(store: Store) -> None:
    """Notice ids given with the question narrow it, and a place outside them is missing."""
    assert scope_of(store, "污水", EZHOU).notices == (EZHOU,)
    assert scope_of(store, "临湘市的问题", EZHOU).missing == "没有关于临湘市的通报"


@pytest.mark.parametrize(
    ("typed", "read", "short", "notice"),
    [
        ("鄂洲市生态环境局党组是什么时候被巡察的", "鄂州市", "2024年3月18日至4月30日", EZHOU),
        ("临香市污水管网建了多少公里", "临湘市", "25公里", LINXIANG),
        ("linxiang市污水管网建了多少公里", "临湘", "25公里", LINXIANG),
        ("元江市反馈了几个问题", "沅江市", "19个", YUANJIANG),
        ("永洲信访件有多少件", "永州", "268件", YONGZHOU),
        ("经县污水管网建了多少公里", "泾县", "9.8公里", "dev-biaoge"),
        ("琴西镇加工户被罚款多少", "琴溪镇", "6.4万元", "dev-biaoge"),
    ],
)
def test_a_misspelt_place_is_read_and_said(asked: Asked, typed: str, read: str, short: str, notice: str) -> None:
    """A place typed by sound is understood, and the answer says as what."""
    answer = asked(typed)
    assert (answer.short_answer, {c.notice_id for c in answer.citations}) == (short, {notice})
    assert any(f"按“{read}”理解" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("question", "named", "near"),
    [
        ("元江关于秸秆焚烧反馈了哪些问题", "元江", "沅江市"),
        ("元江的排污口整治了多少个", "元江", "沅江市"),
        ("沉江排污口整治了多少个", "沉江", "沅江市"),
        ("临汀市污水管网建了多少公里", "临汀市", "临湘市"),
        ("泾县琴西镇加工户被罚款多少", "琴西镇", "琴溪镇"),
        ("临湘市白羊田镇污水管网建了多少公里", "白羊田镇", ""),
        ("恩施州养殖场整治了多少家", "恩施", ""),
        ("安乐县有哪些问题", "安乐县", "安岳县"),
        ("安吉有几个问题", "安吉", ""),
        ("高邮的污水管网建了多少公里", "高邮", ""),
    ],
)
def test_a_place_that_no_notice_knows(asked: Asked, question: str, named: str, near: str) -> None:
    """Another place, or a name that is none, is refused with the nearest name; nothing of another is counted."""
    answer = asked(question)
    assert (answer.status, answer.reason, answer.short_answer) == ("refused", "out_of_scope", None)
    assert f"没有关于{named}的通报" in answer.answer
    assert f"“{near}”" in answer.answer if near else "名称相近" not in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "请县里说明污水管网",
        "农贸市场改造",
        "城区污水管网",
        "各乡镇街道清运垃圾",
        "养殖小区",
        "文山会海的问题",
        "永久基本农田",
        "大型超市",
    ],
)
def test_ordinary_words_are_no_places(store: Store, question: str) -> None:
    """What only looks like a place at a question's beginning leaves every notice in scope."""
    found = scope_of(store, question)
    assert (len(found.notices), found.missing) == (13, "")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("恩施土家族苗族自治州", "恩施"),
        ("元江哈尼族彝族傣族自治县", "元江"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("龙胜各族自治县", "龙胜"),
        ("东乡族自治县", "东乡族自治县"),
        ("临湘市", "临湘"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    """A division's short name is without its kind and the peoples that it is named after."""
    assert short_name(name) == short
