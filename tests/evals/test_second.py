"""The second labelling: its form, its sample, and the agreement statistic."""

from __future__ import annotations

import pytest

from evals.cases import read_questions
from evals.gold.second.__main__ import HERE, QUESTIONS, cohen, lines, of_items, of_questions


def test_kappa_of_a_published_example() -> None:
    """Cohen 1960 as given in many textbooks: 20 yes-yes, 15 no-no, 5 and 10 apart: 0.4."""
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert cohen(pairs) == pytest.approx(0.4)


def test_the_sample_is_a_fifth_by_rule() -> None:
    """Numbers divisible by four, in ``dev`` those that end in 7: nothing chosen, nothing left out."""
    every = [q.qid for q in read_questions(sorted(QUESTIONS.glob("*.jsonl")))]
    wanted = {qid for qid in every if (int(qid[-3:]) % 10 == 7 if qid.startswith("dev-") else int(qid[-3:]) % 4 == 0)}
    labelled = {record["qid"] for record in lines(HERE / "questions.jsonl")}
    assert labelled == wanted
    assert len(labelled) >= len(every) / 5


def test_both_labellings_agree_as_documented() -> None:
    """At least as well as the line in DECISIONS.md says."""
    for found in ([*of_questions()], [*of_items()]):
        assert sum(one.same for one in found) / len(found) >= 0.95
