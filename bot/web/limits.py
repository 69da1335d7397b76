"""How often something may happen: wrong passwords, questions. Counts are kept in memory, for the life of the server."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

_MOST_KEYS = 10_000
"""Keys after which those whose time is over are forgotten."""


class Limit:
    """At most ``most`` events of one key within ``seconds``; 0 for no limit. Safe to use from many threads."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self._clock = most, seconds, clock
        self._events: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Seconds until the key may act again, 0 if it may now."""
        with self._lock:
            return self._wait(key)

    def note(self, key: str) -> None:
        """Count one event."""
        with self._lock:
            self._note(key)

    def take(self, key: str) -> float:
        """Count one event if it is allowed and return 0; else the seconds to wait."""
        with self._lock:
            seconds = self._wait(key)
            if not seconds:
                self._note(key)
            return seconds

    def forget(self, key: str) -> None:
        """Start the key's count anew."""
        with self._lock:
            self._events.pop(key, None)

    def forgive(self, key: str) -> None:
        """Take the key's last event back."""
        with self._lock:
            if self._events.get(key):
                self._events[key].pop()

    def _wait(self, key: str) -> float:
        events = self._events.get(key)
        if not self.most or not events:
            return 0.0
        limit = self._clock() - self.seconds
        while events and events[0] <= limit:
            events.popleft()
        return 0.0 if len(events) < self.most else events[-self.most] + self.seconds - self._clock()

    def _note(self, key: str) -> None:
        if not self.most:
            return
        if len(self._events) > _MOST_KEYS:
            limit = self._clock() - self.seconds
            self._events = {name: events for name, events in self._events.items() if events and events[-1] > limit}
        self._events.setdefault(key, deque(maxlen=self.most)).append(self._clock())
