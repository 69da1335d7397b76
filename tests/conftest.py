"""Fixtures of all tests, and the network guard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import open_store
from tests.support import fake_engines, filled, settings_for
from vectorstore.store import Store

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
_MAY_USE_LOOPBACK = ("server", "browser", "llm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start servers may reach this machine; every other connection fails the test (pytest-socket)."""
    for item in items:
        if any(item.get_closest_marker(name) for name in _MAY_USE_LOOPBACK):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer's shell sets must not decide a test."""
    for name in [name for name in os.environ if name.startswith("ZHENGGAI_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def fake_embedding() -> Iterator[None]:
    """Every embedding setting but ``none`` opens a fake that loads nothing."""
    with fake_engines():
        yield


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the five notices, embedding ``none``. Read it only; copy it to change it."""
    folder = tmp_path_factory.mktemp("seeds") / "data"
    filled(settings_for(folder)).close()
    return folder


@pytest.fixture
def seed_store(seed_folder: Path) -> Iterator[Store]:
    """A reader's store over the five notices."""
    store = open_store(settings_for(seed_folder))
    yield store
    store.close()
