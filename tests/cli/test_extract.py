"""``zhenggai extract``: a file without a store, a notice in one, with and without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.app import read_notice
from bot.schemas import json_schema, to_data
from tests.extraction.support import NOTICE, model, rules_of
from tests.llm.scripted import serving, status
from tests.support import SEEDS, settings_for, zhenggai

SEED = SEEDS / "003_f055237780667b41.txt"


def test_a_file_needs_no_store(tmp_path: Path) -> None:
    """The rules' extraction of a file is printed as one valid JSON document; no data folder is made."""
    run = zhenggai("--data", tmp_path / "none", "extract", SEED, "--json")
    assert (run.returncode, run.stderr) == (0, "")
    data = json.loads(run.stdout)
    Draft202012Validator(json_schema("extraction")).validate(data)
    assert data["extraction"]["mode"] == "rules"
    assert len(data["items"]) == 4
    assert not (tmp_path / "none").exists()


def test_a_notice_of_the_store_by_its_id(seed_folder: Path) -> None:
    """An id gives the extraction of the stored bytes."""
    run = zhenggai("--data", seed_folder, "extract", SEED.stem, "--json")
    assert run.returncode == 0
    from bot.app import Incoming

    expected = read_notice(Incoming(SEED.name, SEED.read_bytes()), settings_for(seed_folder), notice_id=SEED.stem)
    assert json.loads(run.stdout) == to_data(expected)


def test_neither_file_nor_id(tmp_path: Path) -> None:
    """A name that is neither is wrong usage, said in one line."""
    run = zhenggai("--data", tmp_path, "extract", "nothing.txt")
    assert run.returncode == 2
    assert run.stderr == (
        "错误：没有文件 nothing.txt，也没有编号为 nothing.txt 的通报：请检查路径，或用 zhenggai list 查看编号\n"
    )


def test_a_model_that_is_not_configured(tmp_path: Path) -> None:
    """--llm without a model says where to name one."""
    run = zhenggai("--data", tmp_path, "extract", SEED, "--llm")
    assert run.returncode == 2
    assert "ZHENGGAI_LLM" in run.stderr


@pytest.mark.server
def test_with_a_model(tmp_path: Path) -> None:
    """A configured model is used, recorded in the document, and --no-llm leaves it alone."""
    file = tmp_path / "n.txt"
    file.write_text(NOTICE, "utf-8")
    rules, _ = rules_of()
    with serving(model(rules)) as server:
        settings = {"ZHENGGAI_LLM": "openai:scripted", "OPENAI_BASE_URL": server.url}
        run = zhenggai("extract", file, "--json", **settings)
        assert len(server.requests) == 1
        plain = zhenggai("extract", file, "--json", "--no-llm", **settings)
        assert len(server.requests) == 1
    data = json.loads(run.stdout)
    Draft202012Validator(json_schema("extraction")).validate(data)
    assert run.returncode == 0
    assert (data["extraction"]["mode"], data["extraction"]["status"]) == ("merged", "ok")
    assert (data["extraction"]["model"], data["extraction"]["prompt"]) == ("openai:scripted", "extract@1")
    assert run.stderr == "大模型已读 1/1 段\n"
    assert json.loads(plain.stdout)["extraction"]["mode"] == "rules"


@pytest.mark.server
def test_a_model_that_fails(tmp_path: Path) -> None:
    """The rules' result is printed all the same; exit code 1, the reason on stderr."""
    file = tmp_path / "n.txt"
    file.write_text(NOTICE, "utf-8")
    with serving(status(401)) as server:
        run = zhenggai("extract", file, "--json", ZHENGGAI_LLM="openai:scripted", OPENAI_BASE_URL=server.url)
    data = json.loads(run.stdout)
    assert run.returncode == 1
    assert data["extraction"]["status"] == "failed"
    assert len(data["items"]) == 3
    assert "密钥无效：请检查 OPENAI_API_KEY" in run.stderr
