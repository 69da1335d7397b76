"""A card per notice: the few facts that decide whether a question is about it, remembered between questions.

Does not know what a notice says of its problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bot.fold import fold
from bot.gazetteer import lookup, short_name
from bot.records import Notice

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_HEAD = 600
"""Characters of a notice's beginning in which it names its units, round and dates."""


@dataclass(frozen=True, slots=True)
class Card:
    """All texts but ``id``, ``file`` and ``title`` folded.

    ``places``: printed, canonical and derived names, full and short. ``areas``: canonical names of the divisions it is
    about, ancestors left out; ``area_names``: these, full and short. ``names``: title and units; ``head``: these and
    the beginning. ``years``: of the notice's own dates; ``printed_years``: all that its text prints outside 《》.
    ``towns``: places that the gazetteer does not know.
    """

    id: str
    file: str
    title: str
    places: frozenset[str]
    areas: frozenset[str]
    area_names: frozenset[str]
    names: str
    head: str
    text: str
    years: frozenset[str]
    printed_years: frozenset[str]
    towns: tuple[str, ...]


_TITLE = re.compile(r"《[^》]*》")
"""A year in a document's name is not one that the notice is about."""


def make_card(notice: Notice) -> Card:
    """The card of a notice."""
    units = [g.text for g in (notice.inspected, notice.inspector, *notice.issuer) if g]
    title = notice.title.text if notice.title else ""
    dates = (
        notice.inspection_start,
        notice.inspection_end,
        notice.feedback_date,
        notice.signed_date,
        notice.published_date,
    )
    places = _place_names(notice)
    areas = frozenset(fold(place.canonical) for place in notice.places)
    return Card(
        id=notice.id,
        file=notice.file,
        title="".join(title.split()) or notice.file,
        places=places,
        areas=areas,
        area_names=areas | {short_name(area) for area in areas},
        text=fold(notice.text),
        names=fold(" ".join([title, *units])),
        head=fold(" ".join([title, *units, notice.text[:_HEAD]])),
        years=frozenset(year for date in dates if date for year in re.findall(r"\d{4}", date.iso)),
        printed_years=frozenset(re.findall(r"(?<!\d)(?:19|20)\d\d(?=年|-|\.|/)", fold(_TITLE.sub("", notice.text)))),
        towns=tuple(sorted(p for p in places if (len(p) >= 3 or p in fold(title)) and not lookup(p))),
    )


def _place_names(notice: Notice) -> frozenset[str]:
    names = {fold(name) for place in notice.places for name in (place.text, place.canonical)}
    names |= {fold(name) for name in notice.places_derived}
    return frozenset(names | {short_name(name) for name in names})


Stamp = tuple[str, int, str]
"""(id, version, what changes with every text): see ``Catalogue.stamps``."""


@dataclass(frozen=True, slots=True)
class _Current:
    """The cards of a catalogue at a revision; ``stamps`` by notice id."""

    revision: int
    stamps: dict[str, Stamp]
    cards: list[Card]


class Cards:
    """The cards of a store; a notice's card is made again only when the notice changed."""

    def __init__(self) -> None:
        self._made: dict[Stamp, Card] = {}
        self._notices: dict[Stamp, Notice] = {}
        self._current: WeakKeyDictionary[Catalogue, _Current] = WeakKeyDictionary()

    def of(self, catalogue: Catalogue) -> list[Card]:
        """All cards in the order of the file names."""
        return self._now(catalogue).cards

    def notice(self, catalogue: Catalogue, notice_id: str) -> Notice:
        """A notice's record, remembered like its card."""
        stamp = self._now(catalogue).stamps[notice_id]
        if stamp not in self._notices:
            self._notices = {s: n for s, n in self._notices.items() if s[0] != notice_id}
            self._notices[stamp] = catalogue.extraction(notice_id).notice
        return self._notices[stamp]

    def _now(self, catalogue: Catalogue) -> _Current:
        """The cards after the last committed write."""
        revision = catalogue.revision()
        known = self._current.get(catalogue)
        if known is None or known.revision != revision:
            stamps = catalogue.stamps()
            made = {s: self._made.get(s) or make_card(catalogue.extraction(s[0]).notice) for s in stamps}
            # Replaced whole, never changed in place: other threads may be reading the former ones.
            self._made = made
            known = self._current[catalogue] = _Current(revision, {s[0]: s for s in stamps}, list(made.values()))
        return known
