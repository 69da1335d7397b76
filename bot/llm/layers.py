"""What stands between a caller and an engine: masking, retries, recording. Each is a ``Chat`` around a ``Chat``."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Unpack

from bot.errors import LLMError
from bot.llm.chat import Asked, CallRecord, Chat, OnCall, Reply
from bot.llm.mask import Mask
from prompts.loader import Message

FIRST_WAIT = 0.5
"""Seconds before the second attempt; doubled each time, at most ``LONGEST_WAIT``, with up to half as much again."""
LONGEST_WAIT = 8.0


class Masked:
    """Phone numbers, e-mail addresses and ID numbers leave as placeholders and come back as themselves."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The answer with the placeholders filled in again. Raises ``LLMError``."""
        mask = Mask.of([message.content for message in messages])
        reply = self._chat.complete(_hidden(mask, messages), **asked)
        return replace(reply, text=mask.restore(reply.text))

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The same, piece by piece; a placeholder is never cut in two. Raises ``LLMError``."""
        mask = Mask.of([message.content for message in messages])
        yield from mask.restore_pieces(self._chat.stream(_hidden(mask, messages), **asked))


def _hidden(mask: Mask, messages: Sequence[Message]) -> list[Message]:
    return [Message(message.role, mask.hide(message.content)) for message in messages]


class Lazy:
    """A model that is opened at its first call: a question that needs none does not wait for it.

    A model that cannot be opened is tried again at the next call: its server may have been started meanwhile.
    """

    def __init__(self, model: str, opened: Callable[[], Chat]) -> None:
        self._model = model
        self._opened = opened
        self._chat: Chat | None = None
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        """The model's own name, as far as the settings tell it before it is open."""
        return self._chat.model if self._chat else self._model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The model's answer. Raises ``LLMError``, also where the model cannot be opened."""
        return self._open().complete(messages, **asked)

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The same, piece by piece. Raises ``LLMError``."""
        yield from self._open().stream(messages, **asked)

    def _open(self) -> Chat:
        with self._lock:
            self._chat = self._chat or self._opened()
            return self._chat


class Retried:
    """Asks again after a passing fault, a bounded number of times, waiting longer each time.

    A stream is asked for again only while nothing of it has been handed on.
    """

    def __init__(self, chat: Chat, retries: int, sleep: Callable[[float], None] = time.sleep) -> None:
        self._chat = chat
        self._retries = retries
        self._sleep = sleep

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The first answer that succeeds. Raises the last ``LLMError``."""
        attempt = 0
        while True:
            try:
                return self._chat.complete(messages, **asked)
            except LLMError as error:
                self._wait(error, attempt)
            attempt += 1

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The first stream that begins. Raises ``LLMError``."""
        attempt = 0
        while True:
            begun = False
            try:
                for piece in self._chat.stream(messages, **asked):
                    begun = True
                    yield piece
            except LLMError as error:
                if begun:
                    raise
                self._wait(error, attempt)
                attempt += 1
            else:
                return

    def _wait(self, error: LLMError, attempt: int) -> None:
        """Wait before the next attempt; raises the error where there is none."""
        if not error.retryable or attempt >= self._retries:
            raise error
        self._sleep(min(LONGEST_WAIT, FIRST_WAIT * 2**attempt) * random.uniform(1, 1.5))


class Recorded:
    """Tells ``on_call`` of every call: prompt, version, model, tokens, latency, outcome."""

    def __init__(self, chat: Chat, on_call: OnCall | None) -> None:
        self._chat = chat
        self._on_call = on_call

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The answer, recorded. Raises ``LLMError``, recorded too."""
        start = time.perf_counter()
        try:
            reply = self._chat.complete(messages, **asked)
        except LLMError as error:
            self._record(asked, start, str(error))
            raise
        self._record(asked, start, "ok", (reply.tokens_in, reply.tokens_out), reply.latency_ms)
        return reply

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The stream, recorded when it ends. Raises ``LLMError``, recorded too."""
        start = time.perf_counter()
        outcome = "abandoned"
        used = (0, 0)
        # Whoever records around this one is told too.
        outer = asked.get("on_usage")

        def tell(tokens_in: int, tokens_out: int) -> None:
            nonlocal used
            used = (tokens_in, tokens_out)
            if outer:
                outer(tokens_in, tokens_out)

        asked["on_usage"] = tell
        try:
            yield from self._chat.stream(messages, **asked)
            outcome = "ok"
        except LLMError as error:
            outcome = str(error)
            raise
        finally:
            self._record(asked, start, outcome, used)

    def _record(
        self, asked: Asked, start: float, outcome: str, tokens: tuple[int, int] = (0, 0), took: float | None = None
    ) -> None:
        if self._on_call is None:
            return
        name, _, version = asked.get("prompt", "").partition("@")
        took = (time.perf_counter() - start) * 1000 if took is None else took
        self._on_call(CallRecord(name, int(version or 0), self.model, *tokens, round(took, 1), outcome))
