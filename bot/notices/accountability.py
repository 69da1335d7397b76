"""问责, 约谈, 处分 with their figures: the clause that says who was held to account, and how many."""

from __future__ import annotations

import re

from bot.records import Span

_ACT = re.compile(
    "诫勉谈话|诫勉|提醒谈话|谈话提醒|批评教育|责任追究|追责问责|问责追责|追究问责"
    "|通报批评|党纪政务处分|政务处分|党纪处分|党内严重警告处分|党内警告处分|警告处分"
    "|记过处分|记大过处分|撤职处分|政务警告|政务记过|政务记大过|政务撤职|政务开除"
    "|党内严重警告|党内警告|行政处分|组织处理|约谈|启动问责|问责|开除党籍处分|开除党籍|处分|书面检讨"
)
_FIGURE = re.compile(r"[^,。;、:\d\n]{0,12}\d+(?:人次|人|名|个|起|家|次)")
_AFTER = re.compile(
    r"(?:处分|处理|程序|和严肃教育)*(?:(?:、[^,。;、:\d\n]{2,12}){0,2}处分)?"
    r"(?:[^,。;:\d\n]{0,20}(?<![对给予])\d+(?:人次|人|名|个|起|家|次))?"
)
_OBJECT = re.compile(r"(?:相关|有关|主要)*(?:负责人|责任人|责任单位)(?=[,。;])")
_TOWARDS = re.compile(r"对于?[^,。;:\n]{2,24}(?:单位|干部|人员|责任人|党员)$")
_BOUND = ",。;:、\n①②③④⑤⑥⑦⑧⑨"
_NO_ACT = re.compile("整改|力度|机制|制度|问题|单位要|内容|事项|会|后续|函|责任书|办法|对象|和")


def find_accountability(plain: str) -> list[Span]:
    """Every mention in order, none overlapping."""
    spans: list[Span] = []
    for match in _ACT.finditer(plain):
        reached = spans[-1][1] if spans else 0
        span = _mention(plain, *match.span(), reached) if match.start() >= reached else None
        if span:
            spans.append(span)
    return spans


def _mention(plain: str, start: int, end: int, reached: int) -> Span | None:
    """The clause from 对…, or from 给予, or from the act on; without an object, figure or 严肃 it is a name only.

    ``reached``: the end of the mention before, over which none reaches back.
    """
    window = max(0, start - 60)
    low = max(plain.rfind(mark, window, start) for mark in ",。;:\n") + 1 or window
    low = max(low, reached)
    after = _AFTER.match(plain, end)
    stop = after.end() if after else end
    given = plain.rfind("给予", max(low, start - 6), start)
    towards = plain.find("对", low, start)
    if stop > end and plain[stop - 1] in "人次名个起家次":
        if given < 0 <= towards < start - 1 and not plain.startswith("问题", start - 2):
            return towards, stop
        return (given if given >= 0 else start - (plain[start - 1] == "共")), stop
    if 0 <= towards < start - 1:
        return towards, stop
    if towards < 0 and (before := _clause_before(plain, low, reached)) is not None:
        return before, stop
    if given >= 0:
        return given, stop
    if named := _OBJECT.match(plain, stop):
        return start, named.end()
    if "检讨" in plain[start:end] and (ordered := plain.find("责令", low, start)) >= 0:
        return ordered, stop
    if plain[max(low, start - 2) : start] == "严肃":
        return start - 2, stop
    return None


def _clause_before(plain: str, low: int, reached: int) -> int | None:
    """Where the clause before begins, if it says towards whom: 对于履职不力的干部,严格予以问责."""
    if low < 2 or plain[low - 1] != ",":
        return None
    window = max(reached, low - 40)
    start = max(plain.rfind(mark, window, low - 1) for mark in ",。;:\n") + 1
    match = _TOWARDS.match(plain, max(start, window), low - 1)
    return match.start() if match else None
