"""Ten copies of a notice about other towns with other figures: ``python -m evals.bench.twins``.

Every question to every town, held against a store of that town's copy alone; questions about a town that is not there.
Prints one JSON document. Target: all follow, 0 blends, all of the absent town refused.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from evals.twins import TOWNS, outcomes, refuses_absent, store_of


def measure(folder: Path) -> dict[str, Any]:
    """The figures, and what went wrong by town and question."""
    together = store_of(folder / "all", TOWNS)
    found = [o for town in TOWNS for o in outcomes(together, store_of(folder / town, [town]), town)]
    refused = refuses_absent(together)
    return {
        "asked": len(found),
        "follow": sum(o.follows for o in found),
        "blended": sum(o.blended for o in found),
        "absent": len(refused),
        "absent_refused": sum(refused),
        "wrong": [[o.town, o.question] for o in found if not o.follows or o.blended],
    }


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="zhenggai-twins-") as folder:
        print(json.dumps(measure(Path(folder)), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
