"""问责, 约谈, 处分 with their figures: the clause that says who was held to account, and how many."""

from __future__ import annotations

import re

from bot.records import Span

_ACT = re.compile(
    "诫勉谈话|诫勉|提醒谈话|谈话提醒|批评教育|责任追究|追责问责|问责追责|追究问责"
    "|通报批评|党纪政务处分|政务处分|党纪处分|党内严重警告处分|党内警告处分|警告处分"
    "|记过处分|记大过处分|撤职处分|政务警告|政务记过|政务记大过|政务撤职|政务开除"
    "|党内严重警告|党内警告|行政处分|组织处理|约谈|启动问责|问责|处分|书面检讨|立案审查"
)
_FIGURE = re.compile(r"[^,。;、:\d\n]{0,12}\d+(?:人次|人|名|个|起|家|次)")
_AFTER = re.compile(r"(?:处分|处理|程序|和严肃教育)*(?:[^,。;、:\d\n]{0,12}\d+(?:人次|人|名|个|起|家|次))?")
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
    towards = plain.find("对", low, start)
    if towards >= 0:
        return towards, stop
    given = plain.rfind("给予", max(low, start - 6), start)
    if given >= 0:
        return given, stop
    if stop > end and plain[stop - 1] in "人次名个起家次":
        return start, stop
    if plain[max(low, start - 2) : start] == "严肃":
        return start - 2, stop
    return None
