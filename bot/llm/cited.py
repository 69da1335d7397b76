"""Texts with the numbers of the passages that prove them, as structured output: verified one by one, mended once.

Used where a model fills a list (an overview's sentences, a section's paragraphs). Not known here: what proves a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import LLMError, LLMUnproved
from bot.llm.chat import Chat
from bot.llm.outputs import CitedText, Drafted, Overview, Unreadable, output_schema, read_output
from bot.llm.verify import Finding
from prompts.loader import Message, Prompt

Check = Callable[[CitedText], Sequence[Finding]]
MAX_TOKENS = 1600
_SAID = " —— "
"""Between a text and what is wrong with it."""
_MOST = 40
"""Texts: a model that writes more of them is not read to the end."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The texts that hold, in their order, and how many did not."""

    texts: tuple[CitedText, ...]
    lost: int


def cited_texts(chat: Chat, prompt: Prompt, values: Mapping[str, str], check: Check) -> Proved:
    """What the model writes and ``check`` finds nothing wrong with, after at most one repair.

    Raises ``LLMError`` where the model fails, ``LLMUnproved`` where it gives nothing that holds.
    """
    messages = list(prompt.render(**values))
    first, findings, raw = _asked(chat, prompt, messages, check)
    if findings:
        again = [*messages, Message("assistant", raw), prompt.ask_again("\n".join(findings[:12]))]
        try:
            second, left, _ = _asked(chat, prompt, again, check)
        except LLMError:
            second, left = first, findings
        # Never worse than before: a repair that loses what was right is not taken.
        if len(second) >= len(first):
            first, findings = second, left
    if not first:
        told = "没有一句能在原文中得到证实" if any(_SAID in one for one in findings) else "不合规定的格式"
        raise LLMUnproved(f"大模型写的内容{told}")
    return Proved(tuple(first), len(findings))


def _asked(
    chat: Chat, prompt: Prompt, messages: Sequence[Message], check: Check
) -> tuple[list[CitedText], list[str], str]:
    """The texts that hold, what is wrong with the others, and the answer as it came. Raises ``LLMError``."""
    name = prompt.output or ""
    schema = output_schema(name)
    reply = chat.complete(messages, schema=schema, schema_name=name, max_tokens=MAX_TOKENS, prompt=prompt.name)
    try:
        read = read_output(name, reply.text)
    except Unreadable as error:
        return [], error.findings, reply.text
    assert isinstance(read, Overview | Drafted)
    texts = read.sentences if isinstance(read, Overview) else read.paragraphs
    good: list[CitedText] = []
    wrong: list[str] = []
    for text in texts[:_MOST]:
        found = check(text) if text.text.strip() else [Finding("support", "", "是空的")]
        if found:
            wrong.append(f"{text.text}{_SAID}{'；'.join(f.message for f in found[:4])}")
        else:
            good.append(text)
    return good, wrong, reply.text
