"""How well sentences are ranked as proofs, and the fitting of their weights: `python -m evals.bench.evidence [--fit]`.

A softmax over the candidate sentences of each development question, its proving sentences being right (a listwise
logistic model); cross-validated over notices, so that no notice is ranked with weights that have seen it.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

import bot.data
import evals
from bot.qa.answer import ranked
from bot.qa.evidence import Features, Proof, weights
from bot.settings import Settings, load_settings
from evals.cases import Question, read_questions, split_of
from evals.hashes import notice_files
from evals.metrics.evidence import places
from evals.stores import gold_store

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("fact", "paraphrase", "yes_no")
PENALTY = 0.15
"""Strength of the pull towards zero, per development set; chosen by cross-validation."""
PRIOR = Features(
    own=0.45, context=0.25, passage=0.3, found=0.25, finding=-0.05, finding_how=-0.1, why=0.15, standing=0.12,
    field=0.4, about=0.3, typed=0.25, near=0.35,
)  # fmt: skip
"""Chosen by hand before; the fitted weights are drawn half-way towards it."""
_FOLDS = 6
_ALIKE = 0.5
"""A sentence proves a quotation with which it shares so much of the shorter of the two."""
_NAMES = [field.name for field in fields(Features)]
_KEPT = ("about", "field")
"""Too rare in single questions to be fitted: they keep the weight that they have."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question: ``features`` (sentences, features), ``right``: which of the sentences prove its answer."""

    notice: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def samples(settings: Settings) -> Iterator[Sample]:
    """The development questions whose proof is among the candidates."""
    store = gold_store(settings, notice_files(), lambda _: None)
    texts = {notice_id: store.catalogue.text(notice_id) for notice_id in store.catalogue.notice_ids()}
    for question in read_questions(sorted((Path(evals.__file__).parent / "gold" / "questions").glob("*.jsonl"))):
        if question.kind not in KINDS or question.expect != "answered" or split_of(question.qid) == "held_out":
            continue
        found = ranked(store, question.question)
        right = np.array([_proves(proof, question, texts) for proof in found], dtype=bool)
        if right.any() and not right.all():
            yield Sample(question.notices[0], np.array([astuple(p.features) for p in found]), right)
    store.close()


def _proves(proof: Proof, question: Question, texts: dict[str, str]) -> bool:
    sentence = proof.sentence
    for gold in question.proofs:
        if gold.notice_id != proof.notice_id:
            continue
        for quote in gold.any_of:
            for start, end in places(quote, texts[gold.notice_id]):
                shared = min(end, sentence.end) - max(start, sentence.start)
                if shared >= _ALIKE * min(end - start, sentence.end - sentence.start):
                    return True
    return False


def fitted(data: Sequence[Sample]) -> NDArray[np.float64]:
    """The weights that make the proving sentences likeliest, the five shares adding up to 1, half-way to the prior."""
    kept = np.array([name in _KEPT for name in _NAMES])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(w)
        for sample in data:
            scores = sample.features @ w
            odds = np.exp(scores - scores.max())
            share = odds / odds.sum()
            hit = share[sample.right].sum()
            total -= float(np.log(hit + 1e-12))
            slope -= sample.features.T @ (np.where(sample.right, share / max(hit, 1e-12), 0.0) - share)
        slope[kept] = 0.0
        return total / len(data) + PENALTY / len(data) * float(w @ w) / 2, slope / len(data) + PENALTY / len(data) * w

    found = minimize(loss, np.zeros(len(_NAMES)), jac=True, method="L-BFGS-B").x
    scale = max(float(found[:5].sum()), 1e-9)
    return np.where(kept, astuple(weights()), (found / scale + np.array(astuple(PRIOR))) / 2)


def first_right(data: Sequence[Sample], w: NDArray[np.float64]) -> list[tuple[bool, bool]]:
    """Of each question whether its best sentence proves the answer, and whether one of its best three does."""
    order = [np.argsort(-(sample.features @ w), kind="stable") for sample in data]
    return [(bool(s.right[o[0]]), bool(s.right[o[:3]].any())) for s, o in zip(data, order, strict=True)]


def cross_validated(data: Sequence[Sample]) -> list[tuple[bool, bool]]:
    """The same with weights fitted on other notices."""
    found: list[tuple[bool, bool]] = []
    for fold in range(_FOLDS):
        inside = [sample for sample in data if zlib.crc32(sample.notice.encode()) % _FOLDS == fold]
        outside = [sample for sample in data if zlib.crc32(sample.notice.encode()) % _FOLDS != fold]
        found += first_right(inside, fitted(outside)) if inside else []
    return found


def main() -> None:
    """Print how often the first sentence, and one of three, is right; with ``--fit`` write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    data = list(samples(load_settings()))
    for name, pairs in (
        ("weights in use", first_right(data, np.array(astuple(weights())))),
        ("fitted, cross-validated over notices", cross_validated(data)),
    ):
        first, three = (float(np.mean([pair[n] for pair in pairs])) for n in (0, 1))
        sys.stdout.write(f"{name}: @1 {first:.3f}  @3 {three:.3f}  n={len(pairs)}\n")
    best = Features(*(round(float(w), 3) for w in fitted(data)))
    sys.stdout.write(json.dumps(asdict(best)) + "\n")
    if parser.parse_args().fit:
        path = Path(str(bot.data.__file__)).parent / "evidence.json"
        path.write_text(json.dumps(asdict(best), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
