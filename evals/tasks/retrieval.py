"""Retrieval: the passages that the store finds for each question, against the sentences that prove its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.settings import Settings
from evals.cases import Question, read_questions, split_of
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.retrieval import ENOUGH, Passage, ranks, retrieval_ratios
from evals.metrics.score import Score
from evals.stores import gold_store
from evals.suite import Suite

Search = Callable[[str], Sequence[Passage]]


def run(
    suite: Suite, settings: Settings, wanted: Callable[[Sequence[str]], bool], say: Callable[[str], None]
) -> Iterator[CaseResult]:
    """One case per question of the suite's kinds that has proofs."""
    store = gold_store(settings, notice_files(), say)

    def search(question: str) -> list[Passage]:
        candidates, _ = store.search(question, ENOUGH)
        return [Passage(c.passage.notice_id, c.passage.text) for c in candidates]

    try:
        for question in read_questions(suite.files()):
            if question.proofs and question.kind in suite.kinds and wanted([split_of(question.qid)]):
                yield run_case(question, search)
    finally:
        store.close()


def run_case(question: Question, search: Search) -> CaseResult:
    """One question. A search that fails is the case's error."""
    split = (split_of(question.qid),)
    try:
        passages = search(question.question)
    except Exception as error:  # a crash of what is under test is a result: this case's error
        return CaseResult(
            question.qid, split, question.cluster, question.stratum, error=f"{type(error).__name__}：{error}"
        )
    return CaseResult(
        question.qid,
        split,
        question.cluster,
        question.stratum,
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
