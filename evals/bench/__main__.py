"""The benchmarks of speed in one go: ``make bench`` or ``python -m evals.bench [embedding|ingest|lookup|killed …]``.

Each figure is a ratio of two things measured one right after the other; medians count. The JSON is printed and kept
under ``evals/runs/bench/``. ``killed`` (300 notices, five kills) and ``lookup`` (2,000 notices) take minutes.
Exit code 1 where a target is not met. ``--help`` lists the other benchmarks, which have options of their own.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import load_settings
from evals.bench import embedding, ingest, killed, lookup
from evals.bench.pairs import held
from evals.log import RUNS

Bench = Callable[[argparse.Namespace, Path], dict[str, Any]]


def _embedding(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    del folder
    found = embedding.measure(load_settings().cache, repeats=options.repeats, threads=None)
    found["batch"]["speed_ratio"] = held(found["batch"]["speed_ratio"], at_least=4)
    found["query"]["time_ratio"] = held(found["query"]["time_ratio"], at_most=1.1)
    found["query_beside_batch"]["time_ratio"] = held(found["query_beside_batch"]["time_ratio"], at_most=3)
    return found


BENCHES: dict[str, Bench] = {
    "embedding": _embedding,
    "ingest": lambda o, folder: ingest.measure(o.n or 40, repeats=o.repeats, folder=folder),
    "lookup": lambda o, folder: lookup.measure(o.n or 2000, repeats=o.repeats, folder=folder),
    "killed": lambda o, folder: killed.measure(o.n or 300, 5, folder, dice=random.Random()),
}


def others() -> dict[str, str]:
    """Benchmarks that are run by themselves: module → what it measures, the first sentence of its docstring."""
    folder = Path(__file__).parent
    trees = {path.stem: ast.parse(path.read_text("utf-8")) for path in sorted(folder.glob("*.py"))}
    runnable = {
        name: ast.get_docstring(tree) or ""
        for name, tree in trees.items()
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
    }
    return {name: _first_sentence(told) for name, told in runnable.items() if name not in {"__main__", *BENCHES}}


def _first_sentence(told: str) -> str:
    words = " ".join(told.split("\n\n")[0].replace("``", "`").split())
    return re.split(r":? `python|\. |\.$|(?<=\?)", words)[0]


def _how_to_run_the_others() -> str:
    lines = [f"  {name:<14}{what}" for name, what in others().items()]
    return "\n".join(["run by themselves, python -m evals.bench.NAME [--help]:", *lines])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, keep; say which targets are missed."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.bench",
        description=__doc__,
        epilog=_how_to_run_the_others(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="bench", help="、".join(BENCHES))
    parser.add_argument("--n", type=int, help="how many generated notices; default: what each benchmark is meant for")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHES):
        alone = [f"python -m evals.bench.{name}" for name in sorted(unknown & set(others()))]
        hint = f"run by itself: {'; '.join(alone)}" if alone else f"there are {', '.join([*BENCHES, *others()])}"
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))} ({hint})")
    figures = {}
    for name in options.names or BENCHES:
        print(f"{name} …", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder:
            figures[name] = BENCHES[name](options, Path(folder))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    print(f"kept as {keep(figures, RUNS / 'bench')}", file=sys.stderr)
    missed = list(misses(figures))
    for path in missed:
        print(f"missed: {path}", file=sys.stderr)
    return 1 if missed else 0


def keep(figures: dict[str, Any], folder: Path) -> Path:
    """The figures as a file named by the time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def misses(figures: dict[str, Any], path: str = "") -> Iterator[str]:
    """Where a ``met`` is false, as a path of keys."""
    if figures.get("met") is False:
        yield path
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from misses(value, f"{path}/{key}" if path else key)


if __name__ == "__main__":
    sys.exit(main())
