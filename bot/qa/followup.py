"""Follow-up questions: made self-contained only where they are not, with the original kept.

A short question without a subject of its own leans on the turn before it; what that turn was about is found by asking
the earlier question again, not by trusting the text of its answer. Does not resolve pronouns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.fold import fold
from bot.gazetteer import mentions
from bot.qa.labelled import LIKE, Figure, figures_of, fit
from bot.qa.question import Plan
from bot.qa.sentences import Sentence

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


# -- figures of the sentence talked about ------------------------------------------------------------------------------

_ASKED_AWAY = re.compile(
    r"^(?:那么?|其中|最后|后来|又)+|(?:分别)?(?:是|有|为)?(?:多少|几).*$|(?:分别|呢|还有|总共|一共|的)+$|[?？。]"
)


def beside(plan: Plan, sentences: Sequence[tuple[str, Sentence]]) -> tuple[str, Sentence, list[str]] | None:
    """The figure that a short follow-up asks for in the very sentences that proved the answer before it.

    就地转产的呢 after 关闭退出几家: the figure that stands beside 就地转产. Several where the question joins names.
    None where no figure has the question's words beside it.
    """
    what = _ASKED_AWAY.sub("", _ASKED_AWAY.sub("", plan.question)).strip("的呢,， ")
    if plan.yes_no or plan.want not in ("number", "money", "percent", "text"):
        return None
    if plan.want == "text" and not _SWAP.match(plan.question):
        return None
    names = [name for name in re.split(r"[、和及与]", what) if len(name) >= 2]
    best: tuple[float, str, Sentence, list[str]] | None = None
    for notice_id, sentence in sentences:
        figures = [f for f in figures_of(sentence.text) if _same_unit(f, plan)]
        own = [max(((fit(f, name), -f.start, f) for f in figures), default=None) for name in names]
        found = [o for o in own if o and o[0] >= NAMED]
        if names and len(found) == len(names) and (best is None or found[0][0] > best[0]):
            best = (found[0][0], notice_id, sentence, [sentence.text[-o[1] : -o[1] + len(o[2].text)] for o in found])
    return best[1:] if best else None


NAMED = 0.45
"""How much of a follow-up's words must stand beside a figure of the sentence talked about."""


def _same_unit(figure: Figure, plan: Plan) -> bool:
    if plan.want == "text" or _SWAP.match(plan.question) or not plan.unit:
        return True
    return figure.unit == plan.unit or figure.unit in LIKE.get(plan.unit, ())
