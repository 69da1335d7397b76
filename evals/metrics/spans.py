"""Spans: half-open code-point offsets into the stored text.

Validity asks nothing of gold: ``text[start:end] == quote``. Groundedness says how a quote can be found: exact,
normalised, fuzzy, none, kept apart; a quote counts as found only exactly or after normalisation (fuzzy matching with
a fixed edit budget "finds" 完成整改 in 今日天气). Against gold: SemEval-2013 task 9's strict, exact and partial, and
character IoU, spans paired by position under optimal matching.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from rapidfuzz import fuzz

from bot.records import Span
from evals.metrics.matching import assign
from evals.metrics.normalise import plain, squeeze
from evals.metrics.score import Prf, Ratio

Found = Literal["exact", "normalised", "fuzzy", "none"]
SHORT = 12
"""A quote of fewer normalised characters is never looked for with tolerance."""
FUZZY = 95.0


def grounded_values(data: Any, where: str = "") -> Iterator[tuple[str, str, Span]]:
    """Every ``{"text", "span"}`` in plain data, with the path to it."""
    if isinstance(data, dict):
        if isinstance(data.get("text"), str) and "span" in data:
            yield where, data["text"], (data["span"][0], data["span"][1])
        for key, value in data.items():
            yield from grounded_values(value, f"{where}.{key}" if where else key)
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from grounded_values(value, f"{where}[{index}]")


def valid(text: str, quote: str, span: Span) -> bool:
    """Whether the span lies in the text and prints the quote, which is not empty."""
    start, end = span
    return 0 <= start < end <= len(text) and text[start:end] == quote


def validity(text: str, values: Sequence[tuple[str, str, Span]]) -> Ratio:
    """Valid spans over all."""
    return Ratio(sum(valid(text, quote, span) for _, quote, span in values), len(values))


def find_quote(quote: str, text: str) -> Found:
    """How a quote without offsets stands in a text. A short one needs an exact or normalised hit."""
    if not quote.strip():
        return "none"
    if quote in text:
        return "exact"
    squeezed, stored = squeeze(quote), squeeze(text)
    if squeezed in stored:
        return "normalised"
    if len(squeezed) >= SHORT and fuzz.partial_ratio(plain(quote), plain(text)) >= FUZZY:
        return "fuzzy"
    return "none"


def groundedness(quotes: Sequence[str], text: str) -> dict[str, Ratio]:
    """Quotes found over all, and the share of each way of (not) finding."""
    ways = [find_quote(quote, text) for quote in quotes]
    names: tuple[Found, ...] = ("exact", "normalised", "fuzzy", "none")
    shares = {f"quotes_{name}": Ratio(ways.count(name), len(ways)) for name in names}
    return {"groundedness": shares["quotes_exact"] + Ratio(shares["quotes_normalised"].num, 0), **shares}


def iou(a: Span, b: Span) -> float:
    """Characters in both over characters in either; 0 for two empty spans."""
    both = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    either = (a[1] - a[0]) + (b[1] - b[0]) - both
    return both / either if either > 0 else 0.0


def match_spans(got: Sequence[Span], gold: Sequence[Span]) -> list[tuple[int, int, float]]:
    """Pairs (got, gold, IoU) with the greatest total IoU; spans without a common character are no pair."""
    weights = np.array([[iou(a, b) for b in gold] for a in got], dtype=np.float64).reshape(len(got), len(gold))
    return [(pair.got, pair.gold, pair.similarity) for pair in assign(weights)]


def span_prfs(got: Sequence[tuple[str, Span]], gold: Sequence[tuple[str, Span]]) -> dict[str, Prf]:
    """SemEval-2013 task 9.1 over (type, span) pairs: *strict* boundary and type, *exact* boundary, *partial* ½ for
    overlap.

    ``iou``: the soft figure with the IoU of each pair as its weight.
    """
    pairs = match_spans([span for _, span in got], [span for _, span in gold])
    boundary = [(got[i], gold[j]) for i, j, _ in pairs if got[i][1] == gold[j][1]]
    sizes = len(got), len(gold)
    return {
        "strict": Prf(sum(a[0] == b[0] for a, b in boundary), *sizes),
        "exact": Prf(len(boundary), *sizes),
        "partial": Prf(len(boundary) + 0.5 * (len(pairs) - len(boundary)), *sizes),
        "iou": Prf(sum(weight for *_, weight in pairs), *sizes),
    }
