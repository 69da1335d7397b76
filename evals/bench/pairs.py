"""Pairs of measurements: both sides one right after the other, in alternating order, reported as ratios."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

Timed = Callable[[], object]


def pair(theirs: Timed, ours: Timed, *, turn: int) -> tuple[float, float]:
    """Seconds of (theirs, ours), run one right after the other; who goes first changes from turn to turn."""
    if turn % 2:
        us = seconds(ours)
        return seconds(theirs), us
    return seconds(theirs), seconds(ours)


def seconds(run: Timed) -> float:
    """How long it takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def spread(ratios: Iterable[float]) -> dict[str, float]:
    """Median, smallest and largest."""
    values = sorted(ratios)
    return {"median": round(median(values), 3), "low": round(values[0], 3), "high": round(values[-1], 3)}


def held(ratio: dict[str, float], *, at_most: float | None = None, at_least: float | None = None) -> dict[str, Any]:
    """The ratio with its target and whether the median meets it."""
    if at_most is not None:
        return ratio | {"at_most": at_most, "met": ratio["median"] <= at_most}
    assert at_least is not None
    return ratio | {"at_least": at_least, "met": ratio["median"] >= at_least}


def milliseconds(times: Iterable[float]) -> float:
    """The median in milliseconds."""
    return round(1000 * median(times), 1)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {"cores": cores, "load_average": round(os.getloadavg()[0], 2)}
