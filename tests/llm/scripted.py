"""A server on loopback that speaks OpenAI's chat protocol and answers, or fails, as a script says.

with serving(says("你好"), status(429)) as server:      # the first request gets the first answer, the last one stays
    ...
    server.requests     # every request's body, as sent
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Answer = Callable[["_Handler", Request], None]


@dataclass
class Scripted:
    """The server's address and what it was asked."""

    url: str
    requests: list[Request] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    @property
    def sent_text(self) -> str:
        """All that ever arrived, escapes resolved."""
        return "\n".join(json.dumps(request, ensure_ascii=False) for request in self.requests)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        request = json.loads(body)
        with self.server.lock:
            number = len(self.server.state.requests)
            self.server.state.requests.append(request)
            self.server.state.heard.append(body)
        answers = self.server.answers
        try:
            answers[min(number, len(answers) - 1)](self, request)
        except (BrokenPipeError, ConnectionResetError):
            return

    def put(self, code: int, body: bytes, kind: str = "application/json", length: int | None = None) -> None:
        self.send_response(code)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    lock = threading.Lock()
    answers: Sequence[Answer]
    state: Scripted


@contextmanager
def serving(*answers: Answer) -> Iterator[Scripted]:
    """The server while the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.answers = answers
    server.state = Scripted(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# -- answers -----------------------------------------------------------------------------------------------------------


def says(text: str, finish: str | None = "stop") -> Answer:
    """This text, whole or as a stream, as asked."""
    return reacts(lambda _: text, finish)


def reacts(write: Callable[[Request], str], finish: str | None = "stop") -> Answer:
    """What ``write`` makes of the request; as the arguments of a function where one is called for."""

    def answer(handler: _Handler, request: Request) -> None:
        text = write(request)
        if request.get("stream"):
            _stream(handler, text, finish, counted=bool(request.get("stream_options", {}).get("include_usage")))
            return
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if request.get("tools"):
            called = {"name": request["tools"][0]["function"]["name"], "arguments": text}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "1", "type": "function", "function": called}],
            }
        handler.put(200, json.dumps(_completion(message, finish)).encode())

    return answer


def _completion(message: dict[str, Any], finish: str | None) -> dict[str, Any]:
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
        "usage": usage,
    }


def _chunk(delta: dict[str, Any], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(data)}\n\n".encode()


def _usage() -> bytes:
    """The last chunk of a stream whose tokens were asked for."""
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    data = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": []}
    return f"data: {json.dumps(data | {'usage': usage})}\n\n".encode()


def _stream(
    handler: _Handler, text: str, finish: str | None, stop_after: int | None = None, counted: bool = False
) -> None:
    pieces = [_chunk({"content": text[n : n + 3]}, None) for n in range(0, len(text), 3)]
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.end_headers()
    for piece in pieces[:stop_after]:
        handler.wfile.write(piece)
    if stop_after is None:
        handler.wfile.write(_chunk({}, finish) if finish else b"")
        handler.wfile.write(_usage() if counted else b"")
        handler.wfile.write(b"data: [DONE]\n\n")
    handler.close_connection = True


def breaks_off(text: str, pieces: int = 5) -> Answer:
    """A stream that ends after some pieces; a plain answer whose body is shorter than announced."""

    def answer(handler: _Handler, request: Request) -> None:
        if request.get("stream"):
            _stream(handler, text, "stop", stop_after=pieces)
            return
        body = json.dumps(_completion({"role": "assistant", "content": text}, "stop")).encode()
        handler.put(200, body[: len(body) // 2], length=len(body))
        handler.close_connection = True

    return answer


def status(code: int, body: dict[str, Any] | None = None) -> Answer:
    """An HTTP error."""
    data = json.dumps(body or {"error": {"message": "scripted", "type": "scripted"}}).encode()
    return lambda handler, _: handler.put(code, data)


def page(code: int = 200) -> Answer:
    """A web page: the login form of some gateway."""
    return lambda handler, _: handler.put(code, "<html><body>请登录</body></html>".encode(), "text/html; charset=utf-8")


def raw(body: str, kind: str = "application/json") -> Answer:
    """Any body."""
    return lambda handler, _: handler.put(200, body.encode(), kind)


def slow(seconds: float, then: Answer) -> Answer:
    """The same later."""

    def answer(handler: _Handler, request: Request) -> None:
        time.sleep(seconds)
        then(handler, request)

    return answer


def hangs_up() -> Answer:
    """The connection is closed without a word."""

    def answer(handler: _Handler, _: Request) -> None:
        handler.close_connection = True

    return answer


def refuses(*keys: str, then: Answer) -> Answer:
    """400 for requests that use one of these parameters, as endpoints do that do not know them."""

    def answer(handler: _Handler, request: Request) -> None:
        if any(key in request for key in keys):
            status(400)(handler, request)
        else:
            then(handler, request)

    return answer
