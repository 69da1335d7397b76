"""Lists, counts and comparisons: complete item sets and computed values."""

from __future__ import annotations

import re

import pytest

from tests.qa.conftest import Asked

LINXIANG, CANGZHOU, YONGZHOU, YUANJIANG = (
    "000_c20c0a165cf05326",
    "001_bed7040c2e734348",
    "003_f055237780667b41",
    "004_1eb820fdb94078f3",
)


def of(notice: str, *labels: str) -> tuple[str, ...]:
    """Item ids of a notice."""
    return tuple(f"{notice}#{label}" for label in labels)


CLOSED_OFF = of(YUANJIANG, "二/(二)/2", "二/(四)/11", "二/(十一)/19")
MANURE = of(LINXIANG, "二/(二)/3", "二/(二)/4", "二/(二)/5", "二/(三)/2")

LISTS = [
    ("沅江市有哪些问题已经销号", CLOSED_OFF),
    ("泾县有哪些问题已经销号", of("dev-biaoge", "二/4", "二/5", "四/9")),
    ("泾县哪些问题滞后", of("dev-biaoge", "三/7")),
    ("泾县县城管局负责整改的问题有哪些", of("dev-biaoge", "二/3", "四/9", "四/10")),
    ("泾县关于“渗滤液”的问题有哪些", of("dev-biaoge", "四/9")),
    ("泾县水污染防治方面有哪些问题", of("dev-biaoge", "二/3", "二/4", "二/5")),
    ("饶平县哪些问题已经完成整改", of("dev-fanti", "二/（一）/2", "二/（一）/3", "二/（三）/10")),
    ("饶平县有哪些问题处分了人", of("dev-fanti", "二/（二）/4", "二/（三）/9")),
    ("临湘市有哪些关于核电的问题", ()),
]


@pytest.mark.parametrize(("question", "items"), LISTS)
def test_lists(asked: Asked, question: str, items: tuple[str, ...]) -> None:
    """Every member and no other, each cited by its problem."""
    answer = asked(question)
    assert (answer.status, answer.route, {_plain(i) for i in answer.items}) == (
        "answered",
        "list",
        {_plain(i) for i in items},
    )
    assert len(answer.items) == len(items)
    cited = [n for line in answer.answer.split("\n")[1:] for n in re.findall(r"\[(\d+)\]", line)]
    assert [str(c.n) for c in answer.citations] == cited


def test_a_list_by_status_cites_the_words_of_the_status(asked: Asked) -> None:
    """Beside its problem each member cites what the notice prints of how far it is."""
    answer = asked("泾县有哪些问题已经销号")
    assert len(answer.citations) == 2 * len(answer.items)
    assert all("销号" in c.quote for c in answer.citations[1::2])


def _plain(item: str) -> str:
    return item.replace("（", "(").replace("）", ")")


COUNTS = [
    ("临湘市有多少个问题", "13", "个", 13),
    ("沅江市有多少个问题", "19", "个", 19),
    ("泾县有多少个问题", "10", "个", 10),
    ("沅江市有几个问题已经销号", "3", "个", 3),
    ("泾县有多少个问题还没整改完", "4", "个", 4),
    ("饶平县有几个问题长期坚持", "1", "个", 1),
    ("沧州市有几个问题正在整改", "4", "个", 4),
    ("临湘市有几个关于畜禽粪污的问题", "4", "个", 4),
    ("临湘市有多少个关于核电的问题", "0", "个", 0),
    ("秦州区校服采购问题列了几条整改措施", "3", "条", 1),
    ("临湘市农药包装废弃物问题列了多少条整改措施", "3", "条", 1),
    ("一共有多少份通报", "13", "份", 0),
    ("有几份审计整改的通报", "1", "份", 0),
]


@pytest.mark.parametrize(("question", "number", "unit", "items"), COUNTS)
def test_counts(asked: Asked, question: str, number: str, unit: str, items: int) -> None:
    """Computed over all items in scope; none within a scope that exists is 0, not a refusal."""
    answer = asked(question)
    assert answer.value is not None
    assert (answer.route, answer.value.number, answer.value.unit, len(answer.items)) == ("count", number, unit, items)
    assert answer.short_answer == number + unit


def test_which_items_are_counted(asked: Asked) -> None:
    """The members of a count are those of the list."""
    assert asked("临湘市有几个关于畜禽粪污的问题").items == MANURE


def test_what_was_considered(asked: Asked) -> None:
    """The answer says over how many notices and items it was computed."""
    answer = asked("沅江市有哪些问题已经销号")
    assert (answer.considered.notices, answer.considered.items) == (1, 19)
    assert answer.answer.startswith("共3个问题（查阅了1份通报、19个问题）：\n1. 巴南湖采区")


def test_declared_and_counted_side_by_side(asked: Asked) -> None:
    """The Yongzhou notice declares 33 problems and lists 4: both are shown, the declared one answers."""
    answer = asked("永州市有多少个问题")
    lead = "通报自述“33个问题”[1]，逐条统计为4个，两者不一致（查阅了1份通报、4个问题）。"
    assert (answer.short_answer, answer.answer[: len(lead)], len(answer.items)) == ("33个", lead, 4)
    assert answer.citations[0].quote == "33个问题"


def test_more_than_fifty_members(asked: Asked) -> None:
    """All members are named, the first fifty cited, and a warning says where the rest is."""
    answer = asked("一共反馈了多少个问题")
    total = len(answer.items)
    assert answer.value is not None
    assert (answer.value.number, len(answer.citations)) == (str(total), 50)
    assert answer.warnings == (f"共{total}个，只引用了前50个：全部见“台账”或 zhenggai items",)


@pytest.mark.parametrize(
    ("question", "short", "number"),
    [
        ("临湘和沅江哪个问题多", "沅江", None),
        ("临湘和泾县哪个问题少", "泾县", None),
        ("临湘比沅江少多少个问题", "6个", "6"),
        ("泾县和饶平县的反馈问题一共多少个", "20个", "20"),
        ("哪个通报的反馈问题最多", "中共沧州市生态环境局党组关于九届市委专项巡察整改情况的通报", None),
        ("临湘和鄂州的巡察哪个开始得早", "临湘", None),
        ("饶平县、秦州区哪个巡察开始得早", "饶平县", None),
        ("鄂州和沅江的巡察哪个时间长", "鄂州", None),
        ("沅江市淘汰的生物质锅炉和燃煤锅炉一共多少家", "15家", "15"),
        ("临湘市关闭退出和就近搬迁一共几家", "12家", "12"),
        ("临湘市就近搬迁比就地转产多几家", "8家", "8"),
        ("泾县已改造管网比检测管网少多少公里", "2.8公里", "2.8"),
    ],
)
def test_comparisons(asked: Asked, question: str, short: str, number: str | None) -> None:
    """Most, earliest, longest, difference and sum, computed from what is cited."""
    answer = asked(question)
    assert (answer.route, answer.short_answer, answer.value.number if answer.value else None) == (
        "compare",
        short,
        number,
    )
    assert answer.citations != ()


def test_lists_of_notices(asked: Asked) -> None:
    """Notices by kind and year, each cited."""
    answer = asked("有哪些审计整改的通报")
    assert [c.notice_id for c in answer.citations] == ["dev-shenji"]
    assert {c.notice_id for c in asked("哪些通报是2022年的").citations} == {
        CANGZHOU,
        "dev-biaoge",
        "dev-fanti",
        "dev-quanma",
    }


COMPARED = [
    ("临湘剩余的沿江化工企业，关闭退出、就近搬迁、就地转产，哪类最多", "就近搬迁"),
    ("永州市Ⅱ类水质断面比Ⅰ类多几个", "29个"),
    ("沅江万子湖跟小河嘴，总磷谁降得多", "万子湖"),
    ("沅江已销号的问题多还是正在整改的问题多", "正在整改"),
    ("鄂州比沅江多几个问题", "4个"),
    ("洗马镇、永新县水利局两家的整改措施加起来多少条", "80条"),
    ("永州跟临湘比，谁的反馈问题多", "永州"),
    ("泾县环保考核权重提了几个点", "4个百分点"),
    ("永新县水利局的病险水库除险加固与干部队伍青黄不接，哪个整改时限更晚", "干部队伍青黄不接"),
]


@pytest.mark.parametrize(("question", "short"), COMPARED)
def test_comparisons_over_figures_states_and_dates(asked: Asked, question: str, short: str) -> None:
    """Computed from figures that each stand beside their own words, from counts, declared figures or dates; cited."""
    answer = asked(question)
    assert (answer.status, answer.short_answer) == ("answered", short)
    assert answer.citations


@pytest.mark.parametrize(
    "question", ["临湘的农膜回收点比厕所多几个", "永州Ⅱ类水质断面比Ⅴ类多几个", "临湘比武汉多几个问题"]
)
def test_a_missing_operand_is_no_zero(asked: Asked, question: str) -> None:
    """Where one side has no figure nothing is computed."""
    answer = asked(question)
    assert (answer.status, answer.value) == ("refused", None)


ASKED_FOR = [
    ("沅江第三部分反馈了哪些问题", of(YUANJIANG, *(f"二/(三)/{n}" for n in range(4, 11)))),
    ("沅江还在搞的问题有哪些", of(YUANJIANG, "二/(一)/1", "二/(二)/3", "二/(三)/9", "二/(10)/17")),
    ("泾县2022年12月底前要完成的有哪些问题", of("dev-biaoge", "二/3", "三/8")),
    ("泾县由县住建局牵头的问题有哪些", of("dev-biaoge", "二/3", "三/8")),
    ("沧州提到肃宁的问题是哪几个", of(CANGZHOU, "二/(二)/2", "二/(三)/2")),
    ("泾县还没启动的整改有哪些", of("dev-biaoge", "四/10")),
    ("沅江關於秸稈的問題有哪些", of(YUANJIANG, "二/(三)/4", "二/(三)/5")),
    ("沧州各县市区主体责任那一块列了哪些问题", of(CANGZHOU, *(f"二/(三)/{n}" for n in range(1, 7)))),
]


@pytest.mark.parametrize(("question", "items"), ASKED_FOR)
def test_constraints_of_a_list(asked: Asked, question: str, items: tuple[str, ...]) -> None:
    """Part, status in plain words, time limit, responsible unit, place inside the area, heading said otherwise."""
    answer = asked(question)
    assert (answer.route, set(answer.items)) == ("list", set(items))
