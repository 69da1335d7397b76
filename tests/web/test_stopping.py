"""An answer that takes long: its sentences on the page as they come, and stopped at a click."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.audit import Audit, Entry
from tests.web.conftest import served
from tests.web.test_browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.server]

SLOWLY = """
import sys, time
from pathlib import Path
from bot.app import open_store
from bot.settings import load_settings
from bot.web.desk import Desk
from bot.web.serve import application, listen, run, silence

silence(sys.argv[1] + "-uploads")
from bot.web.page import build

def slow(store, question, *, on_sentence=None, **_):
    for number in range(1, 500):
        if on_sentence:
            on_sentence(f"第{number}句。", ())
        time.sleep(0.2)
    raise AssertionError("nobody stopped it")

settings = load_settings(data=Path(sys.argv[1]), embedding="none")
desk = Desk(open_store(settings, create=True), settings, slow)
run(application(build(desk), desk, login=False), listen("127.0.0.1", 0), say=lambda line: print(line, flush=True))
"""


@pytest.fixture
def slow_site(tmp_path: Path) -> Iterator[str]:
    """The address of a page over an empty store whose answers take for ever."""
    yield from served(tmp_path / "data", SLOWLY)


def test_a_running_answer_is_stopped(chromium: Browser, slow_site: str, tmp_path: Path) -> None:
    """Verified sentences appear one by one; 停止 ends the work itself, not only its showing, and the page goes on."""
    for page, _ in opened(chromium, slow_site):
        page.locator("#question textarea").fill("慢慢说")
        page.locator("#question textarea").press("Enter")
        page.locator(".turn", has_text="第3句。").wait_for()
        assert "第1句。" in page.locator(".turn").inner_text()
        page.locator("#stop-answer").click()
        page.locator(".turn .failed", has_text="已停止，没有回答。").wait_for()
        (entry,) = recorded(Audit(tmp_path / "data"))
        assert (entry.subject, entry.status) == ("慢慢说", "failed")
        page.locator("#clear").click()
        page.locator("#conversation .welcome").wait_for()


def recorded(audit: Audit) -> list[Entry]:
    """What is on record once the work has ended; waits for that."""
    for _ in range(100):
        found = list(audit.entries())
        if found:
            return found
        time.sleep(0.1)
    return []
