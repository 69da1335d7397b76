"""Programs behind the page: Gradio's client and an MCP client, with a login and without."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from bot.audit import Audit
from bot.users import Users
from tests.web.conftest import served

pytestmark = pytest.mark.server

PASSWORD = "临湘-2021-abc"
QUESTION = "临湘市污水管网已经建了多少公里"
PATIENCE = {"timeout": 120.0}
"""httpx gives up after 5 seconds, in which a busy machine may not have hashed a password or made its first page."""
FUNCTIONS = ["ask", "brief", "list_items", "list_notices", "search", "summarize"]


@pytest.fixture(scope="module")
def locked(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a page with one user and one administrator, and its data folder."""
    folder = tmp_path_factory.mktemp("locked") / "data"
    shutil.copytree(seed_folder, folder)
    Users(folder).add("wang", PASSWORD, "admin")
    Users(folder).add("zhang", PASSWORD)
    for address in served(folder):
        yield address, folder


def client(address: str, **how: Any) -> Client:
    """Gradio's client, silent."""
    return Client(address, verbose=False, analytics_enabled=False, httpx_kwargs=PATIENCE, **how)


def test_gradios_client_calls_every_function(site: str) -> None:
    """Each function answers with its document: Answer, hits, Summary, items, Briefing, notices."""
    page = client(site)
    found = page.predict(QUESTION, api_name="/ask")
    assert (found["status"], found["short_answer"]) == ("answered", "25公里")
    history = [{"question": QUESTION, "answer": found["answer"]}]
    assert page.predict(question="开挖了多少条道路", history=history, api_name="/ask")["status"] == "answered"
    assert len(page.predict(query="污水处理厂", k=3, api_name="/search")) == 3
    notices = page.predict(api_name="/list_notices")
    summary = page.predict(notices=[notices[0]["id"]], api_name="/summarize")
    assert summary["coverage"]["notices"] == 1
    items = page.predict(place="临湘", status=["已完成"], api_name="/list_items")
    assert {item["status"]["value"] for item in items} == {"completed"}
    brief = page.predict(place="临湘", title="临湘整改", api_name="/brief")
    assert brief["title"] == "临湘整改"
    assert set(brief["items"]) >= {item["id"] for item in items}


def test_a_wrong_call_is_answered_in_words(site: str) -> None:
    """A status that does not exist, an empty question: our message, not a traceback."""
    with pytest.raises(AppError, match="没有“完了”这种状态"):
        client(site).predict(status=["完了"], api_name="/list_items")
    with pytest.raises(AppError, match="请写下问题"):
        client(site).predict(" ", api_name="/ask")


def test_with_users_gradios_client_has_to_log_in(locked: tuple[str, Path]) -> None:
    """No password and a wrong one get nothing; the right one asks under its own name."""
    address, folder = locked
    with pytest.raises(ValueError, match="Please login"):
        client(address)
    with pytest.raises(AuthenticationError):
        client(address, auth=("zhang", "wrong"))
    found = client(address, auth=("zhang", PASSWORD)).predict(QUESTION, api_name="/ask")
    assert found["short_answer"] == "25公里"
    last = [entry for entry in Audit(folder).entries() if entry.action == "ask"][-1]
    assert (last.user, last.subject, last.citations[0].quote) == ("zhang", QUESTION, found["citations"][0]["quote"])


def test_an_mcp_client_finds_documented_tools_and_asks(site: str) -> None:
    """The tools are the six functions with their descriptions; ask answers with its proof."""
    tools, answer = asyncio.run(_mcp(site, {}))
    assert sorted(tools) == FUNCTIONS
    assert tools["ask"].startswith("Answer a question over the rectification notices")
    assert (answer["status"], answer["short_answer"]) == ("answered", "25公里")
    assert "25公里" in answer["citations"][0]["quote"]


def test_with_users_mcp_needs_a_password(locked: tuple[str, Path]) -> None:
    """Without Authorization the endpoint is closed; with it the call is made in that user's name."""
    address, folder = locked
    assert httpx.post(f"{address}/gradio_api/mcp/", json={}, **PATIENCE).status_code == 401
    basic = base64.b64encode(f"wang:{PASSWORD}".encode()).decode()
    _, answer = asyncio.run(_mcp(address, {"Authorization": f"Basic {basic}"}))
    assert answer["short_answer"] == "25公里"
    assert [entry.user for entry in Audit(folder).entries() if entry.action == "ask"][-1] == "wang"


async def _mcp(address: str, headers: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The tools with their descriptions, and what ask answers."""
    async with (
        httpx.AsyncClient(headers=headers, **PATIENCE) as http,
        streamable_http_client(f"{address}/gradio_api/mcp/", http_client=http) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        listed = await session.list_tools()
        called = await session.call_tool("ask", {"question": QUESTION})
        text = "".join(part.text for part in called.content if part.type == "text")
        assert not called.isError, text
        return {tool.name: tool.description or "" for tool in listed.tools}, json.loads(text)


def test_files_are_made_behind_the_login(locked: tuple[str, Path]) -> None:
    """Ledger for every user, audit log for administrators only, another one's conversation for nobody."""
    address, _ = locked
    assert httpx.get(f"{address}/download/ledger.xlsx", **PATIENCE).status_code == 401
    zhang, wang = (httpx.Client(base_url=address, auth=(name, PASSWORD), **PATIENCE) for name in ("zhang", "wang"))
    found = zhang.get("/download/ledger.xlsx", params={"place": "临湘"})
    assert found.content.startswith(b"PK")
    assert found.headers["content-disposition"].startswith("attachment")
    assert zhang.get("/download/ledger.csv").content.startswith(b"\xef\xbb\xbf")
    assert zhang.get("/download/ledger.exe").status_code == 404
    assert zhang.get("/download/ledger.csv", params={"status": "完了"}).status_code == 400
    assert zhang.get("/download/audit.csv").status_code == 403
    assert "wang" in wang.get("/download/audit.csv").text
    assert zhang.get("/download/eval/x.html").status_code == 403
    assert zhang.get("/download/conversation/20260101-000000-00000000.txt").status_code == 404
