"""Lists and counts over the whole ledger: computed from the item records, complete, the first 50 members cited.

Counts what extraction made of the notices; a problem that it missed is missed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from bot.qa.compose import Base, answered, quoted
from bot.qa.groups import groups_asked, state_of
from bot.qa.membership import in_measures, members
from bot.qa.narrowed import narrowed
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, sentences_of
from bot.qa.wanted import Wanted, states_of, wanted
from bot.records import (
    STATUS_LABELS,
    Answer,
    Citation,
    Considered,
    Date,
    DeclaredCount,
    Grounded,
    Item,
    Measure,
    Span,
    Value,
)
from vectorstore.catalogue import ItemFilter, LedgerRow

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

MAX_CITED = 50
"""Members that are cited; a warning says where the rest is."""


def rows_in(catalogue: Catalogue, scope: Scope) -> list[LedgerRow]:
    """All items of the notices in scope."""
    return catalogue.items(ItemFilter(notices=scope.notices))


def row_of(catalogue: Catalogue, item_id: str) -> LedgerRow | None:
    """One item, or None where it is not in the ledger (any more)."""
    return next(iter(catalogue.items(ItemFilter(items=(item_id,)))), None)


def select(
    base: Base, catalogue: Catalogue, plan: Plan, scope: Scope
) -> tuple[list[LedgerRow], list[LedgerRow], Wanted]:
    """The items in scope, those that the question is about, and what it asked for."""
    rows = rows_in(catalogue, scope)
    names = " ".join(base.cards[notice_id].names for notice_id in scope.notices)
    asked = wanted(plan.question, scope.places, rows, names)
    return rows, members(rows, asked), asked


Near = Callable[[str], str | None]
"""The item that a topic means though no problem has its words; None where none stands out."""


def list_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, near: Near | None = None) -> Answer | None:
    """Every item that the question is about, with its status; None where it is about other things than items."""
    scope = narrowed(catalogue, base.cards.values(), plan.question, scope)
    rows, chosen, asked = select(base, catalogue, plan, scope)
    if not of_items(plan, asked):
        return None
    base = _considered(base, scope, rows)
    if not chosen and asked.topic and not asked.limited:
        related = _related(base, rows, asked, near)
        if related:
            return related
    if not chosen:
        lead = f"在{_searched(base)}中，没有符合条件的问题。"
        return answered(base, lead, (), short="无")
    lead = f"共{len(chosen)}个问题（查阅了{_searched(base)}{_beside(rows, asked)}）："
    return _enumerated(base, chosen, lead, short=None, value=None, states=_proves_state(asked))


def _related(base: Base, rows: Sequence[LedgerRow], asked: Wanted, near: Near | None) -> Answer | None:
    """Where no problem is about a topic: the items whose measures speak of it, else the one nearest in meaning; the
    answer says that it is only that."""
    topic = "、".join(asked.topic)
    told = in_measures(rows, asked)
    if told:
        lead = f"没有问题直接写到“{topic}”，整改措施中写到的有{len(told)}个（查阅了{_searched(base)}）："
        return _enumerated(base, told, lead, short=None, value=None)
    item = near(" ".join(asked.topic)) if near else None
    found = [row for row in rows if row.item.id == item]
    lead = f"没有问题直接写到“{topic}”，意思最接近的是（查阅了{_searched(base)}）："
    return _enumerated(base, found, lead, short=None, value=None) if found else None


def _beside(rows: Sequence[LedgerRow], asked: Wanted) -> str:
    """What a list of the unfinished leaves out and others might count: what is kept up for long, what says nothing."""
    if asked.status != ("ongoing",) or asked.details:
        return ""
    others = Counter(row.item.status.value for row in members(rows, replace(asked, status=())))
    left = [f"{STATUS_LABELS[state]}{others[state]}个" for state in ("long_term", "not_stated") if others[state]]
    return f"；另有{'、'.join(left)}，未计入" if left else ""


def count_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """How many items the question is about, or None where it counts others than the ledger's.

    A figure that the notice declares of itself is shown where it differs.
    """
    scope = narrowed(catalogue, base.cards.values(), plan.question, scope)
    share = _SHARE.search(plan.question)
    asks = replace(plan, question=_SHARE.sub(" ", plan.question)) if share else plan
    rows, chosen, asked = select(base, catalogue, _ungrouped(asks), scope)
    if not of_items(plan, asked):
        return None
    base = _considered(base, scope, rows)
    unit = plan.unit if plan.unit and not share else "个"
    figure = re.search(r"(\d+)(?:个|项|条)(?:反馈)?问题", plan.question)
    if figure and int(figure[1]) != len(rows):
        return None  # 101个问题完成了几个: a fact that the text states, not this ledger
    if asked.bare and not asked.status:
        chosen = reported(chosen)
    if share:
        return _share_of(base, chosen, members(rows, replace(asked, status=(), details=(), accountable=False)))
    if _EACH.search(plan.question) and not _ALL_TOGETHER.search(plan.question):
        groups = groups_asked(base, catalogue, plan.question, scope, chosen)
        # 各县有几个 of many: one figure, unless each one's own is asked for.
        if 1 < len(groups) <= MAX_GROUPS or (groups and _OWN_FIGURES.search(plan.question)):
            return _each(base, groups, unit)
    declared = _declared(catalogue, plan, scope, asked, len(chosen)) if asked.bare else None
    if declared and declared[1].value != str(len(chosen)):
        return _both(base, chosen, declared, rows, unit)
    short = f"{len(chosen)}{unit}"
    value = Value(str(len(chosen)), unit)
    if not chosen:
        return answered(base, f"{short}。在{_searched(base)}中，没有符合条件的问题。", (), short=short, value=value)
    lead = f"{short}（查阅了{_searched(base)}{_beside(rows, asked)}）："
    return _enumerated(base, chosen, lead, short=short, value=value, states=_proves_state(asked))


_ITEM_WORD = re.compile(
    r"问题|任务(?!清单|书)|事项|反馈意见|毛病|整改项目|第[^,。?]{1,4}(?:部分|方面|类|块)|(?:部分|方面|这类|这块|板块|下面)[^,。?]{0,4}(?:几|多少|哪)|[那这]一?(?:块|类)[?？]?$"
)


def of_items(plan: Plan, asked: Wanted) -> bool:
    """Whether a question is about items of the ledger: it says so, or nothing in it is about anything else.

    未完成的有多少 counts items, 没完工的小区有多少 does not.
    """
    return bool(_ITEM_WORD.search(plan.question)) or (asked.limited and not asked.topic and not asked.quoted)


# -- shares and groups -------------------------------------------------------------------------------------------------

_SHARE = re.compile(
    r"(?:的|数|数量)?(?:在[^,。?]{0,8}(?:中|里))?(?:所?占|占到|占了)(?:全部|总数|总|所有)?(?:问题|任务)?(?:的|数的?)?(?:多少|几成|多大)?(?:比例|比重|比|百分比|百分之(?:几|多少))?(?:是)?(?:多少|多大|几成)?"
    r"|(?:的)?比例(?:是)?(?:多少|多大)?|百分之(?:几|多少)|(?<=完成)率(?:是)?(?:多少)?|(?<=销号)率(?:是)?(?:多少)?"
)
_EACH = re.compile(
    r"各(?:自|个|类|县|市|区|镇|地|单位|部门|通报|部分|方面|种|状态|有|是|多少|几)?|分别|每(?:个|份|家)|按(?:照)?[^,。?]{1,6}(?:统计|分|数|算)"
)
_ALL_TOGETHER = re.compile(r"^(?!.*分别).*(?:总共|一共|合计|总计|拢共|共(?=有|计|几|多少)|加起来)")
"""各县滞后的一共几个 asks for one figure."""
MAX_GROUPS = 8
_OWN_FIGURES = re.compile(r"分别|各(?:自|有|是|多少|几)|每|按")
_GROUPS_NAMED = re.compile(
    r"(?:各|每)(?:一?个|份|家|种|大)?(?:责任)?(?:部分|方面|类|板块|状态|进度|单位|部门|县区?|市|区|地方?|乡?镇|通报)?(?:自|的)?|分别|按(?:照)?(?:状态|进度|单位|部门|部分|类别?|方面|地方|县)(?:来)?(?:统计|分|数|算)?|(?:大)?(?:部分|方面|状态|类)(?=\s|$|有|是|问题)"
)


def _ungrouped(plan: Plan) -> Plan:
    """A plan without the words that say by what is counted."""
    return replace(plan, question=_GROUPS_NAMED.sub(" ", plan.question)) if _EACH.search(plan.question) else plan


def _share_of(base: Base, chosen: Sequence[LedgerRow], whole: Sequence[LedgerRow]) -> Answer | None:
    """Which share of the items asked about has the state asked for, in per cent to one place."""
    if not whole or len(chosen) == len(whole):
        return None
    share = Decimal(100 * len(chosen)) / len(whole)
    number = f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}"
    lead = f"{number}%（{len(whole)}个问题中的{len(chosen)}个，逐条统计，查阅了{_searched(base)}）："
    value = Value(number, "%")
    if not chosen:
        return answered(base, f"0%。在{_searched(base)}中，没有符合条件的问题。", (), short="0%", value=Value("0", "%"))
    return _enumerated(base, chosen, lead, short=f"{number}%", value=value, states=True)


def _each(base: Base, groups: Mapping[str, Sequence[LedgerRow]], unit: str) -> Answer:
    """How many items each group has, every one cited under its group."""
    cited: list[Citation] = []
    lines: list[str] = []
    for name, rows in groups.items():
        room = max(0, MAX_CITED - len(cited))
        new = _citations(
            base, [(r.notice_id, Sentence(*r.item.problem.span, r.item.problem.text)) for r in rows[:room]]
        )
        marks = "".join(f"[{len(cited) + c.n}]" for c in new)
        cited += [replace(c, n=len(cited) + c.n) for c in new]
        lines.append(f"\n{name}：{len(rows)}{unit}{marks}")
    items = list(dict.fromkeys(row.item.id for rows in groups.values() for row in rows))
    short = "、".join(f"{name}{len(rows)}{unit}" for name, rows in groups.items())
    extra = (
        [f"共{len(items)}个，只引用了前{MAX_CITED}个：全部见“台账”或 zhenggai items"] if len(items) > MAX_CITED else []
    )
    lead = f"共{len(items)}{unit}，逐条统计，查阅了{_searched(base)}。"
    return answered(base, lead + "".join(lines), tuple(cited), short=short, items=items, warnings=extra)


def reported(rows: list[LedgerRow]) -> list[LedgerRow]:
    """Without the problems that a notice names only in its plans, where it reports on others: these were not fed
    back."""
    kept = []
    for notice_id in dict.fromkeys(row.notice_id for row in rows):
        own = [row for row in rows if row.notice_id == notice_id]
        parts = Counter(row.item.label.split("/")[0] for row in own)
        main = [row for row in own if len(parts) == 1 or not _planned(row.item)]
        kept += main or own
    return kept


def _planned(item: Item) -> bool:
    """Whether an item stands under a heading of plans (下一步打算, 持续抓好问题整改)."""
    words = item.category.text if item.category else ""
    return bool(re.search(r"继续|持续|下一?步|再攻坚|打算|今后|深化", words))


def _declared(
    catalogue: Catalogue, plan: Plan, scope: Scope, asked: Wanted, counted: int
) -> tuple[str, DeclaredCount] | None:
    """The figure that the one notice in scope declares for what is asked: all problems, or the completed ones.

    What it publishes (现将其中8项…公告如下) is another figure than what was fed back to it.
    """
    if len(scope.notices) != 1:
        return None
    if asked.details or asked.status not in ((), ("completed",)):
        return _declared_state(catalogue, scope.notices[0], asked)
    what = "completed" if asked.status else "problems"
    counts = [
        count
        for count in catalogue.extraction(scope.notices[0]).notice.declared_counts
        if count.what == what and count.value.isdigit()
    ]
    listed = re.search(r"公布|公告了|公示了|列(?:出|了|有)|逐[条项]|写了", plan.question)
    same = next((count for count in counts if count.value == str(counted)), None)
    chosen = same if listed and same else next(iter(counts), None)
    return (scope.notices[0], chosen) if chosen else None


def _declared_state(catalogue: Catalogue, notice_id: str, asked: Wanted) -> tuple[str, DeclaredCount] | None:
    """The figure that a notice declares for the very state asked for (正在整改3个, 达到序时进度4项)."""
    notice = catalogue.extraction(notice_id).notice
    for count in notice.declared_counts:
        low, high = count.span
        low = max(notice.text.rfind(mark, 0, low) for mark in "，。；、,;") + 1
        stops = [at for mark in "，。；、,;" if (at := notice.text.find(mark, high)) >= 0]
        clause = notice.text[low : min(stops, default=high)].strip()
        if (
            count.what == "other"
            and len(clause) <= LONGEST_STATE
            and states_of(clause) == (asked.status, asked.details)
        ):
            start = notice.text.find(clause, low)
            return notice_id, replace(count, text=clause, span=(start, start + len(clause)))
    return None


LONGEST_STATE = 20
"""Characters of a clause that declares a state."""


def _proves_state(asked: Wanted) -> bool:
    """Whether membership turns on the status: then its words are cited beside the problem."""
    return bool(asked.status and asked.status != ("not_stated",))


_LISTED_ALONE = re.compile(r"逐[条项个]|数下来|数一数|列(?:出|了|有)|写了|公布了|公告了|公示了")
"""Asks how many a notice lists, which may be fewer than it says were found."""
ONE_BY_ONE = re.compile(r"逐[条项个]|数下来|数一数|写明|明确|列出|[標标]明|一[条项]一[条项]")
"""Asks for what the items themselves say, not for what the notice declares."""


def _both(
    base: Base, chosen: Sequence[LedgerRow], declared: tuple[str, DeclaredCount], rows: Sequence[LedgerRow], unit: str
) -> Answer:
    """The declared and the counted figure side by side; the declared one answers where the text lists fewer items."""
    notice_id, count = declared
    # Where items do not say how far they are, the notice knows more than its items do.
    silent = any(row.item.status.value == "not_stated" for row in rows) and int(count.value) > len(chosen)
    counts_itself = (count.what == "other" or (count.what == "completed" and silent)) and not ONE_BY_ONE.search(
        base.question
    )
    listed = bool(_LISTED_ALONE.search(base.question)) and not counts_itself
    lists_all = listed or (len(rows) >= int(count.value) and not counts_itself)
    number = str(len(chosen)) if lists_all else count.value
    lead = (
        f"通报自述“{count.text}”[1]，逐条统计为{len(chosen)}个，两者不一致（查阅了{_searched(base)}）。逐条统计的问题："
    )
    spot = (notice_id, Sentence(count.span[0], count.span[1], count.text))
    return _enumerated(base, chosen, lead, short=f"{number}{unit}", value=Value(number, unit), first=spot)


def count_measures(base: Base, catalogue: Catalogue, item_id: str, scope: Scope, unit: str) -> Answer | None:
    """How many top-level measures one item has."""
    row = row_of(catalogue, item_id)
    if row is None:
        return None
    measures = row.item.measures
    marked = [measure for measure in measures if measure.marker] or list(measures)
    text = catalogue.text(row.notice_id)
    spots = [(row.notice_id, _with_marker(text, m)) for m in marked]
    short = f"{len(marked)}{unit}"
    base = _considered(base, scope, [row])
    lead = f"“{_flat(row.item.problem.text)}”这个问题列了{short}整改措施："
    cited = _citations(base, spots)
    listed = "；".join(f"{_clip(c.quote, 30)}[{c.n}]" for c in cited)
    return answered(base, lead + listed, cited, short=short, items=(item_id,), value=Value(str(len(marked)), unit))


def _deadline(item: Item) -> tuple[Date | Grounded, ...]:
    return (item.deadline,) if item.deadline else ()


def _target(item: Item) -> tuple[Grounded, ...]:
    return (item.target,) if item.target else ()


_FIELDS: tuple[tuple[str, Callable[[Item], Sequence[Date | Grounded]]], ...] = (
    (r"责任人|包案领导|责任领导|牵头领导", lambda item: item.responsible_persons),
    (
        r"责任单位|牵头单位|责任部门|(?:归|由)(?:谁|哪)[^,，。?？]{0,8}(?:负责|牵头|管|整改)"
        r"|(?:谁|哪(?:个|些|家)(?:单位|部门))[^,，。?？]{0,4}负责",
        lambda item: item.responsible_units,
    ),
    (
        r"(?:整改|完成)?(?:时限|期限)|限(?:什么|何)时"
        r"|(?:要求|规定|应)[^,，。?？]{0,8}(?:什么时候|何时|哪天|几月)[^,，。?？]{0,4}(?:完成|改完)",
        _deadline,
    ),
    (r"整改目标|目标是", _target),
)


def item_field(base: Base, catalogue: Catalogue, plan: Plan, item_id: str, scope: Scope) -> Answer | None:
    """The responsible units or persons, the time limit or the target of an item, where the question asks for it."""
    pick = next((pick for words, pick in _FIELDS if re.search(words, plan.question)), None)
    row = row_of(catalogue, item_id) if pick else None
    values = pick(row.item) if pick and row else ()
    if not row or not values:
        return None
    text = catalogue.text(row.notice_id)
    shown = list(dict.fromkeys(_around(text, value.span) for value in values))
    body, citations = quoted(_considered(base, scope, [row]), [(row.notice_id, s) for s in shown])
    return answered(
        _considered(base, scope, [row]), body, citations, short="、".join(v.text for v in values), items=(item_id,)
    )


def progress(base: Base, catalogue: Catalogue, item_id: str, scope: Scope) -> Answer | None:
    """How far an item's rectification has got: the words that say so, else its measures, no result being printed."""
    row = row_of(catalogue, item_id)
    if row is None:
        return None
    item, text = row.item, catalogue.text(row.notice_id)
    base = _considered(base, scope, [row])
    label = status_label(item)
    if item.status.quotes:
        shown = list(dict.fromkeys(_around(text, quote.span) for quote in item.status.quotes[:2]))
        body, citations = quoted(base, [(row.notice_id, s) for s in shown], f"{label}。")
        return answered(base, body, citations, short=item.status.quotes[0].text, items=(item_id,))
    shown = [Sentence(*m.span, m.text) for m in item.measures[:3]]
    if not shown:
        return None
    body, citations = quoted(base, [(row.notice_id, s) for s in shown], "通报没有写明整改结果，列出的整改措施是：")
    return answered(base, body, citations, short="未写明整改结果", items=(item_id,))


def _around(text: str, span: Span) -> Sentence:
    """The sentence in which a quote stands."""
    found = next((s for s in sentences_of(text) if s.start <= span[0] and span[1] <= s.end), None)
    return found or Sentence(*span, text[span[0] : span[1]])


def _with_marker(text: str, measure: Measure) -> Sentence:
    """A measure as it is cited: from its marker on."""
    start, end = measure.span
    head = text.rfind(measure.marker, max(0, start - len(measure.marker) - 3), start) if measure.marker else -1
    low = head if head >= 0 else start
    return Sentence(low, end, text[low:end])


def _considered(base: Base, scope: Scope, rows: Sequence[LedgerRow]) -> Base:
    return replace(base, considered=Considered(len(scope.notices), len(rows)))


def _searched(base: Base) -> str:
    return f"{base.considered.notices}份通报、{base.considered.items}个问题"


def _enumerated(
    base: Base,
    chosen: Sequence[LedgerRow],
    lead: str,
    *,
    short: str | None,
    value: Value | None,
    first: tuple[str, Sentence] | None = None,
    states: bool = False,
) -> Answer:
    """The members one below the other, each cited by its problem, with ``states`` by the words of its status too."""
    shown = chosen[:MAX_CITED]
    spots = [first] if first else []
    several = len({row.notice_id for row in chosen}) > 1
    lines = []
    for n, row in enumerate(shown, 1):
        quotes = [row.item.problem, *(row.item.status.quotes[:1] if states else ())]
        marks = "".join(f"[{len(spots) + k}]" for k in range(1, len(quotes) + 1))
        spots += [(row.notice_id, Sentence(*quote.span, quote.text)) for quote in quotes]
        where = f"，{row.title}" if several else ""
        lines.append(f"\n{n}. {_flat(row.item.problem.text)}（{status_label(row.item)}{where}）{marks}")
    cited = _citations(base, spots)
    extra = (
        [f"共{len(chosen)}个，只引用了前{MAX_CITED}个：全部见“台账”或 zhenggai items"]
        if len(chosen) > MAX_CITED
        else []
    )
    items = [row.item.id for row in chosen]
    return answered(base, lead + "".join(lines), cited, short=short, items=items, value=value, warnings=extra)


def _citations(base: Base, spots: Sequence[tuple[str, Sentence]]) -> tuple[Citation, ...]:
    """One citation per member, in order, so that numbers and members go together."""
    return tuple(
        Citation(n, notice_id, base.cards[notice_id].file, base.cards[notice_id].title, s.start, s.end, s.text)
        for n, (notice_id, s) in enumerate(spots, 1)
    )


def status_label(item: Item) -> str:
    """An item's status for officials: its detail where one is printed."""
    return state_of(item)


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _clip(text: str, size: int) -> str:
    text = _flat(text)
    return text if len(text) <= size else text[: size - 1] + "…"
