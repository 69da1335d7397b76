"""Items inside a plan for the future (下一步打算): a sentence that names a problem and what will be done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.notices.drafts import Draft, trim
from bot.notices.parts import problem_words
from bot.records import Span

_SENTENCE = re.compile(
    r"(?:(?<=[。;:,\n])|^)[ \t]*(?:针对|对于|对|关于)(?P<problem>[^。;\n]{4,80}?问题)(?:,"
    r"|:|的,)(?P<measure>[^。\n]+?)(?=[。\n]|$)",
    re.MULTILINE,
)
_BARE = re.compile(
    r"(?:(?<=[。;\n])|^)[ \t]*(?P<problem>[^。;,:\n]{4,40}问题),(?P<measure>[^。\n]+?)(?=[。\n]" r"|$)", re.MULTILINE
)
# What is no problem of its own: all of them, those already done, those of the inspection in general.
_GENERIC = re.compile(
    r"^(?:[^的]*(?:已|正在|尚未|未|需要?|能够?|暂时|短期)[^的]{0,12}(?:整改|完成"
    r"|解决|销号|推进)[^的]{0,8}的?[^的]{0,8}(?:问题|事项)"
    r"|(?:(?:本次|此次|这次|上级|市委|省委|县委|区委|巡察组?|巡视组?|督察组?|审计"
    r"|机动|专项|中央|省级|各类|所有|全部|每个|各项|其他|其它|这些|上述|部分|尚|已"
    r"|需)+)?"
    r"(?:反馈|指出|发现|查出|移交|交办|存在|整改|剩余|遗留)?(?:的|出的)?(?:各类|各项"
    r"|所有|具体|突出|主要|重点|共性|个性)?问题"
    r"|.*(?:反馈|查出|指出|发现|移交|交办|披露)的?(?:各类|各项|具体|主要|突出|所有)?(?:意见)?问题)$"
)
_ACTION = re.compile(
    r"完成|加快|推进|督促|建成|落实|实施|整改|解决|处置|建设|修复|清理|组织|争取"
    r"|开展|投入|验收|加强|制定|安排|启动|协调|到位|治理"
)
_DONE = re.compile(r"已(?:完成|整改|销号|解决)")


def plan_items(
    plain: str, label: str, number_start: int, start: int, end: int, head: Span, number: str
) -> Iterator[Draft]:
    """The items of one plan paragraph; ``number_start``: where its number begins, ``head``: its heading,
    ``number``: the heading's own label."""
    position = start
    while position < end:
        match = _next(plain, position, end)
        if not match:
            return
        position = match.end()
        problem = problem_words(plain, trim(plain, *match.span("problem")))
        if not _is_item(plain[slice(*problem)], match["measure"]):
            continue
        stop = match.end() + (plain[match.end() : match.end() + 1] == "。")
        measure = trim(plain, match.start("measure"), stop)
        begin = trim(plain, match.start(), stop)[0]
        if plain[begin - 1] in ",:":  # (二)持续抓好整改,针对…: the item begins where its sentence does
            begin = max(number_start, *(plain.rfind(mark, start, begin) + 1 for mark in "。;\n"))
        category = trim(plain, head[0], min(head[1], max(head[0], match.start())))
        category = (category[0], category[0] + len(plain[slice(*category)].rstrip(",;:")))
        yield Draft(label, begin, stop, problem, category, number, rect=(measure,), plan=True)


def _next(plain: str, start: int, end: int) -> re.Match[str] | None:
    found = [match for pattern in (_SENTENCE, _BARE) if (match := pattern.search(plain, start, end))]
    return min(found, key=lambda match: match.start()) if found else None


def _is_item(problem: str, measure: str) -> bool:
    return not _GENERIC.match(problem) and not _DONE.search(problem) and bool(_ACTION.search(measure))
