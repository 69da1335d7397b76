"""The tab 简报: what is ordered, shown, counted and saved."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from docx import Document

from bot.audit import Audit
from bot.briefing import Order, deliver
from bot.errors import UsageError
from bot.ledger import LedgerFilter
from bot.schemas import to_data
from bot.settings import Masthead
from bot.web import briefing, endpoints
from bot.web.access import SCOPE_KEY
from bot.web.desk import Desk
from bot.web.papers import Made, Papers
from bot.web.sessions import Visitor
from tests.llm.scripted import Scripted, serving, status
from tests.llm.test_ask_with_model import OVERVIEW, TOPIC, Script, rewrites, spoken
from tests.support import run_here, settings_for
from tests.web.test_browser import page, small
from vectorstore.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOTICE = "003_f055237780667b41"

__all__ = ["page", "small"]


def test_an_order_goes_through_its_address() -> None:
    """What is chosen arrives again from the query of a download, empty fields as their defaults."""
    wanted = LedgerFilter(("ongoing",), "东安县", "2019", "类", ("水",), "管网", (NOTICE,))
    order = Order(wanted, "题", "报告", "详细", Masthead(name="简报", issue="第3期", copies=3))
    assert briefing.ordered(_query(briefing.query_of(order))) == order
    assert briefing.ordered({}) == Order()


def _query(words: str) -> dict[str, Any]:
    query = parse_qs(words)
    return {key: found if key in ("status", "theme", "notice") else found[0] for key, found in query.items()}


@pytest.mark.parametrize(
    "query", [{"style": "公报"}, {"length": "两页"}, {"copies": "很多"}, {"year": "去年"}, {"status": ["整改中"]}]
)
def test_a_wrong_order_says_so(query: dict[str, object]) -> None:
    """Style, length, copies, year or status that do not exist are named."""
    with pytest.raises(UsageError):
        briefing.ordered(query)


def test_quoted_and_written_text_look_different(seed_store: Store) -> None:
    """Quotations are block quotes between marks; every figure and every citation number is a button."""
    paper = deliver(seed_store, Order(LedgerFilter(notices=(NOTICE,))))
    shown = str(briefing.preview(Made(paper)))
    quoted = [p for section in paper.briefing.sections for p in section.paragraphs if not p.written]
    assert len(quoted) == shown.count('<blockquote class="quoted">') > 0
    assert shown.count('data-event="counted"') == sum(f.computed_from is not None for f in paper.briefing.figures)
    assert shown.count('class="cite"') == sum(
        len(p.citations) for section in paper.briefing.sections for p in section.paragraphs
    )


def test_no_line_begins_with_the_comma_after_a_figure(seed_store: Store) -> None:
    """A button and the punctuation behind it stay on one line; the words are the paper's."""
    shown = str(briefing.preview(Made(deliver(seed_store, Order(LedgerFilter(notices=(NOTICE,)))))))
    behind = r'(<span class="unbroken">)?<button[^>]*class="figure"[^>]*>[^<]*</button>[、，。；：）]'
    kept = re.findall(behind, shown)
    assert kept
    assert all(kept)


def test_markup_in_a_title_is_text(seed_store: Store) -> None:
    """A title with a script in it is shown as it was typed."""
    paper = deliver(seed_store, Order(LedgerFilter(notices=(NOTICE,)), "<script>alert(1)</script>"))
    assert "<script>" not in briefing.preview(Made(paper))


def test_a_figure_shows_what_it_counts(seed_store: Store) -> None:
    """The problems behind 4个, each leading to its place in the notice."""
    paper = deliver(seed_store, Order(LedgerFilter(notices=(NOTICE,))))
    place = next(at for at, figure in enumerate(paper.briefing.figures) if figure.text == "4个")
    shown = str(briefing.counted(paper, place))
    assert re.findall(r">([^<]*)</button>", shown) == [
        "三/1 东安县污水处理厂超负荷运转的问题",
        "三/1~2 已关闭矿区存在遗留环境问题",
        "三/1~3 部分国家级自然保护区内违规建设问题",
        "三/1~4 湘江纸业遗留污染问题",
    ]
    assert "重新生成" in briefing.counted(paper, 9999)


# -- in a model's words ------------------------------------------------------------------------------------------------

VISITOR = Visitor("张三", "user", "a" * 32, "10.0.0.8")
CHOSEN = {"notice": ["000_"], "style": "简报", "length": "标准"}
REWORDED = rewrites(lambda text: text.replace("其中", "其中，"))


@contextmanager
def modelled(store: Store, folder: Path, *scripts: Script) -> Iterator[tuple[Desk, Scripted]]:
    """A desk whose model answers as the scripts say, with a folder of its own for what is recorded."""
    with serving(*scripts) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", server.url)
        patch.setattr("bot.llm.layers.FIRST_WAIT", 0.0)
        yield Desk(store, settings_for(folder / "desk", llm="openai:scripted", llm_retries=1)), server


def texts_of(made: Made) -> list[str]:
    """All paragraphs of a paper."""
    return [paragraph.text for section in made.paper.briefing.sections for paragraph in section.paragraphs]


@pytest.mark.server
def test_a_briefing_is_in_the_models_words_as_on_the_command_line(seed_store: Store, tmp_path: Path) -> None:
    """The tab tells what is being written, then shows what ``brief`` prints; prompt and model are on record."""
    with modelled(seed_store, tmp_path, REWORDED) as (desk, server):
        *stages, (shown, order) = briefing.written(desk, VISITOR, CHOSEN)
        assert order is not None
        made = desk.paper(VISITOR, order)
        model = {"ZHENGGAI_LLM": "openai:scripted", "OPENAI_BASE_URL": server.url}
        printed = run_here("--data", seed_store.folder, "brief", "--notice", "000_", **model).stdout
    assert any("其中，" in text for text in texts_of(made))
    assert made.warnings == ()
    assert made.paper.markdown() == printed
    assert shown == briefing.preview(made)
    assert any("，逐句核对…" in stage for stage, _ in stages)
    (entry,) = Audit(desk.settings.data).entries()
    assert (entry.action, entry.prompt, entry.model) == ("brief", "brief@2", "openai:scripted")


@pytest.mark.server
def test_programs_are_given_the_models_words_too(seed_store: Store, tmp_path: Path) -> None:
    """``brief`` of the API has the words of the tab."""
    request = SimpleNamespace(scope={SCOPE_KEY: VISITOR})
    with modelled(seed_store, tmp_path, REWORDED) as (desk, _):
        brief = next(function for function in endpoints._ledger(desk) if function.__name__ == "brief")
        paper = brief(notices=["000_"], request=request)
        *_, (_, order) = briefing.written(desk, VISITOR, CHOSEN)
        assert order is not None
        assert paper == to_data(desk.paper(VISITOR, order).paper.briefing)
    assert any("其中，" in paragraph["text"] for section in paper["sections"] for paragraph in section["paragraphs"])


@pytest.mark.server
def test_a_summary_on_the_page_is_in_the_models_words_too(seed_store: Store, tmp_path: Path) -> None:
    """汇总成表 has the overview of ``summarize``, with the same warning where the model fails."""
    with modelled(seed_store, tmp_path, spoken(OVERVIEW)) as (desk, _):
        found = desk.summarize(VISITOR, TOPIC)
    assert (found.mode, found.overview[-1].text) == ("llm", OVERVIEW["sentences"][0]["text"])
    with modelled(seed_store, tmp_path, status(500)) as (desk, _):
        found = desk.summarize(VISITOR, TOPIC)
    assert found.mode == "extractive"
    assert "大模型" in found.warnings[-1]


@pytest.mark.server
def test_what_is_saved_is_what_was_shown(seed_store: Store, tmp_path: Path) -> None:
    """A download and a click on a figure take the paper that was shown: the model is not asked again; another user is
    given none of it."""
    with modelled(seed_store, tmp_path, REWORDED) as (desk, server):
        *_, (_, order) = briefing.written(desk, VISITOR, CHOSEN)
        assert order is not None
        asked = len(server.requests)
        again = briefing.ordered(_query(briefing.query_of(order)))
        assert desk.paper(VISITOR, again) is desk.paper(VISITOR, order)
        assert len(server.requests) == asked > 0
        assert desk.paper(Visitor("李四", "user", "b" * 32), order) is not desk.paper(VISITOR, order)


@pytest.mark.server
def test_what_a_model_adds_is_left_out_and_said(seed_store: Store, tmp_path: Path) -> None:
    """Praise that no notice prints is kept off the page; a model that fails costs its words, and the page says so."""
    plain = deliver(seed_store, Order(LedgerFilter(notices=("000_",))))
    praise = rewrites(lambda text: f"{text.rstrip('。')}，取得显著成效。")
    with modelled(seed_store, tmp_path, praise) as (desk, _):
        *_, (shown, _) = briefing.written(desk, VISITOR, CHOSEN)
    assert "显著成效" not in shown
    assert re.search(r"<strong>注意：</strong>大模型写的\d+处文字与原文对不上，已略去", shown)
    with modelled(seed_store, tmp_path, status(500)) as (desk, _):
        *_, (shown, order) = briefing.written(desk, VISITOR, CHOSEN)
        assert order is not None
        assert desk.paper(VISITOR, order).paper.briefing == plain.briefing
    assert "，其余文字由程序写成。" in shown


@pytest.mark.server
def test_a_briefing_that_is_stopped_asks_no_more(seed_store: Store, tmp_path: Path) -> None:
    """Closing the steps ends the writing at its next paragraph; that it was ordered is on record."""
    heard = threading.Event()

    def held(handler: Any, request: dict[str, Any]) -> None:
        heard.set()
        release.wait(20)
        REWORDED(handler, request)

    release = threading.Event()
    with modelled(seed_store, tmp_path, held) as (desk, server):
        steps = briefing.written(desk, VISITOR, CHOSEN)
        assert "正在汇总台账…" in next(steps)[0]
        assert "逐句核对" in next(steps)[0]
        assert heard.wait(20)
        steps.close()
        release.set()
        audit = Audit(desk.settings.data)
        wait_for(lambda: [entry.status for entry in audit.entries()] == ["failed"])
        assert len(server.requests) == 1


def test_papers_are_forgotten_longest_unused_first(seed_store: Store) -> None:
    """No more are kept than there may be."""
    papers, made = Papers(2), Made(deliver(seed_store, Order(LedgerFilter(notices=("000_",)))))
    one, two, three = (("a" * 32, Order(title=str(number)), 1) for number in range(3))
    papers.put(one, made)
    papers.put(two, made)
    assert papers.get(one) is made
    papers.put(three, made)
    assert [papers.get(key) is made for key in (one, two, three)] == [True, False, True]


def wait_for(holds: Callable[[], bool]) -> None:
    """Until it holds; fails after 20 seconds."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.browser
@pytest.mark.server
def test_a_briefing_is_made_shown_and_saved(page: Page) -> None:
    """Chosen, previewed; a figure leads to its problems, a number to the marked words; Word arrives as a document."""
    page.get_by_role("tab", name="简报").click()
    page.get_by_label("一页纸").check()
    page.get_by_label("标题").fill("整改情况一页纸")
    page.locator("#make-briefing").click()
    page.locator(".paper h2").wait_for()
    assert page.locator(".paper h2").inner_text() == "整改情况一页纸"
    page.locator("#briefing .paper .figure", has_text="93个").click()
    page.locator("#briefing-notice .card li").first.wait_for()
    assert page.locator("#briefing-notice .card li").count() == 93
    page.locator("#briefing .paper .cite").first.click()
    page.locator("#briefing-notice mark").wait_for()
    with page.expect_download() as arriving:
        page.get_by_text("下载 Word").click()
    document = Document(io.BytesIO(arriving.value.path().read_bytes()))
    assert document.paragraphs[0].text == "整改情况一页纸"


@pytest.mark.browser
@pytest.mark.server
def test_a_briefing_fits_a_telephone(small: Page) -> None:
    """At 390 pixels nothing stands out to the right."""
    tab = small.get_by_role("tab", name="简报")
    if not tab.is_visible():
        small.locator(".overflow-menu button").first.click()
        tab = small.locator(".overflow-dropdown button", has_text="简报")
    tab.click()
    small.locator("#make-briefing").click()
    small.locator(".paper h2").wait_for()
    assert small.evaluate("document.documentElement.scrollWidth") == 390
