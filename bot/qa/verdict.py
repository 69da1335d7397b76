"""Yes or no: what the evidence says of what a question asks to confirm, 是 or 不是 only where its words bear it out.

Does not know whether the evidence is the right one; without words for either it gives the notice's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.fold import fold
from bot.qa.compose import Base, answered, quoted
from bot.qa.evidence import ASKS_FINDING, Proof
from bot.qa.figures import FigureIn, Verdict, compare_figure, figures, same_unit, says_unfinished
from bot.qa.labelled import figures_of
from bot.qa.question import Plan
from bot.qa.words import synonyms
from bot.records import Answer


@dataclass(frozen=True, slots=True)
class Premise:
    """A figure that the question takes for granted, and the one that the evidence prints instead, if any."""

    asked: FigureIn
    verdict: Verdict
    printed: FigureIn | None


def premises(plan: Plan, evidence: str) -> list[Premise]:
    """Every figure of the question with what the evidence says of it."""
    found = []
    for figure in figures(plan.question):
        verdict, printed = compare_figure(figure, plan.question, evidence)
        found.append(Premise(figure, verdict, printed))
    return found


_ASKS_NOT = re.compile(
    r"(?:还|仍|尚|是不是|是否|有)?(?:没有?|未|不)(?=[^吗么?？]{0,12}(?:竣工|完工|完成|建成|销号|整改|办结|搬)(?!了?的))"
)


def yes_no(base: Base, plan: Plan, found: Sequence[Proof]) -> Answer:
    """The answer of a yes/no question from its ranked proofs, of which there is at least one."""
    proof = _stating(plan, found)
    result = _result_of([proof, *(p for p in found if p is not proof)]) if plan.want == "status" else None
    shown = [proof] if result in (None, proof) else [result, proof]
    short_of_all = _short_of_all(plan, found) if _ALL.search(plan.question) else None
    if short_of_all is not None:
        shown = [short_of_all]
    text, citations = quoted(base, [(p.notice_id, p.sentence) for p in shown if p])
    verdict = _verdict(plan, [p for p in shown if p])
    if verdict is None:
        # Neither finished nor unfinished in so many words: the notice's own words, and no 是 that they do not bear out.
        said = proof.short or (result.short if result else None)
        return answered(base, f"通报的表述是：{text}", citations, short=said, items=proof.items)
    word = "是" if verdict else _no(plan)
    lead = f"{word}[1]。"
    shown += _beside(shown, found)
    text, citations = quoted(base, [(p.notice_id, p.sentence) for p in shown if p], lead)
    return answered(base, text, citations, short=word, items=proof.items)


def _beside(shown: Sequence[Proof | None], found: Sequence[Proof]) -> list[Proof]:
    """A sentence of the same item that names what is asked about where the one shown does not (已销号), else the next
    one that tells a state and proves nearly as much; none where there is neither."""
    first = shown[0]
    if first is None or len(shown) > 1:
        return []
    own = [p for p in found[:8] if p.item_id == first.item_id and first.item_id and not p.finding]
    named = max(own, key=lambda p: p.own, default=first)
    if first.own < PART_SHARE * named.own:
        return [named]
    close = [p for p in found if p is not first and p.item_id == first.item_id and p.best and not p.finding]
    return [p for p in close[:1] if first.item_id and p.topical >= BESIDE_SHARE * first.topical]


BESIDE_SHARE = 0.8


def _short_of_all(plan: Plan, found: Sequence[Proof]) -> Proof | None:
    """The sentence that counts fewer than all of what the question takes together; None without one."""
    near = [p for p in found[:8] if p.topical >= PART_SHARE * found[0].topical and p.notice_id == found[0].notice_id]
    most = max((p.own for p in near), default=0.0)
    told = [p for p in near if not p.finding and p.own >= PART_SHARE * most]
    return next((p for p in told if _only_some(plan.question, [fold(_clause(plan, p.sentence.text))])), None)


PART_SHARE = 0.5
"""A sentence that counts a part must be so good, as a share of the best one."""

_HAS_IT = re.compile(r"有没有|有无|(?:了|过|完|好|到位|工|号)?没有?[呀啊呢]?[?？。]*$|了么[?？]?$")


def _no(plan: Plan) -> str:
    """The denial in the question's own form: 没有 to 有没有 and 了没, else 不是."""
    return "没有" if _HAS_IT.search(plan.question) else "不是"


def _stating(plan: Plan, found: Sequence[Proof]) -> Proof:
    """The sentence that tells the state: what was found is not how it ended, so measures come before findings."""
    about_finding = bool(ASKS_FINDING.search(plan.question))
    near = [p for p in found[:10] if (about_finding or not p.finding) and p.topical >= 0.5 * found[0].topical]
    told = _naming(plan, near) or _bounding(plan, found)
    if told:
        return told
    leader = max(near, key=lambda p: p.context, default=None)
    with_state = [
        p
        for p in near
        if p.best is not None and leader and (p.context >= SAID_SHARE * leader.context or p.item_id == leader.item_id)
    ]
    return ((with_state if plan.want == "status" else []) or near or list(found))[0]


_ASKS_DEED = re.compile(r"有没有(?P<deed>[\u4e00-\u9fff]{2})")


def _naming(plan: Plan, near: Sequence[Proof]) -> Proof | None:
    """The sentence that prints the date of the question, or the deed that it asks about (有没有问责); None without."""
    dates = [figure for figure in figures(plan.question) if figure.unit == "date"]
    deed = _ASKS_DEED.search(plan.question)
    for proof in near:
        if any(compare_figure(date, plan.question, proof.sentence.text)[0] == "same" for date in dates):
            return proof
        if deed and re.search(rf"(?:^|[,，。;；：:]){deed['deed']}", fold(proof.sentence.text)):
            return proof
    return None


def _bounding(plan: Plan, found: Sequence[Proof]) -> Proof | None:
    """The sentence whose figure is held against the bound that the question names; None where it names none."""
    asked = next((f for f in figures(plan.question) if f.unit != "date"), None)
    if not _BOUND.search(plan.question) or asked is None:
        return None
    near = [p for p in found[:8] if p.topical >= PART_SHARE * found[0].topical]
    held = [p for p in near if any(same_unit(asked, f) for f in figures(p.sentence.text))]
    return max(held, key=lambda p: p.own, default=None)


SAID_SHARE = 0.3
"""A sentence with a state must have so much of the question's words as the one that has most: others end too."""

_RESULT = re.compile(
    r"(?:该|此项|上述|本|此|这一)问题[^,，。]{0,8}(?:已|均)[^,，。]{0,8}(?:完成|整改|销号|解决|到位)"
    r"|整改完成|(?:工程|项目|设施|水体|治理|问题)?(?:已|均已|全部)(?:经)?(?:全部)?(?:竣工|完工|建成|销号"
    r"|整改到位|完成整改|办结)|主体(?:工程)?已?完[工成]|(?:尚)?未(?:启动|动工|开工)|正在施工"
    r"|预计[^,，。]{0,12}(?:完工|完成)"
)


def _result_of(found: Sequence[Proof]) -> Proof | None:
    """The sentence of the best proof's item that says how it ended: 该问题已整改完成 names no subject of its own."""
    best = found[0]
    same = [
        p
        for p in found
        if p.item_id is not None and p.item_id == best.item_id and not p.finding and _RESULT.search(p.sentence.text)
    ]
    return max(same, key=lambda p: p.topical, default=None)


_ASKS_FIGURE = re.compile(r"是[^,，。?？]{0,10}\d[^,，。?？]{0,14}的[吗么吧]?[?？。]?$")
"""Asks whether the figure is the one (是5月10日开工的吗), not whether the thing is done."""
_ASKS_DONE = re.compile(r"已经?[^,，。?？]{1,10}(?:吗|没|么)|(?:了|完|好|到位|掉)(?:吗|没有?|么)[呀啊呢]?[?？。]?$")
_ALL = re.compile(
    r"(?:全部|都|全|均)[^,，。?？]{0,8}(?:完|达标|办结|销号|到位|通过|退|收回|修|装|建)"
    r"|(?:全部|都|(?<!平)均)[^,，。?？]{1,8}(?:了(?:吗|没有?|么)|没有?)[呀啊呢]?[?？。]?$|(?:是不是|是否)(?:已经?)?(?:全部|都|均)"
)


def _verdict(plan: Plan, shown: Sequence[Proof]) -> bool | None:
    """Yes, no, or None where the words bear out neither."""
    over = _threshold(plan, shown[-1].sentence.text)
    if over is not None:
        return over
    if _ASKS_FIGURE.search(plan.question) and any(
        p.verdict == "same" for proof in shown for p in premises(plan, proof.sentence.text)
    ):
        return True
    every = bool(_ALL.search(plan.question))
    checked = plan.want != "status" or (every and not re.search(r"剩|其余", plan.question))
    if checked and any(p.verdict == "other" for p in premises(plan, shown[-1].sentence.text)):
        return False
    texts = [fold(_clause(plan, proof.sentence.text)) for proof in shown]
    if _ASKS_LEFT.search(plan.question):
        done = _is_done(texts)
        return None if done is None else not done
    if every and _only_some(plan.question, texts):
        return _asks_not(plan)
    if every and _all_of_them(plan.question, texts):
        return not _asks_not(plan)
    if every and _told_apart(plan.question, texts):
        return _asks_not(plan)
    if plan.want == "text" and _ASKS_DONE.search(plan.question):
        told = _is_done([fold(_clause(plan, texts[0], r"[,，;；]"))])
        if told is None and _open_after(plan, texts[0]):
            told = False
        if told is not None:
            return told != _asks_not(plan)
    if plan.want == "status" or every:
        done = _is_done(texts)
        return None if done is None else done != _asks_not(plan)
    return _denied(plan, texts[0]) == _asks_not(plan)


_ASKS_LEFT = re.compile(r"(?:还|仍|尚)有(?:没|未|不)[^,，。?？]{1,8}的|还有(?:剩|遗留)")
"""Asks whether anything is left: 是不是还有没整治的."""
_EVERY_VERB = re.compile(
    r"(?:都|全部?|均)(?:已经?)?(?P<verb>[\u4e00-\u9fff]{1,4}?)(?:完|好|掉|光|清|成)?了?(?:吗|没有?|么|嘛|$|[?？,，])"
)


def _only_some(question: str, texts: Sequence[str]) -> bool:
    """36户都关停了吗: whether a smaller number of the same measure stands beside the verb (关停退养9户、完善27户)."""
    asked = _EVERY_VERB.search(question)
    if not asked:
        return False
    verbs = {asked["verb"], *synonyms().get(asked["verb"], ())}
    for text in texts:
        for figure in figures_of(text):
            whole = [f for f in figures_of(f"{question}。{text}") if f.unit == figure.unit and f.number > figure.number]
            beside = re.split(r"[,，、;；中]", figure.before)[-1]
            if whole and any(verb in beside for verb in verbs):
                return True
    return False


def _told_apart(question: str, texts: Sequence[str]) -> bool:
    """3家都拿到批复了吗: whether fewer of the same measure are singled out (其中2家已取得批复)."""
    whole = figures_of(question)
    parts = [figure for text in texts for figure in figures_of(text) if figure.before.endswith("其中")]
    return any(part.unit == all_.unit and part.number < all_.number for part in parts for all_ in whole)


def _all_of_them(question: str, texts: Sequence[str]) -> bool:
    """12个小区都开工了吗: whether 全部开工 is printed, whatever else is still to be done."""
    asked = _EVERY_VERB.search(question)
    if not asked or asked["verb"] in ("完成", "整改"):
        return False
    verbs = "|".join(re.escape(verb) for verb in (asked["verb"], *synonyms().get(asked["verb"], ())))
    return any(re.search(rf"(?:全部|均|都)已?(?:{verbs})", text) and not _PARTLY.search(text) for text in texts)


_GOES_ON = re.compile(r"(?:目前|现)?(?:正在|预计|尚|仍|未|剩|其余|计划|拟|还)")


def _open_after(plan: Plan, text: str) -> bool:
    """Whether the clause about the thing asked, or one that goes on about it (正在进行装修), leaves anything to do."""
    clauses = re.split(r"[,，;；]", text)
    pairs = {plan.topic[n : n + 2] for n in range(len(plan.topic) - 1)}
    best = max(range(len(clauses)), key=lambda n: sum(pair in clauses[n] for pair in pairs))
    after = takewhile(_GOES_ON.match, clauses[best + 1 :])
    return any(_is_open(clause) for clause in [clauses[best], *after])


# 另外2所正在装修 goes on about the same thing.
_NUMBERED = r"(?:[(（]?[\d一二三四五六七八九十]{1,2}[)）.、]|[①-⑳㈠-㈩])?\s?"
_PARTS = rf"[;；](?!{_NUMBERED}(?:另外|其余|剩余|另))"
_LEFT = re.compile(rf"[;；]{_NUMBERED}(?P<left>(?:另外|其余|剩余|剩下)[^;；。]*)")
_FINDING = re.compile(r"(?:针对|关于|对于|对)[“\"]?[^,，。;；]{2,60}?[”\"]?(?:的)?问题")


def _clause(plan: Plan, sentence: str, marks: str = _PARTS) -> str:
    """The part between semicolons that has most of the question's words: the rest is about other matters."""
    told = _FINDING.sub(" ", sentence) if not ASKS_FINDING.search(plan.question) else sentence
    parts = [part for part in re.split(marks, told) if part.strip()]
    pairs = {plan.topic[n : n + 2] for n in range(len(plan.topic) - 1)}
    best = max(parts, key=lambda part: sum(pair in fold(part) for pair in pairs)) if parts else sentence
    best = _OTHERS.sub("", best) if _of_one(plan, best) else best
    # (1)已处置972亩;(2)…;(3)剩余414亩 goes on about the 亩 of (1).
    left = [m["left"] for m in _LEFT.finditer(told) if m["left"] not in best and _same_measure(best, m["left"])]
    return ";".join([best, *left])


_OTHERS = re.compile(r"[,，](?:其余|另外|剩余)\s?[\d一二两三四五六七八九十]+[家名户个人].*")


def _of_one(plan: Plan, part: str) -> bool:
    """Whether the question is about one body that the part names before it turns to the others (其余2家企业)."""
    others = _OTHERS.search(part)
    unit = re.search(r"[家名户个人]", others.group()[3:]) if others else None
    if not others or not unit or _ALL.search(plan.question) or figures(plan.question):
        return False
    named = fold(part[: others.start()])
    return not any(f.text.endswith(unit.group()) for f in figures(named)) and bool(_FINISHED.search(named))


def _same_measure(part: str, left: str) -> bool:
    units = {figure.unit for figure in figures(part)}
    return any(figure.unit in units for figure in figures(left)[:1])


_FINISHED = re.compile(
    r"(?:已|均|全部|都|现已|提前|按期)[^,，。;；]{0,14}(?:完成|竣工|完工|建成|销号|验收|到位|办结|投入使用"
    r"|投用|通过|解决|退还|清退|收回|追回|缴清|入库|达标|修复|拆除|启动|开工|取得|批复|配备|安装)|整改完成"
    r"|完成整改|100%达标|全员通过|通过[^,，。;；]{0,10}(?:验收|销号)|已?(?:验收)?销号(?=[。；;,，]|$)"
)
_PARTLY = re.compile(
    r"\d[\d.]*[万亿]?元?中的\d"
    r"|剩余(?![^,，。;；]{0,12}(?:已|均)[^,，。;；]{0,6}(?:完成|到位|安装|销号|退|缴))"
    r"|其余[^,，。;；]{0,24}(?:滞后|缓慢)|其余[^,，。;；]{0,14}(?:正在|未|尚|待|争取|计划|预计|将|拟)|除[^,，。;；]{2,30}外[,，]?其余|(?:完成率|进度)[^,，。;；]{0,4}?\d\d?(?:\.\d+)?%"
    r"|另外[^,，。;；]{0,14}(?:正在|未|尚|待|争取|计划|预计|将|拟)"
)
_TO_COME = re.compile(
    r"(?:计划|预计|拟|拟于|争取|力争|将于)[^,，。;；]{0,20}(?:完成|完工|建成|投用|投入使用|竣工|修复|腾退|启用|开工)"
    r"|\d(?:年|月|季度)底?前[^,，。;；已均]{0,4}(?:完成|建成|投用|修复|整改)"
)
"""What is still to be done; a limit that was kept is told with 已 or 于."""
_UNDONE = re.compile(
    r"(?:(?<!并)未(?!发现)|没有|尚未|还没|暂未)[^,，。;；]{0,6}(?:完成|竣工|完工|销号|整改|启动|动工|开工|解决|修复|通过|到位|退还|退|发放|拨付|配备|安装|取得)"
)


def _is_done(texts: Sequence[str]) -> bool | None:
    """Whether sentences say that something is finished; anything left open outweighs what is done."""
    if any(_is_open(text) for text in texts):
        return False
    return True if any(_FINISHED.search(text) for text in texts) else None


def _is_open(text: str) -> bool:
    """Whether a text says that something is left to do."""
    return any(has(text) for has in (says_unfinished, _PARTLY.search, _UNDONE.search, _TO_COME.search))


_FRAME = re.compile(r"有没有|有无|是不是|是否|(?:了)?没有?[呀啊呢]?(?=[?？。,，\s]|$)|了没")


def _asks_not(plan: Plan) -> bool:
    """Whether the question itself is put in the negative (是不是还没完成), its question words apart."""
    return bool(_ASKS_NOT.search(_FRAME.sub(" ", plan.question)))


_DENIAL = re.compile(r"(?:未|没有|尚未|并未|无|不再|杜绝)[^,，。;；]{0,6}$")


def _denied(plan: Plan, sentence: str) -> bool:
    """Whether the sentence denies what the question asks about (未发现反弹)."""
    if re.search(r"未|没有|无(?!反)", re.sub(r"有没有|有无", "", plan.question)):
        return False
    pairs = {plan.topic[n : n + 2] for n in range(len(plan.topic) - 1)}
    spots = [m.start() for pair in pairs if pair.strip() == pair for m in re.finditer(re.escape(pair), sentence)]
    return any(_DENIAL.search(sentence[max(0, spot - 10) : spot]) for spot in spots)


_BOUND = re.compile(
    r"(?P<up>超过|高于|大于|多于|不少于|不低于|达到|以上)|(?P<down>低于|不足|少于|不到|小于|不超过|以下)"
)


def _threshold(plan: Plan, sentence: str) -> bool | None:
    """Whether a printed figure lies beyond the bound that the question names (是否超过90%); None without one."""
    bound = _BOUND.search(plan.question)
    asked = next((f for f in figures(plan.question) if f.unit != "date"), None)
    if not bound or asked is None:
        return None
    printed = [f for f in figures(sentence) if same_unit(asked, f)]
    try:
        sides = [(float(f.value), float(asked.value)) for f in printed]
    except ValueError:
        return None
    if not sides:
        return None
    up = bound["up"] is not None
    return any(
        is_ >= wanted if bound["up"] in ("达到", "不少于", "不低于", "以上") else (is_ > wanted if up else is_ < wanted)
        for is_, wanted in sides
    )
