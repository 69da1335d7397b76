"""What is under test, opened from settings and from what the command line says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.llm.chat import Chat, open_chat
from evals import log
from evals.responses import NoModel, Responses
from evals.suite import Suite
from evals.task import System
from prompts.loader import load

if TYPE_CHECKING:
    from bot.settings import Settings
    from prompts.loader import Prompt

USED_BY = {
    "answer": ("writing", "answer", "refusal", "robustness"),
    "plan": ("answer", "refusal", "robustness"),
    "extract": ("extraction", "robustness"),
    "summarize": ("summary",),
    "brief": ("briefing",),
}
"""Which tasks a prompt takes part in."""
KEPT = "responses.jsonl"


def responses_of(record: Path | None, replay: Path | None, *, fresh: bool) -> Responses | None:
    """Where a model's answers are kept: a recording, a replay, or the cache of all runs; nowhere when all is to be new.

    Raises ``UsageError``.
    """
    if record and replay:
        raise UsageError("--record 和 --replay 只能用一个")
    if replay:
        return Responses(replay, replay=True)
    if record:
        return Responses(record)
    return None if fresh else Responses(log.RUNS / KEPT)


def open_system(
    settings: Settings,
    prompts: Sequence[str],
    suites: Sequence[Suite],
    responses: Responses | None,
    max_tokens: int | None = None,
) -> System:
    """The system with its model and prompt versions. Raises ``UsageError``, ``SettingsError``, ``LLMError``."""
    chosen = {prompt.id: prompt for prompt in map(load, prompts)}
    if len(chosen) < len(prompts):
        raise UsageError("同一种提示词只能指定一个版本")
    _refuse_unused(chosen, suites)
    chat = _chat(settings, responses)
    needing = [suite.suite for suite in suites if suite.needs_model]
    if needing and chat is None:
        raise UsageError(f"评测集 {'、'.join(needing)} 要有大模型：请用 --llm openai:模型名 指定，或用 --replay 回放")
    if chosen and chat is None:
        raise UsageError("比较提示词要有大模型：请用 --llm openai:模型名 指定，或用 --replay 回放录好的回答")
    return System(settings, chosen, chat, max_tokens)


def _chat(settings: Settings, responses: Responses | None) -> Chat | None:
    if responses and responses.replay:
        if len(responses.models) != 1:
            raise UsageError(f"录制文件里有 {len(responses.models)} 个模型的回答，应为 1 个：请重新录制")
        return NoModel(responses.models[0])
    return open_chat(settings.llm, settings) if settings.llm else None


def _refuse_unused(chosen: Mapping[str, Prompt], suites: Sequence[Suite]) -> None:
    """A prompt that no suite uses would make two equal runs look like a result."""
    tasks = {suite.task for suite in suites}
    for key, prompt in chosen.items():
        if not tasks & set(USED_BY.get(key, ())):
            used = "、".join(USED_BY.get(key, ())) or "没有"
            raise UsageError(f"所选评测集用不到提示词 {prompt.name}：用到它的评测集是 {used}")
