"""The composition root: settings in, store and stages wired, files ingested in two phases.

Knows every stage and none of the edges; command line and web page call what is here.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.errors import InputError, NotUnderstood, TooLarge, Unreadable, UsageError, system_reason
from bot.fold import fold
from bot.records import Chunk, Extraction, Notice
from bot.settings import Settings
from vectorstore.store import Progress, Store, Writer

if TYPE_CHECKING:
    from bot.llm.chat import CallRecord, Chat, OnCall

Result = Literal["added", "updated", "unchanged", "failed"]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. ``reason``: why it failed, or what it equals, else empty. ``error``: the failure."""

    file: str
    notice_id: str | None
    result: Result
    reason: str
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in: ``name`` is the base name, ``data`` its raw bytes."""

    name: str
    data: bytes


def open_store(settings: Settings, *, create: bool = False, say: Say | None = None) -> Store:
    """The store of the settings' data folder, put right first if a process was killed while writing.

    Raises ``StoreNotFound`` unless ``create``.
    """
    store = Store(
        settings.data, cache_dir=settings.cache, embedding=settings.embedding, chroma=settings.chroma, create=create
    )
    store.repair(say or (lambda _: None))
    return store


def open_llm(settings: Settings, *, on_call: OnCall | None = None) -> Chat | None:
    """The language model of the settings, None where there is none; once per process, it is opened when first asked.

    Every call is noted in ``llm.jsonl`` of the data folder, and told to ``on_call``. Raises ``SettingsError``.
    """
    if not settings.llm:
        return None
    from bot.llm.chat import open_chat
    from bot.llm.log import NAME, CallLog

    log = CallLog(settings.data / NAME)

    def note(call: CallRecord) -> None:
        log(call)
        if on_call:
            on_call(call)

    return open_chat(settings.llm, settings, on_call=note, lazily=True)


# -- reading -----------------------------------------------------------------------------------------------------------


def read_notice(incoming: Incoming, settings: Settings, *, notice_id: str | None = None) -> Extraction:
    """Bytes to extraction document, no store needed. Raises ``InputError``, ``NotUnderstood`` for our bug."""
    with _bugs_kept_to_the_file():
        return _read(incoming, settings, notice_id)


@contextmanager
def _bugs_kept_to_the_file() -> Iterator[None]:
    """A bug of the rules of reading becomes that file's failure, with its cause; the other files go on."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise NotUnderstood(
            f"解析这份文件时程序出错（{type(error).__name__}），其他文件不受影响。"
            "请用 --debug 再运行一次，把显示的内容和这份文件交给维护人员"
        ) from error


def _read(incoming: Incoming, settings: Settings, notice_id: str | None) -> Extraction:
    # The rules of reading are imported where a file is read: a question from the command line does without them.
    from bot.gazetteer import mentions
    from bot.notices.extract import extract
    from bot.notices.load import load

    loaded = load(incoming.data, incoming.name, limit_bytes=settings.max_file_mb * 2**20)
    digest = hashlib.sha256(incoming.data).hexdigest()
    return extract(
        loaded, notice_id=notice_id or slug(incoming.name), file=incoming.name, sha256=digest, gazetteer=mentions
    )


def _chunks(extraction: Extraction) -> tuple[Chunk, ...]:
    from bot.notices.chunk import chunks

    with _bugs_kept_to_the_file():
        return chunks(extraction)


def slug(name: str) -> str:
    """The id that a file name gives: its stem, letters, digits, Chinese characters, ``_`` and ``-`` kept.

    >>> slug("整改 通报(一).docx")
    '整改-通报-一'
    """
    stem = Path(name).stem or name
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:80] or "notice"


def identity(notice: Notice) -> str:
    """What makes two files one notice: normalised title, issuer and signed date, else the file name alone."""
    title = fold("".join(notice.title.text.split())) if notice.title else ""
    issuer = "、".join(fold("".join(unit.text.split())) for unit in notice.issuer)
    if title and issuer and notice.signed_date:
        return f"{title}|{issuer}|{notice.signed_date.iso}"
    return f"file:{notice.file}"


def with_id(extraction: Extraction, notice_id: str) -> Extraction:
    """The same extraction under another notice id."""
    old = extraction.notice.id
    items = tuple(replace(item, id=notice_id + item.id.removeprefix(old)) for item in extraction.items)
    return replace(extraction, notice=replace(extraction.notice, id=notice_id), items=items)


# -- ingesting ---------------------------------------------------------------------------------------------------------


def find_files(paths: Iterable[str]) -> list[Path | None]:
    """The files that the paths name, folders searched through, None for standard input (``-``).

    Hidden files inside folders are passed over. Raises ``UsageError`` where a path does not exist.
    """
    found: list[Path | None] = []
    for path in paths:
        if path == "-":
            found.append(None)
        elif Path(path).is_dir():
            found.extend(_walk(Path(path)))
        elif Path(path).exists() or Path(path).is_symlink():
            found.append(Path(path))
        else:
            raise UsageError(f"没有这个文件或文件夹：{path}")
    return list(dict.fromkeys(found))


def _walk(folder: Path) -> list[Path]:
    """Files below a folder; subfolders that cannot be opened stand for themselves, to fail with their reason."""
    closed: list[Path] = []
    found = [
        Path(base) / name
        for base, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
        if not _hide(folders)
        for name in names
        if not name.startswith((".", "~$"))
    ]
    return sorted(found + closed)


def _hide(folders: list[str]) -> bool:
    """Take hidden folders out of an ``os.walk`` in place; always false."""
    folders[:] = [name for name in folders if not name.startswith(".")]
    return False


def read_file(path: Path | None, settings: Settings) -> Incoming:
    """A file's bytes, or standard input's. Raises ``Unreadable``, and ``TooLarge`` before reading a huge file."""
    if path is None:
        return Incoming("stdin.txt", sys.stdin.buffer.read(settings.max_file_mb * 2**20 + 1))
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise Unreadable("不是普通文件（管道或设备），未读取")
        if path.stat().st_size > settings.max_file_mb * 2**20:
            raise TooLarge(f"文件超过 {settings.max_file_mb} MB 的上限：请拆分，或调高设置 max_file_mb")
        return Incoming(path.name, path.read_bytes())
    except OSError as error:
        raise Unreadable(f"无法读取文件（{system_reason(error)}）：请检查它是否存在、是否有读取权限") from error


def ingest(
    store: Store,
    files: Sequence[Path | None],
    settings: Settings,
    *,
    say: Say | None = None,
    progress: Progress | None = None,
) -> Iterator[FileResult]:
    """Ingest files: yields a result per file once its text is searchable, then embeds what is pending.

    Each file stands alone: one that fails leaves the others. Raises ``StoreError`` where the store itself fails.
    """
    _ = store.embedding  # raises where the store has another engine: before anything is written
    with store.writing("导入通报", wait=settings.lock_wait, say=say) as hand:
        for path in files:
            yield _ingest_one(hand, path, settings)
        hand.embed_pending(progress)


def _ingest_one(hand: Writer, path: Path | None, settings: Settings) -> FileResult:
    name = path.name if path else "stdin.txt"
    try:
        return put_notice(hand, read_file(path, settings), settings)
    except InputError as error:
        return FileResult(name, None, "failed", str(error), error)


def put_notice(hand: Writer, incoming: Incoming, settings: Settings) -> FileResult:
    """Phase one for one file. Raises ``InputError``, ``StoreError``."""
    digest = hashlib.sha256(incoming.data).hexdigest()
    for notice_id, file in hand.catalogue.by_sha256(digest):
        reason = "" if file == incoming.name else f"与已导入的 {file} 内容相同"
        return FileResult(incoming.name, notice_id, "unchanged", reason)
    extraction = read_notice(incoming, settings)
    who = identity(extraction.notice)
    known = hand.catalogue.by_identity(who)
    notice_id = known[0] if known else _free_id(hand, extraction.notice.id, digest)
    extraction = with_id(extraction, notice_id)
    hand.put(extraction, _chunks(extraction), incoming.data, identity=who, keep_version=known is not None)
    return FileResult(incoming.name, notice_id, "updated" if known else "added", "")


def _free_id(hand: Writer, wanted: str, digest: str) -> str:
    """The slug, with a short hash where another notice has it."""
    taken = set(hand.catalogue.notice_ids())
    choices = (wanted, *(f"{wanted}-{digest[:length]}" for length in (6, 12, 64)))
    return next(choice for choice in choices if choice not in taken)


def reindex(store: Store, settings: Settings, *, say: Say | None = None, progress: Progress | None = None) -> int:
    """Read every stored file again with this program's rules and make all vectors anew; how many notices there are."""
    with store.writing("重建索引", wait=settings.lock_wait, say=say) as hand:
        ids = hand.catalogue.notice_ids()
        for notice_id in ids:
            try:
                _read_again(hand, notice_id, settings)
            except InputError as error:
                # What an earlier version could read stays as that version read it.
                (say or (lambda _: None))(f"{notice_id} 无法重新读取，保留原有内容：{error}")
        spec = settings.embedding or hand.catalogue.meta("embedding") or "bundled"
        hand.restart_vectors(spec)
        hand.embed_pending(progress)
    return len(ids)


def migrate(settings: Settings, *, say: Say | None = None) -> tuple[str, Path | None]:
    """Bring the data folder to this program's version: (the version it had, the copy of the former catalogue).

    None in place of the copy: it was up to date. Raises ``StoreNotFound``, ``StoreDamaged``, ``StoreBusy``.
    """
    from vectorstore.catalogue import migrate as migrate_catalogue
    from vectorstore.lock import writer
    from vectorstore.store import CATALOGUE_NAME, not_found

    path = settings.data / CATALOGUE_NAME
    if not path.exists():
        raise not_found(settings.data)
    with writer(settings.data, "升级数据", wait=settings.lock_wait, say=say):
        return migrate_catalogue(path)


def _read_again(hand: Writer, notice_id: str, settings: Settings) -> None:
    file, raw = hand.catalogue.raw(notice_id)
    extraction = read_notice(Incoming(file, raw), settings, notice_id=notice_id)
    known = hand.catalogue.by_identity(identity(extraction.notice))
    # Another program version may read the title differently: an identity already taken stays with its owner.
    who = identity(extraction.notice) if known is None or known[0] == notice_id else f"id:{notice_id}"
    hand.put(extraction, _chunks(extraction), raw, identity=who, keep_version=False)


def remove(store: Store, notice_id: str, settings: Settings, *, say: Say | None = None) -> None:
    """Take a notice out of catalogue, index and collection. Raises ``NoSuchNotice``, ``StoreBusy``."""
    with store.writing("删除通报", wait=settings.lock_wait, say=say) as hand:
        hand.remove(notice_id)
