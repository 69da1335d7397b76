"""The functions that programs call, through Gradio's API or as MCP tools: ask, search, summarize, list_items, brief,
list_notices.

They do not go through the queue, so that an MCP call is answered within its own request, by whoever sent that.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.events import api

from bot.briefing import Order
from bot.errors import UsageError, ZhenggaiError
from bot.ledger import LedgerFilter, parse_status, parse_year, select
from bot.ledger.export import to_records
from bot.records import Turn
from bot.schemas import to_data
from bot.settings import Masthead
from bot.web.access import visitor_of
from bot.web.desk import Desk


def add(desk: Desk) -> None:
    """Register the endpoints; called inside the page's context."""
    for function in (*_questions(desk), *_ledger(desk)):
        api(function, api_name=function.__name__, queue=False)


def answer_mcp_in_json(page: gr.Blocks) -> None:
    """Make MCP tools answer with JSON: Gradio would print the data as Python does. Called once the page is mounted."""
    from mcp.types import TextContent

    def in_json(data: list[Any], root_url: str) -> list[TextContent]:
        del root_url
        return [TextContent(type="text", text=json.dumps(output, ensure_ascii=False)) for output in data]

    server: Any = page.mcp_server_obj
    server.postprocess_output_data = in_json


def _questions(desk: Desk) -> tuple[Any, ...]:
    def ask(
        question: str,
        history: list[dict[str, str]] | None = None,
        notices: list[str] | None = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Answer a question over the rectification notices, with the exact sentences that prove it.

        Parameters:
            question: the question in Chinese
            history: earlier turns, [{"question": ..., "answer": ...}], for follow-ups
            notices: ids of the notices to look in; empty for all
        Returns:
            the Answer document; status is "answered" or "refused"
        """
        with _reported():
            found = desk.ask(visitor_of(request), question, history=_turns(history), notices=tuple(notices or ()))
            return _plain(found)

    def search(query: str, k: int = 10, request: gr.Request | None = None) -> list[dict[str, Any]]:
        """Find passages of the notices.

        Parameters:
            query: words or a question in Chinese
            k: how many passages, 1 to 100
        Returns:
            [{"notice_id", "file", "start", "end", "text", "score"}], best first
        """
        with _reported():
            return [asdict(hit) for hit in desk.search(visitor_of(request), query, max(1, min(int(k), 100)))]

    def summarize(
        question: str = "", notices: list[str] | None = None, request: gr.Request | None = None
    ) -> dict[str, Any]:
        """Summarize problem, measures and status of what is asked about, or of whole notices.

        Parameters:
            question: what to summarize, in Chinese; may be empty if notices are given
            notices: ids of the notices to look in; empty for all
        Returns:
            the Summary document
        """
        with _reported():
            return _plain(desk.summarize(visitor_of(request), question, notices=tuple(notices or ())))

    return ask, search, summarize


def _ledger(desk: Desk) -> tuple[Any, ...]:
    def list_items(
        status: list[str] | None = None,
        place: str = "",
        year: str = "",
        category: str = "",
        theme: list[str] | None = None,
        keyword: str = "",
        notices: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        """List the problems of the ledger with measures and status; all filters have to hold, empty means any.

        Parameters:
            status: completed, ongoing, long_term, not_stated, or their Chinese labels
            place: a place that the notice is about
            year: four digits, of the signed date
            category: contained in the category's heading
            theme: themes, for example 秸秆
            keyword: contained in problem or measures
            notices: ids, file names or titles
        Returns:
            [{"notice_id", "file", "title", ... the keys of Item}]
        """
        with _reported():
            return to_records(select(desk.store, _wanted(status, place, year, category, theme, keyword, notices)))

    def brief(
        status: list[str] | None = None,
        place: str = "",
        year: str = "",
        category: str = "",
        theme: list[str] | None = None,
        keyword: str = "",
        notices: list[str] | None = None,
        title: str = "",
        style: str = "简报",
        length: str = "标准",
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Compose a briefing from the ledger; every figure and quotation leads to its source.

        Parameters:
            status: completed, ongoing, long_term, not_stated, or their Chinese labels
            place: a place that the notice is about
            year: four digits, of the signed date
            category: contained in the category's heading
            theme: themes, for example 秸秆
            keyword: contained in problem or measures
            notices: ids, file names or titles
            title: empty for one made from the filters
            style: 简报 or 报告
            length: 一页纸, 标准 or 详细
        Returns:
            the Briefing document
        """
        with _reported():
            wanted = _wanted(status, place, year, category, theme, keyword, notices)
            order = _order(wanted, title, style, length, desk.settings.briefing)
            return _plain(desk.brief(visitor_of(request), order).paper.briefing)

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
            for entry in desk.store.catalogue.entries()
        ]

    return list_items, brief, list_notices


def _order(wanted: LedgerFilter, title: str, style: str, length: str, head: Masthead) -> Order:
    """Raises ``UsageError`` for a style or length that does not exist."""
    if style not in ("简报", "报告") or length not in ("一页纸", "标准", "详细"):
        raise UsageError("style 应为 简报 或 报告，length 应为 一页纸、标准 或 详细")
    return Order(wanted, title.strip() or None, style, length, head)  # type: ignore[arg-type]  # just checked


def _wanted(
    status: list[str] | None,
    place: str,
    year: str,
    category: str,
    theme: list[str] | None,
    keyword: str,
    notices: list[str] | None,
) -> LedgerFilter:
    return LedgerFilter(
        parse_status(status or ()), place, parse_year(year), category, tuple(theme or ()), keyword, tuple(notices or ())
    )


def _turns(history: list[dict[str, str]] | None) -> tuple[Turn, ...]:
    try:
        return tuple(Turn(str(turn["question"]), str(turn.get("answer") or "")) for turn in history or ())
    except (TypeError, KeyError, AttributeError) as error:
        raise UsageError('history 的每一项应为 {"question", "answer"}') from error


def _plain(record: object) -> dict[str, Any]:
    data: dict[str, Any] = to_data(record)
    return data


class _reported:
    """An expected failure reaches the caller as Gradio's error with our message."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ZhenggaiError):
            raise gr.Error(str(error), print_exception=False) from error
