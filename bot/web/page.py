"""The whole page: a heading and its tabs, over one desk."""

from __future__ import annotations

from typing import Any

import gradio as gr

from bot.web import briefing, chat, endpoints, evaluation, ledger, library, markup, review
from bot.web.access import visitor_of
from bot.web.desk import Desk

TITLE = "整改通"
_AT_ONCE = 8
"""Questions answered at the same time; the others queue."""
_KEEP_SECONDS = 3600
"""Uploaded temporary files are deleted after an hour."""


def build(desk: Desk) -> gr.Blocks:
    """The page over an open store."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(_KEEP_SECONDS, _KEEP_SECONDS)) as blocks:
        page: gr.Blocks = blocks
        head = gr.HTML(markup.masthead(), elem_id="masthead", apply_default_css=False)
        with gr.Tabs():
            with gr.Tab("问答", id="chat") as talking:
                chat.tab(page, talking, desk)
            with gr.Tab("台账", id="ledger") as listing:
                ledger.tab(listing, desk)
            with gr.Tab("简报", id="briefing") as briefings:
                briefing.tab(briefings, desk)
            with gr.Tab("通报库", id="library"):
                library.tab(page, desk)
            with gr.Tab("评测", id="evals", visible=False) as evaluating:
                evaluation.tab(evaluating, desk)
            with gr.Tab("审计", id="audit", visible=False) as reviewing:
                review.tab(reviewing, desk)
        endpoints.add(desk)

        def arrive(request: gr.Request) -> tuple[str, Any, Any]:
            visitor = visitor_of(request)
            named = markup.masthead("" if visitor.role == "local" else visitor.name)
            return named, gr.update(visible=visitor.manages), gr.update(visible=visitor.audits)

        page.load(arrive, outputs=[head, evaluating, reviewing], api_visibility="private", show_progress="hidden")
    page.queue(default_concurrency_limit=_AT_ONCE, api_open=True)
    return page
