"""Small extractions made from words: offsets are worked out, so every value is grounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.records import (
    Date,
    Extraction,
    ExtractionRun,
    Grounded,
    Item,
    Measure,
    Notice,
    NoticeKind,
    Quantity,
    Source,
    Status,
    StatusValue,
    Verifiable,
)


@dataclass(frozen=True)
class Draft:
    """An item in words. ``measures``: (text, sub-measure texts)."""

    problem: str
    measures: Sequence[str | tuple[str, Sequence[str]]] = ()
    status: StatusValue = "not_stated"
    documents: Sequence[str] = ()
    dates: Sequence[str] = ()
    quantities: Sequence[tuple[str, str]] = ()
    label: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def grounded(text: str, words: str) -> Grounded:
    """The first place of the words in the text."""
    start = text.index(words)
    return Grounded(words, (start, start + len(words)))


def extraction(text: str, drafts: Sequence[Draft], **notice: object) -> Extraction:
    """An extraction document over a text."""
    items = tuple(_item(text, draft, number) for number, draft in enumerate(drafts, 1))
    return Extraction("1.0", _notice(text, **notice), items, (), ExtractionRun("rules", "ok", ()))


def _notice(text: str, **given: object) -> Notice:
    empty: dict[str, object] = {
        "id": "n",
        "file": "n.txt",
        "title": None,
        "issuer": (),
        "inspected": None,
        "inspector": None,
        "kind": NoticeKind("other", None),
        "inspection_start": None,
        "inspection_end": None,
        "feedback_date": None,
        "signed_date": None,
        "published_date": None,
        "declared_counts": (),
        "places": (),
        "places_derived": (),
        "text": text,
        "unassigned": (),
        "source": Source("n.txt", "", "txt", "utf-8"),
    }
    return Notice(**(empty | given))  # type: ignore[arg-type]


def _item(text: str, draft: Draft, number: int) -> Item:
    problem = grounded(text, draft.problem)
    measures = tuple(_measure(text, m) for m in draft.measures)
    end = max([problem.span[1], *(m.span[1] for m in measures)])
    label = draft.label or str(number)
    return Item(
        id=f"n#{label}",
        label=label,
        category=None,
        category_label=None,
        problem=problem,
        span=(problem.span[0], end),
        measures=measures,
        status=Status(draft.status, None, ()),
        dates=tuple(Date(iso, "x", (0, 1)) for iso in draft.dates),
        documents=tuple(Grounded(words, (0, 1)) for words in draft.documents),
        quantities=tuple(Quantity(value, unit, value + unit, (0, 1)) for value, unit in draft.quantities),
    )


def _measure(text: str, given: str | tuple[str, Sequence[str]]) -> Measure:
    words, subs = (given, ()) if isinstance(given, str) else given
    place = grounded(text, words)
    return Measure(None, words, place.span, Verifiable(True, "x"), tuple(_measure(text, sub) for sub in subs))
