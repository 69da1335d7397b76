"""A card per notice: the few facts that decide whether a question is about it, remembered between questions.

Does not know what a notice says of its problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.gazetteer import short_name
from bot.records import Notice

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_HEAD = 600
"""Characters of a notice's beginning in which it names its units, round and dates."""


@dataclass(frozen=True, slots=True)
class Card:
    """All texts but ``id``, ``file`` and ``title`` folded.

    ``places``: printed, canonical and derived names, full and short. ``areas``: canonical names of the divisions it is
    about, ancestors left out. ``names``: title and units; ``head``: these and the beginning. ``years``: of the notice's
    own dates; ``printed_years``: all that its text prints outside 《》.
    """

    id: str
    file: str
    title: str
    places: frozenset[str]
    areas: frozenset[str]
    names: str
    head: str
    text: str
    years: frozenset[str]
    printed_years: frozenset[str]


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
    return Card(
        id=notice.id,
        file=notice.file,
        title="".join(title.split()) or notice.file,
        places=_place_names(notice),
        areas=frozenset(fold(place.canonical) for place in notice.places),
        text=fold(notice.text),
        names=fold(" ".join([title, *units])),
        head=fold(" ".join([title, *units, notice.text[:_HEAD]])),
        years=frozenset(year for date in dates if date for year in re.findall(r"\d{4}", date.iso)),
        printed_years=frozenset(re.findall(r"(?<!\d)(?:19|20)\d\d(?=年|-|\.|/)", fold(_TITLE.sub("", notice.text)))),
    )


def _place_names(notice: Notice) -> frozenset[str]:
    names = {fold(name) for place in notice.places for name in (place.text, place.canonical)}
    names |= {fold(name) for name in notice.places_derived}
    return frozenset(names | {short_name(name) for name in names})


class Cards:
    """The cards of a store; a notice's card is made again only when the notice changed."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, str], Card] = {}
        self._notices: dict[tuple[str, int, str], Notice] = {}

    def of(self, catalogue: Catalogue) -> list[Card]:
        """All cards in the order of the file names."""
        stamps = catalogue.stamps()
        made = {s: self._made.get(s) or make_card(catalogue.extraction(s[0]).notice) for s in stamps}
        # Replaced whole, never changed in place: other threads may be reading the former dictionary.
        self._made = made
        return list(made.values())

    def notice(self, catalogue: Catalogue, notice_id: str) -> Notice:
        """A notice's record, remembered like its card."""
        stamp = next(s for s in catalogue.stamps() if s[0] == notice_id)
        if stamp not in self._notices:
            self._notices = {s: n for s, n in self._notices.items() if s[0] != notice_id}
            self._notices[stamp] = catalogue.extraction(notice_id).notice
        return self._notices[stamp]
