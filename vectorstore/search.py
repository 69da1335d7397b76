"""Hybrid search: BM25 over folded bigrams and cosine over vectors, fused by a weighted sum of normalised scores.

The weighted sum beats reciprocal rank fusion on every Chinese set measured before the start (evals/DECISIONS.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from vectorstore.lexical import tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vectorstore.catalogue import Catalogue, Passage

LEXICAL_WEIGHT = 0.6
_COMMON_SHARE = 0.5
"""Tokens in more than this share of the chunks carry no BM25 weight: they only cost time."""
_SCOPE_BY_ID = 4000
"""Up to so many chunks in scope are scored one by one; beyond, the nearest vectors are filtered."""


class Vectors(Protocol):
    """What search needs of the collection."""

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]: ...

    def vectors(self, rowids: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its fused ``score`` (0-1, higher is closer) and the two legs' raw scores.

    ``lexical``: BM25, 0 where no token matches. ``dense``: cosine similarity, None where the chunk has no vector yet.
    """

    passage: Passage
    score: float
    lexical: float
    dense: float | None


def search(
    catalogue: Catalogue,
    vectors: Vectors | None,
    query_vector: NDArray[np.float32] | None,
    question: str,
    k: int,
    *,
    scope: Sequence[str] | None = None,
    pool: int = 60,
) -> list[Candidate]:
    """The ``k`` best passages for a question, best first; ``scope``: only passages of these notices."""
    lexical = dict(catalogue.lexical(_telling(catalogue, question), max(pool, k), scope))
    dense: dict[int, float] = {}
    if vectors is not None and query_vector is not None:
        dense = _dense(catalogue, vectors, query_vector, max(pool, k), scope, list(lexical))
    passages = catalogue.passages(lexical.keys() | dense.keys())
    # A vector whose chunk the catalogue no longer has is not an answer.
    return sorted(_fuse(passages, lexical, dense), key=lambda c: (-c.score, c.passage.rowid))[:k]


def _telling(catalogue: Catalogue, question: str) -> list[str]:
    """The question's index tokens without those that stand in most chunks."""
    terms = list(dict.fromkeys(tokens(question)))
    frequency = catalogue.document_frequency(terms)
    limit = max(catalogue.chunk_count() * _COMMON_SHARE, 1)
    telling = [term for term in terms if 0 < frequency.get(term, 0) <= limit]
    return telling or [term for term in terms if term in frequency]


def _dense(
    catalogue: Catalogue,
    vectors: Vectors,
    query: NDArray[np.float32],
    pool: int,
    scope: Sequence[str] | None,
    also: list[int],
) -> dict[int, float]:
    """Cosine by rowid of the nearest chunks in scope and of those in ``also``."""
    if scope is None:
        near = dict(vectors.query(query, pool))
        return near | _cosines(vectors, query, [rowid for rowid in also if rowid not in near])
    inside = [passage.rowid for passage in catalogue.passages_of(scope)]
    if len(inside) <= _SCOPE_BY_ID:
        return _cosines(vectors, query, inside)
    allowed = set(inside)
    near = {rowid: cosine for rowid, cosine in vectors.query(query, 20 * pool) if rowid in allowed}
    return near | _cosines(vectors, query, [rowid for rowid in also if rowid not in near])


def _cosines(vectors: Vectors, query: NDArray[np.float32], rowids: Sequence[int]) -> dict[int, float]:
    if not rowids:
        return {}
    found, matrix = vectors.vectors(rowids)
    return dict(zip(found, (matrix @ query).tolist(), strict=True)) if found else {}


def _fuse(passages: dict[int, Passage], lexical: dict[int, float], dense: dict[int, float]) -> list[Candidate]:
    top = max(lexical.values(), default=0.0)
    low, high = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    weight = LEXICAL_WEIGHT if dense else 1.0

    def score(rowid: int) -> float:
        by_words = lexical.get(rowid, 0.0) / top if top > 0 else 0.0
        by_sense = (dense[rowid] - low) / (high - low) if rowid in dense and high > low else 0.0
        return weight * by_words + (1 - weight) * by_sense

    return [Candidate(p, score(r), lexical.get(r, 0.0), dense.get(r)) for r, p in passages.items()]
