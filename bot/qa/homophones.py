"""Characters that sound alike: what somebody who types by sound may have meant (临香 for 临湘, 峻工 for 竣工).

Knows sounds without tones, no meaning. The table is pypinyin's own file: its Python package loads a dictionary of
phrases that nothing here needs.
"""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from pathlib import Path

MAX_RESPELLED = 2
"""Other spellings kept of one pair of characters, the most frequent first."""


@cache
def _sounds() -> dict[str, str]:
    """Character → its most usual sound without tone, of the 6,763 characters of GB 2312."""
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin is a dependency of zhenggai and is not installed")
    table = json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text(encoding="utf-8"))
    found = {}
    for code, sounds in table.items():
        char = chr(int(code))
        if char.encode("gb2312", "ignore"):
            found[char] = _toneless(sounds.partition(",")[0])
    return found


def _toneless(sound: str) -> str:
    letters = unicodedata.normalize("NFD", sound)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _alike() -> dict[str, str]:
    """Sound → the characters that have it."""
    found: dict[str, str] = {}
    for char, sound in _sounds().items():
        found[sound] = found.get(sound, "") + char
    return found


def sounding_like(char: str) -> str:
    """The other characters with the sound of this one."""
    sound = _sounds().get(char)
    return _alike()[sound].replace(char, "") if sound else ""


@lru_cache(maxsize=8)
def _by_sound(names: frozenset[str]) -> dict[tuple[str, ...], str]:
    sounds = _sounds()
    return {tuple(sounds.get(char, char) for char in name): name for name in sorted(names)}


def meant(text: str, names: frozenset[str]) -> dict[str, str]:
    """Words of a folded text that sound like one of the names and share a character with it → that name."""
    sounds, keyed = _sounds(), _by_sound(names)
    found: dict[str, str] = {}
    for size in sorted({len(name) for name in names}, reverse=True):
        for start in range(len(text) - size + 1):
            word = text[start : start + size]
            name = keyed.get(tuple(sounds.get(char, char) for char in word))
            if name and name != word and set(name) & set(word):
                found[word] = name
    return found


def in_letters(text: str, names: frozenset[str]) -> dict[str, str]:
    """Latin words of a folded text that are the sound of one of the names (linxiang) → that name."""
    sounds = _sounds()
    spelled = {"".join(sounds.get(char, char) for char in name): name for name in sorted(names, reverse=True)}
    words = {word for word in re.findall(r"[a-z]{4,}", text) if word in spelled}
    return {word: spelled[word] for word in words}


def sound_alike(word: str, name: str) -> bool:
    """Whether two words of one length sound alike, tones apart."""
    sounds = _sounds()
    return [sounds.get(char, char) for char in word] == [sounds.get(char, char) for char in name]


def respellings(pair: str) -> list[str]:
    """What a pair of characters may stand for: either one replaced by one that sounds alike, or both changed about."""
    first, second = pair[0], pair[1]
    return [
        *(char + second for char in sounding_like(first)),
        *(first + char for char in sounding_like(second)),
        second + first,
    ]


def likeliest(candidates: Iterable[str], frequency: dict[str, int], known: Collection[str] = ()) -> tuple[str, ...]:
    """The candidates that the store prints, the most frequent first, at most ``MAX_RESPELLED``."""
    printed = [pair for pair in candidates if frequency.get(pair, 0) and pair not in known]
    return tuple(sorted(printed, key=lambda pair: (-frequency[pair], pair))[:MAX_RESPELLED])
