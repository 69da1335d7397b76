"""One writer at a time: a lock file that the system frees when its process dies, and a note of who holds it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StoreBusy, StoreReadOnly

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
    except PermissionError as error:
        raise StoreReadOnly(f"数据文件夹 {folder} 不可写：请检查权限，或用 --data 指定别的文件夹") from error
    except OSError as error:
        raise StoreReadOnly(f"数据文件夹 {folder} 无法加锁（{error.strerror}）：请检查权限和磁盘空间") from error
    try:
        note = {"pid": os.getpid(), "what": what, "since": f"{datetime.now():%H:%M:%S}"}
        (folder / _NOTE_NAME).write_text(json.dumps(note, ensure_ascii=False), "utf-8")
        yield
    finally:
        (folder / _NOTE_NAME).unlink(missing_ok=True)
        lock.release()


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
