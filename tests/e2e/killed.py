"""Work for processes that are to be killed, and the look at what they left; runs in forked processes."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import chromadb  # noqa: F401  (imported once, before the forks)

from bot.app import ingest, open_store, reindex, remove
from bot.errors import NoSuchNotice, StoreNotFound
from bot.settings import Settings, default_cache
from tests.support import contents, disagreements, fake_engines, settings_for
from vectorstore import store as store_module

Contents = dict[str, tuple[str, int, list[str], list[str]]]


@dataclass(frozen=True)
class Job:
    """What a process does to a folder. ``kind``: ingest, reindex, remove; ``embedding``: none, fake, bundled."""

    kind: str
    folder: Path
    embedding: str
    files: tuple[Path, ...] = ()
    notice_id: str = ""


@dataclass(frozen=True)
class Found:
    """What the next start finds. ``wrong``: contradictions; ``final``: when the job was done again."""

    wrong: list[str]
    repaired: Contents
    final: Contents
    again: list[str]


def settings_of(job: Job) -> Settings:
    """The job's settings; the bundled engine uses the cache that ``make install`` filled."""
    settings = settings_for(job.folder, job.embedding)
    return settings.model_copy(update={"cache": default_cache()}) if job.embedding == "bundled" else settings


def work(job: Job, tell: Connection) -> None:
    """Do the job; tell when it starts and each file's result."""
    tell.send("started")
    _engines(job, lambda: _do(job, tell))
    tell.send("finished")


def look(job: Job, tell: Connection) -> None:
    """Start again as a user would after the kill: open, look, do the same job again, look, and once more."""
    tell.send(_engines(job, lambda: _look(job)))


def _engines(job: Job, run):  # type: ignore[no-untyped-def]
    # Small windows: many instants between an upsert and its commit.
    store_module._WINDOW = 16
    if job.embedding == "bundled":
        return run()
    with fake_engines():
        return run()


def _do(job: Job, tell: Connection | None = None) -> list[str]:
    settings = settings_of(job)
    store = open_store(settings, create=job.kind == "ingest")
    results: list[str] = []
    if job.kind == "ingest":
        for result in ingest(store, list(job.files), settings):
            results.append(result.result)
            if tell is not None:
                tell.send(result)
    elif job.kind == "reindex":
        reindex(store, settings)
    else:
        try:
            remove(store, job.notice_id, settings)
        except NoSuchNotice:
            results.append("gone")
    store.close()
    return results


def _look(job: Job) -> Found:
    repaired: Contents = {}
    wrong: list[str] = []
    try:
        store = open_store(settings_of(job))
        repaired, wrong = contents(store), disagreements(store)
        store.close()
    except StoreNotFound:
        pass
    _do(job)
    again = _do(job)
    store = open_store(settings_of(job))
    return Found(wrong + disagreements(store), repaired, contents(store), again)
