"""Lists, counts, comparisons and summaries as different people put them: the same items whatever the wording."""

from __future__ import annotations

import pytest

from bot.qa.ledger import of_items
from bot.qa.question import understand
from bot.qa.sides import sides_of, spread
from bot.qa.similar import nearest_item
from bot.qa.summarize import summarize
from bot.qa.wanted import status_asked, wanted
from tests.qa.conftest import Asked
from vectorstore.store import Store

LINXIANG, CANGZHOU, EZHOU, YUANJIANG = (
    "000_c20c0a165cf05326",
    "001_bed7040c2e734348",
    "002_fd218f53bd30a44e",
    "004_1eb820fdb94078f3",
)


def _of(notice: str, *labels: str) -> set[str]:
    return {f"{notice}#{label}" for label in labels}


JING_OPEN = _of("dev-biaoge", "二/3", "三/7", "三/8", "四/10")
YONGXIN_HIRED = _of("dev-wenti-zeren", "二/(一)/3", "二/(二)/6")

LISTS = [
    ("泾县除了已完成的还有哪些问题", JING_OPEN),
    ("泾县 未完成", JING_OPEN),
    ("泾县立行立改的问题是哪个", _of("dev-biaoge", "二/4")),
    ("泾县2022年底要完成的任务", _of("dev-biaoge", "二/3", "三/8")),
    ("泾县归县城管局管的是哪几项", _of("dev-biaoge", "二/3", "四/9", "四/10")),
    ("泾县整改任务里责任单位有县住建局的", _of("dev-biaoge", "二/3", "三/8")),
    ("永新县水利局9月底要完成的是哪几项", _of("dev-wenti-zeren", "二/(一)/1")),
    ("永新 工程建设股负责的问题", YONGXIN_HIRED),
    ("洗马镇党委巡察整改中基本完成的问题", _of("dev-hebing", "二/10")),
    ("沧州有哪些问题追究了责任", _of(CANGZHOU, "二/(三)/1", "二/(三)/3", "二/(四)/2")),
    ("秦州区教育局有哪些问题约谈了人", _of("dev-quanma", "二/(二)/1")),
    ("沅江大气污染相关问题清单", _of(YUANJIANG, *(f"二/(三)/{n}" for n in range(4, 9)))),
    ("鄂州反馈问题中含“机制”的", _of(EZHOU, "二/9")),
    ("秦州和饶平两家滞后的问题", _of("dev-quanma", "二/(二)/4") | _of("dev-fanti", "二/(三)/9")),
    ("沧州 反馈问题 提到杨尘的", _of(CANGZHOU, "二/(二)/8", "二/(四)/2")),
]


@pytest.mark.parametrize(("question", "items"), LISTS)
def test_a_list_however_it_is_put(asked: Asked, question: str, items: set[str]) -> None:
    """Exceptions, keywords without a verb, time limits, offices, numbers, kinds of 问责, typos: the same items."""
    answer = asked(question)
    assert (answer.status, answer.route) == ("answered", "list")
    assert {item.replace("（", "(").replace("）", ")") for item in answer.items} == items


COUNTS = [
    ("泾县没完成的有多少", "4个"),
    ("泾县已完成的占多少比例", "60%"),
    ("沧州正在推进的问题占比", "11.8%"),
    ("泾县、安岳各有几项任务没完成", "泾县4项、安岳5项"),
    ("饶平销号的几个", "1个"),
    ("沧州跟秸秆沾边的问题有几条", "3条"),
    ("沧州生态环境局反馈问题数目是多少", "34个"),
    ("安岳生态环境局负责几项任务", "3项"),
]


@pytest.mark.parametrize(("question", "short"), COUNTS)
def test_a_count_however_it_is_put(asked: Asked, question: str, short: str) -> None:
    """Counts, shares and counts by place are computed from the items."""
    answer = asked(question)
    assert (answer.status, answer.route, answer.short_answer) == ("answered", "count", short)
    assert answer.citations


def test_things_in_a_sentence_are_no_items(asked: Asked) -> None:
    """What a sentence counts (households, factories) stays a lookup, though it speaks of being finished."""
    for question in ("永新县到巡察时完工了几座水库", "临湘就近搬迁几家企业", "安岳完成修复多少处设施"):
        assert asked(question).route == "lookup"


def test_what_a_list_of_the_unfinished_leaves_out(asked: Asked) -> None:
    """Items that are to be kept up or say nothing are named, not silently left out."""
    assert "另有长期坚持1个、未说明2个，未计入" in asked("饶平卫健局哪些问题还没改完").answer


def test_a_declared_figure_where_items_are_silent(asked: Asked) -> None:
    """Linxiang declares 11 completed, four items say so themselves: both are shown; one by one, four."""
    answer = asked("临湘已经改完的有几个")
    assert (answer.short_answer, len(answer.items)) == ("11个", 4)
    assert asked("临湘逐条看，写明已经完成的问题有几个").short_answer == "4个"


COMPARED = [
    ("沅江跟鄂州比，哪个已完成的多", "沅江"),
    ("反馈问题最多的是哪个单位", "中共沧州市生态环境局党组"),
    ("安岳哪个部门牵头的任务最多", "安岳生态环境局"),
    ("泾县已完成和没完成的哪个多", "已完成"),
    ("沧州和鄂州问题数量差多少", "11个"),
    ("泾县第一项和第五项任务哪个时限更早", "第一项"),
    ("安岳石羊镇污水厂整改时限早还是龙台镇砂石矿早", "龙台镇砂石矿"),
    ("城固12个老旧小区里，还有几个没完工？", "7个"),
    ("泾县与建瓯罚款之和", "10.4万元"),
    ("永州PM10和PM2.5，谁的降幅更大", "PM10"),
    ("洗马镇积案化解的比没化解的多几件", "5件"),
    ("洗马镇资产确权，办好的比没办的多几个", "7个"),
    ("永新水库完工的跟没完工的差几座", "1座"),
    ("安岳修复和拆除的一共多少处", "126处"),
    ("饶平完成的整改比阶段性完成的多几个", "5个"),
    ("泾县环保委会开全体会议多还是专题调度会多", "专题调度会"),
]


@pytest.mark.parametrize(("question", "short"), COMPARED)
def test_a_comparison_however_it_is_put(asked: Asked, question: str, short: str) -> None:
    """States, units, time limits, what is left of a number, figures of two notices; names as printed."""
    answer = asked(question)
    assert (answer.status, answer.route, answer.short_answer) == ("answered", "compare", short)
    assert answer.citations


SUMMARIES = [
    ("对沧州市生态环境局巡察整改情况进行归纳", CANGZHOU, 34),
    ("城固审计整改综合情况", "dev-shenji", 13),
    ("泾县一览表逐项说明", "dev-biaoge", 10),
    ("泾县县住建局承担任务的整改情况", "dev-biaoge", 2),
    ("沅江监测方面整改了什么", YUANJIANG, 2),
    ("临湘作风方面的摘要", LINXIANG, 5),
    ("沧州第四部分整改情况梳理", CANGZHOU, 10),
    ("秦州教育局未完成事项做个小结", "dev-quanma", 4),
]


@pytest.mark.parametrize(("request_", "notice", "count"), SUMMARIES)
def test_a_summary_however_it_is_asked_for(store: Store, request_: str, notice: str, count: int) -> None:
    """Whole notices, headings, units and states, in other words than the notice's."""
    groups = summarize(store, request_).groups
    assert ({group.notice_id for group in groups}, len(groups)) == ({notice}, count)


def test_what_only_the_measures_speak_of(asked: Asked, store: Store) -> None:
    """A topic that no problem has is looked for in the measures, and the answer says so."""
    answer = asked("洗马镇关于茶叶的问题有哪些")
    assert answer.answer.startswith("没有问题直接写到“茶叶”，整改措施中写到的有")
    assert "dev-hebing#二/2" in answer.items
    assert "列出的是整改措施中写到的" in summarize(store, "洗马镇茶叶方面的整改").warnings[0]


def test_nothing_is_near_without_vectors(store: Store) -> None:
    """The nearest item is a matter of vectors: a store without them has none."""
    assert nearest_item(store, "喝水", ("dev-biaoge",)) is None


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("完成和未完成情况", ("completed", "ongoing")),
        ("还没改完的", ("ongoing",)),
        ("完成时限", ()),
        ("推进缓慢的问题", ()),
        ("落实不到位的问题", ()),
        ("项目建设滞后的问题", ()),
        ("滞后的问题", ("ongoing",)),
        ("要完成的任务", ()),
    ],
)
def test_states_in_words(words: str, values: tuple[str, ...]) -> None:
    """Words for a state are told from the same words in a finding or a time limit."""
    assert wanted(words, (), ()).status == values
    assert status_asked(words)[0] == values[:1]


def test_whether_a_question_is_about_items() -> None:
    """It says so, or nothing else is left in it."""
    for question, expected in (("未完成的有多少", True), ("没完工的小区有多少", False), ("小区问题有多少", True)):
        assert of_items(understand(question), wanted(question, (), ())) is expected


def test_what_two_places_share() -> None:
    """泾县和芦坪的渗滤液 compares the leachate of both."""
    sides = sides_of("泾县和芦坪的渗滤液哪个多", ["泾县", "芦坪"])
    assert spread(sides, ["泾县", "芦坪"]) == ["泾县渗滤液", "芦坪的渗滤液"]
    assert spread(["修复的", "拆除的"], []) == ["修复的", "拆除的"]


@pytest.mark.parametrize(
    "question",
    [
        "泾县整改成绩单",
        "盘点泾县整改",
        "把泾县的通报理一理",
        "泾县这边都整改了哪些",
        "泾县整改，提炼要点",
        "泾县县委县政府整改回顾",
    ],
)
def test_how_a_request_is_put_is_no_topic(store: Store, question: str) -> None:
    """Words that only say how a whole notice is wanted leave none of its problems out."""
    assert len(summarize(store, question).groups) == 10


def test_words_that_may_be_a_topic_are_named(store: Store) -> None:
    """A word that no problem has is told as read for the request's wording; before 问题 it stays a topic."""
    assert "“速写”" in summarize(store, "泾县整改速写").warnings[0]
    assert summarize(store, "泾县校车问题的整改情况").groups == ()


NARROWED = [
    ("2022年的通报里滞后的问题有哪些", _of("dev-biaoge", "三/7") | _of("dev-fanti", "二/(三)/9")),
    ("2024年发布的通报还有哪些没完成的", _of("dev-hebing", "二/4", "二/9", "二/10", "三/(二)")),
    ("审计查出的问题里达到序时进度的有哪些", _of("dev-shenji", "二/(四)/10")),
    ("“洞庭清波”专项行动机动巡察里已完成的问题", _of(LINXIANG, "二/(二)/5", "二/(三)/3", "二/(四)/1", "二/(四)/2")),
]


@pytest.mark.parametrize(("question", "items"), NARROWED)
def test_notices_meant_by_year_kind_and_title(asked: Asked, question: str, items: set[str]) -> None:
    """A year of 通报, a kind beside 查出的问题 and a campaign's name choose notices, not words of problems."""
    found = {item.replace("（", "(").replace("）", ")") for item in asked(question).items}
    assert {item for item in found if not item.startswith("dev-renwu")} == items


def test_a_denied_state_is_every_other_state(asked: Asked) -> None:
    """不能算完成 asks for all that is not completed, never for what is."""
    assert set(asked("泾县哪些问题不能算完成").items) == JING_OPEN


COMPUTED = [
    ("泾县和安岳县收到反馈意见相差几天", "595天"),
    ("永新县水利局巡察结束到反馈意见隔了多少天", "39天"),
    ("泾县10项任务里完成时限最迟的是哪一项", "建筑垃圾消纳场所建设不足，随意倾倒现象时有发生"),
    ("泾县没完成的问题时限最早的是哪个", "废弃矿山生态修复滞后，全县47处废弃矿山中有18处未按期完成修复"),
    ("泾县管网错接混接点，消除的占查明的多少", "85.5%"),
    ("建瓯批而未供土地处置了几成", "70.1%"),
    ("秦州区教育局和城固县哪个整改完成的问题数多，多几个", "城固县多12个"),
    ("泾县和秦州区教育局谁的完成率高", "秦州区"),
]


@pytest.mark.parametrize(("question", "short"), COMPUTED)
def test_what_is_computed_of_dates_and_shares(asked: Asked, question: str, short: str) -> None:
    """Days between two dates, the first and last time limit, a part of its whole, declared totals, rates."""
    assert asked(question).short_answer == short


def test_days_are_not_counted_as_problems(asked: Asked) -> None:
    """A comparison whose words no problem has is never answered with a count of problems."""
    assert "个" not in (asked("泾县和安岳县水库容量相差多少").short_answer or "")


def test_other_units_are_shown_and_not_compared(asked: Asked) -> None:
    """亩 and 平方米 are brought to one unit; 立方米 and 吨 are not, and no verdict is given."""
    answer = asked("泾县填埋场积存的渗滤液和安岳县秸秆利用量哪个多")
    assert answer.short_answer is None


BESIDE = [
    ("沅江淘汰的燃煤锅炉多还是生物质锅炉多", "生物质锅炉"),
    ("永州PM10和PM2.5哪个浓度高", "PM10"),
    ("和平区入库的年轻干部跟提拔使用的比，哪个多", None),
    ("泾县全体会议和专题调度会哪个开得多", "专题调度会"),
    ("建瓯借调人员，退回原单位的和补办手续的哪个多", "退回原单位"),
    ("安岳矿山监管失职，受党纪政务处分的多还是诫勉谈话的多", "处分"),
]


@pytest.mark.parametrize(("question", "name"), BESIDE)
def test_two_figures_of_one_notice(asked: Asked, question: str, name: str | None) -> None:
    """Each side has its own figure; a place that no notice here is about is no comparison."""
    answer = asked(question)
    assert name in (answer.short_answer or "") if name else answer.status == "refused"


STATES = [
    ("安岳县达到序时进度的有几项", "4项"),
    ("洗马镇基本完成的有几项", "2项"),
    ("饶平县需要长期坚持的有几个", "1个"),
]


@pytest.mark.parametrize(("question", "short"), STATES)
def test_a_declared_state_goes_before_the_count(asked: Asked, question: str, short: str) -> None:
    """What the notice declares of a state answers; where the items say otherwise both are shown."""
    answer = asked(question)
    assert answer.short_answer == short
    assert ("通报自述" in answer.answer) == (f"{len(answer.items)}" != short[:-1])


def test_only_the_sanction_asked_for(asked: Asked) -> None:
    """党内警告 is one kind of 问责, not every kind."""
    items = asked("给了党内警告处分的问题有哪些").items
    assert {"dev-wenti-zeren#二/(二)/5"} <= {item.replace("（", "(").replace("）", ")") for item in items}
    assert "dev-biaoge#三/7" not in items


def test_two_responsible_units(asked: Asked) -> None:
    """县城管局、县公安局 are both asked for."""
    assert set(asked("泾县县公安局、县委组织部负责的问题有哪些").items) == _of("dev-biaoge", "四/10", "一/2")


def test_what_is_not_done_is_never_the_whole(asked: Asked) -> None:
    """The figure of all of them is not shown for those that are not done."""
    answer = asked("泾县幸福河混接点没消除的比消除的多几处")
    assert "没消除的83" not in answer.answer


def test_a_part_of_what_is_left_and_of_another_unit(asked: Asked) -> None:
    """剩余13家,其中9家 is a whole and its part; 户 and 套 are not taken from each other."""
    assert asked("临湘化工企业就近搬迁的占剩余企业的多少").short_answer == "69.2%"
    assert asked("城固被取消保障资格的比清退公租房的多几个").short_answer is None


def test_no_deadline_is_said(asked: Asked) -> None:
    """Where no problem has a time limit none is the earliest."""
    answer = asked("饶平县哪个问题整改时限最早")
    assert (answer.status, answer.answer) == ("refused", "通报没有写明各项问题的整改时限，无法比较。")
