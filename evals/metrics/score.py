"""What every metric yields: a score that can be read, and the pair of sums it adds to a run.

Every figure of a run is one sum over another (2·TP over m+n for an F1, hits over cases for an accuracy), so a run is
the cases' sums added up, and a resample is the same sums added up again: the sufficient statistics of sacrebleu's
``significance.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ratio:
    """``num`` over ``den``, to be added over cases before it is divided. ``den`` 0: nothing was there to score."""

    num: float
    den: float

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.num + other.num, self.den + other.den)

    @property
    def value(self) -> float | None:
        """The figure, or None: *unscored*, which is shown as such and never counted as 0 or 1."""
        return self.num / self.den if self.den else None


@dataclass(frozen=True, slots=True)
class Score:
    """One judgement. ``value``: 0-1, None = unscored; ``where``: what was judged; ``why``: the reason in words.

    ``got`` and ``expected`` are JSON values. ``span``: offsets into the notice's text where the judged value stands.
    """

    metric: str
    where: str
    value: float | None
    got: Any
    expected: Any
    why: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Prf:
    """Counts of a set comparison. ``tp``: pairs counted (or Σs, when soft); ``predicted``: m; ``gold``: n.

    Precision is tp/m and recall tp/n, never tp/(tp+fn): a pair below the threshold is a recall failure too.
    """

    tp: float
    predicted: int
    gold: int

    def __add__(self, other: Prf) -> Prf:
        return Prf(self.tp + other.tp, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """tp/m; 1 where both sets are empty, 0 where one is."""
        return self._share(self.predicted)

    @property
    def recall(self) -> float:
        """tp/n; 1 where both sets are empty, 0 where one is."""
        return self._share(self.gold)

    @property
    def f1(self) -> float:
        """2·tp/(m+n); 1 where both sets are empty, 0 where one is."""
        total = self.predicted + self.gold
        return 2 * self.tp / total if total else 1.0

    def _share(self, size: int) -> float:
        if self.predicted == self.gold == 0:
            return 1.0
        return self.tp / size if size else 0.0

    def ratios(self, name: str) -> dict[str, Ratio]:
        """The three figures as sums: ``name_f1``, ``name_precision``, ``name_recall``."""
        return {
            f"{name}_f1": Ratio(2 * self.tp, self.predicted + self.gold),
            f"{name}_precision": Ratio(self.tp, self.predicted),
            f"{name}_recall": Ratio(self.tp, self.gold),
        }


def total(parts: Iterable[Prf]) -> Prf:
    """The counts of several comparisons added up (micro average)."""
    return sum(parts, Prf(0, 0, 0))


def add_ratios(parts: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Sums by metric name over cases; a metric that a case does not have adds nothing."""
    sums: dict[str, Ratio] = {}
    for part in parts:
        for name, ratio in part.items():
            sums[name] = sums[name] + ratio if name in sums else ratio
    return sums
