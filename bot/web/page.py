"""The whole page: a heading and its tabs, over one store."""

from __future__ import annotations

import gradio as gr

from bot.settings import Settings
from bot.web import chat, endpoints, ledger, library
from vectorstore.store import Store

TITLE = "整改通"
_AT_ONCE = 8
"""Questions answered at the same time; the others queue."""
_KEEP_SECONDS = 3600
"""Uploaded temporary files are deleted after an hour."""


def build(store: Store, settings: Settings, *, ask: chat.Asker | None = None) -> gr.Blocks:
    """The page over an open store. ``ask``: another answerer than ``bot.qa.answer.ask`` (tests)."""
    if ask is None:
        from bot.qa.answer import ask as answer_question

        ask = answer_question
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(_KEEP_SECONDS, _KEEP_SECONDS)) as blocks:
        page: gr.Blocks = blocks
        gr.HTML(
            "<h1>整改通</h1><p>整改通报问答与台账：每个回答都附原文出处</p>",
            elem_id="masthead",
            apply_default_css=False,
        )
        with gr.Tabs():
            with gr.Tab("问答", id="chat") as talking:
                chat.tab(page, talking, store, ask)
            with gr.Tab("台账", id="ledger") as listing:
                ledger.tab(listing, store)
            with gr.Tab("通报库", id="library"):
                library.tab(page, store, settings)
        endpoints.add(store, ask)
    page.queue(default_concurrency_limit=_AT_ONCE, api_open=True)
    return page
