"""``python -m evals.gold.second [--cases]``: how far the second labelling agrees with the first, and where not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import Question, read_questions, split_of
from evals.gold.compile import EXTRACTION, load_labels, notice_text
from evals.metrics.agreement import cohen
from evals.metrics.answers import right
from evals.metrics.matching import match_texts
from evals.metrics.normalise import squeeze

HERE = Path(__file__).resolve().parent
QUESTIONS = HERE.parent / "questions"
SAME = 0.9
"""Similarity from which two problems are the same."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One comparison: what, on which case, whether it agrees, the two labels."""

    what: str
    case: str
    same: bool
    first: Any
    second: Any


def main(arguments: Sequence[str]) -> int:
    """Print shares and κ; with ``--cases`` every difference of the development half."""
    found = [*of_questions(), *of_items()]
    for what in dict.fromkeys(one.what for one in found):
        ones = [one for one in found if one.what == what]
        same = sum(one.same for one in ones)
        kappa = cohen([(str(one.first), str(one.second)) for one in ones]) if what in KAPPA else None
        print(
            f"{what}: {same}/{len(ones)} = {same / len(ones):.3f}" + (f", κ = {kappa:.3f}" if kappa is not None else "")
        )
    if "--cases" in arguments:
        for one in found:
            if not one.same and not is_held_out(one.case):
                print(f"  {one.what} {one.case}: first {one.first!r}, second {one.second!r}")
    return 0


KAPPA = ("expect and reason", "status")


def is_held_out(case: str) -> bool:
    """Whether a case's labels are kept from whoever tunes: even questions, ``held-`` notices."""
    if "#" in case:
        return case.startswith("held-")
    return split_of(case) == "held_out"


# -- questions ---------------------------------------------------------------------------------------------------------


def of_questions() -> Iterator[Agreed]:
    """Answered or refused and why; the short answer, by the suite's own rule; the proof; members of lists."""
    first = {q.qid: q for q in read_questions(sorted(QUESTIONS.glob("*.jsonl")))}
    for raw in lines(HERE / "questions.jsonl"):
        gold = first[raw["qid"]]
        yield Agreed(
            "expect and reason", gold.qid, (gold.expect, gold.reason) == (raw["expect"], raw["reason"]),
            gold.reason or gold.expect, raw["reason"] or raw["expect"],
        )  # fmt: skip
        if gold.expect == raw["expect"] == "answered":
            yield from _answers(gold, raw)


def _answers(gold: Question, raw: dict[str, Any]) -> Iterator[Agreed]:
    golds = [*gold.short_answers, *([f"{gold.value.number}{gold.value.unit}"] if gold.value else [])]
    if raw["short_answer"] and golds:
        yield Agreed("short answer", gold.qid, right(raw["short_answer"], golds), golds, raw["short_answer"])
    if raw["items"]:
        labels = {item.partition("#")[2] for item in gold.items}
        yield Agreed("members of lists", gold.qid, labels == set(raw["items"]), sorted(labels), raw["items"])
    if raw["proof"] and gold.proofs:
        quotes = [quote for proof in gold.proofs for quote in proof.any_of]
        yield Agreed("proof", gold.qid, any(_share(raw["proof"], quote) for quote in quotes), quotes, raw["proof"])


def _share(one: str, other: str) -> bool:
    """Whether one quotation holds the other, or both hold the same eight characters."""
    a, b = squeeze(one), squeeze(other)
    return a in b or b in a or any(a[at : at + 8] in b for at in range(max(0, len(a) - 7)))


# -- items -------------------------------------------------------------------------------------------------------------


def of_items() -> Iterator[Agreed]:
    """Which problems there are, and the status of those that both have."""
    records = list(lines(HERE / "items.jsonl"))
    for notice in dict.fromkeys(record["notice"] for record in records):
        labels = load_labels(EXTRACTION / f"{notice}.yaml")
        text = notice_text(labels)
        gold = [(_problem(item["problem"], text), item["status"]["value"], item["label"]) for item in labels["items"]]
        mine = [record for record in records if record["notice"] == notice]
        pairs = [p for p in match_texts([m["problem"] for m in mine], [g[0] for g in gold]) if p.similarity >= SAME]
        matched = {pair.gold: mine[pair.got] for pair in pairs}
        for index, (problem, status, label) in enumerate(gold):
            case = f"{notice}#{label}"
            yield Agreed("items", case, index in matched, problem, matched.get(index, {}).get("problem"))
            if index in matched:
                yield Agreed("status", case, matched[index]["status"] == status, status, matched[index]["status"])
        taken = {pair.got for pair in pairs}
        for index, record in enumerate(mine):
            if index not in taken:
                yield Agreed("items", f"{notice}#{record['label']}", False, None, record["problem"])


def _problem(raw: Any, text: str) -> str:
    """The problem as printed, from a whole string or from its first and last characters."""
    if isinstance(raw, str):
        return raw
    if "text" in raw:
        return str(raw["text"])
    start = text.index(raw["from"])
    return text[start : text.index(raw["to"], start) + len(raw["to"])]


def lines(path: Path) -> Iterable[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
