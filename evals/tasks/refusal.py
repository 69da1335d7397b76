"""Refusals: unanswerable questions beside answerable ones, through the same ``ask``."""

from __future__ import annotations

from bot.records import Answer
from bot.schemas import to_data
from evals.cases import Question
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.refusal import reason_ratio, refusal_ratios, refusal_score
from evals.metrics.score import Ratio
from evals.stores import gold_store
from evals.suite import Suite
from evals.task import Case, Opened, Say, System
from evals.tasks.answer import asking, question_cases


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per question of the suite's kinds, answerable and not."""
    store = gold_store(system.settings, notice_files(), say)
    return Opened(question_cases(suite), Answer, asking(store, system), score, store.close)


def score(case: Case, answer: Answer) -> CaseResult:
    """Figures and judgement of one answer."""
    question: Question = case.data
    refused, expected = answer.status == "refused", question.expect == "refused"
    return case.result(
        ratios=ratios(question, answer),
        scores=(refusal_score(refused, expected, answer.short_answer or answer.answer, answer.reason),),
        detail={"kind": question.kind, "answer": to_data(answer)},
    )


def ratios(question: Question, answer: Answer) -> dict[str, Ratio]:
    """The figures of one question; refusal recall by kind too."""
    refused, expected = answer.status == "refused", question.expect == "refused"
    leaking = bool(answer.citations or answer.short_answer or answer.value)
    found = refusal_ratios(refused, expected, leaking=leaking) | reason_ratio(answer.reason, question.reason, refused)
    if expected:
        found[f"refusal_recall.{question.kind}"] = found["refusal_recall"]
    return found
