"""An item's text cut at its lead words: problem, rectification text, result, form lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.notices.drafts import Draft, filled, trim
from bot.notices.fields import BULLETS, DEADLINE, MEASURES, NOTE, PERSONS, PROBLEM, RESULT, TARGET, UNITS, Field
from bot.records import Span

FORM_ROLES = {UNITS, PERSONS, DEADLINE, TARGET, NOTE}

_QUOTED = re.compile(
    r"(?:反馈|巡察|督察|指出|发现)*的?(?:关于|针对)[“‘\"](?P<inner>.*)[”’\"](?:等|的|方面|突出|具体|有关)*"
    r"(?:问题|(?:审议|反馈|整改)?意见|建议)[。;:,]?",
    re.DOTALL,
)
_BARE_QUOTED = re.compile(
    r"(?:[^“”‘’,。;\"]{0,20}(?:指出|反馈|发现|提出|反映|查出)的?)?[“‘\"](?P<inner>[^”’\"]*)[”’\"](?:的)?问题[。;:,]?"
)
# 学习不深入问题整改情况: a heading that announces what was done about it.
_REPORTED = re.compile(r"(?:关于)?(?P<inner>[^,。;:\n]{4,60}?)的?问题的?整改(?:落实|进展|完成|工作)?情况[。:]?")
# 关于…的问题。, and the findings printed after it.
_OPINION = re.compile(r"关于(?P<inner>[^,。;“]{4,80})的(?:审议|整改)?(?:意见|建议)[。:,]?")
_ABOUT = re.compile(r"(?:关于|针对)(?P<inner>[^。]+?问题(?=[。;]?$)|[^。]+问题[。:,;].+)[。;]?", re.DOTALL)
# What may close a notice after its last item, in paragraphs of their own.
_CLOSING = re.compile(
    r"^[ \t]*(?:欢迎(?:广大)?|如有意见|联系(?:电话|方式|人)|监督电话|特此|附件|附:"
    r"|巡察期间,|督察期间,|公示期|公示时间|公告期|以上|对(?:以上|上述|公示|公告)|如有(?:异议|不同)|如对|社会各界|(?:监督|举报|咨询|反映)(?:电话|方式)|邮政|电子邮|下一步,(?:我|县|市|区|镇|乡|全"
    r"|局|党|将)"
    r"|中共[^\n。,;]{2,30}$|[^\n。,;:]{2,30}(?:党组|党委|委员会|人民政府|局|办公室"
    r"|领导小组)[ \t]*$"
    r"|[^\s。,;:][^\n。,;:]{1,40}\n\s*(?:\d{4}|[二〇零一三四五六七八九○]{4})年[^\n。,;]{2,8}日\s*\Z|(?:\d{4}"
    r"|[二〇零一二三四五六七八九○]{4})年\d{0,2}[一二三四五六七八九十]*月[^\n]{1,4}日[ \t]*$)",
    re.MULTILINE,
)

# What sums up several items behind the last of them.
_SUMMED_UP = re.compile(r"[ \t]*(?:上述[^,。;\n]{1,6}[个项条]|除第[^,。;\n]{1,10}[个项条])[^\n]{0,60}\s*$")


@dataclass(slots=True)
class Parts:
    """The pieces of one item by what they hold, as spans (trimmed, never empty)."""

    problem: Span
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def of(self, role: str) -> tuple[Span, ...]:
        """The pieces with that role, in the order of the text."""
        return self.spans.get(role, ())


def cut_closing(plain: str, start: int, end: int) -> int:
    """Where the text of a notice's last item ends: before paragraphs that close the notice.

    Only whole paragraphs go, and only where a closing formula begins one.
    """
    line = plain.find("\n", start, end)
    if line < 0:
        return end
    match = _CLOSING.search(plain, line + 1, end)
    end = match.start() if match else end
    last = plain.rfind("\n", line, end - len(plain[line:end]) + len(plain[line:end].rstrip())) + 1
    return last if _SUMMED_UP.match(plain, last, end) else end


def split_parts(plain: str, start: int, end: int, fields: Sequence[Field]) -> Parts:
    """Cut ``[start, end)`` at its lead words; the text before the first one is the problem."""
    collected: dict[str, list[Span]] = {}
    first = fields[0].start if fields else end
    problem = trim(plain, start, _before_number(plain, start, first) if fields else first)
    for index, lead in enumerate(fields):
        stop = fields[index + 1].start if index + 1 < len(fields) else end
        stop = _before_number(plain, lead.end, stop) if index + 1 < len(fields) else stop
        if lead.role in FORM_ROLES:
            line = plain.find("\n", lead.end, stop)
            if line >= 0 and plain[lead.end : line].strip():
                if lead.role != TARGET:
                    collected.setdefault(MEASURES, []).append((line, stop))
                    stop = line
                else:
                    stop = line
        role = RESULT if lead.role == MEASURES and _is_outcome(plain, lead, stop) else lead.role
        collected.setdefault(role, []).append((lead.end, stop))
    spans = {role: filled(plain, pieces) for role, pieces in collected.items()}
    if spans.get(PROBLEM):
        start, end = spans[PROBLEM][0]
        numbered = NUMBERED.match(plain, start, end)
        problem = (numbered.end() if numbered else start, end)
    return Parts(problem, spans)


_OUTCOME = re.compile(r"成效|成果|效果|进展|进度|情况")
STATE = re.compile(
    r"(?:\d{1,3}(?:\.\d+)?%(?:,[^,。;\n]{2,16})?|(?:尚未|未)(?:启动|开工|完成)(?:整改)?|长期坚持|持续(?:整改|推进)|进行中|正在[^,。;\n]{2,10}|(?:(?:该|此)项?问题|整改工作)?(?:已|均已|全部|基本|正在|未|尚未|达到|取得|按)?(?:整改)?(?:基本)?"
    r"(?:完成|到位|销号|整改|推进|启动|办结|落实|[序时]{2}进度|阶段性成效)[^,。;\n]{0,8}(?:验收)?(?:并?销号)?(?:,[^,。;\n]{2,16})?)[。;]?"
)


def _is_outcome(plain: str, lead: Field, stop: int) -> bool:
    """整改成效: 已完成 holds a state, no measure."""
    words = plain[lead.end : stop].strip()
    return len(words) <= 32 and bool(_OUTCOME.search(lead.word)) and bool(STATE.fullmatch(words))


NUMBERED = re.compile(r"(?:\( ?(?P<bracketed>\d{1,3}) ?\)|(?P<number>\d{1,3})(?:[.](?!\d)|、)) *(?=[^\s])")
"""A number behind a lead word: 【反馈问题】1.…."""
_NUMBER_TAIL = re.compile(
    r"(?:^|(?<=[\n。;]))[ \t]*(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]{1,2}|[①-⑳]|-{1,4})[ \t]*$"
)


def _before_number(plain: str, start: int, stop: int) -> int:
    """A lead word may carry a number of its own (2.整改措施:): the text before it ends before that number."""
    match = _NUMBER_TAIL.search(plain, max(start, stop - 12), stop)
    return max(start, match.start()) if match else stop


# Who found it, before the finding: 学习方面。反馈指出,…; 督察报告指出,….
TOLD = re.compile(
    r"(?:在?[^,。;:\n“]{2,30}(?:方面|领域)[。:,]? *(?=反馈|巡|督|审|检))?(?:本轮|此次|本次|上轮)?"
    r"(?:巡察|巡视|督察|督查|审计|检查|反馈)(?:组|报告|意见)?(?:反馈)?(?:指出|发现|认为|反映|查出|反馈)"
    r"(?:,|:|,我[^,。;\n]{1,6}) *(?=[^\n])"
)
# What may stand before the finding in its own line: 任务1:, 第一项:, 巡察发现:.
_NAMED = re.compile(
    rf"[{BULLETS}] *(?=[^\n])"
    r"|(?:(?:整改|反馈|具体)?(?:任务|问题|事项|意见) ?(?:\d{1,3}|[一二三四五六七八九十]{1,4})"
    r"|第(?:\d{1,3}|[一二三四五六七八九十]{1,4})(?:项|个|条)(?:问题|任务)?"
    r"|(?:巡察|巡视|督察|审计)组?(?:反馈)?(?:发现|指出|反馈|查出)(?=:)) ?[:、.] *(?=[^\n])"
)
STATE_BEFORE = re.compile(
    r"[(【\[〔](?P<state>(?:已|基本|正在|未|长期|阶段性|达到|整改|持续|推进|进行)[^()【】\[\]〔〕\n]{1,8})"
    r"[)】\]〕] *(?=[^\n])"
)
STATE_BEHIND = re.compile(
    r"[(【\[〔](?P<state>(?:已|基本|正在|未|长期|阶段性|达到|整改|持续|完成|立行立改|推进|进行|办结|销号)[^()【】\[\]〔〕\n]{1,14})"
    r"[)】\]〕][。;]?[ \t]*$",
    re.MULTILINE,
)


def problem_words(plain: str, span: Span) -> Span:
    """The problem alone: what stands inside the quotation marks of 关于“…”问题, else the sentence as printed."""
    for lead in (_NAMED, TOLD):
        named = lead.match(plain, *span)
        span = (named.end(), span[1]) if named and named.end() < span[1] else span
    for pattern in (_QUOTED, _BARE_QUOTED, _REPORTED, _OPINION, _ABOUT):
        match = pattern.fullmatch(plain, *span)
        if match:
            return trim(plain, *match.span("inner"))
    return span


def _take_state(plain: str, parts: Parts) -> None:
    """A state in brackets that ends the rectification text is its result: ②签订责任书28份。(完成整改)."""
    rect = parts.of(MEASURES)
    if not rect or parts.of(RESULT):
        return
    start, end = rect[-1]
    state = STATE_BEHIND.search(plain, max(start + 1, end - 24), end)
    if state and state.end() == end and STATE.fullmatch(plain, *state.span("state")):
        parts.spans[MEASURES] = (*rect[:-1], trim(plain, start, state.start()))
        parts.spans[RESULT] = (state.span("state"),)


def from_parts(
    plain: str, label: str, start: int, end: int, parts: Parts, category: Span | None = None, number: str | None = None
) -> Draft:
    """The draft made of an item's pieces."""
    state = STATE_BEFORE.match(plain, *parts.problem)
    if state and state.end() < parts.problem[1]:
        parts.problem = trim(plain, state.end(), parts.problem[1])
        parts.spans[RESULT] = (state.span("state"), *parts.of(RESULT))
    _take_state(plain, parts)
    state = STATE_BEHIND.search(plain, max(parts.problem[0] + 1, parts.problem[1] - 24), parts.problem[1])
    if state:
        parts.problem = trim(plain, parts.problem[0], state.start())
        parts.spans[RESULT] = (state.span("state"), *parts.of(RESULT))
    return Draft(
        label,
        start,
        end,
        problem_words(plain, parts.problem),
        category,
        number,
        rect=tuple(sorted(parts.of(MEASURES))),
        results=parts.of(RESULT),
        units=parts.of(UNITS),
        persons=parts.of(PERSONS),
        deadlines=parts.of(DEADLINE),
        targets=parts.of(TARGET),
    )
