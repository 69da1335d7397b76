"""Stores over the gold's notices, built once for each state of notices, program and embedding, and kept under
``runs/stores``."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from bot.app import find_files, ingest, open_store
from bot.errors import StoreError
from evals.hashes import files_hash
from evals.log import RUNS

if TYPE_CHECKING:
    from bot.settings import Settings
    from vectorstore.store import Store

KEPT = 4
"""Stores kept on disk; older ones go."""
_PACKAGES = ("bot", "vectorstore")
_REPO = Path(__file__).resolve().parents[1]


def gold_store(settings: Settings, notices: Sequence[Path], say: Callable[[str], None], folder: Path = RUNS) -> Store:
    """A store with these notices under the settings' embedding. Raises ``StoreError`` where one cannot be ingested."""
    place = folder / "stores" / store_key(settings, notices)
    place.parent.mkdir(parents=True, exist_ok=True)
    settings = settings.model_copy(update={"data": place})
    with FileLock(f"{place}.lock"):
        if not (place / "complete").exists():
            shutil.rmtree(place, ignore_errors=True)
            _build(settings, notices, say)
            (place / "complete").touch()
            _prune(place.parent, place)
    return open_store(settings, say=say)


def store_key(settings: Settings, notices: Sequence[Path]) -> str:
    """Changes with the embedding, the notices, and the code that reads, cuts and stores them."""
    parts = (settings.embedding or "bundled", files_hash(notices), _code())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """Digest of the program, taken once: a run goes on with the code it has loaded, whatever is edited meanwhile."""
    return files_hash(
        path for package in _PACKAGES for path in sorted((_REPO / package).rglob("*.py")) if _makes_stores(path)
    )


def _makes_stores(path: Path) -> bool:
    """Answering, command line and web page change nothing in a store."""
    return not {"qa", "cli", "web", "briefing"} & set(path.parts)


def _build(settings: Settings, notices: Sequence[Path], say: Callable[[str], None]) -> None:
    say(f"建立评测用数据：{len(notices)} 份通报，向量引擎 {settings.embedding or 'bundled'}")
    store = open_store(settings, create=True)
    try:
        results = list(ingest(store, find_files(str(path) for path in notices), settings, say=say))
        ids = set(store.catalogue.notice_ids())
    finally:
        store.close()
    lost = [f"{r.file}：{r.reason}" for r in results if r.result == "failed"] + sorted({p.stem for p in notices} - ids)
    if lost:
        raise StoreError(f"评测用通报未能全部导入（{'；'.join(lost)}）：请先修复读取")


def _prune(folder: Path, keep: Path) -> None:
    stores = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in [path for path in stores if path != keep][: -(KEPT - 1)]:
        shutil.rmtree(path, ignore_errors=True)
        Path(f"{path}.lock").unlink(missing_ok=True)
