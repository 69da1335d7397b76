"""How far items are: unfinished, overdue, and what the notice itself says of it. Wording is never stronger than the
source: a label is that of the item's status, and whatever is said beyond it is quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.briefing.draft import Count, Evidence, Part, Quote, listed, opening, sentences
from bot.ledger.table import flat, status_text
from bot.llm.wording import Claim, claims
from bot.records import STATUS_LABELS, Date, Item, Notice
from vectorstore.catalogue import LedgerRow

_DIFFICULT = re.compile(
    r"困难|争议|纠纷|瓶颈|制约|受限|(?:由于|因为|鉴于|受)[^，,。；;]{2,40}(?:影响|原因|限制|不足|不全|滞后|缓慢|紧张|较少|未)"
    r"|因[^，,。；;]{2,30}(?:无法|未能|不能|尚未|暂未|滞后|影响|不配套|争议)|不具备|资金(?:缺口|不足|紧张)|难以|无法|没有人报名|待[^，,。；;]{2,24}后"
)
"""Words by which a notice says why something is not done yet."""
_LATER = re.compile(
    r"年内|年底前|底前|前完成|预计|力争|拟于|将于|将在|待[^，,。；;]{2,24}后|下一步|十[四五]五.期间"
    r"|计划(?:于|在|\d|[^，,。；;]{0,10}(?:完成|完工|建成|启动|开工|供地|投用))|按计划"
)
_ENUMERATOR = re.compile(r"^[一二三四五六七八九十]+是")
"""The marker that a finding has where the notice strings several together (三是推进…): left out where it is named."""

_ISO_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

_RESULTS: frozenset[Claim] = frozenset(("done", "closed"))
_PROOF: dict[str, frozenset[Claim]] = {
    "completed": _RESULTS, "closed_off": frozenset(("closed",)), "basically_completed": _RESULTS | {"basic"},
}  # fmt: skip
"""What the quoted words must claim for a label that says something is finished, by detail, else by status."""


def bare(text: str) -> str:
    """A problem on one line without its enumerator and its full stop."""
    return _ENUMERATOR.sub("", flat(text)).rstrip("。；;，,")


def named(row: LedgerRow, size: int = 60) -> Quote:
    """An item by its problem, or the beginning of it."""
    problem = row.item.problem
    return Quote(row, problem.text, problem.span, opening(bare(problem.text), size))


def unfinished(row: LedgerRow) -> bool:
    """Whether the notice says that the item is under way or goes on; an item of which it says nothing is not."""
    return row.item.status.value in ("ongoing", "long_term")


def overdue(row: LedgerRow, notices: Mapping[str, Notice]) -> bool:
    """Whether an unfinished item is behind by the notice's words, or its time limit lies before the notice's date."""
    status, deadline = row.item.status, row.item.deadline
    if status.detail == "behind":
        return True
    if status.value != "ongoing" or not isinstance(deadline, Date):
        return False
    dated = as_of(notices.get(row.notice_id))
    limit = deadline.iso.rpartition("/")[2]
    return dated is not None and limit < dated.iso[: len(limit)]


def as_of(notice: Notice | None) -> Date | None:
    """The date for which a notice speaks: signed, else published, else feedback."""
    if notice is None:
        return None
    return notice.signed_date or notice.published_date or notice.feedback_date


def printed(date: Date) -> str:
    """A date in Arabic figures (GB/T 15835-2011), also where the notice prints 二〇二一年 or full-width digits."""
    match = _ISO_DAY.fullmatch(date.iso)
    if match is None or re.search("[0-9]", date.text):
        return flat(date.text)
    return "".join(f"{int(part)}{unit}" for part, unit in zip(match.groups(), "年月日", strict=True) if part)


def by_urgency(rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> list[LedgerRow]:
    """Unfinished items: overdue first, then under way, then lasting ones; otherwise in their order."""
    order = {"ongoing": 1, "long_term": 2}
    chosen = [row for row in rows if unfinished(row)]
    return sorted(chosen, key=lambda row: 0 if overdue(row, notices) else order[row.item.status.value])


def status_sentence(row: LedgerRow, *, shown: Sequence[str] = ()) -> list[Part]:
    """整改状态 by its label, with the notice's words where they are not already ``shown``; units and time limit."""
    item = row.item
    # The problem is the heading above: cited here, because a heading carries no citations.
    parts: list[Part] = [Evidence(row, item.problem.text, item.problem.span), "整改状态："]
    if item.status.value == "not_stated":
        parts.append("通报未说明整改结果。")
    else:
        sure = borne_out(item)
        parts += [f"{label_of(item)}。", *status_words(row, shown=shown if sure else ())]
    return parts + responsibility(row)


def label_of(item: Item) -> str:
    """The status for reading; where the words quoted do not themselves say that it is finished, that it was judged."""
    return status_text(item) if borne_out(item) else f"{STATUS_LABELS[item.status.value]}（按所引原文判断）"


def borne_out(item: Item) -> bool:
    """Whether the words quoted claim as much as a label of completion does; other labels claim nothing."""
    wanted = _PROOF.get(item.status.detail or "") or _PROOF.get(item.status.value)
    return not wanted or any(claims(quote.text) & wanted for quote in item.status.quotes)


def status_words(row: LedgerRow, *, shown: Sequence[str] = ()) -> list[Part]:
    """通报载明“…”。 with the quotes that tell the status; where they are shown already, they are cited only."""
    quotes = row.item.status.quotes
    fresh = [quote for quote in quotes if not any(flat(quote.text) in text for text in shown)]
    known: list[Part] = [Evidence(row, quote.text, quote.span) for quote in quotes if quote not in fresh]
    if not fresh:
        return known
    words = [[Quote(row, quote.text, quote.span, flat(quote.text).rstrip("。；;，,"))] for quote in fresh]
    return [*known, "通报只载明部分结果：" if _partly(row) else "通报载明", *listed(words), "。"]


def _partly(row: LedgerRow) -> bool:
    """Whether an item under way is told only by results: they are of one part of the problem."""
    quotes = [quote.text for quote in row.item.status.quotes]
    return row.item.status.value == "ongoing" and bool(quotes) and all(_is_result(text) for text in quotes)


def _is_result(text: str) -> bool:
    found = claims(text)
    return bool(found) and found <= _RESULTS and "已" in text and not _LATER.search(text)


def source_sentence(row: LedgerRow, notices: Mapping[str, Notice]) -> list[Part]:
    """出自X通报（日期）。 where the briefing is about several notices; nothing where it is about one."""
    notice = notices.get(row.notice_id)
    if notice is None or len(notices) < 2:
        return []
    if not notice.issuer:
        return [f"出自{row.file}。"]
    issuer, signed = notice.issuer[0], notice.signed_date
    parts: list[Part] = [
        "出自",
        Quote(row, issuer.text, issuer.span, flat(issuer.text).removeprefix("中共"), marks=False),
    ]
    if signed:
        parts.append(Quote(row, signed.text, signed.span, printed(signed), marks=False))
    return [*parts, "通报。"]


def responsibility(row: LedgerRow) -> list[Part]:
    """责任单位 and 完成时限 as printed, or nothing."""
    parts: list[Part] = []
    if row.item.responsible_units:
        units = [[Quote(row, unit.text, unit.span, marks=False)] for unit in row.item.responsible_units]
        parts += ["责任单位：", *listed(units), "。"]
    if row.item.deadline:
        limit = row.item.deadline
        parts += ["完成时限：", Quote(row, limit.text, limit.span, flat(limit.text).rstrip("。"), marks=False), "。"]
    return parts


def difficulties(row: LedgerRow) -> list[Quote]:
    """The sentences in which the notice says why an unfinished item is not done, outside the status quotes."""
    return _matching(row, _DIFFICULT)


def plans(row: LedgerRow) -> list[Quote]:
    """The sentences in which the notice says what comes next for an item, where no status quote says the same."""
    known = {flat(quote.text).strip("。；;") for quote in row.item.status.quotes}
    return [quote for quote in _matching(row, _LATER) if flat(quote.text).strip("。；;") not in known]


def states(rows: Sequence[LedgerRow]) -> list[Part]:
    """其中已完成3个、推进中2个, or 均为推进中 where all are in one state."""
    phrases = state_phrases(rows)
    if len(phrases) > 1:
        return ["其中", *listed(phrases)]
    silent = all(row.item.status.value == "not_stated" for row in rows)
    return ["通报均未说明整改结果" if silent else f"均为{STATUS_LABELS[rows[0].item.status.value]}"]


def state_phrases(rows: Sequence[LedgerRow]) -> list[list[Part]]:
    """已完成3个, 推进中2个 … : the states that occur, each with its count."""
    names = (
        ("completed", "已完成"), ("ongoing", "推进中"), ("long_term", "长期坚持"), ("not_stated", "通报未说明整改结果"),
    )  # fmt: skip
    found = [(label, tuple(row for row in rows if row.item.status.value == value)) for value, label in names]
    return [[label, Count(members)] for label, members in found if members]


def _matching(row: LedgerRow, wanted: re.Pattern[str]) -> list[Quote]:
    found: dict[tuple[int, int], Quote] = {}
    for measure in row.item.measures:
        for text, span in sentences(measure.text, measure.span[0]):
            if wanted.search(text):
                found[span] = Quote(row, text, span)
    return list(found.values())


def key_sentences(item: Item, size: int = 2) -> list[tuple[str, tuple[int, int]]]:
    """The sentences that say most of what was done: with documents, figures, dates or results, in their order."""
    found = [each for measure in item.measures for each in sentences(measure.text, measure.span[0])]
    ranked = sorted(found, key=lambda each: -_substance(item, each))
    return sorted(ranked[:size], key=lambda each: each[1])


def _substance(item: Item, sentence: tuple[str, tuple[int, int]]) -> float:
    text, (low, high) = sentence
    spans = [value.span for value in item.quantities] + [value.span for value in item.documents]
    inside = sum(low <= start and end <= high for start, end in [*spans, *(date.span for date in item.dates)])
    result = bool(re.search(r"已|完成|印发|出台|建成|修订|制定|清退|追缴|整改到位", text))
    brief = 2.0 if len(text) < 12 else 0.0
    return min(inside, 3) + result - brief - max(0, len(text) - 90) / 60
