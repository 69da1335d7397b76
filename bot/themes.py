"""Themes: what an item is about (大气, 秸秆, 财务 …), by the words of ``data/themes.yaml``; several per item, each with
its reason.

The problem decides, and the heading above it where that names one theme (工作作风不实的问题): it is the inspectors' own
classification. Where neither names a theme, what the measures speak of most does. A user's own
``themes.yaml`` adds themes, or words to the themes there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.fold import fold
from bot.records import Item

FILE_NAME = "themes.yaml"
MIN_IN_MEASURES = 2
"""Times that the measures must speak of a theme for it to count where problem and heading name none."""
MAX_FROM_MEASURES = 2
"""Themes that measures alone may give."""


class Theme(BaseModel):
    """A theme as the file declares it. Words are regular expressions, matched on folded text.

    ``negative``: words that are no evidence although they contain a keyword. ``implies``: themes that go with it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    group: str = "其他"
    keywords: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()


class Taxonomy(BaseModel):
    """All themes. ``negative``: words that are evidence of no theme at all (names of departments)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    negative: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class ThemeHit:
    """A theme of an item and why it is one, in Chinese; ``words``: as folded."""

    name: str
    reason: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A theme made ready for searching."""

    theme: Theme
    find: re.Pattern[str]


class Classifier:
    """A taxonomy made ready for classifying; holds the compiled rules and nothing else."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._rules = tuple(_rule(theme, taxonomy.negative) for theme in taxonomy.themes)

    def names(self) -> list[str]:
        """All themes in the order of the file."""
        return [rule.theme.name for rule in self._rules]

    def themes(self, item: Item) -> tuple[ThemeHit, ...]:
        """The themes of an item, in the order of the file."""
        found = self._hits(fold(item.problem.text), "问题")
        if item.category:
            named = self._hits(fold(item.category.text), "类别")
            if len(named) == 1:
                found = named | found
        if not found:
            found = self._in_measures(fold("\n".join(measure.text for measure in item.measures)))
        return self._with_implied(found)

    def _hits(self, text: str, where: str) -> dict[str, ThemeHit]:
        found = {}
        for rule in self._rules:
            words = _words(rule, text)
            if words:
                found[rule.theme.name] = _hit(rule.theme.name, where, words)
        return found

    def _in_measures(self, text: str) -> dict[str, ThemeHit]:
        counts = Counter({rule.theme.name: len(_words(rule, text)) for rule in self._rules})
        best = [name for name, times in counts.most_common(MAX_FROM_MEASURES) if times >= MIN_IN_MEASURES]
        rules = {rule.theme.name: rule for rule in self._rules}
        return {name: _hit(name, "整改措施", _words(rules[name], text)) for name in best}

    def _with_implied(self, found: dict[str, ThemeHit]) -> tuple[ThemeHit, ...]:
        whole = dict(found)
        for rule in self._rules:
            if rule.theme.name in found:
                for other in rule.theme.implies:
                    whole.setdefault(other, ThemeHit(other, f"属于“{rule.theme.name}”", found[rule.theme.name].words))
        order = self.names()
        return tuple(sorted(whole.values(), key=lambda hit: order.index(hit.name)))


def themes_of(item: Item, classifier: Classifier | None = None) -> tuple[ThemeHit, ...]:
    """The themes of an item by the taxonomy that comes with the program, or another one."""
    return (classifier or builtin()).themes(item)


@cache
def builtin() -> Classifier:
    """The classifier of the taxonomy that comes with the program."""
    text = resources.files("bot.data").joinpath(FILE_NAME).read_text("utf-8")
    return Classifier(_checked(_read(text, FILE_NAME)))


def classifier_for(folder: Path) -> Classifier:
    """The classifier for a data folder: the program's taxonomy, extended by the folder's ``themes.yaml`` if it has one.

    Raises ``SettingsError`` where that file is not as it should be.
    """
    file = folder / FILE_NAME
    if not file.is_file():
        return builtin()
    try:
        return _extended(file.read_text("utf-8-sig"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"无法读取主题文件 {file}（{error}）：应为 UTF-8 编码的 YAML") from error


@cache
def _extended(text: str, name: str) -> Classifier:
    return Classifier(_checked(merge(builtin().taxonomy, _read(text, name)), name))


def merge(base: Taxonomy, more: Taxonomy) -> Taxonomy:
    """Two taxonomies as one: themes of the same name have the words of both, new ones come after."""
    added = {theme.name: theme for theme in more.themes}
    joined = [_joined(theme, added.pop(theme.name)) if theme.name in added else theme for theme in base.themes]
    return Taxonomy(negative=(*base.negative, *more.negative), themes=(*joined, *added.values()))


def _joined(theme: Theme, more: Theme) -> Theme:
    return Theme(
        name=theme.name,
        group=theme.group,
        keywords=(*theme.keywords, *more.keywords),
        negative=(*theme.negative, *more.negative),
        implies=tuple(dict.fromkeys((*theme.implies, *more.implies))),
    )


def _read(text: str, name: str) -> Taxonomy:
    try:
        raw: Any = yaml.safe_load(text) or {}
        return Taxonomy.model_validate(raw)
    except (yaml.YAMLError, ValidationError) as error:
        raise SettingsError(f"主题文件 {name} 的写法有误：{error}") from error


def _checked(taxonomy: Taxonomy, name: str = FILE_NAME) -> Taxonomy:
    """The taxonomy itself. Raises ``SettingsError`` for an implied theme that is not declared, or a bad expression."""
    names = {theme.name for theme in taxonomy.themes}
    for theme in taxonomy.themes:
        unknown = [other for other in theme.implies if other not in names]
        if unknown:
            raise SettingsError(f"主题文件 {name} 中“{theme.name}”的 implies 写了没有的主题：{'、'.join(unknown)}")
        for word in (*theme.keywords, *theme.negative, *taxonomy.negative):
            try:
                re.compile(fold(word))
            except re.error as error:
                where = f"主题文件 {name} 中“{theme.name}”的关键词 {word}"
                raise SettingsError(f"{where} 不是正则表达式：{error}") from error
    return taxonomy


def _rule(theme: Theme, negative: Sequence[str]) -> _Rule:
    """One expression: the negative words first, so that they use up their characters, then the keywords."""
    no = "|".join(fold(word) for word in _longest_first((*negative, *theme.negative)))
    yes = "|".join(fold(word) for word in _longest_first(theme.keywords))
    return _Rule(theme, re.compile(f"(?:{no or '(?!)'})|(?P<word>{yes or '(?!)'})"))


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=len, reverse=True)


def _words(rule: _Rule, text: str) -> tuple[str, ...]:
    return tuple(match["word"] for match in rule.find.finditer(text) if match["word"])


def _hit(name: str, where: str, words: Sequence[str]) -> ThemeHit:
    distinct = tuple(dict.fromkeys(words))
    return ThemeHit(name, f"{where}中有{'、'.join(f'“{word}”' for word in distinct[:3])}", distinct)
