"""Example questions, made from what the store holds: a problem of each notice, asked the way an official would."""

from __future__ import annotations

from itertools import zip_longest

from bot.records import Item
from bot.web.markup import flat
from vectorstore.catalogue import Entry, ItemFilter
from vectorstore.store import Store

_LONGEST = 32
"""Characters of a problem that still reads as a question."""
_NOTICES = 6
"""How many notices are looked at: the page is opened often, the library may be large."""


def examples(store: Store, limit: int = 4) -> list[str]:
    """At most ``limit`` questions, from as many notices as there are."""
    per_notice = [_questions(store, entry) for entry in store.catalogue.entries()[:_NOTICES]]
    rounds = [question for round_ in zip_longest(*per_notice) for question in round_ if question]
    return list(dict.fromkeys(rounds))[:limit]


def _questions(store: Store, entry: Entry) -> list[str]:
    rows = store.catalogue.items(ItemFilter(notices=(entry.notice.id,)))
    told = [row.item for row in rows if _is_plain(row.item)]
    told.sort(key=lambda item: (item.status.value == "not_stated", not item.quantities))
    where = place(entry)
    return [_question(item, where) for item in told[:2]]


def place(entry: Entry) -> str:
    """The place that the notice is about, by its full name, or nothing."""
    return entry.notice.places[0].canonical if entry.notice.places else ""


def _is_plain(item: Item) -> bool:
    problem = flat(item.problem.text)
    return 6 <= len(problem) <= _LONGEST and not any(mark in problem for mark in "“”：:;；?？")


def _question(item: Item, where: str) -> str:
    problem = flat(item.problem.text).rstrip("。，,. ")
    named = problem if where in problem else f"{where}{problem}"
    return f"{named}，整改得怎么样了？"
