"""Feedback from the chat becomes candidates for the gold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import UsageError
from evals.gold.questions_check import check_questions
from evals.promote import promote


def _feedback(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "feedback.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


GOOD = {
    "time": "2026-01-01T00:00:00",
    "user": "张三",
    "question": "建了多少公里？",
    "answer": "25公里。[1]",
    "verdict": "good",
    "reason": "",
    "citations": [
        {"n": 1, "notice_id": "n", "file": "n.txt", "title": "t", "start": 0, "end": 6, "quote": "建成25公里"}
    ],
}


def test_a_verdict_becomes_a_candidate_once(tmp_path: Path) -> None:
    """The quotation of a good answer is its proof, who asked is left out, the same question is not taken again."""
    file = _feedback(
        tmp_path, GOOD, GOOD | {"question": "建了多少公里?"}, GOOD | {"question": "谁建的？", "verdict": "bad"}
    )
    assert promote(file, folder=tmp_path) == ["建了多少公里？", "谁建的？"]
    assert promote(file, folder=tmp_path) == []
    first, second = map(json.loads, (tmp_path / "candidates.jsonl").read_text("utf-8").splitlines())
    assert (first["qid"], first["proofs"]) == ("user-fact-001", [{"notice_id": "n", "any_of": ["建成25公里"]}])
    assert (second["proofs"], second["note"][0]) == ([], "👎")
    assert "张三" not in json.dumps([first, second], ensure_ascii=False)


def test_only_what_was_asked_for(tmp_path: Path) -> None:
    """Bad ones alone."""
    file = _feedback(tmp_path, GOOD, GOOD | {"question": "谁建的？", "verdict": "bad"})
    assert promote(file, ("bad",), folder=tmp_path) == ["谁建的？"]


def test_a_candidate_is_no_case_until_it_is_completed(tmp_path: Path) -> None:
    """The gold's checker refuses it as it stands."""
    promote(_feedback(tmp_path, GOOD), folder=tmp_path)
    assert check_questions([tmp_path / "candidates.jsonl"]) != []


def test_a_broken_or_missing_file_is_named(tmp_path: Path) -> None:
    """With its line."""
    with pytest.raises(UsageError, match="没有反馈文件"):
        promote(tmp_path / "none.jsonl", folder=tmp_path)
    assert not (tmp_path / "candidates.jsonl").exists()
    with pytest.raises(UsageError, match="第 1 行不是一条反馈"):
        promote(_feedback(tmp_path, {"question": "?"}), folder=tmp_path)
