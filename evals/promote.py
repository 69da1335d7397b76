"""A user's 👍 or 👎 becomes a candidate case: a line in the form of the question gold, to be completed by a reader.

The feedback file of the data folder holds ``{time, user, question, answer, verdict, reason, citations}`` per line. What
is taken over is the question and, where the answer was found good, its quotations as proofs; who asked is left out. A
candidate counts only once somebody has filled in the acceptable short answers and moved the line to ``gold/questions``,
where the checker (``python -m evals.gold.questions_check``) holds it to the same rules as every other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import UsageError
from bot.fold import fold
from evals.suite import ROOT

CANDIDATES = ROOT / "gold" / "candidates.jsonl"
SET = "user"


class Feedback(BaseModel):
    """One line of the feedback file; keys that are not needed here are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str
    answer: str
    verdict: Literal["good", "bad"]
    reason: str = ""
    citations: tuple[dict[str, Any], ...] = ()


def promote(feedback: Path, verdicts: tuple[str, ...] = ("good", "bad"), folder: Path = ROOT / "gold") -> list[str]:
    """Append a candidate for each new question; returns the questions taken. Raises ``UsageError``."""
    target = folder / CANDIDATES.name
    known = {fold(question) for question in _questions(folder)}
    number = sum(1 for _ in _lines(target)) if target.is_file() else 0
    taken: list[str] = []
    said_all = list(_read(feedback))
    with target.open("a", encoding="utf-8") as file:
        for said in said_all:
            if said.verdict not in verdicts or fold(said.question) in known:
                continue
            known.add(fold(said.question))
            number += 1
            file.write(json.dumps(candidate(said, number), ensure_ascii=False) + "\n")
            taken.append(said.question)
    return taken


def candidate(said: Feedback, number: int) -> dict[str, Any]:
    """The line. A number that is odd belongs to the development half, an even one is held out, as everywhere."""
    good = said.verdict == "good" and bool(said.citations)
    quotes = said.citations if good else ()
    notices = list(dict.fromkeys(str(citation["notice_id"]) for citation in said.citations))
    return {
        "qid": f"{SET}-fact-{number:03}",
        "kind": "fact",
        "question": said.question,
        "history": [],
        "expect": "answered",
        "reason": None,
        "short_answers": [],
        "value": None,
        "notices": notices,
        "items": [],
        "proofs": [{"notice_id": c["notice_id"], "any_of": [c["quote"]]} for c in quotes],
        "note": f"{'👍' if said.verdict == 'good' else '👎'} {said.reason} 当时的回答：{said.answer}".strip(),
    }


def _read(path: Path) -> Iterator[Feedback]:
    if not path.is_file():
        raise UsageError(f"没有反馈文件 {path}：在问答页点过 👍 或 👎 之后才有；也可用 --feedback 指定")
    for number, line in enumerate(_lines(path), 1):
        try:
            yield Feedback.model_validate_json(line)
        except ValidationError as error:
            raise UsageError(f"{path} 第 {number} 行不是一条反馈：{error.errors()[0]['msg']}") from error


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _questions(folder: Path) -> Iterator[str]:
    """Questions that are cases or candidates already."""
    for path in [*sorted((folder / "questions").glob("*.jsonl")), folder / CANDIDATES.name]:
        if path.is_file():
            yield from (json.loads(line)["question"] for line in _lines(path))
