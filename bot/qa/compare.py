"""Comparisons by code on grounded values: earliest, longest, most, difference, total; every operand is cited.

Does not convert units: 万吨 and 吨 are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.notices.plain import plain
from bot.qa.compose import Base, answered, cite
from bot.qa.evidence import Proof
from bot.qa.operands import HOW_MUCH, SMALLEST, TOTAL, Operand, decimal_of, number_near
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.standings import by_dates, most_items
from bot.qa.values import typed_values
from bot.records import Answer, Value

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

Find = Callable[[str], list[Proof]]
"""Ranked proofs for a (partial) question, within the scope of the whole question."""

_WHEN_FIRST = re.compile(r"(?:更|最)(?:早|晚|迟|先)|(?:早|晚)(?:[?？。]|$|一些|一点|些)|得(?:更)?(?:早|晚)")
_DIFFERENCE = re.compile(r"多|少|相差|差")


def asks_difference(plan: Plan) -> bool:
    """Whether the answer must be computed from two numbers: a single one found would be a wrong figure."""
    return bool(HOW_MUCH.search(plan.question) or TOTAL.search(plan.question))


def compare(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope, find: Find) -> Answer | None:
    """The comparison that a plan asks for, or None where its operands are not found."""
    if _WHEN_FIRST.search(plan.question) and len(scope.notices) > 1:
        by_date = by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    if plan.over == "items":
        by_items = most_items(base, catalogue, plan, scope)
        if by_items:
            return by_items
    if (len(scope.notices) > 1 and len(scope.places) > 1) or not scope.places:
        by_date = by_dates(base, catalogue, plan, scope)
        if by_date:
            return by_date
    if TOTAL.search(plan.question):
        total = _sum_in_sentence(base, plan, find)
        if total:
            return total
    return _parallel(base, plan, find) or _two_sides(base, plan, scope, find)


_RESPECTIVELY = re.compile(
    r"([^,，。;；:：]+(?:、[^,，。;；:：]+)+?)(?:断面|地区"
    r"|等)?分别[^\d。]{0,8}((?:[\d.]+[^\d、，,。]{0,4}[、和])+[\d.]+[^\d、，,。;；]{0,4})"
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
            pick = min if SMALLEST.search(plan.question) else max
            best = pick(pairs, key=lambda pair: pair[1])
            citations = cite(base, [(proof.notice_id, proof.sentence)])
            listed = "，".join(f"{name}{number}" for name, number in pairs)
            return answered(
                base,
                f"{best[0]}（{listed}）。{proof.sentence.text}[1]",
                citations,
                short=best[0],
                items=proof.items,
            )
    return None


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


def _stem(name: str) -> str:
    return re.sub(r"^.*(?:其中|,|，)|(?:断面|地区|国控)$", "", name.strip())


_SPLIT = re.compile(r"(?:比(?!例)|相比|跟|和|与|同|、|[,，]?还是|以及|加上)")


def _two_sides(base: Base, plan: Plan, scope: Scope, find: Find) -> Answer | None:
    """A compared with B, each side's number found in its own sentence near its own words."""
    sides = _phrases(plan, scope)
    if not sides:
        return None
    shared = _shared(plan, sides)
    operands = [operand for side in sides if (operand := _operand(plan, side, shared, find))]
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
    if TOTAL.search(plan.question):
        total = first.number + second.number
        short, value = f"{total}{first.unit}", Value(str(total), first.unit)
        return answered(base, f"合计{short}（{facts}）。{quotes}", citations, short=short, items=items, value=value)
    if HOW_MUCH.search(plan.question) or (plan.want in ("number", "money") and _DIFFERENCE.search(plan.question)):
        gap = abs(first.number - second.number)
        short, value = f"{gap}{first.unit}", Value(str(gap), first.unit)
        return answered(base, f"{short}（{facts}）。{quotes}", citations, short=short, items=items, value=value)
    small = bool(SMALLEST.search(plan.question))
    if first.number == second.number:
        short = "一样多"
    else:
        short = (min if small else max)((first, second), key=lambda o: o.number).name
    return answered(base, f"{short}（{facts}）。{quotes}", citations, short=short, items=items)


_TAIL = re.compile(
    r"(?:哪一?个|哪边|哪家|谁|哪里|更|最|多(?:了|出)?(?:多少|几)|少(?:了|出)?(?:多少|几)"
    r"|高(?:了|出)?(?:多少|几)|低(?:了|出)?(?:多少|几)|合计|加起来|一共|总共|相差|差(?:了)?(?:多少|几)).*$"
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


def _operand(plan: Plan, side: str, shared: str, find: Find) -> Operand | None:
    for proof in find(f"{side} {shared}")[:6]:
        found = number_near(proof.sentence.text, side, plan)
        if found:
            number, unit, at = found
            return Operand(_label(side), number, unit, proof.notice_id, proof.sentence, proof.item_id, at)
    return None


def _label(side: str) -> str:
    return re.sub(r"^(?:临时)?", "", side)
