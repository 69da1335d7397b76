"""A warm answer over many notices against the same over five: ``python -m evals.bench.lookup [--n 2000]``.

The stores hold generated notices, their text put by the product and their vectors random unit vectors under a fake
embedder, so that filling them costs no embedding: what is measured is the catalogue, the index and the answer's own
work, without the time to embed the question. Target: at most 5 times. Prints one JSON document. Not for CI.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import Incoming, open_store, put_notice
from bot.qa.answer import ask
from bot.settings import load_settings
from evals.bench.pairs import held, machine, milliseconds, pair, spread
from evals.cases import read_questions
from evals.generate.notice import Generated, generate
from evals.suite import ROOT
from vectorstore.store import Store

SEED = 7
FEW = 5
QUESTIONS = (
    "新建了多少公里污水管网？",
    "农膜回收了多少吨？",
    "哪个单位负责督促补种林木？",
    "闲置土地收回了多少亩？",
    "拖欠企业账款偿还了多少万元？",
    "组织了多少次应急演练？",
    "黑臭水体问题整改完成了吗？",
    "印发了什么管护办法？",
)


class RandomVectors:
    """Stands in for an engine: a text's vector is drawn from its checksum. ``dim`` as the bundled engine's."""

    spec = "bundled"
    fingerprint = "random-vectors"
    dim = 384

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dim), L2-normalised."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> np.ndarray:
        """float32 (dim,), L2-normalised."""
        vector = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dim, dtype=np.float32)
        unit: np.ndarray = vector / np.linalg.norm(vector)
        return unit


def measure(n: int, *, repeats: int, folder: Path) -> dict[str, Any]:
    """Every question once per repeat, few and many one right after the other."""
    notices = list(generate(n, SEED))
    few, many = filled(notices[:FEW], folder / "few"), filled(notices, folder / "many")
    # A question about a place that both stores hold is asked in the same words.
    place = notices[0].labels["meta"]["places"][0]["text"]
    questions = [*QUESTIONS, *(place + question for question in QUESTIONS)]
    for store in (few, many):
        for question in questions:
            ask(store, question)
    pairs = [
        pair(lambda q=question: ask(few, q), lambda q=question: ask(many, q), turn=turn)  # type: ignore[misc]
        for turn in range(repeats)
        for question in questions
    ]
    return {
        **machine(),
        "notices": n,
        "chunks": many.catalogue.chunk_count(),
        "five_ms": milliseconds(small for small, _ in pairs),
        "many_ms": milliseconds(large for _, large in pairs),
        "warm_against_embedding": against_embedding(folder / "seeds"),
        "time_ratio": held(spread(large / small for small, large in pairs), at_most=5),
    }


def against_embedding(folder: Path, *, questions: int = 40) -> dict[str, Any]:
    """A warm answer over the five notices against embedding its question, real engine, one right after the other."""
    settings = load_settings(data=folder, embedding="bundled")
    store = open_store(settings, create=True)
    with store.writing("bench") as hand:
        for path in sorted((ROOT.parent / "seeds").glob("*.txt")):
            put_notice(hand, Incoming(path.name, path.read_bytes()), settings)
        hand.embed_pending()
    embedder = store.embedder
    assert embedder is not None, "the bundled engine"
    gold = read_questions([ROOT / "gold" / "questions" / "seeds.jsonl"])
    asked = [q.question for q in gold if q.kind in ("fact", "paraphrase")][: 2 * questions]
    for question in asked:
        ask(store, question)
    pairs = [
        pair(lambda q=q: embedder.embed_query(q), lambda q=q: ask(store, q), turn=turn)  # type: ignore[misc]
        for turn, q in enumerate(asked)
    ]
    return held(spread(ours / theirs for theirs, ours in pairs), at_most=3)


def filled(notices: Sequence[Generated], folder: Path) -> Store:
    """A store of these notices with random vectors."""
    settings = load_settings(data=folder, embedding="bundled")
    store = open_store(settings, create=True)
    store.__dict__["embedder"] = RandomVectors()
    with store.writing("bench") as hand:
        for notice in notices:
            put_notice(hand, Incoming(notice.name, notice.data), settings)
        hand.embed_pending()
    return store


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder:
        figures = measure(options.n, repeats=options.repeats, folder=Path(folder))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
