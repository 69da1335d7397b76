"""Which notice, place or category has most problems, which came first, which inspection lasted longest.

Compared over the records of the ledger and the dates of the notices. Knows nothing of figures inside sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from bot.qa.compose import Base, answered, cite
from bot.qa.groups import called, groups_asked, notices_by_place
from bot.qa.ledger import MAX_CITED, ONE_BY_ONE, rows_in, select
from bot.qa.membership import members, problem_of
from bot.qa.operands import HOW_MUCH, SMALLEST, TOTAL, WHICH_AND_HOW_MUCH, Operand
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, whole_sentence
from bot.qa.wanted import wanted
from bot.qa.words import content_words, has_word
from bot.records import Answer, Considered, Date, Notice, Value, What
from vectorstore.catalogue import LedgerRow

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_WHEN = re.compile(r"早|晚|迟|先|后|(?:在|靠|更|最)前")
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
    rows, chosen, asked = select(base, catalogue, _without_comparison(plan), scope)
    base = replace(base, considered=Considered(len(scope.notices), len(rows)))
    groups = groups_asked(base, catalogue, plan.question, scope, chosen)
    if len(groups) < 2:
        return None
    if asked.topic and not chosen:
        return None  # no problem is about it: it is no count of problems
    small = bool(SMALLEST.search(plan.question))
    ranked = sorted(groups.items(), key=lambda g: len(g[1]) if small else -len(g[1]))
    top = [_clean(name) for name, own in ranked if len(own) == len(ranked[0][1])]
    parts = "，".join(f"{_clean(name)}{len(members)}个" for name, members in groups.items())
    gap = abs(len(ranked[0][1]) - len(ranked[1][1]))
    if TOTAL.search(plan.question):
        short, value = f"{len(chosen)}个", Value(str(len(chosen)), "个")
    elif HOW_MUCH.search(plan.question) and len(groups) == 2:
        short, value = _by_how_much(plan.question, top[0], gap, "个"), Value(str(gap), "个")
    else:
        short, value = ("一样多" if len(top) == len(ranked) else "、".join(top)), None
    shown = [row for _, members in ranked for row in members]
    spots = [(row.notice_id, Sentence(*row.item.problem.span, row.item.problem.text)) for row in shown]
    citations = cite(base, spots)[:MAX_CITED]
    text = f"{short}。{parts}（逐条统计，查阅了{len(scope.notices)}份通报、{len(rows)}个问题）。" + "".join(
        f"[{c.n}]" for c in citations
    )
    return answered(base, text, citations, short=short, items=[row.item.id for row in shown], value=value)


def _by_how_much(question: str, first: str, gap: Decimal | int, unit: str) -> str:
    """The difference; with the side that has it where the question asks for both (哪个多,多几个)."""
    both = WHICH_AND_HOW_MUCH.search(question)
    return f"{first}{both['by']}{gap}{unit}" if both and gap else f"{gap}{unit}"


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
    (r"完成(?:整改)?|整改到位|改完", "completed", "个"),
)


def by_declared(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Figures that notices declare of themselves (反馈问题33个, 制定整改措施52条), compared across places or added up.

    None unless every notice declares one; what a notice lists item by item may be less.
    """
    asked = next(((what, unit) for words, what, unit in _DECLARED if re.search(words, plan.question)), None)
    groups = notices_by_place(base, scope)
    if asked is None or not 2 <= len(groups) <= 12 or len(scope.places) < 2:
        return None
    rows = rows_in(catalogue, scope)
    names = " ".join(base.cards[notice_id].names for notice_id in scope.notices)
    meant = wanted(_without_comparison(plan).question, scope.places, rows, names)
    if asked[0] != "measures" and (not meant.bare or ONE_BY_ONE.search(plan.question)):
        return None
    if asked[0] == "problems" and meant.status == ("completed",):
        asked = ("completed", "个")
    state = ("completed",) if asked[0] == "completed" else ()
    if asked[0] != "measures" and (meant.status != state or meant.details):
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
        first = max(operands, key=lambda o: o.number).name
        short, value = _by_how_much(plan.question, first, gap, asked[1]), Value(str(gap), asked[1])
    else:
        ranked = sorted(operands, key=lambda o: o.number if SMALLEST.search(plan.question) else -o.number)
        short, value = "一样多" if ranked[0].number == ranked[1].number else ranked[0].name, None
    counted = _counted_otherwise(operands, groups, members(rows, meant)) if asked[0] != "measures" else ""
    return answered(base, f"{short}（按各通报自述：{parts}{counted}）。", citations, short=short, value=value)


def _counted_otherwise(
    operands: Sequence[Operand], groups: Mapping[str, Sequence[str]], chosen: Sequence[LedgerRow]
) -> str:
    """What the items come to one by one, where that is not what the notices declare."""
    counts = {o.name: sum(row.notice_id in groups[o.name] for row in chosen) for o in operands}
    if all(counts[o.name] == o.number for o in operands):
        return ""
    return "；逐条统计：" + "，".join(f"{name}{count}个" for name, count in counts.items())


_RATE = re.compile(r"(?:完成|整改|销号|办结)(?:整改)?率")


def by_rate(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """Which of several notices has done the larger part of its problems: as it declares, else item by item."""
    groups = notices_by_place(base, scope)
    if not _RATE.search(plan.question) or len(scope.places) < 2 or not 2 <= len(groups) <= 12:
        return None
    rows = rows_in(catalogue, scope)
    found = {name: _rate_of(catalogue, ids, [r for r in rows if r.notice_id in ids]) for name, ids in groups.items()}
    if any(rate is None for rate in found.values()):
        return None
    rates = {name: rate for name, rate in found.items() if rate}
    shares = {name: Decimal(100 * done) / whole for name, (done, whole, _, _) in rates.items()}
    spots = [(notice_id, spot) for _, _, notice_id, spot in rates.values()]
    citations = cite(base, spots)
    numbers = {(c.notice_id, c.start): c.n for c in citations}
    parts = "，".join(
        f"{name}{_percent(shares[name])}（{whole}个中完成{done}个）[{numbers[(notice_id, spot.start)]}]"
        for name, (done, whole, notice_id, spot) in rates.items()
    )
    small = bool(SMALLEST.search(plan.question) or re.search(r"低|慢|差(?!多少|几)", plan.question))
    top = (min if small else max)(shares.values())
    first = "、".join(name for name, own in shares.items() if own == top)
    short = "一样" if len(set(shares.values())) == 1 else first
    return answered(base, f"{short}。{parts}", citations, short=short)


def _percent(share: Decimal) -> str:
    return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}%"


def _rate_of(
    catalogue: Catalogue, ids: Sequence[str], rows: Sequence[LedgerRow]
) -> tuple[int, int, str, Sentence] | None:
    """How many are done, of how many, and where that stands: both declared, or both counted item by item."""
    for notice_id in ids:
        notice = catalogue.extraction(notice_id).notice
        done = next((c for c in notice.declared_counts if c.what == "completed" and c.value.isdigit()), None)
        whole = next((c for c in notice.declared_counts if c.what == "problems" and c.value.isdigit()), None)
        if done and whole and int(done.value) <= int(whole.value) and int(whole.value):
            return int(done.value), int(whole.value), notice_id, whole_sentence(notice.text, done.span)
    if not rows:
        return None
    first = rows[0].item.problem
    closed = sum(row.item.status.value == "completed" for row in rows)
    return closed, len(rows), rows[0].notice_id, Sentence(*first.span, first.text)


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
    kinds = kinds and not _WHEN.search(plan.question) and not any(a.accountable for a in asked)
    if counted and len(sides) == 2 and len(scope.places) < 2 and (states or kinds):
        counts = [members(rows, a) for a in asked]
        # One problem that speaks of both sides is no count of problems: its figures are what is compared.
        if states or (all(counts) and len({row.item.id for own in counts for row in own}) > 1):
            return _states(base, plan, rows, sides, counts)
    if not _WHEN.search(plan.question):
        return None
    groups = notices_by_place(base, scope)
    own = [[i for name, ids in groups.items() if name in side for i in ids] for side in sides]
    found_of = [
        members([r for r in rows if not ids or r.notice_id in ids], a) for ids, a in zip(own, asked, strict=True)
    ]
    chosen = [found[0] if len(found) == 1 else None for found in found_of]
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
    if _of_other_things(base, catalogue, plan, scope):
        return None
    gap = asks_gap(question)
    length = bool(_LENGTH.search(question)) and not gap
    if not length and not gap and not _WHEN.search(question):
        return None
    if len(scope.notices) == 1:
        return _between(base, catalogue.extraction(scope.notices[0]).notice, question) if gap else None
    found: list[Operand] = []
    for name, ids in notices_by_place(base, scope).items():
        for notice_id in ids:
            name = name if len(scope.places) > 1 else called(base, catalogue, question, notice_id)
            operand = _dated(catalogue.extraction(notice_id).notice, question, name, length)
            if operand:
                found.append(operand)
    if len(found) < 2:
        return None
    small = bool(re.search(r"早|先|短|(?:在|靠|更|最)前", question))
    ranked = sorted(found, key=lambda o: o.number if small else -o.number)
    citations = cite(base, [(o.notice_id, o.sentence) for o in found])
    numbers = {(c.notice_id, c.start): c.n for c in citations}
    parts = "；".join(
        f"{o.name}：{o.sentence.text}{'，共' + str(o.number) + '天' if length else ''}"
        f"[{numbers[(o.notice_id, o.sentence.start)]}]"
        for o in found[:20]
    )
    if length and HOW_MUCH.search(question):
        more = abs(ranked[0].number - ranked[1].number)
        return answered(base, f"相差{more}天。{parts}", citations, short=f"{more}天", value=Value(str(more), "天"))
    if gap:
        days = abs(found[0].number - found[1].number)
        if len(found) != 2 or any(not _to_the_day(o.printed) for o in found):
            return answered(base, f"日期不全写到日，或不止两个，不计算相差的天数。{parts}", citations)
        both = re.search(r"(?:谁|哪)[^?？]{0,20}(?P<by>[早晚先])", question)
        early = sorted(found, key=lambda o: o.number if not both or both["by"] != "晚" else -o.number)[0]
        short = f"{early.name}{both['by']}{days}天" if both and days else f"{days}天"
        return answered(base, f"相差{days}天。{parts}", citations, short=short, value=Value(str(days), "天"))
    short = "一样" if ranked[0].number == ranked[1].number else ranked[0].name
    return answered(base, f"{short}。{parts}", citations, short=short)


_OF_NOTICES = re.compile(
    r"巡察|巡视|督察|督查|审计|检查|反馈|意见|收到|落款|成文|签发|印发|发布|发文|公布|公开|公示|通报|公告|报告|进驻|入驻|进点|开展|进行|开始|启动|结束|持续|收尾|发出?|得"
    r"|时间|日期|天数|时长|前后|相隔|间隔|隔|天|个?月|多?[长短久]|[早晚迟先后前]|整改|完|到|从|那次|这次|组|专项|机动|份|在|靠|又|也"
)
"""What is said of the dates of notices; anything else that items speak of has dates of its own."""


def _of_other_things(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> bool:
    """Whether a question for dates speaks of what some problem or measure is about, not of the notices."""
    rows = rows_in(catalogue, scope)
    names = " ".join(base.cards[notice_id].names for notice_id in scope.notices)
    rest = _OF_NOTICES.sub(" ", _without_comparison(plan).question)
    topic = wanted(rest, scope.places, rows, names).topic
    words = [word for phrase in topic for word in content_words(phrase)]
    return any(has_word(word, problem_of(row)) for word in words for row in rows)


_GAP = re.compile(
    r"(?:相差|间隔|相隔|差|隔|早|晚|迟|提前|推迟)(?:了|出|着|上)?(?:大约|约)?(?:多少|几|多)(?:天|日|个?月|久|长时间|长)|(?:相差|间隔|相隔)的?天数"
)


def asks_gap(question: str) -> bool:
    """Whether the time between two dates is asked for."""
    return bool(_GAP.search(question))


def _to_the_day(iso: str) -> bool:
    return len(iso.split("/")[0]) == 10


_EVENTS: tuple[tuple[str, Callable[[Notice], Date | None]], ...] = (
    (r"进驻|入驻|开始|启动|进点", lambda notice: notice.inspection_start),
    (r"结束|撤点|离开", lambda notice: notice.inspection_end),
    (r"反馈", lambda notice: notice.feedback_date),
    (r"落款|成文|印发|签发|发文", lambda notice: notice.signed_date),
    (r"发布|公布|公开|上网|公示", lambda notice: notice.published_date or notice.signed_date),
)


def _between(base: Base, notice: Notice, question: str) -> Answer | None:
    """The days between two events of one notice (反馈到落款隔了几天); None unless both are printed to the day."""
    asked = [(match.start(), pick) for words, pick in _EVENTS if (match := re.search(words, question))]
    dates = [date for _, pick in sorted(asked, key=lambda pair: pair[0]) if (date := pick(notice))]
    days = [_day(date) for date in dates]
    if len(asked) != 2 or len(dates) != 2 or not days[0] or not days[1] or not all(_to_the_day(d.iso) for d in dates):
        return None
    gap = abs((days[1] - days[0]).days)
    citations = cite(base, [(notice.id, whole_sentence(notice.text, date.span)) for date in dates])
    quotes = "".join(f"{c.quote}[{c.n}]" for c in citations)
    text = f"{gap}天（{dates[0].text}到{dates[1].text}）。{quotes}"
    return answered(base, text, citations, short=f"{gap}天", value=Value(str(gap), "天"))


_DUE = re.compile(r"时限|期限|到期|截止|(?:要求|规定|应|须|需)[^,，。?？]{0,6}(?:完成|改完|办结)")
_DUE_WORDS = re.compile(
    r"(?:整改|完成|办结)?(?:的)?(?:时限|期限|截止时间|截止|到期)(?:时间|日期)?|(?:要求|规定|应该?|须|需要?)?(?:最|更)(?:靠)?[早晚迟先后前近急](?:要|应|须|需)?(?:完成|改完|办结|到期|整改)?(?:的)?"
    r"|(?:要求|规定|应该?|须|需要?)(?:完成|改完|办结)|哪一?(?:个|项|条|件)(?:问题|任务|事项|整改任务)?|[早晚迟先](?:一些|一点|些|点)?(?=$|[?？,，])|得(?=\s|$)"
    r"|(?:这|那)?[两二三四五六七八九十几\d]+(?:个|项|条)(?:整改)?(?:问题|任务|事项)?|里|中|是(?=\s|$|[?？])"
)


def by_deadline(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    """The item whose time limit is the earliest or latest of those that the question is about, all of them shown."""
    if not _DUE.search(plan.question) or not re.search(r"[早晚迟先后前近急]", plan.question):
        return None
    rest = _without_comparison(replace(plan, question=_DUE_WORDS.sub(" ", plan.question)))
    _, chosen, asked = select(base, catalogue, rest, scope)
    dated = [(row, row.item.deadline) for row in chosen if isinstance(row.item.deadline, Date)]
    if asked.topic or len(dated) < 2:
        return None
    small = bool(re.search(r"早|先|近|急|靠前", plan.question))
    last = (min if small else max)(_last_day(limit) for _, limit in dated)
    top = [row for row, limit in dated if _last_day(limit) == last]
    spots = [(row.notice_id, whole_sentence(catalogue.text(row.notice_id), limit.span)) for row, limit in dated]
    citations = cite(base, spots)[:MAX_CITED]
    parts = "；".join(f"{_clean(row.item.problem.text)[:40]}：{limit.text}" for row, limit in dated[:20])
    short = "、".join(_clean(row.item.problem.text) for row in top)
    left = f"；另有{len(chosen) - len(dated)}个没有写明日期" if len(chosen) > len(dated) else ""
    marks = "".join(f"[{c.n}]" for c in citations)
    text = f"{short}（{next(limit.text for row, limit in dated if row is top[0])}）。各项时限：{parts}{left}。{marks}"
    return answered(base, text, citations, short=short, items=[row.item.id for row in top])


def without_deadlines(catalogue: Catalogue, plan: Plan, scope: Scope) -> bool:
    """Whether the first or last time limit is asked for of items that have none."""
    asked = re.search(r"(?:时限|期限|到期)[^,，。?？]{0,4}[最更][早晚迟先后近急]", plan.question)
    return bool(asked) and not any(row.item.deadline for row in rows_in(catalogue, scope))


def _last_day(limit: Date) -> str:
    """A time limit as text to sort by; a month or a year is over at its end."""
    return limit.iso.split("/")[-1].ljust(10, "9")


def _dated(notice: Notice, question: str, name: str, length: bool) -> Operand | None:
    if length:
        return _span_of(notice, name)
    chosen = _asked_date(notice, question)
    day = _day(chosen) if chosen else None
    if not chosen or day is None:
        return None
    sentence = whole_sentence(notice.text, chosen.span)
    return Operand(name, Decimal(day.toordinal()), "", notice.id, sentence, None, 0, chosen.iso)


def _asked_date(notice: Notice, question: str) -> Date | None:
    if re.search(r"反馈|收到", question):
        return notice.feedback_date
    if re.search(r"发布|公开|公布|上网", question):
        return notice.published_date or notice.signed_date
    if re.search(r"落款|成文|签发|印发|通报.{0,6}(?:时间|日期)|发文|[早晚先后]发|发[的得出]", question):
        return notice.signed_date or notice.published_date
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
