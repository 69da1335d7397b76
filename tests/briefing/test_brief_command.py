"""``zhenggai brief`` and ``zhenggai items`` as a user calls them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from docx import Document
from openpyxl import load_workbook

from bot.cli.edge import run
from bot.cli.main import cli
from bot.schemas import json_schema

NOTICE = "003_f055237780667b41"


def call(folder: Path, *args: str) -> int:
    return run(cli, ["--data", str(folder), *args])


def test_brief_prints_json(seed_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One document on stdout, valid against the schema, with the title that was asked for."""
    assert call(seed_folder, "brief", "--notice", NOTICE, "--title", "测试", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json_schema("briefing"))
    assert (found["title"], len(found["items"])) == ("测试", 4)


def test_brief_is_markdown_without_more(seed_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The default is a 简报 in Markdown, named after the place."""
    assert call(seed_folder, "brief", "--notice", NOTICE) == 0
    assert capsys.readouterr().out.startswith("# 永州市问题整改情况简报\n\n## 一、总体情况\n")


def test_brief_takes_the_format_from_the_file(
    seed_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that ends in .docx makes a Word document; the message goes to stderr."""
    file = tmp_path / "简报.docx"
    assert call(seed_folder, "brief", "--notice", NOTICE, "--style", "报告", "-o", str(file)) == 0
    assert capsys.readouterr() == ("", f"已写入 {file}\n")
    assert Document(str(file)).paragraphs[0].text == "关于永州市问题整改情况的报告"


def test_items_print_json(seed_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese status labels, keys of the ledger."""
    assert call(seed_folder, "items", "--notice", NOTICE, "--status", "推进中", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["label"] for row in found] == ["三/1", "三/1~2", "三/1~3", "三/1~4"]
    assert list(found[0])[:4] == ["notice_id", "file", "title", "id"]


def test_items_write_a_workbook(seed_folder: Path, tmp_path: Path) -> None:
    """xlsx by the file's name: the ledger and its sources."""
    file = tmp_path / "台账.xlsx"
    assert call(seed_folder, "items", "--year", "2019", "-o", str(file)) == 0
    assert load_workbook(io.BytesIO(file.read_bytes())).sheetnames == ["整改台账", "数据来源"]


def test_nothing_found_is_said(seed_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty ledger is an empty list and a hint, not an error."""
    assert call(seed_folder, "items", "--keyword", "没有这样的词", "--format", "json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert err.startswith("没有符合条件的问题（台账共 5 份通报、")


@pytest.mark.parametrize("flags", [("--status", "整改中"), ("--year", "去年"), ("--format", "pdf")])
def test_wrong_filters_are_wrong_usage(seed_folder: Path, flags: tuple[str, str]) -> None:
    """A status, year or format that does not exist ends with exit code 2."""
    assert call(seed_folder, "items", *flags) == 2


def test_a_folder_that_is_not_there(seed_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Writing into a missing folder says so and what to do."""
    file = tmp_path / "无" / "台账.csv"
    assert call(seed_folder, "items", "-o", str(file)) == 2
    assert capsys.readouterr().err.startswith(f"错误：无法写入 {file}")


def test_a_theme_that_several_notices_share_is_said(seed_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """items --theme: in how many notices and years the same kind of problem stands, on stderr."""
    assert call(seed_folder, "items", "--theme", "秸秆", "--format", "json") == 0
    out, err = capsys.readouterr()
    rows = json.loads(out)
    notices = len({row["notice_id"] for row in rows})
    assert err == f"共性问题“秸秆”：{notices} 份通报都有，共 {len(rows)} 个问题，涉及2021年、2025年\n"
