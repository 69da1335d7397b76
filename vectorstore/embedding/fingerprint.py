"""Fingerprints of embedding engines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def fingerprint(facts: Mapping[str, object]) -> str:
    """16 hex digits over the facts that change vectors; the order of keys does not matter."""
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
