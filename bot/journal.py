"""Files of JSON lines that only ever grow, readable by their owner alone: the audit log and the feedback.

A line is written with one call at the end of the file, so that threads and processes do not cut into each other; what a
power failure left half written is passed over when read and ended by the next line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import StoreError, system_reason

OWNER_ONLY = 0o600


def append(path: Path, record: dict[str, Any]) -> None:
    """Add one record; it is on the disk when this returns. Raises ``StoreError``."""
    line = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
        try:
            os.write(file, line if _ends_whole(file) else b"\n" + line)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise StoreError(f"无法写入 {path.name}（{system_reason(error)}）：请检查数据文件夹的空间和权限") from error


def _ends_whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The records, oldest first; none where there is no file. Raises ``StoreError``."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                record = _parsed(line)
                if record is not None:
                    yield record
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"无法读取 {path.name}（{system_reason(error)}）：请检查数据文件夹的权限") from error


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
