"""The page with a login, in a real browser: who gets in, what each sees, what stays closed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import journal
from bot.audit import Audit
from bot.users import Users
from tests.web.conftest import served
from tests.web.test_browser import QUESTION, ask, watched_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.server]

PASSWORD = "临湘-2021-abc"


@pytest.fixture(scope="module")
def locked(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a page with two users and an administrator, and its data folder."""
    folder = tmp_path_factory.mktemp("locked") / "data"
    shutil.copytree(seed_folder, folder)
    for name in ("张三", "李四"):
        Users(folder).add(name, PASSWORD)
    Users(folder).add("王五", PASSWORD, "admin")
    for address in served(folder):
        yield address, folder


@contextmanager
def logged_in(chromium: Browser, address: str, name: str) -> Iterator[Page]:
    """A session of this user."""
    with watched_page(chromium, address) as (page, _):
        log_in(page, name, PASSWORD)
        page.wait_for_selector("#conversation .welcome")
        yield page


def log_in(page: Page, name: str, password: str) -> None:
    """Fill the login in and send it with Enter."""
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_label("密码").press("Enter")


def tabs(page: Page) -> list[str]:
    """The names of the tabs that are shown."""
    return [tab.inner_text() for tab in page.get_by_role("tab").all() if tab.is_visible()]


def test_the_login_lets_the_right_one_in_and_out_again(chromium: Browser, locked: tuple[str, Path]) -> None:
    """A wrong password is refused in Chinese; the right one shows the page under his name; 退出登录 closes it."""
    address, _ = locked
    with watched_page(chromium, address) as (page, seen):
        log_in(page, "张三", "wrong")
        page.get_by_role("alert").wait_for()
        assert page.get_by_role("alert").inner_text() == "用户名或密码不对。"
        seen.errors.clear()  # the browser notes the 401
        log_in(page, "张三", PASSWORD)
        page.locator("#masthead .who", has_text="张三").wait_for()
        page.wait_for_selector("#conversation .welcome")  # only then is the page ready for a question
        ask(page, QUESTION)
        cookies = page.context.cookies()
        page.get_by_role("button", name="退出登录").click()
        page.get_by_label("密码").wait_for()
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(address)
        assert page.get_by_label("密码").is_visible()
        seen.errors.clear()  # Gradio's: its streams end when the page is left


def test_two_users_have_their_own_conversations(chromium: Browser, locked: tuple[str, Path]) -> None:
    """Each finds again what he asked, and nothing of the other; another browser of the same user finds it too."""
    address, _ = locked
    with logged_in(chromium, address, "张三") as first, logged_in(chromium, address, "李四") as second:
        ask(first, "鄂州市有哪些问题正在整改")
        ask(second, "武汉市有哪些问题")
        assert titles(second) == ["武汉市有哪些问题"]
    with logged_in(chromium, address, "张三") as again:
        assert "鄂州市有哪些问题正在整改" in titles(again)
        assert "武汉市有哪些问题" not in titles(again)
        again.get_by_role("option", name="鄂州市有哪些问题正在整改").click()
        again.locator(".turn .question", has_text="鄂州市有哪些问题正在整改").wait_for()


def titles(page: Page) -> list[str]:
    """The earlier conversations that are offered, without their dates."""
    page.locator("#former input").click()
    page.get_by_role("option").first.wait_for()
    return [option.inner_text().strip("✓ \n")[6:] for option in page.get_by_role("option").all()]


def test_only_an_administrator_sees_the_audit_log_and_removes(chromium: Browser, locked: tuple[str, Path]) -> None:
    """评测 and 审计 are tabs of the administrator alone; a user who removes a notice all the same is refused."""
    address, folder = locked
    with logged_in(chromium, address, "张三") as page:
        ask(page, QUESTION)
        assert tabs(page) == ["问答", "台账", "简报", "通报库"]
        page.get_by_role("tab", name="通报库").click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator("#library tbody tr").first.get_by_role("button", name="删除").click()
        page.locator("#library-notice", has_text="只有管理员可以删除通报。").wait_for()
        assert page.locator("#library tbody tr").count() == 5
    with logged_in(chromium, address, "王五") as page:
        page.get_by_role("tab", name="审计").click()
        page.get_by_label("关键词").last.fill("污水管网")
        page.locator("#find-audit").click()
        row = page.locator("#audit tbody tr", has_text=QUESTION).first
        row.wait_for()
        assert "25公里" in row.inner_text()
        assert "评测" in tabs(page)
    assert "ask" in {entry.action for entry in Audit(folder).entries()}


def test_a_verdict_reaches_the_feedback_file(chromium: Browser, locked: tuple[str, Path]) -> None:
    """有误 with a reason is kept under the user's name, and the page thanks."""
    address, folder = locked
    with logged_in(chromium, address, "李四") as page:
        ask(page, QUESTION)
        page.locator(".wrong summary").click()
        page.get_by_label("哪里不对？").fill("应为27公里")
        page.locator(".wrong").get_by_role("button", name="提交").click()
        page.locator(".doing", has_text="已记录：有误").wait_for()
    record = list(journal.read(folder / "feedback.jsonl"))[-1]
    assert (record["user"], record["verdict"], record["reason"]) == ("李四", "bad", "应为27公里")


def test_an_open_page_leads_to_the_login_when_its_user_is_gone(chromium: Browser, locked: tuple[str, Path]) -> None:
    """What is asked after that is not answered; the login appears."""
    address, folder = locked
    Users(folder).add("赵六", PASSWORD)
    with watched_page(chromium, address) as (page, seen):
        log_in(page, "赵六", PASSWORD)
        page.wait_for_selector("#conversation .welcome")
        Users(folder).remove("赵六")
        page.locator("#question textarea").fill(QUESTION)
        page.locator("#question textarea").press("Enter")
        page.get_by_label("密码").wait_for()
        seen.errors.clear()  # the browser notes the 401
    assert "赵六" not in {entry.user for entry in Audit(folder).entries() if entry.action == "ask"}
