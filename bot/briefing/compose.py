"""From ledger rows to a briefing: 总体情况, 分类情况, 未完成事项与困难, 下一步, 数据来源.

No model is asked. Sentences are built around computed counts and quotations (``draft``); how much is said depends on
the length: 一页纸 gives figures and all that is overdue, 标准 besides all that is unfinished and each heading's main
item, 详细 every item. A ``Writer`` may word the written paragraphs anew (``reword``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.briefing.draft import Count, Draft, Evidence, Part, Quote
from bot.briefing.groups import grouped
from bot.briefing.items import write_groups
from bot.briefing.onepage import LINES, write_one_page
from bot.briefing.overview import called, write_overview
from bot.briefing.reword import Writer, reworded
from bot.briefing.state import printed
from bot.briefing.unfinished import write_next, write_unfinished
from bot.ledger.choose import LedgerFilter
from bot.ledger.common import common_themes
from bot.records import STATUS_LABELS, Briefing, Date, Notice
from bot.themes import Classifier, builtin
from vectorstore.catalogue import LedgerRow

Style = Literal["简报", "报告"]
Length = Literal["一页纸", "标准", "详细"]

_DIVISION = re.compile(r"(?!中共).{1,7}[省市县区州旗镇乡]|.{1,6}(?:街道|自治[州县旗])")


@dataclass(frozen=True, slots=True)
class Request:
    """What kind of paper is wanted. ``title``: None for one made from ``subject``, words like 2021年临湘市秸秆方面.

    ``whole``: the rows are all items of their notices, so that the notices' own totals can be held against them.
    ``lines``: of 28 characters that a 一页纸 has for title and text (``lines_left``).
    """

    title: str | None = None
    style: Style = "简报"
    length: Length = "标准"
    subject: str = ""
    whole: bool = True
    lines: int = LINES


def compose(
    rows: Sequence[LedgerRow],
    notices: Mapping[str, Notice],
    request: Request = Request(),
    classifier: Classifier | None = None,
    writer: Writer | None = None,
) -> Briefing:
    """The briefing over all these rows. ``notices``: by id, those of the rows; their texts are not needed.

    ``writer``: words the written paragraphs anew, None to leave them as composed.
    """
    title = request.title or default_title(request)
    if not rows:
        return _nothing(title)
    classifier = classifier or builtin()
    shared = common_themes(rows, notices, classifier)
    groups = grouped(rows, classifier)
    if request.length == "一页纸":
        draft = write_one_page(title, rows, notices, groups, shared, lines=request.lines, whole=request.whole)
    else:
        report = request.style == "报告"
        draft = Draft(title)
        write_overview(draft, rows, notices, shared, report=report, whole=request.whole)
        write_groups(draft, groups, notices, every=request.length == "详细")
        write_unfinished(draft, rows, notices)
        write_next(draft, rows, notices, [theme.name for theme in shared[:3]], report=report)
    _write_sources(draft, rows, notices)
    briefing = draft.finish(rows)
    return reworded(briefing, writer) if writer else briefing


def _nothing(title: str) -> Briefing:
    draft = Draft(title)
    draft.section("一、总体情况", 1)
    draft.write("台账中没有符合条件的问题。")
    return draft.finish(())


def default_title(request: Request) -> str:
    """关于2021年临湘市问题整改情况的报告, or 2021年临湘市问题整改情况简报."""
    subject = f"{request.subject or '反馈'}问题整改情况"
    return f"关于{subject}的报告" if request.style == "报告" else f"{subject}简报"


def subject_of(wanted: LedgerFilter, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> str:
    """What the briefing is about, for its title: year, place (else the one notice's), theme or category, status."""
    year = f"{wanted.year}年" if wanted.year else ""
    place = wanted.place.strip()
    if not place and len({row.notice_id for row in rows}) == 1:
        places = [each.canonical for each in notices[rows[0].notice_id].places]
        place = next((name for name in places if _DIVISION.fullmatch(name)), "")
    themes = "、".join(name.strip() for name in wanted.themes if name.strip())
    words = wanted.category.strip() or wanted.keyword.strip()
    topic = f"{themes}方面" if themes else (f"涉及“{words}”的" if words else "")
    labels = STATUS_LABELS | {"not_stated": "未说明结果"}
    return f"{year}{place}{topic}{'和'.join(labels[value] for value in wanted.status)}"


def is_whole(wanted: LedgerFilter) -> bool:
    """Whether a filter leaves the notices that it chooses whole."""
    return not (wanted.status or wanted.category.strip() or wanted.keyword.strip() or any(wanted.themes))


def _signed(row: LedgerRow, date: Date) -> Quote:
    return Quote(row, date.text, date.span, printed(date), marks=False)


def _write_sources(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> None:
    """The notices that the briefing rests on, each with title, date and file."""
    draft.section("附件：数据来源", 1)
    members: dict[str, list[LedgerRow]] = {}
    for row in rows:
        members.setdefault(row.notice_id, []).append(row)
    for notice_id, found in members.items():
        row, notice = found[0], notices[notice_id]
        parts: list[Part] = [called(row, notice)]
        if notice.signed_date:
            parts += ["，成文日期", _signed(row, notice.signed_date)]
        draft.write(*parts, "，涉及", Count(tuple(found)), "问题。")
        if notice.feedback_date and not notice.signed_date:
            draft.cite(Evidence(row, notice.feedback_date.text, notice.feedback_date.span))
