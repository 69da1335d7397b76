"""Uploaded files on their way into the store: safe names, what is recognised in them, and the import itself.

Nothing is written under a name that a user chose: a file lies in the server's temporary folder under a name of Gradio's
and goes into the catalogue as bytes; its own base name is only shown. Knows nothing of components.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Literal

from bot.app import FileResult, Incoming, put_notice, read_file, read_notice
from bot.errors import InputError
from bot.ledger.table import flat, shorten
from bot.records import Extraction
from bot.settings import Settings
from bot.web.jobs import watched
from vectorstore.store import Store, Writer

State = Literal["waiting", "ready", "added", "updated", "unchanged", "failed"]

LONGEST_NAME = 120
"""Characters of a shown file name, extension included."""
MOST_FILES = 200
"""Files in one upload."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived. ``name``: its safe base name; ``path``: where Gradio put it."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a file stands. ``detail``: what was recognised, or why it failed."""

    name: str
    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of an import: every file's outcome, and a line on how far it is."""

    outcomes: tuple[Outcome, ...]
    line: str


def safe_name(name: str) -> str:
    """The base name without path, control and direction characters, at most ``LONGEST_NAME`` characters.

    >>> safe_name("..\\\\..\\\\通报\\u202e.txt")
    '通报.txt'
    """
    base = PureWindowsPath(name).name
    kept = "".join(char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char)[0] != "C")
    path = PureWindowsPath(kept.strip())
    stem = path.stem[: LONGEST_NAME - len(path.suffix)]
    return f"{stem}{path.suffix}" if stem.strip(". ") else "未命名.txt"


# -- looking before saving ---------------------------------------------------------------------------------------------


def recognise(upload: Upload, settings: Settings) -> tuple[Outcome, Extraction | None]:
    """What the rules read in a file, without saving it; None where it cannot be read."""
    try:
        found = read_notice(_incoming(upload, settings), settings)
        return Outcome(upload.name, "ready", summary(found)), found
    except InputError as error:
        return Outcome(upload.name, "failed", str(error)), None


def summary(extraction: Extraction) -> str:
    """Title, issuer, date and number of problems in one line."""
    notice = extraction.notice
    date = notice.signed_date or notice.published_date or notice.feedback_date
    parts = (
        flat(notice.title.text) if notice.title else "未识别到标题",
        "、".join(flat(unit.text) for unit in notice.issuer),
        date.iso if date else "",
        f"问题 {len(extraction.items)} 项" if extraction.items else "未识别到问题清单，将作为普通文本保存",
    )
    return "；".join(shorten(part, 80) for part in parts if part)


def _incoming(upload: Upload, settings: Settings) -> Incoming:
    return Incoming(upload.name, read_file(upload.path, settings).data)


# -- saving ------------------------------------------------------------------------------------------------------------


def importing(store: Store, settings: Settings, uploads: Sequence[Upload]) -> Iterator[Step]:
    """Import the files, one step per file and per batch of vectors. Closing the iterator stops at the next step.

    Raises ``StoreError`` where the store itself fails; a file that fails is an outcome.
    """
    steps: Iterator[Step] = watched(lambda report: _import(store, settings, uploads, report))
    yield from steps


def _import(store: Store, settings: Settings, uploads: Sequence[Upload], report: Callable[[Step], None]) -> None:
    outcomes = [Outcome(upload.name, "waiting") for upload in uploads]

    def tell(line: str) -> None:
        report(Step(tuple(outcomes), line))

    def embedded(done: int, total: int, seconds: float) -> None:
        left = seconds / done * (total - done) if done else 0.0
        tell(f"文字已可检索，正在建立向量 {done}/{total} 段，还需约 {left:.0f} 秒")

    with store.writing("网页导入", wait=settings.lock_wait, say=tell) as hand:
        for number, upload in enumerate(uploads):
            tell(f"正在导入第 {number + 1}/{len(uploads)} 个文件：{upload.name}")
            outcomes[number] = _put(hand, upload, settings)
        tell("文字已可检索，正在建立向量")
        hand.embed_pending(embedded)
    tell(tally(outcomes))


def _put(hand: Writer, upload: Upload, settings: Settings) -> Outcome:
    try:
        found = put_notice(hand, _incoming(upload, settings), settings)
    except InputError as error:
        return Outcome(upload.name, "failed", str(error))
    return Outcome(upload.name, found.result, _detail(found))


def _detail(result: FileResult) -> str:
    return result.reason or (f"编号 {result.notice_id}" if result.notice_id else "")


def tally(outcomes: Sequence[Outcome]) -> str:
    """How many files went which way."""
    words = {"added": "新增", "updated": "更新", "unchanged": "未变", "failed": "失败"}
    counts = {word: sum(outcome.state == state for outcome in outcomes) for state, word in words.items()}
    return f"完成：共 {len(outcomes)} 个文件，" + "，".join(f"{word} {n}" for word, n in counts.items() if n)
