"""Comparisons by code on grounded values: earliest, longest, most, difference, total; every operand is cited.

Does not convert units: 万吨 and 吨 are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.notices.dates import find_dates
from bot.notices.plain import plain
from bot.qa.compose import Base, answered, cite, refused
from bot.qa.evidence import Proof
from bot.qa.groups import notices_by_place
from bot.qa.labelled import COUNTED, LIKE, Figure, best_pair, figures_of, fit, in_base, respectively, scaled
from bot.qa.ledger import ONE_BY_ONE, rows_in
from bot.qa.membership import members
from bot.qa.operands import HOW_MUCH, SMALLEST, TOTAL, WHICH_AND_HOW_MUCH, Operand, decimal_of
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence
from bot.qa.sides import context_of, names_of, sides_of, spread, told_of
from bot.qa.standings import (
    asks_gap,
    by_dates,
    by_deadline,
    by_declared,
    by_items_of,
    by_rate,
    counts_items,
    most_items,
    speaks_of_a_thing,
    without_deadlines,
)
from bot.qa.values import typed_values
from bot.qa.wanted import status_asked, wanted
from bot.qa.words import synonyms
from bot.records import Answer, Value

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

Find = Callable[[str], list[Proof]]
"""Ranked proofs for a (partial) question, within the scope of the whole question."""

_WHEN_FIRST = re.compile(r"(?:更|最)(?:早|晚|迟|先)|(?:早|晚)(?:[?？。]|$|一些|一点|些)|得(?:更)?(?:早|晚)")


_EARLIER = re.compile(r"早|先|(?:在|靠|更|最)前")


def asks_difference(plan: Plan) -> bool:
    """Whether the answer must be computed from two numbers: a single one found would be a wrong figure."""
    return bool(HOW_MUCH.search(plan.question) or TOTAL.search(plan.question))


def told_as_one(plan: Plan, scope: Scope, near: Sequence[Proof]) -> bool:
    """Whether what seems two things to add up is one to a notice: 投入1.35亿元新建、改造城区污水管网."""
    sides = sides_of(plan.question, scope.places)
    if len(sides) != 2 or HOW_MUCH.search(plan.question):
        return False
    joined = re.compile(f"{re.escape(sides[0][-2:])}[、和及与]{re.escape(sides[1][:4])}")
    return any(joined.search(fold(proof.sentence.text)) for proof in near[:3])


Look = Callable[[str, Sequence[str]], Answer]
"""The answer to a question by itself, asked of these notices."""


def compare(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, find: Find, look: Look) -> Answer | None:
    """The comparison that a plan asks for, or None where its operands are not found."""
    computed = _computed(base, catalogue, plan, scope, find, look)
    # As it is printed (PM10), not as it was folded for searching.
    if computed and computed.short_answer and not computed.value:
        return replace(computed, short_answer=_as_printed(computed))
    return computed


def _as_printed(answer: Answer) -> str:
    name = answer.short_answer or ""
    for quote in (c.quote for c in answer.citations):
        at = quote.lower().find(name)
        if at >= 0:
            return quote[at : at + len(name)]
    return name


def _computed(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, find: Find, look: Look) -> Answer | None:
    if asks_gap(plan.question) or (_WHEN_FIRST.search(plan.question) and len(scope.notices) > 1):
        by_date = by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    due = by_deadline(base, catalogue, plan, scope)
    if due:
        return due
    if without_deadlines(catalogue, plan, scope):
        return refused(base, "no_evidence", "通报没有写明各项问题的整改时限，无法比较。")
    declared = by_rate(base, catalogue, plan, scope) or by_declared(base, catalogue, plan, scope)
    if declared:
        return declared
    if plan.over == "items" or counts_items(base, catalogue, plan, scope):
        by_items = most_items(base, catalogue, plan, scope)
        if by_items:
            return by_items
    if (len(scope.notices) > 1 and len(scope.places) > 1) or not scope.places:
        by_date = by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    changed = _change(base, plan, find)
    if changed:
        return changed
    sides = spread(sides_of(plan.question, scope.places), scope.places)
    if TOTAL.search(plan.question):
        every = len(sides) > 1 and plan.question.count("、") < len(sides)
        total = _beside_each_other(base, plan, sides, find) if every else None
        total = total or _sum_in_sentence(base, plan, find)
        if total:
            return total
    left = _remaining(base, plan, find)
    if not left and speaks_of_a_thing(base, catalogue, plan, scope):
        left = _against_the_rest(base, plan, sides, find)
    if left:
        return left
    if not sides:
        return _among_names(base, plan, find)
    return (
        _declared_states(base, catalogue, plan, scope, sides, find)
        or by_items_of(base, catalogue, plan, scope, sides)
        or _beside_each_other(base, plan, sides, find)
        or _apart(base, catalogue, plan, scope, sides, find)
        or _among_names(base, plan, find)
        or _looked_up(base, plan, scope, sides, look)
    )


# -- what is left ------------------------------------------------------------------------------------------------------

_ASKS_LEFT = re.compile(r"还(?:有|差|剩|欠)(?:下)?(?:多少|几)[^,，。?？]{0,3}?(?P<rest>(?:没|未)[^,，。?？]{1,6})")
_LEFT = re.compile(r"(?:其余|剩余|剩下|尚有|还有|仍有|另有|未)[^\d,。;]{0,6}(?P<number>\d+)")
_DONE = re.compile(
    r"完成|完工|办结|修复|解决|到位|销号|整改|建成|竣工|拆除|安装|发放|缴|退|办理|修好|化解|追回|收回|处置|覆盖|出具|核发|清退|登记|盘活|兑付|拨付"
)


def _remaining(base: Base, plan: Plan, find: Find) -> Answer | None:
    """12个小区还有几个没完工: what the sentence says is left, else all less those that are done."""
    asked = _ASKS_LEFT.search(plan.question)
    if not asked:
        return None
    for proof in find(plan.question)[:4]:
        figures = [f for f in figures_of(proof.sentence.text) if _asked_unit(f, plan)]
        printed = next((f for f in figures if _LEFT.search(f"{f.before[-6:]}{f.text}")), None)
        if printed:
            citations = cite(base, [(proof.notice_id, proof.sentence)])
            own = Value(_plain(printed.number), printed.unit)
            text = f"{printed.text}。{proof.sentence.text}[1]"
            return answered(base, text, citations, short=printed.text, items=proof.items, value=own)
        done = [f for f in figures if _DONE.search(f.before[-4:]) or _DONE.match(f.after[:4])]
        whole = max(figures, key=lambda f: f.number, default=None)
        if (
            whole is None
            or not done
            or done[-1].number >= whole.number
            or done[-1].unit not in (whole.unit, *LIKE.get(whole.unit, ()))
        ):
            continue
        gap = whole.number - done[-1].number
        value = Value(_plain(gap), plan.unit or whole.unit)
        citations = cite(base, [(proof.notice_id, proof.sentence)])
        short = f"{value.number}{value.unit}"
        text = f"{short}（{whole.text}，减去已完成的{done[-1].text}）。{proof.sentence.text}[1]"
        return answered(base, text, citations, short=short, items=proof.items, value=value)
    return None


_NOT = re.compile(r"(?:还|仍|尚)?(?:没有?|未)(?!来)")
_EXCEPT = re.compile(r"除(?:了|去)?$")
"""14件案件中除2件因诉讼中止外,其余12件均已办结: the exception is what is left, 其余 what is done."""
_DENIED_BESIDE = re.compile(r"未|没|不|剩|其余|尚|余|欠|除")
_REST_BEFORE = re.compile(r"(?:其余|剩余|剩下|其他|另外?|还有|尚有|仍有|尚余|未|余)[^\d,。;]{0,4}$")
_REST_AFTER = re.compile(r"[^\d,，。;；]{0,12}(?:尚未|仍未|还未|未能|暂未|正在|因|预计|计划|拟于|将于)")


def _against_the_rest(base: Base, plan: Plan, sides: Sequence[str], find: Find) -> Answer | None:
    """修好的比没修好的多几座: the side that is denied is what the sentence says is left, else all less the other."""
    denied = [bool(_NOT.search(side)) for side in sides]
    if len(sides) != 2 or sum(denied) != 1:
        return None
    done = sides[denied.index(False)]
    found = find(plan.question)[:_PROOFS]
    for printed in (True, False):
        for proof in found:
            pair = _done_and_rest([f for f in figures_of(proof.sentence.text) if _asked_unit(f, plan)], done, printed)
            if pair:
                own = (pair[1], pair[0]) if denied[0] else pair
                return _judged(base, plan, [_operand(side, f, proof) for side, f in zip(sides, own, strict=True)])
    return None


def _done_and_rest(figures: Sequence[Figure], done: str, printed: bool) -> tuple[Figure, Figure] | None:
    """The figure of what is done and that of the rest: as the sentence prints it, else the whole less what is done."""
    rest = next((f for f in figures if _EXCEPT.search(f.before)), None)
    rest = rest or next((f for f in figures if _is_rest(f)), None)
    others = [f for f in figures if f is not rest and (rest is None or f.unit == rest.unit)]
    remainder = [f for f in others if rest and _EXCEPT.search(rest.before) and _REST_BEFORE.search(f.before)]
    own = max(remainder or others, key=lambda f: _done_fit(f, done), default=None)
    if own is None or (not remainder and _done_fit(own, done) < LEAST_FIT) or printed != (rest is not None):
        return None
    if rest is not None:
        return own, rest
    whole = max(others, key=lambda f: f.number)
    if whole.number <= own.number or whole.unit not in (own.unit, *LIKE.get(own.unit, ())):
        return None
    gap = whole.number - own.number
    return own, replace(own, number=gap, text=f"{_plain(gap)}{own.unit}")


def _is_rest(figure: Figure) -> bool:
    to_come = _REST_AFTER.match(figure.after) and "完成" not in figure.before[-4:]
    return bool(_REST_BEFORE.search(figure.before) or to_come)


_ALREADY = re.compile(r"已(?!经?列入)[^\d,，。;；#]{0,5}$")


def _done_fit(figure: Figure, side: str) -> float:
    """How well a figure is what a side says is done; a word for being done right beside it counts most."""
    beside = bool(_DONE.search(figure.before[-3:]) or _DONE.match(figure.after[:4]) or _ALREADY.search(figure.before))
    return fit(figure, side) + (0.5 if beside else 0.0)


def _declared_states(
    base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, sides: Sequence[str], find: Find
) -> Answer | None:
    """Two states compared by what the notice declares of them, where not every item says how far it is."""
    if len(sides) != 2 or len(scope.notices) != 1 or not all(status_asked(side)[0] for side in sides):
        return None
    rows = rows_in(catalogue, scope)
    if ONE_BY_ONE.search(plan.question) or not any(row.item.status.value == "not_stated" for row in rows):
        return None

    def said(text: str) -> list[Proof]:
        return [p for p in find(text) if p.item_id is None and status_asked(p.sentence.text)[0]]

    return _beside_each_other(base, plan, sides, said)


# -- shares ------------------------------------------------------------------------------------------------------------

_ASKS_SHARE = re.compile(
    r"占(?:了|到|全部|总数|计划|其中)?[^,，。?？]{0,10}?(?:多少|几成|几分之几|多大|百分之|比例|比重)|几成|百分之(?:几|多少)|占比"
)
_PART_OF = re.compile(r"(?:^|[,，\s])(?P<part>[^,，。?？\s]{2,}?)所?占")
_LEFT_OVER = re.compile(r"(?:其余|剩余|剩下|尚余|其他|另外?|还有|尚有|仍有)[^\d,，。;；]{0,6}$")
"""More than ``_REST_BEFORE`` may say: 批而未供土地972亩 is not what is left."""
_SHARE_WORDS = re.compile(
    r"所?占(?:了|到|比)?|(?:的)?(?:多少|几成|几分之几|多大比例|百分之(?:几|多少)|比例|比重)|全部|总数|是|[?？]"
)


def without_share(plan: Plan, answer: Answer) -> Answer:
    """An answer to a question for a share that picked out no share: its proof is shown, no figure as if it were one."""
    short = answer.short_answer or ""
    if answer.status != "answered" or not _ASKS_SHARE.search(plan.question) or re.search(r"[%％成]|百分|分之", short):
        return answer
    return replace(answer, short_answer=None, value=None, answer=f"通报没有写明所问的比例，相关原文：{answer.answer}")


def share(base: Base, plan: Plan, find: Find) -> Answer | None:
    """Which part of a whole is done, in per cent, from two figures of one sentence; None where a rate is printed, or no
    part stands beside its whole."""
    if not _ASKS_SHARE.search(plan.question):
        return None
    asked = _SHARE_WORDS.sub(" ", plan.question)
    named = _PART_OF.search(plan.question)
    part_said = named["part"] if named else asked
    for place in sorted((mention.text for mention in plan.places), key=len, reverse=True):
        part_said = part_said.replace(place, " ")
    for proof in find(asked)[:_PROOFS]:
        figures = figures_of(proof.sentence.text)
        if any(f.unit == "%" and fit(f, asked) >= LEAST_FIT for f in figures):
            return None
        pair = _part_and_whole(figures, asked, part_said)
        if not pair:
            continue
        part, whole = pair
        number = _plain((100 * part.number / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))
        citations = cite(base, [(proof.notice_id, proof.sentence)])
        lead = f"{number}%（{part.text}占{_plain(whole)}{part.unit}，按原文数字计算）。"
        text = f"{lead}{proof.sentence.text}[1]"
        return answered(base, text, citations, short=f"{number}%", items=proof.items, value=Value(number, "%"))
    return None


def _part_and_whole(figures: Sequence[Figure], asked: str, part: str) -> tuple[Figure, Decimal] | None:
    """The figure asked for and the whole that it is part of: what is printed, else the part with what is left."""
    rest = next((f for f in figures if _LEFT_OVER.search(f.before) and f is not figures[0]), None)
    others = [f for f in figures if f is not rest and (rest is None or f.unit == rest.unit)]
    smaller = [f for f in others if rest is not None or any(f.number < o.number and f.unit == o.unit for o in others)]
    own = max(smaller, key=lambda f: _part_fit(f, part) + fit(f, asked) / 4, default=None)
    if own is None or _part_fit(own, part) < LEAST_FIT:
        return None
    if rest and rest.start < own.start:
        others, rest = [*others, rest], None  # 剩余13家,其中关闭3家: the whole, not what is left of it
    added = own.number + rest.number if rest else Decimal(0)
    larger = [f.number for f in others if f.number > own.number and f.unit == own.unit]
    whole = max([*larger, added])
    if own.number >= whole or (added and larger and max(larger) < added):
        return None  # what is printed as the whole is less than its parts
    if rest and _ASKS_REST.search(part):
        return rest, whole
    return own, whole


def _part_fit(figure: Figure, part: str) -> float:
    """How well a figure is the part spoken of; being done counts for what says no more than that."""
    own = fit(figure, part)
    only_done = len(_DONE.sub("", re.sub(r"[的了已]", "", part)).strip()) < MIN_SAID
    return max(own, _done_fit(figure, part) if only_done or own >= LEAST_FIT / 2 else 0.0)


MIN_SAID = 2
_ASKS_REST = re.compile(r"剩|其余|(?:没|未|还没|尚未)(?:有)?[^供]")


# -- each side by itself -----------------------------------------------------------------------------------------------


def _looked_up(base: Base, plan: Plan, scope: Scope, sides: Sequence[str], look: Look) -> Answer | None:
    """Each side asked by itself, as a user would ask it; None unless every one has a figure of the same unit."""
    if any(_NOT.search(side) for side in sides):
        return None  # what is not done is seldom printed as that: the whole would be taken for it
    when = bool(_WHEN_FIRST.search(plan.question))
    shared = "".join(re.findall(r"[\u4e00-\u9fff]{2,}", _COMPARING.sub(" ", context_of(plan.question, sides))))
    found: list[Operand] = []
    for side in sides:
        ids = [i for place, own in notices_by_place(base, scope).items() if place in side for i in own]
        asked = f"{side}{shared}是什么时候" if when else f"{side}{shared}{_amount(plan)}"
        operand = _operand_of(side, look(asked, ids or scope.notices), when)
        same = operand and (not found or (operand.unit == found[0].unit and not _same_spot(operand, found)))
        if not operand or not same:
            return None
        found.append(operand)
    if len({o.notice_id for o in found}) > 1 and len(scope.places) < 2:
        return None  # no place named: figures of different notices are not what was compared
    return _judged(base, plan, found)


_COMPARING = re.compile(
    r"哪一?[个家边项类份处条]?|谁|更|最|[多少大小高低长短早晚快慢](?=$|[?？,，。\s了出])|相比|比较|相差|多少|几[个家处项条户]?|比|跟|和|与|还是|之和|合计|一共|总共|加起来|加在一起|了|的|是|[?？,，]"
)


def _amount(plan: Plan) -> str:
    if plan.want == "money" or re.search(r"钱|资金|投资|罚款|金额|经费|价款|补贴|费", plan.question):
        return "是多少万元" if "万" in plan.question else "的金额是多少"
    return f"有多少{plan.unit}" if plan.unit else "是多少"


def _same_spot(operand: Operand, found: Sequence[Operand]) -> bool:
    spots = {(o.notice_id, o.sentence.start, o.printed) for o in found}
    return (operand.notice_id, operand.sentence.start, operand.printed) in spots


def _operand_of(side: str, answer: Answer, when: bool) -> Operand | None:
    """The figure that an answer picked out, in its base unit, or the day; None where it picked out none."""
    short, cited = answer.short_answer, answer.citations[:1]
    if answer.status != "answered" or not short or not cited:
        return None
    sentence = Sentence(cited[0].start, cited[0].end, cited[0].quote)
    item = answer.items[0] if answer.items else None
    if when:
        hit = next(iter(find_dates(short)), None)
        iso = hit.iso.split("/")[0] if hit else ""
        digits = iso.replace("-", "").ljust(8, "0") if iso[:1].isdigit() else ""
        return Operand(side, Decimal(digits), "", cited[0].notice_id, sentence, item, 0, short) if digits else None
    figures = figures_of(short)
    if len(figures) != 1:
        return None
    number, unit = scaled(figures[0])
    return Operand(side, number, unit, cited[0].notice_id, sentence, item, 0, figures[0].text)


_ASKS_CHANGE = re.compile(r"(?:提高|提升|增加|上升|上涨|下降|降低|减少|压减|涨|提|降|增)了?(?:多少|几)")
_CHANGED = re.compile(
    r"[由从](?P<of>[^,，。;；]{0,12}?)(?P<a>[\d.]+)(?P<ua>[%\u4e00-\u9fff]{0,3}?)(?:调整|提高|提升|增加|上升|增长|下降|降低|减少|压减|降|升|增)"
    r"[^\d,，。;；]{0,4}(?:到|至|为)(?P<b>[\d.]+)(?P<ub>[%\u4e00-\u9fff]{1,2})"
)


def _change(base: Base, plan: Plan, find: Find) -> Answer | None:
    """由4%提高到8%: by how much, where the question asks that."""
    if not _ASKS_CHANGE.search(plan.question):
        return None
    for proof in find(plan.question)[:3]:
        match = _CHANGED.search(plain(proof.sentence.text))
        if not match:
            continue
        gap = abs(Decimal(match["b"]) - Decimal(match["a"]))
        unit = re.match(r"%|万元|亿元|元|万吨|吨|公里|人|名|个|家|座|天|小时|万", match["ub"])
        if not unit or (match["ua"] and not match["ua"].startswith(unit.group()[:1])):
            continue
        value = Value(_plain(gap), "个百分点" if unit.group() == "%" else unit.group())
        citations = cite(base, [(proof.notice_id, proof.sentence)])
        short = f"{value.number}{value.unit}"
        text = f"{short}（由{match['a']}{unit.group()}到{match['b']}{unit.group()}）。{proof.sentence.text}[1]"
        return answered(base, text, citations, short=short, items=proof.items, value=value)
    return None


def _among_names(base: Base, plan: Plan, find: Find) -> Answer | None:
    """A、B、C分别下降1%、2%、3%: which is largest or smallest, where the question names none of them."""
    if not re.search(r"最", plan.question):
        return None
    for proof in find(plan.question)[:5]:
        named = respectively(proof.sentence.text)
        if len(named) >= 2:
            return _judged(base, plan, [replace(_operand(name, f, proof), name=name) for name, f in named])
    return None


LEAST_FIT = 0.3
"""How much of a side's words must stand beside its figure."""
_PROOFS = 8


def _beside_each_other(base: Base, plan: Plan, sides: Sequence[str], find: Find) -> Answer | None:
    """All sides in one sentence, each with its own figure: 关闭退出3家,就近搬迁9家."""
    best: tuple[float, Proof, list[Figure]] | None = None
    for proof in find(plan.question)[:_PROOFS]:
        figures = [f for f in figures_of(proof.sentence.text) if _asked_unit(f, plan)]
        pair = best_pair(figures, sides, least=LEAST_FIT)
        if pair and (best is None or pair[1] + proof.topical > best[0]):
            best = (pair[1] + proof.topical, proof, pair[0])
    if best is None:
        return None
    _, proof, figures = best
    return _judged(base, plan, [_operand(side, f, proof) for side, f in zip(sides, figures, strict=True)])


def _apart(
    base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, sides: Sequence[str], find: Find
) -> Answer | None:
    """Each side in a sentence of its own; None unless every one is found, in one unit and in another place.

    Where the question names no place, all sides are of one notice: figures of different ones are not what was compared.
    """
    if not scope.places and len(scope.notices) > 1:
        likely = list(dict.fromkeys(proof.notice_id for proof in find(plan.question)))[:MAX_TRIED]
        tried = (_apart_in(base, catalogue, plan, scope, sides, lambda text, i=i: _of(find(text), {i})) for i in likely)  # type: ignore[misc]
        return next((found for found in tried if found), None)
    return _apart_in(base, catalogue, plan, scope, sides, find)


MAX_TRIED = 3
"""Notices in which a comparison without a place is looked for."""


def _apart_in(
    base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, sides: Sequence[str], find: Find
) -> Answer | None:
    shared = context_of(plan.question, sides)
    found: list[Operand] = []
    for side, name in zip(sides, names_of(sides, scope.places), strict=True):
        notices = {i for place, ids in notices_by_place(base, scope).items() if place in side for i in ids}
        about = _items_about(base, catalogue, side, scope, notices)

        def own(text: str, notices: set[str] = notices, about: frozenset[str] = about) -> list[Proof]:
            proofs = _of(find(text), notices)
            return [proof for proof in proofs if proof.item_id in about] or proofs

        operand = _own_operand(plan, side, told_of(side, scope.places), shared, own, found)
        if operand is None:
            return None
        found.append(replace(operand, name=name))
    return _judged(base, plan, found)


MAX_ABOUT = 3
"""Items of a notice that a side may be about, for its figure to be looked for in them alone."""


def _items_about(base: Base, catalogue: Catalogue, side: str, scope: Scope, notices: Collection[str]) -> frozenset[str]:
    """The items of a place that a side is about (违规发的津补贴); none where it is about none, or too many."""
    if not notices:
        return frozenset()
    rows = [row for row in rows_in(catalogue, scope) if row.notice_id in notices]
    asked = wanted(side, scope.places, rows, " ".join(base.cards[i].names for i in notices))
    chosen = members(rows, asked) if asked.topic else []
    return frozenset(row.item.id for row in chosen) if len(chosen) <= MAX_ABOUT else frozenset()


def _of(found: Sequence[Proof], notices: set[str]) -> list[Proof]:
    """The proofs of these notices, all of them where none is named."""
    return [proof for proof in found if not notices or proof.notice_id in notices]


def _own_operand(
    plan: Plan, side: str, said: str, shared: str, find: Find, others: Sequence[Operand]
) -> Operand | None:
    """The figure that a side means; ``said``: the side without whose it is."""
    best: tuple[float, Operand, float] | None = None
    alike: tuple[float, Operand, float] | None = None
    taken = {(o.notice_id, o.sentence.start + o.at) for o in others}
    for proof in find(f"{side} {shared}")[:_PROOFS]:
        for figure in figures_of(proof.sentence.text):
            operand = _operand(side, figure, proof)
            # One printed number cannot be both sides.
            if not _asked_unit(figure, plan) or (proof.notice_id, proof.sentence.start + figure.start) in taken:
                continue
            own = max(fit(figure, said), fit(figure, side)) * _of_same_act(figure, said)
            if _RATE_OF_TIME.search(figure.before) and not _ASKS_RATE.search(plan.question):
                continue
            score = own + 0.2 * fit(figure, shared) + proof.topical
            denied = _NOT.search(side) and not _DENIED_BESIDE.search(figure.before[-14:] + figure.after[:10])
            if own < LEAST_FIT / 2 or denied:
                continue
            if best is None or score > best[0]:
                best = (score, operand, own)
            if _alike(operand, others) and (alike is None or score > alike[0]):
                alike = (score, operand, own)
    # A figure in another unit that fits much better is what is meant: it is shown, not compared.
    clearly = best and (not alike or alike[2] < MUCH_BETTER * best[2]) and best[2] >= CLEAR
    chosen = best if clearly else alike
    return chosen[1] if chosen else None


_RATE_OF_TIME = re.compile(r"(?:日|年|月)(?:处理|产|均|供|排)[^,，。;；]{0,4}$")
_ASKS_RATE = re.compile(r"处理|能力|规模|每?[日年月天]|产")
_ACTS = re.compile(
    r"追回|追缴|收回|清退|退还|退缴|退回|上缴|补发|发放|拨付|投入|投资|罚|取缔|关停|拆除|修复|新建|新增|改造|检查|排查|查处|立案|约谈|问责|处分|招聘|选派|提拔|培训"
    r"|受理|办结|化解|搬迁|登记|核发|建成|安装|种植|清理|清运|封堵|盘活|处置|剩余|积存|存量|欠缴|结余"
)
OTHER_ACT = 0.4
"""What is left of a figure's fit where a side says what was done (追回) and the words beside the figure do not."""


def _of_same_act(figure: Figure, said: str) -> float:
    acts = [other for act in _ACTS.findall(said) for other in (act, *synonyms().get(act, ()))]
    beside = figure.before[-24:] + figure.after[:8]
    return 1.0 if not acts or any(act in beside for act in acts) else OTHER_ACT


MUCH_BETTER = 0.9
CLEAR = 0.3
"""How well a figure fits what is said of it to be shown though its unit is another."""


def _alike(operand: Operand, others: Sequence[Operand]) -> bool:
    """Whether an operand can be compared with those found before."""
    return not others or in_base(operand.number, operand.unit)[1] == in_base(others[0].number, others[0].unit)[1]


def _asked_unit(figure: Figure, plan: Plan) -> bool:
    """Whether a figure has the unit that the question names, or it names none."""
    unit = scaled(figure)[1]
    if plan.want == "money" and "块" in plan.question and unit == "块":
        return True
    if plan.want == "money" or re.search(r"投资|资金|金额|罚款|经费|钱", plan.question):
        return unit == "元"
    if plan.want == "percent":
        return unit in ("%", "个百分点", "百分点")
    return not plan.unit or plan.unit in (unit, figure.unit) or unit in LIKE.get(plan.unit, ())


def _operand(side: str, figure: Figure, proof: Proof) -> Operand:
    number, unit = scaled(figure)
    return Operand(side, number, unit, proof.notice_id, proof.sentence, proof.item_id, figure.start, figure.text)


_TOGETHER = re.compile(r"[、和及与]|还有|以及|加上")


def _sum_in_sentence(base: Base, plan: Plan, find: Find) -> Answer | None:
    """12家生物质锅炉和3家燃煤锅炉: the figures of one sentence in one unit, each next to a word of the question."""
    if not _TOGETHER.search(plan.question):
        return None
    pairs = {plan.question[n : n + 2] for n in range(len(plan.question) - 1)}
    for proof in find(plan.question)[:2]:
        flat = plain(proof.sentence.text)
        chosen: list[tuple[Decimal, str, bool]] = []
        for value in typed_values(proof.sentence.text, "number", plan.unit):
            text = flat[value.start : value.end]
            number = decimal_of(re.match(r"[\d.,]+|[一二三四五六七八九十百两]+|", text)[0])  # type: ignore[index]
            beside = fold(flat[max(0, value.start - 8) : value.start] + flat[value.end : value.end + 10])
            if number is not None and value.exact and any(beside[n : n + 2] in pairs for n in range(len(beside) - 1)):
                chosen.append((number, text, fold(flat[: value.start])[-2:] in pairs))
        # 剩余13家…其中关闭退出3家,就近搬迁9家: what the question names directly before its figures outweighs the rest.
        direct = [operand for operand in chosen if operand[2]]
        chosen = direct if len(direct) >= 2 else chosen
        if len(chosen) >= 2:
            total = sum((number for number, _, _ in chosen), Decimal(0))
            unit = plan.unit or ""
            citations = cite(base, [(proof.notice_id, proof.sentence)])
            added = "＋".join(text for _, text, _ in chosen)
            return answered(
                base,
                f"合计{total}{unit}（{added}）。{proof.sentence.text}[1]",
                citations,
                short=f"{total}{unit}",
                items=proof.items,
                value=Value(str(total), unit),
            )
    return None


_DIFFERENCE = re.compile(r"多|少|相差|差|高|低")


def _judged(base: Base, plan: Plan, operands: Sequence[Operand]) -> Answer:
    """The sum, the difference, or the side with most or least, whichever is asked for."""
    citations = cite(base, [(o.notice_id, o.sentence) for o in operands])
    quotes = "".join(f"{c.quote}[{c.n}]" for c in citations)
    facts = "，".join(f"{o.name}{o.printed}" for o in operands)
    items = list(dict.fromkeys(o.item_id for o in operands if o.item_id))
    counted = all(o.unit in COUNTED for o in operands)
    computed = TOTAL.search(plan.question) or HOW_MUCH.search(plan.question)
    if len({in_base(o.number, o.unit)[1] for o in operands}) > 1 and (computed or not counted):
        return answered(base, f"单位不同，不能直接比较：{facts}。{quotes}", citations, items=items)
    if len({o.unit for o in operands}) > 1:
        operands = [replace(o, number=n, unit=u) for o in operands for n, u in (in_base(o.number, o.unit),)]
    unit = operands[0].unit
    figure: Decimal | None = None
    lead = ""
    if TOTAL.search(plan.question):
        figure, lead = sum((o.number for o in operands), Decimal(0)), "合计"
    elif HOW_MUCH.search(plan.question) or (plan.want in ("number", "money") and _DIFFERENCE.search(plan.question)):
        figure = abs(operands[0].number - operands[1].number)
    if figure is not None:
        value = _shown(figure, unit, plan, operands)
        short = f"{value.number}{value.unit}"
        both = WHICH_AND_HOW_MUCH.search(plan.question) if figure and not lead else None
        if both:
            small = both["by"] in "少低早"
            short = f"{sorted(operands, key=lambda o: o.number if small else -o.number)[0].name}{both['by']}{short}"
        return answered(base, f"{lead}{short}（{facts}）。{quotes}", citations, short=short, items=items, value=value)
    numbers = [o.number for o in operands]
    small = bool(
        SMALLEST.search(plan.question) or (_WHEN_FIRST.search(plan.question) and _EARLIER.search(plan.question))
    )
    top = (min if small else max)(numbers)
    short = "一样多" if len(set(numbers)) == 1 else "、".join(o.name for o in operands if o.number == top)
    return answered(base, f"{short}（{facts}）。{quotes}", citations, short=short, items=items)


def _shown(figure: Decimal, unit: str, plan: Plan, operands: Sequence[Operand]) -> Value:
    """A computed figure in the larger unit where every operand is printed in it (万元)."""
    for scale, size in (("亿", Decimal(100000000)), ("万", Decimal(10000))):
        if all(re.search(rf"{scale}{re.escape(unit)}$", o.printed) for o in operands):
            return Value(_plain(figure / size), scale + unit)
    return Value(_plain(figure), plan.unit if plan.unit and plan.unit in LIKE else unit)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
