"""Fingerprints of embedding engines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def fingerprint(facts: Mapping[str, object]) -> str:
    """16 hex digits over the facts that change vectors; the order of keys does not matter."""
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
