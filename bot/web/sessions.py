"""Who is logged in: sessions in the server's memory, found by a random cookie that a browser sends back.

Only the hash of a cookie is kept. A session ends when it is not used, when it is old, at logout, when its user is
removed or gets another password, when it is used from another address, and with the server.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from bot.users import User, Users

IDLE_SECONDS = 2 * 3600
OLDEST_SECONDS = 12 * 3600
_KEEP = 5000
"""Sessions after which ended ones are thrown away."""

VisitorRole = Literal["local", "user", "admin"]
LOCAL_NAME = "本机用户"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request. ``owner``: under what key his conversations are kept, a digest that tells nobody's name.

    ``role``: local where there is no login and only this machine is served. ``address``: of his machine.
    """

    name: str
    role: VisitorRole
    owner: str
    address: str = ""

    @property
    def manages(self) -> bool:
        """Whether he may remove notices and run evaluations."""
        return self.role in ("admin", "local")

    @property
    def audits(self) -> bool:
        """Whether he may read what others asked."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class _Session:
    user: str
    password: str
    address: str
    begun: float
    seen: float


def owner_of(name: str) -> str:
    """The key of a user's or a browser's own things."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class Sessions:
    """The open sessions of one server. Safe to use from many threads."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.time) -> None:
        self._users, self._clock = users, clock
        self._open: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def begin(self, user: User, address: str) -> str:
        """A new session; what the browser is to send back."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            if len(self._open) > _KEEP:
                self._open = {key: found for key, found in self._open.items() if self._lives(found, now)}
            self._open[_key(token)] = _Session(user.name, user.password, address, now, now)
        return token

    def visitor(self, token: str, address: str) -> Visitor | None:
        """Whose token it is, if his session is open and used from where it was begun."""
        key, now = _key(token), self._clock()
        with self._lock:
            found = self._open.get(key)
            if found is None or found.address != address:
                return None
            user = self._users.get(found.user)
            if user is None or user.password != found.password or not self._lives(found, now):
                del self._open[key]
                return None
            self._open[key] = replace(found, seen=now)
        return Visitor(user.name, user.role, owner_of(f"user:{user.name}"), address)

    def end(self, token: str) -> None:
        """Close a session; nothing happens where there is none."""
        with self._lock:
            self._open.pop(_key(token), None)

    def _lives(self, session: _Session, now: float) -> bool:
        return now - session.seen < IDLE_SECONDS and now - session.begun < OLDEST_SECONDS


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
