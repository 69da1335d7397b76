"""What a lookup takes for granted and the notice contradicts: a figure, that something is done, that it was not done.

Compares wording within the item that the question is about; silence contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.fold import fold
from bot.qa.evidence import Proof
from bot.qa.figures import compare_figure, figures, loosely_other, says_unfinished, takes_for_done
from bot.qa.labelled import Figure, figures_of
from bot.qa.question import Plan
from bot.qa.spans import ASKS_WHY
from bot.qa.words import synonyms, verbs

_ROUNDED = re.compile(r"大概|大约|约|左右|上下|来个|多个|十几|几十|差不多|将近|近\d|超过|以上|以下|不到|百分百")
_DONE = re.compile(r"(?:已|均|全部)(?:全部|经|于[^,，。]{0,12})?(?:完成整改|完成|完工|竣工|销号|验收)")


def false_premise(plan: Plan, leader: Proof, found: Sequence[Proof]) -> str:
    """Why the question's premise is false, naming both sides; empty where it is not."""
    same = [
        p
        for p in found
        if p.notice_id == leader.notice_id and (p.item_id == leader.item_id or p.topical >= 0.5 * leader.topical)
    ]
    own = [p for p in same if p.item_id == leader.item_id]
    readers = (_other_figure, _not_all, _unfinished, _of_another_deed, _was_done, _was_not_done, _opposite)
    return next((wrong for read in readers if (wrong := read(plan, leader, same, own))), "")


def _against(asked: str, printed: str) -> str:
    return f"问题中的“{asked}”与通报不符：通报写的是“{printed}”。"


def _other_figure(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """A figure or date that the notice prints otherwise."""
    del own
    for figure in figures(plan.question):
        verdicts = [compare_figure(figure, plan.question, p.sentence.text) for p in same]
        if any(verdict == "same" for verdict, _ in verdicts):
            continue
        printed = next((other for verdict, other in verdicts if verdict == "other" and other), None)
        if not printed and not _ROUNDED.search(plan.question):
            pool = [p for p in same if p.topical >= 0.7 * leader.topical]
            others = (loosely_other(figure, plan.question, p.sentence.text) for p in pool)
            printed = next((other for other in others if other), None)
        if printed:
            return _against(figure.text, printed.text)
    return ""


_ALL_OF = re.compile(r"(?P<n>\d+)(?:个|项|条)(?:具体|反馈|整改)*(?:问题|任务|事项)[^,，。?？]{0,6}(?:全部|都|均)")
_DECLARED = re.compile(r"(?:已|完成)[^,，。;；]{0,8}?(?P<n>\d+)(?:个|项|条)")


def _not_all(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """10项任务全部销号, where the notice declares that 7 are done."""
    del leader, own
    asked = _ALL_OF.search(plan.question)
    if not asked:
        return ""
    said = (m for p in same if p.item_id is None for m in _DECLARED.finditer(fold(p.sentence.text)))
    fewer = next((m for m in said if int(m["n"]) < int(asked["n"])), None)
    return _against(asked.group(), fewer.group()) if fewer else ""


def _unfinished(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """Taken for done, where the notice says that it is not."""
    del same
    if not takes_for_done(plan.question):
        return ""
    text = " ".join(p.sentence.text for p in own)
    left = says_unfinished(leader.sentence.text) or (
        None if _DONE.search(leader.sentence.text) else says_unfinished(text)
    )
    return f"问题以“已经完成”为前提，与通报不符：通报写的是“{left.group()}”。" if left else ""


_DEED = re.compile(r"(?P<verb>[\u4e00-\u9fff]{2})了?$")
_NOT = re.compile(r"未|没|尚|待")


def _done_otherwise(figure: Figure, asked: tuple[str, ...]) -> bool:
    """Whether another deed stands before a figure: 修复112处 where 拆除报废了112处 is asked about."""
    return figure.before[-2:] in verbs() and not figure.before.endswith(asked)


def _of_another_deed(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """修复了18处, where 18处未按期完成: a denial stands beside the figure, and the verb beside another one."""
    del leader, same
    for asked in figures(plan.question):
        deed = _DEED.search(plan.question[: asked.start])
        if not deed:
            continue
        asked_verbs = (deed["verb"], *synonyms().get(deed["verb"], ()))
        printed = [f for p in own for f in figures_of(p.sentence.text) if f.unit.endswith(asked.unit)]
        same_number = [f for f in printed if f.text == asked.text or str(f.number) == asked.value]
        done = [
            f for f in printed if f not in same_number and any(v in f.before[-8:] + f.after[:12] for v in asked_verbs)
        ]
        swapped = next((f for f in done if f.before.endswith(asked_verbs)), None)
        if same_number and swapped and all(_done_otherwise(f, asked_verbs) for f in same_number):
            return _against(f"{deed['verb']}{asked.text}", swapped.text)
        if same_number and all(_NOT.match(f.after) for f in same_number):
            for figure in done:
                if not _NOT.search(figure.before[-8:] + figure.after[:12]):
                    return _against(f"{deed['verb']}{asked.text}", figure.text)
    return ""


_ASKED_NOT = re.compile(
    r"(?:没有?|未能?|不)(?:能|按时|按期|按|及时|全部|再|被|给|得到)*(?P<verb>[\u4e00-\u9fff](?:(?![的原因是])[\u4e00-\u9fff])?)"
)
_BORNE_OUT = re.compile(r"已|均|全部|通过|于\d|\d日|实现")


def _was_done(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """Why something was not done, where the notice says that it was."""
    del leader, same
    asked = _ASKED_NOT.search(plan.question) if ASKS_WHY.search(plan.question) else None
    if not asked:
        return ""
    told = [fold(p.sentence.text) for p in own if not p.finding]
    if any(says_unfinished(text) or re.search(r"剩余|其余\d|暂未|未能", text) for text in told):
        return ""
    for clause in (clause for text in told for clause in re.split(r"[,，;；。]", text)):
        at = clause.find(asked["verb"])
        if at >= 0 and _BORNE_OUT.search(clause) and not _NOT.search(clause[max(0, at - 8) : at]):
            return _against(asked.group(), clause)
    return ""


_HAPPENED = re.compile(
    r"(?P<verb>发放|发|拨付|拨|兑付|退还|退|开工|动工|建成|投用|启用|启动|竣工|完工|验收|销号|招聘|收回|追回|拆除|安装|修复|通过|批复)"
    r"(?:到)?(?:给了?|了(?!吗|没|么)|[^,，。?？]{0,6}的[?？]?$)"
)
_DENIED = r"(?:尚未|还未|暂未|仍未|未|没有)[^,，。;；]{{0,5}}?(?:{})"


def _was_not_done(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """Whom something was given to, when it was done, where the notice says that it was not."""
    del leader, same
    asked = _HAPPENED.search(plan.question)
    if not asked or ASKS_WHY.search(plan.question) or _NOT.search(plan.question):
        return ""
    deeds = [v for v in (asked["verb"], *synonyms().get(asked["verb"], ())) if len(v) > 1 or v == asked["verb"]]
    if asked["verb"] in ("发", "拨", "发放", "拨付"):
        deeds += ["发放", "拨付", "兑付"]
    told = [fold(p.sentence.text) for p in own if not p.finding]
    denied = next((m for text in told for m in re.finditer(_DENIED.format("|".join(deeds)), text)), None)
    rest = " ".join(text.replace(denied.group(), " ") for text in told) if denied else ""
    return _against(asked.group(), denied.group()) if denied and not any(deed in rest for deed in deeds) else ""


_OPPOSITES = (
    (r"取消|拆掉|拆除|撤掉|撤销|停用", r"安装|新建|建成|设置|增设"),
    (r"上升|增加|增长|提高|上涨|涨了", r"下降|减少|降低"),
    (r"下降|减少|降低|下滑", r"上升|增加|增长|提高|提升"),
    (r"延长", r"压缩|缩短"),
    (r"奖励|表彰", r"罚款|处分|约谈"),
)
"""What a question says was done, and the contrary that the notice may print."""


def _opposite(plan: Plan, leader: Proof, same: Sequence[Proof], own: Sequence[Proof]) -> str:
    """取消安装的原因, where the notice prints that all were installed and nothing of the kind asked for."""
    del same
    text = fold(leader.sentence.text)
    whole = " ".join(fold(p.sentence.text) for p in own)
    for asked, said in _contraries(plan.question):
        printed = re.search(said, text) or (
            re.search(said, whole) if asked.group() in ("取消", "拆掉", "撤掉") else None
        )
        forms = (asked.group(), *synonyms().get(asked.group(), ()))
        if printed and not any(form in whole for form in forms) and not re.search(asked.re.pattern, whole):
            return _against(asked.group(), printed.group())
    return ""


def _contraries(question: str) -> Iterator[tuple[re.Match[str], str]]:
    for asked, said in _OPPOSITES:
        match = re.search(asked, question)
        if match and not re.search(r"[吗?？]$|是不是|是否|有没有", question):
            yield match, said
