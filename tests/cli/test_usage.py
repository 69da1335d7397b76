"""Wrong calls: one Chinese line that says what is wrong, what is allowed and where the help is; exit 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli.edge import run
from bot.cli.main import cli
from tests.support import command_environment, run_here, zhenggai


def call(*args: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    done = run_here(*args)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["frobnicate"], "没有这个命令：frobnicate。用 zhenggai --help 查看用法"),
        (["--nope", "list"], "没有这个参数：--nope。用 zhenggai --help 查看用法"),
        (["--data"], "参数 --data 后面缺少值。用 zhenggai --help 查看用法"),
        (["--debug"], "缺少命令。用 zhenggai --help 查看用法"),
        (["list", "--foo"], "没有这个参数：--foo。用 zhenggai list --help 查看用法"),
        (["list", "a", "b"], "多余的参数：a b。用 zhenggai list --help 查看用法"),
        (["show"], "缺少参数：编号。用 zhenggai show --help 查看用法"),
        (["ingest"], "缺少参数：文件或文件夹…。用 zhenggai ingest --help 查看用法"),
        (["search", "x", "-k", "0"], "参数的值不对：-k（应为 1 到 200 的整数）。用 zhenggai search --help 查看用法"),
        (["search", "x", "-k", "甲"], "参数的值不对：-k（应为 1 到 200 的整数）。用 zhenggai search --help 查看用法"),
        (
            ["schema", "foo"],
            "参数的值不对：名称（可用：notice、item、extraction、answer、summary、briefing）。"
            "用 zhenggai schema --help 查看用法",
        ),
        (["search"], "请给出一个问题，或用 --batch 指定文件（二者选一）"),
        (["ask", "x", "--batch", "y"], "请给出一个问题，或用 --batch 指定文件（二者选一）"),
    ],
)
def test_wrong_usage(args: list[str], message: str) -> None:
    """The whole message, on stderr, with exit code 2 and nothing on stdout."""
    code, out, err = call(*args)
    assert (code, out, err.splitlines()[-1]) == (2, "", f"错误：{message}")


@pytest.mark.parametrize("command", ["list", "show x", "remove x", "reindex", "search x", "ask x"])
def test_no_store_names_the_folder(tmp_path: Path, command: str) -> None:
    """Every command that needs a store says where it looked, and makes no folder."""
    code, out, err = call("--data", str(tmp_path / "data"), *command.split())
    assert (code, out, err) == (
        2,
        "",
        f"错误：在 {tmp_path / 'data'} 没有找到数据：请先运行 zhenggai ingest 导入通报，或用 --data 指定数据文件夹\n",
    )
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_names_all_its_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that a setting cannot have: which setting, why, and where it may come from."""
    monkeypatch.setenv("ZHENGGAI_MAX_FILE_MB", "0")
    assert call("--data", str(tmp_path), "list") == (
        2,
        "",
        "错误：设置 max_file_mb 无效（不能小于 1）：请检查 zhenggai.toml、环境变量 ZHENGGAI_MAX_FILE_MB 或命令参数\n",
    )


def test_settings_rise_from_file_to_environment_to_flag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TOML file, then environment, then flag decides where the data is looked for."""
    monkeypatch.chdir(tmp_path)

    def looked_in(*args: str) -> str:
        return call(*args, "list")[2].removeprefix("错误：在 ").partition(" ")[0]

    assert looked_in() == str(tmp_path / "data")
    (tmp_path / "zhenggai.toml").write_text('data = "file"', "utf-8")
    assert looked_in() == str(tmp_path / "file")
    monkeypatch.setenv("ZHENGGAI_DATA", "environment")
    assert looked_in() == str(tmp_path / "environment")
    assert looked_in("--data", "flag") == str(tmp_path / "flag")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            'colour = "red"',
            "设置 colour 无效（没有这个设置）：请检查 zhenggai.toml、环境变量 ZHENGGAI_COLOUR 或命令参数",
        ),
        ("data = ", "设置文件 zhenggai.toml 无法读取"),
    ],
)
def test_a_bad_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, message: str) -> None:
    """Unknown keys and bad TOML are wrong usage, not silence."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zhenggai.toml").write_text(toml, "utf-8")
    code, _, err = call("list")
    assert (code, err.startswith(f"错误：{message}")) == (2, True), err


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    """``--debug`` adds where the error came from; without it there is one line."""
    plain = zhenggai("--data", tmp_path, "list")
    debug = zhenggai("--debug", "--data", tmp_path, "list")
    assert plain.stderr.count("\n") == 1
    assert debug.stderr.startswith("Traceback (most recent call last):\n")
    assert debug.stderr.endswith(plain.stderr)
    assert (plain.returncode, debug.returncode) == (2, 2)


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no expected failure is not dressed up as one."""

    @click.command()
    def broken() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setitem(cli.commands, "broken", broken)
    with pytest.raises(ZeroDivisionError):
        run(cli, ["broken"])


def test_help_is_chinese() -> None:
    """No English word of click's is left on the help page of any command."""
    for name in ["", *cli.commands]:
        _, page, _ = call(*([name] if name else []), "--help")
        assert page.startswith("用法：zhenggai"), page
        for english in ("Usage", "Options", "Commands", "Show", "default", "INTEGER", "TEXT", "PATH", "COMMAND"):
            assert english not in page.replace("[OPTIONS]", "OPTIONS"), (name, english)


def test_version() -> None:
    """``--version`` prints name and version."""
    result: Result = CliRunner().invoke(cli, ["--version"])
    assert result.output == "zhenggai 0.1.0\n"


def test_a_closed_pipe_is_no_failure(seed_folder: Path) -> None:
    """``zhenggai show ID --text | head -1`` ends quietly."""
    command = f'"{sys.executable}" -m bot.cli --data "{seed_folder}" show 001_bed7040c2e734348 --text | head -c 10'
    done = subprocess.run(command, shell=True, capture_output=True, env=command_environment(), check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
