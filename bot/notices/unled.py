"""Items without lead words: 关于…问题。 or 针对…问题, and the rectification text behind it, told by wording and place.

Knows what a problem sounds like, and where a heading speaks of rectification and not of how the work was organised.
"""

from __future__ import annotations

import re
from itertools import islice

from bot.notices.drafts import Draft, trim
from bot.notices.fields import MEASURES, PROBLEM
from bot.notices.outline import MEASURE_KINDS, Heading, Outline
from bot.notices.parts import STATE_BEFORE, STATE_BEHIND, TOLD, Parts, cut_closing, from_parts
from bot.records import Span

_ORGANISED = re.compile(
    r"组织|领导|做法|机制|部署|政治任务|总体|概况|责任情况|主体责任|下一?步|下阶段|今后|打算|继续|持续(?:推进|巩固|抓)"
)
_RECTIFIED = re.compile(
    r"(?:问题|意见|任务|事项|反馈|巡察|督察|审计).{0,14}(?:整改|落实|进展|完成)|整改(?:进展"
    r"|情况|落实|成效|完成|任务|到位)|(?:存在|反馈|发现|查出)的?.{0,8}问题|(?:已"
    r"|未|正在)(?:完成)?整改"
)
_NARRATIVE = re.compile(
    r"组织|领导|部署|做法|推进机制|机制|工作开展|思想|认识|政治任务|责任落实情况"
    r"|总体|基本情况|概况|推动|履行.{0,6}责任|主体责任|工作情况$|提高政治站位|强化"
    r"|加强|压实|扛牢|附件"
)
_ABOUT = re.compile(r"(?:关于|针对|对|对于).{2,}?问题", re.DOTALL)
_MERGED = re.compile(
    r"(?:(?:针对|对于|对)(?P<problem>[^\n。]{3,200}?问题)[,:。;]"
    r"|关于(?P<about>[^\n。]{3,200}?问题)[,:])(?P<rest>[^\n])"
)
_RUN_IN = re.compile(
    r"(?:(?<=[。;\n])|(?<=[。\n] ))(?:[一二三四五六七八九十]{1,2}是)?(?:针对|对于)"
    r"(?P<problem>“[^”\n]{3,100}”(?:的)?问题|[^。;\n]{4,100}?问题),"
)
_AS_FOLLOWS = re.compile(r"(?:整改|落实)[^,。;\n]{0,16}(?:如下|予以(?:公布|公开|公示|公告|通报))[。:]?\s*$")
_ASPECT = re.compile(r"(?:方面|领域|情况|工作|建设|问题)[。:]?$")
_MERGED_QUOTE = re.compile(
    r"(?:针对|关于|对于|对|聚焦|围绕|对照)(?P<problem>[“\"][^\n]{3,300}?[”\"])(?:的|等|方面的)?(?:问题"
    r"|意见)[,:。;]*(?P<rest>[^\n。,;:])"
)
_DEFECT = re.compile(
    r"不(?:到位|够|足|力|强|高|严|实|细|精|牢|密|多|大|优|均|规范|完善|健全|彻底|及时|深入|全面|明显|平衡|扎实|科学|合理|突出|主动|重视|相符|一致"
    r"|充分|清|准|齐|符|畅|明|好|顺|紧|佳|良)|未|没有|缺(?:乏|失|位|少)|多计|少计|漏缴|少缴|欠缴|挤占|挪用|截留|套取|虚报|闲置|滞留|拖欠|擅自|滞后|薄弱"
    r"|弱化|欠缺|差距|短板|单一|空缺|缺口|频发|多发|(?:较|过)(?:多|大|少|低|慢|弱|重)|(?:数量|频次|收入|力度)(?:偏|较|过)?(?:少|小)|不降反升|有待|需要?(?:进一步|持续|不断)?(?:提升|加强|提高|完善|深化|强化)|偏(?:差|低|慢|高|弱|软)|存在|违规|违法|超标"
    r"|问题|漏洞|疏漏|盲区|断层|脱节|反弹|拖欠|隐患|虚化|流于形式|淡薄|松散|混乱|困难|缓慢|不合理|迟缓|低下|走过场|形式主义"
)
_FINDING = re.compile(
    r" *(?:(?:审计|巡察组?|巡视组?|督察组?|检查|抽查|核查|调查)(?:中)?(?:查出|发现"
    r"|指出|反映|认为|抽查)|(?:(?:上述|以上|该|此)[^,。;]{0,8})?(?:不符合|违反|有悖)|经(?:查|抽查|审计)|抽查|其中:|主要(?:表现|是)|具体表现)"
)
_STATES_PROBLEM = re.compile(
    rf"^(?:关于|针对).{{2,}}问题|^(?:聚焦|围绕|对照)“(?=[^”]*(?:{_DEFECT.pattern}))[^”]{{4,}}”的?问题"
    rf"|(?:{_DEFECT.pattern})[^,。]{{0,6}}[。;:]?$"
    r"|不(?!断|放|松|动摇|降|减|停|变|忘|懈|止|移|渝|怠|少|仅|但|得|留|走样|打折)[一-鿿]{1,3}[。;:]?$",
    re.DOTALL,
)
# 立行立改的问题, 未完成整改的问题: what is numbered under such a heading is a problem each.
_BY_STATE = re.compile(
    r"^[^,。]{0,6}(?:已|未|正在|尚未|基本|持续|限期|长期|立行立改|阶段性|立即)[^,。]{0,10}(?:问题|任务|事项)(?:整改)?(?:情况)?(?:\(.*\))?[。:]?$"
)
# 村“两委”会议记录不规范--已规范18次: problem and rectification parted by a dash.
_DASH = re.compile(rf"(?P<problem>[^\n。]*?(?:{_DEFECT.pattern})[^\n。]{{0,12}}?)--+ *(?=[^\n-])")


def title(outline: Outline, index: int) -> str:
    """The words of a heading: its first line up to the first full stop."""
    return outline.plain[slice(*title_span(outline, index))]


def title_span(outline: Outline, index: int) -> Span:
    """A heading's first line, or its first sentence with the full stop, without 反馈问题: before it."""
    heading = outline.headings[index]
    start = heading.content
    lead = outline.fields_in(start, start + 1) if start < heading.line_end else ()
    start = lead[0].end if lead and lead[0].role == PROBLEM else start
    stop = outline.plain.find("。", start, heading.line_end)
    return trim(outline.plain, start, heading.line_end if stop < 0 else stop + 1)


def category(outline: Outline, index: int) -> tuple[Span | None, str | None]:
    """The heading right above, unless it heads the whole part: that is settled in ``settle_categories``."""
    parent = outline.headings[index].parent
    return (title_span(outline, parent), outline.headings[parent].label) if parent >= 0 else (None, None)


def states_problem(outline: Outline, index: int) -> bool:
    """Whether a heading's words state a problem: 关于…问题, a defect at their end, 督察指出,…, a state behind them."""
    heading = outline.headings[index]
    return bool(_STATES_PROBLEM.search(title(outline, index))) or _told(outline, heading)


def _told(outline: Outline, heading: Heading) -> bool:
    """Whether the paragraph says that it is a finding: 督察报告指出,… before it, or its state in brackets behind it."""
    told = TOLD.match(outline.plain, heading.content, heading.line_end)
    state = STATE_BEHIND.search(outline.plain, max(heading.content, heading.line_end - 24), heading.line_end)
    answered = outline.plain.find("。对此,", heading.content, heading.line_end) >= 0
    front = STATE_BEFORE.match(outline.plain, heading.content, heading.line_end)
    return bool(told or state or front or answered or _DASH.match(outline.plain, heading.content, heading.line_end))


def split_unled(plain: str, parts: Parts) -> None:
    """Where 整改结果: or 责任单位: alone is led in: the problem is the first line, the rest rectification text."""
    start, end = parts.problem
    line = plain.find("\n", start, end)
    stop = line if line >= 0 else _finding_end(plain, start, end) if _ABOUT.match(plain, start, end) else end
    rest = trim(plain, stop, end)
    if rest[0] < rest[1]:
        parts.problem = trim(plain, start, stop)
        parts.spans[MEASURES] = (rest, *parts.of(MEASURES))


def unled(outline: Outline, index: int, kinds: set[str], rooted: bool) -> list[Draft]:
    """The heading as an item: a number among items (``kinds`` of theirs), or by its wording.

    ``rooted``: what ``roots_are_problems`` says of the notice.
    """
    heading = outline.headings[index]
    children = [step for step in outline.children[index] if outline.headings[step].kind not in MEASURE_KINDS]
    parent = heading.parent
    if parent >= 0 and not children and _BY_STATE.search(title(outline, parent)):
        draft = _split_sentence(outline, index)
        return [draft] if draft and draft.rect else []
    if heading.kind in kinds:
        draft = _split_sentence(outline, index) if _DEFECT.search(title(outline, index)) else None
    elif (
        not _told(outline, heading) and children and _DEFECT.search(title(outline, children[0]))
    ) or not _under_rectification(outline, index, rooted):
        draft = None
    else:
        draft = _merged(outline, index) or _about(outline, index)
    return [draft] if draft else []


def roots_are_problems(outline: Outline) -> bool:
    """Whether the outermost headings are the problems themselves: two of them at least state one."""
    stated = (root for root in outline.roots if states_problem(outline, root) and _bare(outline, root))
    return len(list(islice(stated, 2))) == 2


def _bare(outline: Outline, index: int) -> bool:
    """Whether no headings stand under it, or only those of measures: none states a problem or has a lead word."""
    if _told(outline, outline.headings[index]):
        return True
    children = outline.children[index]
    return not any(_is_finding(outline, child) for child in children)


def _is_finding(outline: Outline, index: int) -> bool:
    heading = outline.headings[index]
    led = outline.fields_in(heading.content, heading.end)
    return bool(led or outline.children[index] or _DEFECT.search(title(outline, index)))


def sibling(outline: Outline, index: int) -> Draft | None:
    """The heading as an item because those beside it are: it must have rectification text and no headings under it."""
    below = any(outline.headings[step].kind not in MEASURE_KINDS for step in outline.children[index])
    if below or _NARRATIVE.match(title(outline, index)):
        return None
    draft = _split_sentence(outline, index)
    return draft if draft and draft.rect else None


def _under_rectification(outline: Outline, index: int, rooted: bool) -> bool:
    """Whether the headings above speak of rectified problems (反馈问题整改情况), not of how the work was organised.

    ``rooted``: the answer for a heading with none above it.
    """
    path = outline.path(index)
    titles = [title(outline, step) for step in path[:-1]]
    if not titles:
        return rooted
    if any(outline.headings[step].kind == "word" for step in path[:-1]):
        return True  # 问题一:…, with its findings under it
    if _ORGANISED.search(titles[0]):
        return False
    return any(_RECTIFIED.search(title) for title in titles) or (
        bool(_ASPECT.search(titles[0])) and _announced(outline)
    )


def _announced(outline: Outline) -> bool:
    """Whether the words before the first heading announce rectification: 现将整改情况公告如下:."""
    first = outline.headings[outline.roots[0]].start
    return bool(_AS_FOLLOWS.search(outline.plain, max(0, first - 80), first))


def _merged(outline: Outline, index: int) -> Draft | None:
    """针对…问题,镇党委修订…: problem and measures in one paragraph."""
    heading, plain = outline.headings[index], outline.plain
    match = _MERGED_QUOTE.match(plain, heading.content, heading.line_end) or _MERGED.match(
        plain, heading.content, heading.line_end
    )
    if not match:
        return None
    end = cut_closing(plain, heading.content, heading.end)
    group = "problem" if match["problem"] else "about"
    problem = trim(plain, *match.span(group))
    if plain[problem[0]] in '“"' and plain[problem[1] - 1] in '”"':
        problem = (problem[0] + 1, problem[1] - 1)
    parts = Parts(problem, {MEASURES: (trim(plain, match.start("rest"), end),)})
    return from_parts(
        plain,
        outline.label(index),
        heading.start,
        trim(plain, heading.start, end)[1],
        parts,
        *category(outline, index),
    )


def run_in(outline: Outline, index: int) -> list[Draft]:
    """Under a heading that is no problem itself (…方面): sentences that begin with 针对…问题, each an item."""
    heading, plain = outline.headings[index], outline.plain
    if not _under_rectification(outline, index, False) or not _ASPECT.search(title(outline, index)):
        return []
    end = cut_closing(plain, heading.content, heading.end)
    matches = list(_RUN_IN.finditer(plain, title_span(outline, index)[1], end))
    if len(matches) < 2 and not title(outline, index).rstrip("。:").endswith(("方面", "领域")):
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
    stated = states_problem(outline, index) or _DEFECT.search(title(outline, index))
    if not stated or _NARRATIVE.match(title(outline, index)):
        return None
    return _split_sentence(outline, index)


def _split_sentence(outline: Outline, index: int) -> Draft | None:
    """Problem: the first sentence and those that tell the finding, or the first line where more lines follow."""
    heading, plain = outline.headings[index], outline.plain
    end = cut_closing(plain, heading.content, heading.end)
    if _last_of_single_lines(outline, index):
        end = heading.line_end
    if dash := _DASH.match(plain, heading.content, heading.line_end):
        parts = Parts(trim(plain, *dash.span("problem")), {MEASURES: (trim(plain, dash.end(), end),)})
        stop = trim(plain, heading.start, end)[1]
        return from_parts(plain, outline.label(index), heading.start, stop, parts, *category(outline, index))
    more = plain[heading.line_end : end].strip()
    stop = heading.line_end if more else _finding_end(plain, heading.content, heading.line_end)
    problem = trim(plain, heading.content, stop)
    rest = trim(plain, stop, end)
    if problem[0] >= problem[1]:
        return None
    parts = Parts(problem, {MEASURES: (rest,)} if rest[0] < rest[1] else {})
    return from_parts(
        plain,
        outline.label(index),
        heading.start,
        trim(plain, heading.start, end)[1],
        parts,
        *category(outline, index),
    )


def _last_of_single_lines(outline: Outline, index: int) -> bool:
    """Whether the heading is the last of a row of one-line paragraphs: what follows it closes the notice."""
    parent = outline.headings[index].parent
    siblings = outline.children[parent] if parent >= 0 else outline.roots
    if index != siblings[-1] or len(siblings) < 3:
        return False
    others = (outline.headings[step] for step in siblings[:-1])
    return all(not outline.plain[other.line_end : other.end].strip() for other in others)


def _finding_end(plain: str, start: int, end: int) -> int:
    """Behind the first sentence of a paragraph and the findings that follow it (审计查出…。)."""
    while start < end:
        stop = plain.find("。", start, end)
        start = end if stop < 0 else stop + 1
        if not _FINDING.match(plain, start, end):
            break
    return start
