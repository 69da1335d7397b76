"""The item whose text is nearest in meaning to a topic that none is about word for word (喝水: 農村飲水安全).

Uses the vectors that the store already has. One item at most, and only where it stands out from the others: vectors of
short texts are all alike, a threshold alone tells little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.store import Store

LEAST = 0.84
"""Cosine that the nearest item must have."""
AHEAD = 0.006
"""By how much it must be nearer than the second."""
SURELY = (0.855, 0.01)
"""The same where nothing but the answer says that it is only near: chosen on pairs of notices and other notices' topics
(evals/DECISIONS.md)."""
_PASSAGES = 4000
MAX_NOTICES = 40
"""Over more notices the nearest of thousands is near by chance."""


def nearest_item(store: Store, topic: str, notices: Sequence[str], *, surely: bool = False) -> str | None:
    """The id of the item in these notices that a topic means, or None where none stands out."""
    if not topic or not notices or len(notices) > MAX_NOTICES:
        return None
    candidates, _ = store.search(topic, _PASSAGES, scope=tuple(notices))
    near: dict[str, float] = {}
    for candidate in candidates:
        item = candidate.passage.item_id
        if item and candidate.dense is not None:
            near[item] = max(near.get(item, 0.0), candidate.dense)
    ranked = sorted(near.items(), key=lambda pair: -pair[1])
    least, ahead = SURELY if surely else (LEAST, AHEAD)
    if not ranked or ranked[0][1] < least:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < ahead:
        return None
    return ranked[0][0]
