"""What programs find behind the page."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.web.page import build
from tests.web.test_chat import Answering, at
from vectorstore.store import Store


def test_programs_see_the_named_functions_and_nothing_else(seed_store: Store, tmp_path: Path) -> None:
    """The API documents six functions with their descriptions; the page's own wiring is private."""
    page = build(at(seed_store, tmp_path, Answering()))
    named = page.get_api_info()["named_endpoints"]
    assert sorted(named) == ["/ask", "/brief", "/list_items", "/list_notices", "/search", "/summarize"]
    assert named["/ask"]["description"].startswith("Answer a question over the rectification notices")
    assert [parameter["parameter_name"] for parameter in named["/ask"]["parameters"]] == [
        "question",
        "history",
        "notices",
    ]


def test_gradio_reports_nothing_home(seed_store: Store, tmp_path: Path) -> None:
    """Analytics are off in the page itself, whatever the environment says."""
    page = build(at(seed_store, tmp_path, Answering()))
    assert page.analytics_enabled is False


@pytest.mark.server
def test_a_program_asks_over_http(site: str) -> None:
    """Gradio's API answers a program with the Answer document, history and scope left out or given."""
    found = called(site, "ask", ["临湘市污水管网已经建了多少公里", [], []])
    assert (found["status"], found["short_answer"]) == ("answered", "25公里")
    assert "25公里" in found["citations"][0]["quote"]
    assert len(called(site, "list_notices", [])) == 5
    assert len(called(site, "search", ["污水处理厂", 3])) == 3


def called(site: str, name: str, data: list[Any]) -> Any:
    """What an endpoint returns: posted first, read from its event stream then."""
    body = json.dumps({"data": data}).encode()
    request = urllib.request.Request(f"{site}/gradio_api/call/{name}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{site}/gradio_api/call/{name}/{event}", timeout=30) as response:
        stream = response.read().decode()
    assert "event: complete" in stream, stream
    return json.loads(stream.split("data: ", 1)[1])[0]
