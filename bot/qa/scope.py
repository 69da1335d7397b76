"""Which notices a question is about: place, unit, round and year as hard limits, resolved in the catalogue.

A place that no notice is *about* is out of scope even if some text mentions it; similar places are never blended. Knows
the places of the gazetteer and those that the notices print, no others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.gazetteer import Mention, mentions, short_name
from bot.qa.cards import Card
from bot.qa.homophones import in_letters, meant, sound_alike
from bot.qa.question import Plan, tidied
from bot.qa.words import cut_words, synonyms

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
_COMPOUND = re.compile(r"[段路街桥溪江山站港]|[河湖](?![湖泊长道流]|面源)|会海")
"""After a place name these make it part of another name (黄石段, 岳阳溪, 文山会海), but not in 沅江河湖排污口."""

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
    unknown = [name for name in unknown if not _is_town(name, plan.question, matched)] if words else unknown
    strange = _unheard_town(plan, matched) if words else _unheard_of(plan.question, pool)
    if strange or (unknown and (not words or plan.route == "compare")):
        names = unknown or [strange]
        return Scope((), f"没有关于{'、'.join(names)}的通报{''.join(_alike(name, pool) for name in names)}", ())
    of_place = _unit_of_place(plan, matched) if words else ""
    for missing in (_by_unit(plan, matched), of_place, _by_round(plan, matched), _by_year(plan, matched)):
        if missing:
            return Scope((), missing, tuple(words))
    return Scope(tuple(card.id for card in matched), "", tuple(words))


@dataclass(frozen=True, slots=True)
class Respelt:
    """A question with its misspelt place put right; ``notes``: what was read as what, for whoever asked."""

    question: str
    notes: tuple[str, ...] = ()


def respelled(question: str, cards: Sequence[Card]) -> Respelt:
    """The question with a place of the notices that is only misspelt put right (临香, linxiang: 临湘).

    Any real place stands: 元江 is a county, not 沅江 misspelt; 元江市 is none.
    """
    folded = tidied(question)
    names = frozenset[str]().union(*(card.area_names for card in cards))
    if any(_is_real(mention, folded) for mention in mentions(folded)) or any(name in folded for name in names):
        return Respelt(question)
    heard = {word: name for word, name in meant(folded, names).items() if _typed_for(word, name, folded)}
    read = in_letters(folded, names) | heard
    read = {w: n for w, n in read.items() if not any(w != other and w in other for other in read)}
    for word, name in read.items():
        folded = folded.replace(word, name)
    return Respelt(folded if read else question, tuple(f"“{word}”按“{name}”理解。" for word, name in read.items()))


def _is_real(mention: Mention, text: str) -> bool:
    """Whether a place name has the kind that the place has: 元江县 and 元江, but not 元江市."""
    kind = text[mention.end : mention.end + 1]
    names = [division.name for division in mention.divisions]
    return kind not in ("市", "县", "区") or mention.text in names or any(name[-1] == kind for name in names)


_PARTICLES = "请现先从由将把对向该各全本我在是有为与和同至到据按被当使令于以及或其此每某"
_OFFICE = re.compile(r"[委政级里人领局财水住农审纪]")


def _typed_for(word: str, name: str, text: str) -> bool:
    """Whether a word of a question can be a name misspelt: 请县 of 请县里 is not 青县."""
    if len(name) > 2 or name[-1] not in "市县区":
        return True
    at = text.find(word)
    return word[0] not in _PARTICLES and at == 0 and not _OFFICE.match(text, len(word))


_BEGINNING = r"^(?:请问|请|问一?下?|查一?下?|看看|关于|在|对|那么?|说说|我?想问)*"
_PREFACE = re.compile(_BEGINNING)
_PLACE_LIKE = re.compile(
    _BEGINNING + r"(?P<name>[\u4e00-\u9fff]{2,4}?(?:[市县区镇乡旗]|街道))(?![委政级场长里域直局容民内道])"
)
_NO_NAME = re.compile(
    r"[的了是在有哪些几各全每本我该这那两多个其到被把为对从由向一二三四五六七八九十没未不什么谁怎第如何]"
    r"|(?:超|城|夜|菜|股|上|门|集|都)市$|(?:小|园|社|城|片|厂|矿|景|校|辖|库|湖|采|山|林|灾|地|护|发|特|新|郊|市|县|街|宅|殖|养|业|居|水|工|牧|学|禁|功能|燃)区$"
    r"|(?:乡|城|集|村|小)镇$|(?:城|家|水|梦|故)乡$|县县$"
)


def _unheard_of(text: str, pool: Sequence[Card]) -> str:
    """What a question begins with that looks like a place and that neither the gazetteer nor any notice knows."""
    match = _PLACE_LIKE.match(text)
    name = match["name"] if match else ""
    if not name or _NO_NAME.search(name):
        name = _slip(text, pool)
    if not name or mentions(text[: text.find(name) + len(name)]) or any(name in card.text for card in pool):
        return ""
    return name


def _slip(text: str, pool: Sequence[Card]) -> str:
    """Two characters at the beginning of a question that make no word and of which one is that of a place's name."""
    start = _PREFACE.match(text)
    at = start.end() if start else 0
    pair, names = text[at : at + 2], {short_name(area) for card in pool for area in card.areas}
    near = any(len(name) == 2 == len(pair) and _one_off(pair, name) for name in names)
    return pair if near and cut_words(text[at:])[0] == pair[0] and cut_words(pair)[0] != pair else ""


_JOINED = re.compile(r"[和与及跟同、比]")
"""建瓯和洗马镇 names two places."""
_TOWN_LIKE = re.compile(r"[市县区]?(?P<name>[\u4e00-\u9fff]{2,3}(?:镇|乡|街道))(?![级镇乡街里内])")


def _unheard_town(plan: Plan, cards: Sequence[Card]) -> str:
    """A town named right behind its county that no notice about the county prints; "" where there is none."""
    for mention in plan.places:
        match = _TOWN_LIKE.match(plan.question, mention.end)
        name = match["name"] if match else ""
        if name and not (_JOINED.match(name) or _NO_NAME.search(name)) and not any(name in c.text for c in cards):
            return name
    return ""


def _is_town(name: str, question: str, cards: Sequence[Card]) -> bool:
    """Whether a place is a town of the notices that only shares its name (苍溪龙山镇, not 龙山县)."""
    towns = {name + kind for kind in ("镇", "乡", "村", "街道") if name + kind in question}
    return any(town in card.text for town in towns for card in cards)


def _alike(word: str, pool: Sequence[Card]) -> str:
    """The places of the notices that a name may be a slip for, in brackets; "" where there are none."""
    short, real = short_name(word), bool(mentions(word))
    found = dict.fromkeys(
        area
        for card in pool
        for area in sorted(card.areas)
        for name in (short_name(area),)
        if len(name) == len(short)
        and name != short
        and (sound_alike(short, name) or (not real and _one_off(short, name)))
    )
    names = "、".join(f"“{name}”" for name in list(found)[:2])
    return f"（名称相近的有{names}，如系笔误请改正后再问）" if names else ""


def _one_off(word: str, name: str) -> bool:
    """Whether all characters but one are the same."""
    return sum(a != b for a, b in zip(word, name, strict=True)) == 1


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
    places = [mention.text for mention in plan.places]
    known = [unit for unit in units if any(_names_unit(_bare_heads(card, places), unit) for card in cards)]
    return "" if known or not units else f"没有关于{units[-1]}的通报"


_OF_PLACE = re.compile(
    r"[市县区]?的?(?P<unit>(?P<field>(?![由归被和与跟在是对把向给让有请]|涉及|负责|牵头|关于|有关)[\u4e00-\u9fff]{2})[\u4e00-\u9fff]{0,5}?(?:局|委员会))(?![部限])"
)


def _unit_of_place(plan: Plan, cards: Sequence[Card]) -> str:
    """A unit named right behind its place that no notice about the place speaks of, under whatever full name."""
    for mention in plan.places:
        match = _OF_PLACE.match(plan.question, mention.end)
        if not match:
            continue
        unit, longer = match["unit"], re.compile(match["field"] + r"[\u4e00-\u9fff]{0,8}(?:局|委)")
        names = (unit, *synonyms().get(unit, ()))
        if not any(longer.search(card.text) or any(name in card.text for name in names) for card in cards):
            return f"没有关于{unit}的通报"
    return ""


_POLITE = re.compile(r"(?:请|请?问|麻烦|帮忙?我?|列出|列一下|查一?下?|说说|关于|对|把|给|汇总|归纳|概括|整理|介绍)*")


def _bare_heads(card: Card, places: Sequence[str]) -> str:
    """A notice's head as printed, and without the places asked about: 生态环境局分局 of 生态环境局沅江分局."""
    bare = card.head
    for place in places:
        bare = bare.replace(place, "")
    return f"{card.head} {bare}"


def _names_unit(head: str, unit: str) -> bool:
    """Whether a notice's head names a unit, by a synonym too; what stands before its name (洛水县卫健局) must be there
    as well, unless it is only how the question was put (请问…)."""
    for start in range(max(1, len(unit) - 2)):
        before, name = unit[:start], unit[start:]
        led = "" if _POLITE.fullmatch(before) else before
        if any(led + other in head for other in (name, *synonyms().get(name, ()))):
            return True
    return False


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
