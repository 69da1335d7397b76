"""The label-free oracles hold, or are reported as checks, on every notice there is and on generated ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import Incoming, read_notice
from bot.settings import Settings
from evals.generate.notice import generate
from evals.metrics.oracles import breaks
from tests.support import ROOT, SEEDS

NOTICES = sorted([*SEEDS.glob("*.txt"), *(ROOT / "evals" / "gold" / "notices").iterdir()])


def unreported(name: str, data: bytes) -> int:
    """How many oracles break without a check that says so; a number only, for some notices are held out."""
    return sum(not found.reported for found in breaks(read_notice(Incoming(name, data), Settings())))


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_on_every_notice(path: Path) -> None:
    """Markers contiguous, counts declared, a measure for each problem, every character somewhere, spans valid."""
    assert unreported(path.name, path.read_bytes()) == 0


def test_on_generated_notices() -> None:
    """Sixty notices of the generator's layouts, under a seed that no other test uses."""
    assert {notice.name: unreported(notice.name, notice.data) for notice in generate(60, 23)} == dict.fromkeys(
        (notice.name for notice in generate(60, 23)), 0
    )
