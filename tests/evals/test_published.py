"""Published scorers written down as published, and ours beside them on ASCII examples, where both must agree."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from evals.log import CaseResult
from evals.metrics.answers import exact_match, f1_chars
from evals.metrics.citations import citation_ratios, statements
from evals.metrics.critical import differ
from evals.metrics.score import Ratio
from evals.paired import differences

# -- SQuAD 2.0: evaluate-v2.0.py ---------------------------------------------------------------------------------------


def squad_tokens(text: str) -> list[str]:
    """``normalize_answer`` and ``get_tokens``."""
    text = "".join(char for char in text.lower() if char not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def squad_f1(gold: str, got: str) -> float:
    """``compute_f1``: both empty agree, one empty is 0."""
    one, two = squad_tokens(gold), squad_tokens(got)
    common = sum((Counter(one) & Counter(two)).values())
    if not one or not two:
        return float(one == two)
    if common == 0:
        return 0.0
    precision, recall = common / len(two), common / len(one)
    return 2 * precision * recall / (precision + recall)


WORDS = ["", "25 km", "25 km of pipe", "pipe of 25 km", "30 km", "sewage works", "Sewage works, 2021"]


@pytest.mark.parametrize(("got", "gold"), list(product(WORDS, WORDS)))
def test_squad2_on_ascii(got: str, gold: str) -> None:
    """Token F1 and exact match agree on every pair, the empty answer of NoAns included."""
    assert f1_chars(got, gold) == pytest.approx(squad_f1(gold, got))
    assert exact_match(got, [gold]) == (squad_tokens(got) == squad_tokens(gold))


def test_what_squad2_cannot_see_in_chinese() -> None:
    """Without spaces an answer is one token: 25公里 against 共25公里 is 0; and 12.5% is the same as 125."""
    assert (squad_f1("25公里", "共25公里"), f1_chars("共25公里", "25公里") > 0.7) == (0.0, True)
    assert (squad_f1("12.5%", "125"), differ("125", "12.5%")) == (1.0, True)


# -- ALCE: eval.py, compute_autoais, with a test of entailment that both can do ----------------------------------------


def entails(passages: Sequence[str], claim: str) -> bool:
    """Every figure of the claim stands in the passages."""
    return set(re.findall(r"\d+", claim)) <= set(re.findall(r"\d+", " ".join(passages)))


def alce(claims: Sequence[tuple[str, Sequence[int]]], docs: dict[int, str]) -> tuple[float, float]:
    """Citation recall and precision as ``compute_autoais`` counts them, for one answer."""
    recall = precise = cited = 0
    for claim, refs in claims:
        cited += len(refs)
        if not refs or any(ref not in docs for ref in refs):
            continue
        joint = entails([docs[ref] for ref in refs], claim)
        recall += joint
        if joint and len(refs) > 1:
            for ref in refs:
                others = [docs[other] for other in refs if other != ref]
                precise += not (not entails([docs[ref]], claim) and entails(others, claim))
        else:
            precise += joint
    return recall / len(claims), precise / cited if cited else 0.0


DOCS = {1: "built 25 km in 2021", 2: "plan: 30 km", 3: "no figures at all"}
CITED = [(), (1,), (2,), (3,), (1, 2), (1, 3), (2, 3), (1, 2, 3)]


@pytest.mark.parametrize(("first", "second"), list(product(CITED, CITED)))
def test_alce_on_ascii(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    """Recall and precision agree for all citations of two sentences, one of which needs two passages."""
    claims = [("works built 25 km", first), ("works have 25 km of 30 km", second)]
    answer = "".join(f"{claim}。{''.join(f'[{n}]' for n in refs)}" for claim, refs in claims)
    assert [part.cited for part in statements(answer)] == [first, second]
    got = citation_ratios(answer, DOCS)
    recall, precision = alce(claims, DOCS)
    assert got["citation_recall"].value == pytest.approx(recall)
    assert (got["citation_precision"].value or 0.0) == pytest.approx(precision)


# -- sacrebleu: significance.py, _paired_ar_test and _paired_bs_test ---------------------------------------------------


def sacrebleu_ar(one: np.ndarray, two: np.ndarray, trials: int = 10_000) -> float:
    """Approximate randomisation over per-sentence statistics (here a mean)."""
    rng = np.random.default_rng(12345)
    real = abs(one.mean() - two.mean())
    swap = rng.integers(2, size=(trials, len(one))).astype(bool)
    shuffled = np.where(swap, two, one).mean(axis=1), np.where(swap, one, two).mean(axis=1)
    beyond = int((np.abs(shuffled[0] - shuffled[1]) > real).sum())
    return (beyond + 1) / (trials + 1)


def sacrebleu_ci(values: np.ndarray, trials: int = 10_000) -> tuple[float, float]:
    """The bootstrap's 95 % interval of a difference."""
    rng = np.random.default_rng(54321)
    means = values[rng.integers(len(values), size=(trials, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def test_sacrebleus_significance_on_the_same_data() -> None:
    """p within the noise of 10,000 swaps, the interval within that of 10,000 resamples."""
    rng = np.random.default_rng(3)
    one, shift = rng.random(60), rng.normal(0.03, 0.12, 60)

    def run(values: np.ndarray) -> list[CaseResult]:
        return [CaseResult(f"q{n}", ("development",), f"q{n}", "", {"m": Ratio(v, 1)}) for n, v in enumerate(values)]

    (found,) = differences(run(one), run(one + shift))
    assert found.p == pytest.approx(sacrebleu_ar(one, one + shift), abs=0.02)
    low, high = sacrebleu_ci(shift)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.004), pytest.approx(high, abs=0.004))
