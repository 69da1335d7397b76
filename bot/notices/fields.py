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
_LED = f"(?:{_STATE}|结果)"
_WORDS = {
    RESULT: (
        "整改结果|整改完成情况|完成情况|整改状态|完成状态|整改结论|整改落实结果|办理结果|办结情况|处理结果|落实结果|(?:整改)?(?:验收)?销号情况"
        "|(?:整改)?验收情况|完成进度|进度|目前状态|当前状态|状态|结果|是否完成|是否完成整改|是否整改到位|是否销号"
    ),
    TARGET: "(?:整改|工作)?目标(?:任务|要求)?|整改要求",
    DEADLINE: "(?:整改|计划|预计|办结|落实)?(?:完成)?(?:时限|期限|时间|时间节点)(?:要求)?",
    UNITS: (
        "(?:整改)?(?:主要)?(?:责任|牵头|配合|协办|协同|主办|承办|督导|验收|协助|参与|整改|监管|主管|督办)"
        "(?:责任|整改)?(?:单位|部门|科室|股室|处室|主体)(?:及配合单位|及责任人)?"
    ),
    PERSONS: (
        "(?:整改)?(?:责任|牵头|包案|包抓|分管|督导|主管|包保|挂点|挂牌|具体负责)(?:市|县|区|局)?(?:责任)?"
        "(?:领导|人员|人|同志)(?:及职务)?|负责人"
    ),
    MEASURES: (
        f"(?:问题|具体|目前|已|任务)?整改(?:落实|工作|推进|任务落实)?(?:{_STATE})"
        f"(?:(?:及|和|与|、|/)?(?:整改|落实|工作|取得的?|完成|推进)?{_LED})*"
        "|整改落实|(?:贯彻)?落实(?:情况|进展|措施)|(?:工作|目前|推进|最新)?进展(?:情况)?"
        "|(?:主要|具体|工作|采取的?|已采取的?)(?:整改)?(?:措施|举措|做法)(?:及(?:成效|进展))?"
        "|(?:调查)?(?:处理|办理|处置|核查)情况|取得(?:的)?成效|工作成效|措施(?:及成效)?|整改"
    ),
    PROBLEM: (
        "(?:巡察|巡视|督察|审计|巡察组|督察组)?(?:反馈|发现|指出|查出|披露|移交|交办)的?(?:主要|具体|突出)?"
        "(?:问题|意见)(?:内容|描述)?|存在的?(?:主要|突出|具体)?问题"
        "|问题(?:描述|表述|表现|概述|内容|简述|事实|概况|情况)?|对应的?问题|(?:存在|发现|反馈)?的?(?:安全|风险|事故)?(?:隐患|风险隐患)(?:问题|描述|内容)"
        "|(?:巡察|巡视|督察|督查)组?反馈|问题隐患|(?:审议|整改)?意见(?:建议)?(?:内容)?|(?:主要|具体|突出|整改)(?:问题|表现|事项|任务)(?:描述)?"
    ),
    NOTE: "备注|(?:整改|反馈)?(?:任务|问题)?(?:序号|编号)",
}
_ROLE = re.compile("|".join(f"(?P<{role}>{words})" for role, words in _WORDS.items()))
_LEAD_NUMBER = r"(?:\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、]) ?"
_HEADING_ROLES = {PROBLEM, MEASURES, RESULT}
# What ends a lead word: a colon, a closing bracket, or 一是 right after it; the end of a line is looked at apart.
_CLOSE = re.compile(r"[:】〕\]]|--(?=[^-\s])")
# A lead word begins a line, or a sentence, or follows a number, a bracket or a gap.
_BEFORE = re.compile(r".*[-\s。;!?】\])”.:,|●★■◆▲•◇□○◎※▪【〔\[(㈠-㈩①-⑳、]", re.DOTALL)
BULLETS = "●★■◆▲•◇□○◎※▪"
_OPENING = "【〔[(" + BULLETS
_LONGEST = 20
"""Characters of the longest lead word."""


class Field(NamedTuple):
    """A lead word: ``start`` to ``end`` (colon included) are offsets; its text begins at ``end``."""

    start: int
    end: int
    role: str
    word: str


def find_fields(plain: str) -> list[Field]:
    """Every lead word of the text, in order."""
    ends = [match.start() for match in _CLOSE.finditer(plain)]
    ends += [match.start() for match in re.finditer("一是", plain) if plain[match.start() - 1] in "况施效展果"]
    found = [field for end in ends if (field := _before(plain, end))]
    found += [field for start, end in _short_lines(plain) if (field := _alone(plain, start, end))]
    found += _spaced(plain)
    return sorted({field.start: field for field in found}.values())


def _spaced(plain: str) -> Iterator[Field]:
    """Lead words at the beginning of a line that a gap or a stop parts from their text: 整改情况  一是…."""
    for match in re.finditer(
        rf"^[ \t]*(?P<number>{_LEAD_NUMBER})?(?P<word>[一-鿿]{{4,12}})[ \t。]+(?=[^\s:】])", plain, re.MULTILINE
    ):
        words = _ROLE.fullmatch(match["word"])
        if (
            words
            and words.lastgroup
            and (words.lastgroup in _HEADING_ROLES or (match["number"] and "。" in match.group()))
        ):
            yield Field(match.start("word"), match.end(), words.lastgroup, words.group())


def _before(plain: str, close: int) -> Field | None:
    """The lead word that ends at ``close``."""
    window = max(0, close - _LONGEST)
    end = close - (plain[close - 1 : close] == " ")
    end -= plain[end - 1 : end] in "】〕])"
    boundary = _BEFORE.match(plain, window, end)
    start = boundary.end() if boundary else window
    if window and not boundary:
        return None
    while True:
        match = _ROLE.fullmatch(plain, start, end)
        if match:
            return _field(plain, match, start, close)
        if plain[start - 1 : start] != "、":
            return None
        boundary = _BEFORE.match(plain, window, start - 1)
        start = boundary.end() if boundary else window


def _field(plain: str, match: re.Match[str], start: int, close: int) -> Field | None:
    begin = start - (start > 0 and plain[start - 1] in _OPENING)
    stop = close
    while stop < len(plain) and plain[stop] in ":】〕] \t-":
        stop += 1
    return Field(begin, stop, match.lastgroup or NOTE, match.group())


def _short_lines(plain: str) -> Iterator[tuple[int, int]]:
    """Lines that may hold a lead word and nothing else."""
    start = 0
    for match in re.finditer("\n", plain + "\n"):
        if 1 < match.start() - start <= _LONGEST + 6:
            yield start, match.start()
        start = match.end()


def _alone(plain: str, start: int, end: int) -> Field | None:
    """A lead word that has a line of its own, perhaps after a number: 整改措施, (一)整改情况, 【整改情况】."""
    line = _LINE.match(plain, start, end)
    match = line and _ROLE.fullmatch(line["word"])
    if not line or not match or match.lastgroup not in _HEADING_ROLES:
        return None  # 责任人 alone on a line is prose; a form line has its colon
    return Field(line.start("open"), end, match.lastgroup or NOTE, match.group())


_LINE = re.compile(
    r"[ \t#]*(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]{1,2}"
    r"|[㈠-㈩①-⑳])? *(?P<open>[【〔\[(]?)(?P<word>[^\s:】〕\])]{2,20})[】〕\])]?[ \t]*$",
    re.MULTILINE,
)


def column_role(header: str) -> str | None:
    """What a table column holds, from its (plain) header cell; None where the words say nothing.

    >>> column_role("反馈 问题"), column_role("责任单位"), column_role("电话")
    ('problem', 'units', None)
    """
    words = re.sub(r"\s+|\(.*?\)|[:、及和]", "", header)
    match = _ROLE.fullmatch(words)
    return match.lastgroup if match else None
