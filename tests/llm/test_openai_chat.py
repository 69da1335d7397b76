"""``openai:`` against a scripted server: answers, ways of asking for a schema, and every fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.errors import LLMCut, LLMError
from bot.llm.chat import CallRecord, Chat, open_chat
from bot.settings import Settings
from prompts.loader import Message
from tests.llm.scripted import (
    Answer,
    Scripted,
    breaks_off,
    hangs_up,
    page,
    raw,
    reacts,
    refuses,
    says,
    serving,
    slow,
    status,
)

pytestmark = pytest.mark.server
HELLO = [Message("user", "你好")]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


@contextmanager
def talking(
    monkeypatch: pytest.MonkeyPatch, *answers: Answer, records: list[CallRecord] | None = None, **settings: Any
) -> Iterator[tuple[Chat, Scripted]]:
    """A chat with a scripted server, no time lost between attempts."""
    monkeypatch.setattr("bot.llm.layers.FIRST_WAIT", 0.0)
    with serving(*answers) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        kept = records if records is not None else []
        yield open_chat("openai:test", Settings(**{"llm_timeout": 5, **settings}), on_call=kept.append), server


def test_an_answer_comes_with_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, token counts, model and finish reason are those that the server gave; the request holds what was asked."""
    with talking(monkeypatch, says("你好！")) as (chat, server):
        reply = chat.complete(HELLO, max_tokens=50)
    assert (reply.text, reply.tokens_in, reply.tokens_out, reply.model, reply.finish_reason) == (
        "你好！",
        11,
        7,
        "scripted",
        "stop",
    )
    [request] = server.requests
    assert request["messages"] == [{"role": "user", "content": "你好"}]
    assert (request["max_tokens"], request["temperature"], request["model"]) == (50, 0.0, "test")


def test_a_schema_goes_out_as_json_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """The closed schema is sent as response_format, strict."""
    with talking(monkeypatch, says('{"a":"b"}')) as (chat, server):
        assert chat.complete(HELLO, schema=SCHEMA, schema_name="thing").text == '{"a":"b"}'
    sent = server.requests[0]["response_format"]
    assert sent == {"type": "json_schema", "json_schema": {"name": "thing", "schema": SCHEMA, "strict": True}}


def test_function_calling_where_json_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint that answers 400 to response_format is asked for a function call; the second time at once."""
    with talking(monkeypatch, refuses("response_format", then=says('{"a":"b"}'))) as (chat, server):
        assert chat.complete(HELLO, schema=SCHEMA).text == '{"a":"b"}'
        assert chat.complete(HELLO, schema=SCHEMA).text == '{"a":"b"}'
    assert ["tools" in request for request in server.requests] == [False, True, True]


def test_plain_json_where_nothing_better_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tools are refused too, the schema stands in a message."""
    with talking(monkeypatch, refuses("response_format", "tools", then=says('{"a":"b"}'))) as (chat, server):
        assert chat.complete(HELLO, schema=SCHEMA).text == '{"a":"b"}'
    assert json.loads(server.requests[-1]["messages"][-1]["content"]) == {"JSON Schema": SCHEMA}


def test_an_endpoint_that_ignores_the_schema_is_asked_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words without any JSON make the next way be tried."""
    answer = reacts(lambda request: '{"a":"b"}' if request.get("tools") else "好的。")
    with talking(monkeypatch, answer) as (chat, _):
        assert chat.complete(HELLO, schema=SCHEMA).text == '{"a":"b"}'


def test_a_stream_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pieces of a stream make up the answer; what the model thinks aloud is left out."""
    with talking(monkeypatch, says("<think>想一想</think>\n已建成25公里。[1]")) as (chat, _):
        pieces = list(chat.stream(HELLO))
    assert "".join(pieces) == "已建成25公里。[1]"
    assert len(pieces) > 1


FAULTS = {
    "unauthorized": (status(401), "返回错误 401，密钥无效：请检查 OPENAI_API_KEY", False),
    "not found": (
        status(404),
        "返回错误 404，地址或模型不存在：请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和模型名",
        False,
    ),
    "too many": (status(429), "返回错误 429，请求过多或额度用完：请稍后再试", True),
    "server error": (status(500), "返回错误 500，请查看服务端日志", True),
    "page": (page(), "返回的是网页而不是回答，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和代理设置", False),
    "error page": (page(502), "返回错误 502，请查看服务端日志", True),
    "empty": (says(""), "的回答是空的。请稍后再试，或换一个模型", True),
    "filtered": (says("…", "content_filter"), "以内容审查为由没有回答", False),
    "cut": (says("已建成", "length"), "的回答超过了长度上限，没有写完", False),
    "no end": (says("已建成", None), "的回答中途断开。请稍后再试", True),
    "broken body": (breaks_off("已建成25公里。"), "连接不上，请确认服务已启动、地址（OPENAI_BASE_URL）正确", True),
    "hung up": (hangs_up(), "连接不上，请确认服务已启动、地址（OPENAI_BASE_URL）正确", True),
    "no JSON": (raw("ok"), "回答的不是对话接口的格式，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）", False),
    "other JSON": (raw('{"ok": true}'), "回答的不是对话接口的格式，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）", False),
    "no choices": (
        raw('{"choices": []}'),
        "回答的不是对话接口的格式，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）",
        False,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_one_chinese_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault is an ``LLMError`` that says what happened and what to do, and is tried again only where that helps."""
    answer, message, retryable = FAULTS[name]
    with talking(monkeypatch, answer, llm_retries=1) as (chat, server):
        with pytest.raises(LLMError) as raised:
            chat.complete(HELLO)
        assert str(raised.value) == f"大模型服务 127.0.0.1（模型 test）{message}。"
        assert raised.value.retryable is retryable
        assert len(server.requests) == 1 + retryable


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_ends_a_stream(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that fails raises ``LLMError``, whatever came before."""
    answer, _, _ = FAULTS[name]
    with talking(monkeypatch, answer, llm_retries=0) as (chat, _), pytest.raises(LLMError):
        list(chat.stream(HELLO))


def test_a_slow_server_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing within ``llm_timeout`` is a retryable error that names the seconds."""
    late = slow(2, says("好"))
    with talking(monkeypatch, late, llm_timeout=0.2, llm_retries=0) as (chat, _), pytest.raises(LLMError) as raised:
        chat.complete(HELLO)
    assert str(raised.value) == "大模型服务 127.0.0.1（模型 test）在 0.2 秒内没有回答，请检查服务是否繁忙。"
    assert raised.value.retryable


def test_a_passing_fault_is_overcome(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two faults that may pass, then an answer: the answer counts."""
    with talking(monkeypatch, status(429), status(503), says("好")) as (chat, server):
        assert chat.complete(HELLO).text == "好"
    assert len(server.requests) == 3


def test_nobody_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is a retryable error."""
    with serving(says("")) as server:
        pass
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    with pytest.raises(LLMError, match="连接不上") as raised:
        open_chat("openai:test", Settings(llm_retries=0)).complete(HELLO)
    assert raised.value.retryable


def test_too_long_a_text_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal for the length of the text is ``LLMCut``: less text in one call helps."""
    too_long = status(400, {"error": {"message": "maximum context length is 4096 tokens", "type": "invalid"}})
    with talking(monkeypatch, too_long) as (chat, _), pytest.raises(LLMCut):
        chat.complete(HELLO, schema=SCHEMA)


def test_calls_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prompt, version, model, tokens and outcome of every call reach the callback, failed ones too."""
    records: list[CallRecord] = []
    with talking(monkeypatch, says("好"), status(401), records=records) as (chat, _):
        chat.complete(HELLO, prompt="answer@3")
        with pytest.raises(LLMError):
            list(chat.stream(HELLO, prompt="answer@3"))
    first, second = records
    assert (first.prompt, first.version, first.model, first.tokens_in, first.tokens_out, first.outcome) == (
        "answer",
        3,
        "openai:test",
        11,
        7,
        "ok",
    )
    assert first.latency_ms > 0
    assert "401" in second.outcome


def test_an_outside_address_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key nothing is sent to an address outside."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.example.com/v1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(LLMError, match="OPENAI_API_KEY"):
        open_chat("openai:test", Settings())
