"""一、总体情况: what the ledger comes to, in computed figures, and where the notices' own figures differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.briefing.draft import Count, Draft, Evidence, Part, Quote, listed
from bot.briefing.state import as_of, overdue, state_phrases, states
from bot.fold import fold
from bot.ledger.common import CommonTheme
from bot.ledger.table import flat
from bot.records import DeclaredCount, Notice, StatusDetail
from vectorstore.catalogue import LedgerRow

MAX_NOTICES = 8
"""Notices that are named one by one."""
_DETAILS: tuple[tuple[str, tuple[tuple[StatusDetail, str], ...]], ...] = (
    ("已完成", (("closed_off", "已销号的"),)),
    (
        "推进中",
        (
            ("basically_completed", "基本完成的"),
            ("on_schedule", "达到序时进度或者按计划推进的"),
            ("not_started", "尚未启动的"),
        ),
    ),
)
"""What is said of the details of a status, by the status that has them."""
MAX_SHARED = 6
"""Common themes that are named."""


def write_overview(
    draft: Draft,
    rows: Sequence[LedgerRow],
    notices: Mapping[str, Notice],
    shared: Sequence[CommonTheme],
    *,
    report: bool,
    whole: bool,
) -> None:
    """The section 总体情况. ``whole``: the rows are all items of their notices."""
    draft.section("一、总体情况", 1)
    if report:
        draft.write("现将有关问题整改情况报告如下。")
    draft.write(*_named_lead(rows, notices), "。以上状态均以通报成文时的表述为准。")
    said = details(rows, notices)
    if said:
        draft.write(*said, "。")
    _write_notices(draft, rows, notices)
    _write_shared(draft, shared, notices)
    for members, declared in differing(rows, notices) if whole else ():
        draft.write("需要说明的是，", *undeclared(members, declared, notices))


def lead(rows: Sequence[LedgerRow]) -> list[Part]:
    """经逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个 …"""
    return ["经逐条梳理", Count(tuple(rows), "份"), "整改通报，", *_totals(rows)]


def _named_lead(rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> list[Part]:
    """The same; a single notice is called by its title."""
    if len({row.notice_id for row in rows}) > 1:
        return lead(rows)
    return ["经逐条梳理", called(rows[0], notices[rows[0].notice_id]), "，", *_totals(rows)]


def _totals(rows: Sequence[LedgerRow]) -> list[Part]:
    return ["共有反馈问题", Count(tuple(rows)), "，", *states(rows)]


def details(rows: Sequence[LedgerRow], notices: Mapping[str, Notice], *, late: bool = True) -> list[Part]:
    """What the notices say beyond the status: closed off, basically completed, on schedule; ``late``: and overdue."""
    found: list[list[Part]] = []
    for lead, details in _DETAILS:
        said: list[list[Part]] = []
        for value, words in details:
            members = tuple(row for row in rows if row.item.status.detail == value)
            if members:
                said.append([words, Count(members)])
        if said:
            found.append([f"{lead}的问题中，通报写明", *listed(said)])
    behind = tuple(row for row in rows if overdue(row, notices)) if late else ()
    if behind:
        found.append(["进度滞后或者已超过通报所载时限的", Count(behind)])
    return listed(found, mark="；")


def called(row: LedgerRow, notice: Notice) -> Quote | str:
    """How a notice is called: its title, else after who issued it, else by its file."""
    if notice.title:
        return Quote(row, notice.title.text, notice.title.span, f"《{flat(notice.title.text)}》", marks=False)
    if notice.issuer:
        issuers = "、".join(flat(unit.text) for unit in notice.issuer)
        first = notice.issuer[0]
        return Quote(row, first.text, first.span, f"{issuers}的通报", marks=False)
    return f"文件{row.file}"


def _write_notices(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> None:
    ids = list(dict.fromkeys(row.notice_id for row in rows))
    if not 1 < len(ids) <= MAX_NOTICES:
        return
    phrases: list[list[Part]] = []
    for notice_id in ids:
        members = tuple(row for row in rows if row.notice_id == notice_id)
        phrases.append(
            [called(members[0], notices[notice_id]), Count(members), "（", *listed(state_phrases(members)), "）"]
        )
    draft.write("按通报分：", *listed(phrases, mark="；"), "。")


def _write_shared(draft: Draft, shared: Sequence[CommonTheme], notices: Mapping[str, Notice]) -> None:
    """共性问题 with how many notices and items they stand in; the years where the dates print them."""
    if not shared:
        return
    phrases: list[list[Part]] = []
    for theme in shared[:MAX_SHARED]:
        phrases.append(
            [
                theme.name,
                "（",
                Count(theme.rows, "份"),
                "通报、",
                Count(theme.rows),
                "问题",
                *_years(theme, notices),
                "）",
            ]
        )
    draft.write("在多份通报中都有反映的共性问题主要是：", *listed(phrases), "。")


def _years(theme: CommonTheme, notices: Mapping[str, Notice]) -> list[Part]:
    """，涉及2019年、2021年 with the dates that print these years, or nothing where they do not."""
    rows = {row.notice_id: row for row in reversed(theme.rows)}
    proofs: list[Part] = []
    years: list[str] = []
    for notice_id in theme.notices:
        date = as_of(notices.get(notice_id))
        if date and date.iso[:4] in fold(date.text):
            years.append(date.iso[:4])
            proofs.append(Evidence(rows[notice_id], date.text, date.span))
    distinct = sorted(set(years))
    return ["，涉及" + "、".join(f"{year}年" for year in distinct), *proofs] if len(distinct) > 1 else []


def differing(rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> list[tuple[list[LedgerRow], DeclaredCount]]:
    """The items of each notice that declares more or fewer problems than it lists, with the figure it declares."""
    members: dict[str, list[LedgerRow]] = {}
    for row in rows:
        members.setdefault(row.notice_id, []).append(row)
    said = [(found, _declared(notices[notice_id])) for notice_id, found in members.items()]
    return [(found, own) for found, own in said if own and own.value != str(len(found))]


def undeclared(members: Sequence[LedgerRow], declared: DeclaredCount, notices: Mapping[str, Notice]) -> list[Part]:
    """Both figures, neither smoothed over."""
    own = Quote(members[0], declared.text, declared.span, figure=(declared.value, declared.unit))
    more = int(declared.value) > len(members)
    tail = "，通报没有逐条列出的问题不在统计之内。" if more else "，两者不一致，使用时请核对原文。"
    name = called(members[0], notices[members[0].notice_id])
    return [name, "自述", own, "，本次逐条梳理列入", Count(tuple(members)), tail]


def _declared(notice: Notice) -> DeclaredCount | None:
    """The notice's own number of problems, the largest where it gives several."""
    counts = [count for count in notice.declared_counts if count.what == "problems" and count.value.isdigit()]
    return max(counts, key=lambda count: int(count.value), default=None)
