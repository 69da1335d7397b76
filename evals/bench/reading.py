"""How often the right words are read out of the sentences found: `python -m evals.bench.reading [--fit]`.

A softmax over every span of the sentences that are read; right is what the gated metric calls right. The questions are
those of the development gold that ask for words (what, who, where, how things stand) and ``reading.jsonl``: questions
over the same notices, written with their answers before the reader saw them, used for nothing else. Cross-validated
over notices, so that no notice is read with weights that have seen it.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

import bot.data
import evals
from bot.qa.answer import ranked
from bot.qa.question import understand
from bot.qa.reader import all_readings, near_best, weights
from bot.qa.terms import question_terms
from bot.settings import Settings, load_settings
from evals.cases import read_questions, split_of
from evals.hashes import notice_files
from evals.metrics.answers import right
from evals.stores import gold_store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vectorstore.store import Store

KINDS = ("fact", "paraphrase")
WANTS = ("text", "organization", "place", "person", "status")
PENALTY = 0.15
"""Strength of the pull towards zero; twice as strong for features of one kind of question alone."""
_FOLDS = 8
_LEAST = 0.05
"""Smaller weights are left out of the file."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of words with its acceptable answers."""

    text: str
    notice: str
    golds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One question with the features of every span, and which of the spans are right."""

    notice: str
    features: tuple[dict[str, float], ...]
    right: NDArray[np.bool_]


def questions() -> Iterator[Question]:
    """The development questions that ask for words."""
    folder = Path(evals.__file__).parent
    for gold in read_questions(sorted((folder / "gold" / "questions").glob("*.jsonl"))):
        if gold.kind in KINDS and gold.expect == "answered" and split_of(gold.qid) != "held_out":
            yield Question(gold.question, gold.notices[0], tuple(gold.short_answers))
    for line in (folder / "bench" / "reading.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Question(row["question"], row["notices"][0], tuple(row["short_answers"]))


def samples(settings: Settings) -> Iterator[Sample]:
    """The questions with the spans of the sentences that the program reads for them."""
    store = gold_store(settings, notice_files(), lambda _: None)
    for question in questions():
        sample = _sample(store, question)
        if sample:
            yield sample
    store.close()


def _sample(store: Store, question: Question) -> Sample | None:
    plan = understand(question.text)
    found = ranked(store, question.text)[:8]
    if plan.yes_no or plan.want not in WANTS or not found:
        return None
    if plan.want in ("organization", "place"):
        found = [proof for proof in found if proof.best] or found
    spans = all_readings(near_best(found, plan), plan, question_terms(store.catalogue, plan, ()))
    hits = [right(proof.sentence.text[r.start : r.end], question.golds) for proof, r in spans]
    return Sample(question.notice, tuple(dict(r.features) for _, r in spans), np.array(hits, dtype=bool))


def _matrix(sample: Sample, names: Sequence[str]) -> NDArray[np.float64]:
    at = {name: n for n, name in enumerate(names)}
    found = np.zeros((len(sample.features), len(names)))
    for row, features in enumerate(sample.features):
        for name, value in features.items():
            if name in at:
                found[row, at[name]] = value
    return found


def fitted(data: Sequence[Sample], names: Sequence[str]) -> dict[str, float]:
    """The weights that make right spans likeliest."""
    rows = [(_matrix(sample, names), sample.right) for sample in data if sample.right.any()]
    pull = np.array([PENALTY if ":" in name else PENALTY / 2 for name in names])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(w)
        for features, hits in rows:
            scores = features @ w
            odds = np.exp(scores - scores.max())
            share = odds / odds.sum()
            hit = float(share[hits].sum())
            total -= float(np.log(hit + 1e-12))
            slope -= features.T @ (np.where(hits, share / max(hit, 1e-12), 0.0) - share)
        number = len(rows)
        return total / number + float((pull * w * w).sum()) / 2 / number, (slope + pull * w) / number

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {name: round(float(w), 2) for name, w in zip(names, found, strict=True) if abs(w) >= _LEAST}


def first_right(data: Sequence[Sample], used: dict[str, float]) -> list[bool]:
    """Of each question whether the best span is right."""
    names = sorted(used)
    w = np.array([used[name] for name in names])
    return [bool(s.right[int(np.argmax(_matrix(s, names) @ w))]) for s in data if s.features]


def cross_validated(data: Sequence[Sample], names: Sequence[str]) -> list[bool]:
    """The same with weights fitted on other notices."""
    found: list[bool] = []
    for fold in range(_FOLDS):
        inside = [sample for sample in data if zlib.crc32(sample.notice.encode()) % _FOLDS == fold]
        outside = [sample for sample in data if zlib.crc32(sample.notice.encode()) % _FOLDS != fold]
        found += first_right(inside, fitted(outside, names)) if inside else []
    return found


def main() -> None:
    """Print how often the words read are right; with ``--fit`` write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    fit = parser.parse_args().fit
    data = list(samples(load_settings()))
    names = sorted({name for sample in data for features in sample.features for name in features})
    for title, hits in (
        ("weights in use", first_right(data, dict(weights()))),
        ("fitted, cross-validated over notices", cross_validated(data, names)),
        ("a right span is among them", [bool(sample.right.any()) for sample in data]),
    ):
        sys.stdout.write(f"{title}: {float(np.mean(hits)):.3f}  n={len(hits)}\n")
    if fit:
        path = Path(str(bot.data.__file__)).parent / "reading.json"
        path.write_text(json.dumps(fitted(data, names), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
