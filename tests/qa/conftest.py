"""A store of the five seeds and the written development notices, ingested once per session without vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import open_store
from bot.qa.answer import ask
from bot.records import Answer, Turn
from tests.support import ROOT, SEEDS, filled, settings_for
from vectorstore.store import Store

Asked = Callable[..., Answer]
WRITTEN = ("biaoge", "fanti", "hebing", "hunpai", "quanma", "renwu", "shenji", "wenti-zeren")
"""The notices that these tests know; others may join the gold."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A reader's store over the seeds and eight written notices."""
    settings = settings_for(tmp_path_factory.mktemp("qa") / "data")
    folder = ROOT / "evals" / "gold" / "notices"
    notices = [file for name in WRITTEN for file in folder.glob(f"dev-{name}.*")]
    filled(settings, *sorted(Path(SEEDS).glob("*.txt")), *notices).close()
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def asked(store: Store) -> Asked:
    """``asked(question, *earlier)``: the answer after the earlier questions of the conversation."""

    def run(question: str, *earlier: str) -> Answer:
        return ask(store, question, history=tuple(Turn(before, "") for before in earlier))

    return run
