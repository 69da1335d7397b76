"""The audit log: who asked what when, what was answered from which sentences, by which prompt and model.

``audit.jsonl`` in the data folder: records are added, never changed. Shown to administrators only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from bot import journal
from bot.errors import UsageError
from bot.fold import fold
from bot.records import Citation
from bot.schemas import from_data, to_data

FILE_NAME = "audit.jsonl"
Action = Literal["ask", "summarize", "search", "brief", "import", "remove", "login", "login_failed", "logout"]
ACTION_LABELS: dict[Action, str] = {
    "ask": "提问",
    "summarize": "汇总",
    "search": "检索",
    "brief": "简报",
    "import": "导入",
    "remove": "删除",
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出",
}
_STATUS_LABELS = {"answered": "已回答", "refused": "不作回答", "failed": "未完成"}
COLUMNS = ("时间", "用户", "地址", "操作", "内容", "结果", "状态", "出处", "提示词", "模型")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. ``time``: ISO 8601 with the machine's offset; ``address``: the user's machine, empty if unknown.

    ``subject``: the question, or what else was acted upon; ``result``: the answer, or what came of it. ``prompt`` and
    ``model`` are empty where no model wrote.
    """

    time: str
    user: str
    address: str
    action: Action
    subject: str
    result: str = ""
    status: str = ""
    citations: tuple[Citation, ...] = ()
    prompt: str = ""
    model: str = ""

    @property
    def status_label(self) -> str:
        """The status in Chinese."""
        return _STATUS_LABELS.get(self.status, self.status)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means everything. ``since``, ``until``: YYYY-MM-DD, both included; ``keyword``: contained
    in subject or result, folded."""

    user: str = ""
    since: str = ""
    until: str = ""
    keyword: str = ""


class Audit:
    """The log of one data folder; safe to use from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def record(self, entry: Entry) -> None:
        """Add a record. Raises ``StoreError``."""
        journal.append(self.path, to_data(entry))

    def entries(self, wanted: Wanted = Wanted()) -> Iterator[Entry]:
        """The records that fit, oldest first. Raises ``StoreError``."""
        word = fold(wanted.keyword.strip())
        for record in journal.read(self.path):
            entry = _entry(record)
            if entry is not None and _fits(entry, wanted, word):
                yield entry


def now() -> str:
    """The time for a record."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def parse_day(word: str) -> str:
    """YYYY-MM-DD, or empty. Raises ``UsageError``."""
    word = word.strip()
    if not word:
        return ""
    try:
        return datetime.strptime(word, "%Y-%m-%d").date().isoformat()
    except ValueError as error:
        raise UsageError(f"日期应写成 2021-10-20 这样；收到的是“{word}”") from error


def _entry(record: dict[str, Any]) -> Entry | None:
    try:
        return from_data(Entry, record)
    except ValidationError:
        return None


def _fits(entry: Entry, wanted: Wanted, word: str) -> bool:
    day = entry.time[:10]
    return (
        (not wanted.user or entry.user == wanted.user)
        and (not wanted.since or day >= wanted.since)
        and (not wanted.until or day <= wanted.until)
        and (not word or word in fold(f"{entry.subject} {entry.result}"))
    )


def cells(entry: Entry) -> tuple[str, ...]:
    """A record as the ``COLUMNS``."""
    proofs = "\n".join(f"[{c.n}] {c.file} {c.start}–{c.end}：{c.quote}" for c in entry.citations)
    return (
        entry.time, entry.user, entry.address, ACTION_LABELS[entry.action], entry.subject,
        entry.result, entry.status_label, proofs, entry.prompt, entry.model,
    )  # fmt: skip


def to_csv(entries: Iterable[Entry]) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it; what a sheet would run as a formula is neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([re.sub(r"^(?=[=+\-@\t\r])", "'", cell) for cell in cells(entry)] for entry in entries)
    return out.getvalue().encode("utf-8-sig")
