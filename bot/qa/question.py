"""Understanding a question by rules: what kind of answer it wants, over which notices, taking what for granted.

Works on the folded question alone. Does not know what is in the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.fold import fold
from bot.gazetteer import Mention, mentions
from bot.qa.asked import attribute, figure_unit, focus, precision_asked, thing, wanted
from bot.qa.route import routed
from bot.records import Over, Route, Want


@dataclass(frozen=True, slots=True)
class Plan:
    """A question understood.

    ``question``: folded, without a preface. ``want``: the type of the short answer; ``unit``: the measure word asked
    for (公里), folded; of a contact its kind. ``precision``: of the date asked for, 4 year, 7 month, 10 day, 0 any.
    ``topic``: what is left of the question when its question words are taken away. ``places``: as written. ``years``:
    four digits. ``focus``: what is counted (产值 in 多少产值), "" where unclear; ``thing``: what a
    number or a 什么 is asked of (课时费, 牌子). ``about``: items that the conversation is about.
    """

    question: str
    route: Route
    over: Over
    want: Want
    unit: str | None
    precision: int
    yes_no: bool
    topic: str
    places: tuple[Mention, ...]
    years: tuple[str, ...]
    about: frozenset[str] = frozenset()
    focus: str = ""
    thing: str = ""


_YES_NO = re.compile(
    r"(?:吗|(?<![什怎多那这])么|没有|没|嘛|不)[呀啊呢]?[?？。]?$|有无|是不是|是否|有没有|能不能|对不对"
    r"|对吗|对吧|是吧|是吗|属实|([\u4e00-\u9fff])[没不]\1"
)
_PUT_TO = re.compile(
    r"^(?!.*(?:多少|几|什么|啥|谁|哪|何|怎|咋|多久|多[长大高]|如何)).*(?:吗|有没有|是不是|是否|有无|([\u4e00-\u9fff])[没不]\1|没有?[?？]?$)"
)
"""A question with no question word but 吗, 有没有, 是否 asks to confirm, whatever it speaks of."""
_ALL_DONE = re.compile(
    r"(?:都|全|全部|已经?|现在)[^,，。?？]{0,8}(?:了吗|了没|了么|没有|没)[?？]?$|了(?:吗|没有|没)[?？]?$"
)
_ASKS_DONE = re.compile(
    r"竣工|完工|完成|建成|销号|验收|整改到位|办结|投用|做完|修好|搬完|整改好|到位了?没|弄好|解决|动工|开工"
    r"|启动|搞定|结束|合格|达标|装好|办完|收全|还清|修完|拆完|搬完|建好|整改完|改完|退(?:了|还|缴|清|完|给|掉)"
    r"|启用|投入使用|交付|开通|通车|通水|处置完|处理完|清完|发完|拨完|关停|拨付|兑付|发放"
    r"|清退|追回|收回|缴清"
)

_WH = re.compile(r"多少|几|什么|啥|谁|哪|怎|咋|何|吗|呢|是不是|是否|有没有|多[久长大高]|[?？]")
_ASKING = re.compile(
    r"文号|请问|请|帮我|告诉我|查一下|查查|说说|我想(?:知道|问|了解)|想问|一下|多少"
    r"|几(?=[个家户座处条项件次年月天号])|什么时候|什么|啥时候|啥时|啥|哪一?[个些天年家里儿份项]|何时|如何"
    r"|怎么样?|怎样|咋样?|为什么|为何"
    r"|是不是|是否|有没有|吗|呢|啊|呀|吧|的?情况|一共|总共|共|目前|现在|到底|究竟|已经|了|[?？。,，!！;；]"
)


def understand(question: str) -> Plan:
    """The plan for a self-contained question."""
    asked = _without_preface(tidied(question))
    want, unit = wanted(asked)
    # 多久…是不是… asks how often: a question word outweighs 是不是.
    if want in ("money", "contact", "organization", "document", "percent", "date") and _PUT_TO.search(asked):
        want, unit = "text", None
    yes_no = want == "text" and bool(_YES_NO.search(asked))
    route, over = routed(asked, want, yes_no)
    done = yes_no and bool(_ASKS_DONE.search(asked))
    # 18处矿山都修好了吗 asks for the state, 是不是只有27座 for the figure.
    figure = (
        figure_unit(asked)
        if yes_no and not (done and (_ALL_DONE.search(asked) or re.search(r"全部|都|全", asked)))
        else None
    )
    return Plan(
        question=asked,
        route=route,
        over=over,
        want="number" if figure else "status" if done else want,
        unit=figure or unit,
        yes_no=yes_no,
        precision=precision_asked(asked) if want == "date" else 0,
        topic=" ".join(_ASKING.sub(" ", asked).split()),
        places=_places(asked),
        thing=thing(asked) if want in ("number", "text") and not yes_no else "",
        focus=focus(asked) if want in ("number", "money") else attribute(asked),
        years=tuple(dict.fromkeys(re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年)", asked))),
    )


_ALONE = re.compile(r"(?:^|\s)[\u4e00-\u9fff](?=\s|$)")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])|(?<=\d)\s+(?=[\u4e00-\u9fff])")
_INSPECTED = re.compile(
    r"巡查(?=组|整改|反馈|意见|通报|发现|期间)|(?<=[被受轮]的)巡查|(?<=[被受轮委])巡查|(?<=接受)巡查|(?<=专项|机动)巡查(?![一两三几多\d次])"
)
_SUPERVISED = re.compile(r"(?<=环保|保护|中央)督查|督查(?=组|反馈)")


def tidied(question: str) -> str:
    """The question folded, without spaces inside words, and 巡察, 督察 where 巡查, 督查 is typed for them.

    Spaces between words stay (临湘 污水管网): only a character that stands alone shows that words are torn.
    """
    folded = fold(question).strip()
    if _ALONE.search(folded):
        folded = _BETWEEN.sub("", folded)
    return _SUPERVISED.sub("督察", _INSPECTED.sub("巡察", folded))


def _places(asked: str) -> tuple[Mention, ...]:
    """The places named; 和安 in 泾县和安岳, 新和 in 永新和永乐 are none: the 和 joins two names."""
    found = mentions(asked)
    for mention in found:
        at = next((n for n in (mention.start, mention.end - 1) if asked[n] in "和同与"), None)
        if at is None or re.search(r"[市县区州]$", mention.text):
            continue
        if all("\u4e00" <= char <= "\u9fff" for char in (asked[at - 1 : at] or " ", asked[at + 1 : at + 2] or " ")):
            found = mentions(asked[:at] + "," + asked[at + 1 :])
    return tuple(found)


def _without_preface(asked: str) -> str:
    """A long question without what comes before its point (领导您好，下周去调研，…); a clause with a place stays."""
    if len(asked) < 45:
        return asked
    clauses = re.split(r"(?<=[,，。:：;；])", asked)
    points = [n for n, clause in enumerate(clauses) if _WH.search(clause)]
    if not points:
        return asked
    first = max(points[-1] - 1, 0) if len(points) == 1 else points[0]
    kept = [clause for n, clause in enumerate(clauses) if n >= first or (mentions(clause) and n >= first - 2)]
    return "".join(kept)
