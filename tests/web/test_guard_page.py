"""The layer around Gradio: no outside address in a page, no foreign host name."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.web.guard import POLICY, Guard, chinese_page

PAGE = """<!doctype html>
<html
	lang="en"
	style="margin: 0">
	<head>
		<meta property="og:image"
			content="https://example.org/a.jpg" />
		<meta name="twitter:creator" content="@someone" />
	</head><body>正文</body></html>"""


def asked(guard: Guard, path: str, *, host: str = "127.0.0.1:7860", origin: str = "") -> list[dict[str, Any]]:
    """The messages that a GET request is answered with."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> Any:
        return {"type": "http.request"}

    headers = [(b"host", host.encode()), (b"accept-encoding", b"br")]
    headers += [(b"origin", origin.encode())] if origin else []
    asyncio.run(guard({"type": "http", "path": path, "headers": headers}, receive, send))
    return sent


async def page(scope: Any, receive: Any, send: Any) -> None:
    """An application that sends the page in two pieces and says which encodings were asked for."""
    del receive
    wanted = dict(scope["headers"]).get(b"accept-encoding", b"none")
    headers = [(b"content-type", b"text/html"), (b"content-length", b"9"), (b"x-wanted", wanted)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    body = PAGE.encode()
    await send({"type": "http.response.body", "body": body[:200], "more_body": True})
    await send({"type": "http.response.body", "body": body[200:]})


def test_a_page_loses_every_outside_address_and_becomes_chinese() -> None:
    """Preview tags of Gradio's template go, the language is zh-CN, for the browser's own words too."""
    html = chinese_page(PAGE)
    assert "https://" not in html
    assert 'lang="zh-CN"' in html
    assert 'lang="en"' not in html
    assert "Navigator.prototype" in html


def test_a_page_is_rewritten_whole_with_its_new_length() -> None:
    """The pieces of a page are joined, rewritten and sent with the right length and the policy."""
    start, body = asked(Guard(page), "/")
    headers = dict(start["headers"])
    assert headers[b"content-length"] == str(len(body["body"])).encode()
    assert headers[b"content-security-policy"] == POLICY.encode()
    assert headers[b"x-wanted"] == b"none"
    assert body["body"].decode() == chinese_page(PAGE)


def test_a_script_passes_compressed_and_untouched() -> None:
    """Assets are not held back: what Gradio sends, the browser gets."""
    start, *pieces = asked(Guard(page), "/assets/index.js")
    assert dict(start["headers"])[b"x-wanted"] == b"br"
    assert b"".join(piece["body"] for piece in pieces) == PAGE.encode()


def test_a_foreign_name_for_this_machine_is_refused() -> None:
    """A web site that points its own name at 127.0.0.1 gets nothing."""
    guard = Guard(page, hosts=("127.0.0.1", "::1"))
    assert asked(guard, "/", host="evil.example:7860")[0]["status"] == 403
    assert asked(guard, "/", host="[::1]:7860")[0]["status"] == 200


def test_a_page_of_another_host_cannot_post_here() -> None:
    """A request that says it was sent by another site's page is refused, one of our own page is not."""
    guard = Guard(page, hosts=("127.0.0.1", "localhost"))
    for origin in ("https://evil.example", "null"):
        assert asked(guard, "/gradio_api/queue/join", origin=origin)[0]["status"] == 403
    assert asked(guard, "/gradio_api/queue/join", origin="http://127.0.0.1:7860")[0]["status"] == 200
