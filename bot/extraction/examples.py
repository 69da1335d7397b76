"""Few-shot examples checked against their own text before any call: an example that invents teaches inventing."""

from __future__ import annotations

import json
from functools import cache

from bot.errors import PromptError
from bot.extraction.ground import Grounder
from bot.extraction.said import ground
from bot.extraction.sections import Section
from bot.llm.outputs import Unreadable, read_output
from prompts.loader import Prompt, load


def check_examples(prompt: Prompt) -> None:
    """Raises ``PromptError`` naming every string of an example's output that its text does not hold."""
    faults = _faults(prompt.name) if prompt.released else _found(prompt)
    if faults:
        raise PromptError(f"提示词 {prompt.name} 的示例有误：{'；'.join(faults)}")


@cache
def _faults(name: str) -> tuple[str, ...]:
    return _found(load(name))


def _found(prompt: Prompt) -> tuple[str, ...]:
    faults: list[str] = []
    for number, example in enumerate(prompt.examples, 1):
        text = example.given["text"]
        try:
            said = read_output(prompt.output or "section", json.dumps(example.output, ensure_ascii=False))
        except Unreadable as error:
            faults += [f"示例{number} {finding}" for finding in error.findings]
            continue
        _, findings = ground(Section((0, len(text)), (), ()), said, Grounder(text))
        faults += [f"示例{number} {finding}" for finding in findings]
    return tuple(faults)
