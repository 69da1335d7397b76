"""From ledger rows to a briefing: 总体情况, 分类情况, 未完成事项与困难, 下一步, 数据来源.

No model is asked. Sentences are built around computed counts and quotations (``draft``); how much is said depends on
the length: 一页纸 gives figures and all that is unfinished, 标准 besides each heading's main items, 详细 every item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.briefing.draft import Count, Draft, Evidence, Part, Quote, listed, opening, trimmed
from bot.briefing.groups import Group, grouped
from bot.briefing.overview import called, write_overview
from bot.briefing.state import (
    by_urgency,
    difficulties,
    key_sentences,
    overdue,
    plans,
    states,
    status_sentence,
    status_words,
    unfinished,
)
from bot.ledger.choose import LedgerFilter
from bot.ledger.common import common_themes
from bot.ledger.table import flat, status_text
from bot.records import STATUS_LABELS, Briefing, Notice
from bot.themes import Classifier, builtin
from vectorstore.catalogue import LedgerRow

Style = Literal["简报", "报告"]
Length = Literal["一页纸", "标准", "详细"]

MAX_GROUPS = 8
"""Headings whose figures a single page names."""
_NUMERALS = "一二三四五六七八九十"
_ENUMERATOR = re.compile(r"^[一二三四五六七八九十]+是")
"""The marker that a finding has where the notice strings several together (三是推进…): left out of headings."""


@dataclass(frozen=True, slots=True)
class Request:
    """What kind of paper is wanted. ``title``: None for one made from ``subject``, words like 2021年临湘市秸秆.

    ``whole``: the rows are all items of their notices, so that the notices' own totals can be held against them.
    """

    title: str | None = None
    style: Style = "简报"
    length: Length = "标准"
    subject: str = ""
    whole: bool = True


def compose(
    rows: Sequence[LedgerRow],
    notices: Mapping[str, Notice],
    request: Request = Request(),
    classifier: Classifier | None = None,
) -> Briefing:
    """The briefing over all these rows. ``notices``: by id, those of the rows; their texts are not needed."""
    classifier = classifier or builtin()
    draft = Draft(request.title or default_title(request))
    draft.section("一、总体情况", 1)
    if not rows:
        draft.write("台账中没有符合条件的问题。")
        return draft.finish(rows)
    shared = common_themes(rows, notices, classifier)
    brief, report = request.length == "一页纸", request.style == "报告"
    write_overview(draft, rows, notices, shared, report=report, whole=request.whole, brief=brief)
    groups = grouped(rows, classifier)
    draft.section("二、分类情况", 1)
    if brief:
        _write_group_figures(draft, groups)
    else:
        chosen = None if request.length == "详细" else _main_items(groups)
        for number, group in enumerate(groups, 1):
            _write_group(draft, number, group, chosen)
    _write_unfinished(draft, rows, notices, request.length)
    _write_next(draft, rows, notices, [theme.name for theme in shared[:3]], request)
    _write_sources(draft, rows, notices)
    return draft.finish(rows)


def default_title(request: Request) -> str:
    """关于2021年临湘市问题整改情况的报告, or 2021年临湘市问题整改情况简报."""
    subject = f"{request.subject}问题整改情况"
    return f"关于{subject}的报告" if request.style == "报告" else f"{subject}简报"


def subject_of(wanted: LedgerFilter, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> str:
    """What the briefing is about, for its title: year, place (else the one notice's), theme or category, status."""
    year = f"{wanted.year}年" if wanted.year else ""
    place = wanted.place.strip()
    if not place and len({row.notice_id for row in rows}) == 1:
        places = notices[rows[0].notice_id].places
        place = places[0].canonical if places else ""
    words = [name.strip() for name in wanted.themes] or [wanted.category.strip() or wanted.keyword.strip()]
    topic = "、".join(word for word in words if word)
    status = "和".join(STATUS_LABELS[value] for value in wanted.status)
    return f"{year}{place}{f'“{topic}”' if topic and not wanted.themes else topic}{status}"


def numeral(number: int) -> str:
    """一, 十, 十一, 二十, 二十三: up to 99."""
    if number <= 10:
        return _NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + (_NUMERALS[ones - 1] if ones else "")


# -- 二、分类情况 ------------------------------------------------------------------------------------------------------


def _write_group_figures(draft: Draft, groups: Sequence[Group]) -> None:
    largest = sorted(groups, key=lambda group: -len(group.rows))[:MAX_GROUPS]
    phrases: list[list[Part]] = [[group.name, Count(group.rows)] for group in groups if group in largest]
    rest = tuple(row for group in groups if group not in largest for row in group.rows)
    if rest:
        phrases.append(["其余各类", Count(rest)])
    draft.write("按类别分：", *listed(phrases), "。")


def _write_group(draft: Draft, number: int, group: Group, main: frozenset[str] | None) -> None:
    """One heading: its figures, then its items. ``main``: the ids told at length, the rest by name; None for all."""
    draft.section(f"（{numeral(number)}）{group.name}", 2)
    draft.write("共", Count(group.rows), "问题，", *states(group.rows), "。")
    chosen = [row for row in group.rows if main is None or row.item.id in main]
    for place, row in enumerate(chosen, 1):
        _write_item(draft, place, row, whole=main is None)
    rest = [row for row in group.rows if main is not None and row.item.id not in main]
    if rest:
        draft.section(f"{len(chosen) + 1}.其他问题", 3)
        _write_rest(draft, rest)


def _main_items(groups: Sequence[Group]) -> frozenset[str]:
    """Ids of all unfinished items, and of the one of which most is told under each heading and in each category of a
    notice that would otherwise have none."""
    chosen = {row.item.id for group in groups for row in group.rows if unfinished(row)}
    families: dict[tuple[str, str], list[LedgerRow]] = {}
    for group in groups:
        families[("", group.name)] = list(group.rows)
        for row in group.rows:
            if row.item.category:
                families.setdefault((row.notice_id, row.item.category.text), []).append(row)
    for rows in families.values():
        if not any(row.item.id in chosen for row in rows):
            chosen.add(max(rows, key=_told).item.id)
    return frozenset(chosen)


def _told(row: LedgerRow) -> tuple[bool, int]:
    return row.item.status.value == "completed", sum(m.verifiable.value for m in row.item.measures)


def _write_item(draft: Draft, place: int, row: LedgerRow, *, whole: bool) -> None:
    """Problem (the heading, as printed), measures (quoted), status."""
    item = row.item
    draft.section(f"{place}.{_ENUMERATOR.sub('', flat(item.problem.text))}", 3)
    told = [trimmed(m.text, m.span) for m in item.measures] if whole else key_sentences(item)
    quotes = [Quote(row, text, span) for text, span in told]
    for quote in quotes:
        draft.quote(quote)
    if not item.measures:
        draft.write("通报未列出整改措施。")
    draft.write(*status_sentence(row, shown=[quote.words() for quote in quotes]))


def _write_rest(draft: Draft, rows: Sequence[LedgerRow]) -> None:
    for value, lead in (("completed", "已完成的还有"), ("not_stated", "通报未说明整改结果的还有")):
        members = tuple(row for row in rows if row.item.status.value == value)
        if members:
            quoted: list[list[Part]] = [[_problem(row)] for row in members]
            draft.write(lead, Count(members), "：", *listed(quoted, mark="；"), "。")


def _problem(row: LedgerRow, size: int = 60) -> Quote:
    problem = row.item.problem
    return Quote(row, problem.text, problem.span, _ENUMERATOR.sub("", opening(problem.text, size)))


# -- 三、未完成事项与困难 ----------------------------------------------------------------------------------------------


def _write_unfinished(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice], length: Length) -> None:
    draft.section("三、未完成事项与困难", 1)
    open_rows = by_urgency(rows, notices)
    if not open_rows:
        draft.write("通报没有写明推进中或者需长期坚持的事项。")
    else:
        late = tuple(row for row in open_rows if overdue(row, notices))
        lead: list[Part] = ["通报写明尚未完成或者需长期坚持的事项共", Count(tuple(open_rows))]
        lead += ["，其中进度滞后或者已超过通报所载时限的", Count(late)] if late else []
        draft.write(*lead, "。")
    if length == "一页纸":
        _write_open_briefly(draft, open_rows, notices)
        return
    for row in open_rows:
        draft.write(*_open_sentence(row, notices))
    _write_difficulties(draft, open_rows)


def _write_open_briefly(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> None:
    """What is overdue each in a sentence of its own, the rest by name."""
    for row in rows:
        if overdue(row, notices):
            draft.write(*_open_sentence(row, notices, size=40))
    for value, lead in (("ongoing", "推进中的有："), ("long_term", "需长期坚持的有：")):
        members = [row for row in rows if row.item.status.value == value and not overdue(row, notices)]
        if members:
            named: list[list[Part]] = [[_problem(row, 20)] for row in members]
            draft.write(lead, *listed(named, mark="；"), "。")


def _open_sentence(row: LedgerRow, notices: Mapping[str, Notice], *, size: int = 80) -> list[Part]:
    label = status_text(row.item) + ("，已超过通报所载时限" if _past_limit(row, notices) else "")
    parts: list[Part] = [_problem(row, size), f"：{label}。", *status_words(row)]
    limit = row.item.deadline
    if limit and not any(flat(limit.text) in flat(quote.text) for quote in row.item.status.quotes):
        parts += ["完成时限：", Quote(row, limit.text, limit.span, flat(limit.text).rstrip("。"), marks=False), "。"]
    return parts


def _past_limit(row: LedgerRow, notices: Mapping[str, Notice]) -> bool:
    return overdue(row, notices) and row.item.status.detail != "behind"


def _write_difficulties(draft: Draft, rows: Sequence[LedgerRow]) -> None:
    found = [quote for row in rows for quote in difficulties(row)]
    if found:
        draft.write("通报提到的困难和原因主要有：")
        for quote in found:
            draft.quote(quote)


# -- 四、下一步 --------------------------------------------------------------------------------------------------------


def _write_next(
    draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice], shared: Sequence[str], request: Request
) -> None:
    """What the notices announce, then what follows from the figures; advice is marked as such."""
    draft.section("四、下一步", 1)
    open_rows = [row for row in by_urgency(rows, notices) if row.item.status.value == "ongoing"]
    if request.length != "一页纸":
        _write_plans(draft, open_rows)
    advice = _advice(rows, open_rows, notices, shared)
    if request.length == "一页纸":
        draft.write(*listed(advice, mark=""))
    else:
        for parts in advice:
            draft.write(*parts)
    if request.style == "报告":
        draft.write("特此报告。")


def _advice(
    rows: Sequence[LedgerRow], open_rows: Sequence[LedgerRow], notices: Mapping[str, Notice], shared: Sequence[str]
) -> list[list[Part]]:
    """What follows from the figures, each a sentence that begins with 建议."""
    late = tuple(row for row in open_rows if overdue(row, notices))
    silent = tuple(row for row in rows if row.item.status.value == "not_stated")
    done = tuple(row for row in rows if row.item.status.value == "completed")
    found: list[list[Part]] = []
    if late:
        found.append(["建议对进度滞后或者已超过通报所载时限的", Count(late), "问题重点督办，查明原因，明确新的时限。"])
    if open_rows:
        found.append(["建议对推进中的", Count(tuple(open_rows)), "问题按通报载明的安排跟踪调度，完成一项、核验一项。"])
    if silent:
        found.append(
            ["建议请责任单位补报通报未说明整改结果的", Count(silent), "问题的进展和佐证材料，核实后再作评价。"]
        )
    if done:
        found.append(["建议对已完成的", Count(done), "问题适时开展“回头看”，防止反弹。"])
    if shared:
        found.append([f"建议针对{'、'.join(shared)}等多份通报反映的共性问题研究长效措施。"])
    return found


def _write_plans(draft: Draft, rows: Sequence[LedgerRow]) -> None:
    told = {quote.span for row in rows for quote in difficulties(row)}
    found = [quote for row in rows for quote in plans(row) if quote.span not in told]
    if found:
        draft.write("通报对推进中的问题已经作出的安排主要有：")
        for quote in found:
            draft.quote(quote)


# -- 附件 --------------------------------------------------------------------------------------------------------------


def _write_sources(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> None:
    """The notices that the briefing rests on, each with title, date and file."""
    draft.section("附件：数据来源", 1)
    first = {row.notice_id: row for row in reversed(rows)}
    for notice_id in dict.fromkeys(row.notice_id for row in rows):
        row, notice = first[notice_id], notices[notice_id]
        parts: list[Part] = []
        parts.append(called(row, notice))
        if notice.signed_date:
            parts += ["，成文日期", Quote(row, notice.signed_date.text, notice.signed_date.span, marks=False)]
        members = tuple(each for each in rows if each.notice_id == notice_id)
        draft.write(*parts, "，涉及", Count(members), "问题。")
        if notice.feedback_date and not notice.signed_date:
            draft.cite(Evidence(row, notice.feedback_date.text, notice.feedback_date.span))
