"""The words of a topic that say what it is about, and other words for them. The only module that imports jieba.

Synonyms and generic words are data files. Knows no word that is not in them or in jieba's dictionary.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.fold import fold

if TYPE_CHECKING:
    import jieba as Jieba


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Every word of the synonym file with the other words of its line, folded."""
    groups = [tuple(fold(word) for word in line.split()) for line in _lines("synonyms.txt")]
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group:
            found[word] = found.get(word, ()) + tuple(other for other in group if other != word)
    return found


@cache
def generic_words() -> frozenset[str]:
    """Words that nearly every item has: they tell none apart."""
    return frozenset(word for line in _lines("generic_words.txt") for word in line.split())


@cache
def verbs() -> frozenset[str]:
    """The commoner verbs of jieba's dictionary."""
    return frozenset(word for line in _lines("verbs.txt") for word in line.split())


@cache
def theme_names() -> dict[str, frozenset[str]]:
    """Themes, as the file has them, with the words that people call them by."""
    lines = [line.split() for line in _lines("theme_names.txt")]
    return {name: frozenset(words) for name, *words in lines}


def _lines(name: str) -> list[str]:
    """The lines of a data file that are not comments."""
    lines = resources.files("bot.data").joinpath(name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def _cutter() -> Jieba.Tokenizer:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    for word in synonyms():
        cutter.add_word(word)
    return cutter


def content_words(topic: str) -> tuple[str, ...]:
    """The words of a folded topic that say what it is about, in order; empty where every one is generic."""
    return tuple(dict.fromkeys(word for word in _words(topic) if len(word) >= 2 and word not in generic_words()))


def cut_words(text: str) -> list[str]:
    """A folded text cut into all its words, single characters and marks included."""
    return list(_cutter().cut(text, HMM=False))


def in_words(word: str, text: str) -> bool:
    """Whether a text has the word, or one of the longer forms of it that stand on its line of the synonym file."""
    return word in text or any(other in text for other in synonyms().get(word, ()) if len(other) >= 2)


def _words(topic: str) -> list[str]:
    """The topic cut into words; single characters that stand together are one unknown to the dictionary (河长制)."""
    found: list[str] = []
    loose = ""
    for word in _cutter().cut(topic, HMM=False):
        if len(word) == 1 and word.strip():
            loose += word
            continue
        found += [loose, word]
        loose = ""
    return [word for word in [*found, loose] if word.strip()]


def has_word(word: str, text: str) -> bool:
    """Whether a folded text has the word or a synonym of it."""
    return word in text or any(other in text for other in synonyms().get(word, ()) if len(other) >= 2)
