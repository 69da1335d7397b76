"""Conversations kept for whoever had them: one file each, in a folder of its owner that nobody else is shown.

What lies there is the owner's alone: every look-up names the owner, whose key is a digest of his login or of the cookie
of his browser.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bot.errors import StoreError, system_reason
from bot.journal import OWNER_ONLY
from bot.records import Answer, Summary, Turn
from bot.schemas import adapter, from_json
from bot.web.understood import Chip

FOLDER = "conversations"
MOST = 200
"""Conversations of one owner; the oldest go."""
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation with what became of it; nothing of that while it is being answered.

    ``chips``: conditions read from the question; ``dropped``: words of those that the user took away; ``notices``: ids
    that he chose to look in. ``written``: sentences that are verified already while more is being written; ``stage``:
    what is being done. ``verdict``: what he thought of the answer.
    """

    question: str
    answer: Answer | None = None
    summary: Summary | None = None
    failure: str = ""
    verdict: Literal["", "good", "bad"] = ""
    dropped: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    notices: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    stage: str = ""

    @property
    def pending(self) -> bool:
        """Whether it is still being answered."""
        return not (self.answer or self.summary or self.failure)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one user asked and was answered, oldest first. ``id``: empty until it is kept."""

    exchanges: tuple[Exchange, ...] = ()
    id: str = field(default="")

    @property
    def title(self) -> str:
        """Its first question."""
        return self.exchanges[0].question if self.exchanges else ""

    def history(self) -> tuple[Turn, ...]:
        """The turns that a follow-up may refer to."""
        return tuple(Turn(said.question, said.answer.answer) for said in self.exchanges if said.answer)


def new_id() -> str:
    """An id by which conversations sort by time."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"


class Shelf:
    """The conversations of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def keep(self, owner: str, conversation: Conversation) -> None:
        """Write a conversation over its former state. Raises ``StoreError``."""
        path = self._path(owner, conversation.id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_suffix(".tmp")
            beside.touch(OWNER_ONLY)
            beside.write_bytes(adapter(Conversation).dump_json(conversation))
            beside.replace(path)
            for old in self._files(owner)[MOST:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"无法保存对话（{system_reason(error)}）：请检查数据文件夹的空间和权限") from error

    def titles(self, owner: str) -> list[tuple[str, str]]:
        """(title, id) of the owner's conversations, newest first."""
        found = [(path.stem, self.get(owner, path.stem)) for path in self._files(owner)]
        return [(conversation.title, name) for name, conversation in found if conversation]

    def get(self, owner: str, name: str) -> Conversation | None:
        """One of the owner's conversations; None where there is none of that id, or it cannot be read."""
        if not _ID.fullmatch(name):
            return None
        try:
            return from_json(Conversation, self._path(owner, name).read_bytes())
        except (OSError, ValidationError):
            return None

    def remove(self, owner: str, name: str) -> None:
        """Forget one of the owner's conversations."""
        if _ID.fullmatch(name):
            self._path(owner, name).unlink(missing_ok=True)

    def _path(self, owner: str, name: str) -> Path:
        return self._folder / owner / f"{name}.json"

    def _files(self, owner: str) -> list[Path]:
        return sorted((self._folder / owner).glob("*.json"), reverse=True)
