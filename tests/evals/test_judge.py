"""The judge: silent without human labels, never without its agreement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UsageError
from bot.llm.chat import Reply
from evals import log
from evals.judge import ENOUGH, Sentence, export, judge, labels, sentences_of, take
from evals.log import CaseResult, Hashes, Run, SuiteRun
from prompts.loader import Message

OUTPUT = {
    "citations": [{"n": 1, "quote": "建成25公里"}],
    "overview": [{"text": "建成25公里。", "citations": [1]}, {"text": "总体良好。", "citations": []}],
    "sections": [{"paragraphs": [{"text": "整改状态：已完成。", "written": True, "citations": [1]},
                                 {"text": "建成25公里", "written": False, "citations": [1]}]}],
}  # fmt: skip
CASES = (CaseResult("sum-001", ("development",), "sum-001", output=OUTPUT),)
RUN = Run("r", "", "", (SuiteRun("summary", "summary", "请求", {}, Hashes("", "", ""), 0.0, CASES),))


class Judging:
    """Finds a sentence supported where its words stand in the evidence."""

    model = "openai:judge"

    def complete(self, messages: Sequence[Message], **asked: Any) -> Reply:
        """A verdict with its reason."""
        del asked
        given = messages[-1].content
        text = given.rpartition("[1]")[2].splitlines()[0]
        verdict = "supported" if text.rstrip("。") in given.partition("[1]")[2].splitlines()[0] else "unsupported"
        judged = {"sentences": [{"n": 1, "reason": "见原文", "verdict": verdict}], "points": []}
        return Reply(json.dumps(judged), 1, 1, 1.0, self.model, "stop")

    def stream(self, messages: Sequence[Message], **asked: Any) -> Any:
        """The same."""
        yield self.complete(messages, **asked).text


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Labels go into a folder of their own."""
    monkeypatch.setattr(log, "RUNS", tmp_path / "runs")


def _labelled(wrong: int) -> list[Sentence]:
    good = [Sentence(f"a{n}", "c", "development", f"建成{n}公里", (f"建成{n}公里",), "supported") for n in range(15)]
    bad = [Sentence(f"b{n}", "c", "development", f"建成{n}公里", ("没有数字",), "unsupported") for n in range(15)]
    return [replace(one, verdict="contradicted") if n < wrong else one for n, one in enumerate([*good, *bad])]


def test_sentences_with_citations_are_judged_once_each() -> None:
    """Written ones that cite; neither quotations nor sentences without citation."""
    assert [one.text for one in sentences_of(RUN)] == ["建成25公里。", "整改状态：已完成。"]


def test_without_thirty_human_labels_there_is_no_judge(tmp_path: Path) -> None:
    """It says how to supply them."""
    export(_labelled(0)[:29], tmp_path / "l.jsonl")
    assert take(tmp_path / "l.jsonl") == 29
    with pytest.raises(UsageError, match=f"只有 29 条人工标注，至少要 {ENOUGH} 条"):
        judge([*sentences_of(RUN)], Judging())


def test_agreement_stands_beside_the_figure(tmp_path: Path) -> None:
    """All thirty as the judge has them, then three not: κ 1 and 0.8."""
    for wrong, kappa in ((0, 1.0), (3, 0.8)):
        export(_labelled(wrong), tmp_path / "l.jsonl")
        take(tmp_path / "l.jsonl")
        found = judge([*sentences_of(RUN)], Judging())
        assert (found.figure.value, found.labelled, found.unread) == (0.5, 30, 0)
        assert found.kappa == pytest.approx(kappa)


def test_lines_without_a_verdict_are_not_labels(tmp_path: Path) -> None:
    """Exported, half filled in, taken back; an unknown verdict is refused with its line."""
    first, second = sentences_of(RUN)
    export([replace(first, verdict="supported"), second], tmp_path / "l.jsonl")
    assert (take(tmp_path / "l.jsonl"), [one.id for one in labels()]) == (1, [first.id])
    export([replace(first, verdict="好")], tmp_path / "l.jsonl")
    with pytest.raises(UsageError, match="第 1 行 的 verdict 应为"):
        take(tmp_path / "l.jsonl")
