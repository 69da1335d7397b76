"""One character in, one character out: the form of a text that the grammar matches on.

``fold`` may change lengths (it serves search); here every offset of the result is an offset of the stored text, so a
match needs no mapping back. Full-width letters, digits and punctuation become half-width, traditional characters
simplified, the many spaces one space; 。、《》“”〔〕 and ①–⑳ stay, because the grammar tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.characters import Characters
from bot.fold import to_simplified

_KEPT = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳“”‘’"
_SPACES = "\x0b\x0c\r\xa0\u1680\u200b\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_VARIANTS = {
    "﹙": "(",
    "﹚": ")",
    "［": "[",
    "］": "]",
    "—": "-",
    "–": "-",
    "―": "-",
    "～": "~",
    "〜": "~",
    "｡": "。",
    "､": "、",
}
_QUOTES = {"「": "“", "」": "”", "『": "‘", "』": "’", "〈": "〈", "〉": "〉"}


class _Plain(dict[int, str]):
    """Code point → one character, worked out when a character is first met."""

    def __missing__(self, code: int) -> str:
        plain = _plain_character(chr(code))
        self[code] = plain
        return plain


def _plain_character(char: str) -> str:
    if char in _KEPT or char == "\n":
        return char
    if char == "\t":
        return char
    if char in _SPACES:
        return " "
    if char in _VARIANTS or char in _QUOTES:
        return _VARIANTS.get(char) or _QUOTES[char]
    folded = unicodedata.normalize("NFKC", char)
    folded = folded if len(folded) == 1 else char
    simplified = to_simplified().get(ord(folded), folded)
    return simplified if len(simplified) == 1 else folded


@cache
def _characters() -> Characters:
    return Characters(_Plain())


def plain(text: str) -> str:
    """``text`` for matching, character for character: ``len(plain(text)) == len(text)``.

    >>> plain("（一）環境：１２．５％")
    '(一)环境:12.5%'
    """
    plain = _characters().put(text)
    return _FULL_STOP.sub("。", plain) if "." in plain else plain


_FULL_STOP = re.compile(r"\.(?<=[^\s(一二三四五六七八九十百][一-鿿”%)]\.)(?=[一-鿿“\n]|$)")
"""A full stop typed as a point: between words, never behind a heading's numeral."""
