"""``kill -9`` at random instants: the next start finds nothing lost, nothing twice, all parts in agreement."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.killed import Found, Job, look, work
from tests.support import ROOT, SEEDS, notice_file

KILLS = 30
pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]
FILES = tuple(sorted(SEEDS.glob("*.txt")))


@pytest.fixture(scope="module")
def fork() -> Iterator[Any]:
    """Processes forked from one that has everything imported: they begin to write within milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.e2e.killed"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    yield context
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


def run(
    fork: Any, target: Callable[..., None], job: Job, *, kill_after: float | None = None
) -> tuple[list[Any], float]:
    """What the process told, and how long it worked; killed after so many seconds of work if it is still at it."""
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=target, args=(job, theirs))
    process.start()
    theirs.close()
    told: list[Any] = [ours.recv()]
    start = time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    while True:
        try:
            told.append(ours.recv())
        except EOFError:
            break
    process.join()
    return told, time.monotonic() - start


def seen_after(fork: Any, job: Job) -> Found:
    """What a fresh process finds."""
    (found,), _ = run(fork, look, job)
    assert isinstance(found, Found)
    return found


def killed_at_random(fork: Any, fresh: Callable[[int], Job], kills: int) -> Iterator[tuple[list[Any], Found]]:
    """Kill the job in the middle so many times, at instants spread over its whole length."""
    run(fork, work, fresh(0))
    _, length = run(fork, work, fresh(1))
    dice, hit = random.Random(), 0
    for attempt in range(2, 4 * kills + 2):
        job = fresh(attempt)
        told, _ = run(fork, work, job, kill_after=dice.uniform(0, length))
        if "finished" not in told:
            hit += 1
            yield told[1:], seen_after(fork, job)
        shutil.rmtree(job.folder, ignore_errors=True)
        if hit == kills:
            return
    pytest.fail(f"only {hit} of {kills} kills came before the work was done")


def template(fork: Any, folder: Path, embedding: str, files: tuple[Path, ...]) -> Path:
    """A data folder with these files in it, to be copied."""
    told, _ = run(fork, work, Job("ingest", folder, embedding, files))
    assert told[-1] == "finished"
    return folder


@pytest.mark.parametrize("embedding", ["none", "fake"])
def test_killed_while_ingesting(fork: Any, tmp_path: Path, embedding: str) -> None:
    """What was reported as added is there whole, the next ingest adds the rest once, and a third changes nothing."""
    reference = seen_after(fork, Job("ingest", tmp_path / "reference", embedding, FILES)).final

    def fresh(n: int) -> Job:
        return Job("ingest", tmp_path / f"data{n}", embedding, FILES)

    for told, found in killed_at_random(fork, fresh, KILLS):
        assert found.wrong == []
        assert {result.notice_id for result in told} <= found.repaired.keys()
        assert found.repaired.items() <= reference.items()
        assert (found.final, found.again) == (reference, ["unchanged"] * 5)


@pytest.mark.parametrize("embedding", ["none", "fake"])
def test_killed_while_updating(fork: Any, tmp_path: Path, embedding: str) -> None:
    """A notice is found either as it was or as it is to be, with its former text kept exactly once."""
    old, new = notice_file(tmp_path / "old"), notice_file(tmp_path / "new", **{"30吨": "45吨"})
    made = template(fork, tmp_path / "made", embedding, (*FILES[2:], old))
    before = seen_after(fork, Job("ingest", _copy(made, tmp_path / "before"), embedding, (old,))).final
    after = seen_after(fork, Job("ingest", _copy(made, tmp_path / "after"), embedding, (new,))).final
    assert (before["通报"][1], after["通报"][1]) == (1, 2)

    def fresh(n: int) -> Job:
        return Job("ingest", _copy(made, tmp_path / f"data{n}"), embedding, (new,))

    for _, found in killed_at_random(fork, fresh, KILLS):
        assert found.wrong == []
        assert found.repaired in (before, after)
        assert (found.final, found.again) == (after, ["unchanged"])


@pytest.mark.parametrize("embedding", ["none", "fake"])
def test_killed_while_removing(fork: Any, tmp_path: Path, embedding: str) -> None:
    """A notice is found whole or gone from everywhere, and the others untouched."""
    made = template(fork, tmp_path / "made", embedding, FILES)
    job = Job("remove", made, embedding, notice_id=FILES[1].stem)
    whole = seen_after(fork, Job("ingest", _copy(made, tmp_path / "whole"), embedding, FILES)).final
    rest = {notice_id: content for notice_id, content in whole.items() if notice_id != job.notice_id}

    def fresh(n: int) -> Job:
        return replace(job, folder=_copy(made, tmp_path / f"data{n}"))

    for _, found in killed_at_random(fork, fresh, KILLS):
        assert found.wrong == []
        assert found.repaired in (whole, rest)
        assert (found.final, found.again) == (rest, ["gone"])


@pytest.mark.parametrize("embedding", ["none", "fake"])
def test_killed_while_reindexing(fork: Any, tmp_path: Path, embedding: str) -> None:
    """All notices are there at every instant, and afterwards all vectors too."""
    made = template(fork, tmp_path / "made", embedding, FILES)
    whole = seen_after(fork, Job("ingest", _copy(made, tmp_path / "whole"), embedding, FILES)).final

    def fresh(n: int) -> Job:
        return Job("reindex", _copy(made, tmp_path / f"data{n}"), embedding)

    for _, found in killed_at_random(fork, fresh, KILLS):
        assert (found.wrong, found.repaired, found.final) == ([], whole, whole)


@pytest.mark.model
def test_killed_while_the_bundled_model_embeds(fork: Any, tmp_path: Path) -> None:
    """The same with the real model, three times."""
    files = FILES[3:]
    reference = seen_after(fork, Job("ingest", tmp_path / "reference", "bundled", files)).final

    def fresh(n: int) -> Job:
        return Job("ingest", tmp_path / f"data{n}", "bundled", files)

    for told, found in killed_at_random(fork, fresh, 3):
        assert found.wrong == []
        assert {result.notice_id for result in told} <= found.repaired.keys()
        assert found.repaired.items() <= reference.items()
        assert (found.final, found.again) == (reference, ["unchanged"] * 2)


def _copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))
