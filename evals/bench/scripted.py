"""A model that does what its prompt says and nothing more: for planting faults into prompts.

It copies the first passage of the evidence. Each of its good habits hangs on the words of the instruction that asks for
it; without them it falls back into the bad habit that the instruction is there for. ``slips``: how often, at random, it
forgets to cite although told to, as a model at a temperature does.
"""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Unpack

from bot.llm.chat import Asked, Reply
from prompts.loader import Message

CITES = "用方括号标出"
COPIES_FIGURES = "数字、单位、日期"
COPIES_STATUS = "完成程度照抄原文用词"
"""What the prompt must say for the model to do it."""
_PASSAGE = re.compile(r"^\[(\d+)\](?:（[^\n]*?）)?(.+)$", re.MULTILINE)
_STRONGER = (("基本完成", "全部完成"), ("正在推进", "已经完成"), ("未完成", "已完成"), ("预计", "已于"), ("正在", "已"))


class ScriptedChat:
    """The model. ``seed``: of its slips. Safe to call from several threads."""

    model = "openai:scripted"

    def __init__(self, slips: float = 0.0, seed: int = 0) -> None:
        self._slips = slips
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        """The answer; a plan that changes nothing where one is asked for."""
        if asked.get("schema"):
            return _reply(json.dumps({}))
        if len(messages) > 2:
            return _reply("无")
        return _reply(self._answer(messages[0].content, messages[1].content))

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        """The same."""
        yield self.complete(messages, **asked).text

    def _answer(self, told: str, given: str) -> str:
        found = _PASSAGE.search(given)
        if found is None:
            return "资料未写明。"
        words = found[2].strip().split("。")[0]
        if COPIES_FIGURES not in told:
            words = re.sub(r"\d+", lambda figure: str(int(figure[0]) // 10 * 10 + 10), words)
        if COPIES_STATUS not in told:
            for printed, stronger in _STRONGER:
                words = words.replace(printed, stronger)
        with self._lock:
            forgets = self._random.random() < self._slips
        return f"{words}。" if forgets or CITES not in told else f"{words}。[{found[1]}]"


def _reply(text: str) -> Reply:
    return Reply(text, len(text), len(text), 1.0, ScriptedChat.model, "stop")
