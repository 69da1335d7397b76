"""Which notice, place or category has most problems, which came first, which inspection lasted longest.

Compared over the records of the ledger and the dates of the notices. Knows nothing of figures inside sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.qa.compose import Base, answered, cite
from bot.qa.groups import called, groups_asked, notices_by_place
from bot.qa.ledger import MAX_CITED, rows_in, select
from bot.qa.membership import members
from bot.qa.operands import HOW_MUCH, SMALLEST, TOTAL, Operand
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, whole_sentence
from bot.qa.wanted import wanted
from bot.records import Answer, Considered, Date, Notice, Value, What
from vectorstore.catalogue import LedgerRow

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_WHEN = re.compile(r"早|晚|迟|先|后")
_LENGTH = re.compile(r"(?:持续|时间|天数|时长|巡察|督察|审计)[^,，。?？]{0,8}(?:长|短|久)|更?(?:长|短|久)")


def counts_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> bool:
    """Whether two places are compared by their items though no word says so (沅江跟鄂州比,哪个已完成的多)."""
    if len(scope.places) < 2:
        return False
    asked = select(base, catalogue, _without_comparison(plan), scope)[2]
    return bool(asked.status) and not asked.topic


def speaks_of_a_thing(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> bool:
    """Whether a comparison names anything beside places and states (闲置设施): that is then what is counted."""
    return bool(select(base, catalogue, _without_comparison(plan), scope)[2].topic)


def most_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Which heading, unit, state, place or notice has most or least of the items asked about, by how many, or how many
    all have."""
    rows, chosen, _ = select(base, catalogue, _without_comparison(plan), scope)
    base = replace(base, considered=Considered(len(scope.notices), len(rows)))
    groups = groups_asked(base, catalogue, plan.question, scope, chosen)
    if len(groups) < 2:
        return None
    small = bool(SMALLEST.search(plan.question))
    ranked = sorted(groups.items(), key=lambda g: len(g[1]) if small else -len(g[1]))
    top = [_clean(name) for name, own in ranked if len(own) == len(ranked[0][1])]
    parts = "，".join(f"{_clean(name)}{len(members)}个" for name, members in groups.items())
    gap = abs(len(ranked[0][1]) - len(ranked[1][1]))
    if TOTAL.search(plan.question):
        short, value = f"{len(chosen)}个", Value(str(len(chosen)), "个")
    elif HOW_MUCH.search(plan.question) and len(groups) == 2:
        short, value = f"{gap}个", Value(str(gap), "个")
    else:
        short, value = ("一样多" if len(top) == len(ranked) else "、".join(top)), None
    shown = [row for _, members in ranked for row in members]
    spots = [(row.notice_id, Sentence(*row.item.problem.span, row.item.problem.text)) for row in shown]
    citations = cite(base, spots)[:MAX_CITED]
    text = f"{short}。{parts}（逐条统计，查阅了{len(scope.notices)}份通报、{len(rows)}个问题）。" + "".join(
        f"[{c.n}]" for c in citations
    )
    return answered(base, text, citations, short=short, items=[row.item.id for row in shown], value=value)


_COMPARING = re.compile(
    r"[一二三四五六七八九十两\d]+个?大?(?:类|部分|方面|块|家|地|县|份)|(?:哪一?|各|每一?)(?:个)?(?:部分|块|方面|大类|类)|数量?(?=相差|差|上|$)|数量|个数"
    r"|(?:责任|牵头)?(?:单位|部门)(?=最|更|负责|牵头|承担|的?任务)|(?<=单位)(?:负责|牵头|承担)|(?<=部门)(?:负责|牵头|承担)"
    r"|谁|哪(?:里|边|儿|家|个|一个|一?类|份)?(?:的)?(?:地方|县区?|市|区|乡?镇|街道|单位|部门|局|通报|公告|报告)?(?:的)?|更|最|多(?!少)(?:出|了)?|少(?:了)?(?=几|多|$|[?？])"
    r"|列出|加起来|加一(?:起|块)|合起来|相比|比较|通报|公告|相差|差(?=多少|几)|多少|比|跟|和|与"
)


def _without_comparison(plan: Plan) -> Plan:
    """A plan without the words that compare; names of places stay whole (和平区)."""
    kept, at = "", 0
    for place in sorted(plan.places, key=lambda mention: mention.start):
        if place.start >= at and plan.question[place.start : place.end] == place.text:
            kept += _COMPARING.sub(" ", plan.question[at : place.start]) + place.text
            at = place.end
    return replace(plan, question=kept + _COMPARING.sub(" ", plan.question[at:]))


def _clean(name: str) -> str:
    return re.sub(r"[。；;]$", "", "".join(name.split()))


_DECLARED: tuple[tuple[str, What, str], ...] = (
    (r"(?:整改)?(?:措施|举措)", "measures", "条"),
    (
        r"反馈(?:的)?(?:问题|意见)|问题总数|多少问题|(?:查出|指出|发现)(?:的)?问题|问题(?:更)?(?:多|少)|问题(?:数|数量)",
        "problems",
        "个",
    ),
)


def by_declared(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Figures that notices declare of themselves (反馈问题33个, 制定整改措施52条), compared across places or added up.

    None unless every notice declares one; what a notice lists item by item may be less.
    """
    asked = next(((what, unit) for words, what, unit in _DECLARED if re.search(words, plan.question)), None)
    groups = notices_by_place(base, scope)
    if asked is None or not 2 <= len(groups) <= 12 or len(scope.places) < 2:
        return None
    rest = _without_comparison(plan).question
    if asked[0] == "problems" and not wanted(rest, scope.places, rows_in(catalogue, scope)).bare:
        return None
    found = [_declared_of(catalogue, name, ids, *asked) for name, ids in groups.items()]
    operands = [operand for operand in found if operand]
    if len(operands) < len(groups):
        return None
    citations = cite(base, [(o.notice_id, o.sentence) for o in operands])
    parts = "，".join(f"{o.name}{o.printed}[{n}]" for n, o in enumerate(operands, 1))
    total = sum((o.number for o in operands), Decimal(0))
    if TOTAL.search(plan.question):
        short, value = f"{total}{asked[1]}", Value(str(total), asked[1])
    elif HOW_MUCH.search(plan.question):
        gap = abs(operands[0].number - operands[1].number)
        short, value = f"{gap}{asked[1]}", Value(str(gap), asked[1])
    else:
        ranked = sorted(operands, key=lambda o: o.number if SMALLEST.search(plan.question) else -o.number)
        short, value = "一样多" if ranked[0].number == ranked[1].number else ranked[0].name, None
    return answered(base, f"{short}（按各通报自述：{parts}）。", citations, short=short, value=value)


def _declared_of(catalogue: Catalogue, name: str, ids: list[str], what: What, unit: str) -> Operand | None:
    """The figure that the notice of a place declares; of problems what it lists, where it declares none."""
    for notice_id in ids:
        notice = catalogue.extraction(notice_id).notice
        count = next((c for c in notice.declared_counts if c.what == what and c.value.isdigit()), None)
        if count:
            sentence = whole_sentence(notice.text, count.span)
            return Operand(name, Decimal(count.value), unit, notice_id, sentence, None, 0, f"{count.value}{unit}")
    return None


def by_items_of(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, sides: Sequence[str]) -> Answer | None:
    """Two states counted against each other (完成的多还是推进的多), or two problems by time limit or date."""
    rows = rows_in(catalogue, scope)
    asked = [wanted(side, scope.places, rows) for side in sides]
    total = re.search(r"(\d+)(?:个|项|条)[^,，。?？]{0,6}?(?:问题|任务)", plan.question)
    # 101个问题已完成比剩余多几个: figures that a sentence states, not this ledger's.
    counted = not total or int(total[1]) == len(rows)
    states = all(a.status and not a.topic for a in asked) and len({(a.status, a.details) for a in asked}) == len(asked)
    kinds = plan.over == "items" and all(not a.bare for a in asked)
    kinds = kinds and not _WHEN.search(plan.question)
    if counted and len(sides) == 2 and len(scope.places) < 2 and (states or kinds):
        return _states(base, plan, rows, sides, [members(rows, a) for a in asked])
    if not _WHEN.search(plan.question):
        return None
    chosen = [found[0] if len(found) == 1 else None for found in (members(rows, a) for a in asked)]
    pairs = [_item_date(catalogue, plan, side, row) for side, row in zip(sides, chosen, strict=True) if row is not None]
    operands = [pair for pair in pairs if pair]
    if len(operands) != len(sides):
        return None
    small = bool(re.search(r"早|先", plan.question))
    ranked = sorted(operands, key=lambda o: o.number if small else -o.number)
    short = "一样" if ranked[0].number == ranked[1].number else ranked[0].name
    citations = cite(base, [(o.notice_id, o.sentence) for o in operands])
    parts = "；".join(f"{o.name}：{o.printed}[{n}]" for n, o in enumerate(operands, 1))
    items = [o.item_id for o in operands if o.item_id]
    return answered(base, f"{short}。{parts}", citations, short=short, items=items)


def _states(
    base: Base, plan: Plan, rows: Sequence[LedgerRow], sides: Sequence[str], groups: Sequence[list[LedgerRow]]
) -> Answer:
    a, b = (len(group) for group in groups)
    small = bool(SMALLEST.search(plan.question))
    first = (a < b) if small else (a > b)
    value = None
    if HOW_MUCH.search(plan.question):
        short, value = f"{abs(a - b)}个", Value(str(abs(a - b)), "个")
    else:
        short = "一样多" if a == b else sides[0] if first else sides[1]
    shown = [row for group in groups for row in group]
    citations = cite(base, [(r.notice_id, Sentence(*r.item.problem.span, r.item.problem.text)) for r in shown])
    marks = "".join(f"[{c.n}]" for c in citations[:MAX_CITED])
    text = f"{short}。{sides[0]}{a}个，{sides[1]}{b}个（逐条统计，查阅了{len(rows)}个问题）。{marks}"
    ids = [row.item.id for row in shown]
    return answered(base, text, citations[:MAX_CITED], short=short, items=ids, value=value)


def _item_date(catalogue: Catalogue, plan: Plan, side: str, row: LedgerRow) -> Operand | None:
    """The time limit of an item, or the date in it that stands nearest before what is asked (通过验收)."""
    item = row.item
    if re.search(r"时限|期限", plan.question):
        limit = item.deadline if isinstance(item.deadline, Date) else None
        return _on(catalogue, side, row, limit)
    verb = re.search(r"验收|完工|竣工|开工|建成|投用|投运|启动|销号|完成|印发|通水", plan.question)
    if not verb:
        return None
    text = catalogue.text(row.notice_id)
    spots = [m.start() for m in re.finditer(verb.group(), text[item.span[0] : item.span[1]])]
    near = [
        (spot + item.span[0] - date.span[1], date)
        for date in item.dates
        for spot in spots
        if 0 <= spot + item.span[0] - date.span[1] <= 30
    ]
    return _on(catalogue, side, row, min(near, key=lambda pair: pair[0])[1] if near else None)


def _on(catalogue: Catalogue, side: str, row: LedgerRow, printed: Date | None) -> Operand | None:
    day = _day(printed) if printed else None
    if printed is None or day is None:
        return None
    sentence = whole_sentence(catalogue.text(row.notice_id), printed.span)
    return Operand(side, Decimal(day.toordinal()), "", row.notice_id, sentence, row.item.id, 0, printed.text)


def by_dates(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Which notice's inspection, feedback or signature was earliest or latest, or whose inspection lasted longest."""
    question = plan.question
    length = bool(_LENGTH.search(question))
    if not length and not _WHEN.search(question):
        return None
    found: list[Operand] = []
    for name, ids in notices_by_place(base, scope).items():
        for notice_id in ids:
            name = name if len(scope.places) > 1 else called(base, catalogue, question, notice_id)
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
