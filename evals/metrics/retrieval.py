"""Retrieval by evidence: a hit holds the whole proving quotation.

recall@k, MRR@10, nDCG@10 (Järvelin & Kekäläinen 2002; each proof credited once, at its first passage), and recall
within the first 500 / 1,500 / 2,500 characters of the ranked passages, so that longer chunks win nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from evals.metrics.evidence import Proof
from evals.metrics.normalise import squeeze
from evals.metrics.score import Ratio

KS = (1, 3, 5, 10)
BUDGETS = (500, 1_500, 2_500)
DEPTH = 10
"""Passages that MRR and nDCG look at."""
ENOUGH = 12
"""Passages a system should return: 2,500 characters of short ones need more than ten."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved passage, text as printed."""

    notice_id: str
    text: str


def holds(passage: Passage, proof: Proof) -> bool:
    """Whether the whole of one of the proof's quotations lies in the passage."""
    if passage.notice_id != proof.notice_id:
        return False
    text = squeeze(passage.text)
    return any(squeeze(quote) in text for quote in proof.any_of)


def ranks(passages: Sequence[Passage], proofs: Sequence[Proof]) -> list[int | None]:
    """For each proof the rank, from 1, of the first passage that holds it."""
    return [next((n for n, p in enumerate(passages, 1) if holds(p, proof)), None) for proof in proofs]


def within(passages: Sequence[Passage], characters: int) -> list[Passage]:
    """The passages in order until so many characters are used up, the last one cut."""
    kept, left = [], characters
    for passage in passages:
        if left <= 0:
            break
        kept.append(Passage(passage.notice_id, passage.text[:left]))
        left -= len(passage.text)
    return kept


def retrieval_ratios(passages: Sequence[Passage], proofs: Sequence[Proof], notices: Sequence[str]) -> dict[str, Ratio]:
    """One question's figures; recall is the share of its proofs that are found. ``notices``: those that gold allows."""
    found = ranks(passages, proofs)
    at_k = {f"recall@{k}": _share([rank is not None and rank <= k for rank in found]) for k in KS}
    budgets = {f"recall@{n}字": _share([r is not None for r in ranks(within(passages, n), proofs)]) for n in BUDGETS}
    wrong = [passage.notice_id not in notices for passage in passages[:1]]
    return at_k | budgets | {"mrr@10": _mrr(found), "ndcg@10": _ndcg(found), "wrong_document@1": _share(wrong)}


def _share(hits: Sequence[bool]) -> Ratio:
    return Ratio(sum(hits) / len(hits), 1) if hits else Ratio(0, 0)


def _mrr(found: Sequence[int | None]) -> Ratio:
    first = min((rank for rank in found if rank is not None and rank <= DEPTH), default=0)
    return Ratio(1 / first if first else 0.0, bool(found))


def _ndcg(found: Sequence[int | None]) -> Ratio:
    gain = sum(1 / log2(rank + 1) for rank in found if rank is not None and rank <= DEPTH)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(len(found), DEPTH) + 1))
    return Ratio(min(gain / ideal, 1.0), 1) if ideal else Ratio(0, 0)
