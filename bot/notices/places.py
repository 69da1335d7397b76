"""Places that a notice is about: the issuer's or inspected unit's area and what lies inside it.

Printed names with their suffix (石羊镇) are found by rule. Which short names (任丘) lie inside the area, and what an
area lies in, only a gazetteer knows: it comes in as ``Gazetteer``, and without one those are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.records import Level, Place, Span


class Division(Protocol):
    """A division of a gazetteer; ``parents`` from the province down, without itself."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def parents(self) -> tuple[str, ...]: ...


class Mention(Protocol):
    """A place name found in a text, and the divisions that it may mean."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def divisions(self) -> Sequence[Division]: ...


Gazetteer = Callable[[str], Sequence[Mention]]
"""Finds the place names of a (simplified) text."""

_SMALL = re.compile(r"街道(?!路)|镇(?![级街乡区])|乡(?![镇村级])|村(?![级庄民居委组屯务容域道“]|两委|干部|办公|党)")
_NAME = re.compile(
    r"(?:.*(?:[^一-鿿]|[为对向由在于至到往赴从和与及的经将督促省市县区镇乡织同号]|完成|更换|指导|推进|帮助|拆除|新建|关停|涉及|支持"
    r"|整治|建成|取缔|实施|改造|其中|协调|联合|选派|开展|目前|全部|分别|统筹|投资|退出|惠及|覆盖|包括|责令|启动|位于))?"
    r"(?P<stem>[一-鿿]{2,3})$",
    re.DOTALL,
)
_PEOPLES = re.compile(r"(?P<stem>[一-鿿]{2}(?:[一-鿿]{1,2}族){1,3})$")
_PEOPLES_TOWN = re.compile(r"(?P<stem>[一-鿿]{2}(?:[一-鿿]{1,2}族){1,3})乡")
_AREA = re.compile(
    r"(?:中共|中国共产党)?(?P<names>(?:[^\W\da-zA-Z委局办厅院党关于对的组和与及彻落]{2,7}?(?:省|自治区|市|州|县|区|旗|镇|乡|街道))+)"
)
_DIVISION = re.compile(r"[一-鿿]{2,7}?(?:省|自治区|市|州|县|区|旗|镇|乡|街道)")
_LEVELS: dict[str, Level] = {
    "省": "province",
    "州": "city",
    "县": "county",
    "旗": "county",
    "区": "county",
    "镇": "town",
    "乡": "town",
    "道": "town",
    "村": "village",
}
_NO_NAME = re.compile(
    r"[农乡全各县导]$|^.?导|相关|有关|接入|薄弱|较|住房|[一二三四五六七八九十]是|(?:^|[县省小大])城$|^.?县城$|约谈|推动|招|管|组织|"
    r"[对向由在于至与及的经将把各该本等个为被以]|^.{2}和|^.和.|[镇乡村街道县区市]和|^和.{2}|所在|整改|问题|工作|建设|生活|集镇"
    r"|城镇|乡镇|全镇|农村|行政村|美丽|自然村|示范|部分|社会|重点|中心|人民|监管"
    r"|管理|督察|巡察"
)


def read_places(
    text: str, plain: str, heads: Sequence[Span], gazetteer: Gazetteer | None
) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """The places and the derived ancestors. ``heads``: spans of issuer, inspected and title, most telling first."""
    if gazetteer is None:
        places = {place.canonical: place for place in [*_areas(text, plain, heads), *_small(text, plain)]}
        return tuple(sorted(places.values(), key=lambda place: place.span)), ()
    return _with_gazetteer(text, plain, heads, gazetteer)


def _areas(text: str, plain: str, heads: Sequence[Span]) -> Iterator[Place]:
    for start, end in heads:
        match = _AREA.match(plain, start, end)
        if match:
            name = _DIVISION.findall(match["names"])[-1]
            at = plain.find(name)
            level = "city" if name.endswith("市") else _LEVELS.get(name[-1], "county")
            if at >= 0 and "所在" not in name:
                yield Place(text[at : at + len(name)], (at, at + len(name)), level, name)


def _small(text: str, plain: str) -> Iterator[Place]:
    seen: set[str] = set()
    peoples = {match["stem"][:2] for match in _PEOPLES_TOWN.finditer(plain)} if "族乡" in plain else set()
    for match in _SMALL.finditer(plain):
        start = match.start()
        name = _PEOPLES.search(plain, max(0, start - 10), start) or _NAME.match(plain, max(0, start - 6), start)
        if not name or _NO_NAME.search(name["stem"]) or (match.group() != "镇" and name["stem"].endswith("城")):
            continue
        canonical = name["stem"] + match.group()
        if canonical not in seen and not (match.group() == "乡" and name["stem"] in peoples):
            seen.add(canonical)
            span = (name.start("stem"), match.end())
            yield Place(text[slice(*span)], span, _LEVELS[canonical[-1]], canonical)


def _with_gazetteer(
    text: str, plain: str, heads: Sequence[Span], gazetteer: Gazetteer
) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    area = _area(plain, heads, gazetteer)
    if area is None:
        return read_places(text, plain, heads, None)
    town = _town_of(plain, heads, area)
    found: dict[str, Place] = {}
    for mention in gazetteer(plain):
        division = next((d for d in mention.divisions if d.name == area.name or area.name in d.parents), None)
        if division and division.name not in found and not (town and division.name == area.name):
            span = (mention.start, mention.end)
            found[division.name] = Place(text[slice(*span)], span, division.level, division.name)
    for place in _small(text, plain):
        found.setdefault(place.canonical, place)
    derived = (*area.parents, area.name) if town else tuple(area.parents)
    return tuple(sorted(found.values(), key=lambda place: place.span)), derived


def _town_of(plain: str, heads: Sequence[Span], area: Division) -> bool:
    """Whether the first head that names the area goes on with a town in it: the notice is then the town's own."""
    for start, end in heads:
        at = plain.find(area.name, start, end)
        if at >= 0:
            return bool(_TOWN.match(plain, at + len(area.name), end))
    return False


_TOWN = re.compile(r"[一-鿿]{1,7}?(?:镇(?!级)|(?<!城)乡(?!镇|村)|街道)")


def _area(plain: str, heads: Sequence[Span], gazetteer: Gazetteer) -> Division | None:
    """The smallest division that issuer, inspected unit or title names, all mentions of one head agreeing."""
    for start, end in heads:
        best: Division | None = None
        for mention in gazetteer(plain[start:end]):
            inside = [d for d in mention.divisions if best is None or best.name in d.parents]
            best = inside[0] if inside else best
        if best:
            return best
    return None
