"""Check the question gold: run as ``python -m evals.gold.questions_check``.

Proves that every line of ``questions/*.jsonl`` has the fixed format, that every
quotation stands verbatim in the text of its notice, that every item is labelled,
and that the two halves (odd = development, even = held out) are balanced per kind.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from evals.gold.compile import EXTRACTION, load_labels
from evals.gold.compile import notice_text as text_of

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "evals" / "gold" / "questions"
NOTICE_FOLDERS = (ROOT / "seeds", ROOT / "evals" / "gold" / "notices")

ANSWERED = ("fact", "paraphrase", "list", "count", "compare", "yes_no", "follow_up")
REFUSED = {"out_of_scope": "out_of_scope", "near_miss": "no_evidence", "false_premise": "false_premise"}
QUESTION_KEYS = frozenset(
    ("qid", "kind", "question", "history", "expect", "reason", "short_answers", "value", "notices", "items", "proofs")
)
SUMMARY_KEYS = frozenset({"qid", "question", "notices", "items"})
_YES_NO = re.compile(r"是否|吗|是不是|有没有")


@cache
def notice_text(notice_id: str) -> str | None:
    """The text that labels and answers quote, or None where there is no such notice."""
    for folder in NOTICE_FOLDERS:
        for path in sorted(folder.glob(f"{notice_id}.*")):
            return text_of({"file": path.relative_to(ROOT).as_posix()})
    return None


@cache
def _labelled(notice_id: str) -> frozenset[str]:
    path = EXTRACTION / f"{notice_id}.yaml"
    labels = load_labels(path) if path.is_file() else {"items": []}
    return frozenset(item["label"] for item in labels["items"])


def _problems_of_items(record: dict[str, Any]) -> list[str]:
    found = []
    items = record["items"]
    if len(set(items)) != len(items):
        found.append("an item stands twice")
    for item in items:
        notice, _, label = item.partition("#")
        if notice not in record["notices"] or not label:
            found.append(f"item {item} is outside its notices")
        elif label not in _labelled(notice):
            found.append(f"item {item} is not labelled")
    found += [f"unknown notice {n}" for n in record["notices"] if notice_text(n) is None]
    return found


def _problems_of_proofs(record: dict[str, Any]) -> list[str]:
    found = []
    for proof in record["proofs"]:
        notice = proof["notice_id"]
        if notice not in record["notices"]:
            found.append(f"a proof from {notice}, which is not among the notices")
        if not proof["any_of"]:
            found.append("a proof without quotation")
        text = notice_text(notice)
        if text is None:
            continue  # reported as an unknown notice
        found += [f"not verbatim: {quote}" for quote in proof["any_of"] if not quote or quote not in text]
    return found


def _problems_of_question(record: dict[str, Any]) -> list[str]:
    found = []
    if set(record) != QUESTION_KEYS:
        return [f"keys differ: {sorted(set(record) ^ QUESTION_KEYS)}"]
    kind = record["kind"]
    if kind in REFUSED:
        if (record["expect"], record["reason"]) != ("refused", REFUSED[kind]):
            found.append("expect or reason does not fit the kind")
        if record["proofs"] or record["short_answers"] or record["value"]:
            found.append("a refusal has no proofs, short answers or value")
        if kind == "false_premise" and _YES_NO.search(record["question"]):
            found.append("a yes/no question is not a false premise")
    elif kind in ANSWERED:
        if (record["expect"], record["reason"]) != ("answered", None):
            found.append("expect or reason does not fit the kind")
        zero = kind == "count" and (record["value"] or {}).get("number") == "0"
        if not (record["proofs"] or record["items"] or zero):
            found.append("answered without proof or item")
        if not (record["short_answers"] or (kind == "list" and record["items"])):
            found.append("answered without short answer")
        if not record["notices"]:
            found.append("answered without notice")
        if kind == "count" and not record["value"]:
            found.append("a count without value")
    else:
        found.append(f"unknown kind {kind}")
    if (kind == "follow_up") != bool(record["history"]):
        found.append("history belongs to follow_up, and only there")
    if any(set(turn) != {"question", "answer"} for turn in record["history"]):
        found.append("a turn of the history has other keys than question and answer")
    if record["value"] is not None and set(record["value"]) != {"number", "unit"}:
        found.append("value has other keys than number and unit")
    if not re.fullmatch(rf"\w+-{kind}-\d{{3}}", record["qid"]):
        found.append("qid is not <set>-<kind>-<number>")
    return found + _problems_of_items(record) + _problems_of_proofs(record)


def _problems_of_numbering(records: list[dict[str, Any]]) -> list[str]:
    found = []
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for record in records:
        stem, _, number = record["qid"].rpartition("-")
        numbers[stem].append(int(number))
    for stem, values in sorted(numbers.items()):
        if stem.startswith("dev-"):  # development only: every number is odd, there is no other half to balance
            if sorted(values) != list(range(1, 2 * len(values), 2)):
                found.append(f"{stem}: numbers are not consecutive odd ones from 1")
            continue
        if stem.startswith("unseen-"):  # held out only: every number is even
            if sorted(values) != list(range(2, 2 * len(values) + 1, 2)):
                found.append(f"{stem}: numbers are not consecutive even ones from 2")
            continue
        if sorted(values) != list(range(1, len(values) + 1)):
            found.append(f"{stem}: numbers are not consecutive from 1")
        odd = sum(value % 2 for value in values)
        if abs(2 * odd - len(values)) > 1:
            found.append(f"{stem}: {odd} in development, {len(values) - odd} held out")
    return found


def _read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    records, found = [], []
    for line, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            records.append(json.loads(raw))
        except json.JSONDecodeError as error:
            found.append(f"{path.name}:{line}: not JSON: {error}")
    return records, found


def check_questions(paths: Iterable[Path | str]) -> list[str]:
    """Return every problem found in these files of questions and summary requests; none is good."""
    found: list[str] = []
    everything: list[dict[str, Any]] = []
    for path in map(Path, paths):
        records, broken = _read(path)
        found += broken
        for record in records:
            qid = record.get("qid", "?")
            if qid.startswith("sum-"):
                wrong = [f"keys differ: {sorted(set(record) ^ SUMMARY_KEYS)}"] if set(record) != SUMMARY_KEYS else []
                if not wrong:
                    wrong = _problems_of_items(record)
                    if not record["items"]:
                        wrong.append("a summary request without items")
            else:
                wrong = _problems_of_question(record)
            found += [f"{path.name}: {qid}: {problem}" for problem in wrong]
        everything += [r for r in records if re.search(r"-\d+$", r.get("qid", ""))]
    for field in ("qid", "question"):
        # A follow-up may repeat its words under another history.
        keys = Counter(
            (r[field], "" if field == "qid" else json.dumps(r.get("history", []), ensure_ascii=False))
            for r in everything
        )
        found += [f"the same {field} {count} times: {key[0]}" for key, count in keys.items() if count > 1]
    return found + _problems_of_numbering(everything)


def main() -> int:
    """Check every question file, print what is wrong and a count by kind."""
    paths = sorted(QUESTIONS.glob("*.jsonl"))
    found = check_questions(paths)
    for problem in found:
        print(problem)
    for path in paths:
        records, _ = _read(path)
        kinds = Counter(record.get("kind", "summary") for record in records)
        print(path.name, len(records), dict(kinds))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
