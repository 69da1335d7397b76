"""Many askers at the real page beside a running ingest: ``python -m evals.bench.askers [--askers 32] [--seconds 60]``.

``zhenggai chat`` serves generated notices, one county for each asker, on loopback; ``zhenggai ingest`` takes in further
ones meanwhile, in a process of its own. Half of the askers come as programs do (``ask`` of the page's API), half as
browsers do (the queue behind the question box). Each asks about its own county only, and knows what it was told when
it asked alone: an answer that cites another notice, or says anything else, is one that was mixed up. Prints one JSON
document; 1 where anything failed or was mixed up, or the ingest ended before the askers did. Times are shown, not
judged: they depend on the machine. Not for CI: it takes minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx

from evals.bench.embedding import ROOT
from evals.bench.pairs import machine
from evals.generate.__main__ import write
from evals.generate.notice import Generated, generate

SEED = 7
PATIENCE = 120.0
"""Seconds that a request may take before it counts as failed."""
QUESTIONS = (
    "{county}有多少个问题已完成整改？",
    "{county}有哪些问题还没有完成整改？",
    "{county}向谁反馈了几个方面的问题？",
    "{county}“{problem}”问题采取了哪些措施？",
)
_CITED = re.compile(r'data-notice="([^"]+)"')
_LINKS = re.compile(r'href="download/conversation/[^"]+"')
_COMMAND = (sys.executable, "-m", "bot.cli")


@dataclass(frozen=True, slots=True)
class Asker:
    """``way``: as a program or as a browser. ``notice``: id of the only one that its questions are about."""

    way: str
    notice: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What came back. ``said``: all that must be the same each time; ``cited``: ids of the notices it points into."""

    said: str
    cited: frozenset[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of the load. ``error``: why there is no answer; ``mixed``: what in it is not its asker's."""

    way: str
    seconds: float
    error: str = ""
    mixed: str = ""


class Page:
    """One visitor of the page, with cookies of its own. Raises ``httpx.HTTPError``, ``RuntimeError`` for a refusal."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        self._http.get("/").raise_for_status()
        config = self._http.get("/config").raise_for_status().json()
        ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        wired = [(target, one["id"]) for one in config["dependencies"] for target in one["targets"]]
        self._box = next(number for target, number in wired if target == [ids["question"], "submit"])
        self._anew = next(number for target, number in wired if target == [ids["clear"], "click"])
        self._session = uuid4().hex

    def ask(self, way: str, question: str) -> Told:
        """The answer, timed; a browser begins a new conversation before."""
        if way == "browser":
            self._queued(self._anew, [])
        start = time.perf_counter()
        said, cited = self._program(question) if way == "program" else self._browser(question)
        return Told(said, cited, time.perf_counter() - start)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _program(self, question: str) -> tuple[str, frozenset[str]]:
        # With a session, as Gradio's client: for each call without one Gradio makes a new one, which takes it 20 ms.
        asking = {"data": [question, None, None], "session_hash": self._session}
        reply = self._http.post("/gradio_api/run/ask", json=asking)
        answer = reply.raise_for_status().json()["data"][0]
        kept = ("question", "status", "answer", "short_answer", "value", "citations", "items", "considered", "warnings")
        said = json.dumps({key: answer[key] for key in kept}, ensure_ascii=False)
        return said, frozenset(citation["notice_id"] for citation in answer["citations"])

    def _browser(self, question: str) -> tuple[str, frozenset[str]]:
        html = _LINKS.sub("", self._queued(self._box, [question, None, "answer", []]))
        if 'class="answer' not in html:
            raise RuntimeError(f"no answer in the conversation: {html[:300]}")
        return html, frozenset(_CITED.findall(html))

    def _queued(self, function: int, data: list[Any]) -> str:
        """What the conversation shows afterwards. As the page's script does: join the queue, read to the last event."""
        joining = {"data": data, "fn_index": function, "session_hash": self._session}
        self._http.post("/gradio_api/queue/join", json=joining).raise_for_status()
        shown, reading = "", {"session_hash": self._session}
        with self._http.stream("GET", "/gradio_api/queue/data", params=reading) as events:
            for event in map(_event, events.raise_for_status().iter_lines()):
                shown = _shown(event, shown)
                if event.get("msg") == "process_completed":
                    break
        return shown


def _event(line: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line[5:]) if line.startswith("data:") else {}
    return found


def _shown(event: Mapping[str, Any], before: str) -> str:
    """The conversation's HTML after an event. Raises ``RuntimeError`` where the server says that it failed."""
    if event.get("success") is False:
        raise RuntimeError(f"the queue: {event.get('output')}")
    data = (event.get("output") or {}).get("data") or []
    return data[0] if data and isinstance(data[0], str) else before


# -- the measurement ---------------------------------------------------------------------------------------------------


def measure(askers: int, seconds: float, more: int, folder: Path) -> dict[str, Any]:
    """All figures; ``more``: notices that are taken in meanwhile, at least as many as the time lasts."""
    made = list(generate(askers + more, SEED))
    write(made[:askers], folder / "asked")
    write(made[askers:], folder / "further")
    data = folder / "data"
    _run(data, "ingest", str(folder / "asked" / "notices"))
    crowd = [asker(number, notice) for number, notice in enumerate(made[:askers])]
    with _served(data) as address, ThreadPoolExecutor(askers) as pool:
        pages = [Page(address) for _ in crowd]
        alone = [[page.ask(one.way, text) for text in one.questions] for page, one in zip(pages, crowd, strict=True)]
        with _ingesting(data, folder / "further" / "notices") as ingest:
            time.sleep(5)  # its start: nothing is written yet
            until = time.monotonic() + seconds
            together = list(pool.map(lambda *of: asking(*of, until=until), crowd, pages, alone))
            running = ingest.poll() is None
        for page in pages:
            page.close()
    outcomes = [outcome for one in together for outcome in one]
    taken = len(json.loads(_run(data, "list", "--json"))) - askers
    return figures(crowd, alone, outcomes) | {
        "notices_taken_in_meanwhile": taken,
        "ingest": {"ran_to_the_end": running, "met": running and taken > 0},
    }


def asker(number: int, notice: Generated) -> Asker:
    """Who asks about one notice."""
    county = notice.labels["meta"]["places"][0]["text"]
    problem = re.split("[，。,]", notice.labels["items"][0]["problem"])[0]
    texts = tuple(text.format(county=county, problem=problem) for text in QUESTIONS)
    return Asker("browser" if number % 2 else "program", Path(notice.name).stem, texts)


def asking(one: Asker, page: Page, alone: Sequence[Told], *, until: float) -> list[Outcome]:
    """Ask in turn until the time is over; what fails is an outcome too."""
    outcomes: list[Outcome] = []
    while time.monotonic() < until:
        turn = len(outcomes) % len(one.questions)
        start = time.perf_counter()
        try:
            told = page.ask(one.way, one.questions[turn])
        except (httpx.HTTPError, RuntimeError, KeyError, ValueError) as error:
            outcomes.append(Outcome(one.way, time.perf_counter() - start, error=f"{type(error).__name__}: {error}"))
        else:
            outcomes.append(Outcome(one.way, told.seconds, mixed=mixed_up(one, told, alone[turn])))
    return outcomes


def mixed_up(one: Asker, told: Told, alone: Told) -> str:
    """What in an answer is not its asker's; empty where all is."""
    if strange := told.cited - {one.notice}:
        return f"{one.notice} was shown {'、'.join(sorted(strange))}"
    if told.said != alone.said:
        return f"{one.notice} alone: {alone.said[:400]} — together: {told.said[:400]}"
    return ""


def figures(crowd: Sequence[Asker], alone: Sequence[Sequence[Told]], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The outcomes added up."""
    strange = [mixed_up(one, told, told) for one, many in zip(crowd, alone, strict=True) for told in many]
    errors, mixed = [found.error for found in outcomes if found.error], [one.mixed for one in outcomes if one.mixed]
    mixed += filter(None, strange)
    first = [told for many in alone for told in many]
    return {
        **machine(),
        "askers": len(crowd),
        "answers": len(outcomes),
        "of_different_questions": len(first),
        "of_these_with_proof": sum(bool(told.cited) for told in first),
        "alone_seconds": _times([told.seconds for told in first]),
        **{f"{way}_seconds": _times([o.seconds for o in outcomes if o.way == way]) for way in ("program", "browser")},
        "errors": {"n": len(errors), "first": errors[:3], "met": not errors},
        "mixed_up": {"n": len(mixed), "first": mixed[:3], "met": not mixed},
    }


def _times(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    at = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"median": round(median(ordered), 2), "p95": round(at, 2), "longest": round(ordered[-1], 2)}


# -- the program's processes -------------------------------------------------------------------------------------------


def _run(data: Path, *words: str) -> str:
    line = [*_COMMAND, "--data", str(data), *words]
    return subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """The page in a process of its own; its address."""
    line = [*_COMMAND, "--data", str(data), "chat", "--port", str(_free_port())]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            told = next((found[0] for text in server.stdout if (found := re.search(r"http://[\d.:]+", text))), None)
            if told is None:
                raise RuntimeError("the page did not start")
            yield told
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _ingesting(data: Path, source: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``zhenggai ingest`` at work; stopped afterwards where it has not ended."""
    line = [*_COMMAND, "--data", str(data), "ingest", str(source)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(line, cwd=ROOT, stdout=quiet, stderr=quiet) as ingest:
        try:
            yield ingest
        finally:
            ingest.terminate()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--askers", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--more", type=int, default=600, help="notices for the ingest beside it")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="zhenggai-bench-") as folder:
        found = measure(options.askers, options.seconds, options.more, Path(folder))
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if all(found[key]["met"] for key in ("errors", "mixed_up", "ingest")) else 1


if __name__ == "__main__":
    sys.exit(main())
