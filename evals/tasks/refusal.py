"""Refusals: unanswerable questions beside answerable ones, through the same ``ask``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.qa.answer import ask
from bot.records import Answer
from bot.schemas import to_data
from bot.settings import Settings
from evals.cases import Question, read_questions, split_of
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.refusal import reason_ratio, refusal_ratios, refusal_score
from evals.metrics.score import Ratio
from evals.stores import gold_store
from evals.suite import Suite

Ask = Callable[[Question], Answer]


def run(
    suite: Suite, settings: Settings, wanted: Callable[[Sequence[str]], bool], say: Callable[[str], None]
) -> Iterator[CaseResult]:
    """One case per question of the suite's kinds, answerable and not."""
    store = gold_store(settings, notice_files(), say)
    try:
        for question in read_questions(suite.files()):
            if question.kind in suite.kinds and wanted([split_of(question.qid)]):
                yield run_case(question, lambda q: ask(store, q.question, history=q.history))
    finally:
        store.close()


def run_case(question: Question, asked: Ask) -> CaseResult:
    """One question. A failure is the case's error, never a refusal."""
    split = (split_of(question.qid),)
    try:
        answer = asked(question)
    except Exception as error:  # a crash of what is under test is a result: this case's error
        return CaseResult(
            question.qid, split, question.cluster, question.stratum, error=f"{type(error).__name__}：{error}"
        )
    refused, expected = answer.status == "refused", question.expect == "refused"
    return CaseResult(
        question.qid,
        split,
        question.cluster,
        question.stratum,
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
