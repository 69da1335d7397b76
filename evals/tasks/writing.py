"""Writing: the answering prompt alone, over fixed evidence: the lines of the notice that prove the answer, among their
neighbours.

Nothing is searched, so two versions of a prompt, or two models, are compared over the very same messages. Needs a
model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import LLMError
from bot.qa.llm_answer import PROMPT, Evidence, write_answer
from evals.cases import Question
from evals.gold.compile import notice_text
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics import answers
from evals.metrics.citations import citation_ratios, citation_scores
from evals.metrics.score import Ratio, Score
from evals.suite import ROOT, Suite
from evals.task import Case, CaseError, Opened, Say, System
from evals.tasks.answer import acceptable, question_cases
from prompts.loader import load

if TYPE_CHECKING:
    from bot.llm.chat import Chat

LONGEST = 400
"""Characters of a line that are shown, around the proof."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the model's draft came to after verification; ``text`` is empty where nothing of it could be proved."""

    text: str
    failed: str
    warnings: tuple[str, ...]
    evidence: tuple[str, ...]


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per question of the suite's kinds that has proofs and short answers and leans on no earlier turn."""
    del say
    texts = {path.stem: notice_text({"file": str(path.relative_to(ROOT.parent))}) for path in notice_files()}
    prompt = system.prompts.get("answer") or load(PROMPT)

    def write(case: Case, chat: Chat | None) -> Written:
        if chat is None:
            raise CaseError("这个评测集要有大模型：请用 --llm 指定，或用 --replay 回放")
        evidence = evidence_of(case.data, texts)
        shown = tuple(one.text for one in evidence)
        try:
            got = write_answer(case.data.question, evidence, chat, prompt=prompt)
        except LLMError as error:
            return Written("", str(error), (), shown)
        return Written(got.text, "", got.warnings, shown)

    cases = [c for c in question_cases(suite) if c.data.proofs and c.data.short_answers and not c.data.history]
    return Opened(cases, Written, write, score)


def evidence_of(question: Question, texts: dict[str, str]) -> list[Evidence]:
    """The proving lines with the line before and behind each, numbered in the order of the text."""
    found: dict[tuple[str, int], str] = {}
    for proof in question.proofs:
        lines = [line for line in texts[proof.notice_id].split("\n") if line.strip()]
        at = next(n for n, line in enumerate(lines) if proof.any_of[0].split("\n")[0] in line)
        for n in range(max(0, at - 1), min(len(lines), at + 2)):
            found[proof.notice_id, n] = _cut(lines[n], proof.any_of[0] if n == at else "")
    return [Evidence(n, text) for n, (_, text) in enumerate(sorted(found.items()), 1)]


def _cut(line: str, proof: str) -> str:
    middle = line.find(proof) + len(proof) // 2 if proof else 0
    start = max(0, min(middle - LONGEST // 2, len(line) - LONGEST))
    return line[start : start + LONGEST].strip()


def score(case: Case, written: Written) -> CaseResult:
    """Figures and judgements of one answer."""
    question: Question = case.data
    quotes = dict(enumerate(written.evidence, 1))
    golds = acceptable(question)
    contained = answers.contained(written.text, golds)
    why = written.failed or "；".join(written.warnings)
    return case.result(
        ratios={
            "written": Ratio(bool(written.text), 1),
            "contained": Ratio(contained, 1),
            **(citation_ratios(written.text, quotes) if written.text else {}),
        },
        scores=(
            Score("contained", question.question, float(contained), written.text, golds, why),
            *citation_scores(written.text, quotes),
        ),
        detail={"kind": question.kind, "question": question.question, "evidence": list(written.evidence)},
    )
