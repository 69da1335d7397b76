"""The log of calls to models: one JSON line each in ``llm.jsonl`` of the data folder.

Holds what was asked with (prompt, version, model), tokens, latency and outcome; no question, no answer.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bot.llm.chat import CallRecord

NAME = "llm.jsonl"
LONGEST = 8 * 2**20
"""Bytes after which the file becomes ``llm.jsonl.1`` (the one before it goes) and a new one begins."""


class CallLog:
    """Appends calls to a file. Safe to use from several threads; each line is written at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def __call__(self, call: CallRecord) -> None:
        """Note a call. A folder that cannot be written costs the note, not the answer that it is about."""
        line = {"time": datetime.now(UTC).isoformat(timespec="seconds")} | asdict(call)
        with self._lock:
            try:
                self._append(json.dumps(line, ensure_ascii=False) + "\n")
            except OSError:
                return

    def _append(self, line: str) -> None:
        if self._file.exists() and self._file.stat().st_size > LONGEST:
            self._file.replace(self._file.with_name(f"{self._file.name}.1"))
        with self._file.open("a", encoding="utf-8") as log:
            log.write(line)
