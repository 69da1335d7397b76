"""A briefing ordered from a store: the filters, the kind of paper, and what came of it in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bot.briefing.compose import Length, Request, Style, compose, is_whole, subject_of
from bot.briefing.markdown import to_markdown
from bot.briefing.onepage import lines_left
from bot.briefing.reword import Writer
from bot.ledger.choose import LedgerFilter, classifier_of, select, sources
from bot.records import Briefing, Grounded, Notice
from bot.settings import Masthead

if TYPE_CHECKING:
    from vectorstore.store import Store


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted. ``title``: None or empty for one made from the filters."""

    wanted: LedgerFilter = field(default_factory=LedgerFilter)
    title: str | None = None
    style: Style = "简报"
    length: Length = "标准"
    masthead: Masthead = field(default_factory=Masthead)


@dataclass(frozen=True, slots=True)
class Paper:
    """What was made. ``notices``: by id, those that the briefing rests on; ``problems``: of its items, by their ids."""

    order: Order
    briefing: Briefing
    notices: Mapping[str, Notice]
    problems: Mapping[str, Grounded]

    def markdown(self) -> str:
        """The paper as Markdown."""
        return to_markdown(self.briefing)

    def docx(self, today: date | None = None) -> bytes:
        """The paper as a Word document. ``today``: its date where the masthead gives none."""
        from bot.briefing.docx import to_docx

        order = self.order
        return to_docx(
            self.briefing,
            self.notices,
            style=order.style,
            masthead=order.masthead,
            today=today,
            one_page=order.length == "一页纸",
        )


def deliver(store: Store, order: Order, writer: Writer | None = None) -> Paper:
    """Choose the rows and compose the paper over them; without any it says so."""
    rows = select(store, order.wanted)
    notices = sources(store, rows)
    request = Request(
        order.title or None,
        order.style,
        order.length,
        subject_of(order.wanted, rows, notices),
        is_whole(order.wanted),
        lines_left(order.style, order.masthead),
    )
    briefing = compose(rows, notices, request, classifier_of(store), writer)
    return Paper(order, briefing, notices, {row.item.id: row.item.problem for row in rows})
