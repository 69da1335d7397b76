"""The overview of a summary in a model's words: its sentences verified, the figures and the groups computed as ever.

The first sentence (how many problems, in what state) stays the one that code wrote. Where the model fails, so do all
the others, with a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import LLMError
from bot.llm.chat import Chat
from bot.llm.cited import cited_texts
from bot.llm.outputs import CitedText
from bot.llm.verify import Finding, verify, without_markers
from bot.qa.llm_answer import Evidence, numbered
from bot.qa.worded import FALLBACK, OnStage
from bot.qa.words import synonyms
from bot.records import Citation, OverviewSentence, Summary, SummaryGroup
from prompts.loader import Prompt, load

PROMPT = "summarize@1"
MAX_EVIDENCE_CHARS = 5000
MAX_MEASURES = 2
"""Measures of a group that the model may cite, the longer ones left to the groups."""
LONGEST_QUOTE = 400
MAX_SENTENCES = 8


def word_overview(
    summary: Summary, chat: Chat, *, prompt: Prompt | None = None, on_stage: OnStage | None = None
) -> Summary:
    """The summary with the model's overview; as it was, with a warning, where the model fails."""
    if not summary.groups:
        return summary
    if on_stage:
        on_stage("正在撰写概述，逐句核对…")
    sources = _sources(summary)
    prompt = prompt or load(PROMPT)
    values = {
        "question": summary.question or "概括下列问题的整改情况",
        "evidence": numbered([Evidence(c.n, c.quote, about) for c, about in sources]),
    }
    try:
        proved = cited_texts(chat, prompt, values, lambda text: _wrong(text, sources))
    except LLMError as error:
        return replace(summary, warnings=(*summary.warnings, f"{str(error).rstrip('。')}，{FALLBACK}。"))
    lost = (f"大模型写的{proved.lost}句话与原文对不上，已略去",) if proved.lost else ()
    return _with(summary, proved.texts[:MAX_SENTENCES], sources, lost)


def _with(
    summary: Summary, texts: Sequence[CitedText], sources: Sequence[tuple[Citation, str]], lost: tuple[str, ...]
) -> Summary:
    """The computed sentence and the model's; citations that it used and nobody else are numbered on."""
    known = {c.n for c in summary.citations}
    numbers = {n: n for n in known}
    added: list[Citation] = []
    for n in dict.fromkeys(n for text in texts for n in text.citations if n not in known):
        numbers[n] = len(summary.citations) + len(added) + 1
        added.append(replace(next(c for c, _ in sources if c.n == n), n=numbers[n]))
    said = tuple(
        OverviewSentence(_tidy(text.text), tuple(numbers[n] for n in dict.fromkeys(text.citations))) for text in texts
    )
    return replace(
        summary,
        overview=(*summary.overview[:1], *said),
        citations=(*summary.citations, *added),
        mode="llm",
        warnings=(*summary.warnings, *lost),
    )


def _tidy(text: str) -> str:
    words = " ".join(without_markers(text).split())
    return words if words[-1] in "。！？” " else words.rstrip("，,；;：:") + "。"


def _wrong(text: CitedText, sources: Sequence[tuple[Citation, str]]) -> list[Finding]:
    marked = without_markers(text.text) + "".join(f"[{n}]" for n in text.citations)
    texts, about = {c.n: c.quote for c, _ in sources}, {c.n: about for c, about in sources}
    return verify(marked, texts, context=about, spelled=synonyms())


# -- evidence ----------------------------------------------------------------------------------------------------------


def _sources(summary: Summary) -> list[tuple[Citation, str]]:
    """Finding, state and first measures of as many groups as fit, in their order; what the summary cites keeps its
    number."""
    numbers = {(c.notice_id, c.start, c.end): c for c in summary.citations}
    found: list[tuple[Citation, str]] = []
    size, free = 0, len(summary.citations) + 1
    titles = {c.notice_id: c.title for c in summary.citations}
    for group in summary.groups:
        about = f"{titles.get(group.notice_id, '')} {_flat(group.problem.text)[:80]}"
        for text, span in _spots(group):
            spot = (group.notice_id, *span)
            like = numbers.get(spot)
            size += len(text)
            if size > MAX_EVIDENCE_CHARS and found:
                return found
            if like is None:
                like = Citation(free, group.notice_id, group.file, titles.get(group.notice_id, ""), *span, text)
                numbers[spot], free = like, free + 1
            if all(c.n != like.n for c, _ in found):
                found.append((like, about))
    return found


def _spots(group: SummaryGroup) -> list[tuple[str, tuple[int, int]]]:
    measures = [(m.text, m.span) for m in group.measures if len(m.text) <= LONGEST_QUOTE][:MAX_MEASURES]
    quotes = [(q.text, q.span) for q in group.status.quotes[:2]]
    return [(group.problem.text, group.problem.span), *measures, *quotes]


def _flat(text: str) -> str:
    return "".join(text.split())
