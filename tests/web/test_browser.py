"""The page in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.test_chat import NOTICE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.server]

QUESTION = "临湘市污水管网已经建了多少公里"
IN_VIEW = "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.width > 0; }"
WIDEST = "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right))"


@dataclass
class Seen:
    """What a page did besides showing: requests that left the machine, errors in its console."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def watched_page(
    chromium: Browser, address: str, *, width: int = 1280, dark: bool = False
) -> Iterator[tuple[Page, Seen]]:
    """A fresh session at an address, in an English browser; afterwards nothing left the machine and nothing failed."""
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, locale="en-US", color_scheme="dark" if dark else "light"
    )
    page, seen = context.new_page(), Seen()
    inside = (address, address.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(inside) else seen.outside.append(request.url))
    page.on("console", lambda told: seen.errors.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.goto(address)
    try:
        yield page, seen
    finally:
        context.close()
    assert seen.outside == []
    assert seen.errors == []


def opened(chromium: Browser, address: str, *, width: int = 1280, dark: bool = False) -> Iterator[tuple[Page, Seen]]:
    """A fresh session at the page without a login."""
    with watched_page(chromium, address, width=width, dark=dark) as (page, seen):
        page.wait_for_selector("#conversation .welcome")
        yield page, seen


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """The page at 1280 pixels."""
    for found, _ in opened(chromium, site):
        yield found


@pytest.fixture
def small(chromium: Browser, site: str) -> Iterator[Page]:
    """The page on a telephone's 390 pixels, dark."""
    for found, _ in opened(chromium, site, width=390, dark=True):
        yield found


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for its answer."""
    turns = page.locator("#conversation .turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#conversation .turn").nth(turns).locator(".answer").wait_for()


def test_a_citation_leads_to_the_highlighted_sentence(page: Page) -> None:
    """Asked with Enter, answered with 25公里; a click on [1] shows the sentence, marked and in view."""
    ask(page, QUESTION)
    assert page.locator(".answer .headline").inner_text() == "25公里"
    page.locator(".answer .cite", has_text="[1]").click()
    mark = page.locator("#notice mark")
    mark.wait_for()
    page.wait_for_function(f"({IN_VIEW})(document.querySelector('#notice mark'))")
    assert "已完成管网建设25公里" in mark.inner_text()
    assert "中共临湘市委" in page.locator("#notice h2").inner_text()


def test_the_keyboard_goes_to_the_notice_and_back(page: Page) -> None:
    """Enter on a citation moves the focus to the sentence, Esc moves it back to the citation."""
    ask(page, QUESTION)
    cite = page.locator(".answer .cite").first
    cite.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'MARK'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.classList.contains('cite')")


def test_a_small_screen_needs_no_sideways_scrolling(small: Page) -> None:
    """At 390 pixels every tab fits, and a citation still shows its sentence."""
    ask(small, QUESTION)
    small.locator(".answer .cite").first.click()
    small.wait_for_function(
        f"document.querySelector('#notice mark') && ({IN_VIEW})(document.querySelector('#notice mark'))"
    )
    for tab in small.get_by_role("tab").all():
        tab.click()
        assert small.evaluate(WIDEST) <= 391


def test_the_page_is_chinese_in_an_english_browser(page: Page) -> None:
    """Language attribute, title and everything visible are Chinese, Gradio's own words included."""
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.title() == "整改通"
    words = page.evaluate("document.body.innerText.match(/[A-Za-z]{4,}/g) || []")
    assert [word for word in words if word != "Shift"] == []


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    """An example question goes in and an answer comes; 新对话 starts anew."""
    example = page.locator("#conversation .example").first
    question = example.inner_text()
    example.click()
    page.locator(".turn .answer").wait_for()
    assert page.locator(".turn .question").inner_text() == question
    page.locator("#clear").click()
    page.locator("#conversation .welcome").wait_for()
    assert page.locator(".turn").count() == 0


def test_two_users_do_not_see_each_other(chromium: Browser, site: str) -> None:
    """Two sessions at once: each page holds its own conversation only."""
    for first, _ in opened(chromium, site):
        for second, _ in opened(chromium, site):
            ask(first, QUESTION)
            ask(second, "武汉市有哪些问题")
            assert first.locator(".turn .question").all_inner_texts() == [QUESTION]
            assert second.locator(".turn .question").all_inner_texts() == ["武汉市有哪些问题"]
            assert second.locator(".answer.refused").count() == 1


def test_the_library_lists_the_notices_and_shows_one(page: Page) -> None:
    """通报库 lists all five notices; 查看 shows the text of the one chosen."""
    page.get_by_role("tab", name="通报库").click()
    page.locator("#library tbody tr").first.wait_for()
    assert page.locator("#library tbody tr").count() == 5
    page.locator("#library .act", has_text="查看").nth(1).click()
    page.locator("#library-notice article").wait_for()
    assert "沧州" in page.locator("#library-notice h2").inner_text()


def test_good_broken_and_hostile_uploads(chromium: Browser, own_site: str, tmp_path: Path) -> None:
    """Each file gets its result and reason; the good one can be asked about at once; names are shown, never run."""
    hostile = tmp_path / "<img src=x onerror=alert(1)>.txt"
    hostile.write_text(NOTICE.replace("甲山县", "乙水县"), "utf-8")
    good, broken, locked = tmp_path / "甲山（一）.txt", tmp_path / "坏.docx", tmp_path / "加密.pdf"
    encrypted_pdf(locked)
    good.write_bytes(NOTICE.encode("gb18030"))
    broken.write_bytes(b"PK\x03\x04broken")
    for page, _ in opened(chromium, own_site):
        page.get_by_role("tab", name="通报库").click()
        page.locator("#files input[type=file]").set_input_files([good, broken, locked, hostile])
        page.locator("#outcomes", has_text="已识别 4 个文件，2 个可以导入").wait_for()
        page.locator("#outcomes summary", has_text="甲山（一）.txt").click()
        assert "河道保洁不到位" in page.locator("#outcomes .recognised").first.inner_text()
        assert page.locator("#library caption").inner_text().startswith("共 5 份通报")
        page.locator("#import").click()
        page.locator("#outcomes", has_text="完成：共 4 个文件，新增 2，失败 2").wait_for()
        rows = [row.split("\t")[:2] for row in page.locator("#outcomes tbody tr").all_inner_texts()]
        assert rows == [["甲山（一）.txt", "新增"], ["坏.docx", "失败"], ["加密.pdf", "失败"], [hostile.name, "新增"]]
        assert "密码" in page.locator("#outcomes tr", has_text="加密.pdf").inner_text()
        assert page.locator("#outcomes img, #library img").count() == 0
        page.locator("#library caption", has_text="共 7 份通报").wait_for()
        page.get_by_role("tab", name="问答").click()
        ask(page, "甲山县清理河道多少公里？")
        assert page.locator(".answer .headline").inner_text() == "12公里"


def encrypted_pdf(path: Path) -> None:
    """A PDF that opens with a password only."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def test_a_condition_is_taken_away_and_the_answer_copied(chromium: Browser, site: str) -> None:
    """× on a condition asks anew without it; 复制 hands on the answer with its source; both files can be saved."""
    for page, _ in opened(chromium, site):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, "临湘市有多少个问题已经完成整改？")
        assert "13个问题" in page.locator(".answer .text").inner_text()
        page.get_by_role("button", name="去掉条件 临湘市，重新提问").click()
        page.locator(".turn .question", has_text="有多少个问题已经完成整改").wait_for()
        page.locator(".answer .text", has_not_text="13个问题").wait_for()
        assert page.locator(".turn").count() == 1
        page.get_by_role("button", name="去掉条件 临湘市，重新提问").wait_for(state="detached")
        ask(page, QUESTION)
        page.locator(".copy").last.click()
        page.locator(".copy", has_text="已复制").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("答：加快推进水环境综合治理PPP项目进度")
        assert "（000_c20c0a165cf05326.txt，第 1935–1983 字）" in copied
        for name, start in (("导出 Word", b"PK"), ("导出文本", b"\xef\xbb\xbf")):
            with page.expect_download() as saving:
                page.get_by_role("link", name=name).click()
            assert Path(saving.value.path()).read_bytes().startswith(start)


def test_a_summary_is_asked_as_a_table(page: Page) -> None:
    """汇总成表 shows problem, measures and status; a problem leads to its place in the notice."""
    page.locator("#way").get_by_label("汇总成表").check()
    ask(page, "东安县污水处理")
    assert page.locator("table.summary tbody tr").count() == 1
    page.locator("table.summary th .value").click()
    page.locator("#notice mark").first.wait_for()
    assert page.locator("#notice mark").inner_text() == page.locator("table.summary th .value").inner_text()


def test_the_ledger_is_saved_as_it_is_filtered(page: Page) -> None:
    """导出 Excel holds the rows that the filters leave."""
    from openpyxl import load_workbook

    page.get_by_role("tab", name="台账").click()
    page.locator("#ledger tbody tr").first.wait_for()
    page.get_by_label("地区").first.fill("临湘")
    page.get_by_label("地区").first.press("Enter")
    page.locator("#ledger caption", has_text="共 13 个问题").wait_for()
    with page.expect_download() as saving:
        page.get_by_role("link", name="导出 Excel").click()
    assert load_workbook(io.BytesIO(Path(saving.value.path()).read_bytes()))["整改台账"].max_row == 14


def test_an_evaluation_is_run_and_stopped(page: Page) -> None:
    """评测: progress is shown while it runs; 停止 ends it and the page says how to go on."""
    page.get_by_role("tab", name="评测").click()
    page.get_by_label("检索").check()
    page.locator("#run-eval").click()
    page.locator("#eval", has_text="正在准备评测").wait_for()
    page.wait_for_timeout(1500)
    page.locator("#stop-eval").click()
    page.locator("#eval", has_text="已停止").wait_for()


def test_a_notice_is_removed_after_a_question(chromium: Browser, own_site: str) -> None:
    """删除 asks first; declined, nothing happens; accepted, the notice leaves library and ledger."""
    for page, _ in opened(chromium, own_site):
        page.get_by_role("tab", name="通报库").click()
        discard = page.locator("#library tbody tr").first.get_by_role("button", name="删除")
        page.once("dialog", lambda dialog: dialog.dismiss())
        discard.click()
        assert page.locator("#library tbody tr").count() == 5
        page.once("dialog", lambda dialog: dialog.accept())
        discard.click()
        page.locator("#library caption", has_text="共 4 份通报").wait_for()


def test_the_ledger_is_filtered_and_an_item_shown_with_its_marks(page: Page) -> None:
    """台账: a status and a place narrow the list; 详情 shows the item and marks problem and measures in the notice."""
    page.get_by_role("tab", name="台账").click()
    page.locator("#ledger tbody tr").first.wait_for()
    page.get_by_label("地区").fill("临湘")
    page.get_by_label("地区").press("Enter")
    page.locator("#ledger caption", has_text="共 13 个问题").wait_for()
    page.get_by_label("已完成").check()
    page.wait_for_function(
        "![...document.querySelectorAll('#ledger td.status')].some(e => !e.innerText.includes('已完成'))"
    )
    page.locator("#ledger").get_by_role("button", name="详情").first.click()
    page.locator("#item-notice mark.problem").first.wait_for()
    page.wait_for_function(f"({IN_VIEW})(document.querySelector('#item-notice mark.problem'))")
    problem = page.locator("#item dd").first.inner_text().strip()
    assert "".join(page.locator("#item-notice mark.problem").all_inner_texts()).strip() == problem
    assert page.locator("#item-notice mark.measure").count() > 0
