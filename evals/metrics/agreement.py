"""Agreement of two annotators, or of a judge with people."""

from __future__ import annotations

from collections.abc import Sequence


def cohen(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's κ (1960) of two annotators over the same cases; 1 where both always say the same one thing."""
    n = len(pairs)
    labels = {label for pair in pairs for label in pair}
    observed = sum(a == b for a, b in pairs) / n
    expected = sum(
        (sum(a == label for a, _ in pairs) / n) * (sum(b == label for _, b in pairs) / n) for label in labels
    )
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)
