"""Under which headings a briefing puts its items: the notice's own categories, else themes; each item once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ledger.table import flat
from bot.themes import Classifier, ThemeHit
from vectorstore.catalogue import LedgerRow

MIN_OWN = 2
"""Items that a theme must have for a section of its own; what is left stands under 其他方面."""
REST = "其他方面"
_NARROW = ("秸秆", "扬尘")
"""Themes that go before the wider one that they belong to."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its items, in the order of the ledger."""

    name: str
    rows: tuple[LedgerRow, ...]


def grouped(rows: Sequence[LedgerRow], classifier: Classifier) -> list[Group]:
    """By category where the rows come from one notice that has categories, else by theme."""
    if len({row.notice_id for row in rows}) == 1 and all(row.item.category for row in rows):
        return _by_category(rows)
    return _by_theme(rows, classifier)


def _by_category(rows: Sequence[LedgerRow]) -> list[Group]:
    found: dict[str, list[LedgerRow]] = {}
    for row in rows:
        name = flat(row.item.category.text) if row.item.category else REST
        found.setdefault(name.rstrip("。；;，,：:"), []).append(row)
    return [Group(name, tuple(members)) for name, members in found.items()]


def _by_theme(rows: Sequence[LedgerRow], classifier: Classifier) -> list[Group]:
    """Each item under the theme that most of its words speak of, but a narrow theme before the wider one."""
    chosen = [_first(classifier.themes(row.item)) for row in rows]
    sizes = Counter(chosen)
    found: dict[str, list[LedgerRow]] = {name: [] for name in (*classifier.names(), REST)}
    for row, name in zip(rows, chosen, strict=True):
        found[name if sizes[name] >= MIN_OWN else REST].append(row)
    return [Group(name, tuple(members)) for name, members in found.items() if members]


def _first(hits: Sequence[ThemeHit]) -> str:
    narrow = next((hit.name for hit in hits if hit.name in _NARROW), "")
    return narrow or max(hits, key=lambda hit: len(hit.words)).name if hits else REST
