"""The composition root's small decisions: ids, identities, which files are taken."""

from __future__ import annotations

import doctest
import importlib
import os
from pathlib import Path

import pytest

from bot.app import Incoming, find_files, identity, read_file, read_notice, slug
from bot.errors import EmptyInput, TooLarge, Unreadable, UsageError
from tests.support import NOTICE, ROOT, notice_file, settings_for


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("整改 通报(一).docx", "整改-通报-一"),
        ("000_c20c.txt", "000_c20c"),
        ("关于“河道”.整改.txt", "关于-河道-整改"),
        ("../..//a.txt", "a"),
        ("….txt", "notice"),
        ("<script>alert(1)</script>.html", "script"),
        ("长" * 300 + ".txt", "长" * 80),
        (".txt", "txt"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    """An id keeps letters, digits and Chinese characters of the file name, and is safe as a file name itself."""
    assert slug(name) == expected


def notice_of(text: str, name: str = "通报.txt"):  # type: ignore[no-untyped-def]
    return read_notice(Incoming(name, text.encode()), settings_for(Path("data"))).notice


def test_identity_is_title_issuer_and_date() -> None:
    """Where the notice prints title, issuer and date, neither file name nor white space matters."""
    plain = identity(notice_of(NOTICE))
    assert plain == "中共明江县委关于市委巡察整改进展情况的通报|中共明江县委|2021-10-20"
    assert identity(notice_of(NOTICE.replace("10月20日", "10月21日"))) != plain
    assert identity(notice_of(NOTICE.replace("整改进展情况", "整改 进展情况"), "别名.txt")) == plain


def test_identity_falls_back_to_the_file_name() -> None:
    """Without issuer and date the file name decides."""
    first, second = notice_of("河道清淤已完成。", "甲.txt"), notice_of("河道清淤未完成。", "甲.txt")
    assert identity(first) == identity(second)
    assert identity(notice_of("河道清淤已完成。", "乙.txt")) != identity(first)
    titled = notice_of("明江县关于整改进展情况的公告\n\n河道清淤已完成。", "甲.txt")
    assert identity(titled) == identity(first) == "file:甲.txt"


def test_find_files(tmp_path: Path) -> None:
    """Folders are searched in order, hidden and lock files passed over, each file taken once; ``-`` is stdin."""
    for name in ["b/2.txt", "b/1.txt", "a/3.txt", ".git/4.txt", "b/.5.txt", "b/~$6.docx"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find_files([str(tmp_path / "b" / "2.txt"), "-", str(tmp_path)])
    names = [str(path.relative_to(tmp_path)) if path else "-" for path in found]
    assert names == ["b/2.txt", "-", "a/3.txt", "b/1.txt"]


def test_a_missing_path_is_wrong_usage(tmp_path: Path) -> None:
    """The message names the path."""
    with pytest.raises(UsageError) as caught:
        find_files([str(tmp_path / "没有")])
    assert str(caught.value) == f"没有这个文件或文件夹：{tmp_path / '没有'}"


def test_a_pipe_in_a_folder_does_not_hang(tmp_path: Path) -> None:
    """What is no regular file is not read: reading a pipe would wait for ever."""
    os.mkfifo(tmp_path / "管道")
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "管道", settings_for(tmp_path))
    assert str(caught.value) == "不是普通文件（管道或设备），未读取"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    """The limit is checked before the bytes are read."""
    (tmp_path / "大.txt").write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(TooLarge) as caught:
        read_file(tmp_path / "大.txt", settings_for(tmp_path, max_file_mb=1))
    assert str(caught.value) == "文件超过 1 MB 的上限：请拆分，或调高设置 max_file_mb"


def test_a_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    """A file that was deleted after the folder was searched fails with its reason."""
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "没有.txt", settings_for(tmp_path))
    assert str(caught.value) == "无法读取文件（不存在）：请检查它是否存在、是否有读取权限"


def test_white_space_is_no_notice() -> None:
    """A file of blanks fails as empty."""
    with pytest.raises(EmptyInput):
        notice_of(" \n\u3000\n")


def test_notice_file_replaces_words(tmp_path: Path) -> None:
    """The tests' own helper changes what it is told to change."""
    assert "45吨" in notice_file(tmp_path, **{"30吨": "45吨"}).read_text("utf-8")


_WITH_EXAMPLES = [
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for package in ("bot", "vectorstore")
    for file in sorted((ROOT / package).rglob("*.py"))
    if ">>>" in file.read_text("utf-8")
]


@pytest.mark.parametrize("name", _WITH_EXAMPLES)
def test_examples_in_docstrings(name: str) -> None:
    """What a docstring shows is what happens."""
    result = doctest.testmod(importlib.import_module(name))
    assert (result.failed, result.attempted > 0) == (0, True)
