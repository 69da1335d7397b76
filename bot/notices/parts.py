"""An item's text cut at its lead words: problem, rectification text, result, form lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.notices.drafts import Draft, filled, trim
from bot.notices.fields import DEADLINE, MEASURES, NOTE, PERSONS, PROBLEM, RESULT, TARGET, UNITS, Field
from bot.records import Span

FORM_ROLES = {UNITS, PERSONS, DEADLINE, TARGET, NOTE}

_QUOTED = re.compile(
    r"(?:反馈|巡察|督察|指出|发现)*的?关于[“\"](?P<inner>.*)[”\"](?:等|的|方面|突出" r"|具体|有关)*问题[。;:,]?",
    re.DOTALL,
)
_BARE_QUOTED = re.compile(r"[“\"](?P<inner>[^”\"]*)[”\"](?:的)?问题[。;:,]?")
# 关于…的问题。, and the findings printed after it.
_ABOUT = re.compile(r"(?:关于|针对)(?P<inner>[^。]+?问题(?=[。;]?$)|[^。]+问题[。:,;].+)[。;]?", re.DOTALL)
# What may close a notice after its last item, in paragraphs of their own.
_CLOSING = re.compile(
    r"^[ \t]*(?:欢迎(?:广大)?|如有意见|联系(?:电话|方式|人)|监督电话|特此|附件|附:"
    r"|巡察期间,|督察期间,|公示期|以上|邮政|电子邮|下一步,(?:我|县|市|区|镇|乡|全"
    r"|局|党|将)"
    r"|中共[^\n。,;]{2,30}$|[^\n。,;:]{2,30}(?:党组|党委|委员会|人民政府|局|办公室"
    r"|领导小组)[ \t]*$|(?:\d{4}"
    r"|[二〇零一二三四五六七八九○]{4})年\d{0,2}[一二三四五六七八九十]*月[^\n]{1,4}日[ \t]*$)",
    re.MULTILINE,
)


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
    return match.start() if match else end


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
        problem = spans[PROBLEM][0]
    return Parts(problem, spans)


_OUTCOME = re.compile(r"成效|成果|效果|进展|进度|情况")
_STATE = re.compile(
    r"(?:已|均已|全部|基本|正在|未|尚未)?(?:整改)?(?:完成|到位|销号|整改|推进|启动" r"|办结|落实)[^,。;\n]{0,8}[。;]?"
)


def _is_outcome(plain: str, lead: Field, stop: int) -> bool:
    """整改成效: 已完成 holds a state, no measure."""
    words = plain[lead.end : stop].strip()
    return len(words) <= 14 and bool(_OUTCOME.search(lead.word)) and bool(_STATE.fullmatch(words))


_NUMBER_TAIL = re.compile(r"(?:^|(?<=[\n。;]))[ \t]*(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]{1,2}|[①-⑳])[ \t]*$")


def _before_number(plain: str, start: int, stop: int) -> int:
    """A lead word may carry a number of its own (2.整改措施:): the text before it ends before that number."""
    match = _NUMBER_TAIL.search(plain, max(start, stop - 12), stop)
    return max(start, match.start()) if match else stop


def problem_words(plain: str, span: Span) -> Span:
    """The problem alone: what stands inside the quotation marks of 关于“…”问题, else the sentence as printed."""
    for pattern in (_QUOTED, _BARE_QUOTED, _ABOUT):
        match = pattern.fullmatch(plain, *span)
        if match:
            return trim(plain, *match.span("inner"))
    return span


def from_parts(
    plain: str, label: str, start: int, end: int, parts: Parts, category: Span | None = None, number: str | None = None
) -> Draft:
    """The draft made of an item's pieces."""
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
