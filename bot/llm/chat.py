"""The one interface to a large language model, and how one is opened.

    engine (OpenAIChat | GgufChat) ← Masked ← Retried ← Recorded = what ``open_chat`` gives

Every part has the same two methods, so each can be tested, left out or faked alone. Not known here: prompts (messages
come rendered) and what an answer means (see ``bot.llm.outputs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypedDict, Unpack

from bot.errors import LLMCut, LLMError, SettingsError
from bot.settings import Settings
from prompts.loader import Message

MAX_TOKENS = 4096
"""Default limit of an answer's length."""


class Asked(TypedDict, total=False):
    """How to answer. ``schema``: JSON Schema that it must follow; ``prompt``: ``id@version``, for the record.

    ``on_usage``: told the tokens of the question and of a streamed answer, where the server says them.
    """

    schema: dict[str, Any] | None
    schema_name: str
    max_tokens: int
    temperature: float
    prompt: str
    on_usage: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Token counts are 0 where the server does not say; ``latency_ms``: of the call that succeeded."""

    text: str
    tokens_in: int
    tokens_out: int
    latency_ms: float
    model: str
    finish_reason: str


class Chat(Protocol):
    """A model that one can talk to. Safe to call from several threads."""

    @property
    def model(self) -> str:
        """How the settings name it: ``openai:NAME`` or ``gguf:NAME``."""
        ...

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """A whole answer. Raises ``LLMError``; an empty, filtered or cut answer is an error, never a reply."""
        ...

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The answer piece by piece. Raises ``LLMError`` at any point, also where the stream ends too early."""
        ...


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, for logs and evals. ``outcome``: ``ok`` or the error's message; ``tokens``: 0 where unknown."""

    prompt: str
    version: int
    model: str
    tokens_in: int
    tokens_out: int
    latency_ms: float
    outcome: str


OnCall = Callable[[CallRecord], None]


def open_chat(spec: str, settings: Settings, *, on_call: OnCall | None = None, lazily: bool = False) -> Chat:
    """The model that ``spec`` names (``openai:MODEL``, ``gguf:PATH``), with masking, retries and recording.

    ``lazily``: opened at its first call, whose ``LLMError`` says where that fails. Raises ``SettingsError`` for a spec
    that names nothing, ``LLMError`` where the model cannot be opened.
    """
    # Late: the layers import this module.
    from bot.llm.layers import Lazy, Recorded, Retried
    from vectorstore.quiet import quiet

    kind, _, name = spec.partition(":")
    if kind not in ("openai", "gguf") or not name:
        raise SettingsError(f"不认识的大模型 {spec}：请写 openai:模型名 或 gguf:文件路径")
    quiet()

    def opened() -> Chat:
        return Retried(_engine(kind, name, settings), settings.llm_retries)

    shown = f"gguf:{Path(name).name}" if kind == "gguf" else spec
    return Recorded(Lazy(shown, opened) if lazily else opened(), on_call)


def _engine(kind: str, name: str, settings: Settings) -> Chat:
    if kind == "gguf":
        from bot.llm.gguf_chat import GgufChat

        return GgufChat(Path(name), parallel=settings.llm_parallel, timeout=settings.llm_timeout)
    from bot.llm.layers import Masked
    from bot.llm.openai_chat import OpenAIChat

    remote = OpenAIChat(name, timeout=settings.llm_timeout)
    mask = not remote.is_inside if settings.mask == "auto" else settings.mask
    return Masked(remote) if mask else remote


# -- what every engine does with an answer -----------------------------------------------------------------------------

_THINKING = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)


def checked(reply: Reply, who: str) -> Reply:
    """The reply without what a model thought aloud. Raises ``LLMError`` for an empty, filtered or cut one."""
    refuse_unfinished(reply.finish_reason, who)
    text = _THINKING.sub("", reply.text, count=1) if reply.text.lstrip().startswith("<think>") else reply.text
    if not text.strip():
        raise _empty(who)
    return replace(reply, text=text)


def refuse_unfinished(finish_reason: str | None, who: str) -> None:
    """Raises ``LLMError`` where an answer did not come to its end."""
    if finish_reason == "length":
        raise LLMCut(f"{who}的回答超过了长度上限，没有写完。")
    if finish_reason == "content_filter":
        raise LLMError(f"{who}以内容审查为由没有回答。")
    if not finish_reason:
        raise LLMError(f"{who}的回答中途断开。请稍后再试。", retryable=True)


def spoken(pieces: Iterator[str], who: str) -> Iterator[str]:
    """A stream without what the model thinks aloud before it answers. Raises ``LLMError`` where nothing is left."""
    held = ""
    for piece in pieces:
        held = (held + piece).lstrip()
        if held.startswith("<think>") and "</think>" in held:
            held = held.partition("</think>")[2].lstrip()
        if held and not held.startswith("<think>") and not "<think>".startswith(held):
            yield held
            break
    else:
        if not held or held.startswith("<think>"):
            raise _empty(who)
        yield held
    yield from pieces


def _empty(who: str) -> LLMError:
    return LLMError(f"{who}的回答是空的。请稍后再试，或换一个模型。", retryable=True)
