"""How far an item's rectification is, from its own words only (SPEC section 3, *status*).

Cues are found once for the whole text; an item takes those in its result field, then those in its rectification text.
Never guessed: actions alone are ``not_stated``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.records import Grounded, Span, Status, StatusDetail, StatusValue

_ALL = r"(?:均|全部|全面|都|也|现|现已|已经|已|基本|正式|按期|按时|如期|提前|顺利)*"
_SUBJECT = r"(?:(?:目前|现|截至目前)?,?(?:该|此|本|上述|以上|这|相关)(?:项|类|个|条|些)?(?:整改)?(?:问题|任务|事项|工作|措施|整改)?[^,。;\n]{0,6}?)?"
_CUE = re.compile(
    r"(?P<closed_off>(?:已|经)[^,。;\n]{0,16}?(?:验收)?(?:后)?销号(?!工作|任务|管理|制)|完成[^,。;\n]{0,14}(?:、|并)?(?:验收)?(?:、|并)?销号(?!工作)|通过[^,。;\n]{0,10}验收销号|^已?销号)"
    r"|(?P<behind>[^,。;\n]{0,24}(?:进度|进展|推进)(?:严重)?滞后|^滞后|逾期未完成|未按期完成)"
    r"|(?P<not_started>[^,。;\n]{0,14}(?:尚未启动|未启动|还未启动|尚未开工|未开工|尚未开展))"
    r"|(?P<on_schedule>[^,。;\n]{0,12}(?:达到序时进度|达序时进度|符合序时进度|按序时进度推进|均?按(?:工作)?计划(?:有序)?推进))"
    r"|(?P<basically_completed>[^,。;\n]{0,10}(?:基本完成(?!了)|阶段性完成|取得阶段性成效|基本整改到位))"
    r"|(?P<in_progress>[^,。;\n]{0,30}(?:正在|剩余[^,。;\n]{1,12}(?:将|预计|已导入|待)|主体(?:工程)?已?(?:完工|完成|开工)|预计[^,。;\n]{0,24}(?:完工|建成|完成|投用|竣工|投入)|(?:将于|计划于?|力争)[^,。;\n]{0,24}(?:完工|建成|完成|投用|竣工|退出)|待[^,。;\n]{2,20}后[^。;\n]{0,14}|尚未(?:完成|修复)|有序推进中|推进中)[^,。;\n]{0,24})"
    r"|(?P<long_term>(?:需|需要|将)?长期坚持(?!抓|整改的|的))"
    rf"|(?P<completed>(?:{_SUBJECT}{_ALL}(?:整改完成|整改完毕|整改到位|完成整改|落实到位|完成了整改))|整改已?(?:全部)?(?:完成|到位|完毕)|^已?(?:全部|整改)?完成|已竣工|已(?:全部)?完工|均已完工|已办结|全部办结|已全部(?:修复|缴清|退还|清退|完成))",
    re.MULTILINE,
)
_ORDER: tuple[StatusDetail, ...] = ("behind", "not_started", "on_schedule", "basically_completed", "in_progress")


class Cue(NamedTuple):
    """Words that say how far something is; ``start`` to ``end`` are offsets."""

    detail: StatusDetail
    start: int
    end: int


def find_cues(plain: str) -> list[Cue]:
    """Every cue of the text, in order."""
    cues = []
    for match in _CUE.finditer(plain):
        if match.lastgroup:
            cues.append(Cue(match.lastgroup, match.start(), match.end()))  # type: ignore[arg-type]
    return cues


def judge(text: str, cues: Sequence[Cue], results: Sequence[Span]) -> Status:
    """The status that the cues of one item say; those in ``results`` decide alone where there are any."""
    decisive = [cue for cue in cues if any(low <= cue.start < high for low, high in results)]
    chosen = decisive or list(cues)
    by_detail: dict[StatusDetail, list[Cue]] = {}
    for cue in chosen:
        by_detail.setdefault(cue.detail, []).append(cue)
    if not decisive:
        by_detail.pop("long_term", None) if len(by_detail) > 1 else None
    return _status(text, by_detail)


def _status(text: str, by_detail: dict[StatusDetail, list[Cue]]) -> Status:
    open_details = [detail for detail in _ORDER if detail in by_detail]
    done = [detail for detail in ("closed_off", "completed") if detail in by_detail]
    last_done = max((cue.start for detail in done for cue in by_detail[detail]), default=-1)  # type: ignore[index]
    last_open = max((cue.start for detail in open_details for cue in by_detail[detail]), default=-1)
    if done and last_done > last_open:
        return _made(text, "completed", done[0], [cue for detail in done for cue in by_detail[detail]])  # type: ignore[arg-type,index]
    if open_details:
        return _made(text, "ongoing", open_details[0], [cue for detail in open_details for cue in by_detail[detail]])
    if "long_term" in by_detail:
        return _made(text, "long_term", "long_term", by_detail["long_term"])
    return Status("not_stated", None, ())


def _made(text: str, value: StatusValue, detail: StatusDetail, cues: Sequence[Cue]) -> Status:
    quotes = tuple(Grounded(text[cue.start : cue.end], (cue.start, cue.end)) for cue in sorted(cues, key=lambda cue: cue.start))
    return Status(value, detail, quotes)
