"""The retriever and the chains as LangChain sees them: the same functions behind ``BaseRetriever`` and ``Runnable``.

Kept apart because importing LangChain's classes costs as much as a whole question from the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from bot.qa.answer import ask
from bot.qa.retrieve import hits
from bot.qa.summarize import summarize
from bot.records import Answer, Hit, Summary, Turn
from vectorstore.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.llm.chat import Chat


class NoticeRetriever(BaseRetriever):
    """Passages of the store as LangChain documents; ``metadata`` holds notice_id, file, start, end, score."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        return [_document(hit) for hit in hits(self.store, query, self.k)]


def _document(hit: Hit) -> Document:
    metadata = {"notice_id": hit.notice_id, "file": hit.file, "start": hit.start, "end": hit.end, "score": hit.score}
    return Document(page_content=hit.text, metadata=metadata)


def answer_chain(store: Store, chat: Chat | None = None) -> Runnable[Mapping[str, Any] | str, Answer]:
    """Question in, ``Answer`` out. Takes a string, or a mapping with ``question``, ``history`` and ``notices``.

    ``chat``: the model that words the answers (``bot.app.open_llm``), none for quotations.
    """

    def run(asked: Mapping[str, Any] | str) -> Answer:
        if isinstance(asked, str):
            return ask(store, asked, chat=chat)
        turns = tuple(Turn(turn["question"], turn["answer"]) for turn in asked.get("history", ()))
        return ask(store, asked["question"], history=turns, notices=tuple(asked.get("notices", ())), chat=chat)

    return RunnableLambda(run)


def summary_chain(store: Store, chat: Chat | None = None) -> Runnable[Mapping[str, Any] | str, Summary]:
    """Request in, ``Summary`` out, valid against ``zhenggai schema summary`` with and without a model.

    Takes a string, or a mapping with ``question`` and ``notices``.
    """

    def run(asked: Mapping[str, Any] | str) -> Summary:
        if isinstance(asked, str):
            return summarize(store, asked, chat=chat)
        return summarize(store, asked.get("question", ""), notices=tuple(asked.get("notices", ())), chat=chat)

    return RunnableLambda(run)
