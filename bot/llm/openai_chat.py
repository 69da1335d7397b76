"""``openai:MODEL``: any endpoint that speaks OpenAI's chat protocol, through LangChain's client.

Address and key are the client's own settings, OPENAI_BASE_URL and OPENAI_API_KEY. A schema is asked for as json_schema;
an endpoint that refuses that, or answers without any JSON, is asked for a function call, and then for plain JSON with
the schema in the message. What worked is remembered. The only module that knows ``langchain_openai``.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any, Unpack

import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages import ChatMessage as RoleMessage
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from bot.errors import LLMCut, LLMError
from bot.llm.chat import MAX_TOKENS, Asked, Reply, checked, refuse_unfinished, spoken
from prompts.loader import Message
from vectorstore.embedding.openai_api import is_own_network

_OFFICIAL = "api.openai.com"
_MODES = ("json_schema", "function", "plain")
_STREAM_LIMIT = 5
"""A stream may last so many times as long as one wait: every piece of it comes in time, and yet it never ends."""
_ADVICE = {
    400: "请检查模型名和文本长度限制",
    401: "密钥无效：请检查 OPENAI_API_KEY",
    402: "账户余额不足：请充值或换一个服务",
    403: "没有权限：请检查 OPENAI_API_KEY 和账户权限",
    404: "地址或模型不存在：请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和模型名",
    413: "文本过长：请换上下文更长的模型",
    429: "请求过多或额度用完：请稍后再试",
}
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NOT_CHAT = "回答的不是对话接口的格式，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）"


class OpenAIChat:
    """A model behind an address. ``timeout``: seconds without anything arriving."""

    def __init__(self, model: str, *, timeout: float) -> None:
        self._name = model
        self._timeout = timeout
        self._client = _client(model, timeout)
        self._host = self._client.root_client.base_url.host
        self._mode = 0
        self._counts = True

    @property
    def model(self) -> str:
        """``openai:MODEL``."""
        return f"openai:{self._name}"

    @property
    def is_inside(self) -> bool:
        """Whether the address belongs to the machine's own networks."""
        return is_own_network(self._host)

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """A whole answer. Raises ``LLMError``."""
        if not asked.get("schema"):
            return self._call(messages, asked, "text")
        while True:
            number = self._mode
            try:
                reply = self._call(messages, asked, _MODES[number])
            except _NotUnderstood as refused:
                if number + 1 == len(_MODES):
                    raise self._error(f"返回错误 400，{_ADVICE[400]}") from refused
            else:
                if "{" in reply.text or number + 1 == len(_MODES):
                    return reply
            self._mode = max(self._mode, number + 1)

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The answer piece by piece. Raises ``LLMError``."""
        yield from spoken(self._pieces(messages, asked), self._who)

    def _pieces(self, messages: Sequence[Message], asked: Asked) -> Iterator[str]:
        finish: str | None = None
        deadline = time.monotonic() + self._timeout * _STREAM_LIMIT
        try:
            for chunk in self._chunks(messages, asked):
                if time.monotonic() > deadline:
                    raise self._error("的回答迟迟不结束，请检查服务是否正常", retryable=True)
                finish = chunk.response_metadata.get("finish_reason") or finish
                if chunk.usage_metadata and (tell := asked.get("on_usage")):
                    tell(chunk.usage_metadata["input_tokens"], chunk.usage_metadata["output_tokens"])
                if chunk.text:
                    yield chunk.text
        except _CLIENT_FAULTS as fault:
            raise self._explained(fault) from fault
        refuse_unfinished(finish, self._who)

    def _chunks(self, messages: Sequence[Message], asked: Asked) -> Iterator[AIMessageChunk]:
        """The stream with its token counts; without them from an endpoint that refuses to be asked for them."""
        try:
            yield from self._stream(messages, asked)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            # A refusal comes before the first piece: nothing is said twice.
            if not self._counts:
                raise
            self._counts = False
            yield from self._stream(messages, asked)

    def _stream(self, messages: Sequence[Message], asked: Asked) -> Iterator[AIMessageChunk]:
        for chunk in self._bound(asked, "text").stream(_sent(messages), stream_usage=self._counts):
            assert isinstance(chunk, AIMessageChunk)
            yield chunk

    def _call(self, messages: Sequence[Message], asked: Asked, mode: str) -> Reply:
        """One request. Raises ``_NotUnderstood`` where another mode may do, ``LLMError`` otherwise."""
        start = time.perf_counter()
        sent = [*messages, _with_schema(asked)] if mode == "plain" else messages
        try:
            message = self._bound(asked, mode).invoke(_sent(sent))
        except (openai.BadRequestError, openai.UnprocessableEntityError) as refused:
            if "context" in str(refused).lower():
                raise LLMCut(f"{self._who}放不下这么长的文本。") from refused
            if mode == "text":
                raise self._explained(refused) from refused
            raise _NotUnderstood from refused
        except _CLIENT_FAULTS as fault:
            raise self._explained(fault) from fault
        assert isinstance(message, AIMessage)
        return checked(_reply(message, (time.perf_counter() - start) * 1000, self._name), self._who)

    def _bound(self, asked: Asked, mode: str) -> Runnable[Any, BaseMessage]:
        """The client with this request's parameters.

        Through ``extra_body``, as the endpoints outside OpenAI know them: the client would rename max_tokens, and parse
        a response_format by itself.
        """
        limit = asked.get("max_tokens", MAX_TOKENS)
        body: dict[str, Any] = {"max_completion_tokens" if self._host == _OFFICIAL else "max_tokens": limit}
        name = asked.get("schema_name", "output")
        more: dict[str, Any] = {}
        if mode == "json_schema":
            schema = {"name": name, "schema": asked.get("schema"), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif mode == "function":
            more["tools"] = [{"type": "function", "function": {"name": name, "parameters": asked.get("schema")}}]
            more["tool_choice"] = {"type": "function", "function": {"name": name}}
        return self._client.bind(temperature=asked.get("temperature", 0.0), extra_body=body, **more)

    @property
    def _who(self) -> str:
        return f"大模型服务 {self._host}（模型 {self._name}）"

    def _error(self, what: str, *, retryable: bool = False) -> LLMError:
        return LLMError(f"{self._who}{what}。", retryable=retryable)

    def _explained(self, fault: BaseException) -> LLMError:
        """What a fault of the client means for the user."""
        cause: BaseException | None = fault
        while cause is not None:
            if isinstance(cause, _WebPage):
                return self._error("返回的是网页而不是回答，请检查 OPENAI_BASE_URL（通常以 /v1 结尾）和代理设置")
            cause = cause.__cause__
        if isinstance(fault, openai.APIStatusError):
            code = fault.status_code
            return self._error(f"返回错误 {code}，{_ADVICE.get(code, '请查看服务端日志')}", retryable=code in _PASSING)
        if isinstance(fault, openai.APITimeoutError) or "Timeout" in type(fault).__name__:
            return self._error(f"在 {self._timeout:g} 秒内没有回答，请检查服务是否繁忙", retryable=True)
        if isinstance(fault, openai.APIConnectionError):
            return self._error("连接不上，请确认服务已启动、地址（OPENAI_BASE_URL）正确", retryable=True)
        if isinstance(fault, _httpx().TransportError):
            return self._error("的连接中途断开，请检查网络和服务", retryable=True)
        return self._error(_NOT_CHAT)


class _NotUnderstood(Exception):
    """The endpoint refused the way a schema was asked for."""


class _WebPage(ValueError):
    """A page for people came instead of an answer: a login form, a proxy's complaint."""


def _httpx() -> Any:
    """The HTTP library that the installed client uses: httpx2 since openai 3, httpx before."""
    try:
        import httpx2 as library
    except ImportError:  # pragma: no cover - depends on the installed client
        import httpx as library  # type: ignore[no-redef]
    return library


# The client raises these raw where a body is no JSON or lacks what the protocol promises; none of them is a bug here.
_CLIENT_FAULTS = (openai.OpenAIError, _httpx().HTTPError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def _client(model: str, timeout: float) -> ChatOpenAI:
    """Servers of one's own need no key and are not reached through a proxy."""
    key = os.environ.get("OPENAI_API_KEY")
    try:
        host = openai.OpenAI(api_key=key or "local").base_url.host
    except (openai.OpenAIError, ValueError) as error:
        raise LLMError(f"OPENAI_BASE_URL 设置有误：{error}。") from error
    inside = is_own_network(host)
    if not key and not inside:
        raise LLMError("使用 openai: 大模型需要密钥：请设置 OPENAI_API_KEY，或把 OPENAI_BASE_URL 设为本地服务的地址。")
    web = openai.DefaultHttpxClient(timeout=timeout, trust_env=not inside, event_hooks={"response": [_refuse_pages]})
    return ChatOpenAI(
        model=model,
        api_key=SecretStr(key or "local"),
        timeout=timeout,
        max_retries=0,
        http_client=web,
        use_responses_api=False,
    )


def _refuse_pages(response: Any) -> None:
    if response.status_code < 400 and "html" in response.headers.get("content-type", ""):
        raise _WebPage


def _sent(messages: Sequence[Message]) -> list[BaseMessage]:
    return [RoleMessage(role=message.role, content=message.content) for message in messages]


def _with_schema(asked: Asked) -> Message:
    return Message("user", json.dumps({"JSON Schema": asked.get("schema")}, ensure_ascii=False))


def _reply(message: AIMessage, latency: float, model: str) -> Reply:
    usage = message.usage_metadata
    finish = message.response_metadata.get("finish_reason")
    if message.additional_kwargs.get("refusal"):
        finish = "content_filter"
    return Reply(
        text=_arguments(message) or message.text,
        tokens_in=usage["input_tokens"] if usage else 0,
        tokens_out=usage["output_tokens"] if usage else 0,
        latency_ms=round(latency, 1),
        model=message.response_metadata.get("model_name") or model,
        finish_reason=finish or "",
    )


def _arguments(message: AIMessage) -> str:
    """What a called function was given, as JSON or, where it is none, as the model wrote it."""
    if message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"], ensure_ascii=False, separators=(",", ":"))
    return (message.invalid_tool_calls[0]["args"] or "") if message.invalid_tool_calls else ""
