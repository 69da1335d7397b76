"""What reading costs: processor time against folding and hashing the same file, memory against the length."""

from __future__ import annotations

import hashlib
import time
import tracemalloc
import unicodedata
from collections.abc import Callable

import pytest

from bot.gazetteer import mentions
from bot.notices.extract import extract
from bot.notices.load import Loaded, load
from tests.notices.notice_samples import HEAD, LAYOUTS, TAIL, loaded
from tests.support import SEEDS

TIMES = 10
"""Extraction may cost that many times NFKC and sha256 of the same file."""


def seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def least(first: Callable[[], object], second: Callable[[], object], rounds: int = 40) -> tuple[float, float]:
    """The least processor time of each, interleaved: whatever else the machine does only adds."""
    runs = [(seconds(first), seconds(second)) for _ in range(rounds)]
    return min(run[0] for run in runs), min(run[1] for run in runs)


@pytest.mark.timing
def test_reading_costs_at_most_ten_times_folding_and_hashing() -> None:
    """The five notices together, places looked up too."""
    spent = base = 0.0
    for path in sorted(SEEDS.glob("*.txt")):
        data = path.read_bytes()
        text, source = data.decode(), load(data, path.name)

        def plainly(data: bytes = data, text: str = text) -> None:
            unicodedata.normalize("NFKC", text)
            hashlib.sha256(data).digest()

        def reading(source: Loaded = source) -> None:
            extract(source, notice_id="a", file="a", sha256="a", gazetteer=mentions)

        one, other = least(plainly, reading)
        base, spent = base + one, spent + other
    assert spent <= TIMES * base, f"{spent / base:.1f} times"


def peak(characters: int) -> float:
    """Bytes that extraction holds at most, per character of a notice that long."""
    body = LAYOUTS["lead words"]
    source = loaded(HEAD + body * (characters // len(body)) + TAIL)
    tracemalloc.start()
    extract(source, notice_id="a", file="a", sha256="a")
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held / len(source.text)


def test_memory_grows_with_the_text_only() -> None:
    """Per character, a text eight times as long takes no more; a 5 MB file (1.7 million characters) some 300 MB."""
    short, long = peak(20_000), peak(160_000)
    assert long <= 1.25 * short
    assert long * 1_750_000 < 512 * 2**20, f"{long:.0f} bytes a character"
