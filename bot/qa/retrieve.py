"""Retrieval as the rest of the program and anybody's LangChain program see it: passages, no judgement of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.records import Hit

if TYPE_CHECKING:
    from vectorstore.search import Candidate
    from vectorstore.store import Store


def hits(store: Store, question: str, k: int) -> list[Hit]:
    """The ``k`` best passages for a question, best first."""
    files = {notice_id: file for notice_id, file, _ in store.catalogue.heads()}
    found, _ = store.search(question, k)
    return [_hit(candidate, files) for candidate in found]


def _hit(candidate: Candidate, files: dict[str, str]) -> Hit:
    p = candidate.passage
    return Hit(p.notice_id, files[p.notice_id], p.start, p.end, p.text, round(candidate.score, 6))
