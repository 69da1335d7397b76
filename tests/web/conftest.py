"""The page served over the five notices by a process of its own, and a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import command_environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERVE = """
import sys
from pathlib import Path
from bot.settings import load_settings
from bot.web.serve import serve
serve(load_settings(data=Path(sys.argv[1]), embedding="none"), host="127.0.0.1", port=0)
"""


def served(folder: Path, script: str = SERVE) -> Iterator[str]:
    """The address of a server over a data folder, stopped afterwards; port 0 lets the system choose."""
    log = folder.parent / "server.log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", script, str(folder)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=command_environment(),
        )
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    address = next((found[0] for line in lines if (found := re.search(r"http://[\d.:]+", line))), None)
    assert address, log.read_text()
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def site(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page over the five notices; nobody writes there."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(seed_folder, folder)
    yield from served(folder)


@pytest.fixture
def own_site(seed_folder: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a page that this test may write to."""
    shutil.copytree(seed_folder, tmp_path / "data")
    yield from served(tmp_path / "data")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless, sending nothing of its own; closed after the module, as it holds an event loop."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "the browser tests need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
