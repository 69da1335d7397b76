"""Which notice, place or category has most problems, which came first, which inspection lasted longest.

Compared over the records of the ledger and the dates of the notices. Knows nothing of figures inside sentences.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.qa.cards import Card
from bot.qa.compose import Base, answered, cite
from bot.qa.ledger import MAX_CITED, select
from bot.qa.operands import HOW_MUCH, SMALLEST, TOTAL, Operand
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, whole_sentence
from bot.records import Answer, Considered, Date, Notice, Value

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_WHEN = re.compile(r"早|晚|迟|先|后")
_LENGTH = re.compile(r"(?:持续|时间|天数|时长|巡察|督察|审计)[^,，。?？]{0,8}(?:长|短|久)|更?(?:长|短|久)")


def most_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Which category, place or notice has most or least of the items asked about, by how many, or how many all have."""
    by_category = bool(re.search(r"哪(?:一)?(?:类|个?方面|部分)", plan.question))
    if not by_category and len(scope.notices) < 2:
        return None
    rows, chosen, _ = select(base, catalogue, _without_comparison(plan), scope)
    base = replace(base, considered=Considered(len(scope.notices), len(rows)))
    if by_category:
        groups = {
            r.item.category.text: [
                x for x in chosen if x.item.category and x.item.category.text == r.item.category.text
            ]
            for r in chosen
            if r.item.category
        }
    else:
        groups = {name: [x for x in chosen if x.notice_id in ids] for name, ids in _sides(base, scope).items()}
    if len(groups) < 2:
        return None
    small = bool(SMALLEST.search(plan.question))
    ranked = sorted(groups.items(), key=lambda g: len(g[1]) if small else -len(g[1]))
    tied = len(ranked[0][1]) == len(ranked[1][1])
    parts = "，".join(f"{_clean(name)}{len(members)}个" for name, members in groups.items())
    gap = abs(len(ranked[0][1]) - len(ranked[1][1]))
    if TOTAL.search(plan.question):
        short, value = f"{len(chosen)}个", Value(str(len(chosen)), "个")
    elif HOW_MUCH.search(plan.question) and len(groups) == 2:
        short, value = f"{gap}个", Value(str(gap), "个")
    else:
        short, value = ("一样多" if tied else _clean(ranked[0][0])), None
    shown = [row for _, members in ranked for row in members]
    spots = [(row.notice_id, Sentence(*row.item.problem.span, row.item.problem.text)) for row in shown]
    citations = cite(base, spots)[:MAX_CITED]
    text = f"{short}。{parts}（逐条统计，查阅了{len(scope.notices)}份通报、{len(rows)}个问题）。" + "".join(
        f"[{c.n}]" for c in citations
    )
    return answered(base, text, citations, short=short, items=[row.item.id for row in shown], value=value)


def _without_comparison(plan: Plan) -> Plan:
    rest = re.sub(
        r"[一二三四五六七八九十两\d]+大?类|谁|哪(?:里|边|家|个|一个|一?类|份)(?:的|地方)?|更|最|多(?!少)|少"
        r"|列出|加起来|相比|比较|通报|相差|比|跟|和|与",
        " ",
        plan.question,
    )
    return replace(plan, question=rest)


def _sides(base: Base, scope: Scope) -> dict[str, list[str]]:
    """The places of the question with the notices that each chose; the notices themselves where no place is named."""
    if len(scope.places) < 2:
        return {base.cards[i].title: [i] for i in scope.notices}
    return {place: [i for i in scope.notices if _is_of(base.cards[i], place)] for place in scope.places}


def _is_of(card: Card, place: str) -> bool:
    return any(place in name or name in place for name in card.places if len(name) >= 2) or place in card.head


def _clean(name: str) -> str:
    return re.sub(r"[。；;]$", "", "".join(name.split()))


def by_dates(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Which notice's inspection, feedback or signature was earliest or latest, or whose inspection lasted longest."""
    question = plan.question
    length = bool(_LENGTH.search(question))
    if not length and not _WHEN.search(question):
        return None
    found: list[Operand] = []
    for name, ids in _sides(base, scope).items():
        for notice_id in ids:
            operand = _dated(catalogue.extraction(notice_id).notice, question, name, length)
            if operand:
                found.append(operand)
    if len(found) < 2:
        return None
    small = bool(re.search(r"早|先|短", question))
    ranked = sorted(found, key=lambda o: o.number if small else -o.number)
    citations = cite(base, [(o.notice_id, o.sentence) for o in found])
    numbers = {(c.notice_id, c.start): c.n for c in citations}
    parts = "；".join(
        f"{o.name}：{o.sentence.text}{'，共' + str(o.number) + '天' if length else ''}"
        f"[{numbers[(o.notice_id, o.sentence.start)]}]"
        for o in found[:20]
    )
    if length and HOW_MUCH.search(question):
        gap = abs(ranked[0].number - ranked[1].number)
        return answered(base, f"相差{gap}天。{parts}", citations, short=f"{gap}天", value=Value(str(gap), "天"))
    short = "一样" if ranked[0].number == ranked[1].number else ranked[0].name
    return answered(base, f"{short}。{parts}", citations, short=short)


def _dated(notice: Notice, question: str, name: str, length: bool) -> Operand | None:
    if length:
        return _span_of(notice, name)
    chosen = _asked_date(notice, question)
    day = _day(chosen) if chosen else None
    if not chosen or day is None:
        return None
    return Operand(name, Decimal(day.toordinal()), "", notice.id, whole_sentence(notice.text, chosen.span), None)


def _asked_date(notice: Notice, question: str) -> Date | None:
    if re.search(r"反馈|收到", question):
        return notice.feedback_date
    if re.search(r"发布|公开|公布|上网", question):
        return notice.published_date or notice.signed_date
    if re.search(r"落款|成文|签发|印发|通报.{0,6}(?:时间|日期)|发文", question):
        return notice.signed_date
    if re.search(r"结束|完|收尾", question):
        return notice.inspection_end
    return notice.inspection_start


def _span_of(notice: Notice, name: str) -> Operand | None:
    start = _day(notice.inspection_start) if notice.inspection_start else None
    end = _day(notice.inspection_end) if notice.inspection_end else None
    if not start or not end or not notice.inspection_start:
        return None
    days = Decimal((end - start).days + 1)
    return Operand(name, days, "天", notice.id, whole_sentence(notice.text, notice.inspection_start.span), None)


def _day(printed: Date) -> date | None:
    parts = printed.iso.split("/")[0].split("-")
    try:
        return date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    except ValueError:
        return None
