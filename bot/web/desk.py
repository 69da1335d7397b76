"""What every tab and every endpoint works at: the store, the settings, and asking on behalf of somebody.

Whoever asks is counted (rate limit) and recorded (audit) here, so that no way in can go round it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Protocol

from bot import journal
from bot.app import open_llm
from bot.audit import Action, Audit, Entry, now
from bot.errors import StoreError, UsageError, ZhenggaiError
from bot.records import Answer, Citation, Hit, Summary, Turn
from bot.web.limits import Limit
from bot.web.papers import Made, Papers
from bot.web.sessions import Visitor
from bot.web.shelf import Exchange, Shelf

if TYPE_CHECKING:
    from bot.briefing import Order, Writer
    from bot.llm.chat import CallRecord, Chat, OnCall
    from bot.qa.worded import OnSentence, OnStage
    from bot.records import Figure, Paragraph
    from bot.settings import Settings
    from vectorstore.store import Store

FEEDBACK_FILE = "feedback.jsonl"
LONGEST_QUESTION = 500
"""Characters."""
_MINUTE = 60.0


class TooMany(UsageError):
    """Somebody asks more often than he may."""


class Asker(Protocol):
    """What answers a question: ``bot.qa.answer.ask``."""

    def __call__(
        self,
        store: Store,
        question: str,
        *,
        history: Sequence[Turn] = ...,
        notices: Sequence[str] = ...,
        chat: Chat | None = ...,
        on_sentence: OnSentence | None = ...,
        on_stage: OnStage | None = ...,
        on_call: OnCall | None = ...,
    ) -> Answer:
        """Answer from the store; raises ``ZhenggaiError``."""
        ...


class Desk:
    """One per server, shared by all sessions: holds nothing of any of them but how often they asked."""

    def __init__(self, store: Store, settings: Settings, ask: Asker | None = None) -> None:
        """``ask``: another answerer than ``bot.qa.answer.ask`` (tests)."""
        if ask is None:
            from bot.qa.answer import ask as answer_question

            ask = answer_question
        self.store, self.settings, self.answer = store, settings, ask
        self.audit = Audit(settings.data)
        self.shelf = Shelf(settings.data)
        self.papers = Papers()
        self._chat = open_llm(settings)
        self._questions = Limit(settings.questions_per_minute, _MINUTE)

    def ask(
        self,
        visitor: Visitor,
        question: str,
        *,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        on_sentence: OnSentence | None = None,
        on_stage: OnStage | None = None,
    ) -> Answer:
        """The answer to a visitor, recorded before he sees it. Raises ``ZhenggaiError``.

        ``on_sentence``: told each sentence that a model wrote, once it is verified; ``on_stage``: what is being done.
        """
        question = self._asked(visitor, question)
        calls: list[CallRecord] = []
        try:
            found = self.answer(
                self.store,
                question,
                history=history,
                notices=notices,
                chat=self._chat,
                on_sentence=on_sentence,
                on_stage=on_stage,
                on_call=calls.append,
            )
        except BaseException as error:
            # Failed, or stopped by the visitor: that he asked is on record all the same.
            self._record(visitor, "ask", question, str(error) if isinstance(error, ZhenggaiError) else "", "failed")
            raise
        lost = self._record(visitor, "ask", question, found.answer, found.status, found.citations, *_written_by(calls))
        return replace(found, warnings=(*found.warnings, *lost))

    def summarize(
        self, visitor: Visitor, question: str, *, notices: Sequence[str] = (), on_stage: OnStage | None = None
    ) -> Summary:
        """The structured summary for a visitor, recorded. Raises ``ZhenggaiError``."""
        from bot.qa.summarize import summarize

        question = self._asked(visitor, question) if question.strip() or not notices else ""
        calls: list[CallRecord] = []
        found = summarize(
            self.store, question, notices=notices, chat=self._chat, on_stage=on_stage, on_call=calls.append
        )
        result = "".join(sentence.text for sentence in found.overview[:1]) or "".join(found.warnings)
        status = f"{found.coverage.notices} 份通报 {found.coverage.items} 个问题"
        subject, by = question or "、".join(notices), _written_by(calls)
        lost = self._record(visitor, "summarize", subject, result, status, found.citations, *by)
        return replace(found, warnings=(*found.warnings, *lost))

    def brief(self, visitor: Visitor, order: Order, *, on_stage: OnStage | None = None) -> Made:
        """A briefing for a visitor, recorded; a model words it where there is one. Raises ``ZhenggaiError``.

        ``on_stage``: what is being done. The same order gives this very paper again through ``paper``.
        """
        from bot.briefing import deliver
        from bot.briefing.wording import ModelWriter
        from bot.llm.layers import Recorded

        self._allowed(visitor)
        calls: list[CallRecord] = []
        writer = ModelWriter(Recorded(self._chat, calls.append)) if self._chat else None
        key = (visitor.owner, order, self.store.catalogue.revision())
        subject = order.title or "、".join(part for part in (order.wanted.place, order.style, order.length) if part)
        try:
            paper = deliver(self.store, order, _telling(writer, on_stage) if writer else None)
        except BaseException as error:
            # Failed, or stopped by the visitor: that he ordered it is on record all the same.
            self._record(visitor, "brief", subject, str(error) if isinstance(error, ZhenggaiError) else "", "failed")
            raise
        warnings = writer.warnings if writer else ()
        by = _written_by(calls)
        lost = self._record(
            visitor, "brief", paper.briefing.title, "".join(warnings), "", paper.briefing.citations, *by
        )
        made = Made(paper, (*warnings, *lost))
        self.papers.put(key, made)
        return made

    def paper(self, visitor: Visitor, order: Order) -> Made:
        """The briefing that the visitor was shown for an order, made anew where it is not there any more."""
        key = (visitor.owner, order, self.store.catalogue.revision())
        return self.papers.get(key) or self.brief(visitor, order)

    def search(self, visitor: Visitor, query: str, k: int) -> list[Hit]:
        """Passages for a visitor, recorded. Raises ``ZhenggaiError``."""
        from bot.qa.retrieve import hits

        query = self._asked(visitor, query)
        found = hits(self.store, query, k)
        self._record(visitor, "search", query, f"{len(found)} 段", "")
        return found

    def note(self, visitor: Visitor, action: Action, subject: str, result: str = "") -> None:
        """Record what else somebody did. Raises ``StoreError``."""
        self._record(visitor, action, subject, result, "")

    def judge(self, visitor: Visitor, said: Exchange, verdict: str, reason: str) -> None:
        """Keep what a user thought of an answer, for whoever improves the program. Raises ``StoreError``."""
        if said.answer is None:
            return
        record = {
            "time": now(),
            "user": visitor.name,
            "question": said.question,
            "answer": said.answer.answer,
            "verdict": verdict,
            "reason": reason.strip()[:LONGEST_QUESTION],
            "citations": [asdict(citation) for citation in said.answer.citations],
        }
        journal.append(self.settings.data / FEEDBACK_FILE, record)

    def _asked(self, visitor: Visitor, question: str) -> str:
        """The question as it is asked, if its visitor may ask now."""
        question = question.strip()
        if not question:
            raise UsageError("请写下问题")
        if len(question) > LONGEST_QUESTION:
            raise UsageError(f"问题请不超过 {LONGEST_QUESTION} 个字")
        self._allowed(visitor)
        return question

    def _allowed(self, visitor: Visitor) -> None:
        """Count one more question of the visitor. Raises ``TooMany``."""
        wait = 0.0 if visitor.role == "local" else self._questions.take(visitor.name)
        if wait:
            raise TooMany(f"提问过于频繁，请 {int(wait) + 1} 秒后再试")

    def _record(
        self,
        visitor: Visitor,
        action: Action,
        subject: str,
        result: str,
        status: str,
        citations: tuple[Citation, ...] = (),
        prompt: str = "",
        model: str = "",
    ) -> tuple[str, ...]:
        """Put it on record. Where that fails a user who logged in gets no answer (``StoreError``); on one's own machine
        the answer says so (what is returned)."""
        who = (now(), visitor.name, visitor.address)
        try:
            self.audit.record(Entry(*who, action, subject, result, status, citations, prompt, model))
        except StoreError as error:
            if visitor.role != "local":
                raise
            return (f"这次问答没有记入审计记录：{error}",)
        return ()


def _telling(writer: Writer, on_stage: OnStage | None) -> Writer:
    """The writer, telling before each paragraph what is being done."""

    def write(heading: str, paragraph: Paragraph, figures: Sequence[Figure], citations: Mapping[int, Citation]) -> str:
        if on_stage:
            on_stage(f"正在撰写“{heading}”，逐句核对…" if heading else "正在撰写，逐句核对…")
        return writer(heading, paragraph, figures, citations)

    return write


def _written_by(calls: Sequence[CallRecord]) -> tuple[str, str]:
    """The prompts with their versions and the models that were called; empty where none was."""
    prompts = "、".join(dict.fromkeys(f"{call.prompt}@{call.version}" for call in calls))
    return prompts, "、".join(dict.fromkeys(call.model for call in calls))
