"""The second labelling: its form, its sample, and the agreement statistic."""

from __future__ import annotations

import pytest

from evals.cases import read_questions
from evals.gold.second.__main__ import HERE, QUESTIONS, lines, of_items, of_questions
from evals.metrics.agreement import cohen


def test_kappa_of_a_published_example() -> None:
    """Cohen 1960 as given in many textbooks: 20 yes-yes, 15 no-no, 5 and 10 apart: 0.4."""
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert cohen(pairs) == pytest.approx(0.4)


def test_the_sample_is_a_fifth() -> None:
    """Of the questions, every one of them still in the gold; of the sets that kept their numbers, by rule."""
    every = [q.qid for q in read_questions(sorted(QUESTIONS.glob("*.jsonl")))]
    labelled = [record["qid"] for record in lines(HERE / "questions.jsonl")]
    assert len(set(labelled)) == len(labelled)
    assert set(labelled) <= set(every)
    assert len(labelled) >= len(every) / 5
    kept = ("seed-", "written-")
    by_rule = {qid for qid in every if qid.startswith(kept) and int(qid[-3:]) % 4 == 0}
    assert {qid for qid in labelled if qid.startswith(kept)} == by_rule


def test_both_labellings_agree_as_documented() -> None:
    """At least as well as the line in DECISIONS.md says."""
    for found in ([*of_questions()], [*of_items()]):
        assert sum(one.same for one in found) / len(found) >= 0.95
