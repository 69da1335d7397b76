"""What the page may load and who may ask for it: an ASGI layer around Gradio.

Gradio's templates name hosts outside the machine (preview pictures, its site). Those lines are taken out of every HTML
page, and a Content-Security-Policy makes the browser itself refuse whatever a component might still try to load.
Knows nothing of tabs.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bot.web import assets

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio configures itself in inline scripts and compiles HTML templates in the browser.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_PREVIEW = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_ASSETS = ("/assets/", "/static/", "/gradio_api/")


def chinese_page(html: str) -> str:
    """Gradio's page in Chinese and without the addresses of other hosts in its head."""
    html = _PREVIEW.sub("", html).replace('<html\n\tlang="en"', '<html\n\tlang="zh-CN"', 1)
    html = html.replace('<html lang="en"', '<html lang="zh-CN"', 1)
    return html.replace("<head>", f"<head>\n<script>{assets.read('chinese.js')}{assets.read('session.js')}</script>", 1)


class Guard:
    """Wraps an ASGI application: HTML pages rewritten, protective headers on every response.

    ``hosts``: the names under which the page may be asked for, without port; empty for any, where a login protects it.
    A request under another name, or sent by a page of another host (``Origin``), is answered with 403: so no web site
    that an official has open can point its own name at this machine and read along (DNS rebinding), or post to it.
    """

    def __init__(self, inner: Application, *, hosts: tuple[str, ...] = ()) -> None:
        self.inner = inner
        self.hosts = hosts

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
        elif not self._welcome(scope):
            await _refuse(send)
        elif scope["path"].startswith(_ASSETS):
            await self.inner(scope, receive, _with_headers(send))
        else:
            # A page that is to be rewritten must come uncompressed.
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            await self.inner(scope, receive, _Rewriting(_with_headers(send)))

    def _welcome(self, scope: MutableMapping[str, Any]) -> bool:
        host, origin = _host(scope, b"host"), _host(scope, b"origin")
        return (not self.hosts or host in self.hosts) and origin in ("", host, *self.hosts)


def _host(scope: MutableMapping[str, Any], header: bytes) -> str:
    """The host that a header names, without scheme and port; empty where the header is missing."""
    value = next((value for name, value in scope["headers"] if name == header), b"").decode("latin-1")
    return re.sub(r":\d+$", "", re.sub(r"^https?://", "", value)).strip("[]").lower()


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": "请用本机地址访问，例如 http://127.0.0.1".encode()})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return sending


class _Rewriting:
    """Holds an HTML response back until it is whole, then sends it rewritten; anything else passes at once."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        body = chinese_page(self.body.decode("utf-8")).encode()
        start["headers"] = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        start["headers"].append((b"content-length", str(len(body)).encode()))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    """A page, not a file that happens to be HTML."""
    headers = {name.lower(): value for name, value in message["headers"]}
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-disposition" not in headers
