"""The benchmark's baselines on three sentences."""

from __future__ import annotations

import pytest

from evals.bench.retrieval import bm25, dense, rrf, split
from evals.metrics.retrieval import Passage
from tests.support import FakeEmbedder

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
CHUNKS = [Passage("a", "污水管网建设滞后"), Passage("b", "秸秆焚烧屡禁不止"), Passage("b", "河道垃圾清理不及时")]


def test_the_splitter_keeps_notice_and_size() -> None:
    """500 characters at most, 50 of overlap where a text has no separator."""
    chunks = split({"a": "管" * 700, "b": "短"})
    assert [(c.notice_id, len(c.text)) for c in chunks] == [("a", 500), ("a", 250), ("b", 1)]


def test_bm25_ranks_the_chunk_with_the_words_first() -> None:
    """Words, not characters."""
    assert bm25(CHUNKS)("秸秆焚烧")[0] == 1


def test_dense_ranks_the_same_text_first() -> None:
    """The fake gives the same vector to the same text."""
    assert dense(CHUNKS, FakeEmbedder())("河道垃圾清理不及时")[0] == 2


def test_rrf_prefers_what_both_rank_high() -> None:
    """Second in both beats first in one and last in the other."""
    assert rrf([[0, 1, 2, 3], [3, 1, 2, 0]]) == [1, 0, 3, 2]
