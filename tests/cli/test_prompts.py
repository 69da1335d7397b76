"""``zhenggai prompts``: list, show, diff."""

from __future__ import annotations

import json

from prompts.loader import load, source
from tests.support import zhenggai


def test_prompts_are_listed_with_their_purpose() -> None:
    """A line per prompt and version."""
    run = zhenggai("prompts", "list")
    assert run.returncode == 0
    assert f"extract@1  已发布  {load('extract@1').purpose}" in run.stdout.splitlines()
    listed = json.loads(zhenggai("prompts", "list", "--json").stdout)
    assert {"name", "purpose", "released", "sha256"} == set(listed[0])


def test_a_prompt_is_shown_as_its_file() -> None:
    """``show`` prints the file; --json its parts."""
    assert zhenggai("prompts", "show", "answer@1").stdout == source("answer@1")
    assert (
        json.loads(zhenggai("prompts", "show", "answer@1", "--json").stdout)["variables"] == load("answer@1").variables
    )


def test_versions_are_compared_line_by_line() -> None:
    """``diff`` is a unified diff; of the same prompt it says so; an unknown one is wrong usage."""
    run = zhenggai("prompts", "diff", "summarize@1", "brief@2")
    assert run.stdout.startswith("--- summarize@1\n+++ brief@2\n")
    assert zhenggai("prompts", "diff", "answer@1", "answer@1").stdout == "answer@1 与 answer@1 内容相同\n"
    assert zhenggai("prompts", "show", "answer@99").returncode == 2
