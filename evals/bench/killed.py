"""Kills an ingest of many notices and resumes it: ``python -m evals.bench.killed [--n 300] [--kills 5]``.

One process ingests without interruption. Another is killed (SIGKILL) at random instants and started again each time,
then left to end. Ids, texts, spans and extraction documents must be identical, vectors at cosine ≥ 0.999, and no
process may need more than 1.5 GB. Prints one JSON document. Not for CI: it takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import open_store
from bot.schemas import to_json
from bot.settings import load_settings
from evals.bench.embedding import ROOT
from evals.bench.pairs import machine
from evals.generate.__main__ import write
from evals.generate.notice import generate

SEED = 7
MEMORY_MB = 1536
COSINE = 0.999
_STARTING = 1.5
"""Seconds in which a process imports and changes nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall seconds, its peak resident memory in MB, and whether it was killed at work."""

    seconds: float
    peak_mb: float
    killed: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a store holds. ``notices``: extraction documents by id; ``passages``: by (id, seq), with span and text;
    ``vectors``: by the same key."""

    notices: dict[str, str]
    passages: dict[tuple[str, int], tuple[Any, ...]]
    vectors: dict[tuple[str, int], np.ndarray]


def measure(n: int, kills: int, folder: Path, *, dice: random.Random) -> dict[str, Any]:
    """Both ways to ingest the same ``n`` notices, and the comparison."""
    write(list(generate(n, SEED)), folder / "made")
    source = folder / "made" / "notices"
    whole = run(source, folder / "whole")
    interrupted = [
        run(source, folder / "killed", kill_after=_STARTING + dice.random() * whole.seconds / (kills + 1))
        for _ in range(kills)
    ]
    interrupted.append(run(source, folder / "killed"))
    runs = [whole, *interrupted]
    peak = max(one.peak_mb for one in runs)
    return {
        **machine(),
        "notices": n,
        "uninterrupted_seconds": round(whole.seconds, 1),
        "kills": sum(one.killed for one in interrupted),
        "killed_after_seconds": [round(one.seconds, 1) for one in interrupted if one.killed],
        "resumed_to_the_end_seconds": round(interrupted[-1].seconds, 1),
        "same": compared(content(folder / "whole"), content(folder / "killed")),
        "peak_mb": {"highest": round(peak), "at_most": MEMORY_MB, "met": peak <= MEMORY_MB},
    }


def run(source: Path, data: Path, *, kill_after: float | None = None) -> Run:
    """``zhenggai ingest`` in a process of its own. Raises ``CalledProcessError`` where it fails by itself."""
    command = [sys.executable, "-m", "bot.cli", "--data", str(data), "ingest", str(source)]
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if kill_after is not None:
        time.sleep(kill_after)
        # Not Popen.kill, which would collect a process that has ended, and its memory figure with it.
        os.kill(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    killed = process.returncode == -signal.SIGKILL
    if process.returncode and not killed:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(time.monotonic() - start, usage.ru_maxrss / 1024, killed)


def content(data: Path) -> Content:
    """Everything that must survive."""
    store = open_store(load_settings(data=data))
    ids = store.catalogue.notice_ids()
    documents = {notice_id: to_json(store.catalogue.extraction(notice_id)) for notice_id in ids}
    passages = store.catalogue.passages_of(ids)
    key = {p.rowid: (p.notice_id, p.seq) for p in passages}
    assert store.index is not None
    rowids, matrix = store.index.vectors(list(key))
    found = Content(
        documents,
        {key[p.rowid]: (p.start, p.end, p.text, p.path, p.item_id) for p in passages},
        {key[rowid]: vector for rowid, vector in zip(rowids, matrix, strict=True)},
    )
    store.close()
    return found


def compared(whole: Content, killed: Content) -> dict[str, Any]:
    """Where the two differ; ``met`` when nowhere."""
    same_keys = whole.vectors.keys() == killed.vectors.keys() == whole.passages.keys()
    cosines = [float(whole.vectors[key] @ killed.vectors[key]) for key in whole.vectors if key in killed.vectors]
    lowest = min(cosines, default=0.0)
    documents, passages = whole.notices == killed.notices, whole.passages == killed.passages
    return {
        "notices": len(killed.notices),
        "passages": len(killed.passages),
        "documents_identical": documents,
        "passages_identical": passages,
        "every_passage_has_its_vector": same_keys,
        "lowest_cosine": round(lowest, 6),
        "met": documents and passages and same_keys and lowest >= COSINE,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder:
        figures = measure(options.n, options.kills, Path(folder), dice=random.Random())
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0 if figures["same"]["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
