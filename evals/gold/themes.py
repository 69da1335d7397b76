"""`python -m evals.gold.themes [--split NAME] [-v]`: how well items are put under their themes.

Figures per theme and macro F1 over the themes with at least eight gold items (``MIN_GOLD``), on gold items, so that
faults of the extraction do not count. Labels and guide: ``themes.yaml``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.app import Incoming, read_notice
from bot.fold import fold
from bot.records import Extraction, Item
from bot.schemas import from_data
from bot.settings import load_settings
from bot.themes import Classifier, builtin
from evals.gold.compile import EXTRACTION, ROOT, compile_labels, load_labels
from evals.metrics.score import Prf

LABELS = Path(__file__).with_name("themes.yaml")
MIN_GOLD = 8
"""Gold items that a theme must have for its F1 to count (issue 8)."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A gold item with its gold themes. ``split``: seeds, development or held_out."""

    notice_id: str
    split: str
    item: Item
    gold: frozenset[str]


def labelled(file: Path = LABELS) -> Iterator[Labelled]:
    """All labelled items. Raises ``ValueError`` where labels and items do not go together."""
    notices: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["notices"]
    for notice_id, themes in notices.items():
        labels = load_labels(EXTRACTION / f"{notice_id}.yaml")
        items = {fold(item.label): item for item in _gold_items(labels)}
        if set(items) != {fold(str(label)) for label in themes}:
            raise ValueError(f"{notice_id}: labelled {sorted(themes)}, items {sorted(items)}")
        for label, names in themes.items():
            yield Labelled(notice_id, _split(labels), items[fold(str(label))], frozenset(names))


def _gold_items(labels: dict[str, Any]) -> tuple[Item, ...]:
    file = ROOT / labels["file"]
    read = read_notice(Incoming(file.name, file.read_bytes()), load_settings())
    return from_data(Extraction, compile_labels(labels, read.notice.text)).items


def _split(labels: dict[str, Any]) -> str:
    return "held_out" if labels["held_out"] else "seeds" if labels["file"].startswith("seeds/") else "development"


def by_theme(cases: Sequence[Labelled], classifier: Classifier) -> dict[str, Prf]:
    """True positives, found and gold items of each theme that occurs."""
    pairs = [({hit.name for hit in classifier.themes(case.item)}, case.gold) for case in cases]
    return {
        name: Prf(
            sum(name in got and name in gold for got, gold in pairs),
            sum(name in got for got, _ in pairs),
            sum(name in gold for _, gold in pairs),
        )
        for name in classifier.names()
    }


def macro_f1(figures: dict[str, Prf], least: int = MIN_GOLD) -> float:
    """Mean F1 of the themes with at least so many gold items."""
    counted = [_f1(prf) for prf in figures.values() if prf.gold >= least]
    return sum(counted) / len(counted) if counted else 0.0


def _f1(prf: Prf) -> float:
    return 2 * prf.tp / (prf.predicted + prf.gold) if prf.predicted + prf.gold else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; ``-v``: also each item that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", action="append", choices=["seeds", "development", "held_out"])
    parser.add_argument("-v", action="store_true", dest="verbose")
    flags = parser.parse_args(arguments)
    classifier = builtin()
    cases = [case for case in labelled() if not flags.split or case.split in flags.split]
    figures = by_theme(cases, classifier)
    for name, prf in figures.items():
        print(f"{name}\tgold {prf.gold}\tfound {prf.predicted}\thit {prf.tp:.0f}\tF1 {_f1(prf):.3f}")
    counted = sum(prf.gold >= MIN_GOLD for prf in figures.values())
    print(f"{len(cases)} items, macro F1 over {counted} themes with >= {MIN_GOLD} gold items: {macro_f1(figures):.3f}")
    if flags.verbose:
        for case in cases:
            show(case, classifier)
    return 0


def show(case: Labelled, classifier: Classifier) -> None:
    """One item that is wrong, with the reasons for what was found."""
    hits = {hit.name: hit.reason for hit in classifier.themes(case.item)}
    if set(hits) != case.gold:
        extra = {name: reason for name, reason in hits.items() if name not in case.gold}
        print(f"{case.item.id} {case.item.problem.text}\n    missing {sorted(case.gold - set(hits))} extra {extra}")


if __name__ == "__main__":
    raise SystemExit(main())
