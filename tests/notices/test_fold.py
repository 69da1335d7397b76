"""Folding for search: the same words, however printed, become the same characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fold import fold, fold_all, fold_with_map


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("環境保護督察", "环境保护督察"),
        ("２０２１年１２％，（一）", "2021年12%,(一)"),
        ("“回头看”「回头看」", '"回头看""回头看"'),
        ("临发〔2021〕7号【通报】", "临发[2021]7号[通报]"),
        ("PM2.5—ＰＭ２．５", "pm2.5-pm2.5"),
        ("⻓江⽣态", "长江生态"),
        ("第①项㎡", "第1项m2"),
        ("整\u200b改\ufeff", "整改"),
        ("12.5。", "12.5。"),
    ],
)
def test_variants_fold_together(printed: str, folded: str) -> None:
    """Width, case, quotes, brackets, dashes, traditional forms make no difference; 。 stays 。."""
    assert fold(printed) == folded


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_map_leads_each_folded_character_to_its_origin(text: str) -> None:
    """Every folded character comes from the character at its mapped offset; the end maps to the end."""
    folded, offsets = fold_with_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets[len(folded)] == len(text)
    assert all(folded[index] in fold(text[offsets[index]]) for index in range(len(folded)))


def test_ordinary_text_needs_no_list_of_offsets() -> None:
    """Where every character folds to one, the map is a range: nothing is stored per character."""
    assert fold_with_map("整改情况：３３个问题") == ("整改情况:33个问题", range(11))


@given(st.text(alphabet="環境保護督察整改(（１２3％“”「」—-，,。、 \u3000", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text is stable, so that an index may be folded again."""
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("環㎡…\u200b\x00\x1f")))))
def test_many_texts_fold_as_each_alone(texts: list[str]) -> None:
    """In one pass over all, whatever characters stand in them, one that parts texts inside too."""
    assert fold_all(texts) == [fold(text) for text in texts]
