"""Briefings that were made, kept for a while: what is saved, and what is behind a figure, is what was shown.

A model words a paper anew each time, and takes minutes for it. Knows nothing of pages or models.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from bot.briefing import Order, Paper

_MOST = 64
"""Papers of all users together; the longest unused are forgotten first."""

Key = tuple[str, Order, int]
"""Whose it is, what was ordered, and the revision of the catalogue that it was made from."""


@dataclass(frozen=True, slots=True)
class Made:
    """A paper, and what a reader must be told of the model that worded it: empty where all went well."""

    paper: Paper
    warnings: tuple[str, ...] = ()


class Papers:
    """The papers of one server by their keys. Safe to use from many threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Made | None:
        """The paper of that key, None where there is none (any more)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Key, made: Made) -> None:
        """Keep a paper."""
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
