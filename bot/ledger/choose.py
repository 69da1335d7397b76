"""Which items of the ledger satisfy a filter: place, notice and year decide on notices, the rest on items."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.fold import fold
from bot.gazetteer import lookup
from bot.records import STATUS_LABELS, Notice, StatusValue
from bot.themes import Classifier, classifier_for
from vectorstore.catalogue import Catalogue, ItemFilter, LedgerRow

if TYPE_CHECKING:
    from vectorstore.store import Store


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What the ledger is asked for; empty means everything, several values of one field are alternatives.

    Texts mean *contains* on folded text. ``status``: status values. ``place``: of what the notice is about, its
    ancestors included. ``year``: four digits, of the signed date, else published, else feedback. ``notices``: id, file
    or title; a whole id or file name means that notice alone.
    """

    status: tuple[StatusValue, ...] = ()
    place: str = ""
    year: str = ""
    category: str = ""
    themes: tuple[str, ...] = ()
    keyword: str = ""
    notices: tuple[str, ...] = ()


def select(store: Store | Catalogue, wanted: LedgerFilter = LedgerFilter()) -> list[LedgerRow]:
    """All items that satisfy the filter, ordered by file name and place in the notice."""
    catalogue = store if isinstance(store, Catalogue) else store.catalogue
    scope = _scope(catalogue, wanted)
    rows = catalogue.items(
        ItemFilter(
            notices=scope, status=wanted.status, category=wanted.category.strip(), keyword=wanted.keyword.strip()
        )
    )
    names = [fold(name.strip()) for name in wanted.themes if name.strip()]
    if not names:
        return rows
    classifier = classifier_of(catalogue)
    return [row for row in rows if _has_theme(row, names, classifier)]


def sources(store: Store | Catalogue, rows: Iterable[LedgerRow]) -> dict[str, Notice]:
    """The notices of these rows by id, without their text, in the order of the rows."""
    catalogue = store if isinstance(store, Catalogue) else store.catalogue
    known = {entry.notice.id: entry.notice for entry in catalogue.entries()}
    return {notice_id: known[notice_id] for notice_id in dict.fromkeys(row.notice_id for row in rows)}


def classifier_of(store: Store | Catalogue) -> Classifier:
    """The themes in force for a store: the program's, extended by ``themes.yaml`` in the data folder."""
    catalogue = store if isinstance(store, Catalogue) else store.catalogue
    return classifier_for(catalogue.path.parent)


def parse_status(words: Iterable[str]) -> tuple[StatusValue, ...]:
    """Status values from values or their Chinese labels. Raises ``UsageError`` naming what is allowed."""
    return tuple(dict.fromkeys(_status(word) for word in words))


def parse_year(word: str) -> str:
    """Four digits from 2021, 2021年, 2021年度 or full-width digits; empty stays empty. Raises ``UsageError``."""
    found = re.fullmatch(r"(\d{4})?(?:年度?)?", fold(word.strip()))
    if not found or (word.strip() and not found[1]):
        raise UsageError(f"年份应为四位数字，例如 2021；收到的是“{word}”")
    return found[1] or ""


def _status(word: str) -> StatusValue:
    for value, label in STATUS_LABELS.items():
        if fold(word.strip()) in (value, fold(label)):
            return value  # type: ignore[return-value]
    allowed = "、".join(f"{label}（{value}）" for value, label in STATUS_LABELS.items())
    raise UsageError(f"没有“{word}”这种状态：可用的有 {allowed}")


def _scope(catalogue: Catalogue, wanted: LedgerFilter) -> tuple[str, ...] | None:
    """Ids of the notices that place, year and notice leave; None where none of them is given."""
    names = tuple(name.strip() for name in wanted.notices if name.strip())
    if not (wanted.place.strip() or wanted.year or names):
        return None
    ids = _of_place(catalogue, catalogue.scope(year=wanted.year), wanted.place.strip())
    if not names:
        return tuple(ids)
    heads = catalogue.heads()
    named = {notice_id for name in names for notice_id in _named(heads, name)}
    return tuple(notice_id for notice_id in ids if notice_id in named)


def _of_place(catalogue: Catalogue, ids: list[str], place: str) -> list[str]:
    """Those of the notices that are about the place, or about a division inside it (湖南 finds 临湘市)."""
    if not place:
        return ids
    named = set(catalogue.scope(place=place))
    wider = {division.name for division in lookup(fold(place))}
    if wider:
        named |= {entry.notice.id for entry in catalogue.entries() if wider & _ancestors(entry.notice)}
    return [notice_id for notice_id in ids if notice_id in named]


def _ancestors(notice: Notice) -> set[str]:
    """Every division that the notice's places lie in; places that may be several divisions do not count."""
    found = [lookup(place.canonical) for place in notice.places]
    return {parent for divisions in found if len(divisions) == 1 for parent in divisions[0].parents}


def _named(heads: list[tuple[str, str, str]], name: str) -> list[str]:
    exact = [notice_id for notice_id, file, _ in heads if name in (notice_id, file)]
    part = fold("".join(name.split()))
    return exact or [head[0] for head in heads if any(part in fold("".join(text.split())) for text in head)]


def _has_theme(row: LedgerRow, names: list[str], classifier: Classifier) -> bool:
    found = [fold(theme.name) for theme in classifier.themes(row.item)]
    return any(name in theme for name in names for theme in found)
