"""One section through a model: ask, parse, ground, ask again with the findings, a bounded number of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.errors import LLMCut, LLMError
from bot.extraction.ground import Grounder
from bot.extraction.said import SaidItem, ground
from bot.extraction.sections import Section
from bot.llm.chat import Chat
from bot.llm.outputs import Unreadable, output_schema, read_output
from bot.records import Span
from prompts.loader import Message, Prompt

REPAIRS = 2
"""Further attempts with the findings of the one before."""
_LONGEST_FINDINGS = 1200


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a section. ``failed``: nothing usable came; ``partial``: something was not usable, see errors."""

    span: Span
    status: Literal["ok", "partial", "failed"]
    items: tuple[SaidItem, ...]
    errors: tuple[str, ...]
    stop: bool = False
    """Whether the fault will meet every other section too (a wrong key, no such model)."""


def read_section(section: Section, grounder: Grounder, chat: Chat, prompt: Prompt) -> Reading:
    """A section's items as the model sees them. Raises ``LLMCut`` where the answer is too long: half may do."""
    text = grounder.text[slice(*section.span)]
    messages = list(prompt.render(headings="\n".join(section.headings) or "无", text=text))
    best: Reading | None = None
    before: list[str] = []
    for _ in range(1 + REPAIRS):
        try:
            answer = _ask(chat, prompt, messages)
        except LLMCut:
            if best is None:
                raise
            break
        except LLMError as error:
            best = best or Reading(section.span, "failed", (), (str(error),), stop=not error.retryable)
            break
        reading, findings = _understood(section, grounder, prompt, answer)
        best = reading if best is None or _better(reading, best) else best
        if not findings or findings == before:
            break
        before = findings
        messages += [Message("assistant", answer), prompt.ask_again("\n".join(findings)[:_LONGEST_FINDINGS])]
    assert best is not None
    return best


def _ask(chat: Chat, prompt: Prompt, messages: list[Message]) -> str:
    name = prompt.output or "section"
    return chat.complete(messages, schema=output_schema(name), schema_name=name, prompt=prompt.name).text


def _understood(section: Section, grounder: Grounder, prompt: Prompt, answer: str) -> tuple[Reading, list[str]]:
    try:
        said = read_output(prompt.output or "section", answer)
    except Unreadable as error:
        return Reading(section.span, "failed", (), tuple(error.findings)), error.findings
    items, findings = ground(section, said, grounder)
    if not findings:
        return Reading(section.span, "ok", tuple(items), ()), []
    status: Literal["partial", "failed"] = "partial" if items or not section.items else "failed"
    return Reading(section.span, status, tuple(items), tuple(findings)), findings


def _better(one: Reading, other: Reading) -> bool:
    rank = {"ok": 0, "partial": 1, "failed": 2}
    return (rank[one.status], len(one.errors)) < (rank[other.status], len(other.errors))
