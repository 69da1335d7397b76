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
from click.testing import CliRunner

from bot.app import ingest, open_store
from bot.cli.edge import run
from bot.cli.main import cli
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


def run_here(*args: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in this process: the same exit code and streams, without a second's start."""
    with CliRunner().isolation(input=stdin, env=environment) as (out, err, _):
        code = run(cli, [str(arg) for arg in args])
        return subprocess.CompletedProcess(args, code, out.getvalue().decode(), err.getvalue().decode())


# -- notices -----------------------------------------------------------------------------------------------------------

NOTICE = """中共明江县委关于市委巡察整改进展情况的通报

根据市委统一部署，2021年3月，市委第二巡察组对明江县开展了巡察。现将整改情况公布如下。

一、生态环境方面
1.关于“河道垃圾清理不及时”问题
整改情况：一是清理河道垃圾30吨，投入资金12万元；二是印发《明江县河道管护办法》。已完成整改。
2.关于“污水管网建设滞后”问题
整改情况：新建污水管网8公里，正在建设剩余3公里，预计2022年6月完工。

中共明江县委
2021年10月20日
"""
"""A small notice with title, issuer and signed date: what identifies it when its text changes."""


def notice_file(folder: Path, name: str = "通报.txt", text: str = NOTICE, **replacing: str) -> Path:
    """The small notice as a file; ``replacing``: words of it, each with what stands there instead."""
    for old, new in replacing.items():
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def disagreements(store: Store) -> list[str]:
    """Where catalogue, lexical index and collection contradict each other or themselves; empty when all is well."""
    reader, found = store.catalogue, []
    rows = {
        name: {row[0] for row in reader._rows(sql)}
        for name, sql in {
            "notices": "SELECT id FROM notices",
            "chunks": "SELECT rowid FROM chunks",
            "lexical": "SELECT rowid FROM lexical",
            "items": "SELECT DISTINCT notice_id FROM items",
            "chunked": "SELECT DISTINCT notice_id FROM chunks",
            "tombstones": "SELECT chunk FROM tombstones",
            "indexed": "SELECT rowid FROM chunks WHERE indexed = 1",
        }.items()
    }
    if rows["chunks"] != rows["lexical"]:
        found.append(f"chunks and lexical rows differ: {rows['chunks'] ^ rows['lexical']}")
    if not rows["items"] | rows["chunked"] <= rows["notices"]:
        found.append("items or chunks of a notice that is not there")
    if rows["tombstones"]:
        found.append(f"deletions still to do: {rows['tombstones']}")
    if reader.meta("dirty") == "1":
        found.append("marked as being written")
    vectors = store.index.rowids() if store.index is not None else set()
    if vectors != rows["indexed"]:
        found.append(f"collection and catalogue differ: {vectors ^ rows['indexed']}")
    for notice_id in rows["notices"]:
        text = reader.text(notice_id)
        wrong = [p.rowid for p in reader.passages_of([notice_id]) if text[p.start : p.end] != p.text]
        if wrong:
            found.append(f"passages of {notice_id} that are not in its text: {wrong}")
    return found


def contents(store: Store) -> dict[str, tuple[str, int, list[str], list[str]]]:
    """What the store holds, without row numbers and times: id → (text, version, item ids, passages)."""
    reader = store.catalogue
    return {
        notice_id: (
            reader.text(notice_id),
            len(reader.versions(notice_id)) + 1,
            [item.id for item in reader.extraction(notice_id).items],
            [passage.text for passage in reader.passages_of([notice_id])],
        )
        for notice_id in reader.notice_ids()
    }
