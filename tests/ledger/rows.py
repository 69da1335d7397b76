"""Ledger rows made by hand for tests; no notice is read."""

from __future__ import annotations

from typing import Any

from bot.records import Grounded, Item, Measure, Notice, NoticeKind, Source, Status, Verifiable
from vectorstore.catalogue import LedgerRow


def item(problem: str = "管网不全", *, label: str = "二/1", measures: tuple[str, ...] = (), **more: Any) -> Item:
    """An item of notice ``n``; each measure is one numbered step."""
    steps = tuple(
        Measure(f"{'一二三四五'[at]}是", text, (0, len(text)), Verifiable(False, ""))
        for at, text in enumerate(measures)
    )
    fields: dict[str, Any] = {
        "id": f"n#{label}", "label": label, "category": None, "category_label": None,
        "problem": Grounded(problem, (0, len(problem))), "span": (0, 100), "measures": steps,
        "status": Status("not_stated", None, ()),
    }  # fmt: skip
    return Item(**(fields | more))


def row(problem: str = "管网不全", *, title: str = "某县通报", **more: Any) -> LedgerRow:
    """A row of notice ``n`` in file ``n.txt``."""
    return LedgerRow(item(problem, **more), "n", "n.txt", title)


def notice(text: str = "", **more: Any) -> Notice:
    """Notice ``n`` with nothing read from it."""
    fields: dict[str, Any] = {
        "id": "n", "file": "n.txt", "title": None, "issuer": (), "inspected": None, "inspector": None,
        "kind": NoticeKind("other", None), "inspection_start": None, "inspection_end": None, "feedback_date": None,
        "signed_date": None, "published_date": None, "declared_counts": (), "places": (), "places_derived": (),
        "text": text, "unassigned": (), "source": Source("n.txt", "ab" * 32, "txt", "utf-8"),
    }  # fmt: skip
    return Notice(**(fields | more))
