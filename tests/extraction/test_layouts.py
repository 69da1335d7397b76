"""Short notices in many layouts: the problems, their status and the number of measures that an annotator finds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.notices.plain import plain
from tests.notices.notice_samples import extraction

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("layouts.yaml").read_text(encoding="utf-8"))


def letters(words: str) -> str:
    """Without punctuation, in simplified characters."""
    return re.sub(r"[\W_]+", "", plain(words))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_layout_gives_what_an_annotator_finds(case: dict[str, Any]) -> None:
    """Every problem in order, with its own status and measures, and nothing else."""
    found = [(letters(i.problem.text), i.status.value, len(i.measures)) for i in extraction(case["text"]).items]
    assert found == [
        (letters(problem), (short or [status])[0], count) for problem, status, count, *short in case["items"]
    ]
