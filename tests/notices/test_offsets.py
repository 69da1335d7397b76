"""The map from a cleaned text back to where its characters stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices.offsets import Edit, drop, edit, identity


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of it: in order, not overlapping, none longer than what it replaces."""
    source = draw(st.text(alphabet="一二三四五abc\n", max_size=40))
    bounds = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    edits = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=False):
        edits.append((start, end, draw(st.text(alphabet="xy", max_size=end - start))))
    return source, edits


@given(edited())
def test_kept_characters_stand_where_the_map_says(case: tuple[str, list[Edit]]) -> None:
    """A character that no edit touched is found in the source at its mapped offset, and back again."""
    source, edits = case
    text, offsets = edit(source, edits)
    replaced = {index for start, end, _ in edits for index in range(start, end)}
    for index, char in enumerate(text):
        origin = offsets.to_source(index)
        assert char == source[origin] or origin in replaced
        assert offsets.from_source(origin) == index
    assert len(text) == offsets.length
    assert len(source) == offsets.source_length


@given(edited())
def test_map_never_runs_backwards(case: tuple[str, list[Edit]]) -> None:
    """Offsets in order stay in order both ways, ends included."""
    source, edits = case
    text, offsets = edit(source, edits)
    back = [offsets.to_source(index) for index in range(len(text) + 1)]
    forth = [offsets.from_source(index) for index in range(len(source) + 1)]
    assert back == sorted(back)
    assert forth == sorted(forth)
    assert all(0 <= origin <= len(source) for origin in back)
    assert all(0 <= index <= len(text) for index in forth)


@given(edited(), st.data())
def test_two_steps_make_one_map(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    """A map after another leads to the same place as following both."""
    source, edits = case
    middle, first = edit(source, edits)
    bounds = sorted(data.draw(st.lists(st.integers(0, len(middle)), min_size=2, max_size=2)))
    text, second = drop(middle, [(bounds[0], bounds[1])])
    both = second.after(first)
    assert [both.to_source(i) for i in range(len(text))] == [
        first.to_source(second.to_source(i)) for i in range(len(text))
    ]


def test_identity_maps_every_offset_to_itself() -> None:
    """A text that nothing was done to is its own source."""
    assert [identity(3).to_source(index) for index in range(4)] == [0, 1, 2, 3]
    assert identity(0).to_source(0) == 0


def test_offset_outside_the_text_is_a_bug() -> None:
    """Asking for an offset that the text does not have raises instead of guessing."""
    with pytest.raises(IndexError, match="offset 4 outside a text of 3 characters"):
        identity(3).to_source(4)
    with pytest.raises(IndexError, match="offset -1 outside a source of 3 characters"):
        identity(3).from_source(-1)


def test_span_of_dropped_text_is_empty() -> None:
    """A span whose characters were all dropped is an empty span where they were."""
    _, offsets = drop("甲乙丙丁", [(1, 3)])
    assert offsets.span_from_source((1, 3)) == (1, 1)
    assert offsets.span_from_source((0, 4)) == (0, 2)
