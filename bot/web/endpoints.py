"""The functions that programs call through Gradio's API: ask, search, list_notices."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.events import api

from bot.errors import ZhenggaiError
from bot.records import Turn
from bot.schemas import to_data
from bot.web.chat import Asker
from vectorstore.store import Store


def add(store: Store, answer: Asker) -> None:
    """Register the endpoints; called inside the page's context."""

    def ask(
        question: str, history: list[dict[str, str]] | None = None, notices: list[str] | None = None
    ) -> dict[str, Any]:
        """Answer a question over the rectification notices, with the exact sentences that prove it.

        Parameters:
            question: the question in Chinese
            history: earlier turns, [{"question": ..., "answer": ...}], for follow-ups
            notices: ids, file names or titles of the notices to look in; empty for all
        Returns:
            the Answer document; status is "answered" or "refused"
        """
        turns = tuple(Turn(turn["question"], turn.get("answer", "")) for turn in history or ())
        with _reported():
            data: dict[str, Any] = to_data(answer(store, question, history=turns, notices=tuple(notices or ())))
        return data

    def search(query: str, k: int = 10) -> list[dict[str, Any]]:
        """Find passages of the notices.

        Parameters:
            query: words or a question in Chinese
            k: how many passages, 1 to 100
        Returns:
            [{"notice_id", "file", "start", "end", "text", "score"}], best first
        """
        from bot.qa.retrieve import hits

        with _reported():
            return [asdict(hit) for hit in hits(store, query, max(1, min(k, 100)))]

    def list_notices() -> list[dict[str, Any]]:
        """List the notices in the library.

        Returns:
            [{"id", "file", "title", "items"}]
        """
        return [
            {
                "id": entry.notice.id,
                "file": entry.notice.file,
                "title": entry.notice.title.text if entry.notice.title else None,
                "items": entry.items,
            }
            for entry in store.catalogue.entries()
        ]

    for function in (ask, search, list_notices):
        api(function, api_name=function.__name__)


class _reported:
    """An expected failure reaches the caller as Gradio's error with our message."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ZhenggaiError):
            raise gr.Error(str(error), print_exception=False) from error
