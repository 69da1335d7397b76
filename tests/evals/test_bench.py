"""The list of benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import bench
from evals.bench.__main__ import BENCHES, main, misses, others


def test_help_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    """One list: those that run together, and every module that runs by itself, with what it measures."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    told = capsys.readouterr().out
    modules = {path.stem for path in Path(bench.__path__[0]).glob("*.py") if "\ndef main(" in path.read_text("utf-8")}
    assert ended.value.code == 0
    assert set(BENCHES) | set(others()) == modules - {"__main__"} | set(BENCHES)
    assert [name for name in (*BENCHES, *others()) if name not in told] == []
    assert "How well false sentences are caught and true ones let through\n" in told


def test_a_benchmark_that_runs_by_itself_is_named_with_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for beside the others, it is not run: the message says how."""
    with pytest.raises(SystemExit):
        main(["twins"])
    assert "(run by itself: python -m evals.bench.twins)" in capsys.readouterr().err


def test_missed_targets_are_named_by_their_path() -> None:
    """What is not met, however deep, and nothing else."""
    figures = {"a": {"b": {"met": False}, "c": {"met": True}}, "d": {"met": False}, "e": 1}
    assert list(misses(figures)) == ["a/b", "d"]
