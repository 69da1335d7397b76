"""Tasks with small fakes for the system under test: what a case's figures and errors are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.errors import UsageError
from bot.records import (
    Answer,
    Citation,
    Considered,
    Coverage,
    OverviewSentence,
    Summary,
    SummaryGroup,
    Turn,
    Value,
)
from bot.settings import Settings
from evals.cases import Question, read_questions, read_requests, split_of
from evals.gold.compile import load_labels
from evals.hashes import notice_files
from evals.metrics.evidence import Proof
from evals.metrics.retrieval import Passage
from evals.metrics.score import Ratio
from evals.responses import NoModel
from evals.run import run_case
from evals.stores import gold_store, store_key
from evals.suite import SUITES, Suite, load_suite, names
from evals.task import Case, CaseError, Opened, System
from evals.tasks import answer, extraction, refusal, retrieval, summary
from tests.evals.factory import Draft
from tests.evals.factory import extraction as made
from tests.support import settings_for

TEXT = "目前已建成污水管网25公里。其余按计划推进。"
TEXTS = {"n": TEXT}
ASKED = Question(
    qid="seed-fact-001",
    kind="fact",
    question="建了多少公里？",
    expect="answered",
    short_answers=("25公里",),
    notices=("n",),
    items=("n#1",),
    proofs=(Proof("n", ("建成污水管网25公里",)),),
)
UNANSWERABLE = Question(
    qid="seed-near_miss-002", kind="near_miss", question="花了多少钱？", expect="refused", reason="no_evidence"
)
GOOD = Answer(
    "建了多少公里？", "answered", "目前已建成污水管网25公里。[1]", "25公里", None, "lookup", "extractive", None,
    (Citation(1, "n", "n.txt", "t", 0, 14, TEXT[:14]),), (), (), Considered(1, 1),
)  # fmt: skip
REFUSED = replace(GOOD, status="refused", answer="没有提到", short_answer=None, reason="no_evidence", citations=())


ASKED_CASE, UNANSWERABLE_CASE = answer.question_case(ASKED), answer.question_case(UNANSWERABLE)
SYSTEM = System(Settings())


def _boom(*_: object) -> Answer:
    raise RuntimeError("boom")


# -- answer and refusal ----------------------------------------------------------------------------------------------


def test_two_suites_ask_a_question_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same question with the same history over the same store; with a model each suite asks for itself."""
    asked: list[str] = []

    def ask(_store: object, question: str, **_: object) -> Answer:
        asked.append(question)
        return GOOD

    monkeypatch.setattr(answer, "ask", ask)
    system, here = System(Settings()), SimpleNamespace(folder=Path("a"))
    again = answer.question_case(ASKED.model_copy(update={"history": (Turn("谁建的？", "住建局。"),)}))
    for store in (here, SimpleNamespace(folder=Path("a")), SimpleNamespace(folder=Path("b"))):
        produce = answer.asking(store, system)
        assert [produce(ASKED_CASE, None), produce(again, None)] == [GOOD, GOOD]
    assert len(asked) == 4
    assert [answer.asking(here, system)(ASKED_CASE, NoModel("openai:fake")) for _ in range(2)] == [GOOD, GOOD]
    assert len(asked) == 6


def test_a_right_answer_with_its_proof() -> None:
    """Right, contained, evidence, citations: all 1."""
    got = answer.score(ASKED_CASE, GOOD, TEXTS)
    wanted = {"right", "right.fact", "contained", "exact_match", "evidence", "citation_recall", "citation_precision"}
    assert {name: got.ratios[name].value for name in wanted} == dict.fromkeys(wanted, 1.0)
    assert (got.ratios["wrong_document"].value, got.cluster, got.stratum, got.splits) == (
        0.0,
        "n#1",
        "n",
        ("development",),
    )


def test_a_refused_answerable_question_scores_zero() -> None:
    """SQuAD 2's HasAns: a refusal is a wrong answer, not an unscored one."""
    got = answer.score(ASKED_CASE, REFUSED, TEXTS).ratios
    assert {n: got[n] for n in ("right", "contained", "f1_chars", "evidence")} == dict.fromkeys(
        ("right", "contained", "f1_chars", "evidence"), Ratio(0, 1)
    )


def test_a_right_answer_from_another_notice() -> None:
    """Evidence fails and the wrong document is counted."""
    wrong = replace(GOOD, citations=(replace(GOOD.citations[0], notice_id="m"),))
    got = answer.score(ASKED_CASE, wrong, TEXTS | {"m": TEXT}).ratios
    assert (got["right"], got["evidence"], got["wrong_document"]) == (Ratio(1, 1), Ratio(0, 1), Ratio(1, 1))


def test_a_quote_that_is_not_there_supports_nothing() -> None:
    """The citation's offsets print something else."""
    moved = replace(GOOD, citations=(replace(GOOD.citations[0], start=1, end=15),))
    got = answer.score(ASKED_CASE, moved, TEXTS).ratios
    assert (got["citation_spans_valid"], got["citation_recall"]) == (Ratio(0, 1), Ratio(0, 1))


def test_an_exception_is_an_error_and_never_a_refusal() -> None:
    """Above all in the refusal suite, where it would look like a success."""
    opened = Opened([UNANSWERABLE_CASE], Answer, _boom, refusal.score)
    got = run_case(opened, UNANSWERABLE_CASE, SYSTEM)
    assert (got.id, got.error, got.ratios) == (UNANSWERABLE.qid, "RuntimeError：boom", {})


def test_a_count_is_right_by_its_figure_and_complete_by_its_members() -> None:
    """No short answer printed: the computed figure with its unit counts."""
    asked = ASKED.model_copy(
        update={"kind": "count", "value": Value("2", "项"), "short_answers": (), "proofs": (), "items": ("n#1", "n#2")}
    )
    counted = replace(GOOD, route="count", short_answer=None, value=Value("2", "项"), items=("n#2", "n#1"))
    got = answer.score(answer.question_case(asked), counted, TEXTS).ratios
    assert (got["right"], got["list_complete"], "citation_recall" in got) == (Ratio(1, 1), Ratio(1, 1), False)


def test_an_unanswerable_question_in_the_answer_suite_is_noans_only() -> None:
    """It has no short answer to compare."""
    assert answer.score(UNANSWERABLE_CASE, REFUSED, TEXTS).ratios == {"noans": Ratio(1, 1)}


def test_refusal_case() -> None:
    """A right refusal with the right reason, by kind too."""
    got = refusal.score(UNANSWERABLE_CASE, REFUSED).ratios
    assert (got["refusal_recall.near_miss"], got["refusal_reason"], got["over_refusal"]) == (
        Ratio(1, 1),
        Ratio(1, 1),
        Ratio(0, 0),
    )


# -- retrieval, summary ----------------------------------------------------------------------------------------------


def test_retrieval_case() -> None:
    """The proof in the second passage."""
    got = retrieval.score(ASKED_CASE, [Passage("n", "其余按计划推进。"), Passage("n", TEXT)])
    assert (got.ratios["recall@1"], got.ratios["mrr@10"], got.scores[0].why) == (Ratio(0, 1), Ratio(0.5, 1), "第 2 段")


def test_summary_case() -> None:
    """One of two items found, one too many; an overview figure that its citation does not print."""
    requests = read_requests([SUITES.parent / "gold/questions/summaries.jsonl"])
    request = requests[0].model_copy(update={"items": ("n#1", "n#2")})
    item = made(TEXT, [Draft("已建成污水管网25公里。")]).items[0]
    groups = [SummaryGroup("n", "n.txt", item_id, item.problem, (), item.status) for item_id in ("n#1", "n#9")]
    overview = (OverviewSentence("已建成25公里", (1,)), OverviewSentence("已建成26公里", (1,)))
    made_summary = Summary("q", tuple(groups), overview, GOOD.citations, Coverage(1, 2, 2), "extractive")
    got = summary.score(Case(request.qid, ("development",), request.qid, "", request), made_summary, TEXTS)
    assert (got.ratios["summary_item_f1"], got.ratios["overview_supported"]) == (Ratio(2, 4), Ratio(1, 2))
    assert [(s.got, s.expected) for s in got.scores] == [(None, "n#2"), ("n#9", None), ("已建成26公里", [1])]


# -- extraction ------------------------------------------------------------------------------------------------------


def test_extraction_gold_that_does_not_fit_is_an_error() -> None:
    """The extractor's text lacks what is labelled: named, not scored as misses."""
    labels = load_labels(SUITES.parent / "gold/extraction/dev-renwu.yaml")
    with pytest.raises(CaseError, match="标注与正文对不上"):
        extraction.score(Case("dev-renwu", ("development",), "dev-renwu", "", labels), made(TEXT, []))


def test_labels_that_cannot_be_read_are_a_case_in_error(tmp_path: Path) -> None:
    """The other label files run on."""
    file = tmp_path / "x.yaml"
    file.write_text("notice: x\n", encoding="utf-8")
    suite = Suite(suite="s", task="extraction", cases=(), unit="通报", gate=())
    opened = extraction.open_task(suite, SYSTEM, print)
    case = extraction._case(file)
    assert (run_case(opened, case, SYSTEM).error or "").startswith("标注有误：")


@pytest.mark.parametrize(
    ("name", "held_out", "expected"),
    [
        ("dev-renwu", False, ("development",)),
        ("000_c20c0a165cf05326", False, ("seeds", "development")),
        ("held-x", True, ("held_out",)),
    ],
)
def test_splits_of_labels(name: str, held_out: bool, expected: tuple[str, ...]) -> None:
    """The five notices are a split of their own inside development."""
    assert extraction.splits_of({"notice": name, "held_out": held_out}) == expected


# -- cases, suites, stores -------------------------------------------------------------------------------------------


def test_odd_numbers_are_development() -> None:
    """By the rule of gold/README.md."""
    assert (split_of("seed-fact-001"), split_of("sum-024")) == ("development", "held_out")


def test_clusters_of_questions() -> None:
    """One item: that item; several or none: the question itself."""
    several = ASKED.model_copy(update={"items": ("n#1", "n#2")})
    assert (ASKED.cluster, several.cluster, UNANSWERABLE.cluster) == ("n#1", "seed-fact-001", "seed-near_miss-002")
    assert (UNANSWERABLE.stratum, several.model_copy(update={"notices": ("n", "m")}).stratum) == ("无", "多份通报")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    """File and line number."""
    file = tmp_path / "q.jsonl"
    file.write_text('{"qid": "x-fact-001", "kind": "fact"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"q\.jsonl 第 1 行"):
        read_questions([file])


def test_all_gold_questions_are_cases() -> None:
    """Every line of the gold is read, and every kind is in a suite."""
    files = sorted((SUITES.parent / "gold/questions").glob("*.jsonl"))
    kinds = {q.kind for q in read_questions(files)}
    assert kinds <= set(load_suite("answer").kinds)
    assert kinds <= set(load_suite("refusal").kinds)


def test_declared_suites_are_well_formed() -> None:
    """Each names files that exist and is called by its file's name."""
    suites = [load_suite(name) for name in names()]
    assert [s.suite for s in suites] == names()
    assert [s.suite for s in suites if not s.files()] == []


@pytest.mark.parametrize("name", ["nosuch", "nosuch.yaml"])
def test_an_unknown_suite_says_which_there_are(name: str) -> None:
    """In Chinese, with the names."""
    with pytest.raises(UsageError, match=r"可用的有.*extraction"):
        load_suite(name)


def test_a_margin_beyond_three_points_is_refused(tmp_path: Path) -> None:
    """δ ≤ 0.03 for gated metrics."""
    file = tmp_path / "s.yaml"
    file.write_text("{suite: s, task: answer, cases: [], unit: case, gate: [right], delta: 0.05}", encoding="utf-8")
    with pytest.raises(UsageError, match="delta"):
        load_suite(str(file))


def test_a_gold_store_is_built_once(tmp_path: Path) -> None:
    """The second opening finds it complete; another embedding is another store."""
    settings: Settings = settings_for(tmp_path / "data")
    notices = [path for path in notice_files() if path.stem == "dev-renwu"]
    said: list[str] = []
    for _ in range(2):
        store = gold_store(settings, notices, said.append, tmp_path)
        assert store.catalogue.notice_ids() == ["dev-renwu"]
        store.close()
    assert said == ["建立评测用数据：1 份通报，向量引擎 none"]
    assert store_key(settings, notices) != store_key(settings.model_copy(update={"embedding": "x"}), notices)


def test_a_suite_of_ones_own(tmp_path: Path) -> None:
    """A path instead of a name."""
    file = tmp_path / "mine.yaml"
    file.write_text("{suite: mine, task: answer, cases: [], unit: case, gate: [right]}", encoding="utf-8")
    assert load_suite(str(file)) == Suite(suite="mine", task="answer", cases=(), unit="case", gate=("right",))
