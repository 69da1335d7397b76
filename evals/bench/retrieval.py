"""Retrieval against what one would build in an afternoon, in one run on the same questions.

``python -m evals.bench.retrieval [--notices seeds|all] [--split all|development|held_out] [--embedding SPEC] [--json]``

- ours: ``Store.search``, hybrid over chunks cut at measures and sentences;
- vanilla LangChain: ``RecursiveCharacterTextSplitter`` 500/50, the same embedder, dense by inner product;
- BM25 over jieba (``rank_bm25``) on the same 500/50 chunks;
- the two fused by reciprocal rank (k = 60, Cormack et al. 2009).

Differences are ours minus theirs, with a 95 % interval from the paired bootstrap over (notice, item) clusters.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.settings import load_settings
from evals.cases import Question, read_questions, split_of
from evals.figures import Figure, figures
from evals.hashes import notice_files
from evals.metrics.retrieval import ENOUGH, Passage
from evals.names import label
from evals.paired import Difference, differences, smallest_p
from evals.stores import gold_store
from evals.suite import load_suite
from evals.tasks.answer import question_case
from evals.tasks.retrieval import score

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder
    from vectorstore.store import Store

OURS = "整改通"
SHOWN = ("recall@1", "recall@3", "recall@5", "recall@500字", "recall@1500字", "recall@2500字", "mrr@10")
CHUNK, OVERLAP = 500, 50
RRF_K = 60

Ranker = Callable[[str], list[int]]
"""From a question to chunk numbers, best first."""


def main(arguments: Sequence[str]) -> int:
    """Run all systems and print the table (or one JSON document)."""
    options = _options(arguments)
    seeds = [path for path in notice_files() if path.parent.name == "seeds"]
    notices = seeds if options.notices == "seeds" else notice_files()
    store = gold_store(load_settings(embedding=options.embedding), notices, _say)
    questions = _questions({path.stem for path in notices}, options.split)
    runs = {
        name: [score(question_case(q), search(q.question)) for q in questions]
        for name, search in _systems(store).items()
    }
    store.close()
    found = {name: figures(cases) for name, cases in runs.items()}
    against = {name: differences(cases, runs[OURS]) for name, cases in runs.items() if name != OURS}
    if options.json:
        print(json.dumps(_data(len(questions), found, against), ensure_ascii=False, indent=2))
    else:
        _show(len(questions), found, against)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.bench.retrieval")
    parser.add_argument("--notices", choices=["seeds", "all"], default="seeds")
    parser.add_argument("--split", choices=["all", "development", "held_out"], default="all")
    parser.add_argument("--embedding", default="bundled")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _questions(notices: set[str], split: str) -> list[Question]:
    """The retrieval suite's questions about these notices alone."""
    suite = load_suite("retrieval")
    return [
        question
        for question in read_questions(suite.files())
        if question.kind in suite.kinds
        and question.proofs
        and set(question.notices) <= notices
        and split in ("all", split_of(question.qid))
    ]


# -- the systems -------------------------------------------------------------------------------------------------------


def _systems(store: Store) -> dict[str, Callable[[str], list[Passage]]]:
    texts = {notice_id: store.catalogue.text(notice_id) for notice_id in store.catalogue.notice_ids()}
    chunks = split(texts)
    embedder = store.embedder
    words = bm25(chunks)
    rankers: dict[str, Ranker] = {"BM25（jieba）": words}
    if embedder is not None:
        meaning = dense(chunks, embedder)
        rankers = {"LangChain 500/50 稠密": meaning, **rankers, "两者 RRF": lambda q: rrf([meaning(q), words(q)])}
    baselines = {name: _passages(chunks, ranker) for name, ranker in rankers.items()}
    return {OURS: lambda question: _ours(store, question), **baselines}


def _ours(store: Store, question: str) -> list[Passage]:
    candidates, _ = store.search(question, ENOUGH)
    return [Passage(c.passage.notice_id, c.passage.text) for c in candidates]


def _passages(chunks: Sequence[Passage], ranker: Ranker) -> Callable[[str], list[Passage]]:
    return lambda question: [chunks[number] for number in ranker(question)[:ENOUGH]]


def split(texts: Mapping[str, str]) -> list[Passage]:
    """Every text through LangChain's splitter with its usual settings."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    return [Passage(notice_id, part) for notice_id, text in texts.items() for part in splitter.split_text(text)]


def dense(chunks: Sequence[Passage], embedder: Embedder) -> Ranker:
    """Nearest vectors under the given embedder."""
    matrix = embedder.embed_passages([chunk.text for chunk in chunks])

    def rank(question: str) -> list[int]:
        return [int(i) for i in np.argsort(-(matrix @ embedder.embed_query(question)), kind="stable")]

    return rank


def bm25(chunks: Sequence[Passage]) -> Ranker:
    """Okapi BM25 over jieba's words, the library's defaults."""
    import jieba
    from rank_bm25 import BM25Okapi

    jieba.setLogLevel(logging.ERROR)
    index = BM25Okapi([jieba.lcut(chunk.text) for chunk in chunks])

    def rank(question: str) -> list[int]:
        return [int(i) for i in np.argsort(-index.get_scores(jieba.lcut(question)), kind="stable")]

    return rank


def rrf(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Reciprocal rank fusion: Σ 1/(k + rank)."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))


# -- the report --------------------------------------------------------------------------------------------------------


def _show(n: int, found: Mapping[str, Mapping[str, Figure]], against: Mapping[str, Sequence[Difference]]) -> None:
    print(f"{n} 个问题\n")
    print("| 系统 | " + " | ".join(label(name) for name in SHOWN) + " |")
    print("|---|" + "---|" * len(SHOWN))
    for system, values in found.items():
        print(f"| {system} | " + " | ".join(f"{values[name].value:.3f}" for name in SHOWN) + " |")
    for system, parts in against.items():
        by_name = {part.metric: part for part in parts}
        cells = [f"{d.difference:+.3f} [{d.low:+.3f}, {d.high:+.3f}]" for d in (by_name[name] for name in SHOWN)]
        print(f"| {OURS} − {system} | " + " | ".join(cells) + " |")
    clusters = next(iter(against.values()))[0].clusters
    print(f"\n95% 区间：按（通报，问题）配对重抽样，{clusters} 组，能达到的最小 p 为 {smallest_p(clusters):.4f}")


def _data(
    n: int, found: Mapping[str, Mapping[str, Figure]], against: Mapping[str, Sequence[Difference]]
) -> dict[str, Any]:
    values = {s: {name: {"value": f.value, "ci": [f.low, f.high]} for name, f in m.items()} for s, m in found.items()}
    pairs = {
        system: {d.metric: {"difference": d.difference, "ci": [d.low, d.high], "p": d.p} for d in parts}
        for system, parts in against.items()
    }
    return {"questions": n, "systems": values, f"{OURS} −": pairs}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
