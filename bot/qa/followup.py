"""Follow-up questions: made self-contained only where they are not, with the original kept.

A short question without a subject of its own leans on the turn before it; what that turn was about is found by asking
the earlier question again, not by trusting the text of its answer. Does not resolve pronouns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.fold import fold
from bot.gazetteer import mentions
from bot.qa.question import Plan

_LEANS = re.compile(
    r"^(?:那么?|这|它|他|其|该|此|上面|前面|刚才|刚刚|还有|另外|然后|后来|再|又|为什么|为啥|什么时候|多少"
    r"|几|一共|总共|具体|哪|谁|怎么|如何|在这之前|之前|之后|结果|后续|对)|呢[?？]?$"
    r"|(?:它|这个|那个|这些|那些|上述|其中|这项|这件|该项|这条|第[一二三四五六七八九十\d]+[条个项])"
)
_SWITCH = re.compile(r"换个|另一个问题|不说这个|别的|再问一个|下面问")
_SWAP = re.compile(r"^(?:那么?)?(?P<what>[^,，?？]{1,16}?)(?:那边|那儿|那里|方面|的)?呢[?？]?$")
_SHORT = 26


@dataclass(frozen=True, slots=True)
class Followed:
    """``question``: as it is to be asked. ``leans``: whether it needs what the turn before was about."""

    question: str
    leans: bool


def self_contained(question: str, before: str) -> Followed:
    """The question as it would have been asked without the turn before it (``before``: that turn's question)."""
    if not _leans(question):
        return Followed(question, False)
    swapped = _swapped(question, before)
    # 沧州那边呢: the earlier question for another place; what it was about no longer binds.
    return Followed(swapped, False) if swapped else Followed(question, True)


_OPENING = re.compile(
    r"^(?:换个问题|另一个问题|再问(?:一?个|一下)(?:问题)?|顺便问(?:一下|一句)?|另外问(?:一下)?|我再问一下)[,，:：\s]*"
)
_WH = re.compile(r"多少|几|什么|啥|谁|哪|怎|咋|何|吗|是不是|是否|有没有")


def without_switch(question: str) -> str:
    """The question without the words that only say that another one comes."""
    return _OPENING.sub("", question)


def inherited(plan: Plan, before: Plan) -> Plan:
    """PM10呢 asks for what was asked before: the type of answer is taken over where the question names none."""
    if plan.yes_no or plan.want != "text" or _WH.search(plan.question) or before.yes_no:
        return plan
    return replace(plan, want=before.want, unit=before.unit, precision=before.precision)


def _leans(question: str) -> bool:
    folded = fold(question).strip()
    if _SWITCH.search(folded):
        return False
    own_place = bool(mentions(folded))
    if _SWAP.match(folded):
        return True
    if own_place and len(folded) > 12:
        return False
    return bool(_LEANS.search(folded)) or len(folded) <= _SHORT


def _swapped(question: str, before: str) -> str:
    """The earlier question with its place (or year) exchanged for the one asked about now; "" where none is."""
    match = _SWAP.match(fold(question).strip())
    if not match:
        return ""
    now, then = mentions(match["what"]), mentions(fold(before))
    if now and then:
        return _replaced(fold(before), then[0].text, match["what"])
    year, former = re.search(r"(?:19|20)\d\d", match["what"]), re.search(r"(?:19|20)\d\d", before)
    if year and former and len(match["what"]) <= 6:
        return before.replace(former.group(), year.group())
    return ""


_UNIT = r"[市县区省]?(?:[\u4e00-\u9fff]{1,8}?(?:局|委|厅|办|镇|街道|中心))?(?:党组|党委)?"


def _replaced(before: str, old: str, new: str) -> str:
    """The place exchanged, its suffix and unit with it where the new one has a unit: 永新县水利局 → 饶平县卫健局."""
    with_unit = bool(re.search(r"(?:局|委|厅|办|镇|街道|中心|党组|党委)$", new))
    return re.sub(re.escape(old) + (_UNIT if with_unit else "[市县区]?"), new, before)
