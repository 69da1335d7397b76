"""What tests share that is no fixture: folders, a fake embedding, stores from files, the command as a child process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import ingest, open_store
from bot.settings import Settings
from vectorstore import store as store_module
from vectorstore.store import Store

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


class FakeEmbedder:
    """Vectors from a hash of the text: the same text gives the same vector, nothing is loaded. ``dim`` 8."""

    def __init__(self, spec: str = "fake", fingerprint: str = "fake-1") -> None:
        self.spec = spec
        self.fingerprint = fingerprint
        self.dim = 8

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.zeros((0, self.dim), np.float32)

    def embed_query(self, text: str) -> np.ndarray:
        digest = np.frombuffer(hashlib.blake2b(text.encode(), digest_size=self.dim).digest(), np.uint8)
        vector = digest.astype(np.float32) - 127.5
        unit: np.ndarray = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


@contextmanager
def fake_engines(fingerprint: str = "fake-1") -> Iterator[None]:
    """Every embedding setting but ``none`` opens a ``FakeEmbedder`` meanwhile."""

    def opened(spec: str, **_: object) -> FakeEmbedder | None:
        return None if spec == "none" else FakeEmbedder(spec, fingerprint)

    real = store_module.open_embedder
    store_module.open_embedder = opened  # type: ignore[assignment]
    try:
        yield
    finally:
        store_module.open_embedder = real


def settings_for(folder: Path, embedding: str | None = "none", **more: Any) -> Settings:
    """Settings of a data folder, with a cache beside it."""
    return Settings(data=folder, cache=folder.parent / "cache", embedding=embedding, **more)


def filled(settings: Settings, *paths: Path) -> Store:
    """A store with these files ingested (the seeds if none is named); every file must go in."""
    files: list[Path | None] = [*(paths or sorted(SEEDS.glob("*.txt")))]
    store = open_store(settings, create=True)
    results = list(ingest(store, files, settings))
    assert [r.reason for r in results if r.result == "failed"] == []
    return store


def command_environment(**more: str) -> dict[str, str]:
    """This environment without the developer's settings, in which ``python -m bot.cli`` finds the program."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGGAI_")}
    return clean | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | more


def zhenggai(*args: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    line = [sys.executable, "-m", "bot.cli", *map(str, args)]
    return subprocess.run(
        line,
        input=stdin,
        capture_output=True,
        text=True,
        env=command_environment(**environment),
        timeout=240,
        check=False,
    )
