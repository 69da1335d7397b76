"""Summaries: the items that a structured summary holds against the request's item set, and its overview against its
citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.qa.summarize import summarize
from bot.records import OverviewSentence, Summary
from bot.schemas import to_data
from evals.cases import Request, read_requests, split_of
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics import sets
from evals.metrics.citations import Statement, supported, valid_quotes
from evals.metrics.recount import without_counts
from evals.metrics.score import Ratio, Score
from evals.metrics.spans import grounded_values, valid
from evals.stores import gold_store
from evals.suite import Suite
from evals.task import Case, Opened, Say, System
from evals.tasks.answer import texts_of

if TYPE_CHECKING:
    from bot.llm.chat import Chat


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per request."""
    store = gold_store(system.settings, notice_files(), say)
    texts = texts_of(store)

    def summed(case: Case, chat: Chat | None) -> Summary:
        return summarize(store, case.data.question, chat=chat, prompt=system.prompts.get("summarize"))

    cases = [Case(r.qid, (split_of(r.qid),), r.qid, "", r) for r in read_requests(suite.files())]
    return Opened(cases, Summary, summed, lambda case, got: score(case, got, texts), store.close)


def score(case: Case, summary: Summary, texts: Mapping[str, str]) -> CaseResult:
    """Figures and judgements of one summary."""
    request: Request = case.data
    return case.result(
        ratios=summary_ratios(request, summary, texts),
        scores=tuple(summary_scores(request, summary, texts)),
        detail={"question": request.question, "summary": to_data(summary)},
    )


def summary_ratios(request: Request, summary: Summary, texts: Mapping[str, str]) -> dict[str, Ratio]:
    """Items of the groups (micro), complete requests, supported overview sentences, valid spans."""
    items = sets.exact([group.item_id for group in summary.groups], request.items)
    quotes = _quotes(summary, texts)
    backed = [supported(_stated(s, summary), quotes) for s in summary.overview]
    return {
        **items.ratios("summary_item"),
        "summary_complete": Ratio(items.recall == 1 and items.precision >= 0.9, 1),
        "overview_supported": Ratio(sum(backed), len(backed)),
        "summary_spans_valid": _spans(summary, texts),
    }


def _stated(sentence: OverviewSentence, summary: Summary) -> Statement:
    """What the quotes have to support: the sentence without figures that the cited members bear out."""
    return Statement(without_counts(sentence, summary), sentence.citations)


def _quotes(summary: Summary, texts: Mapping[str, str]) -> dict[int, str]:
    return valid_quotes([(c.n, c.quote, texts.get(c.notice_id, "")[c.start : c.end]) for c in summary.citations])


def _spans(summary: Summary, texts: Mapping[str, str]) -> Ratio:
    values = [(texts.get(g.notice_id, ""), quote, span) for g in summary.groups for _, quote, span in _values(g)]
    return Ratio(sum(valid(text, quote, span) for text, quote, span in values), len(values))


def _values(group: object) -> Iterator[tuple[str, str, tuple[int, int]]]:
    return grounded_values(to_data(group))


def summary_scores(request: Request, summary: Summary, texts: Mapping[str, str]) -> Iterator[Score]:
    """Items missed and items too many, overview sentences without support."""
    got, gold = {group.item_id for group in summary.groups}, set(request.items)
    for item in sorted(gold - got):
        yield Score("summary_item_f1", request.question, 0.0, None, item, "漏")
    for item in sorted(got - gold):
        yield Score("summary_item_f1", request.question, 0.0, item, None, "多")
    quotes = _quotes(summary, texts)
    for sentence in summary.overview:
        if not supported(_stated(sentence, summary), quotes):
            yield Score("overview_supported", "概述", 0.0, sentence.text, list(sentence.citations), "引文不支持")
