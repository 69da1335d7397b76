"""A notice's text as sentences with their offsets: the units of proof.

Knows punctuation, not grammar: a full stop inside a quotation ends a sentence too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.records import Span

# A tab parts the cells of a table. A closing quotation mark or bracket after the full stop belongs to the sentence.
_SENTENCE = re.compile(r"[^。！？!?\n\t]*(?:[。！？!?]+[”’」』）)]*|[\n\t]|$)")
_STEP = re.compile(r"(?<=[;；])")
_LONG = 120
"""A longer sentence is cut at semicolons: 一是…；二是… in one sentence are several proofs."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text == notice.text[start:end]``, without surrounding white space, closing mark included."""

    start: int
    end: int
    text: str


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
    if right <= left:
        return None
    return Sentence(start + left, start + right, piece[left:right])


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """The sentences of ``text[start:end]`` in order; offsets count from the beginning of ``text``."""
    end = len(text) if end is None else end
    found: list[Sentence] = []
    for match in _SENTENCE.finditer(text, start, end):
        for low, high in _steps(text, match.start(), match.end()):
            sentence = _trimmed(text, low, high)
            if sentence:
                found.append(sentence)
    return found


def _steps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= _LONG:
        return [(start, end)]
    cuts = [start, *(start + m.start() for m in _STEP.finditer(text[start:end])), end]
    return [(low, high) for low, high in pairwise(cuts) if high > low]


@lru_cache(maxsize=256)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a whole notice, remembered while it is asked about."""
    return tuple(sentences(text))


def whole_sentence(text: str, span: Span) -> Sentence:
    """The sentence, semicolons included, in which a span of a notice's text stands."""
    low = max(text.rfind(mark, 0, span[0]) for mark in "。\n") + 1
    ends = [n for n in (text.find(mark, span[1]) for mark in "。\n") if n >= 0]
    high = min(ends) + 1 if ends else len(text)
    piece = text[low:high]
    left = len(piece) - len(piece.lstrip())
    return Sentence(low + left, low + len(piece.rstrip()), piece.strip())
