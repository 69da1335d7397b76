"""Scope: which notices a question is about."""

from __future__ import annotations

import pytest

from bot.qa.answer import cards_of
from bot.qa.question import understand
from bot.qa.scope import Scope, resolve
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
