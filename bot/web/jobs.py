"""Long work in a thread of its own, watched from a generator that may be closed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


class _Stopped(Exception):
    """Nobody watches any more: leave the job at its next report."""


def watched(job: Callable[[Callable[[T], None]], None]) -> Iterator[T]:
    """Run a job in a thread of its own and yield what it reports, at once.

    Closing the iterator makes the job's next report raise, which ends it. What the job raises is raised here.
    """
    reports: queue.Queue[tuple[str, T | BaseException | None]] = queue.Queue()
    stop = threading.Event()

    def report(found: T) -> None:
        if stop.is_set():
            raise _Stopped
        reports.put(("report", found))

    def run() -> None:
        try:
            job(report)
            reports.put(("end", None))
        except _Stopped:
            return
        except BaseException as error:
            reports.put(("error", error))

    threading.Thread(target=run, name="zhenggai-job", daemon=True).start()
    try:
        while (message := reports.get())[0] == "report":
            yield message[1]  # type: ignore[misc]
        if isinstance(message[1], BaseException):
            raise message[1]
    finally:
        stop.set()
