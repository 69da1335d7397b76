"""Retrieval: the passages that the store finds for each question, against the sentences that prove its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evals.cases import Question
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.retrieval import ENOUGH, Passage, ranks, retrieval_ratios
from evals.metrics.score import Score
from evals.stores import gold_store
from evals.suite import Suite
from evals.task import Case, Opened, Say, System
from evals.tasks.answer import question_cases

if TYPE_CHECKING:
    from bot.llm.chat import Chat


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per question of the suite's kinds that has proofs."""
    store = gold_store(system.settings, notice_files(), say)

    def search(case: Case, chat: Chat | None) -> list[Passage]:
        del chat
        candidates, _ = store.search(case.data.question, ENOUGH)
        return [Passage(c.passage.notice_id, c.passage.text) for c in candidates]

    cases = [case for case in question_cases(suite) if case.data.proofs]
    return Opened(cases, list[Passage], search, score, store.close)


def score(case: Case, passages: Sequence[Passage]) -> CaseResult:
    """Figures and judgements of the passages found for one question."""
    question: Question = case.data
    return case.result(
        ratios=retrieval_ratios(passages, question.proofs, question.notices),
        scores=tuple(_scores(question, passages)),
        detail={"question": question.question, "kind": question.kind, "passages": [_shown(p) for p in passages[:5]]},
    )


def _shown(passage: Passage) -> dict[str, str]:
    return {"notice_id": passage.notice_id, "text": passage.text}


def _scores(question: Question, passages: Sequence[Passage]) -> Iterator[Score]:
    """One judgement per proof: the reciprocal of its rank."""
    for proof, rank in zip(question.proofs, ranks(passages, question.proofs), strict=True):
        why = f"第 {rank} 段" if rank else f"前 {len(passages)} 段没有"
        yield Score("rank", question.question, 1 / rank if rank else 0.0, rank, " / ".join(proof.any_of), why)
