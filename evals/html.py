"""The report as one HTML file: everything inside, nothing loaded from anywhere. Made from the log, so it can be made
again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.records import STATUS_LABELS
from evals.compare import Comparison, passes, worst
from evals.figures import figures, in_split
from evals.log import CaseResult, Run, SuiteRun
from evals.metrics.score import Score
from evals.metrics.status import confusion
from evals.names import KINDS, LABELS, LOWER_IS_BETTER, as_good, in_order, label
from evals.outcome import missed, splits_of
from evals.suite import Suite
from evals.table import SPLIT_LABELS, VERDICTS, WITHHELD, note_of, spending, target_note, verdict_label

TEMPLATES = Path(__file__).resolve().parent / "templates"
AROUND = 40
"""Characters shown before and after a highlighted span."""
TREND = 20
"""Runs that a trend goes back."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A suite on its way into the report. ``base``: the run it was compared with, if any."""

    suite: Suite
    run: SuiteRun
    comparison: Comparison | None
    history: Sequence[Mapping[str, Any]]
    base: SuiteRun | None = None


def report(run: Run, parts: Sequence[Reported], result: Mapping[str, Any], *, reveal: bool = False) -> str:
    """The HTML. ``result``: what ``outcome`` gives; held-out details stay out unless ``reveal``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    verdicts = {part.suite.suite: _verdict(part, result) for part in parts}
    return environment.get_template("report.html").render(
        run=run, suites=[_suite(part, verdicts[part.suite.suite], reveal) for part in parts], withheld=WITHHELD
    )


def _verdict(part: Reported, result: Mapping[str, Any]) -> str:
    found = worst([p["verdict"] for p in result["suites"] if p["suite"] == part.suite.suite])
    return verdict_label(found, compared=part.comparison is not None, below=bool(missed(part.suite, part.run)))


def _suite(part: Reported, verdict: str, reveal: bool) -> dict[str, Any]:
    splits = splits_of(part.run.cases)
    before = {case.id: case for case in part.base.cases} if part.base else {}
    return {
        "name": part.suite.suite,
        "title": part.suite.title or part.suite.suite,
        "verdict": verdict,
        "system": part.run.system,
        "seconds": part.run.seconds,
        "unit": part.suite.unit,
        "spent": spending(part.run.cases),
        "below": target_note(below) if (below := missed(part.suite, part.run)) else "",
        "errors": [case for case in part.run.cases if case.error is not None],
        "splits": [(name, SPLIT_LABELS.get(name, name), len(in_split(part.run.cases, name))) for name in splits],
        "rows": _rows(part, splits),
        "comparison": _comparison(part.comparison),
        "confusion": _confusion(part.run.cases),
        "statuses": list(STATUS_LABELS.values()),
        "trends": _trends(part),
        "cases": [_case(part, case, before.get(case.id), reveal) for case in part.run.cases],
    }


# -- figures -----------------------------------------------------------------------------------------------------------


def _rows(part: Reported, splits: Sequence[str]) -> list[dict[str, Any]]:
    by_split = {split: figures(in_split(part.run.cases, split)) for split in splits}
    names = {name: None for found in by_split.values() for name in found if name in LABELS}
    return [
        {
            "label": label(name),
            "gated": name in part.suite.gate,
            "down": name in LOWER_IS_BETTER,
            "cells": [_cell(part.suite, name, split, by_split[split]) for split in splits],
        }
        for name in in_order(list(names))
    ]


def _cell(suite: Suite, name: str, split: str, found: Mapping[str, Any]) -> dict[str, Any]:
    figure, floor = found.get(name), suite.floors.get(split, {}).get(name)
    if figure is None or figure.value is None:
        return {"value": None, "low": None, "high": None, "floor": floor, "ok": floor is None}
    ok = floor is None or as_good(name, figure.value, floor)
    return {"value": figure.value, "low": figure.low, "high": figure.high, "floor": floor, "ok": ok}


def _comparison(found: Comparison | None) -> dict[str, Any] | None:
    if found is None:
        return None
    rows = [
        {"label": label(j.metric), "judged": j, "verdict": VERDICTS[j.verdict]}
        for j in sorted(found.metrics, key=lambda j: not j.gated)
        if j.gated or j.metric in LABELS
    ]
    return {"verdict": VERDICTS[found.verdict], "note": note_of(found), "rows": rows}


def _confusion(cases: Sequence[CaseResult]) -> list[tuple[str, list[int]]]:
    counts = confusion([pair for case in cases for pair in case.pairs])
    if not counts:
        return []
    return [(name, [counts.get(gold, {}).get(got, 0) for got in STATUS_LABELS]) for gold, name in STATUS_LABELS.items()]


def _trends(part: Reported) -> list[dict[str, Any]]:
    """For each gated metric its values over the last runs on the same gold and scorer, as points of a 240 × 40
    drawing."""
    hashes = part.run.hashes
    same = [
        line
        for line in part.history
        if line["suite"] == part.suite.suite and (line["gold"], line["scorer"]) == (hashes.gold, hashes.scorer)
    ]
    whole = [line for line in same if line["n"] == len(part.run.cases)][-TREND:]
    found = []
    for name in part.suite.gate:
        values = [line["metrics"][name] for line in whole if line["metrics"].get(name) is not None]
        if len(values) >= 2:
            found.append({"label": label(name), "points": _points(values), "first": values[0], "last": values[-1]})
    return found


def _points(values: Sequence[float]) -> str:
    step = 232 / (len(values) - 1)
    return " ".join(f"{4 + i * step:.1f},{36 - 32 * min(max(v, 0.0), 1.0):.1f}" for i, v in enumerate(values))


# -- cases -------------------------------------------------------------------------------------------------------------


def _case(part: Reported, case: CaseResult, before: CaseResult | None, reveal: bool) -> dict[str, Any]:
    passed = passes(part.suite, case)
    flip = _flip(part.comparison, case.id)
    hidden = "held_out" in case.splits and not reveal
    state = "error" if case.error is not None else {True: "pass", False: "fail", None: "unscored"}[passed]
    return {
        "id": case.id,
        "splits": case.splits,
        "state": state,
        "flip": flip,
        "before": _before(before) if before and flip and not hidden else None,
        "error": case.error,
        "hidden": hidden,
        "spent": spending([case]),
        "kind": KINDS.get(case.detail.get("kind", ""), ""),
        "question": "" if hidden else _question(case),
        "answer": None if hidden else case.detail.get("answer"),
        "scores": [] if hidden else [_score(case, score) for score in case.scores],
    }


def _flip(comparison: Comparison | None, name: str) -> str:
    if comparison is None:
        return ""
    return "fixed" if name in comparison.fixed else ("broken" if name in comparison.broken else "")


def _before(case: CaseResult) -> dict[str, Any]:
    """What the baseline's run had for a case that changed sides; a blessed baseline keeps no texts."""
    return {"answer": case.detail.get("answer"), "scores": [_score(case, score) for score in case.scores]}


def _question(case: CaseResult) -> str:
    answer = case.detail.get("answer")
    return str(case.detail.get("question") or (answer["question"] if answer else ""))


def _score(case: CaseResult, score: Score) -> dict[str, Any]:
    return {"score": score, "label": label(score.metric), "context": _context(case.detail.get("text", ""), score.span)}


def _context(text: str, span: tuple[int, int] | None) -> tuple[str, str, str] | None:
    """What stands before, in and after a span of the notice's text; None where there is nothing to show."""
    if not text or span is None or not 0 <= span[0] < span[1] <= len(text):
        return None
    start, end = span
    inside = text[start:end]
    if len(inside) > 400:
        inside = f"{inside[:200]} …… {inside[-200:]}"
    return text[max(0, start - AROUND) : start], inside, text[end : end + AROUND]
