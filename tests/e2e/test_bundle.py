"""The bundle for offices without a network: what must be in it, and an installation cut off from everything."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts.bundle import LOCK, Pin, exchange, glibc, missing, pins
from tests.support import ROOT

BUNDLE = ROOT / "dist" / "bundle"
FILES = ROOT / "scripts" / "bundle_files"
QUESTION = "临湘市污水管网已经建了多少公里"


def wheels(*, without: str = "") -> list[str]:
    """A wheel's file name for each pin of the lock, names and versions written as builders write them."""
    named = [f"{name.replace('-', '_')}-{version}-py3-none-any.whl" for name, version in pins(lock())]
    return [name for name in [*named, "zhenggai-0.1.0-py3-none-any.whl"] if not without or not name.startswith(without)]


def lock() -> str:
    """The lock's text."""
    return (ROOT / LOCK).read_text("utf-8")


def test_every_line_of_the_lock_is_an_exact_version() -> None:
    """Nothing in the lock escapes the list that the bundle is held against."""
    lines = [line for line in lock().splitlines() if line and not line.startswith("#")]
    assert len(pins(lock())) == len(lines)


def test_the_lock_holds_what_the_program_declares() -> None:
    """Each dependency of pyproject.toml is pinned, so that an installation with --no-deps is whole."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", line)[0]).lower() for line in declared}
    assert names - {name for name, _ in pins(lock())} == set()


def test_every_file_beside_the_code_travels_in_the_wheel() -> None:
    """Tables, prompts, styles, the database's schema: what the program reads from its own folders is package data."""
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    left = {
        str(file.relative_to(ROOT))
        for package in ("bot", "evals", "prompts", "vectorstore")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and not file.is_relative_to(ROOT / "evals" / "runs")
    }
    for package, patterns in packed.items():
        for pattern in patterns:
            left -= {str(file.relative_to(ROOT)) for file in (ROOT / package).glob(pattern)}
    assert left == set()


def test_a_missing_wheel_is_named() -> None:
    """Whatever lacks, the program itself included, is named with its version; a complete set lacks nothing."""
    assert missing(pins(lock()), wheels()) == []
    version = dict(pins(lock()))["chromadb"]
    assert missing(pins(lock()), wheels(without="chromadb")) == [f"chromadb=={version}"]
    assert missing(pins(lock()), wheels(without="zhenggai")) == ["zhenggai"]


def test_a_wheel_of_another_version_is_no_substitute() -> None:
    """The version counts; a local part (+cpu), capitals and dots in names do not."""
    assert missing([("torch", "2.13.0")], ["torch-2.12.0-cp311-cp311-linux_x86_64.whl", *wheels(without="torch")]) == [
        "torch==2.13.0"
    ]
    names = [
        "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl",
        "Zope.Event-1.0-py3-none-any.whl",
        "zhenggai-1.whl",
    ]
    assert missing([("torch", "2.13.0"), ("zope-event", "1.0")], names) == []


def test_the_oldest_system_is_read_from_the_wheels() -> None:
    """The newest glibc that any wheel needs; of several tags of one wheel the oldest counts."""
    both = "aiohttp-3.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"
    assert glibc([both, "x-1-py3-none-any.whl"]) == "2.17"
    assert glibc([both, "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl"]) == "2.28"


def test_wheels_for_new_systems_are_changed_for_older_ones(tmp_path: Path) -> None:
    """What needs more than glibc 2.28 is fetched for it; a wheel that exists for nothing older stays."""
    for name in ("bcrypt-5.0-cp39-abi3-manylinux_2_34_x86_64.whl", "new-1-cp311-cp311-manylinux_2_35_x86_64.whl",
                 "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl", "plain-1-py3-none-any.whl"):  # fmt: skip
        (tmp_path / name).touch()
    asked: list[Pin] = []

    def fetch(pin: Pin, wheels: Path) -> bool:
        asked.append(pin)
        if pin[0] == "bcrypt":
            (wheels / "bcrypt-5.0-cp39-abi3-manylinux_2_28_x86_64.whl").touch()
        return pin[0] == "bcrypt"

    exchange(tmp_path, fetch)
    assert sorted(asked) == [("bcrypt", "5.0"), ("new", "1")]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bcrypt-5.0-cp39-abi3-manylinux_2_28_x86_64.whl",
        "new-1-cp311-cp311-manylinux_2_35_x86_64.whl",
        "plain-1-py3-none-any.whl",
        "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl",
    ]


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A bundle's folder for this machine without any wheel, its checksums right."""
    folder = tmp_path / "bundle"
    shutil.copytree(FILES, folder)
    machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "platform").write_text(f"python=3.11\nmachine={machine}\nglibc=2.17\n", "utf-8")
    summed(folder)
    return folder


def summed(folder: Path) -> None:
    """Write the folder's checksums."""
    done = subprocess.run(["sha256sum", "install.sh", "platform"], cwd=folder, capture_output=True, check=True)
    (folder / "SHA256SUMS").write_bytes(done.stdout)


def install(
    folder: Path, target: Path, *, before: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """``sh install.sh`` with an environment of its own."""
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(target.parent), "LANG": "C.UTF-8"} | environment
    line = [*before, "sh", str(folder / "install.sh"), str(target)]
    return subprocess.run(line, capture_output=True, text=True, env=clean, timeout=900, check=False)


def test_a_damaged_copy_is_refused(carried: Path, tmp_path: Path) -> None:
    """A file that changed on its way is named, and nothing is installed."""
    (carried / "platform").write_text("python=3.11\n", "utf-8")
    done = install(carried, tmp_path / "to")
    assert done.returncode == 1
    assert "platform: FAILED" in done.stderr
    assert "安装中止：上面列出的文件不完整，请重新拷贝整个文件夹" in done.stderr
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("machine=sparc", "安装包适用于 sparc 处理器"),
        ("glibc=2.99", "glibc）应不低于 2.99"),
        ("python=3.99", "没有找到 python3.99：请先安装 Python 3.99"),
    ],
)
def test_another_kind_of_machine_is_refused(carried: Path, tmp_path: Path, line: str, message: str) -> None:
    """Processor, C library or Python that the wheels are not for: said before anything is installed."""
    platform = (carried / "platform").read_text("utf-8")
    (carried / "platform").write_text(re.sub(rf"{line.split('=')[0]}=.*", line, platform), "utf-8")
    summed(carried)
    done = install(carried, tmp_path / "to")
    assert (done.returncode, (tmp_path / "to").exists()) == (1, False)
    assert message in done.stderr


@pytest.mark.bundle
@pytest.mark.timeout(1500)
def test_the_bundle_installs_and_answers_without_a_network(tmp_path: Path) -> None:
    """In a namespace with nothing but loopback: installed, the five notices taken in, a question answered, healthy."""
    assert BUNDLE.is_dir(), "make bundle first"
    alone = ("unshare", "-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh")
    target = tmp_path / "整改通 程序"
    done = install(BUNDLE, target, before=alone)
    assert done.returncode == 0, done.stderr
    assert (target / "cache" / "bundled" / "encoder.onnx").exists()

    def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
        line = [*alone, str(target / "zhenggai"), *map(str, args)]
        home = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        return subprocess.run(line, capture_output=True, text=True, env=home, cwd=tmp_path, timeout=600, check=False)

    taken = run("ingest", BUNDLE / "seeds", "--json")
    assert [file["result"] for file in json.loads(taken.stdout)["files"]].count("added") == 5, taken.stderr
    answer = json.loads(run("ask", QUESTION, "--json").stdout)
    assert (answer["short_answer"], answer["warnings"]) == ("25公里", [])
    health = run("doctor", "--json")
    assert (health.returncode, health.stderr) == (0, ""), health.stdout
    assert (target / "data").is_dir()
