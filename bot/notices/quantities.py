"""Numbers with their measure words: 37座, 2万吨, 1.5亿元, 10%, 三个, 1至1.5万吨.

Not quantities: years and dates, document numbers, ordinals (第一批), ranks (三级), slogans (一企一策).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SCALE = r"(?:[十百千]?[万亿]|千)"
_UNIT = (
    r"户次|人次|家次|台次|辆次|件次|项次|处次|场次|轮次|批次|架次|艘次|车次|余次"
    r"|人\(次\)|台\(套\)|家\(次\)|户\(次\)|个\(次\)|套\(台\)|辆\(次\)|份\(次\)"
    r"|mg/L|mg/l|μg/m3|µg/m3|μg/m³|ug/m3|微克/立方米|毫克/升|元/[吨升亩平户人月年天日个米公斤次]+"
    r"|平方公里|平方千米|平方米|立方米|公里|千米|毫米|厘米|公顷|公斤|千克|千瓦时"
    r"|千瓦|兆瓦|千伏安"
    r"|个月|个工作日|工作日|小时|分钟|百分点|个百分点|㎡|m2|m3|m³|km|吨|米|亩|升"
    r"|克|度|元|美元|人|名|个|座|家|户|次|件|条|项|处|台|套|辆|艘|份|篇|期|场|宗"
    r"|起|岁|批|轮|株|棵|头|只|羽|口|栋|幢|间|所|支|组|类|盏|根|块|片|卷|册|本|例"
    r"|笔|桩|张|封|位|对|道|扇|门|眼|孔|段|节|步|间|面|顶|车|桶|箱|袋|瓶|吨次|千瓦时"
    r"|天|日|周|月|年|届|代|%|‰|℃|亿|倍"
)
_CHINESE_UNIT = (
    r"年(?!级|度|级|代|行动|计划|规划)|个月|小时|人次|户次|天|次|个|家|名|条|项|处"
    r"|座|台|套|辆|份|期|场|起|批|轮|类|大类|支|宗|所|间|户|件|口|栋|周|吨|亩|万元"
    r"|亿元|公里|人|篇|例|笔"
)
# Each begins with a class of characters, so that the search skips to it at once; what stands before is looked at after.
_FIGURE = re.compile(
    r"(?P<value>[0-9](?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])"
    r"|[0-9]*)(?:\.[0-9]+)?)(?:(?: ?[-~至到] ?)(?P<to>[0-9]{1,14}(?:\.[0-9]{1,9})?))? ?"
    rf"[余多来]?(?P<unit>{_SCALE}?余?多?(?:{_UNIT})(?:/(?:天|日|年|月|吨|升|亩|户|人))?|{_SCALE})"
)
_NUMERAL = re.compile(
    r"(?P<cn>[一二三四五六七八九两几十百][一二三四五六七八九两几十百]{0,4})(?:[至到](?P<cnto>[一二三四五六七八九十两]))?"
    rf"(?P<cnunit>{_CHINESE_UNIT})"
)
_JOINED = "第一二三四五六七八九十百千每近初上下星期“‘"
_NOT_AFTER = re.compile(r"年(?:度|\d{1,2}月|底|初|内|末|来)|[日号月](?!均)")
# A numeral that counts nothing: idioms, parts of names, sides of a coin.
_IDIOM = re.compile(
    r"一(?:个(?:具体|牵头|完成|完整|问题|方案|领导|都|月|整|新|又|的|个)|次性|批(?!次)"
    r"|名(?:领导|牵头)|条(?:心|龙)|家人|项一|起(?!案|事)|处(?!的)|类(?!问)|期(?:工程"
    r"|建设|项目|扩)|人一|户一|家一|场(?:硬仗|攻坚)|个都|口气|份责任|支(?:部|队))"
    r"|二次|[一二三四五六]期(?:已|均|完|工程|建设|项目|扩|投)|[一三四五六七八九十]年(?:行动|计划|规划|滚动|以)"
    r"|[二三四五六](?:级|类水|批(?:水|国|省|中)|次(?:党|会|全)|支队|条措施)"
)
_SKIP_BEFORE = re.compile(r"[“‘〔\[(《]$|(?:每|各|同|另|某|那|哪|任何|上|下|唯|统|万|专|首|这|同|逐|进)$")


_NO_QUANTITY_BEFORE = frozenset("第-.")
_NOT_ALWAYS = frozenset("年日月号周度")


class QuantityHit(NamedTuple):
    """A quantity: ``start`` to ``end`` are offsets, ``unit_start`` where its unit begins."""

    value: str
    start: int
    end: int
    unit_start: int


def find_quantities(plain: str, skip: Sequence[tuple[int, int]]) -> list[QuantityHit]:
    """Every quantity of the text in order, those that begin inside ``skip`` (sorted spans: dates, 《》) left out."""
    kept = []
    index = 0
    for hit in _hits(plain):
        while index < len(skip) and skip[index][1] <= hit.start:
            index += 1
        if index == len(skip) or hit.end <= skip[index][0]:
            kept.append(hit)
    return kept


def _hits(plain: str) -> list[QuantityHit]:
    return sorted([*_figures(plain), *_numerals(plain)], key=lambda hit: hit.start)


def _figures(plain: str) -> Iterator[QuantityHit]:
    for match in _FIGURE.finditer(plain):
        start = match.start()
        before = plain[start - 1] if start else ""
        if before in _NO_QUANTITY_BEFORE or (before.isascii() and before.isalnum()):
            continue
        value, to, unit = match.groups()
        if _is_no_quantity(plain, match, value, unit):
            continue
        shift = len(unit) - len(unit.lstrip("余多"))
        value = value.replace(",", "") + (f"/{to}" if to else "")
        yield QuantityHit(value, start, match.end(), match.start("unit") + shift)


def _numerals(plain: str) -> Iterator[QuantityHit]:
    for match in _NUMERAL.finditer(plain):
        start = match.start()
        if (start and plain[start - 1] in _JOINED) or not _counts(plain, match):
            continue
        value = match["cn"] + (f"/{match['cnto']}" if match["cnto"] else "")
        yield QuantityHit(value, start, match.end(), match.start("cnunit"))


def _is_no_quantity(plain: str, match: re.Match[str], value: str, unit: str) -> bool:
    if unit not in _NOT_ALWAYS:
        return False
    after = plain[match.end() : match.end() + 1]
    if unit == "年" and (len(value) == 4 or after in "度版"):
        return True
    if unit in ("日", "月", "号") or (unit == "周" and after == "年"):
        return True
    return unit == "度" and len(value) == 4


def _counts(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 2) : match.start()]
    if (
        match["cn"] == "一"
        and f"一{match['cnunit']}"
        in plain[max(0, match.start() - 8) : match.start()] + plain[match.end() : match.end() + 8]
    ):
        return False  # 发现一家,整治一家
    return not _SKIP_BEFORE.search(before) and not _IDIOM.match(plain, match.start(), match.end() + 3)
