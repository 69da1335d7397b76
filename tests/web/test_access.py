"""The login in front of the page: who gets in, who does not, and how long."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.audit import Audit
from bot.users import Users
from bot.web.access import WRONG, Access, visitor_of
from bot.web.guard import Guard
from bot.web.limits import Limit
from bot.web.sessions import IDLE_SECONDS, OLDEST_SECONDS, Sessions

PASSWORD = "临湘-2021-abc"
HERE, ELSEWHERE = "10.0.0.8", "10.0.0.9"


async def page(scope: Any, receive: Any, send: Any) -> None:
    """An application that says who asks for what."""
    del receive
    visitor = visitor_of(type("Request", (), {"scope": scope})())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{visitor.name} {visitor.role} {scope['path']}".encode()})


class Browser:
    """Sends requests to an application and keeps its cookies."""

    def __init__(self, app: Any, address: str = HERE) -> None:
        self.app, self.address = app, address
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        return self._send("GET", path, b"", {"accept": "text/html"} | headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> tuple[int, dict[str, str], str]:
        return self._send("POST", path, urlencode(form).encode(), {"accept": "text/html"} | headers)

    def login(self, name: str, password: str, **headers: str) -> int:
        return self.post("/login", {"username": name, "password": password}, **headers)[0]

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        headers = {"host": "intranet:7860", "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | headers
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "scheme": "http",
            "client": (self.address, 5000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(self.app(scope, receive, send))
        answer = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        if "set-cookie" in answer:
            name, _, value = answer["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        return sent[0]["status"], answer, b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def users(tmp_path: Path) -> Users:
    """One user and one administrator."""
    found = Users(tmp_path)
    found.add("张三", PASSWORD)
    found.add("王五", PASSWORD, "admin")
    return found


@pytest.fixture
def app(users: Users, tmp_path: Path) -> Access:
    """The page behind its login."""
    return Access(page, users, Audit(tmp_path), required=True)


def test_nothing_is_shown_before_the_login(app: Access) -> None:
    """A page leads to the login, anything else is 401: assets, API, uploads, files and MCP alike."""
    browser = Browser(app)
    assert browser.get("/")[:2] == (303, {"location": "/login"})
    for path in (
        "/config",
        "/gradio_api/mcp/",
        "/gradio_api/info",
        "/gradio_api/file=x",
        "/download/ledger.csv",
        "/x.js",
    ):
        assert browser.get(path, accept="*/*")[0] == 401
    assert browser.post("/gradio_api/queue/join", {}, accept="*/*")[0] == 401
    status, _, html = browser.get("/login")
    assert status == 200
    assert '<form method="post" action="login">' in html


def test_the_right_password_opens_a_session_and_logout_ends_it(app: Access) -> None:
    """After the login the page knows who asks; after the logout the same cookie is worth nothing."""
    browser = Browser(app)
    status, headers, _ = browser.post("/login", {"username": "张三", "password": PASSWORD})
    assert (status, headers["location"]) == (303, "/")
    assert headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert browser.get("/")[2] == "张三 user /"
    kept = dict(browser.cookies)
    assert browser.post("/logout", {})[0] == 303
    browser.cookies = kept
    assert browser.get("/")[0] == 303


def test_a_stolen_or_forged_cookie_opens_nothing(app: Access) -> None:
    """The cookie of a session does not work from another machine, changed, or made up."""
    browser, thief = Browser(app), Browser(app, ELSEWHERE)
    browser.login("张三", PASSWORD)
    thief.cookies = dict(browser.cookies)
    assert thief.get("/")[0] == 303
    forged = Browser(app)
    for value in (browser.cookies["zhenggai_session"][:-1] + "x", "", "../../x", "张三"):
        forged.cookies = {"zhenggai_session": value}
        assert forged.get("/")[0] == 303
    assert browser.get("/")[0] == 200


def test_a_removed_user_and_an_old_password_are_out_at_once(app: Access, users: Users) -> None:
    """Removing a user or changing his password ends his open sessions."""
    browser = Browser(app)
    browser.login("张三", PASSWORD)
    users.add("张三", "另一个密码-2022", replacing=True)
    assert browser.get("/")[0] == 303
    browser.login("张三", "另一个密码-2022")
    assert browser.get("/")[0] == 200
    users.remove("张三")
    assert browser.get("/")[0] == 303


def test_a_session_ends_unused_and_at_the_latest_after_half_a_day(users: Users) -> None:
    """Two hours without use, or twelve hours in all."""
    now = [0.0]
    sessions = Sessions(users, lambda: now[0])
    user = users.get("张三")
    assert user is not None
    idle, busy = sessions.begin(user, HERE), sessions.begin(user, HERE)
    now[0] = IDLE_SECONDS - 1
    assert sessions.visitor(busy, HERE) is not None
    now[0] = IDLE_SECONDS + 1
    assert sessions.visitor(idle, HERE) is None
    while now[0] < OLDEST_SECONDS:
        assert sessions.visitor(busy, HERE) is not None
        now[0] += IDLE_SECONDS / 2
    assert sessions.visitor(busy, HERE) is None


def test_wrong_passwords_are_slowed_down_and_recorded(app: Access, tmp_path: Path) -> None:
    """After five wrong ones even the right one has to wait, from that machine; others are not locked out."""
    browser = Browser(app)
    for _ in range(WRONG):
        status, _, html = browser.post("/login", {"username": "张三", "password": "wrong"})
        assert status == 401
        assert "用户名或密码不对。" in html
    status, _, html = browser.post("/login", {"username": "张三", "password": PASSWORD})
    assert status == 401
    assert "密码错误次数过多" in html
    assert Browser(app, ELSEWHERE).login("张三", PASSWORD) == 303
    actions = [(entry.user, entry.address, entry.action) for entry in Audit(tmp_path).entries()]
    assert actions == [("张三", HERE, "login_failed")] * WRONG + [("张三", ELSEWHERE, "login")]


def test_what_a_stranger_types_is_not_run_on_the_login_page(app: Access) -> None:
    """A name that is markup does not come back as such; an over-long form is refused."""
    status, _, html = Browser(app).post("/login", {"username": "<script>alert(1)</script>", "password": "x"})
    assert status == 401
    assert "<script>" not in html
    assert Browser(app).post("/login", {"username": "x" * 5000, "password": "x"})[0] == 413


def test_programs_send_their_password_with_the_request(app: Access) -> None:
    """Authorization: Basic works without a session; a wrong or broken one does not."""
    program = Browser(app)
    right = base64.b64encode(f"王五:{PASSWORD}".encode()).decode()
    for _ in range(2):
        assert program.get("/gradio_api/info", authorization=f"Basic {right}")[2] == "王五 admin /gradio_api/info"
    for wrong in (base64.b64encode("王五:wrong".encode()).decode(), "%%%", right[:-4]):
        assert program.get("/gradio_api/info", accept="*/*", authorization=f"Basic {wrong}")[0] == 401
    assert program.get("/gradio_api/info", accept="*/*", authorization=f"Bearer {right}")[0] == 401


def test_gradios_own_client_logs_in(app: Access) -> None:
    """A login that does not come from a page is answered with 200 and the cookie, a wrong one with 401."""
    program = Browser(app)
    assert program.login("张三", "wrong", accept="*/*") == 401
    assert program.login("张三", PASSWORD, accept="*/*") == 200
    assert program.get("/config", accept="*/*")[0] == 200


def test_another_site_cannot_post_a_login_or_a_question(app: Access) -> None:
    """With a login any host name is answered, but not a request that another host's page sent."""
    browser = Browser(Guard(app, hosts=()))
    form = {"username": "张三", "password": PASSWORD}
    for origin in ("http://evil.example", "null"):
        assert browser.post("/login", form, origin=origin)[0] == 403
    assert browser.post("/login", form, origin="http://intranet:7860")[0] == 303


def test_without_users_a_browser_is_known_by_its_own_cookie(users: Users, tmp_path: Path) -> None:
    """No login on one's own machine; two browsers are two owners, and nobody is shown the audit log."""
    seen: list[Any] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        seen.append(visitor_of(type("Request", (), {"scope": scope})()))
        await page(scope, receive, send)

    app = Access(noting, users, Audit(tmp_path), required=False)
    one, other = Browser(app), Browser(app)
    for browser in (one, one, other):
        assert browser.get("/")[2] == "本机用户 local /"
    assert seen[0].owner == seen[1].owner != seen[2].owner
    assert not any(visitor.audits for visitor in seen)


def test_a_request_that_passed_no_login_is_nobodys() -> None:
    """Where the layer is missing nothing is answered."""
    with pytest.raises(PermissionError):
        visitor_of(type("Request", (), {"scope": {}})())


def test_a_limit_counts_within_its_time() -> None:
    """So many in so many seconds, each key for itself; 0 is no limit."""
    now = [0.0]
    limit = Limit(2, 60, lambda: now[0])
    assert [limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")] == [0, 0, 60, 0]
    now[0] = 30.0
    assert limit.wait("a") == 30
    now[0] = 61.0
    assert limit.take("a") == 0
    assert [Limit(0, 60).take("a") for _ in range(99)] == [0] * 99
