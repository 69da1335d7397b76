"""Example questions, made from what the store holds and kept only where the store answers them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.errors import ZhenggaiError
from bot.ledger.table import flat
from bot.records import Item
from vectorstore.catalogue import Entry, ItemFilter
from vectorstore.store import Store

_LONGEST = 32
"""Characters of a problem that still reads as a question."""
_NOTICES = 6
"""How many notices are looked at: the library may be large."""
_TRIED = 12
"""How many candidates are asked at the most."""

Answers = Callable[[str], bool]
"""Whether the store answers a question."""


class Examples:
    """At most ``limit`` questions for the store as it is now; made anew when its content has changed.

    Shared by all sessions: holds nothing of any user.
    """

    def __init__(self, store: Store, answers: Answers, *, limit: int = 4) -> None:
        self._store, self._answers, self._limit = store, answers, limit
        self._made: tuple[int, list[str]] = (-1, [])

    def __call__(self) -> list[str]:
        """The questions."""
        revision = self._store.catalogue.revision()
        if self._made[0] != revision:
            self._made = (revision, examples(self._store, self._answers, self._limit))
        return self._made[1]


def examples(store: Store, answers: Answers, limit: int = 4) -> list[str]:
    """At most ``limit`` questions that are answered, from as many notices as there are."""
    found: list[str] = []
    for question in _candidates(store)[:_TRIED]:
        if len(found) < limit and _is_answered(question, answers):
            found.append(question)
    return found


def _is_answered(question: str, answers: Answers) -> bool:
    try:
        return answers(question)
    except ZhenggaiError:
        return False


def _candidates(store: Store) -> list[str]:
    """Questions of all kinds, notice by notice, each notice beginning with another kind."""
    queues = deque(deque(_questions(store, entry, turn)) for turn, entry in enumerate(_entries(store)))
    found: list[str] = []
    while queues:
        queue = queues.popleft()
        if queue:
            found.append(queue.popleft())
            queues.append(queue)
    return list(dict.fromkeys(found))


def _entries(store: Store) -> list[Entry]:
    return store.catalogue.entries()[:_NOTICES]


def _questions(store: Store, entry: Entry, turn: int) -> list[str]:
    """What one notice can be asked: about a problem, what is still open, how much is done."""
    items = [row.item for row in store.catalogue.items(ItemFilter(notices=(entry.notice.id,)))]
    where = entry.notice.places[0].canonical if entry.notice.places else ""
    kinds = [_about_a_problem(items, where), _still_open(items, where), _how_many_done(items, where)]
    turned = kinds[turn % 3 :] + kinds[: turn % 3]
    return [question for question in turned if question]


def _about_a_problem(items: list[Item], where: str) -> str:
    plain = [item for item in items if _is_plain(flat(item.problem.text))]
    if not plain:
        return ""
    item = min(plain, key=lambda item: (item.status.value == "not_stated", not item.quantities))
    problem = flat(item.problem.text).rstrip("。，,. ")
    named = problem if where in problem else f"{where}{problem}"
    return f"{named}，整改得怎么样了？"


def _is_plain(problem: str) -> bool:
    return 6 <= len(problem) <= _LONGEST and not any(mark in problem for mark in "“”：:;；?？")


def _still_open(items: list[Item], where: str) -> str:
    return f"{where}还有哪些问题正在整改？" if where and _any(items, "ongoing") else ""


def _how_many_done(items: list[Item], where: str) -> str:
    return f"{where}有多少个问题已经完成整改？" if where and _any(items, "completed") else ""


def _any(items: list[Item], status: str) -> bool:
    return any(item.status.value == status for item in items)
