"""Tokens of the Chinese lexical index: character bigrams, words and numbers of other scripts, all folded.

Bigrams beat a word segmenter on notices and need no model; both sides (text and question) go through the same folding,
so traditional, full-width and simplified forms meet. Knows nothing of SQL.
"""

from __future__ import annotations

import re
from operator import add

from bot.fold import fold

TOKENS_VERSION = "2"
"""Part of the catalogue's identity: another version means that the lexical index is built anew."""

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々]+|[a-z]+|\d+(?:\.\d+)?")


def tokens(text: str) -> list[str]:
    """Index tokens of a text in order, duplicates kept: bigrams of Chinese runs, whole words and numbers otherwise.

    >>> tokens("污水管网25公里")
    ['污水', '水管', '管网', '25', '公里']
    """
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if len(run) == 1 or run[0].isascii():
            found.append(run)
        else:
            found.extend(map(add, run, run[1:]))
    return found
