"""Who may see anything at all: the login in front of Gradio, as an ASGI layer.

With users: every path but the login itself needs a session cookie, or a program's ``Authorization: Basic``. Without
users only this machine is served (``serve`` sees to that), and each browser gets a cookie by which its own
conversations are found again. The visitor travels in the request's scope; ``visitor_of`` reads him there.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import secrets
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from markupsafe import escape

from bot.audit import Action, Audit, Entry, now
from bot.errors import StoreError
from bot.users import User, Users
from bot.web import assets
from bot.web.guard import Application, Message, Receive, Send
from bot.web.limits import Limit
from bot.web.sessions import LOCAL_NAME, Sessions, Visitor, owner_of

SCOPE_KEY = "zhenggai.visitor"
SESSION_COOKIE = "zhenggai_session"
BROWSER_COOKIE = "zhenggai_browser"
WRONG, WRONG_SECONDS = 5, 900.0
"""Wrong passwords of one name from one address before it has to wait, and how long."""
WRONG_OF_ADDRESS = 30
_LONGEST_FORM = 4096
_BROWSER_DAYS = 365


def visitor_of(request: Any) -> Visitor:
    """Who sent a request, Gradio's or Starlette's. Raises ``PermissionError`` where no layer let it in."""
    inner = getattr(request, "request", None) or request
    found = getattr(inner, "scope", {}).get(SCOPE_KEY)
    if not isinstance(found, Visitor):
        raise PermissionError("a request that did not pass the login")
    return found


class Access:
    """Wraps an ASGI application. ``required``: whether a login is needed; else the visitor is the machine's user."""

    def __init__(self, inner: Application, users: Users, audit: Audit, *, required: bool) -> None:
        self.inner, self.required = inner, required
        self.sessions = Sessions(users)
        self._users, self._audit = users, audit
        self._wrong = Limit(WRONG, WRONG_SECONDS)
        self._wrong_of_address = Limit(WRONG_OF_ADDRESS, WRONG_SECONDS)
        # A program sends its password with every request: what was right a moment ago is not hashed again.
        self._programs: dict[bytes, str] = {}
        self._secret = secrets.token_bytes(32)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self.inner(scope, receive, send)
        elif not self.required:
            await self._open(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in ("/login", "/login/"):
            await self._login(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in ("/logout", "/logout/"):
            await self._logout(scope, send)
        else:
            await self._closed(scope, receive, send)

    # -- without a login -----------------------------------------------------------------------------------------------

    async def _open(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        token = _cookie(scope, BROWSER_COOKIE)
        fresh = not token
        token = token or secrets.token_urlsafe(24)
        scope[SCOPE_KEY] = Visitor(LOCAL_NAME, "local", owner_of(f"browser:{token}"), _address(scope))
        page = fresh and scope["type"] == "http" and scope["path"] == "/"
        giving = _giving(send, _set_cookie(scope, BROWSER_COOKIE, token, _BROWSER_DAYS * 86400)) if page else send
        await self.inner(scope, receive, giving)

    # -- with a login --------------------------------------------------------------------------------------------------

    async def _closed(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        visitor = self.sessions.visitor(_cookie(scope, SESSION_COOKIE), _address(scope))
        if visitor is None and scope["type"] == "http":
            visitor = await self._program(scope)
        if visitor is not None:
            scope[SCOPE_KEY] = visitor
            await self.inner(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["method"] == "GET" and b"text/html" in _header(scope, b"accept"):
            await _reply(send, 303, headers=[(b"location", b"/login")])
        else:
            await _reply(send, 401, json.dumps({"detail": "请先登录", "error": "Not authenticated"}), _JSON)

    async def _program(self, scope: MutableMapping[str, Any]) -> Visitor | None:
        """The visitor that an ``Authorization: Basic`` header names, if its password is right."""
        header = _header(scope, b"authorization")
        kind, _, given = header.partition(b" ")
        if kind.lower() != b"basic":
            return None
        digest, address = hmac.digest(self._secret, header, "sha256"), _address(scope)
        token = self._programs.get(digest, "")
        found = self.sessions.visitor(token, address) if token else None
        if found is not None:
            return found
        name, password = _basic(given)
        user, _ = await self._checked(name, password, address)
        if user is None:
            return None
        if len(self._programs) > 1000:
            self._programs.clear()
        self._programs[digest] = self.sessions.begin(user, address)
        return self.sessions.visitor(self._programs[digest], address)

    async def _login(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _reply(send, 200, login_page(), _HTML)
            return
        form = await _form(receive)
        if form is None:
            await _reply(send, 413, login_page("提交的内容过长。"), _HTML)
            return
        address = _address(scope)
        browser = b"text/html" in _header(scope, b"accept")
        user, refusal = await self._checked(form.get("username", ""), form.get("password", ""), address)
        if user is None:
            body = (login_page(refusal), _HTML) if browser else (json.dumps({"detail": refusal}), _JSON)
            await _reply(send, 401, *body)
            return
        self.sessions.end(_cookie(scope, SESSION_COOKIE))
        cookie = _set_cookie(scope, SESSION_COOKIE, self.sessions.begin(user, address), None)
        if browser:
            await _reply(send, 303, headers=[(b"location", b"/"), cookie])
        else:
            await _reply(send, 200, json.dumps({"success": True}), [*_JSON, cookie])

    async def _checked(self, name: str, password: str, address: str) -> tuple[User | None, str]:
        """The user with that password, or why he may not in; both are recorded."""
        who = f"{address} {name.strip()}"
        wait = max(self._wrong.wait(who), self._wrong_of_address.wait(address))
        if wait:
            return None, f"密码错误次数过多，请 {int(wait // 60) + 1} 分钟后再试。"
        # Counted before the check, so that tries at the same instant count too.
        self._wrong.note(who)
        self._wrong_of_address.note(address)
        try:
            user = await asyncio.to_thread(self._users.check, name, password)
            self._record("login" if user else "login_failed", user.name if user else name.strip()[:64], address)
        except StoreError as error:
            return None, str(error)
        if user is None:
            return None, "用户名或密码不对。"
        self._wrong.forget(who)
        self._wrong_of_address.forgive(address)
        return user, ""

    async def _logout(self, scope: MutableMapping[str, Any], send: Send) -> None:
        token = _cookie(scope, SESSION_COOKIE)
        visitor = self.sessions.visitor(token, _address(scope))
        self.sessions.end(token)
        if visitor is not None:
            self._record("logout", visitor.name, visitor.address)
        await _reply(send, 303, headers=[(b"location", b"/login"), _set_cookie(scope, SESSION_COOKIE, "", 0)])

    def _record(self, action: Action, name: str, address: str) -> None:
        self._audit.record(Entry(now(), name, address, action, ""))


# -- requests and replies ----------------------------------------------------------------------------------------------

_HTML = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
_JSON = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
Headers = list[tuple[bytes, bytes]]


def login_page(refusal: str = "") -> str:
    """The login in Chinese: a plain form that needs no script."""
    line = f'<p class="refusal" role="alert">{escape(refusal)}</p>' if refusal else ""
    return assets.read("login.html").replace("<!-- refusal -->", line)


def _header(scope: MutableMapping[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _address(scope: MutableMapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _cookie(scope: MutableMapping[str, Any], name: str) -> str:
    try:
        found = SimpleCookie(_header(scope, b"cookie").decode("latin-1")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _set_cookie(scope: MutableMapping[str, Any], name: str, value: str, seconds: int | None) -> tuple[bytes, bytes]:
    """A cookie that scripts and other sites never see; ``seconds``: None until the browser is closed."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    parts += [f"Max-Age={seconds}"] if seconds is not None else []
    parts += ["Secure"] if scope.get("scheme") == "https" else []
    return b"set-cookie", "; ".join(parts).encode()


def _basic(given: bytes) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return name, password


async def _form(receive: Receive) -> dict[str, str] | None:
    """The fields of a submitted form; None where it is longer than a login can be."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _LONGEST_FORM:
            return None
        if not message.get("more_body"):
            break
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


async def _reply(send: Send, status: int, body: str = "", headers: Headers | None = None) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers or [])})
    await send({"type": "http.response.body", "body": body.encode()})


def _giving(send: Send, cookie: tuple[bytes, bytes]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), cookie]
        await send(message)

    return sending
