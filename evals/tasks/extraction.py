"""Extraction: read each labelled notice as the product does and compare it with its labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.app import Incoming, read_notice
from bot.records import Extraction
from bot.schemas import from_data
from bot.settings import Settings
from evals.gold.compile import GoldFaults, compile_labels, load_labels
from evals.log import CaseResult
from evals.metrics.items import compare
from evals.metrics.oracles import oracle_ratios, oracle_scores
from evals.suite import Suite

ROOT = Path(__file__).resolve().parents[2]

Extractor = Callable[[Incoming], Extraction]


def run(
    suite: Suite, settings: Settings, wanted: Callable[[Sequence[str]], bool], say: Callable[[str], None]
) -> Iterator[CaseResult]:
    """One case per label file."""
    del say
    for path in suite.files():
        try:
            labels = load_labels(path)
        except GoldFaults as error:
            yield CaseResult(path.stem, ("development",), path.stem, error=f"标注有误：{error.faults[0]}")
            continue
        if wanted(splits_of(labels)):
            yield run_case(labels, lambda incoming: read_notice(incoming, settings))


def run_case(labels: dict[str, Any], extract: Extractor) -> CaseResult:
    """One labelled notice. Gold that does not fit the text and any crash of the extractor are the case's error."""
    name, splits, file = labels["notice"], splits_of(labels), ROOT / labels["file"]
    try:
        got = extract(Incoming(file.name, file.read_bytes()))
        gold = from_data(Extraction, compile_labels(labels, got.notice.text))
    except GoldFaults as error:
        return CaseResult(name, splits, name, error=f"标注与正文对不上：{error.faults[0]}")
    except Exception as error:  # a crash of what is under test is a result: this case's error
        return CaseResult(name, splits, name, error=f"{type(error).__name__}：{error}")
    return score_case(name, splits, got, gold)


def score_case(name: str, splits: tuple[str, ...], got: Extraction, gold: Extraction) -> CaseResult:
    """Figures and judgements of one notice."""
    result = compare(got, gold)
    return CaseResult(
        name,
        splits,
        cluster=name,
        ratios=result.ratios | oracle_ratios(got),
        scores=(*result.scores, *oracle_scores(got)),
        pairs=tuple(result.status_pairs),
        detail={"text": got.notice.text, "items": len(got.items), "gold_items": len(gold.items)},
    )


def splits_of(labels: dict[str, Any]) -> tuple[str, ...]:
    """The splits of a label file: held out, or development with the five notices apart as well."""
    if labels["held_out"]:
        return ("held_out",)
    return ("development",) if labels["notice"].startswith("dev-") else ("seeds", "development")
