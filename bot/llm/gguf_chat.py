"""``gguf:PATH``: a model file run in this process by llama.cpp (``xllamacpp``), nothing to start.

The answer is decoded under the grammar of the schema, so it can be cut but never off-schema.
"""

from __future__ import annotations

import json
import queue
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Unpack

from bot.errors import LLMCut, LLMError
from bot.llm.chat import MAX_TOKENS, Asked, Reply, checked, refuse_unfinished, spoken
from prompts.loader import Message

CONTEXT = 8192
"""Tokens of one conversation: a section of a notice, its examples and the answer."""
_QUIET = -1
_COMPACT = {"x-guidance": {"whitespace_flexible": False}}
_STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
_LAST_WAIT = 20.0
"""Seconds that a model which is not listened to any more gets for the token at which it stops."""
_END = object()


class GgufChat:
    """A model in memory. ``parallel``: conversations at once. Raises ``LLMError`` where the file cannot be loaded."""

    def __init__(self, path: Path, *, parallel: int, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._server = _server(path, parallel)

    @property
    def model(self) -> str:
        """``gguf:`` and the file's name."""
        return f"gguf:{self._path.name}"

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """A whole answer. Raises ``LLMError``."""
        start = time.perf_counter()
        answer = self._server.handle_chat_completions(_request(messages, asked))
        self._refuse_error(answer)
        choice, usage = answer["choices"][0], answer.get("usage", {})
        reply = Reply(
            text=choice["message"].get("content") or "",
            tokens_in=usage.get("prompt_tokens", 0),
            tokens_out=usage.get("completion_tokens", 0),
            latency_ms=round((time.perf_counter() - start) * 1000, 1),
            model=self._path.name,
            finish_reason=choice.get("finish_reason") or "",
        )
        return checked(reply, self._who)

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The answer piece by piece. Raises ``LLMError``."""
        yield from spoken(self._pieces(messages, asked), self._who)

    def _pieces(self, messages: Sequence[Message], asked: Asked) -> Iterator[str]:
        """The callback runs in a thread of its own; a queue hands its chunks over.

        Whoever stops listening stops the model: at the program's end it would still be at work, and crash it.
        """
        chunks: queue.Queue[Any] = queue.Queue()
        stop = threading.Event()
        worker = threading.Thread(target=self._run, args=(_request(messages, asked), chunks, stop), daemon=True)
        worker.start()
        finish: str | None = None
        try:
            while (chunk := self._next(chunks)) is not _END:
                self._refuse_error(chunk)
                for choice in chunk.get("choices", ()):
                    finish = choice.get("finish_reason") or finish
                    if piece := choice["delta"].get("content"):
                        yield piece
                if (used := chunk.get("usage")) and (tell := asked.get("on_usage")):
                    tell(used.get("prompt_tokens", 0), used.get("completion_tokens", 0))
        finally:
            stop.set()
            worker.join(_LAST_WAIT)
        refuse_unfinished(finish, self._who)

    def _run(self, request: dict[str, Any], chunks: queue.Queue[Any], stop: threading.Event) -> None:
        def hand_over(chunk: Any) -> bool:
            """True stops the model."""
            chunks.put(chunk)
            return stop.is_set()

        try:
            self._server.handle_chat_completions(request | _STREAMED, hand_over)
        finally:
            chunks.put(_END)

    def _next(self, chunks: queue.Queue[Any]) -> Any:
        try:
            return chunks.get(timeout=self._timeout)
        except queue.Empty as error:
            raise LLMError(f"{self._who}在 {self._timeout:g} 秒内没有回答，请换一个小些的模型。") from error

    def _refuse_error(self, answer: dict[str, Any]) -> None:
        error = answer.get("error")
        if not error:
            return
        if "context" in str(error.get("type", "")):
            raise LLMCut(f"{self._who}放不下这么长的文本。")
        raise LLMError(f"{self._who}出错：{error.get('message', error)}。")

    @property
    def _who(self) -> str:
        return f"本机模型 {self._path.name} "


def _server(path: Path, parallel: int) -> Any:
    if not path.is_file():
        raise LLMError(f"没有模型文件 {path}：请检查 gguf: 后面的路径。")
    try:
        import xllamacpp
    except ImportError as error:
        raise LLMError("读取 gguf 模型需要 xllamacpp：请运行 pip install 'zhenggai[gguf]'。") from error
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = CONTEXT * parallel
    params.n_parallel = parallel
    params.warmup = False
    params.verbosity = _QUIET
    # The library opens a port on loopback whether one wants it or not: nobody else is to use it.
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [secrets.token_hex(16)]
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise LLMError(f"模型文件 {path.name} 无法载入（{error}）：请检查它是否完整、是否为 gguf 格式。") from error


def _request(messages: Sequence[Message], asked: Asked) -> dict[str, Any]:
    request: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "max_tokens": asked.get("max_tokens", MAX_TOKENS),
        "temperature": asked.get("temperature", 0.0),
    }
    schema = asked.get("schema")
    if schema:
        from xllamacpp import json_schema_to_grammar

        # As a grammar and not as response_format: there a small model may fill its answer with white space.
        request["grammar"] = json_schema_to_grammar(json.dumps(schema | _COMPACT, ensure_ascii=False))
    return request
