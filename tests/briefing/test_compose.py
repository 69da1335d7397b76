"""Composing from rows made by hand: whole texts, as a reader sees them."""

from __future__ import annotations

import pytest

from bot.briefing import Request, compose, subject_of, to_markdown
from bot.briefing.compose import default_title
from bot.briefing.draft import Quote, listed, opening, sentences
from bot.briefing.items import numeral
from bot.briefing.onepage import _short_names, lines_of
from bot.briefing.state import difficulties, key_sentences, overdue, plans, printed
from bot.ledger import LedgerFilter
from bot.ledger.common import common_themes
from bot.records import Briefing, Date, DeclaredCount, Grounded, Item, Place, Quantity, Status
from bot.themes import builtin
from tests.ledger.rows import item, notice
from vectorstore.catalogue import LedgerRow

DONE = Status("completed", "closed_off", (Grounded("已通过验收销号", (100, 107)),))
OPEN = Status("ongoing", "in_progress", (Grounded("正在铺设管网", (200, 206)),))
LATE = Status("ongoing", "behind", (Grounded("进度滞后", (300, 304)),))
SIGNED = Date("2021-10-20", "2021年10月20日", (900, 911))


def rows_of(*items: Item, notice_id: str = "n", title: str = "某县整改通报") -> list[LedgerRow]:
    return [LedgerRow(each, notice_id, f"{notice_id}.txt", title) for each in items]


def small() -> list[LedgerRow]:
    """Three items of one notice in two categories."""
    water, conduct = Grounded("水污染防治方面。", (1, 9)), Grounded("作风方面", (50, 54))
    cost = Quantity("25", "公里", "25公里", (404, 408))
    return rows_of(
        item("管网不全。", label="二/1", category=water, measures=("新建管网25公里，预计年底前完工；",), status=OPEN,
             quantities=(cost,), deadline=Grounded("年底前", (411, 414))),
        item("污水直排。", label="二/2", category=water, measures=("已封堵排污口。",), status=DONE),
        item("会议过多。", label="二/3", category=conduct, measures=("精简会议。",)),
    )  # fmt: skip


def test_one_page_in_whole() -> None:
    """一页纸: figures, what is unfinished by name, advice in one sentence, sources."""
    notices = {"n": notice(signed_date=SIGNED, title=Grounded("某县整改通报", (0, 6)))}
    briefing = compose(small(), notices, Request(length="一页纸", subject="某县"))
    assert [briefing.title, *texts(briefing)] == [
        "某县问题整改情况简报",
        "经逐条梳理1份整改通报，共有反馈问题3个，其中已完成1个、推进中1个、通报未说明整改结果1个"
        "（以通报成文时的表述为准）。已完成的问题中，通报写明已销号的1个。",
        "水污染防治方面2个、作风方面1个。",
        "通报写明尚未完成的事项共1个。推进中的有：“管网不全”。",
        "建议对推进中的1个问题跟踪调度，请责任单位补报未说明整改结果的1个问题的进展，对已完成的1个问题适时“回头看”。",
        "《某县整改通报》，成文日期2021年10月20日，涉及3个问题。",
    ]


def test_dates_are_printed_in_arabic_figures() -> None:
    """GB/T 15835: Chinese numerals and full-width digits of a notice become Arabic ones, what is Arabic stays."""
    dates = [("2022-03-25", "二〇二二年三月二十五日"), ("2021-09", "２０２１年９月"), ("2021-05-19", "2021 年5月19日")]
    assert [printed(Date(iso, text, (0, 1))) for iso, text in dates] == ["2022年3月25日", "2021年9月", "2021 年5月19日"]


def test_quotations_one_after_the_other_have_no_mark_between() -> None:
    """GB/T 15834: “甲”“乙”; words without marks are still told apart by 、."""
    (row,) = rows_of(item("甲。", label="1"))
    one, other = Quote(row, "甲", (0, 1)), Quote(row, "乙", (1, 2))
    assert listed([[one], [other]]) == [one, other]
    assert listed([[one], [other]], mark="；") == [one, "；", other]
    assert listed([["甲"], ["乙"]]) == ["甲", "、", "乙"]


def test_long_headings_are_called_by_their_first_clause_on_one_page() -> None:
    """Where the first clauses differ; headings with a 、 of their own are told apart by ；."""
    long = "各县(市、区)整改落实方面,存在重视不够、拖延、不严不实的问题"
    assert _short_names([long, "作风方面"]) == {long: "各县(市、区)整改落实方面", "作风方面": "作风方面"}
    other = "各县(市、区)整改落实方面,监督检查不够有力,问责不够到位"
    assert _short_names([long, other]) == {long: long, other: other}
    water = Grounded("水、大气污染防治方面", (1, 9))
    rows = rows_of(
        item("甲。", label="1", category=water), item("乙。", label="2", category=Grounded("作风方面", (20, 24)))
    )
    assert "水、大气污染防治方面1个；作风方面1个。" in texts(compose(rows, {"n": notice()}, Request(length="一页纸")))


@pytest.mark.parametrize("lines", [22, 17])
def test_what_is_overdue_stays_however_little_room_there_is(lines: int) -> None:
    """Six overdue items among sixty are named; the rest gives way, the names of others before the headings."""
    rows = rows_of(
        *(item(f"第{n}项任务推进不力。", label=f"二/{n}", status=LATE if n < 6 else OPEN) for n in range(60)),
        *(item(f"第{n}项制度没有建立。", label=f"三/{n}") for n in range(60, 80)),
    )
    briefing = compose(rows, {"n": notice()}, Request(length="一页纸", lines=lines))
    assert lines_of(briefing) <= lines
    unfinished = next(section for section in briefing.sections if section.heading == "三、未完成事项与困难")
    assert all(f"“第{n}项任务推进不力”" in unfinished.paragraphs[0].text for n in range(6))
    assert "推进中的主要有：" in unfinished.paragraphs[0].text


def test_a_tight_page_is_short_in_words() -> None:
    """The notice's own figure and the advice in few words, nothing of what is done."""
    rows = rows_of(*(item(f"第{n}项任务推进很不得力。", label=f"二/{n}", status=LATE) for n in range(8)))
    own = DeclaredCount("problems", "12", "个", "12个问题", (0, 5))
    briefing = compose(rows, {"n": notice(declared_counts=(own,))}, Request(length="一页纸", lines=15))
    said = texts(briefing)
    assert said[0].endswith("（以通报成文时的表述为准）。通报自述“12个问题”，与逐条列出的不一致，使用时请核对。")
    assert said[2].startswith("尚未完成的事项共8个，其中进度滞后或者超期的8个：“第0项任务")
    assert said[3] == "建议对进度滞后或者超期的8个问题重点督办，对推进中的8个问题跟踪调度。"


def texts(briefing: Briefing) -> list[str]:
    return [paragraph.text for section in briefing.sections for paragraph in section.paragraphs]


def test_the_long_form_in_markdown() -> None:
    """详细 as a 报告: headings, quotations as block quotes, numbers that lead to the sources."""
    notices = {"n": notice(title=Grounded("某县整改通报", (0, 6)))}
    briefing = compose(small()[:1], notices, Request(style="报告", length="详细", subject="某县"))
    assert (
        to_markdown(briefing)
        == """\
# 关于某县问题整改情况的报告

## 一、总体情况

现将有关问题整改情况报告如下。

经逐条梳理《某县整改通报》，共有反馈问题1个，均为推进中。以上状态均以通报成文时的表述为准。[[1]](#来源1)

## 二、分类情况

### （一）水污染防治方面

共1个问题，均为推进中。

#### 1.管网不全

整改措施：

> 新建管网25公里，预计年底前完工[[2]](#来源2)

整改状态：推进中。通报载明“正在铺设管网”。完成时限：年底前。[[3]](#来源3)[[4]](#来源4)[[5]](#来源5)

## 三、未完成事项与困难

通报写明尚未完成的事项共1个。

“管网不全”：推进中。通报载明“正在铺设管网”。完成时限：年底前。[[3]](#来源3)[[4]](#来源4)[[5]](#来源5)

## 四、下一步

通报对推进中的问题已经作出的安排主要有：

关于“管网不全”，通报提出：“新建管网25公里，预计年底前完工”。[[2]](#来源2)[[3]](#来源3)

建议对推进中的1个问题按通报载明的安排跟踪调度，完成一项、核验一项。

特此报告。

## 附件：数据来源

《某县整改通报》，涉及1个问题。[[1]](#来源1)

### 引用原文

- <a id="来源1"></a>[1] 某县整改通报（n.txt，第 0–6 字）：“某县整改通报”
- <a id="来源2"></a>[2] 某县整改通报（n.txt，第 0–16 字）：“新建管网25公里，预计年底前完工”
- <a id="来源3"></a>[3] 某县整改通报（n.txt，第 0–5 字）：“管网不全。”
- <a id="来源4"></a>[4] 某县整改通报（n.txt，第 200–206 字）：“正在铺设管网”
- <a id="来源5"></a>[5] 某县整改通报（n.txt，第 411–414 字）：“年底前”
"""
    )


def test_no_items_are_said_to_be_none() -> None:
    """An empty ledger gives a paper that says so, with no figure."""
    briefing = compose([], {}, Request())
    assert (texts(briefing), briefing.figures, briefing.items) == (["台账中没有符合条件的问题。"], (), ())


def test_overdue_items_come_first() -> None:
    """What is behind stands before what is under way, and is counted."""
    rows = rows_of(item("甲。", label="二/1", status=OPEN), item("乙。", label="二/2", status=LATE))
    briefing = compose(rows, {"n": notice()}, Request(length="一页纸"))
    unfinished = next(section for section in briefing.sections if section.heading == "三、未完成事项与困难")
    assert [paragraph.text for paragraph in unfinished.paragraphs] == [
        "通报写明尚未完成的事项共2个，其中进度滞后或者已超过通报所载时限的1个。推进中的有：“甲”。",
        "“乙”：推进中（进度滞后）。通报载明“进度滞后”。",
    ]


@pytest.mark.parametrize(
    ("limit", "late"),
    [("2021-09", True), ("2021-10", False), ("2021-10-19", True), ("2021-01/2021-12", False), ("2020", True)],
)
def test_a_time_limit_before_the_notice_is_overdue(limit: str, late: bool) -> None:
    """An item under way whose printed limit lies before the date of its notice has passed it."""
    (row,) = rows_of(item(status=OPEN, deadline=Date(limit, "时限", (0, 2))))
    assert overdue(row, {"n": notice(signed_date=SIGNED)}) is late


def test_a_finished_item_is_never_overdue() -> None:
    """A time limit that lies behind means nothing once the item is completed."""
    (row,) = rows_of(item(status=DONE, deadline=Date("2020", "2020年", (0, 5))))
    assert overdue(row, {"n": notice(signed_date=SIGNED)}) is False


def test_reasons_and_plans_are_found_by_sentence() -> None:
    """Why something is not done, and what is to come, sentence by sentence."""
    (row,) = rows_of(item(measures=("已完成10个。其余3个因土地权属争议尚未确权。计划2024年9月完成。",), status=OPEN))
    assert [quote.text for quote in difficulties(row)] == ["其余3个因土地权属争议尚未确权。"]
    assert [(quote.text, quote.span) for quote in plans(row)] == [("计划2024年9月完成。", (23, 35))]


def test_key_sentences_say_most() -> None:
    """Sentences with figures and results go before slogans; they come in their order."""
    measure = "提高政治站位。已建成管网25公里。加强领导。印发《管理办法》。"
    found = item(
        measures=(measure,), quantities=(Quantity("25", "公里", "25公里", (12, 16)),),
        documents=(Grounded("《管理办法》", (24, 30)),),
    )  # fmt: skip
    assert [text for text, _ in key_sentences(found)] == ["已建成管网25公里。", "印发《管理办法》。"]


def test_sentences_keep_their_places() -> None:
    """Each sentence with its offsets; a ； that joins two is left out."""
    text = "甲完成；乙“已销号。” 丙"
    assert sentences(text, 10) == [("甲完成", (10, 13)), ("乙“已销号。”", (14, 21)), ("丙", (22, 23))]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("管网不全。", "管网不全"),
        ("工作任务滞后。按照方案要求应实现雨污分流。", "工作任务滞后……"),
        ("县住建局未按要求推进,管网建设滞后问题突出", "县住建局未按要求推进……"),
        ("甲乙丙丁戊己庚辛壬癸子丑寅卯", "甲乙丙丁戊己庚辛壬癸子……"),
        ("全市批而未供土地尚有12.5万元欠缴", "全市批而未供土地尚有……"),
        ("全市土地欠缴资金1,386万元未收", "全市土地欠缴资金……"),
        ("全市各地土地欠缴二十三万元未收到位", "全市各地土地欠缴……"),
        ("甲乙“丙丁戊己庚辛壬癸子丑寅”卯", "甲乙“丙丁戊己庚辛壬癸……"),
        ("甲乙丙丁戊己“庚辛壬癸子丑寅卯”", "甲乙丙丁戊己……"),
    ],
)
def test_a_long_problem_is_named_by_its_beginning(text: str, shown: str) -> None:
    """The first sentence, else whole clauses, else a cut; nothing is added but an ellipsis."""
    assert opening(text, 12) == shown


@pytest.mark.parametrize(("number", "shown"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")])
def test_numerals_of_headings(number: int, shown: str) -> None:
    """As headings are numbered."""
    assert numeral(number) == shown


def test_titles_follow_style_and_subject() -> None:
    """简报 and 报告 name themselves differently."""
    assert default_title(Request(subject="2021年临湘市")) == "2021年临湘市问题整改情况简报"
    assert default_title(Request(subject="秸秆方面", style="报告")) == "关于秸秆方面问题整改情况的报告"


def test_the_subject_is_made_of_the_filters() -> None:
    """Year, place, theme and status; the one notice's place where none was asked for."""
    rows, found = rows_of(item()), {"n": notice(places=(Place("临湘", (0, 2), "county", "临湘市"),))}
    assert subject_of(LedgerFilter(year="2021", themes=("秸秆",)), rows, found) == "2021年临湘市秸秆方面"
    assert (
        subject_of(LedgerFilter(place="沧州", status=("ongoing",), keyword="管网"), rows, found)
        == "沧州涉及“管网”的推进中"
    )


def test_common_themes_are_those_of_several_notices() -> None:
    """A theme counts as common where two notices have it; the years are those of the notices."""
    rows = [
        *rows_of(item("秸秆焚烧普遍。"), notice_id="a"),
        *rows_of(item("秸秆禁烧不力。"), item("财务不规范。"), notice_id="b"),
    ]
    found = {"a": notice(signed_date=SIGNED), "b": notice(signed_date=Date("2025", "2025年", (0, 5)))}
    shared = common_themes(rows, found, builtin())
    assert [(theme.name, len(theme.rows), theme.notices, theme.years) for theme in shared] == [
        ("大气", 2, ("a", "b"), ("2021", "2025")),
        ("秸秆", 2, ("a", "b"), ("2021", "2025")),
    ]
