"""The tab 简报: what is ordered, shown, counted and saved."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from docx import Document

from bot.briefing import Order, deliver
from bot.errors import UsageError
from bot.ledger import LedgerFilter
from bot.settings import Masthead
from bot.web import briefing
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
    from urllib.parse import parse_qs

    query = parse_qs(briefing.query_of(order))
    flat = {key: found if key in ("status", "theme", "notice") else found[0] for key, found in query.items()}
    assert briefing.ordered(flat) == order
    assert briefing.ordered({}) == Order()


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
    shown = str(briefing.preview(paper))
    quoted = [p for section in paper.briefing.sections for p in section.paragraphs if not p.written]
    assert len(quoted) == shown.count('<blockquote class="quoted">') > 0
    assert shown.count('data-event="counted"') == sum(f.computed_from is not None for f in paper.briefing.figures)
    assert shown.count('class="cite"') == sum(
        len(p.citations) for section in paper.briefing.sections for p in section.paragraphs
    )


def test_markup_in_a_title_is_text(seed_store: Store) -> None:
    """A title with a script in it is shown as it was typed."""
    paper = deliver(seed_store, Order(LedgerFilter(notices=(NOTICE,)), "<script>alert(1)</script>"))
    assert "<script>" not in briefing.preview(paper)


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
