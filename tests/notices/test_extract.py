"""What holds for every extraction: spans, coverage, no crash, linear time."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.notices.extract import extract
from bot.notices.fields import find_fields
from bot.notices.load import load
from bot.notices.numerals import ordinal
from bot.notices.outline import outline
from bot.records import Extraction
from tests.notices.notice_samples import HEAD, LAYOUTS, TAIL, extraction

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
ALPHABET = "一二三是、（）(1).①。；，：:《》“”\n \t整改情况措施问题责任单位已完成正在关于针对2021年5月个元局县"
COUNTS = {"000": 13, "001": 34, "002": 23, "003": 4, "004": 19}


def seed(path: Path) -> Extraction:
    """The extraction of one of the five notices."""
    return extract(load(path.read_bytes(), path.name), notice_id=path.stem, file=path.name, sha256="")


def grounded(value: Any) -> Iterator[Any]:
    """Every record with text and span inside another."""
    if dataclasses.is_dataclass(value):
        if hasattr(value, "span") and hasattr(value, "text"):
            yield value
        for field in dataclasses.fields(value):
            yield from grounded(getattr(value, field.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from grounded(entry)


def misplaced(found: Extraction) -> list[Any]:
    """Grounded values whose span does not give their text."""
    text = found.notice.text
    return [value for value in grounded(found) if text[value.span[0] : value.span[1]] != value.text]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_the_seeds_give_their_items(path: Path) -> None:
    """The number of items of each notice, every value where it says."""
    found = seed(path)
    assert len(found.items) == COUNTS[path.stem[:3]]
    assert misplaced(found) == []


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_markers_are_contiguous(path: Path) -> None:
    """一是…N是 without a gap in every item of the seeds."""
    for item in seed(path).items:
        numbers = [ordinal((m.marker or "").strip("是()（）.、")) for m in item.measures if m.marker]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_items_headings_and_unassigned_cover_the_part(path: Path) -> None:
    """Nothing between the first and the last item of a part is lost."""
    found = seed(path)
    tree = outline(found.notice.text)
    covered = [item.span for item in found.items] + list(found.notice.unassigned)
    covered += [(heading.start, heading.line_end) for heading in tree.headings]
    part = [item for item in found.items if item.label.split("/")[0] == found.items[0].label.split("/")[0]]
    inside = range(part[0].span[0], part[-1].span[1])
    held = {at for low, high in covered for at in range(low, high)}
    assert [at for at in inside if at not in held and not found.notice.text[at].isspace()] == []


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_measures_markers_and_lead_words_cover_the_rectification_text(path: Path) -> None:
    """Of an item's text outside its problem only numbers, lead words, markers and punctuation are in no measure."""
    found = seed(path)
    text = found.notice.text
    leads = [(field.start, field.end) for field in find_fields(outline(text).plain)]
    for item in (item for item in found.items if "三/" not in item.label):
        held = [item.problem.span, *leads, *(measure.span for measure in item.measures)]
        covered = {at for low, high in held for at in range(low, high)}
        rest = "".join(text[at] for at in range(*item.span) if at not in covered)
        markers = "".join(measure.marker or "" for measure in item.measures)
        left = sorted(rest.translate(dict.fromkeys(map(ord, " \n\u3000\u00a0、.,:：”“。问题关于"))))
        assert set(left) <= set(markers) | set("0123456789")


@settings(max_examples=80, deadline=None)
@given(
    st.text(
        alphabet=ALPHABET,
        max_size=300,
    )
)
def test_no_text_breaks_it(text: str) -> None:
    """Whatever the punctuation: an extraction with valid spans."""
    assert misplaced(extraction(text)) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LAYOUTS)), st.integers(0, 400), st.integers(0, 400))
def test_a_cut_notice_does_not_break_it(layout: str, low: int, high: int) -> None:
    """A notice that lost its head or its tail is read as far as it goes."""
    text = (HEAD + LAYOUTS[layout] + TAIL)[low : len(HEAD) + high]
    assert misplaced(extraction(text)) == []


PIECES = [
    *["，", "《", "“", "一是", "(1)", "123", "已", "1.\n", "整改情况:\n", "对a问题,", "于aa已", " ", "局"],
    *["|", "——", "你", "把", "请将", "缺", "【已", "(一)", "反馈指出，", "学习方面。", "序号\n", "- ", "1-1 问题——"],
    *["整改情况:。(1)", "。对此，"],
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_only(piece: str) -> None:
    """Eight times the punctuation takes nowhere near the 64 times of a pattern that backtracks."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return min(_timed(text) for _ in range(3))

    assert seconds(24_000) < 24 * max(seconds(3_000), 0.002)


def _timed(text: str) -> float:
    start = time.perf_counter()
    extraction(text)
    return time.perf_counter() - start
