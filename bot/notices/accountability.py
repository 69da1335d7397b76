"""问责, 约谈, 处分 with their figures: the words that say who was held to account, and how many."""

from __future__ import annotations

import re

from bot.records import Span

_ACT = "诫勉谈话|提醒谈话|谈话提醒|批评教育|责任追究|追责问责|问责追责|通报批评|党纪政务处分|政务处分|党纪处分|党内(?:严重)?警告处分|警告处分|记过处分|记大过处分|撤职处分|政务(?:警告|记过|记大过|撤职|开除)(?:处分)?|党内(?:严重)?警告|行政处分|组织处理|约谈|问责|处分|诫勉|立案审查"
_FIGURE = re.compile(rf"(?:共|已|给予|分别给予|其中)?(?P<words>(?:给予)?(?:{_ACT})[^,。;、:\d\n]{{0,12}}\d+(?:人次|人|名|个|起|家|次))")
_CLAUSE = re.compile(rf"(?P<words>(?:对|给予)[^,。;:\n]{{1,50}}?(?:{_ACT})(?:处理|处分|和严肃教育)?)")
_BARE = re.compile(rf"(?P<words>严肃(?:追责问责|追究问责|问责追责|问责)|实施精准化约谈|约谈[^,。;\n]{{2,12}}\d+(?:名|人|人次|个|家))")


def find_accountability(plain: str) -> list[Span]:
    """Every mention, in order, none overlapping; a clause with 对… is taken whole, a figure from its act on."""
    spans: list[Span] = []
    for pattern in (_CLAUSE, _FIGURE, _BARE):
        for match in pattern.finditer(plain):
            span = match.span("words")
            if not any(span[0] < high and low < span[1] for low, high in spans):
                spans.append(span)
    return sorted(spans)
