"""Answers: each question asked as a user asks it, the answer held against every acceptable one and its proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from bot.qa.answer import ask
from bot.records import Answer
from bot.schemas import to_data
from evals.cases import Question, read_questions, split_of
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics import answers
from evals.metrics.citations import citation_ratios, citation_scores, valid_quotes
from evals.metrics.evidence import Cited, proved, wrong_document
from evals.metrics.score import Ratio, Score
from evals.stores import gold_store
from evals.suite import Suite
from evals.task import Case, Opened, Say, System

if TYPE_CHECKING:
    from bot.llm.chat import Chat
    from vectorstore.store import Store


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per question of the suite's kinds."""
    store = gold_store(system.settings, notice_files(), say)
    texts = texts_of(store)
    return Opened(
        question_cases(suite), Answer, asking(store, system), lambda case, got: score(case, got, texts), store.close
    )


def question_cases(suite: Suite) -> list[Case]:
    """The suite's questions as cases."""
    return [question_case(q) for q in read_questions(suite.files()) if q.kind in suite.kinds]


def question_case(question: Question) -> Case:
    """One question as a case."""
    return Case(question.qid, (split_of(question.qid),), question.cluster, question.stratum, question)


def texts_of(store: Store) -> dict[str, str]:
    """The notices' texts by id."""
    return {notice_id: store.catalogue.text(notice_id) for notice_id in store.catalogue.notice_ids()}


def asking(store: Store, system: System) -> Callable[[Case, Chat | None], Answer]:
    """Asks a case's question as a user would. Without a model the same question of another suite is not asked again."""

    def asked(case: Case, chat: Chat | None) -> Answer:
        return ask(store, case.data.question, history=case.data.history, chat=chat, prompts=system.prompts)

    def kept(case: Case, chat: Chat | None) -> Answer:
        if chat is not None:
            return asked(case, chat)
        key = ("ask", str(store.folder), case.data.question, *map(str, case.data.history))
        if key not in system.kept:
            system.kept[key] = asked(case, chat)
        answer: Answer = system.kept[key]
        return answer

    return kept


def score(case: Case, answer: Answer, texts: Mapping[str, str]) -> CaseResult:
    """Figures and judgements of one answer."""
    question: Question = case.data
    return case.result(
        ratios=answer_ratios(question, answer, texts) | written(answer),
        scores=tuple(answer_scores(question, answer, texts)),
        detail={"kind": question.kind, "expected": list(question.short_answers), "answer": to_data(answer)},
    )


def written(answer: Answer) -> dict[str, Ratio]:
    """Where a model was asked to word the answer: whether it is the model's, or the extractive one in its place."""
    return {"written": Ratio(answer.mode == "llm", 1)} if "llm" in answer.timings_ms else {}


def answer_ratios(question: Question, answer: Answer, texts: Mapping[str, str]) -> dict[str, Ratio]:
    """All figures of one question; what does not apply to its kind is left out."""
    if question.expect == "refused":
        return {"noans": Ratio(answer.status == "refused", 1)}
    cited = [Cited(c.notice_id, (c.start, c.end)) for c in answer.citations]
    ratios = _texts(question, answer) | _members(question, answer)
    if question.proofs:
        found = [proved(proof, cited, texts) for proof in question.proofs]
        ratios["evidence"] = Ratio(all(found), 1)
    if cited:
        ratios["wrong_document"] = Ratio(wrong_document(cited, question.notices), 1)
    return ratios | _citations(answer, texts)


def _texts(question: Question, answer: Answer) -> dict[str, Ratio]:
    """Against the acceptable short answers. SQuAD 2: a refusal of an answerable question scores 0 (HasAns)."""
    golds = acceptable(question)
    if not golds:
        return {}
    got = answer.short_answer or ""
    ratios = {
        "right": Ratio(is_right(question, answer), 1),
        "contained": Ratio(is_contained(question, answer), 1),
        "exact_match": Ratio(bool(got) and answers.exact_match(got, golds), 1),
        "f1_chars": Ratio(answers.best(answers.f1_chars, got, golds), 1),
        "f1_run": Ratio(answers.best(answers.f1_run, got, golds), 1),
        "answer_score": Ratio(answers.best(answers.answer_score, got, golds) if got else 0.0, 1),
    }
    return ratios | {f"right.{question.kind}": ratios["right"]}


def acceptable(question: Question) -> list[str]:
    """The acceptable short answers, the computed figure with its unit among them."""
    value = [f"{question.value.number}{question.value.unit}"] if question.value else []
    return [*question.short_answers, *value]


def is_right(question: Question, answer: Answer) -> bool:
    """The short answer, or the computed figure, is one of the acceptable ones."""
    if answer.status == "refused":
        return False
    figure = f"{answer.value.number}{answer.value.unit}" if answer.value else None
    return any(answers.right(got, acceptable(question)) for got in (answer.short_answer, figure))


def is_contained(question: Question, answer: Answer) -> bool:
    """An acceptable answer stands in the answer; the length limit is that of a lookup."""
    limit = answers.LOOKUP_LIMIT if answer.route == "lookup" else None
    return answer.status == "answered" and answers.contained(answer.answer, acceptable(question), limit)


def _members(question: Question, answer: Answer) -> dict[str, Ratio]:
    """Lists and counts by their members, where these are items."""
    if question.kind not in ("list", "count") or not question.items:
        return {}
    return {"list_complete": Ratio(answers.list_complete(answer.items, question.items), 1)}


def _citations(answer: Answer, texts: Mapping[str, str]) -> dict[str, Ratio]:
    """ALCE over lookup answers; a sentence that states a computed figure quotes nothing, so other routes are
    unscored."""
    quotes = valid_quotes([(c.n, c.quote, texts.get(c.notice_id, "")[c.start : c.end]) for c in answer.citations])
    spans = {"citation_spans_valid": Ratio(len(quotes), len(answer.citations))}
    if answer.status == "refused" or answer.route != "lookup":
        return spans
    return spans | citation_ratios(answer.answer, quotes)


def answer_scores(question: Question, answer: Answer, texts: Mapping[str, str]) -> Iterator[Score]:
    """The judgements: right, proofs, members, unsupported sentences."""
    where, got = question.question, answer.short_answer or answer.answer
    if question.expect == "refused":
        yield Score("noans", where, float(answer.status == "refused"), got, "拒答", answer.reason or "作答")
        return
    if golds := acceptable(question):
        yield Score("right", where, float(is_right(question, answer)), got, golds, answer.reason or answer.route)
    cited = [Cited(c.notice_id, (c.start, c.end)) for c in answer.citations]
    for proof in question.proofs:
        found = proved(proof, cited, texts)
        quotes = [c.quote for c in answer.citations]
        yield Score("evidence", where, float(found), quotes, list(proof.any_of), "已引用" if found else "没有引用到")
    if _members(question, answer):
        yield _member_score(question, answer)
    if answer.status == "answered" and answer.route == "lookup":
        yield from citation_scores(answer.answer, {c.n: c.quote for c in answer.citations})


def _member_score(question: Question, answer: Answer) -> Score:
    got, gold = set(answer.items), set(question.items)
    why = f"漏 {len(gold - got)}，多 {len(got - gold)}"
    complete = answers.list_complete(answer.items, question.items)
    return Score("list_complete", question.question, float(complete), sorted(got), sorted(gold), why)
