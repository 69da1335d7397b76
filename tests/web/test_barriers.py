"""Barriers: axe-core over every tab, light and dark, wide and small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.test_browser import QUESTION, ask, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.server]


def serious(page: Page) -> list[tuple[str, str, str]]:
    """(rule, impact, first element) of what is serious on the page as it is now."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        (violation["id"], violation["impact"], node["target"][0] if node["target"] else "")
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_nothing_is_a_serious_barrier(chromium: Browser, site: str, width: int, dark: bool) -> None:
    """Every tab with something in it: no serious finding in our markup, our theme's colours or Gradio's parts."""
    for page, _ in opened(chromium, site, width=width, dark=dark):
        ask(page, QUESTION)
        page.locator(".answer .cite").first.click()
        page.locator("#notice mark").wait_for()
        assert serious(page) == []
        for name in ("台账", "简报", "通报库", "评测"):
            page.get_by_role("tab", name=name).click()
            page.wait_for_timeout(1500)
            if name == "台账":
                page.locator("#ledger .act").first.click()
                page.locator("#item-notice mark.problem").first.wait_for()
            assert serious(page) == [], name
