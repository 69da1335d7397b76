"""Comparisons by code on grounded values: earliest, longest, most, difference, total; every operand is cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bot.fold import fold, fold_with_map
from bot.notices.numerals import ordinal
from bot.notices.plain import plain
from bot.qa.cards import Card
from bot.qa.compose import Base, answered, cite
from bot.qa.evidence import Proof
from bot.qa.ledger import select
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence
from bot.qa.values import typed_values
from bot.records import Answer, Considered, Date, Notice, Value

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

Find = Callable[[str], list[Proof]]
"""Ranked proofs for a (partial) question, within the scope of the whole question."""

_SMALLEST = re.compile(r"(?:最|更)(?:少|小|短|低|早|先)|少[?？。]?$")
_WHEN_FIRST = re.compile(r"(?:更|最)(?:早|晚|迟|先)|(?:早|晚)(?:[?？。]|$|一些|一点|些)|得(?:更)?(?:早|晚)")
_WHEN = re.compile(r"早|晚|迟|先|后")
_LENGTH = re.compile(r"(?:持续|时间|天数|时长|巡察|督察|审计)[^,，。?？]{0,8}(?:长|短|久)|更?(?:长|短|久)")
_TOTAL = re.compile(
    r"加起来|合计|总和|一共.{0,6}加|总共.{0,6}加|加上|(?:和|、)[^,，。?？]{1,20}(?:总共|一共|共)(?:是|有)?(?:多少|几)"
)
_DIFFERENCE = re.compile(r"多|少|相差|差")
_HOW_MUCH = re.compile(r"(?:多|少|高|低|大|长)(?:了|出|出来)?(?:多少|几)|相差|差(?:了)?(?:多少|几)")


def asks_difference(plan: Plan) -> bool:
    """Whether the answer must be computed from two numbers: a single one found would be a wrong figure."""
    return bool(_HOW_MUCH.search(plan.question) or _TOTAL.search(plan.question))


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison: what it is called, its number, its unit, and the sentence that prints it (``at``: where in it)."""

    name: str
    number: Decimal
    unit: str
    notice_id: str
    sentence: Sentence
    item_id: str | None
    at: int = -1


def compare(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, find: Find) -> Answer | None:
    """The comparison that a plan asks for, or None where its operands are not found."""
    if _WHEN_FIRST.search(plan.question) and len(scope.notices) > 1:
        by_date = _by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    if plan.over == "items":
        by_items = _most_items(base, catalogue, plan, scope)
        if by_items:
            return by_items
    if (len(scope.notices) > 1 and len(scope.places) > 1) or not scope.places:
        by_date = _by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    if _TOTAL.search(plan.question):
        total = _sum_in_sentence(base, plan, find)
        if total:
            return total
    return _parallel(base, plan, find) or _two_sides(base, plan, scope, find)


# -- items per notice or category --------------------------------------------------------------------------------------


def _most_items(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
    by_category = bool(re.search(r"哪(?:一)?(?:类|个?方面|部分)", plan.question))
    if not by_category and len(scope.notices) < 2:
        return None
    rows, chosen, _, _ = select(catalogue, _without_comparison(plan), scope)
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
    small = bool(_SMALLEST.search(plan.question))
    ranked = sorted(groups.items(), key=lambda g: len(g[1]) if small else -len(g[1]))
    tied = len(ranked[0][1]) == len(ranked[1][1])
    parts = "，".join(f"{_clean(name)}{len(members)}个" for name, members in groups.items())
    gap = abs(len(ranked[0][1]) - len(ranked[1][1]))
    if _HOW_MUCH.search(plan.question) and len(groups) == 2:
        short, value = f"{gap}个", Value(str(gap), "个")
    else:
        short, value = ("一样多" if tied else _clean(ranked[0][0])), None
    shown = [row for _, members in ranked for row in members]
    spots = [(row.notice_id, Sentence(*row.item.problem.span, row.item.problem.text)) for row in shown]
    citations = cite(base, spots)[:50]
    text = f"{short}。{parts}（逐条统计，查阅了{len(scope.notices)}份通报、{len(rows)}个问题）。" + "".join(
        f"[{c.n}]" for c in citations
    )
    return answered(base, text, citations, short=short, items=[row.item.id for row in shown], value=value)


def _without_comparison(plan: Plan) -> Plan:
    rest = re.sub(
        r"[一二三四五六七八九十两\d]+大?类|谁|哪(?:里|边|家|个|一个|一?类|份)(?:的|地方)?|更|最|多(?!少)|少|列出|加起来|相比|比较|通报|相差|比|跟|和|与",
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


# -- dates of the notices ----------------------------------------------------------------------------------------------


def _by_dates(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer | None:
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
        f"{o.name}：{o.sentence.text}{'，共' + str(o.number) + '天' if length else ''}[{numbers[(o.notice_id, o.sentence.start)]}]"
        for o in found[:20]
    )
    if length and _HOW_MUCH.search(question):
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
    return Operand(name, Decimal(day.toordinal()), "", notice.id, whole_sentence(notice.text, chosen), None)


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


def whole_sentence(text: str, chosen: Date) -> Sentence:
    """The sentence in which a date is printed."""
    low = max(text.rfind(mark, 0, chosen.span[0]) for mark in "。\n") + 1
    ends = [n for n in (text.find(mark, chosen.span[1]) for mark in "。\n") if n >= 0]
    high = min(ends) + 1 if ends else len(text)
    piece = text[low:high]
    left = len(piece) - len(piece.lstrip())
    return Sentence(low + left, low + len(piece.rstrip()), piece.strip())


def _span_of(notice: Notice, name: str) -> Operand | None:
    start = _day(notice.inspection_start) if notice.inspection_start else None
    end = _day(notice.inspection_end) if notice.inspection_end else None
    if not start or not end or not notice.inspection_start:
        return None
    days = Decimal((end - start).days + 1)
    return Operand(name, days, "天", notice.id, whole_sentence(notice.text, notice.inspection_start), None)


def _day(printed: Date) -> date | None:
    parts = printed.iso.split("/")[0].split("-")
    try:
        return date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    except ValueError:
        return None


# -- values in sentences -----------------------------------------------------------------------------------------------

_RESPECTIVELY = re.compile(
    r"([^,，。;；:：]+(?:、[^,，。;；:：]+)+?)(?:断面|地区|等)?分别[^\d。]{0,8}((?:[\d.]+[^\d、，,。]{0,4}[、和])+[\d.]+[^\d、，,。;；]{0,4})"
)


def _parallel(base: Base, plan: Plan, find: Find) -> Answer | None:
    """A、B、C分别下降1%、2%、3%: which of them is largest or smallest."""
    if not re.search(r"最|更", plan.question):
        return None
    for proof in find(plan.question)[:5]:
        match = _RESPECTIVELY.search(proof.sentence.text)
        if not match:
            continue
        names = re.split(r"[、和]", match[1])
        numbers = re.findall(r"[\d.]+", match[2])
        if len(names) == len(numbers) and any(fold(_stem(n)) in plan.question for n in names):
            pairs = [(_stem(name), Decimal(number)) for name, number in zip(names, numbers, strict=True)]
            pick = min if _SMALLEST.search(plan.question) else max
            best = pick(pairs, key=lambda pair: pair[1])
            citations = cite(base, [(proof.notice_id, proof.sentence)])
            listed = "，".join(f"{name}{number}" for name, number in pairs)
            return answered(
                base,
                f"{best[0]}（{listed}）。{proof.sentence.text}[1]",
                citations,
                short=best[0],
                items=_items([proof]),
            )
    return None


_TOGETHER = re.compile(r"[、和及与]|还有|以及|加上")


def _sum_in_sentence(base: Base, plan: Plan, find: Find) -> Answer | None:
    """12家生物质锅炉和3家燃煤锅炉,总共几家: the figures of one sentence in one unit, each next to a word of the question."""
    if not _TOGETHER.search(plan.question):
        return None
    pairs = {plan.question[n : n + 2] for n in range(len(plan.question) - 1)}
    for proof in find(plan.question)[:2]:
        flat = plain(proof.sentence.text)
        chosen: list[tuple[Decimal, str]] = []
        for value in typed_values(proof.sentence.text, "number", plan.unit):
            text = flat[value.start : value.end]
            number = _decimal(re.match(r"[\d.,]+|[一二三四五六七八九十百两]+|", text)[0])  # type: ignore[index]
            beside = fold(flat[max(0, value.start - 8) : value.start] + flat[value.end : value.end + 10])
            if number is not None and value.exact and any(beside[n : n + 2] in pairs for n in range(len(beside) - 1)):
                chosen.append((number, text))
        if len(chosen) >= 2:
            total = sum((number for number, _ in chosen), Decimal(0))
            unit = plan.unit or ""
            citations = cite(base, [(proof.notice_id, proof.sentence)])
            added = "＋".join(text for _, text in chosen)
            return answered(
                base,
                f"合计{total}{unit}（{added}）。{proof.sentence.text}[1]",
                citations,
                short=f"{total}{unit}",
                items=_items([proof]),
                value=Value(str(total), unit),
            )
    return None


def _stem(name: str) -> str:
    return re.sub(r"^.*(?:其中|,|，)|(?:断面|地区|国控)$", "", name.strip())


_SPLIT = re.compile(r"(?:比(?!例)|相比|跟|和|与|同|、|[,，]?还是|以及|加上)")


def _two_sides(base: Base, plan: Plan, scope: Scope, find: Find) -> Answer | None:
    """A compared with B, each side's number found in its own sentence near its own words."""
    sides = _phrases(plan, scope)
    if not sides:
        return None
    shared = _shared(plan, sides)
    operands = [operand for side in sides if (operand := _operand(plan, side, shared, sides, find))]
    if len(operands) != 2 or operands[0].unit != operands[1].unit:
        return None
    first, second = operands
    # One printed number cannot be both sides.
    if (first.notice_id, first.sentence.start + first.at) == (second.notice_id, second.sentence.start + second.at):
        return None
    return _judged(base, plan, first, second)


def _judged(base: Base, plan: Plan, first: Operand, second: Operand) -> Answer:
    citations = cite(base, [(o.notice_id, o.sentence) for o in (first, second)])
    quotes = "".join(f"{c.quote}[{c.n}]" for c in citations)
    facts = f"{first.name}{first.number}{first.unit}，{second.name}{second.number}{second.unit}"
    items = list(dict.fromkeys(o.item_id for o in (first, second) if o.item_id))
    if _TOTAL.search(plan.question):
        total = first.number + second.number
        short, value = f"{total}{first.unit}", Value(str(total), first.unit)
        return answered(base, f"合计{short}（{facts}）。{quotes}", citations, short=short, items=items, value=value)
    if _HOW_MUCH.search(plan.question) or (plan.want in ("number", "money") and _DIFFERENCE.search(plan.question)):
        gap = abs(first.number - second.number)
        short, value = f"{gap}{first.unit}", Value(str(gap), first.unit)
        return answered(base, f"{short}（{facts}）。{quotes}", citations, short=short, items=items, value=value)
    small = bool(_SMALLEST.search(plan.question))
    if first.number == second.number:
        short = "一样多"
    else:
        short = (min if small else max)((first, second), key=lambda o: o.number).name
    return answered(base, f"{short}（{facts}）。{quotes}", citations, short=short, items=items)


_TAIL = re.compile(
    r"(?:哪一?个|哪边|哪家|谁|哪里|更|最|多(?:了|出)?(?:多少|几)|少(?:了|出)?(?:多少|几)|高(?:了|出)?(?:多少|几)|低(?:了|出)?(?:多少|几)|合计|加起来|一共|总共|相差|差(?:了)?(?:多少|几)).*$"
)
_LEAD = re.compile(r"^.*?(?:里|中|里面|当中|企业中|问题里)[,，]|^.*(?=[,，])[,，]")


def _phrases(plan: Plan, scope: Scope) -> list[str]:
    """The two things compared, as written."""
    text = plan.question.rstrip("?？。")
    for place in scope.places:
        text = re.sub(rf"^{re.escape(place)}[市县区]?(?:的|要|这边|这次)?", "", text)
    head = re.match(r"^(.{2,30}?)(?:比(?!例)|跟|和|与|同|加上)(.{1,40})$", _TAIL.sub("", _drop_lead(text)))
    if not head:
        head = re.match(r"^(.{2,30}?)(?:比(?!例)|跟|和|与|同|加上)(.{1,40})$", _TAIL.sub("", text))
    if not head:
        return []
    return [part for part in (_neat(head[1]), _neat(head[2])) if part]


def _drop_lead(text: str) -> str:
    """Without what comes before the compared things: 临湘要退出的企业中,…"""
    match = re.match(r"^(?:[^,，]{2,30})(?:里|中|里面|当中)[,，](.+)$", text)
    return match[1] if match else text


def _neat(phrase: str) -> str:
    return re.sub(r"^[的,，、]+|[的,，、]+$|哪个?$|(?:现在|目前|说的|时说的|时)$", "", phrase).strip("的,， ")


def _shared(plan: Plan, sides: Sequence[str]) -> str:
    """The rest of the question, which both sides share."""
    rest = plan.question
    for side in sides:
        rest = rest.replace(side, " ")
    return rest


def _operand(plan: Plan, side: str, shared: str, sides: Sequence[str], find: Find) -> Operand | None:
    del sides
    for proof in find(f"{side} {shared}")[:6]:
        found = _number_near(proof.sentence.text, side, plan)
        if found:
            number, unit, at = found
            return Operand(_label(side), number, unit, proof.notice_id, proof.sentence, proof.item_id, at)
    return None


def _label(side: str) -> str:
    return re.sub(r"^(?:临时)?", "", side)


def _number_near(sentence: str, side: str, plan: Plan) -> tuple[Decimal, str, int] | None:
    """The number that stands closest to the words of one side in a sentence."""
    want = plan.want if plan.want in ("number", "money", "percent") else "number"
    flat = plain(sentence)
    folded, offsets = fold_with_map(sentence)
    word = _longest_run(side, folded)
    spots = [offsets[m.start() + len(word) - 2] for m in re.finditer(re.escape(word), folded)] if len(word) >= 2 else []
    if not spots:
        return None
    best: tuple[float, Decimal, str, int] | None = None
    for value in typed_values(sentence, want, plan.unit):
        text = flat[value.start : value.end]
        match = re.match(r"[\d.,]+|[一二三四五六七八九十百两]+", text)
        if not match:
            continue
        number = _decimal(match.group())
        near = sum(1 / (1 + _away(flat, spot, value.start, value.end)) for spot in spots)
        if number is not None and (best is None or near > best[0]):
            best = (near, number, re.sub(r"^余", "", text[match.end() :]), value.start)
    return best[1:] if best else None


def _longest_run(side: str, text: str) -> str:
    """The longest part of a phrase that stands in the text; Ⅲ类 must not be taken for Ⅱ类 because both end in 类."""
    sizes = range(len(side), 1, -1)
    return next(
        (side[n : n + size] for size in sizes for n in range(len(side) - size + 1) if side[n : n + size] in text), ""
    )


def _away(text: str, spot: int, start: int, end: int) -> float:
    low, high = (spot + 2, start) if spot < start else (end, spot)
    between = text[low:high] if high > low else ""
    return len(between) / 4 + 3 * sum(mark in "，,；;、。" for mark in between)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = ordinal(text)
        return Decimal(number) if number else None


def _items(found: Sequence[Proof]) -> list[str]:
    return list(dict.fromkeys(p.item_id for p in found if p.item_id))


def _clean(name: str) -> str:
    return re.sub(r"[。；;]$", "", "".join(name.split()))
