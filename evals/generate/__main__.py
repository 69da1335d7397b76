"""``python -m evals.generate --n 300 --seed 7 -o DIR``: notices into DIR/notices, their labels into DIR/extraction."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from evals.generate.notice import Generated, generate


def write(notices: Sequence[Generated], folder: Path) -> list[Path]:
    """The files of the notices, written with their labels beside them."""
    (folder / "notices").mkdir(parents=True, exist_ok=True)
    (folder / "extraction").mkdir(exist_ok=True)
    for notice in notices:
        (folder / "notices" / notice.name).write_bytes(notice.data)
        labels = yaml.safe_dump(notice.labels, allow_unicode=True, sort_keys=False, width=120)
        (folder / "extraction" / f"{notice.labels['notice']}.yaml").write_text(labels, encoding="utf-8")
    return [folder / "notices" / notice.name for notice in notices]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.generate", description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    written = write(list(generate(options.n, options.seed)), options.output)
    print(f"{len(written)} notices in {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
