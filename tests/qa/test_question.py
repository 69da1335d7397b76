"""Understanding: the plan of a question."""

from __future__ import annotations

import pytest

from bot.qa.question import tidied, understand
from bot.qa.words import content_words, generic_words, synonyms

LOOKUPS = [
    ("污水管网建了多少公里", "number", "公里"),
    ("新建了几座泵站", "number", "座"),
    ("受益群众有多少人", "number", "人"),
    ("检查企业多少家次", "number", "家次"),
    ("开展巡查多少次", "number", "次"),
    ("修复矿山多少处", "number", "处"),
    ("种了几亩林子", "number", "亩"),
    ("道路有多长", "number", "公里"),
    ("填埋场面积多大", "number", "平方米"),
    ("清理了多少垃圾", "number", "立方米"),
    ("烧了多少煤", "number", "吨"),
    ("退回多少地", "number", "亩"),
    ("PM2.5浓度是多少", "number", None),
    ("日处理能力是多少", "number", None),
    ("总共投入多少钱", "money", None),
    ("罚款多少万元", "money", None),
    ("投资多少亿", "money", None),
    ("拨了多少专项资金", "money", None),
    ("清退了多少违法所得", "money", None),
    ("读书班办了几天", "duration", None),
    ("任期几年", "duration", None),
    ("约谈整改时限多长时间", "duration", None),
    ("多久开一次会", "frequency", None),
    ("多长时间巡查一次", "frequency", None),
    ("几天检查一次", "frequency", None),
    ("优良率是多少", "percent", None),
    ("占比是多少", "percent", None),
    ("比去年下降了多少", "percent", None),
    ("方案的文号是什么", "docnumber", None),
    ("印发了什么文件", "document", None),
    ("哪个部门牵头", "organization", None),
    ("由哪家公司承建", "organization", None),
    ("谁负责整改", "organization", None),
    ("中标公司叫什么", "organization", None),
    ("在哪个镇", "place", None),
    ("工厂在哪个镇", "place", None),
    ("工厂在哪里", "text", None),
    ("联系电话是多少", "contact", "phone"),
    ("电子邮箱是什么", "contact", "mail"),
    ("信件寄到哪", "contact", "address"),
    ("邮编是多少", "contact", "zip"),
    ("局长叫什么名字", "person", None),
    ("项目进展到哪一步了", "status", None),
    ("整改得怎么样了", "status", None),
    ("怎么处理秸秆焚烧的", "text", None),
    ("为什么没有完工", "text", None),
]


@pytest.mark.parametrize(("question", "want", "unit"), LOOKUPS)
def test_what_a_lookup_wants(question: str, want: str, unit: str | None) -> None:
    """A lookup's type of answer and its measure word, or kind of contact."""
    plan = understand(question)
    assert (plan.route, plan.over, plan.want, plan.unit, plan.yes_no) == ("lookup", "sentence", want, unit, False)


@pytest.mark.parametrize(
    ("question", "precision"),
    [
        ("什么时候反馈的意见", 0),
        ("哪一天印发的方案", 10),
        ("几月完成验收", 7),
        ("哪一年开工", 4),
        ("巡察的起止日期是什么", 10),
    ],
)
def test_how_precise_a_date_is_asked_for(question: str, precision: int) -> None:
    """哪一天 asks for a day, 几月 for a month, 哪一年 for a year, 什么时候 for any."""
    plan = understand(question)
    assert (plan.want, plan.precision) == ("date", precision)


@pytest.mark.parametrize(
    ("question", "want", "unit"),
    [
        ("工程竣工了吗", "status", None),
        ("整改全部完成了没有", "status", None),
        ("18处矿山都修好了吗", "status", None),
        ("是不是有27座污水处理厂", "number", "座"),
        ("是否超过90%", "number", "%"),
        ("有没有发现反弹", "text", None),
    ],
)
def test_yes_or_no(question: str, want: str, unit: str | None) -> None:
    """A question to confirm asks for a state, for a figure, or for neither."""
    plan = understand(question)
    assert (plan.route, plan.want, plan.unit, plan.yes_no) == ("lookup", want, unit, True)


@pytest.mark.parametrize(
    ("question", "route", "over"),
    [
        ("有多少个问题", "count", "items"),
        ("反馈了几个问题", "count", "items"),
        ("问题一共有多少条", "count", "items"),
        ("还有几个问题没有完成整改", "count", "items"),
        ("列了多少条整改措施", "count", "measures"),
        ("一共有几份通报", "count", "notices"),
        ("哪些问题已经销号", "list", "items"),
        ("列出所有问题有哪些", "list", "items"),
        ("哪些通报是2021年的", "list", "notices"),
        ("出台了哪些制度", "list", "sentence"),
        ("临湘和沅江哪个问题多", "compare", "items"),
        ("哪个市整改得更早", "compare", "sentence"),
        ("甲厂比乙厂多多少吨", "compare", "sentence"),
        ("两项加起来是多少万元", "compare", "sentence"),
        ("相差多少公里", "compare", "sentence"),
        ("为什么会有这个问题", "lookup", "sentence"),
    ],
)
def test_route(question: str, route: str, over: str) -> None:
    """Lists, counts and comparisons, and what each runs over."""
    plan = understand(question)
    assert (plan.route, plan.over) == (route, over)


def test_places_and_years_are_read_off() -> None:
    """Place names as written, years in four digits."""
    plan = understand("临湘和沅江2021年的通报")
    assert ([m.text for m in plan.places], plan.years) == (["临湘", "沅江"], ("2021",))


@pytest.mark.parametrize("written", ["請問臨湘市２０２１年建了多少公里管網", "请问临湘市2021年建了多少公里管网"])
def test_written_forms_are_one_question(written: str) -> None:
    """Traditional characters and full-width digits change nothing."""
    assert understand(written) == understand("请问临湘市2021年建了多少公里管网")


def test_a_preface_is_left_out() -> None:
    """Of a long question the point is kept, and the place that its preface names."""
    point = "管网一共建了多少公里?"
    plan = understand("领导您好，我们单位最近正在整理材料，下周就要给分管领导汇报工作，材料里要写临湘的进展，" + point)
    assert plan.question == "材料里要写临湘的进展," + point


@pytest.mark.parametrize(
    ("question", "focus"),
    [("造成多少产值损失", "产值损失"), ("印刷机是什么品牌", "品牌"), ("建了多少公里管网", ""), ("什么时候开工", "")],
)
def test_focus(question: str, focus: str) -> None:
    """What must itself be spoken of because it has no other name."""
    assert understand(question).focus == focus


def test_generic_words_tell_no_item_apart() -> None:
    """Content words leave out the words of the data file, whole words the dictionary does not know stay together."""
    assert ("整改" in generic_words(), content_words("整改工作情况"), content_words("河长制落实")) == (
        True,
        (),
        ("河长制",),
    )


def test_synonyms_go_both_ways() -> None:
    """环保局 and 生态环境局 stand for each other."""
    assert ("生态环境局" in synonyms()["环保局"], "环保局" in synonyms()["生态环境局"]) == (True, True)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("临 湘 市 污 水 管 网 建 了 多 少 公 里", "临湘市污水管网建了多少公里"),
        ("临湘 污水管网 多少公里", "临湘 污水管网 多少公里"),
        ("臨湘市汙水管網２０２１年建了多少公里？", "临湘市污水管网2021年建了多少公里?"),
        ("鄂州市生态环境局党组是什么时候被巡查的", "鄂州市生态环境局党组是什么时候被巡察的"),
        ("第三巡查组", "第三巡察组"),
        ("环保督查反馈了几个问题", "环保督察反馈了几个问题"),
        ("每季度巡查几次", "每季度巡查几次"),
        ("专项巡查3次", "专项巡查3次"),
    ],
)
def test_tidied(typed: str, tidy: str) -> None:
    """Spaces inside words go, those between words stay; 巡查 of an inspection is 巡察, a patrol's stays."""
    assert tidied(typed) == tidy
