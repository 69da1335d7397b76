"""Evidence, refusal and retrieval figures of single questions."""

from __future__ import annotations

from math import log2

import pytest

from evals.metrics.evidence import Cited, Proof, places, proved, wrong_document
from evals.metrics.refusal import reason_ratio, refusal_ratios, refusal_score
from evals.metrics.retrieval import Passage, ranks, retrieval_ratios, within
from evals.metrics.score import Ratio, add_ratios

TEXT = "一是建成管网25公里。\n二是建成泵站3座。三是建成管网25公里。"
TEXTS = {"a": TEXT, "b": TEXT}


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ([Cited("a", (2, 10))], True),
        ([Cited("a", (2, 6)), Cited("a", (6, 10))], True),
        ([Cited("a", (2, 9))], False),
        ([Cited("b", (2, 10))], False),
        ([Cited("a", (23, 31))], True),
        ([], False),
    ],
)
def test_a_proof_must_lie_within_the_citations_of_its_notice(cited: list[Cited], expected: bool) -> None:
    """Whole, in the right notice; two citations may share it, and any occurrence will do."""
    assert proved(Proof("a", ("建成管网25公里",)), cited, TEXTS) is expected


def test_white_space_between_citations_does_not_count() -> None:
    """A line break that no citation holds breaks no proof."""
    assert proved(Proof("a", ("25公里。\n二是",)), [Cited("a", (6, 11)), Cited("a", (12, 14))], TEXTS) is True


def test_any_of_the_quotations_will_do() -> None:
    """The second variant is cited."""
    assert proved(Proof("a", ("没有这句", "泵站3座")), [Cited("a", (14, 21))], TEXTS) is True


def test_places_finds_every_occurrence() -> None:
    """An empty quotation stands nowhere."""
    assert (places("25公里", TEXT), places("", TEXT)) == ([(6, 10), (27, 31)], [])


@pytest.mark.parametrize(("notices", "expected"), [(["a"], True), (["a", "b"], False)])
def test_wrong_document(notices: list[str], expected: bool) -> None:
    """One citation from outside gold is enough; no citation at all is none from outside."""
    assert wrong_document([Cited("a", (0, 1)), Cited("b", (0, 1))], notices) is expected
    assert wrong_document([], notices) is False


def test_refusal_figures() -> None:
    """Of two unanswerable one refused, of three answerable one refused: recall 1/2, over-refusal 1/3, precision 1/2."""
    outcomes = [(True, True), (False, True), (True, False), (False, False), (False, False)]
    sums = add_ratios(refusal_ratios(refused, expected, leaking=False) for refused, expected in outcomes)
    assert {name: ratio.value for name, ratio in sums.items()} == {
        "refusal_recall": 0.5,
        "refusal_precision": 0.5,
        "over_refusal": 1 / 3,
        "refused_but_answered": 0.0,
    }


def test_a_refusal_that_answers_all_the_same() -> None:
    """A refusal with a short answer or a citation is counted."""
    assert refusal_ratios(True, True, leaking=True)["refused_but_answered"] == Ratio(1, 1)
    assert refusal_ratios(False, True, leaking=True)["refused_but_answered"] == Ratio(0, 0)


def test_the_reason_is_scored_on_right_refusals_only() -> None:
    """An answered question and a refused answerable one have no reason to compare."""
    assert reason_ratio("no_evidence", "out_of_scope", True) == {"refusal_reason": Ratio(0, 1)}
    assert reason_ratio(None, "out_of_scope", False) == {"refusal_reason": Ratio(0, 0)}
    assert reason_ratio("no_evidence", None, True) == {"refusal_reason": Ratio(0, 0)}


def test_refusal_score_says_what_went_wrong() -> None:
    """Answered instead of refused."""
    assert refusal_score(False, True, "25公里", None).why == "应拒答而作答"


PASSAGES = [Passage("b", "建成管网25公里"), Passage("a", "泵站３座" + "x" * 600), Passage("a", "建成管网 25公里")]
PROOFS = [Proof("a", ("管网25公里",)), Proof("a", ("泵站3座",))]


def test_ranks_of_proofs() -> None:
    """The right words in the wrong notice are no hit; width and white space make no difference."""
    assert ranks(PASSAGES, PROOFS) == [3, 2]


def test_half_a_proof_is_no_hit() -> None:
    """The whole quotation must lie in one passage."""
    assert ranks([Passage("a", "管网25"), Passage("a", "公里")], PROOFS[:1]) == [None]


def test_retrieval_figures() -> None:
    """Two proofs at ranks 3 and 2, the first passage from another notice."""
    got = {name: ratio.value for name, ratio in retrieval_ratios(PASSAGES, PROOFS, ["a"]).items()}
    assert got == pytest.approx(
        {
            "recall@1": 0.0,
            "recall@3": 1.0,
            "recall@5": 1.0,
            "recall@10": 1.0,
            "recall@500字": 0.5,
            "recall@1500字": 1.0,
            "recall@2500字": 1.0,
            "mrr@10": 0.5,
            "ndcg@10": (1 / 2 + 1 / log2(3)) / (1 + 1 / log2(3)),
            "wrong_document@1": 1.0,
        }
    )


def test_a_passage_with_both_proofs_first_is_ideal() -> None:
    """nDCG never exceeds 1."""
    got = retrieval_ratios([Passage("a", "管网25公里泵站3座")], PROOFS, ["a"])
    assert (got["ndcg@10"], got["mrr@10"], got["recall@1"]) == (Ratio(1.0, 1), Ratio(1.0, 1), Ratio(1.0, 1))


def test_the_budget_cuts_the_last_passage() -> None:
    """Longer chunks win nothing: what lies behind the budget is not seen."""
    assert within([Passage("a", "12345"), Passage("a", "67890"), Passage("a", "x")], 7) == [
        Passage("a", "12345"),
        Passage("a", "67"),
    ]


def test_a_question_without_proof_is_unscored() -> None:
    """There is nothing to retrieve."""
    assert {r.value for name, r in retrieval_ratios(PASSAGES, [], []).items() if name != "wrong_document@1"} == {None}
