"""三、未完成事项与困难 and 四、下一步: what the notices say is not done, why, and what is to come; advice that follows
from the figures is marked as advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.briefing.draft import Count, Draft, Part, Quote, listed
from bot.briefing.state import (
    by_urgency,
    difficulties,
    label_of,
    named,
    overdue,
    plans,
    source_sentence,
    status_words,
)
from bot.ledger.table import flat
from bot.records import Notice
from vectorstore.catalogue import LedgerRow


def write_unfinished(draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> None:
    """Each unfinished item in a paragraph, overdue ones first, then the reasons that the notices give."""
    draft.section("三、未完成事项与困难", 1)
    open_rows = by_urgency(rows, notices)
    draft.write(*unfinished_sentence(open_rows, notices))
    for row in open_rows:
        draft.write(*open_sentence(row, notices), *source_sentence(row, notices))
    _write_of_items(draft, open_rows, difficulties, "通报提到的困难和原因主要有：", "说明")


def unfinished_sentence(
    open_rows: Sequence[LedgerRow], notices: Mapping[str, Notice], *, brief: bool = False
) -> list[Part]:
    """How many items are not finished, and how many of them are late."""
    if not open_rows:
        return ["通报没有写明推进中或者需长期坚持的事项。"]
    lasting = any(row.item.status.value == "long_term" for row in open_rows)
    lead: list[Part] = ["" if brief else "通报写明", "尚未完成", "或者需长期坚持" if lasting else "", "的事项共"]
    lead.append(Count(tuple(open_rows)))
    late = tuple(row for row in open_rows if overdue(row, notices))
    if late:
        lead += ["，其中进度滞后或者" + ("超期的" if brief else "已超过通报所载时限的"), Count(late)]
    return [*lead, "。"]


def open_sentence(row: LedgerRow, notices: Mapping[str, Notice], *, size: int = 80) -> list[Part]:
    """“管网不全”：推进中。通报载明“正在铺设管网”。 with the time limit where the quotes do not have it."""
    label = label_of(row.item) + ("，已超过通报所载时限" if _past_limit(row, notices) else "")
    parts: list[Part] = [named(row, size), f"：{label}。", *status_words(row)]
    limit = row.item.deadline
    if limit and not any(flat(limit.text) in flat(quote.text) for quote in row.item.status.quotes):
        parts += ["完成时限：", Quote(row, limit.text, limit.span, flat(limit.text).rstrip("。"), marks=False), "。"]
    return parts


def _past_limit(row: LedgerRow, notices: Mapping[str, Notice]) -> bool:
    return overdue(row, notices) and row.item.status.detail != "behind"


def write_next(
    draft: Draft, rows: Sequence[LedgerRow], notices: Mapping[str, Notice], shared: Sequence[str], *, report: bool
) -> None:
    """What the notices announce, then what follows from the figures."""
    draft.section("四、下一步", 1)
    open_rows = [row for row in by_urgency(rows, notices) if row.item.status.value == "ongoing"]
    told = {quote.span for row in open_rows for quote in difficulties(row)}

    def fresh(row: LedgerRow) -> list[Quote]:
        return [quote for quote in plans(row) if quote.span not in told]

    _write_of_items(draft, open_rows, fresh, "通报对推进中的问题已经作出的安排主要有：", "提出")
    for parts in advice(rows, notices, shared):
        draft.write(*parts)
    if report:
        draft.write("特此报告。")


def _write_of_items(
    draft: Draft, rows: Sequence[LedgerRow], find: Callable[[LedgerRow], list[Quote]], lead: str, verb: str
) -> None:
    """For each item of which something is found, its problem and the sentences."""
    found = [(row, quotes) for row in rows if (quotes := find(row))]
    if found:
        draft.write(lead)
    for row, quotes in found:
        said: list[list[Part]] = [[Quote(row, q.text, q.span, q.words().rstrip("。；;，,"))] for q in quotes]
        draft.write("关于", named(row, 40), f"，通报{verb}：", *listed(said, mark="；"), "。")


def advice(rows: Sequence[LedgerRow], notices: Mapping[str, Notice], shared: Sequence[str]) -> list[list[Part]]:
    """What follows from the figures, each a sentence that begins with 建议."""
    going = tuple(row for row in rows if row.item.status.value == "ongoing")
    late = tuple(row for row in going if overdue(row, notices))
    silent = tuple(row for row in rows if row.item.status.value == "not_stated")
    done = tuple(row for row in rows if row.item.status.value == "completed")
    found: list[list[Part]] = []
    if late:
        found.append(["建议对进度滞后或者已超过通报所载时限的", Count(late), "问题重点督办，查明原因，明确新的时限。"])
    if going:
        found.append(["建议对推进中的", Count(going), "问题按通报载明的安排跟踪调度，完成一项、核验一项。"])
    if silent:
        found.append(
            ["建议请责任单位补报通报未说明整改结果的", Count(silent), "问题的进展和佐证材料，核实后再作评价。"]
        )
    if done:
        found.append(["建议对已完成的", Count(done), "问题适时开展“回头看”，防止反弹。"])
    if shared:
        found.append([f"建议针对{'、'.join(shared)}等多份通报反映的共性问题研究长效措施。"])
    return found
