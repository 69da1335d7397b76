"""Passages for retrieval."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.notices.chunk import FULL, LIMIT, chunks
from bot.notices.extract import extract
from bot.notices.load import load
from tests.notices.notice_samples import HEAD, LAYOUTS, TAIL, extraction

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def test_an_item_keeps_its_heading_path_and_its_first_measures() -> None:
    """The first chunk of an item holds its category's heading, its problem and its measures, and knows its path."""
    first, second = [c for c in chunks(extraction(HEAD + LAYOUTS["lead words"] + TAIL)) if c.item_id]
    assert (first.item_id, second.item_id) == ("n#二/(一)/1", "n#二/(一)/2")
    assert second.path == ("二、反馈问题整改情况", "（一）责任落实方面")
    assert "学习不深入" in first.text
    assert "学习12次" in first.text


def test_a_long_item_is_cut_at_measures_or_sentences() -> None:
    """Every chunk ends where a sentence ends, and all but the last are nearly full."""
    measure = "组织开展检查，发现问题及时督促整改。" * 9
    body = "二、整改情况\n1.工作不到位。\n整改情况：" + "".join(f"{n}是{measure}" for n in "一二三四五六") + "\n"
    parts = [c for c in chunks(extraction(HEAD + body + TAIL)) if c.item_id]
    assert all(c.text.endswith("。") for c in parts)
    assert all(FULL <= len(c.text) <= LIMIT for c in parts[:-1])


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_are_covered_once(path: Path) -> None:
    """Every character that is not white space lies in exactly one chunk; none is longer than the limit."""
    found = extract(load(path.read_bytes(), path.name), notice_id="n", file=path.name, sha256="")
    covered = Counter(at for c in chunks(found) for at in range(c.start, c.end))
    text = found.notice.text
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert set(covered.values()) == {1}
    assert max(len(c.text) for c in chunks(found)) <= LIMIT


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*LAYOUTS.values(), "一、", "。", "甲" * 500, "\n", " ", "整改情况：", "(1)", "《"]), max_size=8
    )
)
def test_any_text_is_covered_once(pieces: list[str]) -> None:
    """The same for whatever comes."""
    found = extraction("".join(pieces))
    covered = Counter(at for c in chunks(found) for at in range(c.start, c.end))
    solid = {at for at, char in enumerate(found.notice.text) if not char.isspace()}
    assert solid <= set(covered)
    assert all(count == 1 for count in covered.values())
    assert all(c.text == found.notice.text[c.start : c.end] and len(c.text) <= LIMIT for c in chunks(found))
