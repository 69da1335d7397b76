"""One writer at a time: a lock file that the system frees when its process dies, and a note of who holds it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StoreBusy, StoreFull, StoreReadOnly, system_reason

LOCK_NAME = "writer.lock"
_NOTE_NAME = "writer.json"


def _holder(folder: Path) -> str:
    try:
        note = json.loads((folder / _NOTE_NAME).read_text("utf-8"))
        return f"进程 {note['pid']}（{note['what']}，{note['since']} 起）"
    except (OSError, ValueError, KeyError):
        return "另一个进程"


@contextmanager
def writer(folder: Path, what: str, *, wait: float, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the store for writing; wait up to ``wait`` seconds for another writer, telling ``say`` whom we wait for.

    Raises ``StoreBusy`` naming the holder, ``StoreReadOnly`` where no lock can be made.
    """
    lock = FileLock(folder / LOCK_NAME, thread_local=False)
    try:
        _acquire(lock, folder, wait, say)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"磁盘已满：{folder}。请腾出空间后重试，已保存的内容不受影响") from error
        raise StoreReadOnly(
            f"数据文件夹 {folder} 不可写（{system_reason(error)}）：请检查权限，或用 --data 指定别的文件夹"
        ) from error
    note = folder / _NOTE_NAME
    try:
        _leave(note, what)
        yield
    finally:
        # The note only helps whoever waits: a full disk must not stop the writer over it.
        with suppress(OSError):
            note.unlink()
        lock.release()


def _leave(note: Path, what: str) -> None:
    facts = {"pid": os.getpid(), "what": what, "since": f"{datetime.now():%H:%M:%S}"}
    with suppress(OSError):
        note.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")


def _acquire(lock: FileLock, folder: Path, wait: float, say: Callable[[str], None] | None) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if say and wait > 0:
            say(f"数据文件夹正由{_holder(folder)}写入，等待中……")
        try:
            lock.acquire(timeout=max(wait, 0))
        except Timeout as error:
            raise StoreBusy(f"数据文件夹 {folder} 正由{_holder(folder)}写入：请等它结束后再试") from error
