"""A question within its conversation: what it leans on, and the scope that it cannot leave.

A question that names no place of its own is asked about what the conversation is about, or refused for the reason the
conversation was refused for. What a follow-up leans on is found by asking the earlier question again, not by trusting
the text of its answer. Answers nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.qa.compose import Found
from bot.qa.followup import (
    Pointer,
    asks_both,
    asks_everywhere,
    both_of,
    leans,
    pointed,
    self_contained,
    substituted,
    without_switch,
)
from bot.qa.question import Plan, understand
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence
from bot.records import Turn

MAX_TURNS = 4
"""Turns before the question that are asked again; the place of the conversation is looked for in all of them."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a question in a conversation is asked within.

    ``scope``: what the conversation is about, None where it is about no place. The rest is for a question that leans
    on the one before it: ``before``, that one as the question takes it up, "" where it does not lean; ``plan``: of that
    one; ``items``: what its answer was about, in order; ``short``: its short answer; ``shown``: its proof; ``told``:
    (notice, end) of all sentences quoted so far; ``pointer``: the item or sentence pointed at (第二条).
    """

    scope: Scope | None
    before: str = ""
    plan: Plan | None = None
    items: tuple[str, ...] = ()
    short: str = ""
    shown: tuple[tuple[str, Sentence], ...] = ()
    told: frozenset[tuple[str, int]] = frozenset()
    pointer: Pointer | None = None

    @property
    def asked(self) -> str:
        """The question before in its own words."""
        return self.plan.question if self.plan else ""


NO_CONTEXT = Context(None)
Ask = Callable[[str, Context], Found]
"""Answers a question within a context."""
ScopeOf = Callable[[str], Scope]
"""What a question names by itself."""


def in_conversation(
    question: str, history: Sequence[Turn], ask: Ask, scope_of: ScopeOf, turns: int = MAX_TURNS
) -> tuple[Found, Context]:
    """The answer to a question after earlier turns (oldest first), and what the next question leans on."""
    question = without_switch(question)
    if not history or not turns or not leans(question):
        found = ask(question, Context(_stated(history, question, scope_of)))
        return found, _after(found, NO_CONTEXT)
    earlier, context = in_conversation(history[-1].question, history[:-1], ask, scope_of, turns - 1)
    if asks_both(question):
        whole = both_of(question, earlier.question, [turn.question for turn in history])
        if whole:
            found = ask(whole, NO_CONTEXT)
            return found, _after(found, NO_CONTEXT)
    followed = self_contained(question, earlier.question)
    if not followed.leans:
        # 沧州那边呢: the earlier question for another place; what it was about no longer binds.
        found = ask(followed.question, NO_CONTEXT)
        return found, _after(found, NO_CONTEXT)
    pointer = pointed(question, earlier.answer)
    before = substituted(question, earlier.question) or earlier.question
    context = replace(context, before=before, pointer=pointer)
    found = replace(ask(question, context), question=f"{before} {question}")
    return found, _after(found, context)


def _stated(history: Sequence[Turn], question: str, scope_of: ScopeOf) -> Scope | None:
    """The last scope that a question of the conversation names; None where one asks for everything since."""
    if asks_everywhere(question):
        return None
    for turn in reversed(history):
        scope = scope_of(turn.question)
        if scope.places or scope.missing:
            return scope
        if asks_everywhere(turn.question):
            return None
    return None


def _after(found: Found, context: Context) -> Context:
    """What the next question leans on after an answer; a refusal leaves what was spoken of as it was."""
    answer = found.answer
    if answer.status == "refused" and context.before and found.scope and not found.scope.missing:
        return replace(context, before=found.question, pointer=None)
    shown = tuple((c.notice_id, Sentence(c.start, c.end, c.quote)) for c in answer.citations[:MAX_SHOWN])
    told = context.told | {(c.notice_id, c.end) for c in answer.citations}
    short = answer.short_answer or ""
    return Context(_scope_after(found), found.question, understand(found.question), answer.items, short, shown, told)


MAX_SHOWN = 3
"""Citations of an answer that the next question may be about."""


def _scope_after(found: Found) -> Scope | None:
    """What the conversation is about after an answer: the notices quoted, else those that the question named."""
    scope = found.scope
    if scope is None or scope.missing:
        return scope
    cited = {c.notice_id for c in found.answer.citations}
    if cited:
        return replace(scope, notices=tuple(i for i in scope.notices if i in cited) or tuple(sorted(cited)))
    return scope if scope.places else None


def within(scope: Scope, plan: Plan, context: Context) -> tuple[Scope, bool]:
    """The scope of a question in its context, and whether it is still about what the conversation was about."""
    former = context.scope
    if former is None:
        return scope, False
    if scope.missing or scope.places:
        return scope, not scope.missing and set(scope.notices) == set(former.notices)
    if plan.over == "notices" or asks_everywhere(plan.question):
        return scope, False
    # The notices that the interface was limited to are kept where the conversation was about others.
    kept = tuple(i for i in former.notices if i in scope.notices)
    if former.missing or kept:
        return replace(former, notices=kept), True
    return scope, False


_OF_ITEMS = re.compile(r"问题|事项|任务|条目|项(?:目|的)?(?:整改|完成)|整改|销号|完成")


def in_its_sentence(plan: Plan, context: Context) -> Plan:
    """其中几个 after an answer about one item is asked of that item, not counted over the ledger."""
    of_one = len(context.items) == 1 and context.plan is not None and context.plan.route == "lookup"
    if not of_one or plan.over != "items" or plan.route != "count" or _OF_ITEMS.search(plan.question):
        return plan
    return replace(plan, route="lookup", over="sentence")
