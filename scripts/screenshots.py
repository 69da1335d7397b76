"""``make screenshots``: the pictures of the READMEs, taken from the real page over the notices of seeds/.

    python scripts/screenshots.py docs/images

Needs Debian's Chromium and Chinese fonts. Each picture is a small WebP: one that grew over ``MOST_BYTES`` fails.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
MOST_BYTES = 200_000
WIDE, NARROW = (1280, 860), (390, 844)
QUESTION = "临湘市污水管网已经建了多少公里？"
ELSEWHERE = "安吉县的污水管网建了多少公里？"
_STILL = """async () => {
  await Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)));
  const look = () => [...document.querySelectorAll('*')].map(e => e.scrollTop + ',' + e.scrollHeight).join();
  const before = look();
  await new Promise(then => setTimeout(then, 400));
  return look() === before;
}"""
"""Whether the page stayed as it was for a moment."""
_COMMAND = (sys.executable, "-m", "bot.cli")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True, slots=True)
class Shot:
    """``act``: what a user does before the picture is taken; ``size``: of the window, pixels."""

    name: str
    size: tuple[int, int]
    act: Callable[[Page], None]


# -- what a user does --------------------------------------------------------------------------------------------------


def asked(page: Page) -> None:
    """A question answered, its sentence marked in the notice."""
    _ask(page, QUESTION)
    page.locator("#conversation .cite").first.click()
    page.locator("#notice mark").first.wait_for()
    _settled(page)
    page.evaluate("window.scrollTo(0, 0)")


def answered(page: Page) -> None:
    """A question answered."""
    _ask(page, QUESTION)


def refused(page: Page) -> None:
    """A question that the notices do not answer."""
    _ask(page, ELSEWHERE)


def ledger(page: Page) -> None:
    """The ledger of one place."""
    _tab(page, "台账")
    page.locator("#ledger table.ledger").wait_for()
    page.get_by_label("地区").first.fill("临湘")
    page.get_by_role("button", name="筛选").click()
    page.locator("#ledger caption", has_text="共 13 个问题").wait_for()
    _settled(page)


def listed(page: Page) -> None:
    """The problems of one place."""
    ledger(page)
    page.locator("#ledger").evaluate("rows => rows.scrollIntoView({block: 'start'})")
    _settled(page)


def charts(page: Page) -> None:
    """The ledger in figures."""
    _tab(page, "台账")
    page.get_by_text("统计", exact=True).click()
    page.locator("#charts .bar").first.wait_for()
    _settled(page)


def briefing(page: Page) -> None:
    """A briefing, a figure of it traced to the problems that it counts."""
    _tab(page, "简报")
    page.locator("#make-briefing").click()
    page.locator(".paper h2").wait_for()
    page.locator("#briefing .paper .figure", has_text="93个").first.click()
    page.locator("#briefing-notice .card li").first.wait_for()
    page.locator("#briefing .paper").evaluate("paper => paper.scrollIntoView({block: 'center'})")
    _settled(page)


def briefed(page: Page) -> None:
    """A briefing from its first line."""
    _tab(page, "简报")
    page.locator("#make-briefing").click()
    page.locator(".paper h2").wait_for()
    page.locator("#briefing").evaluate("paper => paper.scrollIntoView({block: 'start'})")
    _settled(page)


def library(page: Page) -> None:
    """Two files looked into before they are saved, one of which cannot be read."""
    _tab(page, "通报库")
    notice = next((ROOT / "seeds").glob("004_*.txt")).read_bytes()
    files: list[FilePayload] = [
        {"name": "沅江整改通报.txt", "mimeType": "text/plain", "buffer": notice},
        {"name": "坏文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 nothing"},
    ]
    page.locator("#files input[type=file]").set_input_files(files)
    page.locator("#outcomes .failed").wait_for()
    page.locator("#outcomes .ready").wait_for()
    _settled(page)


def _ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#conversation .answer").wait_for()
    _settled(page)


def _tab(page: Page, name: str) -> None:
    tab = page.get_by_role("tab", name=name)
    if not tab.is_visible():
        page.locator(".overflow-menu button").first.click()
        tab = page.locator(".overflow-dropdown button", has_text=name)
    tab.click()


def _settled(page: Page) -> None:
    """Nothing grows or scrolls any more, and no animation runs."""
    page.wait_for_function(_STILL)


SHOTS = (
    Shot("chat", WIDE, asked),
    Shot("refusal", WIDE, refused),
    Shot("ledger", WIDE, ledger),
    Shot("charts", WIDE, charts),
    Shot("briefing", WIDE, briefing),
    Shot("library", WIDE, library),
    Shot("chat-small", NARROW, answered),
    Shot("ledger-small", NARROW, listed),
    Shot("briefing-small", NARROW, briefed),
)


# -- taking them -------------------------------------------------------------------------------------------------------


def taken(browser: Browser, address: str, shot: Shot) -> bytes:
    """The picture as WebP."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#conversation .welcome")
    shot.act(page)
    png = page.screenshot()
    context.close()
    webp = io.BytesIO()
    Image.open(io.BytesIO(png)).save(webp, "WEBP", quality=82, method=6)
    return webp.getvalue()


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The page over a data folder; its address."""
    line = [*_COMMAND, "--data", str(data), "chat", "--port", str(_free_port())]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            told = next((found[0] for text in server.stdout if (found := re.search(r"http://[\d.:]+", text))), None)
            if told is None:
                raise RuntimeError("the page did not start")
            yield told
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures; 1 where one is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", help="names of pictures")
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="zhenggai-") as scratch, sync_playwright() as playwright:
        data = Path(scratch) / "data"
        subprocess.run([*_COMMAND, "--data", str(data), "ingest", str(ROOT / "seeds")], cwd=ROOT, check=True)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        with served(data) as address:
            for shot in SHOTS:
                if not options.only or shot.name in options.only:
                    picture = taken(browser, address, shot)
                    (folder / f"{shot.name}.webp").write_bytes(picture)
                    sizes[shot.name] = len(picture)
        browser.close()
    for name, size in sizes.items():
        print(f"{name}.webp {size / 1000:.0f} kB")
    return 1 if any(size > MOST_BYTES for size in sizes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
