"""How strongly a clause claims that something is finished: 已销号 > 已完成 > 基本完成 > 正在推进, 预计完成, 未完成.

A completion verb counts by what stands before it in its clause: 未 makes it unfinished, 基本 nearly done, 预计 planned;
已 right after such a word outweighs 督促 or 要求, never 未 or 基本. Over-claiming is the dear mistake (EVALS.md): what
is not clearly done is not ``done``.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.notices.plain import plain

Claim = Literal["closed", "done", "basic", "under_way", "planned", "unfinished", "long_term"]

_VERB = re.compile(
    r"(?:完成|完工|竣工|办结|销号|(?:整改|落实|处置|整治|处理|执行|清理)到位|解决|建成|完毕|验收合格|通过验收|验收|达标|清零"
    r"|投用|投运|投产|投入(?:使用|运行|运营)|整改结束|整改好|修复|达到(?:了)?(?:整改|预期|既定)?目标)"
    r"(?!率|时限|时间|时|情况|进度|标准|度|后|之后|以后|前|之前|与否|的前提|清单|台账|申请|程序|制度|办法|方案|难|不了)"
)
_NOT = re.compile(r"(?:尚|仍|还|并|均|都)?(?:未|没有|没|不|无法|难以|无)(?!断|仅|但|少|同|久)")
_NEARLY = re.compile(r"基本(?!情况|农田|原则)|主体|阶段性|初步|部分|大体|总体上|近乎|接近|即将|过半|大多|多数")
_AHEAD = re.compile(
    r"预计|计划|拟|将(?!其|原)|力争|争取|确保|限期|责令|要求|督促|督导|待(?!遇)|推动|推进|加快|促进|尽快|目标|任务是"
    r"|应当?|须|需要?|必须|直至|直到|以便|如果|若|是否|能否|可望|有望|申请|准备|明确|约定|承诺|力促|防止"
)
_ALREADY = re.compile(r"已经?|业已|业经|了")
_UNDER_WAY = re.compile(
    r"正在|正按|推进中|进行中|办理中|施工中|整改中|建设中|序时|时序进度"
    r"|(?:有序|按计划|持续|稳步|加快|正常|全面|扎实|深入|加速)推进|陆续|逐步(?!完善|建立|形成)|仍在|尚在"
)
_BY = re.compile(r"[年月日底中旬初末]前|之前|以前|[年月周日度]内|[年月]底|[年月度]末")
_LEFT = re.compile(r"滞后|逾期|尚未|仍未|未(?:完成|完工|整改|销号|到位|解决|验收|竣工|建成|启动|开工|动工|开始)")
_LONG = re.compile(r"长期坚持|常抓不懈|持续坚持")
_REACH = 24
"""Characters before a verb in which a word decides how it counts."""


def claims(clause: str) -> frozenset[Claim]:
    """What a clause claims; empty where it says nothing of completion."""
    words = plain(clause)
    found: set[Claim] = {_of_verb(words, match) for match in _VERB.finditer(words)}
    if _UNDER_WAY.search(words):
        found.add("under_way")
    if _LEFT.search(words):
        found.add("unfinished")
    if _LONG.search(words):
        found.add("long_term")
    return frozenset(found)


def _of_verb(words: str, verb: re.Match[str]) -> Claim:
    before = words[max(0, verb.start() - _REACH) : verb.start()]
    if _last(_NOT, before) >= 0 and len(before) - _last(_NOT, before) <= 14:
        return "unfinished"
    if _last(_NEARLY, before) >= 0:
        return "basic"
    ahead, already = _last(_AHEAD, before), _last(_ALREADY, before)
    # 6月底前完成 is a plan, 已于6月底前完成 a result.
    if ahead > already or (already < 0 and _BY.search(before)):
        return "planned"
    return "closed" if verb.group().startswith("销号") else "done"


def _last(pattern: re.Pattern[str], words: str) -> int:
    """Where the last match begins; -1 where there is none."""
    return max((match.start() for match in pattern.finditer(words)), default=-1)


def over_claims(claimed: frozenset[Claim], printed: frozenset[Claim]) -> frozenset[Claim]:
    """What is claimed and not printed so strongly: 已销号 proves 已完成 too, nothing weaker proves anything else."""
    allowed = printed | ({"done"} if "closed" in printed else set())
    return claimed - allowed
