"""What a run has done so far, a line per case: a run that was killed goes on where it stopped.

A journal belongs to one suite under one system, gold and program; anything else starts anew. Cases in error are not
written, so they are tried again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from bot.schemas import from_data, to_data
from evals.log import CaseResult


class Journal:
    """Cases done, by repeat and id. ``path``: None keeps nothing. Thread-safe."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.done: dict[tuple[int, str], CaseResult] = _read(path) if path else {}

    def add(self, repeat: int, case: CaseResult) -> None:
        """Note a case, on disk before the call returns."""
        with self._lock:
            self.done[repeat, case.id] = case
            if self._path is None or case.error is not None:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([repeat, to_data(case)], ensure_ascii=False) + "\n")

    def remove(self) -> None:
        """The run is whole and logged: its journal goes."""
        if self._path:
            self._path.unlink(missing_ok=True)


def journal_of(folder: Path, suite: str, *parts: object) -> Path:
    """The journal's file for a suite under everything that its results depend on."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return folder / "journals" / f"{suite}-{digest}.jsonl"


def _read(path: Path) -> dict[tuple[int, str], CaseResult]:
    """The cases of an earlier run; a line torn by a kill is left out."""
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        try:
            repeat, case = json.loads(line)
        except ValueError:
            continue
        found[int(repeat), str(case["id"])] = from_data(CaseResult, case)
    return found
