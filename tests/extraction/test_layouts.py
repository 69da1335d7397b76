"""Short notices in many layouts: the problems, their status and the number of measures that an annotator finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.notices.extract import extract
from bot.notices.load import load
from bot.notices.plain import plain
from bot.records import Extraction
from tests.notices.notice_samples import extraction

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("layouts.yaml").read_text(encoding="utf-8"))


def letters(words: str) -> str:
    """Without punctuation, in simplified characters."""
    return re.sub(r"[\W_]+", "", plain(words))


def read(case: dict[str, Any]) -> Extraction:
    """The extraction of a case's plain text, or of its web page or Markdown file."""
    if "text" in case:
        return extraction(case["text"])
    kind = "html" if "html" in case else "md"
    loaded = load(case[kind].encode(), f"n.{kind}")
    return extract(loaded, notice_id="n", file=f"n.{kind}", sha256="")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_layout_gives_what_an_annotator_finds(case: dict[str, Any]) -> None:
    """Every problem in order, with its own status and measures, and nothing else."""
    found = [(letters(i.problem.text), i.status.value, len(i.measures)) for i in read(case).items]
    assert found == [
        (letters(problem), (short or [status])[0], count) for problem, status, count, *short in case["items"]
    ]
