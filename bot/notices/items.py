"""Which paragraphs of a notice are items, by what stands in them.

Evidence, strongest first: a lead word (整改情况:) after a problem; numbered lead words under one heading; a lead word that
repeats without numbers; 关于“…”问题 or 针对…问题, under a heading that speaks of rectification; a number among such
paragraphs. Paragraphs without any of it are narrative, wherever they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.notices.drafts import Draft, trim
from bot.notices.fields import DEADLINE, MEASURES, PERSONS, PROBLEM, RESULT, TARGET, UNITS, Field
from bot.notices.numerals import ordinal
from bot.notices.outline import MEASURE_KINDS, Heading, Outline
from bot.notices.parts import Parts, cut_closing, problem_words, split_parts
from bot.notices.plans import plan_items
from bot.records import Span

_PLAN = re.compile(r"下一?步|下阶段|今后|后续|打算|继续深化|持续深化|进一步.{0,12}(?:巩固|深化)|继续|持续(?:推进|巩固|抓)|巩固(?:整改)?(?:成果|提升)")
_NARRATIVE = re.compile(
    r"组织|领导|部署|做法|推进机制|机制|工作开展|思想|认识|政治任务|责任落实情况|总体|基本情况|概况|推动|履行.{0,6}责任|主体责任|工作情况$|提高政治站位|强化|加强|压实|扛牢|附件"
)
_RECTIFIED = re.compile(r"(?:问题|意见|任务|事项|反馈|巡察|督察|审计).{0,14}(?:整改|落实|进展|完成)|整改(?:进展|情况|落实|成效|完成|任务|到位)|(?:存在|反馈|发现|查出)的?.{0,8}问题|(?:已|未|正在)(?:完成)?整改")
_ORGANISED = re.compile(r"组织|领导|做法|机制|部署|政治任务|总体|概况|责任情况|主体责任|" + _PLAN.pattern)
_ABOUT = re.compile(r"(?:关于|针对|对|对于).{2,}?问题", re.DOTALL)
_MERGED = re.compile(r"(?:(?:针对|对于|对)(?P<problem>[^\n。]{3,200}?问题)[,:。;]|关于(?P<about>[^\n。]{3,200}?问题)[,:])(?P<rest>[^\n])")
_RUN_IN = re.compile(r"(?:(?<=[。\n])|(?<=[。\n] ))(?:针对|对于)(?P<problem>[^。;\n]{4,100}?问题),")
_ASPECT = re.compile(r"(?:方面|领域|情况|工作|建设|问题)[。:]?$")
_MERGED_QUOTE = re.compile(r"(?:针对|关于|对于|对)(?P<problem>[“\"][^\n]{3,300}?[”\"])(?:的|等|方面的)?(?:问题|意见)[,:。;]*(?P<rest>[^\n])")
_DEFECT = re.compile(
    r"不(?:到位|够|足|力|强|高|严|实|规范|完善|健全|彻底|及时|深入|全面|明显|平衡|充分|清|准|齐|符|畅|明|好|顺|紧|佳|良)|未|没有|缺(?:乏|失|位|少)|滞后|薄弱|弱化|欠缺|差距|短板|偏(?:差|低|慢|高|弱|软)|存在|违规|违法|超标"
    r"|问题|漏洞|隐患|虚化|流于形式|淡薄|松散|混乱|困难|缓慢|不合理|迟缓|低下|走过场|形式主义"
)
_FINDING = re.compile(r" *(?:(?:审计|巡察组?|巡视组?|督察组?|检查|抽查|核查|调查)(?:中)?(?:查出|发现|指出|反映|认为|抽查)|经(?:查|抽查|审计)|抽查|其中:|主要(?:表现|是)|具体表现)")
_STATES_PROBLEM = re.compile(rf"^(?:关于|针对).{{2,}}问题|(?:{_DEFECT.pattern})[^,。]{{0,6}}[。;:]?$", re.DOTALL)
_ROLES = {MEASURES, RESULT}


class _Found:
    """Items while the tree is walked."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.plain = outline.plain
        self.drafts: list[Draft] = []


def find_items(outline: Outline) -> list[Draft]:
    """The items that the headings of a notice hold, in the order of the text (tables are read elsewhere)."""
    found = _Found(outline)
    first = outline.headings[0].start if outline.headings else len(outline.plain)
    found.drafts += _unnumbered(outline, "", 0, first, None)
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
    weak = [draft for index in empty for draft in (_run_in(outline, index) or [_weak(outline, index, kinds)]) if draft]
    if weak:
        found.drafts[before:] = sorted(found.drafts[before:] + weak, key=lambda draft: draft.start)


def _is_plan(outline: Outline, index: int) -> bool:
    heading = outline.headings[index]
    return heading.depth == 0 and heading.kind in ("cn", "part", "pcn", "num") and bool(_PLAN.search(_title(outline, index)))


def _title(outline: Outline, index: int) -> str:
    """The words of a heading: its first line up to the first full stop."""
    return outline.plain[slice(*title_span(outline, index))]


def title_span(outline: Outline, index: int) -> Span:
    """The words of a heading: its first line, or its first sentence with the full stop, without 反馈问题: before them."""
    heading = outline.headings[index]
    start = heading.content
    lead = next((f for f in outline.fields_in(start, heading.line_end) if f.start == start and f.role == PROBLEM), None)
    start = lead.end if lead else start
    stop = outline.plain.find("。", start, heading.line_end)
    return trim(outline.plain, start, heading.line_end if stop < 0 else stop + 1)


def _item(outline: Outline, index: int) -> Draft | None:
    """The heading as an item, where a lead word of its own or numbered lead words under it say so."""
    heading = outline.headings[index]
    own = outline.fields_in(heading.content, outline.own_end(index))
    if any(f.role in _ROLES for f in own):
        if _repeats(own):
            return None
        return _draft(outline, index)
    if outline.children[index] and (_numbered_leads(outline, index) or _leads_below(outline, index)):
        return _draft(outline, index)
    return None


def _leads_below(outline: Outline, index: int) -> bool:
    """Whether the heading states a problem and its numbered paragraphs are measures, a lead word standing after the last."""
    heading = outline.headings[index]
    if not heading.depth or not _STATES_PROBLEM.search(_title(outline, index)):
        return False
    children = outline.children[index]
    leads = [f.start for f in outline.fields_in(heading.content, heading.end) if f.role in _ROLES]
    if len(children) < 2 or not leads or leads[0] < outline.headings[children[-1]].start:
        return False
    return not any(_STATES_PROBLEM.search(_title(outline, child)) for child in outline.children[index])


def _repeats(own: Sequence[Field]) -> bool:
    """Whether the same measures lead word comes back: several items without numbers."""
    words = [f.word for f in own if f.role == MEASURES]
    return len(words) > len(set(words))


def _numbered_leads(outline: Outline, index: int) -> bool:
    """Whether numbered lead words stand under the heading: 1.整改目标: 2.整改措施:."""
    children = [outline.headings[child] for child in outline.children[index]]
    leads = [f for child in children for f in outline.fields_in(child.content, child.content + 1)]
    return len(leads) >= 2 and any(f.role in _ROLES for f in leads) and not _NARRATIVE.search(_title(outline, index))


def _draft(outline: Outline, index: int) -> Draft | None:
    heading = outline.headings[index]
    plain = outline.plain
    end = cut_closing(plain, heading.content, heading.end)
    parts = split_parts(plain, heading.content, end, outline.fields_in(heading.content, end))
    if parts.problem[0] >= parts.problem[1]:
        return None
    led_late = outline.children[index] and not any(f.role in _ROLES for f in outline.fields_in(heading.content, outline.own_end(index)))
    if not parts.of(PROBLEM) and (led_late or not parts.of(MEASURES)):
        _split_unled(plain, parts)
    return from_parts(plain, outline.label(index), heading.start, trim(plain, heading.start, end)[1], parts, *_category(outline, index))


def _split_unled(plain: str, parts: Parts) -> None:
    """Where 整改结果: or 责任单位: alone is led in: the problem is the first line, what follows it is rectification text."""
    start, end = parts.problem
    line = plain.find("\n", start, end)
    stop = line if line >= 0 else _finding_end(plain, start, end) if _ABOUT.match(plain, start, end) else end
    rest = trim(plain, stop, end)
    if rest[0] < rest[1]:
        parts.problem = trim(plain, start, stop)
        parts.spans[MEASURES] = (rest, *parts.of(MEASURES))


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


def _category(outline: Outline, index: int) -> tuple[Span | None, str | None]:
    """The heading right above, unless it heads the whole part: that is settled in ``settle_categories``."""
    parent = outline.headings[index].parent
    return (title_span(outline, parent), outline.headings[parent].label) if parent >= 0 else (None, None)


def _own_unnumbered(outline: Outline, index: int) -> list[Draft]:
    heading = outline.headings[index]
    if outline.children[index] and not _repeats(outline.fields_in(heading.content, outline.own_end(index))):
        return []
    return list(_unnumbered(outline, outline.label(index), heading.line_end, heading.end, index))


def _unnumbered(outline: Outline, label: str, start: int, end: int, above: int | None) -> Iterator[Draft]:
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
            yield from_parts(outline.plain, label or "1", begin_trimmed, stop_trimmed, parts, *category)


def _unnumbered_starts(plain: str, fields: Sequence[Field], start: int) -> list[int]:
    problems = [f.start for f in fields if f.role == PROBLEM]
    if problems:
        return problems
    word = next(f.word for f in fields if f.role in _ROLES)
    starts = []
    for lead in fields:
        if lead.word == word:
            before = len(plain[start : lead.start].rstrip()) + start
            starts.append(max(start, plain.rfind("\n", start, before) + 1))
    return starts


def _weak(outline: Outline, index: int, kinds: set[str]) -> Draft | None:
    """A heading without lead words as an item: among items, or by its wording where rectification is the subject."""
    heading = outline.headings[index]
    if outline.children[index] and any(_DEFECT.search(_title(outline, child)) for child in outline.children[index][:1]) and heading.kind not in kinds:
        return None
    if heading.kind in kinds:
        return _split_sentence(outline, index) if _DEFECT.search(_title(outline, index)) else None
    if not _under_rectification(outline, index):
        return None
    return _merged(outline, index) or _about(outline, index)


def _under_rectification(outline: Outline, index: int) -> bool:
    """Whether the headings above speak of rectified problems (反馈问题整改情况) and not of how the work was organised."""
    titles = [_title(outline, step) for step in outline.path(index)[:-1]]
    return any(_RECTIFIED.search(title) for title in titles) and not _ORGANISED.search(titles[0])


def _merged(outline: Outline, index: int) -> Draft | None:
    """针对…问题,镇党委修订…: problem and measures in one paragraph."""
    heading, plain = outline.headings[index], outline.plain
    match = _MERGED_QUOTE.match(plain, heading.content, heading.line_end) or _MERGED.match(plain, heading.content, heading.line_end)
    if not match:
        return None
    end = cut_closing(plain, heading.content, heading.end)
    group = "problem" if match["problem"] else "about"
    problem = trim(plain, *match.span(group))
    if plain[problem[0]] in "“\"" and plain[problem[1] - 1] in "”\"":
        problem = (problem[0] + 1, problem[1] - 1)
    parts = Parts(problem, {MEASURES: (trim(plain, match.start("rest"), end),)})
    return from_parts(plain, outline.label(index), heading.start, trim(plain, heading.start, end)[1], parts, *_category(outline, index))


def _run_in(outline: Outline, index: int) -> list[Draft]:
    """Under a heading that is no problem itself (…方面): sentences that begin with 针对…问题, each an item."""
    heading, plain = outline.headings[index], outline.plain
    if not _under_rectification(outline, index) or not _ASPECT.search(_title(outline, index)):
        return []
    end = cut_closing(plain, heading.content, heading.end)
    matches = list(_RUN_IN.finditer(plain, title_span(outline, index)[1], end))
    if len(matches) < 2 and not _title(outline, index).rstrip("。:").endswith(("方面", "领域")):
        return []
    drafts = []
    category = (title_span(outline, index), heading.label)
    for number, match in enumerate(matches):
        stop = matches[number + 1].start() if number + 1 < len(matches) else end
        begin, stop = trim(plain, match.start(), stop)
        parts = Parts(trim(plain, *match.span("problem")), {MEASURES: (trim(plain, match.end(), stop),)})
        drafts.append(from_parts(plain, outline.label(index), begin, stop, parts, *category))
    return drafts


def _about(outline: Outline, index: int) -> Draft | None:
    """关于…问题。 and the rectification after it, or a heading that names a defect with text under it."""
    if not _DEFECT.search(_title(outline, index)) or _NARRATIVE.match(_title(outline, index)):
        return None
    return _split_sentence(outline, index)


def _split_sentence(outline: Outline, index: int) -> Draft | None:
    """Problem: the first sentence and those that tell the finding, or the first line where more lines follow."""
    heading, plain = outline.headings[index], outline.plain
    end = cut_closing(plain, heading.content, heading.end)
    more = plain[heading.line_end : end].strip()
    stop = heading.line_end if more else _finding_end(plain, heading.content, heading.line_end)
    problem = trim(plain, heading.content, stop)
    rest = trim(plain, stop, end)
    if problem[0] >= problem[1]:
        return None
    parts = Parts(problem, {MEASURES: (rest,)} if rest[0] < rest[1] else {})
    return from_parts(plain, outline.label(index), heading.start, trim(plain, heading.start, end)[1], parts, *_category(outline, index))


def _finding_end(plain: str, start: int, end: int) -> int:
    """Behind the first sentence of a paragraph and the findings that follow it (审计查出…。)."""
    while start < end:
        stop = plain.find("。", start, end)
        start = end if stop < 0 else stop + 1
        if not _FINDING.match(plain, start, end):
            break
    return start


def _plans(outline: Outline, index: int) -> Iterator[Draft]:
    """Items of a plan section, paragraph by paragraph."""
    paragraphs = outline.children[index] or (index,)
    for child in paragraphs:
        heading = outline.headings[child]
        start = heading.content if child != index else heading.line_end
        end = cut_closing(outline.plain, start, heading.end)
        yield from plan_items(outline.plain, outline.label(child), heading.start, start, end, title_span(outline, child), heading.label)


def settle_categories(outline: Outline, drafts: Sequence[Draft]) -> list[Draft]:
    """Take away the category that heads the whole part (二、具体问题整改情况), unless several such headings hold items."""
    roots = {_root_of(outline, draft) for draft in drafts if not draft.plan}
    if len(roots) > 1:
        return list(drafts)
    part = next(iter(roots), None)
    return [
        replace(draft, category=None, category_label=None)
        if part is not None and not draft.plan and draft.category == title_span(outline, part)
        else draft
        for draft in drafts
    ]


def _root_of(outline: Outline, draft: Draft) -> int | None:
    index = outline.at(draft.start)
    return outline.path(index)[0] if index >= 0 else None


def unique_labels(drafts: Sequence[Draft]) -> list[Draft]:
    """A label that comes again gets ~2, ~3, …."""
    seen: dict[str, int] = {}
    result = []
    for draft in drafts:
        seen[draft.label] = count = seen.get(draft.label, 0) + 1
        result.append(draft if count == 1 else replace(draft, label=f"{draft.label}~{count}"))
    return result


def part_spans(outline: Outline, drafts: Sequence[Draft]) -> list[Span]:
    """The rectification part: the outermost sections that hold items (plans apart), each as a span."""
    roots = sorted({root for draft in drafts if not draft.plan and (root := _root_of(outline, draft)) is not None})
    return [(outline.headings[root].start, cut_closing(outline.plain, outline.headings[root].content, outline.headings[root].end)) for root in roots]


def unassigned(outline: Outline, drafts: Sequence[Draft], tables: Sequence[Span] = ()) -> tuple[Span, ...]:
    """What in the rectification part lies in no item and no heading, without the white space at its ends."""
    taken = sorted([(d.start, d.end) for d in drafts] + [_head(outline, h) for h in outline.headings] + list(tables))
    starts = [start for start, _ in taken]
    spans = []
    for start, end in part_spans(outline, drafts):
        position = start
        for low, high in taken[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]:
            spans.append((position, low))
            position = max(position, high)
        spans.append((position, end))
    trimmed = [trim(outline.plain, low, high) for low, high in spans if low < high]
    return tuple((low, high) for low, high in trimmed if low < high)


def _head(outline: Outline, heading: Heading) -> Span:
    stop = outline.plain.find("。", heading.content, heading.line_end)
    return heading.start, heading.line_end if stop < 0 else stop + 1


__all__ = ["find_items", "ordinal", "part_spans", "settle_categories", "title_span", "unassigned", "unique_labels"]
