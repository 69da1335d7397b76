"""``python -m prompts.release answer@2``: enter a prompt's hash into the registry; from then on it may not change."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import PromptError
from prompts.loader import REGISTRY, load, registry, source


def release(names: Sequence[str], folder: Path) -> None:
    """Write the hashes of ``names`` into ``folder``'s registry. Raises ``PromptError``."""
    released = registry()
    for name in names:
        load(name)
        released[name] = hashlib.sha256(source(name).encode()).hexdigest()
    folder.joinpath(REGISTRY).write_text(json.dumps(dict(sorted(released.items())), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    try:
        release(sys.argv[1:], Path(__file__).parent)
    except PromptError as error:
        sys.exit(str(error))
