"""What programs find behind the page."""

from __future__ import annotations

from bot.web.page import build
from tests.support import settings_for
from tests.web.test_chat import Asked
from vectorstore.store import Store


def test_programs_see_the_named_functions_and_nothing_else(seed_store: Store) -> None:
    """The API documents ask, search and list_notices with their descriptions; the page's own wiring is private."""
    page = build(seed_store, settings_for(seed_store.folder), ask=Asked())
    named = page.get_api_info()["named_endpoints"]
    assert sorted(named) == ["/ask", "/list_notices", "/search"]
    assert named["/ask"]["description"].startswith("Answer a question over the rectification notices")
    assert [parameter["parameter_name"] for parameter in named["/ask"]["parameters"]] == [
        "question",
        "history",
        "notices",
    ]


def test_gradio_reports_nothing_home(seed_store: Store) -> None:
    """Analytics are off in the page itself, whatever the environment says."""
    page = build(seed_store, settings_for(seed_store.folder), ask=Asked())
    assert page.analytics_enabled is False
