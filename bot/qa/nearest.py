"""Which of several values in a sentence is meant: the one that stands closest to the question's terms.

Knows the words around a value, not its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.fold import fold
from bot.qa.terms import SYNONYM_WEIGHT, Terms
from bot.qa.values import TypedValue
from bot.qa.words import synonyms

_CLAUSE = re.compile(r"[,，;；:：]")
_JOINT = re.compile(r"[、和及]")
_EXACT_UNIT = 1.5
_BECAME = 1.2
_LED = 1.5
"""Factors: it has the very unit asked for; it is what something has come to; the question's own words lead to it."""
_LED_ALIKE = 1.15
_CHANGED = 1.6
"""The change where a change is asked for (比去年好了多少)."""
_ASKS_CHANGE = re.compile(
    r"(?:比|较)[^,，。?？]{1,14}(?:多少|几)|(?:上升|下降|增加|增长|减少|提高|降低|改善|涨|降|升|好|多|少)了?多少"
)
_CHANGE = re.compile(r"(?:上升|下降|增加|增长|减少|提高|降低|改善|提升)了?$")
_ASKS_DATE = re.compile(r"什么时[候间]|啥时|何时|几时|哪一?[天年]|哪个?月|几[月号日]|何年")
AHEAD = 2.0
"""What a term counts that follows a date in its clause: a date stands before what happened on it."""
_NOT_THEN = 0.6
"""A figure that is planned where what was done is asked for, or the other way round."""
_LEFT = 1.6
"""What is left where that is asked for."""
_ASKS_LEFT = re.compile(r"还(?:有|剩|差|没|欠)|剩下?|没(?:有)?[^,，。?？]{1,6}的?(?:多少|几)|未")
_REST = re.compile(r"剩余|剩下|其余|尚有|仍有|还有|尚余")
_DEED = 1.3
"""The verb before 多少 stands before it in its clause."""
_DEED_ASKED = re.compile(r"([\u4e00-\u9fff])(?:了|过|出)(?:多少|几)")
_COUNTED = 1.5
"""The very thing that is counted stands beside it: 几个乡村医生, 乡村医生18名."""
_COUNTED_NOUN = re.compile(r"(?:多少|几)(?:个|名|位|家|户|处|座|条|项|件|份|台|套|所)(?P<noun>[\u4e00-\u9fff]{2,6})")
_NOT_STILL = 0.35
_STILL = re.compile(r"正在|还在|仍在")
"""What goes on where that is asked for, what is done where it is not."""
_PLANNED = re.compile(r"预计|计划|拟|争取|力争|打算|将于|目标|准备|要求")
CHARACTER_SHARE = 0.25
"""What a single character in common counts, against the rarest pair: 关掉 and 关停 share one."""
_LEAD = re.compile(r"([\u4e00-\u9fff]{2})(?:了|过|是|为|达到?)*(?:多少|几)")
_REACHES = re.compile(r"(?:达到|达|为|是|约)+$")
_FORMER = re.compile(r"(?:由|从)[^,，。到至]{0,4}$")
_EVERY = re.compile(r"每(?:天|日|周|半?月|季度?|年|半年|两周)[^,，。;；]{0,8}$")


def nearest_value(
    sentence: str, values: Sequence[TypedValue], terms: Terms, question: str = "", *, plan_wants_count: bool = False
) -> tuple[TypedValue | None, float]:
    """The value that stands closest to the question's terms, and how close (0-1, all terms next to it being 1)."""
    if not values:
        return None, 0.0
    text = fold(sentence)
    if len(text) != len(sentence):
        text = sentence.lower()
    spots = _spots(text, terms)
    others = sorted((v.start, v.end) for v in values)
    some_exact = any(v.exact for v in values)
    total = terms.total or 1.0
    dated = bool(_ASKS_DATE.search(question))
    asked = _asked(question, text, counts=plan_wants_count)

    def closeness(value: TypedValue) -> float:
        # 条铁 in 8条铁路 for 几条铁路 is half a measure word, half the thing measured: it favours no value.
        beside = [spot for spot in spots if not value.start <= spot[0] < value.end < spot[0] + spot[1]]
        near = sum(
            weight
            * (AHEAD if dated and _ahead(text, value, spot) else 1.0)
            / (1 + _gap(text, spot, size, value, others) / 5)
            for spot, size, weight in beside
        )
        fits = _form(text, value, asked) * _sense(text, value, asked, led=value.exact == some_exact)
        return near * fits * (_EXACT_UNIT if value.exact else 1.0)

    best = max(values, key=lambda v: (closeness(v), -v.start))
    return best, min(closeness(best) / total / _EXACT_UNIT, 1.0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the wording of a question says of the value wanted.

    ``change``, ``left``: a change, what is left; ``counts``: how many, not how often. ``lead``: the two characters
    before 多少, ``stem`` all of them, ``deed`` the verb, ``counted`` the noun after it. ``planned``, ``still``: what is
    to come, what goes on; None where the sentence speaks of neither.
    """

    change: bool
    left: bool
    counts: bool
    lead: str
    stem: str
    deed: str
    counted: str
    planned: bool | None
    still: bool | None


def _asked(question: str, text: str, *, counts: bool) -> _Asked:
    lead, deed, noun = (pattern.search(question) for pattern in (_LEAD, _DEED_ASKED, _COUNTED_NOUN))
    return _Asked(
        change=bool(_ASKS_CHANGE.search(question)),
        left=bool(_ASKS_LEFT.search(question)),
        counts=counts,
        lead=lead[1] if lead else "",
        stem=question[: lead.end(1)] if lead else "",
        deed=deed[1] if deed else "",
        counted=noun["noun"] if noun else "",
        planned=bool(_PLANNED.search(question)) if _PLANNED.search(text) else None,
        still=bool(_STILL.search(question)) if _STILL.search(text) else None,
    )


def _form(text: str, value: TypedValue, asked: _Asked) -> float:
    """How the figure is told against how it is asked: what became of it, planned or done, a change, a remainder."""
    before = text[max(0, value.start - 10) : value.start]
    # 由4%提高到8%: what it has come to is the answer, not what it was.
    fits = 0.5 if _FORMER.search(before[-6:]) else _BECAME if before.endswith(("到", "至", "达", "为")) else 1.0
    if asked.counts and _EVERY.search(before):
        fits *= 0.4  # 每月至少一次 is how often, not how many
    if asked.planned is not None and bool(_PLANNED.search(before[-8:])) != asked.planned:
        fits *= _NOT_THEN
    if asked.change and _CHANGE.search(before[-4:]):
        fits *= _CHANGED
    clause = _clause_before(text, value.start)
    if asked.left and _REST.search(clause[-8:]):
        fits *= _LEFT  # 还有几起没了结: 剩余1件
    if asked.still is not None and bool(_STILL.search(clause)) != asked.still:
        fits *= _NOT_STILL
    return fits


def _sense(text: str, value: TypedValue, asked: _Asked, *, led: bool) -> float:
    """Whether the question's own verb leads to the figure, and the noun counted stands beside it."""
    fits, clause = 1.0, _clause_before(text, value.start)
    reached = _REACHES.sub("", text[: value.start])
    if asked.lead and led and reached.endswith((asked.lead, *synonyms().get(asked.lead, ()))):
        fits *= _LED if reached.endswith(asked.lead) else _LED_ALIKE  # 关闭退出几家 is answered by 关闭退出3家
    fits *= 1 + ALIKE_BEFORE * max(0, _shared_end(asked.stem, reached) - len(asked.lead))
    if asked.deed and asked.deed in clause:
        fits *= _DEED
    size = len(asked.counted)
    beside = (_JOINT.split(clause)[-1][-size - 2 :], _JOINT.split(text[value.end : value.end + size + 6])[0])
    return fits * (_COUNTED if asked.counted and any(asked.counted in part for part in beside) else 1.0)


ALIKE_BEFORE = 0.15
"""What each further character counts that stands before the figure as it does before 多少: 盘亏资产17件."""


def _shared_end(one: str, other: str) -> int:
    """How many characters two texts end with alike."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _clause_before(text: str, start: int) -> str:
    """The clause up to a value."""
    return _CLAUSE.split(text[:start])[-1]


def _spots(text: str, terms: Terms) -> list[tuple[int, int, float]]:
    """Where the question's terms, their other spellings and its single characters stand: start, size, weight."""
    found = []
    top = max(terms.weights.values(), default=0.0)
    for token, weight in terms.weights.items():
        if terms.own is not None and token not in terms.own:
            continue
        here = [(m.start(), len(token), weight) for m in re.finditer(re.escape(token), text)]
        if not here:
            words = [word for word in terms.spelled.get(token, ()) if len(word) >= 2 and word in text]
            here = [
                (m.start(), len(w), weight * SYNONYM_WEIGHT) for w in words for m in re.finditer(re.escape(w), text)
            ]
        found += here
    share, whole = CHARACTER_SHARE * top, list(found)
    found += [
        (m.start(), 1, share * rarity)
        for char, rarity in terms.characters.items()
        for m in re.finditer(char, text)
        if not any(low <= m.start() < low + size for low, size, _ in whole)
    ]
    return found


def _ahead(text: str, value: TypedValue, spot: int) -> bool:
    """Whether a term follows a value in the same clause."""
    return value.end <= spot and not _CLAUSE.search(text[value.end : spot])


def _gap(text: str, spot: int, size: int, value: TypedValue, others: Sequence[tuple[int, int]]) -> float:
    """Characters between a term and a value; another clause costs more, and so does another value in between."""
    low, high = (spot + size, value.start) if spot < value.start else (value.end, spot)
    if high <= low:
        return 0.0
    # 12家生物质锅炉和3家: what is counted follows its figure, so 和 parts it from the next one.
    between = spot < value.start or any(low <= start and end <= high for start, end in others)
    marks = len(_CLAUSE.findall(text[low:high])) + (len(_JOINT.findall(text[low:high])) if between else 0)
    return high - low + 8 * marks
