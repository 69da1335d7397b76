"""A follow-up planned by a model into the very ``Plan`` that the rules fill, to be executed by the same code.

What the model gives counts only where every word of it was said: a figure, place, year or name that stands neither in
the question nor in the conversation, and the whole plan is dropped. Where the rules read the self-contained question
with a type of answer of its own, their reading stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import LLMError
from bot.fold import fold
from bot.gazetteer import mentions, short_name
from bot.llm.chat import Chat
from bot.llm.facts import unproved
from bot.llm.outputs import Planned, Unreadable, output_schema, read_output
from bot.qa.question import Plan, understand
from bot.records import Turn
from prompts.loader import Prompt, load

PROMPT = "plan@1"
MAX_TOKENS = 400
LONGEST = 160
"""Characters of a self-contained question."""
SAID = 0.75
"""Least share of its character pairs that must have been said: a model may join words, not add a subject."""
KEPT = 0.5
"""Least share of the follow-up's own character pairs, pronouns apart, that must stand in it still."""
_ANSWER_SHOWN = 200


def planned(question: str, history: Sequence[Turn], chat: Chat, prompt: Prompt | None = None) -> Plan | None:
    """The plan of a follow-up; None where the model fails or gives what was not said: the rules' plan then stands."""
    prompt = prompt or load(PROMPT)
    messages = prompt.render(history=_told(history), question=question)
    schema = output_schema("planned")
    try:
        reply = chat.complete(messages, schema=schema, schema_name="planned", max_tokens=MAX_TOKENS, prompt=prompt.name)
        read = read_output("planned", reply.text)
    except (LLMError, Unreadable):
        return None
    assert isinstance(read, Planned)
    said = "\n".join([question, *(turn.question for turn in history), *(turn.answer for turn in history)])
    return _merged(read) if is_said(read, question, said) else None


def _told(history: Sequence[Turn]) -> str:
    lines = [(f"问：{turn.question}", f"答：{turn.answer[:_ANSWER_SHOWN]}") for turn in history]
    return "\n".join(" ".join(line.split()) for pair in lines for line in pair)


def is_said(read: Planned, question: str, said: str) -> bool:
    """Whether a plan holds nothing but what was said, and still asks what the follow-up asks."""
    asked, known = fold(read.question), fold(said)
    if not asked.strip() or len(asked) > LONGEST or unproved(read.question, said):
        return False
    if any(short_name(place.text) not in known for place in mentions(asked)):
        return False
    named = [*read.places, *read.years, *([read.unit] if read.unit else [])]
    if any(fold(word) not in known for word in named):
        return False
    return _share(asked, known) >= SAID and _share(_bare(fold(question)), asked) >= KEPT


def _bare(question: str) -> str:
    """A follow-up without the words that only point back."""
    for word in (
        "那么",
        "那",
        "它",
        "这个",
        "那个",
        "这些",
        "上面",
        "前面",
        "刚才",
        "呢",
        "其中",
        "该",
        "第二条",
        "第一条",
    ):
        question = question.replace(word, "")
    return question


_GLUE = re.compile(r"[的了是有在吗呢和与对把被]|多少|什么|哪[些个]?|如何|怎么样?|请问|情况")


def _share(words: str, known: str) -> float:
    """Share of the character pairs of ``words``, glue and question words apart, that stand in ``known``; 1 of none."""
    runs = _GLUE.sub(" ", words).split()
    pairs = {run[n : n + 2] for run in runs for n in range(len(run) - 1) if run[n : n + 2].isalnum()}
    return sum(pair in known for pair in pairs) / len(pairs) if pairs else 1.0


def _merged(read: Planned) -> Plan:
    """The rules' reading of the self-contained question, the model's where that is only the default."""
    plan = understand(read.question)
    if plan.want != "text" or plan.route != "lookup" or plan.yes_no:
        return plan
    return replace(plan, route=read.route, over=read.over, want=read.want, unit=read.unit, yes_no=read.yes_no)
