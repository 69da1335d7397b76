"""search and ask, run as a user or a program runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support import run_here

QUESTION = "临湘市污水管网已经建了多少公里"
LINXIANG = "000_c20c0a165cf05326"


def answers(seed_folder: Path, *args: str | Path) -> list[Any]:
    """The JSON Lines of a batch run."""
    done = run_here("--data", seed_folder, *args)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ask_json_is_an_answer(seed_folder: Path) -> None:
    """The length of sewers in Linxiang: 25公里 with the sentence that prints it, satisfying ``schema answer``."""
    done = run_here("--data", seed_folder, "ask", QUESTION, "--json")
    answer = json.loads(done.stdout)
    schema = json.loads(run_here("schema", "answer").stdout)
    jsonschema.validate(answer, schema, jsonschema.Draft202012Validator)
    assert (done.returncode, answer["status"], answer["short_answer"]) == (0, "answered", "25公里")
    text = run_here("--data", seed_folder, "show", LINXIANG, "--text").stdout
    (citation,) = answer["citations"]
    assert (citation["notice_id"], text[citation["start"] : citation["end"]]) == (LINXIANG, citation["quote"])
    assert "25公里" in citation["quote"]


def test_ask_for_reading(seed_folder: Path) -> None:
    """On the terminal: the answer, then each citation with title, file and offsets."""
    asked = ("--data", seed_folder, "ask", QUESTION)
    answer = json.loads(run_here(*asked, "--json").stdout)
    (c,) = answer["citations"]
    assert run_here(*asked).stdout == (
        f"{answer['answer']}\n  [1] {c['title']}（{c['file']} {c['start']}–{c['end']}）\n      “{c['quote']}”\n"
    )


def test_a_place_that_no_notice_is_about_is_refused(seed_folder: Path) -> None:
    """A refusal is a result: exit 0, status refused, nothing cited."""
    done = run_here("--data", seed_folder, "ask", "安吉县污水管网建了多少公里", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], answer["reason"], answer["citations"]) == (
        0,
        "refused",
        "out_of_scope",
        [],
    )


def test_batch_answers_line_by_line(seed_folder: Path, tmp_path: Path) -> None:
    """``ask --batch`` writes one Answer per question with its qid, in order."""
    batch = tmp_path / "batch.jsonl"
    lines = [{"qid": 7, "question": QUESTION}, {"question": "安吉县建了多少公里", "history": []}]
    batch.write_text("\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8-sig")
    found = answers(seed_folder, "ask", "--batch", batch)
    assert [(line["qid"], line["status"]) for line in found] == [(7, "answered"), (None, "refused")]


def test_search_json(seed_folder: Path) -> None:
    """Hits carry notice, file, offsets, text and score, best first, and their text stands at the offsets."""
    done = run_here("--data", seed_folder, "search", "污水管网", "-k", "4", "--json")
    hits = json.loads(done.stdout)
    assert [set(hit) for hit in hits] == [{"notice_id", "file", "start", "end", "text", "score"}] * 4
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        text = run_here("--data", seed_folder, "show", hit["notice_id"], "--text").stdout
        assert text[hit["start"] : hit["end"]] == hit["text"]


def test_search_batch(seed_folder: Path, tmp_path: Path) -> None:
    """``search --batch`` writes qid and results per line."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"qid": "a", "question": "污水管网"}\n', "utf-8")
    (line,) = answers(seed_folder, "search", "--batch", batch)
    assert (line["qid"], set(line), len(line["results"])) == ("a", {"qid", "results"}, 10)


def test_traditional_and_full_width_forms_find_the_same(seed_folder: Path) -> None:
    """Both sides of a search are folded."""
    plain = run_here("--data", seed_folder, "search", "污水管网25公里", "--json").stdout
    other = run_here("--data", seed_folder, "search", "污水管網２５公里", "--json").stdout
    assert plain == other


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "{file} 第 1 行不是 JSON：每行应是一个 JSON 对象"),
        ('{"question": "甲"}\n[]', '{file} 第 2 行缺少 "question"'),
        ('{"qid": 1}', '{file} 第 1 行缺少 "question"'),
    ],
)
def test_a_bad_batch_file_is_wrong_usage(seed_folder: Path, tmp_path: Path, content: str, message: str) -> None:
    """The message names the file and the line; nothing is answered."""
    file = tmp_path / "batch.jsonl"
    file.write_text(content, "utf-8")
    done = run_here("--data", seed_folder, "ask", "--batch", file)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"错误：{message.format(file=file)}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "无法读取 {file}（不存在）：请检查路径"),
        ("x", "{file} 不是 JSON：应为 UTF-8 编码的 JSON 数组"),
        ("{}", '{file} 应为 JSON 数组：[{{"question", "answer"}}]'),
        ("[1]", '历史问答的每一项应为 {{"question", "answer"}}'),
    ],
)
def test_a_bad_history_is_wrong_usage(seed_folder: Path, tmp_path: Path, content: str | None, message: str) -> None:
    """The message says which file and what it should hold."""
    file = tmp_path / "history.json"
    if content is not None:
        file.write_text(content, "utf-8")
    done = run_here("--data", seed_folder, "ask", QUESTION, "--history", file)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"错误：{message.format(file=file)}\n")
