"""The commands over the library of notices, run as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.cli.edge import run
from bot.cli.main import cli
from bot.notices.extract import extract
from bot.notices.load import Loaded
from bot.records import Extraction
from tests.support import NOTICE, SEEDS, notice_file, run_here

LINXIANG = "000_c20c0a165cf05326"


def printed(*args: str | Path, **more: str) -> Any:
    """The one JSON document on stdout of a command that succeeds silently."""
    done = run_here(*args, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def schema(name: str) -> Any:
    """What ``zhenggai schema`` prints."""
    return printed("schema", name)


@pytest.fixture
def data(seed_folder: Path, tmp_path: Path) -> Path:
    """A copy of the folder with the five notices."""
    return Path(shutil.copytree(seed_folder, tmp_path / "data"))


def test_ingest_twice(tmp_path: Path) -> None:
    """The seeds go in; a second run reports five unchanged."""
    first = run_here("--data", tmp_path, "ingest", SEEDS, "--embedding", "none")
    names = sorted(path.name for path in SEEDS.glob("*.txt"))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "".join(f"新增  {name}\n" for name in names) + "共 5 个文件：新增 5\n"
    second = run_here("--data", tmp_path, "ingest", SEEDS)
    assert second.stdout == "".join(f"未变  {name}\n" for name in names) + "共 5 个文件：未变 5\n"


def test_ingest_json(tmp_path: Path) -> None:
    """``--json`` prints one document with file, id, result and reason of each file."""
    file = notice_file(tmp_path / "in")
    report = printed("--data", tmp_path / "data", "ingest", file, "--embedding", "none", "--json")
    assert report == {"files": [{"file": "通报.txt", "notice_id": "通报", "result": "added", "reason": ""}]}


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    """Empty file, binary file and broken link fail by name, the notice beside them goes in, exit 1."""
    folder = notice_file(tmp_path / "in" / "子文件夹").parent.parent
    (folder / "空.txt").write_bytes(b"")
    (folder / "程序.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "断.txt").symlink_to("没有")
    (folder / ".隐藏.txt").write_text("不读", "utf-8")
    done = run_here("--data", tmp_path / "data", "ingest", folder, "--embedding", "none", "--json")
    files = {entry["file"]: (entry["result"], bool(entry["reason"])) for entry in json.loads(done.stdout)["files"]}
    assert (done.returncode, files) == (
        1,
        {
            "通报.txt": ("added", False),
            "空.txt": ("failed", True),
            "程序.txt": ("failed", True),
            "断.txt": ("failed", True),
        },
    )


def test_ingest_from_standard_input(tmp_path: Path) -> None:
    """``-`` reads one notice from standard input."""
    done = run_here("--data", tmp_path, "ingest", "-", "--embedding", "none", stdin=NOTICE)
    assert (done.returncode, done.stdout) == (0, "新增  stdin.txt\n共 1 个文件：新增 1\n")
    assert run_here("--data", tmp_path, "show", "stdin", "--text").stdout == NOTICE.strip()


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    """Nothing is made and nothing ingested when a path is mistyped."""
    done = run_here("--data", tmp_path / "data", "ingest", SEEDS, "/没有/这里")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "错误：没有这个文件或文件夹：/没有/这里\n")
    assert not (tmp_path / "data").exists()


def test_list_json_is_notices_without_text_and_lists(data: Path) -> None:
    """Each entry has the keys of a notice but text and lists, and the three counts."""
    entries = printed("--data", data, "list", "--json")
    left_out = {"text", "places", "places_derived", "declared_counts", "unassigned"}
    keys = set(schema("notice")["properties"]) - left_out | {"items", "chunks", "vectors"}
    assert [entry["id"] for entry in entries] == sorted(path.stem for path in SEEDS.glob("*.txt"))
    assert [set(entry) for entry in entries] == [keys] * 5
    assert [entry["vectors"] for entry in entries] == [0] * 5
    assert all(entry["items"] > 0 and entry["chunks"] > 0 for entry in entries)


def test_list_for_reading(tmp_path: Path) -> None:
    """A list on the terminal shows id, title and counts."""
    run_here("--data", tmp_path / "data", "ingest", notice_file(tmp_path / "in"), "--embedding", "none")
    done = run_here("--data", tmp_path / "data", "list")
    assert done.stdout == (
        "通报\n    中共明江县委关于市委巡察整改进展情况的通报\n    问题 2 项，文本 4 段，向量 0 段\n共 1 份通报\n"
    )


@pytest.mark.parametrize("notice_id", sorted(path.stem for path in SEEDS.glob("*.txt")))
def test_show_json_is_an_extraction_document(data: Path, notice_id: str) -> None:
    """It satisfies ``schema extraction``, its parts satisfy theirs, and every span in it holds its text."""
    document = printed("--data", data, "show", notice_id, "--json")
    jsonschema.validate(document, schema("extraction"), jsonschema.Draft202012Validator)
    jsonschema.validate(document["notice"], schema("notice"), jsonschema.Draft202012Validator)
    for item in document["items"]:
        jsonschema.validate(item, schema("item"), jsonschema.Draft202012Validator)
    text = run_here("--data", data, "show", notice_id, "--text").stdout
    assert text == document["notice"]["text"]
    grounded = list(values_with_span(document))
    assert len(grounded) > 20
    assert [(g["text"], text[slice(*g["span"])]) for g in grounded] == [(g["text"], g["text"]) for g in grounded]


def values_with_span(node: Any) -> Any:
    """Every object of a JSON document that has both text and span."""
    if isinstance(node, dict):
        if {"text", "span"} <= node.keys():
            yield node
        for part in node.values():
            yield from values_with_span(part)
    elif isinstance(node, list):
        for part in node:
            yield from values_with_span(part)


def test_show_for_reading(tmp_path: Path) -> None:
    """The head of the notice and its items with their status, as an official reads them."""
    run_here("--data", tmp_path / "data", "ingest", notice_file(tmp_path / "in"), "--embedding", "none")
    done = run_here("--data", tmp_path / "data", "show", "通报")
    assert "标题：中共明江县委关于市委巡察整改进展情况的通报\n" in done.stdout
    assert "\n一/1  〔已完成〕河道垃圾清理不及时\n    - 一是清理河道垃圾30吨，投入资金12万元；\n" in done.stdout


def test_remove_then_gone(data: Path) -> None:
    """A removed notice is neither listed, shown nor found."""
    assert run_here("--data", data, "remove", LINXIANG).stdout == f"已删除 {LINXIANG}\n"
    assert LINXIANG not in run_here("--data", data, "list").stdout
    message = f"错误：没有编号为 {LINXIANG} 的通报：用 zhenggai list 查看全部编号\n"
    for command in ("show", "remove"):
        done = run_here("--data", data, command, LINXIANG)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    hits = printed("--data", data, "search", "临湘污水管网", "--json")
    assert LINXIANG not in {hit["notice_id"] for hit in hits}


def test_reindex(data: Path) -> None:
    """Reindexing says how many notices were read again."""
    done = run_here("--data", data, "reindex")
    assert (done.returncode, done.stdout) == (0, "已重建 5 份通报的索引\n")


def test_doctor_json(data: Path) -> None:
    """Each finding has check, ok, message and fix; a healthy store with ``none`` passes."""
    findings = printed("--data", data, "doctor", "--json", ZHENGGAI_EMBEDDING="none")
    assert {frozenset(finding) for finding in findings} == {frozenset({"check", "ok", "message", "fix"})}
    assert {finding["ok"] for finding in findings} == {True}


def test_doctor_without_a_store(tmp_path: Path) -> None:
    """Where there is no store the doctor says so, with the next step, and exits 1."""
    done = run_here("--data", tmp_path / "data", "doctor", ZHENGGAI_EMBEDDING="none")
    assert done.returncode == 1
    assert done.stdout.endswith(
        f"异常  数据文件夹：{tmp_path / 'data'} 中没有数据\n      → 运行 zhenggai ingest 导入通报\n"
    )


def test_a_bug_in_reading_one_file_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The file that the rules fail on is named with a reason, the other goes in, exit 1; --debug shows where."""
    folder = notice_file(tmp_path / "in").parent
    (folder / "坏.txt").write_text("坏的通报", "utf-8")

    def failing(loaded: Loaded, **rest: Any) -> Extraction:
        if "坏的通报" in loaded.text:
            raise ZeroDivisionError("规则有误")
        return extract(loaded, **rest)

    monkeypatch.setattr("bot.notices.extract.extract", failing)
    code = run(cli, ["--debug", "--data", str(tmp_path / "data"), "ingest", str(folder), "--embedding", "none"])
    out, err = capfd.readouterr()
    assert (code, out.splitlines()[-1]) == (1, "共 2 个文件：新增 1，失败 1")
    assert "失败  坏.txt：解析这份文件时程序出错（ZeroDivisionError），其他文件不受影响。" in out
    assert "ZeroDivisionError: 规则有误" in err
