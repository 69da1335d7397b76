"""The words of a sentence that answer a question for no typed value: the reason, the post, the penalty, the object.

Each kind of question has its own pattern over one sentence; where none fits, the clause that tells most is given. Reads
wording, does not parse.
"""

from __future__ import annotations

import re

from bot.fold import fold
from bot.notices.dates import find_dates
from bot.notices.plain import plain
from bot.notices.quantities import find_quantities
from bot.qa.clauses import telling_clause
from bot.qa.question import Plan
from bot.qa.terms import Terms
from bot.qa.words import synonyms

ASKS_WHY = re.compile(r"为啥|为什么|为何|原因|怎么回事|咋回事|因为啥|因为什么|凭啥|凭什么|卡在哪")
ASKS_STATE = re.compile(
    r"(?:得|成|在|看着|现在|目前|眼下|最后|结果)(?:怎么样|怎样|咋样|如何|啥样|什么样)|怎么样了|怎样了|咋样了?[?？]?$|啥情况"
    r"|什么情况|现在呢|目前呢|到哪了?|哪一?步|啥程度|什么程度|啥进度|什么进度|结果如何|进展"
)
ASKS_PENALTY = re.compile(
    r"怎么办[?？]?$|(?:什么|啥)(?:下场|后果|结局)|什么(?:处分|处理|处罚)|啥(?:处分|处理|处罚)|怎么处理|咋处理|如何处理|怎么罚|咋罚|怎么追责|怎么问责"
)
_REASON = re.compile(
    r"(?:因为|由于|鉴于|(?<![原起])因(?!此|素|地制宜|而))(?P<why>[^,，;；。]{3,40}?)(?=中止|终止|等(?:原因|因素)|的?原因|,|，|;|；|。|$"
    r"|(?:进展|进度|进程)?(?:滞后|缓慢|较慢)|尚未|还未|未(?:能|按|全|完|修|到)|无法|难以|不能|暂时?|导致|致使|影响)"
)
_AFFECTED = re.compile(r"(?P<why>受[^,，;；。]{2,30}?(?:影响|限制|制约))")
_PENALTY = re.compile(
    r"(?P<to>对[^,，;；。]{1,40}?)?(?:进行|给予|予以|作出|受到)(?P<what>(?:了)?[^,，;；。]{0,12}?"
    r"(?:诫勉谈话|诫勉|警告处分|处分|警告|约谈|通报批评|批评教育|谈话提醒|提醒谈话|问责|记过|撤职|立案查处|行政处罚))"
)
_ORDERED = re.compile(r"责令[^,，;；。]{0,14}(?:检讨|检查|改正|退缴|退赔)")
_STATE = re.compile(
    r"已[^,，;；。]{0,30}|均[^,，;；。]{2,30}|正在[^,，;；。]{1,30}|尚未[^,，;；。]{1,30}|未(?:启动|动工|开工|完成)[^,，;；。]{0,20}"
    r"|(?:整改|全部|基本|主体)完[成工]|完成整改|达到序时进度|剩余[^,，;；。]{2,30}|预计[^,，;；。]{2,30}|销号"
)
_FILLER = re.compile(
    r"高度重视|加大(?:执法|工作|监管|整改)?力度|认真(?:研究|整改|落实)|深刻(?:反思|认识)|举一反三|严格按照|提高认识|强化认识|进一步"
)
_RESTATES = re.compile(
    r"^(?:[一二三四五六七八九十]是)?(?:针对|对于|关于|围绕)|^(?:整改(?:措施|情况|结果|进展)[^:：]{0,6})$|问题[”\"]?$"
)
_PIECE = re.compile(r"[^,，;；:：。！？!?]+")
_LEAD = re.compile(
    r"^(?:整改(?:措施及成效|措施|情况|结果)[:：])?(?:[一二三四五六七八九十]是|其中|同时|目前|截至目前|现|此外|并且?|\d+[.、]|[(（][一二三四五六七八九十\d]+[)）]"
    r"|[①-⑳])+"
)
_TAIL = re.compile(r"[\s。；;，,!！?？、:：]+$")


def answering_span(sentence: str, plan: Plan, terms: Terms) -> str | None:
    """The part of the sentence that answers the plan's question, as printed; None where there is nothing in it."""
    flat = fold(sentence)
    flat = flat if len(flat) == len(sentence) else sentence
    for pick in (_reason, _post_held, _blamed, _penalty, _adjacent, _object, _state):
        found = pick(flat, plan)
        if found and (bare := _TAIL.sub("", found).strip()):
            at = flat.find(bare)
            return sentence[at : at + len(bare)]
    return telling_clause(_worded(sentence), plan, terms)


def _reason(sentence: str, plan: Plan) -> str | None:
    if not ASKS_WHY.search(plan.question):
        return None
    match = _AFFECTED.search(sentence) or _REASON.search(sentence)
    return match["why"] if match else None


_ASKS_POST = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2})(?:在[^,，。?？]{2,12}?)?(?:当|担任|任|是)(?:的)?(?:什么|啥)(?:职务?)?[?？]?$"
)


def _post_held(sentence: str, plan: Plan) -> str | None:
    """第一副组长 in 市长任第一副组长, where it is asked what the 市长 is."""
    asked = _ASKS_POST.search(plan.question)
    holder = re.search(r"(?P<who>[\u4e00-\u9fff]{2})(?:在|当|担任|任)", plan.question) if asked else None
    if not holder:
        return None
    match = re.search(
        rf"{holder['who']}(?:任|担任|为)(?P<post>[\u4e00-\u9fff]{{2,12}}?)(?=[,，、;；。]|的|$)", sentence
    )
    return match["post"] if match else None


def _penalty(sentence: str, plan: Plan) -> str | None:
    """诫勉谈话 in 对2名股室负责人进行诫勉谈话, of several the one whose persons the question names."""
    if not ASKS_PENALTY.search(plan.question):
        return None
    pairs = {plan.topic[n : n + 2] for n in range(len(plan.topic) - 1)}
    matches = list(_PENALTY.finditer(sentence))
    best = max(matches, key=lambda m: sum(pair in fold(m.group()) for pair in pairs), default=None)
    ordered = _ORDERED.search(sentence) if best is None else None
    if ordered:
        return ordered.group()
    return best["what"].removeprefix("了") if best else None


_ASKS_BLAMED = re.compile(
    r"(?:哪一?[个几些位名]|什么|啥)[^,，。?？]{0,6}(?:长|人|干部|负责人|书记|主任)[^,，。?？]{0,6}(?:谈话|约谈|处分|问责|诫勉|批评)|"
    r"(?:追究?|处分|问责|约谈|处理|诫勉|通报|批评)(?:了)?(?:谁|哪些人|什么人|哪几个人)|谁(?:被|受|挨)"
)
_BLAMED = re.compile(
    r"对(?P<who>[^,，;；。]{2,40}?)(?:进行|给予|予以|实施)(?:了)?[^,，;；。]{0,8}"
    r"(?:约谈|问责|处分|诫勉|批评|提醒|谈话|追责)|(?:约谈|问责|追究)了?(?P<whom>[^,，;；。]{2,30}?)(?=的?责任|[,，;；。]|$)"
)


def _blamed(sentence: str, plan: Plan) -> str | None:
    if not _ASKS_BLAMED.search(plan.question):
        return None
    match = _BLAMED.search(sentence)
    return (match["who"] or match["whom"]) if match else None


_WH = re.compile(r"什么|啥|哪|谁|多少|几|怎|咋|何|吗|呢|是不是|有没有|没|[?？]$")


def _adjacent(sentence: str, plan: Plan) -> str | None:
    """A keyword query for a figure (有机肥厂 年产): the quantity or date right behind its last word."""
    if _WH.search(plan.question) or plan.want != "text":
        return None
    words = re.findall(r"[\u4e00-\u9fff]{2,}", plan.topic)
    flat = plain(sentence)
    values = [(hit.start, hit.end) for hit in find_quantities(flat, [])]
    values += [(hit.start, hit.end) for hit in find_dates(flat, [])]
    for word in reversed(words[-2:]):
        for size in range(len(word), 1, -1):
            spot = fold(flat).find(word[-size:])
            near = [v for v in values if spot >= 0 and 0 <= v[0] - (spot + size) <= 2]
            if near:
                return sentence[near[0][0] : near[0][1]]
    return None


_ASKED_OBJECT = re.compile(
    r"(?P<verb>[\u4e00-\u9fff]{1,2}?)(?:了|过|的|到)?(?:是)?(?:个|份|些)?(?:什么|啥|哪一?[个些种份段家])(?:样的?)?(?P<noun>[\u4e00-\u9fff]{1,4}?)"
    r"(?:来|去|的|了|呢|呀|帮|[,，?？。]|$)"
)
_OBJECT_END = re.compile(r"(?=提供|进行|用于|开展|作为|对|为|负责|落户|参与|协助|指导|实施|[,，;；。]|$)")


def _object(sentence: str, plan: Plan) -> str | None:
    """What was engaged, held, built: the object behind the question's own verb, up to what it was for."""
    asked = _ASKED_OBJECT.search(plan.question)
    if not asked:
        return None
    verb = asked["verb"]
    verbs = [verb, verb[-1], *(o for v in (verb, verb[-1]) for o in synonyms().get(v, ()))]
    for word in dict.fromkeys(verbs):
        match = re.search(
            rf"{re.escape(word)}[请办了]?(?P<what>[^,，;；。]{{2,24}}?){_OBJECT_END.pattern}", fold(sentence)
        )
        if match and len(fold(sentence)) == len(sentence):
            return sentence[match.start("what") : match.end("what")]
    return None


def _state(sentence: str, plan: Plan) -> str | None:
    """How things stand: the clauses that say it, 目前 and the subject that the question named left out."""
    if not ASKS_STATE.search(plan.question):
        return None
    now = re.search(r"(?:截至?目前|目前|现已?)[,，]?(?P<rest>[^;；。]+)", sentence)
    match = _STATE.search(now["rest"] if now else sentence)
    if match:
        return match.group()
    return now["rest"] if now else None


def _worded(sentence: str) -> str:
    """The sentence without the pieces that restate the problem or say nothing (高度重视), if others are left."""
    pieces = list(_PIECE.finditer(sentence))
    kept = [m for m in pieces if not (_RESTATES.search(m.group().strip()) or _FILLER.search(m.group()))]
    if not kept or len(kept) == len(pieces) or kept[0].start() == 0:
        return sentence
    return sentence[kept[0].start() :]
