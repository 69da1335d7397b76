"""Typed values in a sentence: what a question for a number, a date, a document or a unit can be answered with.

A question for 公里 is not answered in 座: the type is checked before anything is picked. Names of persons are not
recognised: a question for one finds no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.gazetteer import mentions
from bot.notices.dates import find_dates
from bot.notices.documents import find_documents
from bot.notices.organizations import find_organizations
from bot.notices.plain import plain
from bot.notices.quantities import find_quantities
from bot.qa.asked import RANK
from bot.records import Want


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value in a sentence, offsets into the sentence. ``exact``: it has the very unit or precision asked for."""

    start: int
    end: int
    exact: bool


_FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "公里 千米 米 km 里",
        "平方米 ㎡ m2 亩 公顷 平方公里",
        "立方米 m3 方 升 立方 吨 吨/天 吨/日 万吨/天 立方米/天",
        "吨 公斤 千克 斤",
        "人 名 位 人次 人(次) 余人",
        "次 回 趟 场 轮 起 期 遍 场次 户次 人次 家次 趟",
        "家 户 个 座 处 所 企业 单位 户次",
        "个 项 条 件 类 份 种 篇 部 宗 例 批 大类 方面 本 处 座 支 组 家 户 所 人 名 位 台 辆 口 间 栋 "
        "套 艘 起 棵 块 根 张",
        "辆 台 艘 部",
        "件 起 宗 例",
        "艘 条 只",
        "棵 株",
        "头 只 羽",
        "天 日 个月 月 年 小时 周 工作日 个工作日",
    )
)
_KINDS = frozenset({"类", "种", "方面", "大类", "批"})
_BODIES = frozenset({"户", "家", "所", "人", "名", "位", "台", "辆", "栋", "间", "口"})
_PERSONS = frozenset({"人", "名", "位", "人次", "人(次)", "余人"})
_SCALED = re.compile(r"^[十百千]?[万亿千]?余?(?=\D)")
_MONEY = re.compile(r"(?:元|美元|万元|亿元|元/[^\s]{1,3})$")
_EVERY = re.compile(
    r"每(?:半月|两周|天|日|周|月|年|季度?|半年|半个月|两个?月|双月|两周|晚|班)(?:(?:至少"
    r"|不少于)[^,，。；;]{0,8}?[\d一二两三四五六七八九十]+次|[^,，。；;]{0,8}?(?:[2-9二两三四五六七八九十]|\d\d+)次|1次|一次)?|双月|按(?:月|季度?|年|周)"
    r"|[日周月季年](?:调度|通报|报制度|报)|不定期|定期"
)
_DOCNUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[(（【]\d{4}[〕\])）】]\s?第?\d+号")


def _titles(text: str) -> list[tuple[int, int]]:
    return [span for span in find_documents(text) if text[span[0] : span[1]].count("《") >= 1]


def _skipped(text: str) -> list[tuple[int, int]]:
    titles = _titles(text)
    dates = [(hit.start, hit.end) for hit in find_dates(text, titles)]
    return sorted([*titles, *dates])


def base_unit(unit: str) -> str:
    """A measure word without its 万/亿: 万吨 → 吨."""
    return _SCALED.sub("", unit) or unit


def unit_matches(asked: str, found: str) -> bool:
    """Whether a question for one measure word can be answered in another (个 for 家, never 公里 for 座)."""
    a, b = base_unit(asked), base_unit(found)
    if a in _PERSONS and b not in _PERSONS and b != "个":
        return False  # 几人 is not answered by 7项
    if {a, b} & _KINDS and {a, b} & _BODIES:
        return False  # 几户 is not answered by 三类
    return a == b or any(a in family and b in family for family in _FAMILIES)


_RANKED = re.compile(r"第\s?\d+(?:[位名])?|(?<!\d)\d+位")


def _numbers(text: str, unit: str | None) -> Iterator[TypedValue]:
    if unit == RANK:
        yield from (TypedValue(*match.span(), True) for match in _RANKED.finditer(text))
        return
    for hit in find_quantities(text, _skipped(text)):
        found = text[hit.unit_start : hit.end]
        if (
            unit is None
            or unit_matches(unit, found)
            or (unit in ("吨", "立方米") and found.partition("/")[0].endswith(("吨", "立方米")))
        ):
            yield TypedValue(hit.start, hit.end, _is_exact(unit, found))


def _is_exact(unit: str | None, found: str) -> bool:
    # 几个 is said of anything but kinds: 个 in the notice is no nearer to it than 起 or 名.
    if unit == "个":
        return base_unit(found) not in _KINDS
    return unit is not None and base_unit(unit) == base_unit(found)


def _money(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    for hit in find_quantities(text, _skipped(text)):
        if _MONEY.search(text[hit.unit_start : hit.end]):
            yield TypedValue(hit.start, hit.end, True)


def _percents(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    for hit in find_quantities(text, _skipped(text)):
        if text[hit.unit_start : hit.end] in {"%", "‰", "百分点", "个百分点"}:
            yield TypedValue(hit.start, hit.end, True)


def _durations(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    for hit in find_quantities(text, _skipped(text)):
        if unit_matches("天", text[hit.unit_start : hit.end]):
            yield TypedValue(hit.start, hit.end, True)
    for match in re.finditer(r"[前后][一二两三四五\d]+天|[一二两三四五六七八九十半]+(?:年|个月|天|周)", text):
        yield TypedValue(match.start(), match.end(), False)


MONTH = 7
"""Characters of an ISO month."""


def _dates(text: str, precision: int) -> Iterator[TypedValue]:
    found = find_dates(text, _titles(text))
    for hit in found:
        size = len(hit.iso.partition("/")[0])
        if size >= precision:
            # 2021年10月底 before 2021年 where no precision is asked for.
            yield TypedValue(hit.start, hit.end, size == precision or (not precision and size >= MONTH))
    if precision == 0:
        for match in _PLAN_PERIOD.finditer(text):
            yield TypedValue(match.start(), match.end(), False)
    if precision not in (0, 4):
        return
    # A year that dates nothing by itself (于2010年开始) still answers 哪年.
    taken = [(hit.start, hit.end) for hit in found]
    for match in re.finditer(r"(?<!\d)(?:19|20)\d\d年", text):
        if not any(low <= match.start() < high for low, high in taken):
            yield TypedValue(match.start(), match.end(), False)


_PLAN_PERIOD = re.compile(r"[“\"]?十[一二三四五六]五[”\"]?(?:期间|时期|末|规划期)")

Finder = Callable[[str, str | None], Iterator[TypedValue]]


def _matches(pattern: re.Pattern[str]) -> Finder:
    def find(text: str, unit: str | None) -> Iterator[TypedValue]:
        del unit
        return (TypedValue(m.start(), m.end(), True) for m in pattern.finditer(text))

    return find


_BODY = re.compile(
    r"[省市县区]委(?:编办|组织部|宣传部|统战部|政法委|督查室|办公室|巡察办)|(?:[省市县区]|当地)(?:委|政府|委市政府)|(?:纪检监察|公安|检察|司法|税务|海关)机关|(?<=委托|聘请|邀请)[\u4e00-\u9fff〇\d]{2,24}?(?=编制|设计|承担|开展|进行|实施|负责|检测|评估|运营|统一|对)|[\u4e00-\u9fff\d]{0,6}(?:巡察组|督察组|巡视组)"
    r"|(?:交通|环卫|城管|水利|公安|交警)部门|第三方[\u4e00-\u9fff]{0,6}(?:公司|机构)"
    r"|[\u4e00-\u9fff]{0,10}?(?:事务所|设计院|研究院|科学院|大学|学院|银行|合作社|集团|有限公司|分公司)|中科院"
)


def _organizations(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    found = [_bare(text, start, end, exact=True) for start, end in find_organizations(text)]
    yield from found
    # 以市政府名义, 由当地政府: bodies that act in passing answer 谁 as well.
    for match in _BODY.finditer(text):
        if not any(value.start < match.end() and match.start() < value.end for value in found):
            lead = _TAKEN.match(match.group())
            yield _bare(text, match.start() + (lead.end() if lead else 0), match.end(), exact=False)


def _bare(text: str, start: int, end: int, *, exact: bool) -> TypedValue:
    """A body without the words for the part that it plays (代建单位)."""
    lead = _ROLE_LEAD.match(text[start:end])
    return TypedValue(start + (lead.end() if lead else 0), end, exact)


_ROLE_LEAD = re.compile(
    r"(?:[项項]目|工程)?(?:代建|施工|监理|設計|设计|建设|建設|承建|运营|責任|责任)?(?:[单單]?位|方)(?=[\u4e00-\u9fff]{2,4}[省市县區区縣])"
)
"""What the body is, printed before its name."""
_TAKEN = re.compile(
    r"^.*(?:委托|邀请|聘请|推送|移交|会同|联合|督促|要求|确定|吸引|引进|指定|由|向|与|和|给|请|让|对|将)(?=.{2})"
)
"""What stands before a body's name and is no part of it."""

_STATUS = re.compile(
    r"(?:此项|该|上述|本项)?(?:问题|工程|项目|任务)?(?:已经?|均已?|全部|现已|基本|主体|正在|尚未|还未|未"
    r"|按期|提前)(?:[^,，。;；]{0,8}?)(?:竣工|完工|完成|建成|销号|验收|到位|办结|投入使用|投用|启动|推进"
    r"|施工|通过|解决|退还|退缴|清退|追回|收回|缴清|入库|导入[^,，。;；]{1,8})"
    r"(?!的)|整改完成|完成整改(?!的)|剩余[^,，。;；]{1,12}|序时进度|预计[^,，。;；]{1,16}"
)


_UNTITLED = re.compile(
    r"(?:出台|制定|印发|修订|编制)了?(?P<name>[^《》,，。;；:：的]{4,30}?(?:方案|办法|制度|规定|意见|细则|规划|机制))(?=[,，。;；]|$)"
)
"""A document named without its marks: 研究出台加快沿江化工企业退出工作方案."""


def _documents(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    yield from (TypedValue(start, end, True) for start, end in _titles(text))
    yield from (TypedValue(*match.span("name"), False) for match in _UNTITLED.finditer(text))


def _places(text: str, unit: str | None) -> Iterator[TypedValue]:
    del unit
    seen = [TypedValue(m.start, m.end, True) for m in mentions(text)]
    yield from seen
    for match in re.finditer(r"[\u4e00-\u9fff]{2,4}(?:区|镇|乡|街道|村|断面)", text):
        if not any(value.start <= match.start() < value.end for value in seen):
            yield TypedValue(match.start(), match.end(), False)


_CONTACT_KINDS = (
    ("mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("zip", re.compile(r"(?<=邮编)[::为]?\s?(\d{6})(?!\d)|(?<=邮政编码)[::为]?\s?(\d{6})(?!\d)")),
    ("mobile", re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")),
    ("phone", re.compile(r"\(?0\d{2,3}\)?[- ]?\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)")),
    (
        "address",
        re.compile(r"(?<=[::为])\s?[\u4e00-\u9fff\d]{2,40}?(?:号|室|楼|股|科|委|处|会|组|层|部)(?=[;；,，。)）]|$)"),
    ),
)


def _contacts(text: str, unit: str | None) -> Iterator[TypedValue]:
    """Contact data of the kind asked for (``unit``: mail, zip, phone, address; None for any)."""
    for kind, pattern in _CONTACT_KINDS:
        if unit in (None, kind):
            for match in pattern.finditer(text):
                start, end = match.span(1) if match.lastindex else match.span()
                yield TypedValue(start, end, True)


_FINDERS: dict[str, Finder] = {
    "number": _numbers,
    "money": _money,
    "percent": _percents,
    "duration": _durations,
    "frequency": _matches(_EVERY),
    "status": _matches(_STATUS),
    "document": _documents,
    "docnumber": _matches(_DOCNUMBER),
    "organization": _organizations,
    "place": _places,
    "contact": _contacts,
}


def typed_values(sentence: str, want: Want, unit: str | None, precision: int = 0) -> list[TypedValue]:
    """Every value of the wanted type in a sentence; none for ``text`` and ``person``. ``precision``: see ``Plan``."""
    flat = plain(sentence)
    if want == "date":
        return list(_dates(flat, precision))
    finder = _FINDERS.get(want)
    return list(finder(flat, unit)) if finder else []
