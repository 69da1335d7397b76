"""Measures the ingest against its own parts: ``python -m evals.bench.ingest [--n 20] [--repeats 3]``.

- whole ingest / embedding the same passages alone (target: at most 1.10), the engine opened anew on both sides; and
  within each ingest, the whole / the part spent in the engine, which does not suffer from what else the machine does;
- writing the text / a bare FTS5 insert of the same tokens, one transaction per notice on both sides (at most 2);
  reading the files (decoding, extracting, cutting) is shown beside it, as a share of the ingest;
- a search during an ingest in the same process / the same search alone (at most 3), the engine with all its threads.

Notices are generated, so that any number can be had. Prints one JSON document. Not for CI: times depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bot.app import Incoming, identity, ingest, open_store, read_notice
from bot.notices.chunk import chunks
from bot.records import Chunk, Extraction
from bot.settings import Settings, load_settings
from evals.bench.embedding import ROOT, seeds
from evals.bench.pairs import held, machine, milliseconds, pair, seconds, spread
from evals.generate.__main__ import write
from evals.generate.notice import generate
from vectorstore.catalogue import Catalogue
from vectorstore.embedding import open_embedder
from vectorstore.embedding.prepare import prepare
from vectorstore.lexical import tokens
from vectorstore.store import Store, embedded_text

SEED = 7
_PAUSE = 0.05
_SHORT_REPEATS = 25
"""Pairs of what takes a tenth of a second; clearing away what the pair before wrote is no part of them."""

Read = list[tuple[Extraction, list[Chunk], bytes]]


def measure(n: int, *, repeats: int, folder: Path) -> dict[str, Any]:
    """All figures over ``n`` generated notices; ``folder`` is emptied between the turns."""
    files = write(list(generate(n, SEED)), folder / "made")
    settings = load_settings()
    prepare(settings.cache)
    read = _read(files, settings)
    passages = [embedded_text(chunk.path, chunk.text) for _, cut, _ in read for chunk in cut]
    return {
        **machine(),
        "notices": n,
        "chunks": len(passages),
        "characters": sum(map(len, passages)),
        "whole": whole(files, passages, settings, folder, repeats),
        "text": text(read, files, settings, folder, repeats),
        "search_during_ingest": during(files, settings, folder, repeats),
    }


def whole(
    files: Sequence[Path], passages: Sequence[str], settings: Settings, folder: Path, repeats: int
) -> dict[str, Any]:
    """The whole ingest against embedding its passages alone."""

    def embed() -> None:
        embedder = open_embedder("bundled", cache_dir=settings.cache)
        assert embedder is not None
        embedder.embed_passages(passages)

    pairs = [pair(embed, lambda: _ingest(files, settings, folder), turn=turn) for turn in range(repeats)]
    inside = [_beside_the_engine(files, settings, folder) for _ in range(repeats)]
    return {
        "embedding_seconds": round(median(alone for alone, _ in pairs), 2),
        "ingest_seconds": round(median(us for _, us in pairs), 2),
        "time_ratio": held(spread(us / alone for alone, us in pairs), at_most=1.10),
        "ratio_to_the_part_in_the_engine": held(spread(inside), at_most=1.10),
    }


def text(read: Read, files: Sequence[Path], settings: Settings, folder: Path, repeats: int) -> dict[str, Any]:
    """Writing what was read against FTS5 alone; the tokens of the bare insert are made beforehand."""
    rows = [[(" ".join(tokens(c.text)), " ".join(tokens("\n".join(c.path)))) for c in cut] for _, cut, _ in read]
    pairs = []
    for turn in range(max(repeats, _SHORT_REPEATS)):
        bare, whole = _emptied(folder / "bare"), _emptied(folder / "data")
        pairs.append(pair(partial(_bare, rows, bare), partial(_put, read, whole), turn=turn))
    reading = [seconds(lambda: _read(files, settings)) for _ in range(repeats)]
    return {
        "bare_fts5_ms": milliseconds(bare for bare, _ in pairs),
        "writing_ms": milliseconds(us for _, us in pairs),
        "reading_ms": milliseconds(reading),
        "time_ratio": held(spread(us / bare for bare, us in pairs), at_most=2),
    }


def during(files: Sequence[Path], settings: Settings, folder: Path, repeats: int) -> dict[str, Any]:
    """Searches while the same process ingests, against the same searches on the same store before."""
    questions = [question.question for question in seeds().questions[:20]]
    alone, beside = [], []
    for _ in range(repeats):
        store = _ingest(sorted((ROOT / "seeds").glob("*.txt")), settings, folder, close=False)
        try:
            store.search(questions[0], 10)
            alone.append(median(_search(store, question) for question in questions))
            beside.append(median(_while_ingesting(store, files, questions)))
        finally:
            store.close()
    return {
        "alone_ms": milliseconds(alone),
        "during_ms": milliseconds(beside),
        "time_ratio": held(spread(slow / fast for slow, fast in zip(beside, alone, strict=True)), at_most=3),
    }


# -- what is timed -----------------------------------------------------------------------------------------------------


def _emptied(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder / "data", ignore_errors=True)
    return folder / "data"


def _ingest(files: Sequence[Path], settings: Settings, folder: Path, *, close: bool = True) -> Store:
    settings = settings.model_copy(update={"data": _fresh(folder), "embedding": "bundled"})
    store = open_store(settings, create=True)
    results = list(ingest(store, list(files), settings))
    assert {result.result for result in results} == {"added"}, results
    if close:
        store.close()
    return store


def _beside_the_engine(files: Sequence[Path], settings: Settings, folder: Path) -> float:
    """One ingest: its seconds over those in which the engine embeds."""
    settings = settings.model_copy(update={"data": _fresh(folder), "embedding": "bundled"})
    store = open_store(settings, create=True)
    engine = store.embedder
    assert engine is not None
    took: list[float] = []
    embed = engine.embed_passages

    def watched(texts: Sequence[str]) -> np.ndarray:
        start = time.perf_counter()
        vectors = embed(texts)
        took.append(time.perf_counter() - start)
        return vectors

    engine.embed_passages = watched  # type: ignore[method-assign]
    whole = seconds(lambda: list(ingest(store, list(files), settings)))
    store.close()
    return whole / sum(took)


def _read(files: Sequence[Path], settings: Settings) -> Read:
    incoming = [Incoming(path.name, path.read_bytes()) for path in files]
    extractions = [(read_notice(one, settings), one.data) for one in incoming]
    return [(extraction, list(chunks(extraction)), data) for extraction, data in extractions]


def _put(read: Read, path: Path) -> None:
    catalogue = Catalogue(path / "catalogue.sqlite", writable=True)
    for extraction, cut, data in read:
        catalogue.put(extraction, cut, data, identity=identity(extraction.notice), keep_version=False)
    catalogue.close()


def _bare(rows: Sequence[Sequence[tuple[str, str]]], path: Path) -> None:
    """The tokens in an FTS5 table as SQLite makes it, and nothing else; journal and commits as the catalogue's."""
    connection = sqlite3.connect(path / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE VIRTUAL TABLE lexical USING fts5 (body, context)")
    for notice in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO lexical (body, context) VALUES (?, ?)", notice)
        connection.execute("COMMIT")
    connection.close()


def _search(store: Store, question: str) -> float:
    time.sleep(_PAUSE)
    return seconds(lambda: store.search(question, 10))


def _while_ingesting(store: Store, files: Sequence[Path], questions: Sequence[str]) -> list[float]:
    """Seconds of searches from the first batch of vectors to the end, by another connection of this process."""
    settings = load_settings(data=store.folder)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            list(ingest(store, list(files), settings))
        except BaseException as error:
            failed.append(error)

    reader = open_store(settings)
    reader.search(questions[0], 10)
    running = threading.Thread(target=run)
    running.start()
    took: list[float] = []
    while running.is_alive():
        took.append(_search(reader, questions[len(took) % len(questions)]))
    reader.close()
    if failed:
        raise failed[0]
    return took[:-1] or took  # the last one may have had the machine to itself


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder:
        figures = measure(options.n, repeats=options.repeats, folder=Path(folder))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
