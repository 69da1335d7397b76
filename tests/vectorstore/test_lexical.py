"""The tokens of the lexical index, one text at a time and many at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.fold import fold_all
from tests.support import SEEDS
from vectorstore.lexical import token_lines, tokens

_ALPHABET = st.one_of(
    st.sampled_from("水管网的〇々一二㐀豈𠀀azZ０9..5％㎡…（）\n\t，。\u200b\x1f"), st.characters(codec="utf-8")
)


@given(st.lists(st.text(alphabet=_ALPHABET, max_size=20), max_size=6))
def test_many_texts_have_the_tokens_of_each_alone(texts: list[str]) -> None:
    """What goes into the index in one pass is what a question is cut into."""
    assert token_lines(fold_all(texts)) == [" ".join(tokens(text)) for text in texts]


def test_paragraphs_of_real_notices_have_the_tokens_of_each_alone() -> None:
    """The same over the five notices, paragraph by paragraph."""
    for path in SEEDS.glob("*.txt"):
        paragraphs = path.read_text("utf-8").split("\n")
        assert token_lines(fold_all(paragraphs)) == [" ".join(tokens(text)) for text in paragraphs]
