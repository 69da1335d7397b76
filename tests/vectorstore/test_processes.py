"""Several processes at one data folder, and a folder that cannot be written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import open_store
from tests.support import (
    NOTICE,
    ROOT,
    command_environment,
    contents,
    disagreements,
    notice_file,
    settings_for,
    zhenggai,
)

_HOLDER = """
import sys
from pathlib import Path
from vectorstore.lock import writer
with writer(Path(sys.argv[1]), "导入通报", wait=0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the folder for writing until a line is written to it."""
    line = [sys.executable, "-c", _HOLDER, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": command_environment()}
    with subprocess.Popen(line, **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


@pytest.fixture
def data(seed_folder: Path, tmp_path: Path) -> Path:
    """A copy of the folder with the five notices."""
    return Path(shutil.copytree(seed_folder, tmp_path / "data"))


def test_readers_answer_while_another_process_writes(data: Path) -> None:
    """Every reading command works while the lock is held, without waiting for it."""
    with held(data):
        start = time.monotonic()
        listed = zhenggai("--data", data, "list", "--json")
        found = zhenggai("--data", data, "search", "污水管网", "--json")
        took = time.monotonic() - start
    assert (listed.returncode, len(json.loads(listed.stdout))) == (0, 5)
    assert (found.returncode, len(json.loads(found.stdout))) == (0, 10)
    assert took < 30, "the lock is held for ever: whoever waits for it does not come back"


def test_a_reader_answers_in_the_middle_of_an_unfinished_write(data: Path) -> None:
    """While a writer is at work the folder is marked unfinished; a reader neither repairs it nor waits."""
    with open_store(settings_for(data)).writing("test"):
        start = time.monotonic()
        reader = open_store(settings_for(data))
        found, warnings = reader.search("污水管网", 3)
        assert (len(found), warnings) == (3, [])
        assert time.monotonic() - start < 5
        assert reader.catalogue.meta("dirty") == "1"


def test_a_second_writer_names_the_holder(data: Path) -> None:
    """With no time to wait, the second writer says which process holds the folder, since when, and for what."""
    with held(data) as holder:
        note = json.loads((data / "writer.json").read_text("utf-8"))
        refused = zhenggai("--data", data, "remove", "004_1eb820fdb94078f3", ZHENGGAI_LOCK_WAIT="0")
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        1,
        "",
        f"错误：数据文件夹 {data} 正由进程 {holder.pid}（导入通报，{note['since']} 起）写入：请等它结束后再试\n",
    )


def test_a_second_writer_waits_and_says_for_whom(data: Path, tmp_path: Path) -> None:
    """Given time, the second writer tells whom it waits for and goes on as soon as the first is done."""
    with held(data) as holder:
        line = [sys.executable, "-m", "bot.cli", "--data", data, "ingest", notice_file(tmp_path / "in")]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": command_environment()}
        with subprocess.Popen(line, **pipes) as second:  # type: ignore[call-overload]
            said = second.stderr.readline()
            holder.stdin.write("\n")
            holder.stdin.flush()
            out, _ = second.communicate(timeout=60)
    assert f"数据文件夹正由进程 {holder.pid}（导入通报，" in said
    assert (second.returncode, out) == (0, "新增  通报.txt\n共 1 个文件：新增 1\n")


def test_the_lock_goes_with_its_process(data: Path) -> None:
    """A writer that was killed does not keep the next one out, whatever its note says."""
    with held(data) as holder:
        holder.kill()
        holder.wait()
        removed = zhenggai("--data", data, "remove", "004_1eb820fdb94078f3", ZHENGGAI_LOCK_WAIT="0")
    assert (removed.returncode, removed.stdout) == (0, "已删除 004_1eb820fdb94078f3\n")


# -- folders that cannot be written: mounted so, since permissions do not stop root ------------------------------------


def mounted(script: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """A shell script in a mount namespace of its own; ``$zhenggai`` is the command."""
    line = ["unshare", "--mount", "--map-root-user", "sh", "-euc", script, "sh", *map(str, args)]
    environment = command_environment(zhenggai=f"{sys.executable} -m bot.cli")
    return subprocess.run(line, capture_output=True, text=True, env=environment, timeout=240, check=False)


@pytest.fixture
def _namespaces() -> None:
    if mounted("true").returncode:
        pytest.skip("this machine lets no user make mount namespaces")


_READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; shift; '


@pytest.mark.usefixtures("_namespaces")
def test_a_read_only_folder_can_be_read(data: Path) -> None:
    """Listing and searching work on a folder that nobody can write."""
    done = mounted(_READ_ONLY + '$zhenggai --data "$1" list; $zhenggai --data "$1" search 污水管网 --json', data, data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "共 5 份通报\n" in done.stdout
    assert len(json.loads(done.stdout.partition("共 5 份通报\n")[2])) == 10


@pytest.mark.usefixtures("_namespaces")
@pytest.mark.parametrize("command", ["ingest seeds", "remove 004_1eb820fdb94078f3", "reindex"])
def test_a_read_only_folder_refuses_writers(data: Path, command: str) -> None:
    """Every writing command says that the folder cannot be written, and exits 1."""
    done = mounted(f'{_READ_ONLY} $zhenggai --data "$1" {command}', data, data)
    message = f"错误：无法打开或写入数据文件夹 {data}：请检查是否存在以及读写权限\n"
    other = f"错误：数据文件夹 {data} 不可写（只读）：请检查权限，或用 --data 指定别的文件夹\n"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr in (message, other)


@pytest.mark.usefixtures("_namespaces")
@pytest.mark.parametrize("kilobytes", [16, 300, 700])
def test_a_full_disk_leaves_the_store_intact(tmp_path: Path, kilobytes: int) -> None:
    """On a disk that fills up meanwhile: a clear message, exit 1, and what was there before is still there."""
    small = notice_file(tmp_path / "in", "小.txt")
    paragraphs = "".join(f"{n}.关于第{n}条河道清淤不及时的问题。整改情况：已清淤{n}立方米。\n" for n in range(20000))
    big = notice_file(
        tmp_path / "in", "大.txt", text=NOTICE.replace("明江县", "大江县").replace("一、", paragraphs + "一、")
    )
    disk = tmp_path / "disk"
    disk.mkdir()
    done = mounted(
        'disk=$1; mount -t tmpfs -o size=2M tmpfs "$disk"; $zhenggai --data "$disk/data" ingest "$2" --embedding none; '
        'free=$(df --output=avail -k "$disk" | tail -1); '
        'head -c "$(( (free - $4) * 1024 ))" /dev/zero > "$disk/filler"; '
        'code=0; $zhenggai --data "$disk/data" ingest "$3" >&2 || code=$?; '
        'rm "$disk/filler"; cp -r "$disk/data" "$5"; exit $code',
        disk,
        small,
        big,
        str(kilobytes),
        tmp_path / "kept",
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert f"磁盘已满或无法写入：{disk}/data。请腾出空间后重试，已保存的内容不受影响" in done.stderr
    store = open_store(settings_for(tmp_path / "kept"))
    assert (list(contents(store)), disagreements(store)) == (["小"], [])


_FILL_WHILE_VECTORS_ARE_PENDING = """
import shutil, sys
from pathlib import Path
from bot.errors import EngineError, StoreFull
from tests.support import FakeEmbedder, disagreements, fake_engines, filled, settings_for

settings, spare = settings_for(Path(sys.argv[1]) / "data", "fake"), int(sys.argv[2])
embed = FakeEmbedder.embed_passages

def broken(*_):
    raise EngineError("not yet")

with fake_engines():
    filled(settings, Path("seeds/003_f055237780667b41.txt")).close()
    FakeEmbedder.embed_passages = broken
    try:
        filled(settings)
    except EngineError:
        FakeEmbedder.embed_passages = embed
    filler = settings.data.parent / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(settings.data).free - spare * 1024))
    try:
        filled(settings)
    except StoreFull as error:
        print(error)
    filler.unlink()
    store = filled(settings)
    print(store.catalogue.counts().vectors == store.catalogue.counts().chunks, disagreements(store))
"""


@pytest.mark.usefixtures("_namespaces")
@pytest.mark.parametrize("kilobytes", [24, 100])
def test_a_disk_full_of_vectors(tmp_path: Path, kilobytes: int) -> None:
    """Where the disk fills up while vectors go in, the message says so, and with space again the rest follows."""
    script = 'cd "$4"; mount -t tmpfs -o size=12M tmpfs "$1"; "$2" -c "$3" "$1" "$5"'
    done = mounted(script, tmp_path, sys.executable, _FILL_WHILE_VECTORS_ARE_PENDING, ROOT, str(kilobytes))
    said, after = done.stdout.splitlines()
    assert said.startswith("磁盘已满")
    assert (after, done.stderr) == ("True []", "")
