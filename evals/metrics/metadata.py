"""Mean accuracy over the eight metadata fields of a notice; null is a value like any other.

Texts count from similarity 0.85 on (a title may be printed over lines, with or without its 关于); dates must be equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.records import Date, Grounded, Notice
from evals.metrics.matching import match_texts, similarity
from evals.metrics.score import Ratio, Score

TEXTS = ("title", "inspected", "inspector")
DATES = ("inspection_start", "inspection_end", "feedback_date", "signed_date")
SAME_TEXT = 0.85


def metadata_scores(got: Notice, gold: Notice) -> list[Score]:
    """One score per field: title, issuer, inspected, inspector, and the four dates."""
    texts = [_text_score(name, getattr(got, name), getattr(gold, name)) for name in TEXTS]
    dates = [_date_score(name, getattr(got, name), getattr(gold, name)) for name in DATES]
    return [*texts, _issuer_score(got.issuer, gold.issuer), *dates]


def metadata_ratios(scores: Sequence[Score]) -> dict[str, Ratio]:
    """``metadata``: the mean over all fields; ``metadata.<field>``: each field alone."""
    parts = {score.metric: Ratio(score.value or 0.0, 1) for score in scores}
    return {"metadata": Ratio(sum(r.num for r in parts.values()), len(parts)), **parts}


def _text_score(name: str, got: Grounded | None, gold: Grounded | None) -> Score:
    if got is None or gold is None:
        return _score(name, got is gold, got and got.text, gold and gold.text, "一方为空")
    s = similarity(got.text, gold.text)
    return _score(name, s >= SAME_TEXT, got.text, gold.text, f"相似度 {s:.2f}")


def _issuer_score(got: Sequence[Grounded], gold: Sequence[Grounded]) -> Score:
    mine, theirs = [g.text for g in got], [g.text for g in gold]
    pairs = [pair for pair in match_texts(mine, theirs) if pair.similarity >= SAME_TEXT]
    right = len(pairs) == len(mine) == len(theirs)
    return _score("issuer", right, mine, theirs, f"{len(pairs)} 个对上")


def _date_score(name: str, got: Date | None, gold: Date | None) -> Score:
    mine, theirs = got.iso if got else None, gold.iso if gold else None
    return _score(name, mine == theirs, mine, theirs, "日期须完全一致")


def _score(name: str, right: bool, got: object, gold: object, why: str) -> Score:
    return Score(f"metadata.{name}", name, float(right), got, gold, "一致" if right else why)
