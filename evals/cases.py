"""Questions and summary requests of the gold, as records: reading lines, nothing else.

A line is a case; adding a line adds a case. Odd numbers are the development split, even numbers are held out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import UsageError
from bot.records import Reason, Turn, Value
from evals.metrics.evidence import Proof

T = TypeVar("T", bound=BaseModel)
MANY = "多份通报"
NONE = "无"


class Question(BaseModel):
    """One question. ``items``: its members, or the item it is about; ``proofs``: each must be cited."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: str
    kind: str
    question: str
    history: tuple[Turn, ...] = ()
    expect: str
    reason: Reason | None = None
    short_answers: tuple[str, ...] = ()
    value: Value | None = None
    notices: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def cluster(self) -> str:
        """What is drawn together: the questions about one item; a question about none or several stands alone."""
        return self.items[0] if len(self.items) == 1 else self.qid

    @property
    def stratum(self) -> str:
        """The notice it is about."""
        return self.notices[0] if len(self.notices) == 1 else (MANY if self.notices else NONE)


class Request(BaseModel):
    """One summary request with the items that belong into the summary."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: str
    question: str
    notices: tuple[str, ...]
    items: tuple[str, ...]


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """All questions of these files, summary requests left out. Raises ``UsageError`` naming the line."""
    return [_checked(Question, raw, where) for raw, where in _lines(paths) if "kind" in raw]


def read_requests(paths: Iterable[Path]) -> list[Request]:
    """All summary requests of these files. Raises ``UsageError`` naming the line."""
    return [_checked(Request, raw, where) for raw, where in _lines(paths) if "kind" not in raw]


def split_of(qid: str) -> str:
    """Odd numbers development, even ones held out."""
    return "development" if int(qid.rpartition("-")[2]) % 2 else "held_out"


def _lines(paths: Iterable[Path]) -> Iterator[tuple[dict[str, Any], str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield json.loads(line), f"{path.name} 第 {number} 行"


def _checked(cls: type[T], raw: dict[str, Any], where: str) -> T:
    try:
        return cls.model_validate(raw)
    except ValidationError as error:
        raise UsageError(f"{where} 不是一条用例：{error}") from error
