"""What each part of answering adds: ``python -m evals.bench.ablation [--split held_out]``.

One part is taken away at a time, the same questions are asked again without a model, and the difference is reported
with its paired bootstrap interval (clusters as in the suites). Nobody runs the product without these parts, so the
switches live here, each as a replacement of the one function that the part is. Prints one JSON document. Not for CI.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields
from typing import Any
from unittest.mock import patch

from bot.qa import words
from bot.qa.answer import ask
from bot.qa.evidence import Features
from bot.qa.route import routed
from bot.qa.scope import Scope
from bot.records import Answer
from bot.settings import load_settings
from evals.cases import Question, read_questions, split_of
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.score import Ratio
from evals.paired import Difference, differences
from evals.stores import gold_store
from evals.suite import ROOT
from evals.tasks.answer import answer_ratios, texts_of
from vectorstore.catalogue import Catalogue
from vectorstore.search import Candidate, search
from vectorstore.store import Store

METRICS = ("right", "contained", "evidence", "list_complete", "refused", "answered")


def _words_only(self: Store, _question: str, words: str, k: int, scope: Sequence[str] | None) -> list[Candidate]:
    return search(self.catalogue, None, None, words, k, scope=scope)


def _no_words(*_args: object, **_kwargs: object) -> list[tuple[int, float]]:
    return []


def _everywhere(_plan: object, cards: Sequence[Any], only: Sequence[str] = ()) -> Scope:
    return Scope(tuple(card.id for card in cards if not only or card.id in only), "", ())


def _never_ledger(*args: Any) -> tuple[str, str]:
    route, over = routed(*args)
    return (route, over) if over == "sentence" else ("lookup", "sentence")


@contextmanager
def _without_synonyms() -> Iterator[None]:
    words.synonyms.cache_clear()
    with patch("bot.qa.words._lines", lambda name: [] if name == "synonyms.txt" else LINES(name)):
        yield
    words.synonyms.cache_clear()


LINES = words._lines  # the switch wraps it
_PASSAGE_ALONE = Features(**{f.name: float(f.name == "passage") for f in fields(Features)})
PARTS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "lexical leg": lambda: patch.object(Catalogue, "lexical", _no_words),
    "dense leg": lambda: patch.object(Store, "_search_both", _words_only),
    "reranking features": lambda: patch("bot.qa.evidence.weights", lambda: _PASSAGE_ALONE),
    "scope filters": lambda: patch("bot.qa.answer.resolve", _everywhere),
    "answer-type check": lambda: patch("bot.qa.question.wanted", lambda _asked: ("text", None)),
    "synonyms": _without_synonyms,
    "ledger route": lambda: patch("bot.qa.question.routed", _never_ledger),
    "follow-up rewriting": nullcontext,
}


def run(store: Store, questions: Sequence[Question], part: str = "") -> list[CaseResult]:
    """Every question, one part taken away (none for "")."""
    texts = texts_of(store)
    alone = part == "follow-up rewriting"
    with PARTS[part]() if part else nullcontext():
        return [_case(q, ask(store, q.question, history=() if alone else q.history), texts) for q in questions]


def _case(question: Question, answer: Answer, texts: Any) -> CaseResult:
    ratios = {name: ratio for name, ratio in answer_ratios(question, answer, texts).items() if name in METRICS}
    refused = Ratio(answer.status == "refused", 1)
    ratios["refused" if question.expect == "refused" else "answered"] = (
        refused if question.expect == "refused" else Ratio(answer.status == "answered", 1)
    )
    return CaseResult(question.qid, (split_of(question.qid),), question.cluster, question.stratum, ratios=ratios)


def measure(split: str) -> dict[str, Any]:
    """The figures of the whole, and by part what is lost without it."""
    store = gold_store(load_settings(), notice_files(), lambda _text: None)
    files = sorted((ROOT / "gold" / "questions").glob("*.jsonl"))
    questions = [q for q in read_questions(files) if split_of(q.qid) == split]
    try:
        whole = run(store, questions)
        parts = {}
        for part in PARTS:
            print(part, file=sys.stderr, flush=True)
            found = differences(whole, run(store, questions, part))
            parts[part] = {d.metric: _rounded(d) for d in found}
        totals = {m: _total(whole, m) for m in METRICS}
    finally:
        store.close()
    return {"split": split, "questions": len(questions), "whole": totals, "without": parts}


def _rounded(found: Difference) -> list[float | None]:
    """The difference with the ends of its interval."""
    return [None if x is None else round(x, 3) for x in (found.difference, found.low, found.high)]


def _total(cases: Sequence[CaseResult], metric: str) -> list[float]:
    own = [case.ratios[metric] for case in cases if metric in case.ratios]
    return [sum(ratio.num for ratio in own), sum(ratio.den for ratio in own)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("development", "held_out"), default="held_out")
    print(json.dumps(measure(parser.parse_args(arguments).split), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
