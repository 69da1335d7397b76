"""Whether words that a sentence shares with its source are finished, under way, planned or denied there as here.

A flipped 已 or 未 leaves all other words of a clause as they were. So both clauses are laid side by side, and before
each stretch of words that they share the nearest word of aspect must be of one kind. Knows no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from bot.notices.plain import plain

Aspect = Literal["done", "doing", "ahead", "nearly", "rest", "not", ""]

_MARKS: tuple[tuple[Aspect, str], ...] = (
    (
        "not",
        r"(?:尚|仍|还|并|均|都|也|从)?(?:未(?![来免尾])|没有|没(?!收)|无(?![害人障缝锡线机])(?!公害)"
        r"|不(?![断仅但少同久锈动定忘足超低高多大符合]))",
    ),
    ("nearly", r"基本(?!情况|农田|原则|建设|单位|公共|养老|医疗)|主体(?!责任|作用)|阶段性(?!目标)|初步|即将"),
    ("doing", r"正在|正按|仍在|尚在|陆续"),
    (
        "ahead",
        r"预计|(?<![模草虚])拟(?!定|制|稿)|(?<![^,，、;；\d])将(?!其|原)|将于|将在|力争|争取|计划(?=于|在|\d|[新增投开建年])|待(?!遇|业)|准备",
    ),
    ("rest", r"其余|剩余|余下|另外|另有|[尚仍还]有"),
    ("done", r"(?<!而)已经?(?!知)|业已|业经"),
)
_MARK = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _MARKS))
_REACH = 9
"""Characters between a word of aspect and what it governs: 已于2022年6月完工."""
_TIGHT = 2
"""So close a word of aspect may not be left out."""
_ALIKE = 0.5
"""Least share of a clause's characters that must stand in a clause of the source for the two to be compared."""
_NEAR = 0.1
_BLOCK = 2
"""Characters of the shortest stretch that is compared."""


def turned(said: str, source: Sequence[str]) -> str:
    """The source clause whose aspect ``said`` turns; empty where a clause like it agrees, or none is like it."""
    words = plain(said).strip()
    shares = [(_share(words, other), other) for other in source]
    best = max((share for share, _ in shares), default=0.0)
    if best < _ALIKE:
        return ""
    near = [other for share, other in shares if share >= max(_ALIKE, best - _NEAR)]
    return "" if any(_agree(words, plain(other)) for other in near) else near[0].strip()


def _share(words: str, other: str) -> float:
    pairs = _pairs(words)
    return len(pairs & _pairs(plain(other))) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=2048)
def _pairs(words: str) -> frozenset[str]:
    """Pairs of characters without the words of aspect: they are what may differ."""
    bare = _MARK.sub("", words)
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1) if bare[n : n + 2].isalnum())


def _agree(said: str, printed: str) -> bool:
    blocks = SequenceMatcher(None, said, printed, autojunk=False).get_matching_blocks()
    return all(
        _compatible(_before(said, block.a), _before(printed, block.b))
        for block in blocks
        if block.size >= _BLOCK and re.match(r"[一-鿿\d]", said[block.a])
    )


def _before(words: str, at: int) -> tuple[Aspect, int]:
    """The last word of aspect that ends at most ``_REACH`` characters before ``at``, and how far before it ends."""
    found: tuple[Aspect, int] = ("", 0)
    for match in _MARK.finditer(words, max(0, at - _REACH - 4), at):
        if match.end() <= at and at - match.end() <= _REACH:
            found = (match.lastgroup or "", at - match.end())  # type: ignore[assignment]
    return found


def _compatible(said: tuple[Aspect, int], printed: tuple[Aspect, int]) -> bool:
    (ours, our_gap), (theirs, their_gap) = said, printed
    if ours == theirs or {ours, theirs} <= {"", "done"} or ours == "rest":
        return True
    if not ours:
        return their_gap > _TIGHT
    return bool(not theirs and our_gap > _TIGHT)
