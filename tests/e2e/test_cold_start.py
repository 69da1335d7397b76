"""How long a question takes from the command line, against importing what it is built on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.settings import default_cache
from tests.support import SEEDS, command_environment, filled, settings_for

QUESTION = "临湘市污水管网已经建了多少公里"
ROUNDS = 7


def seconds(line: list[str]) -> float:
    """Wall-clock time of one command that must succeed."""
    start = time.perf_counter()
    subprocess.run(line, check=True, capture_output=True, env=command_environment())
    return time.perf_counter() - start


@pytest.mark.model
@pytest.mark.timing
def test_a_cold_question_takes_at_most_twice_its_imports(tmp_path: Path) -> None:
    """The least of each, interleaved: other work on the machine only adds to either."""
    settings = settings_for(tmp_path / "data", "bundled").model_copy(update={"cache": default_cache()})
    filled(settings, *SEEDS.glob("*.txt")).close()
    ask = [sys.executable, "-m", "bot.cli", "--data", str(settings.data), "ask", QUESTION, "--json"]
    imports = [sys.executable, "-c", "import chromadb, langchain_core"]
    runs = [(seconds(ask), seconds(imports)) for _ in range(ROUNDS + 1)][1:]
    asked, imported = (min(times) for times in zip(*runs, strict=True))
    assert asked <= 2 * imported, f"ask {asked:.2f} s, imports {imported:.2f} s"
