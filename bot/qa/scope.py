"""Which notices a question is about: place, unit, round and year as hard limits, resolved in the catalogue.

A place that no notice is *about* is out of scope even if some text mentions it; similar places are never blended. Knows
the places of the gazetteer and those that the notices print, no others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.fold import fold
from bot.gazetteer import Mention, mentions, short_name
from bot.qa.cards import Card
from bot.qa.homophones import meant
from bot.qa.question import Plan
from bot.qa.words import synonyms

_ROUND = re.compile(r"第[一二三四五六七八九十\d]+轮|[一二三四五六七八九十]{1,3}届(?=.{0,3}[市县区省]?委)")
_UNIT = re.compile(
    r"([\u4e00-\u9fff]{2,8}?(?:局|委员会|厅|办公室|中心|镇|街道))(?:党组|党委"
    r"|党工委)?(?=的?(?:巡察|巡视|审计|整改情况|整改通报|通报|督察)"
    r"|[^,，。?？]{0,6}(?:收到|接受)[^,，。?？]{0,4}(?:巡察|巡视|反馈|督察)|被巡察)"
)
_ABOUT_NOTICE = re.compile(
    r"年(?:度)?(?:的|那次|那轮|那一轮)?(?:巡察|巡视|督察)"
    r"|年[^,，。?？]{0,18}(?:整改(?:情况)?(?:的)?(?:通报|报告)|巡察整改)"
)
_COMPOUND = re.compile(r"[段路街桥溪江山站港]|[河湖](?![湖泊长道流]|面源)")
"""After a place name these make it part of another name (黄石段, 岳阳溪), but not in 沅江河湖排污口."""

_ORDINARY = frozenset(("城区", "郊区", "矿区", "东区", "西区"))
"""Divisions whose names are ordinary words: places only right behind their city's name (晋城市城区)."""

_ASKING = re.compile(r"[哪几每今当明两半][天年月日个]|什么|多少|怎么")
"""Question words that a place name may seem to begin in: 哪天全退 names no 天全."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``notices``: the ids that the question is about. ``missing``: what no notice is about, empty if in scope.

    ``places``: the place words that chose the notices, as written in the question.
    """

    notices: tuple[str, ...]
    missing: str
    places: tuple[str, ...]


def resolve(plan: Plan, cards: Sequence[Card], only: Sequence[str] = ()) -> Scope:
    """The scope of a plan among the notices on the cards, or only those whose ids are given."""
    pool = [card for card in cards if not only or card.id in only]
    matched, words, unknown = _by_place(plan, pool)
    if unknown and (not words or plan.route == "compare"):
        return Scope((), f"没有关于{'、'.join(unknown)}的通报", ())
    for missing in (_by_unit(plan, matched), _by_round(plan, matched), _by_year(plan, matched)):
        if missing:
            return Scope((), missing, tuple(words))
    return Scope(tuple(card.id for card in matched), "", tuple(words))


def respelled(question: str, cards: Sequence[Card]) -> str:
    """The question with a place of the notices that is only misspelt put right (临香: 临湘); any real place stands."""
    names = frozenset[str]().union(*(card.area_names for card in cards))
    folded = fold(question)
    if mentions(folded) or any(name in folded for name in names):
        return question
    for word, name in meant(folded, names).items():
        folded = folded.replace(word, name)
    return folded


def _by_place(plan: Plan, pool: list[Card]) -> tuple[list[Card], list[str], list[str]]:
    """The cards that the places choose (all where there are none), the words that chose, the words that fit none."""
    words: list[str] = []
    unknown: list[str] = []
    groups: list[list[Card]] = []
    for mention in _real(plan):
        fitting = _fitting(mention, pool)
        (words if fitting else unknown).append(mention.text)
        if fitting:
            groups.append(fitting)
    for name, fitting in _printed_places(plan, pool).items():
        if not any(name in word or word in name for word in words):
            words.append(name)
            groups.append(fitting)
    if not groups:
        return pool, [], unknown
    ids = [{card.id for card in group} for group in groups]
    common = [card for card in groups[0] if all(card.id in group for group in ids)]
    union = [card for card in pool if any(card.id in group for group in ids)]
    return (common if common and plan.route != "compare" else union), words, unknown


def _real(plan: Plan) -> list[Mention]:
    """Mentions that are places, not parts of other names."""
    text = plan.question
    asking = [m.span() for m in _ASKING.finditer(text)]
    return [
        m
        for m in plan.places
        if not _COMPOUND.match(text, m.end)
        and not any(low < m.start < high < m.end for low, high in asking)
        and (m.text not in _ORDINARY or _behind_its_city(m, plan.places))
    ]


def _behind_its_city(mention: Mention, places: Sequence[Mention]) -> bool:
    before = {division.name for other in places if other.end == mention.start for division in other.divisions}
    return any(not before.isdisjoint(division.parents) for division in mention.divisions)


def _fitting(mention: Mention, pool: list[Card]) -> list[Card]:
    """A notice is about a place that it names as its own, and about every place inside that its text prints."""
    own = {mention.text, *(division.name for division in mention.divisions)}
    above = {parent for division in mention.divisions for parent in division.parents}
    printed = (mention.text, short_name(mention.text))
    return [
        card
        for card in pool
        if not own.isdisjoint(card.places)
        or any(name in card.names for name in own)
        or (not above.isdisjoint(card.areas) and any(name in card.text for name in printed))
    ]


def _printed_places(plan: Plan, pool: list[Card]) -> dict[str, list[Card]]:
    """Places that notices print and the gazetteer does not know (towns, zones), where the question names them."""
    found: dict[str, list[Card]] = {}
    for card in pool:
        for place in card.towns:
            if place in plan.question:
                found.setdefault(place, []).append(card)
    return found


def _by_unit(plan: Plan, cards: list[Card]) -> str:
    match = _UNIT.search(_without_places(plan))
    if not match or not cards:
        return ""
    units = [
        re.sub(r"^(?:[市县区省我对的那这把将由给]|看看|梳理|总结|汇总)+", "", unit)
        for unit in re.split(r"[和、与及跟]", match[1])
    ]
    units = [unit for unit in units if len(unit) >= 2]
    known = [
        unit for unit in units if any(name in card.head for card in cards for name in (unit, *synonyms().get(unit, ())))
    ]
    return "" if known or not units else f"没有关于{units[-1]}的通报"


def _without_places(plan: Plan) -> str:
    text = plan.question
    for mention in plan.places:
        text = text.replace(mention.text, "")
    return re.sub(r"\d+年?", "", text)


def _by_round(plan: Plan, cards: list[Card]) -> str:
    for term in _ROUND.findall(plan.question):
        if not any(term in card.head for card in cards):
            return f"没有关于{term}的通报"
    return ""


def _by_year(plan: Plan, cards: list[Card]) -> str:
    for year in plan.years:
        fitting = [
            c for c in cards if year in (c.years if _ABOUT_NOTICE.search(plan.question) else c.printed_years | c.years)
        ]
        if not fitting:
            return f"没有{year}年的相关通报"
    return ""
