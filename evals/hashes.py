"""The hashes that make two runs comparable: of the gold, of the scorer's code, of the schemas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from bot.schemas import DOCUMENTS, json_schema
from evals.log import Hashes
from evals.suite import ROOT, Suite

_SCORERS = ("metrics/*.py", "tasks/*.py", "cases.py", "gold/compile.py", "gold/form.py", "../bot/fold.py")


def hashes_of(suite: Suite) -> Hashes:
    """The suite's hashes as the files stand now."""
    scorers = [path for pattern in _SCORERS for path in sorted(ROOT.glob(pattern))]
    schemas = json.dumps([json_schema(name) for name in DOCUMENTS], sort_keys=True)  # type: ignore[arg-type]
    return Hashes(
        gold=files_hash([*suite.files(), *notice_files()]),
        scorer=files_hash(scorers),
        schema=hashlib.sha256(schemas.encode()).hexdigest()[:16],
    )


def notice_files() -> list[Path]:
    """The notices that gold is about: the five seeds and the written ones."""
    seeds = sorted((ROOT.parent / "seeds").glob("*.txt"))
    return seeds + sorted(path for path in (ROOT / "gold" / "notices").iterdir() if path.is_file())


def files_hash(paths: Iterable[Path]) -> str:
    """One digest over names and bytes, 16 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def program_hash() -> str:
    """Digest of the program under test: code, word lists, prompts."""
    folders = [ROOT.parent / name for name in ("bot", "vectorstore", "prompts")]
    kinds = {".py", ".yaml", ".txt", ".tsv", ".json"}
    return files_hash(
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in kinds and path.is_file()
    )
