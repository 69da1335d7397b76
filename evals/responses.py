"""Answers of a model, kept: so that a case is not asked twice, and a run can be replayed where there is no model.

One JSON line per answer, keyed by (model, full messages, parameters, schema, repeat). A fault is never kept; an answer
that ran into its length limit is an answer of the model, and kept as such.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Unpack

from bot.errors import LLMCut, LLMError, UsageError
from bot.llm.chat import MAX_TOKENS, Asked, Chat, Reply
from evals.log import Usage
from evals.task import CaseError
from prompts.loader import Message


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as kept. ``cut``: the message of the fault where it ran into its length limit, else empty."""

    key: str
    model: str
    prompt: str
    repeat: int
    reply: Reply | None
    cut: str


def key_of(model: str, messages: Sequence[Message], asked: Asked, repeat: int) -> str:
    """The digest by which an answer is found again: everything that could change it."""
    said = {
        "model": model,
        "messages": [[message.role, message.content] for message in messages],
        "parameters": [asked.get("max_tokens", MAX_TOKENS), asked.get("temperature", 0.0)],
        "schema": asked.get("schema"),
        "repeat": repeat,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Responses:
    """The file of kept answers. ``replay``: nothing is ever asked, a missing answer is an error. Thread-safe."""

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        self.replay = replay
        self._path = path
        self._lock = threading.Lock()
        if replay and not path.is_file():
            raise UsageError(f"没有录制文件 {path}：请先用 --record {path} 录制")
        self._kept = {kept.key: kept for kept in _read(path)}

    @property
    def models(self) -> list[str]:
        """The models whose answers are kept, in order."""
        return list(dict.fromkeys(kept.model for kept in self._kept.values()))

    def get(self, key: str) -> Kept | None:
        """The answer, if it is kept."""
        return self._kept.get(key)

    def put(self, kept: Kept) -> None:
        """Keep an answer, on disk before the call returns."""
        with self._lock:
            self._kept[kept.key] = kept
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(kept), ensure_ascii=False) + "\n")


def _read(path: Path) -> Iterator[Kept]:
    """The lines of the file; the last one may be torn by a killed run."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            raw: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            continue
        reply = Reply(**raw["reply"]) if raw["reply"] else None
        yield Kept(raw["key"], raw["model"], raw["prompt"], raw["repeat"], reply, raw["cut"])


class NoModel:
    """Stands where a model would when a run is replayed. ``model``: the one that was recorded."""

    def __init__(self, model: str) -> None:
        self.model = model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """Never called with an answer that was recorded."""
        del messages
        raise CaseError(f"录制文件里没有这次提问（{asked.get('prompt', '')}）：请用 --record 重新录制")

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """As ``complete``."""
        yield self.complete(messages, **asked).text


class Metered:
    """One case's way to the model: kept answers first, and what it cost is counted.

    A fault of the service is no answer of the system under test: it is remembered in ``fault`` for the runner, whatever
    the program made of it.
    """

    def __init__(self, chat: Chat, responses: Responses | None, repeat: int = 0, max_tokens: int | None = None) -> None:
        self._chat = chat
        self._max_tokens = max_tokens
        self._responses = responses
        self._repeat = repeat
        self._lock = threading.Lock()
        self.usage = Usage()
        self.fault = ""

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The kept answer, or a new one. Raises ``LLMError``."""
        if self._max_tokens:
            asked["max_tokens"] = min(asked.get("max_tokens", MAX_TOKENS), self._max_tokens)
        key = key_of(self.model, messages, asked, self._repeat)
        kept = self._responses.get(key) if self._responses else None
        if kept is None:
            kept = self._ask(key, messages, asked)
        else:
            self._count(Usage(calls=1, cached=1))
        if kept.reply is None:
            raise LLMCut(kept.cut)
        return kept.reply

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The same in one piece: what is evaluated does not depend on where a stream breaks."""
        yield self.complete(messages, **asked).text

    def _ask(self, key: str, messages: Sequence[Message], asked: Asked) -> Kept:
        start = time.perf_counter()
        reply, cut = None, ""
        try:
            reply = self._chat.complete(messages, **asked)
        except LLMCut as error:
            cut = str(error)
        except (LLMError, CaseError) as error:
            self.fault = self.fault or str(error)
            raise
        took = (time.perf_counter() - start) * 1000
        tokens = (reply.tokens_in, reply.tokens_out) if reply else (0, 0)
        self._count(Usage(1, 0, *tokens, round(took, 1)))
        kept = Kept(key, self.model, asked.get("prompt", ""), self._repeat, reply, cut)
        if self._responses:
            self._responses.put(kept)
        return kept

    def _count(self, more: Usage) -> None:
        with self._lock:
            self.usage = self.usage + more
