"""Lead words (整改情况：, 责任单位：) and what the text after them holds.

The same words head lines, stand inside a paragraph, and name the columns of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

PROBLEM = "problem"
MEASURES = "measures"
RESULT = "result"
UNITS = "units"
PERSONS = "persons"
DEADLINE = "deadline"
TARGET = "target"
NOTE = "note"

_STATE = "情况|措施|进展|举措|成效|进度|做法|成果|效果|过程"
_WORDS = {
    RESULT: "整改结果|整改完成情况|完成情况|整改状态|完成状态|整改结论|整改落实结果|办理结果|办结情况|处理结果|落实结果"
    "|销号情况|验收情况|完成进度|目前状态|当前状态|状态|结果|是否完成|是否完成整改|是否整改到位|是否销号",
    TARGET: "(?:整改|工作)?目标(?:任务|要求)?|整改要求",
    DEADLINE: "(?:整改|计划|预计|办结|落实)?(?:完成)?(?:时限|期限|时间|时间节点)(?:要求)?",
    UNITS: "(?:整改)?(?:主要)?(?:责任|牵头|配合|协办|协同|主办|承办|督导|验收|协助|参与|整改|监管|主管|督办)"
    "(?:责任|整改)?(?:单位|部门|科室|股室|处室|主体)(?:及配合单位|及责任人)?",
    PERSONS: "(?:整改)?(?:责任|牵头|包案|包抓|分管|督导|主管|包保|挂点|挂牌|具体负责)(?:市|县|区|局)?(?:责任)?(?:领导|人员|人|同志)(?:及职务)?|负责人",
    MEASURES: f"(?:问题|具体|目前|已|任务)?整改(?:落实|工作|推进|任务落实)?(?:{_STATE})(?:(?:及|和|与|、|/)?(?:整改|落实|工作|取得的?|完成|推进)?"
    f"(?:{_STATE}|结果))*"
    "|(?:贯彻)?落实(?:情况|进展|措施)|(?:工作|目前|推进|最新)?进展(?:情况)?|(?:主要|具体|工作|采取的?|已采取的?)(?:整改)?(?:措施|举措|做法)(?:及(?:成效|进展))?"
    "|(?:调查)?(?:处理|办理|处置|核查)情况|取得(?:的)?成效|工作成效|措施(?:及成效)?|整改",
    PROBLEM: "(?:巡察|巡视|督察|审计|巡察组|督察组)?(?:反馈|发现|指出|查出|披露|移交|交办)的?(?:主要|具体|突出)?(?:问题|意见)(?:内容|描述)?"
    "|存在的?(?:主要|突出|具体)?问题|问题(?:描述|表现|概述|内容|简述|事实|概况|情况)?|(?:主要|具体|突出|整改)(?:问题|表现|事项|任务)(?:描述)?",
    NOTE: "备注|序号|编号",
}  # fmt: skip
_ROLE = "|".join(f"(?P<{role}>{words})" for role, words in _WORDS.items())
_LINE_LEAD = re.compile(
    # A lead word begins a line, or a sentence, or follows a number, a bracket or a gap.
    rf"(?:^|(?<=[\s。;!?】\])”、.:,|㈠-㈩①-⑳]))[【\[〔(]?(?:{_ROLE})(?: ?[】\]〕)])?(?: ?:[ \t]*|(?<=[】\]〕])[ \t]*|[ \t]*$|(?=一是))",
    re.MULTILINE,
)
_HEADER = re.compile(rf"(?:{_ROLE})")
_HEADING_ROLES = {PROBLEM, MEASURES, RESULT}


class Field(NamedTuple):
    """A lead word: ``start`` to ``end`` (colon included) are offsets; its text begins at ``end``."""

    role: str
    start: int
    end: int
    word: str


def find_fields(plain: str) -> Iterator[Field]:
    """Every lead word of the text, in order."""
    for match in _LINE_LEAD.finditer(plain):
        role = match.lastgroup or NOTE
        printed = match.group()
        if not _closed(printed) and role not in _HEADING_ROLES:
            continue  # 责任人 at the end of a line is prose; a form line has its colon
        yield Field(role, match.start(), match.end(), match[role])


def _closed(printed: str) -> bool:
    return printed.rstrip()[-1:] in ":】]〕)"


def column_role(header: str) -> str | None:
    """What a table column holds, from its (plain) header cell; None where the words say nothing.

    >>> column_role("反馈 问题"), column_role("责任单位"), column_role("电话")
    ('problem', 'units', None)
    """
    words = re.sub(r"\s+|\(.*?\)|[:、及和]", "", header)
    match = _HEADER.fullmatch(words)
    return match.lastgroup if match else None
