"""`python -m evals.gold [FILE…]`: prove that every labelled string stands in its notice."""

import sys
from pathlib import Path

from evals.gold.compile import EXTRACTION, GoldFaults, check_file


def main(arguments: list[str]) -> int:
    """Check the named label files (default: all); 1 when any has a fault."""
    paths = [Path(name) for name in arguments] or sorted(EXTRACTION.glob("*.yaml"))
    faults: list[str] = []
    for path in paths:
        try:
            report = check_file(path)
        except GoldFaults as error:
            faults += [f"{path.name}: {fault}" for fault in error.faults]
            print(f"{path.name}: {len(error.faults)} faults")
            continue
        print(f"{path.name}: {report.counts}")
        for note in report.notes:
            print(f"  note: {note}")
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(paths)} label files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
