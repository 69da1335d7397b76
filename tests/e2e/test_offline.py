"""Without a network, and without trying for one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import default_cache
from tests.support import SEEDS, command_environment

QUESTION = "临湘市污水管网已经建了多少公里"


def command(*args: str | Path) -> list[str]:
    """The command line of ``zhenggai``."""
    return [sys.executable, "-m", "bot.cli", *map(str, args)]


def run(line: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end."""
    return subprocess.run(
        line, capture_output=True, text=True, env=command_environment(**environment), timeout=280, check=False
    )


def cut_off(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a network namespace of its own, where there is nothing but loopback."""
    return run(["unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh", *command(*args)])


@pytest.fixture
def _namespaces() -> None:
    if run(["unshare", "-rn", "true"]).returncode:
        pytest.skip("this machine lets no user make network namespaces")


@pytest.mark.model
@pytest.mark.usefixtures("_namespaces")
def test_ingest_and_ask_without_a_network(tmp_path: Path) -> None:
    """With no network at all the default mode takes notices in, vectors included, and answers with its proof."""
    data = tmp_path / "data"
    ingested = cut_off("--data", data, "ingest", *SEEDS.glob("000*"), *SEEDS.glob("003*"), "--json")
    assert (ingested.returncode, [f["result"] for f in json.loads(ingested.stdout)["files"]]) == (0, ["added"] * 2)
    answer = json.loads(cut_off("--data", data, "ask", QUESTION, "--json").stdout)
    assert (answer["short_answer"], answer["warnings"]) == ("25公里", [])
    healthy = cut_off("--data", data, "doctor", "--json")
    assert (healthy.returncode, healthy.stderr) == (0, "")


@pytest.mark.model
def test_no_connection_is_tried(tmp_path: Path) -> None:
    """Not one system call of ingest or ask in the default mode goes to another machine, a name server included."""
    assert shutil.which("strace"), "install strace: .ci/run does"
    for args in (("ingest", *SEEDS.glob("003*")), ("ask", "永州市交办信访件多少件")):
        log = tmp_path / "calls"
        trace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log)]
        done = run([*trace, *command("--data", tmp_path / "data", *args)])
        assert done.returncode == 0, done.stderr
        assert re.findall(r".*AF_INET.*", log.read_text("utf-8")) == []


def test_telemetry_is_off_before_anything_is_imported() -> None:
    """Chroma and LangChain see their telemetry switched off."""
    code = (
        "from vectorstore.quiet import quiet; quiet(); import os;"
        "print(os.environ['ANONYMIZED_TELEMETRY'], os.environ['LANGSMITH_TRACING'])"
    )
    assert run([sys.executable, "-c", code]).stdout == "False false\n"


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The prepared model lies in the user's cache folder, not in the data folder or the program."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "zhenggai"
