"""Which paragraphs of a notice are items, by what stands in them.

Evidence, strongest first: a lead word (整改情况:) after a problem; numbered lead words under one heading; a lead word
that repeats without numbers; a number among such paragraphs; and the wordings of ``unled`` under a heading that speaks
of rectification. Paragraphs without any of it are narrative, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.notices.drafts import Draft, trim
from bot.notices.fields import MEASURES, NOTE, PROBLEM, RESULT, Field
from bot.notices.outline import MEASURE_KINDS, Outline
from bot.notices.parts import NUMBERED, Parts, cut_closing, from_parts, split_parts
from bot.notices.plans import plan_items
from bot.notices.unled import (
    category,
    roots_are_problems,
    run_in,
    sibling,
    split_unled,
    states_problem,
    title,
    title_span,
    unled,
)

_PLAN = re.compile(r"下一?步|下阶段|今后|打算|后续(?:整改)?(?:工作|措施|安排|计划)")
# Headings of a plan where nothing under them is led in by 整改情况:.
_LIKELY_PLAN = re.compile(
    r"后续|继续深化|持续深化|继续|持续(?:推进|巩固|抓)|进一步.{0,12}(?:巩固|深化)|巩固(?:整改)?(?:成果|提升)"
)
_NARRATIVE = re.compile(
    r"组织|领导|部署|做法|推进机制|机制|工作开展|思想|认识|政治任务|责任落实情况"
    r"|总体|基本情况|概况|推动|履行.{0,6}责任|主体责任|工作情况$|提高政治站位|强化"
    r"|加强|压实|扛牢|附件"
)
_ROLES = {MEASURES, RESULT}


class _Found:
    """Items while the tree is walked."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.plain = outline.plain
        self.drafts: list[Draft] = []
        self.rooted = roots_are_problems(outline)


def find_items(outline: Outline) -> list[Draft]:
    """The items that the headings of a notice hold, in the order of the text (tables are read elsewhere)."""
    found = _Found(outline)
    first = outline.headings[0].start if outline.headings else len(outline.plain)
    found.drafts += _unnumbered(outline, "", 0, first, None) or _titled(outline, first)
    _walk(found, outline.roots)
    return found.drafts


def _walk(found: _Found, siblings: Sequence[int]) -> None:
    """Items among sibling headings and under them."""
    outline = found.outline
    empty: list[int] = []
    kinds: set[str] = set()
    before = len(found.drafts)
    for index in siblings:
        if outline.headings[index].kind in MEASURE_KINDS:
            continue
        count = len(found.drafts)
        if _is_plan(outline, index):
            found.drafts += _plans(outline, index)
            continue
        if draft := _item(outline, index):
            kinds.add(outline.headings[index].kind)
            found.drafts.append(draft)
            continue
        _walk(found, outline.children[index])
        if len(found.drafts) == count:
            found.drafts += _own_unnumbered(outline, index)
        if len(found.drafts) == count:
            empty.append(index)
    told = {index: run_in(outline, index) or unled(outline, index, kinds, found.rooted) for index in empty}
    weak = [draft for drafts in told.values() for draft in drafts] + _like_the_others(outline, told)
    if weak:
        found.drafts[before:] = sorted(found.drafts[before:] + weak, key=lambda draft: draft.start)


def _like_the_others(outline: Outline, told: dict[int, list[Draft]]) -> list[Draft]:
    """Numbered paragraphs whose wording says nothing, among siblings most of which were told to be items."""
    items = [index for index, drafts in told.items() if len(drafts) == 1]
    kinds = {outline.headings[index].kind for index in items}
    rest = [index for index, drafts in told.items() if not drafts and outline.headings[index].kind in kinds]
    if len(items) < 2 or len(rest) > len(items) // 2:
        return []
    return [draft for index in rest if (draft := sibling(outline, index))]


def _is_plan(outline: Outline, index: int) -> bool:
    heading = outline.headings[index]
    words = title(outline, index)
    led = any(f.role in _ROLES for f in outline.fields_in(heading.content, heading.end))
    return (
        heading.depth == 0
        and heading.kind in ("cn", "part", "pcn", "num")
        and (bool(_PLAN.search(words)) or (bool(_LIKELY_PLAN.search(words)) and not led))
    )


def _item(outline: Outline, index: int) -> Draft | None:
    """The heading as an item, where a lead word of its own or numbered lead words under it say so."""
    heading = outline.headings[index]
    own = outline.fields_in(heading.content, outline.own_end(index))
    if own and own[0].start <= heading.content and own[0].role in _ROLES:
        # 二、整改情况 heads a part; 2.整改措施: is a piece of the item above it;
        # 一、整改措施:… 对应问题:… is an item turned round.
        turned = own[0].end < heading.line_end and sum(f.role == PROBLEM for f in own) == 1
        return _draft(outline, index) if turned else None
    if any(f.role in _ROLES for f in own):
        if _repeats(own):
            return None
        return _draft(outline, index)
    if outline.children[index] and (_numbered_leads(outline, index) or _leads_below(outline, index)):
        return _draft(outline, index)
    return None


def _leads_below(outline: Outline, index: int) -> bool:
    """Whether the heading states a problem and its numbered paragraphs are measures (a lead word ends them)."""
    heading = outline.headings[index]
    if not states_problem(outline, index):
        return False
    children = outline.children[index]
    leads = [f.start for f in outline.fields_in(heading.content, heading.end) if f.role in _ROLES]
    if len(children) < 2 or not leads or leads[0] < outline.headings[children[-1]].start:
        return False
    return not any(states_problem(outline, child) for child in outline.children[index])


def _repeats(own: Sequence[Field]) -> bool:
    """Whether the same measures lead word comes back: several items without numbers."""
    words = [f.word for f in own if f.role == MEASURES]
    return len(words) > len(set(words))


def _numbered_leads(outline: Outline, index: int) -> bool:
    """Whether numbered lead words stand under the heading: 1.整改目标: 2.整改措施:."""
    children = [outline.headings[child] for child in outline.children[index]]
    leads = [f for child in children for f in outline.fields_in(child.content, child.content + 1)]
    start = outline.headings[index].content
    named = any(f.role == PROBLEM and f.start == start for f in outline.fields_in(start, start + 1))
    told = named or not _NARRATIVE.search(title(outline, index))
    return len(leads) >= 2 and any(f.role in _ROLES for f in leads) and told


def _draft(outline: Outline, index: int) -> Draft | None:
    heading = outline.headings[index]
    plain = outline.plain
    end = cut_closing(plain, heading.content, heading.end)
    parts = split_parts(plain, heading.content, end, outline.fields_in(heading.content, end))
    if parts.problem[0] >= parts.problem[1]:
        return None
    led_late = outline.children[index] and not any(
        f.role in _ROLES for f in outline.fields_in(heading.content, outline.own_end(index))
    )
    if not parts.of(PROBLEM) and (led_late or not parts.of(MEASURES)):
        split_unled(plain, parts)
    above = category(outline, index)
    if parts.problem[0] > heading.line_end and not states_problem(outline, index):
        above = (title_span(outline, index), heading.label)  # (二)政府投资 over a line 问题:…
    return from_parts(plain, outline.label(index), heading.start, trim(plain, heading.start, end)[1], parts, *above)


def _own_unnumbered(outline: Outline, index: int) -> list[Draft]:
    heading = outline.headings[index]
    if outline.children[index] and not _repeats(outline.fields_in(heading.content, outline.own_end(index))):
        return []
    return _unnumbered(outline, outline.label(index), heading.line_end, heading.end, index)


def _unnumbered(outline: Outline, label: str, start: int, end: int, above: int | None) -> list[Draft]:
    return list(_unnumbered_items(outline, label, start, end, above))


def _unnumbered_items(outline: Outline, label: str, start: int, end: int, above: int | None) -> Iterator[Draft]:
    """Items told apart by their lead words alone: each begins at 问题: or at the paragraph before 整改情况:."""
    fields = outline.fields_in(start, end)
    leads = [f for f in fields if f.role in _ROLES]
    if not leads:
        return
    starts = _unnumbered_starts(outline.plain, fields, start)
    category = (title_span(outline, above), outline.headings[above].label) if above is not None else (None, None)
    for number, begin in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else cut_closing(outline.plain, begin, end)
        parts = split_parts(outline.plain, begin, stop, outline.fields_in(begin, stop))
        if parts.problem[0] < parts.problem[1] and (parts.of(MEASURES) or parts.of(RESULT)):
            begin_trimmed, stop_trimmed = trim(outline.plain, begin, stop)
            path = _own_number(outline, label, fields, begin) or label or "1"
            yield from_parts(outline.plain, path, begin_trimmed, stop_trimmed, parts, *category)


def _titled(outline: Outline, end: int) -> list[Draft]:
    """Before any heading: lines that are 关于“…”的问题, or begin with --针对“…”问题,; each goes on to the next."""
    plain = outline.plain
    lines = list(_TITLE_LINE.finditer(plain, 0, end))
    drafts = []
    for number, match in enumerate(lines):
        stop = lines[number + 1].start() if number + 1 < len(lines) else cut_closing(plain, match.start(), end)
        rest = trim(plain, match.end(), stop)
        if rest[0] < rest[1]:
            parts = Parts(trim(plain, *match.span("problem")), {MEASURES: (rest,)})
            drafts.append(from_parts(plain, "1", *trim(plain, match.start(), stop), parts))
    return drafts if len(lines) > 1 else []


_TITLE_LINE = re.compile(
    r"^[ \t]*(?:-+[ \t]*)?(?P<problem>(?:关于|针对)[“‘\"][^”\n]{3,80}[”’\"](?:的|等|方面的?)?问题)"
    r"(?:[。:]?[ \t]*$|[,:])",
    re.MULTILINE,
)


def _own_number(outline: Outline, label: str, fields: Sequence[Field], begin: int) -> str | None:
    """The path with the number that stands behind the lead word or on the line above: 【反馈问题】1.…, 任务序号:5."""
    plain = outline.plain
    place = next((i for i, f in enumerate(fields) if f.start == begin and f.role == PROBLEM), None)
    if place is None:
        return None
    if place and fields[place - 1].role == NOTE:
        number = plain[fields[place - 1].end : begin].strip(" \n。;,")
        if not re.fullmatch(r"\d{1,3}", number):
            return None
    elif match := NUMBERED.match(plain, fields[place].end):
        number = match["number"] or f"({match['bracketed']})"
    else:
        return None
    return f"{label}/{number}" if label else number


def _unnumbered_starts(plain: str, fields: Sequence[Field], start: int) -> list[int]:
    problems = [f.start for f in fields if f.role == PROBLEM]
    if problems:
        return problems
    word = next(f.word for f in fields if f.role in _ROLES)
    starts = []
    for lead in fields:
        if lead.word == word:
            low = max(start, lead.start - 400)
            before = low + len(plain[low : lead.start].rstrip())
            starts.append(max(start, plain.rfind("\n", start, before) + 1))
    return starts


def _plans(outline: Outline, index: int) -> Iterator[Draft]:
    """Items of a plan section, paragraph by paragraph."""
    paragraphs = outline.children[index] or (index,)
    for child in paragraphs:
        heading = outline.headings[child]
        start = heading.content if child != index else heading.line_end
        end = cut_closing(outline.plain, start, heading.end)
        yield from plan_items(
            outline.plain, outline.label(child), heading.start, start, end, title_span(outline, child), heading.label
        )
