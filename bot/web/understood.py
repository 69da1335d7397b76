"""What was understood of a question, as conditions that the user can take away again.

A condition is words of the question; taking it away asks the question without them, so that what is asked is always
what can be read. Decides nothing itself: place, year and status are read by the answering's own rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.fold import fold
from bot.qa.answer import cards_of
from bot.qa.question import understand
from bot.qa.scope import resolve
from bot.qa.wanted import status_asked
from bot.records import STATUS_LABELS

if TYPE_CHECKING:
    from vectorstore.store import Store

Kind = Literal["地区", "年份", "状态", "通报", "方式"]
_ROUTES = {"lookup": "查找原句", "list": "列举", "count": "计数", "compare": "比较"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition. ``words``: those of the question that state it; empty where it cannot be taken away by itself."""

    kind: Kind
    label: str
    words: str = ""


def understood(store: Store, question: str, notices: Sequence[str] = ()) -> tuple[Chip, ...]:
    """The conditions under which a question is answered."""
    plan = understand(question)
    scope = resolve(plan, cards_of(store), tuple(notices))
    chips = [Chip("方式", _ROUTES[plan.route])]
    chips += [Chip("地区", place, place) for place in scope.places]
    chips += [Chip("年份", f"{year}年", f"{year}年") for year in plan.years]
    if plan.over == "items" and plan.route in ("list", "count"):
        states, words = status_asked(plan.question)
        chips += [Chip("状态", "、".join(STATUS_LABELS[state] for state in states), words)] if states else []
    chips += [Chip("通报", f"限定 {len(notices)} 份")] if notices else []
    return tuple(chips)


def without(question: str, dropped: Sequence[str]) -> str:
    """The question without the words of the conditions that were taken away."""
    for words in dropped:
        question = question.replace(words, "") if words in question else fold(question).replace(words, "")
    return question.strip("，,的 ")
