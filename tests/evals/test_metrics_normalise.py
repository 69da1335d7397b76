"""Normalisation: what is folded, what is kept, and the way back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.normalise import normalise, plain, squeeze


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("共１２家", "共12家"),
        ("「整改」完成", '"整改"完成'),
        ("關於環境", "关于环境"),
        ("建成 25\n公里", "建成25公里"),
        ("（一）", "(一)"),
    ],
)
def test_folding(printed: str, expected: str) -> None:
    """Width, quotes, brackets, traditional characters and white space make no difference."""
    assert squeeze(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("增长12.5%。", "增长12.5%"),
        ("占１２．５％", "占12.5%"),
        ("投入1,250万元，", "投入1250万元"),
        ("依据国发〔2023〕5号，", "依据国发[2023]5号"),
        ("印发《水污染防治方案》；", "印发《水污染防治方案》"),
        ("自2021-05-19起。", "自2021-05-19起"),
        ("加强领导、压实责任。", "加强领导压实责任"),
    ],
)
def test_punctuation_goes_outside_the_atoms_only(printed: str, expected: str) -> None:
    """12.5% does not become 125: numbers, document numbers, titles and dates keep their marks."""
    assert plain(printed) == expected


def test_the_way_back_to_the_source() -> None:
    """A span of the normalised text is turned into the span it was printed at."""
    text = "共建成 ２５ 公里。"
    normalised = normalise(text)
    start = normalised.text.index("25公里")
    span = normalised.source(start, start + 4)
    assert (normalised.text, text[slice(*span)]) == ("共建成25公里。", "２５ 公里")


@given(st.text(alphabet="共完成 ２5㎡①…「」環境\n，。%", max_size=40), st.data())
def test_every_normalised_character_knows_its_source(text: str, data: st.DataObject) -> None:
    """Normalising the source of any normalised span gives back text that contains the span."""
    normalised = normalise(text)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    left, right = normalised.source(start, end)
    assert normalised.text[start:end] in squeeze(text[left:right])
    assert len(normalised.offsets) == len(normalised.text) + 1
