"""What a model says of a section, grounded: every string found in the text, every item set beside the rules' own.

Nothing is dropped in silence. What cannot be found, stands in another item, joins two problems or leaves one out
becomes a finding, in the words that the model is asked again with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.extraction.ground import Grounder
from bot.extraction.sections import Section
from bot.records import Item, Span

LISTS = (
    "dates",
    "documents",
    "organizations",
    "quantities",
    "responsible_units",
    "responsible_persons",
    "accountability",
)
SINGLES = ("deadline", "target")
_SHOWN = 24


@dataclass(frozen=True, slots=True)
class SaidItem:
    """One item as a model sees it, all of it spans of the text.

    ``rule``: the rules' item that it is about, None for one that they did not see. ``measures``: from the marker to the
    end of the text, top level. ``values``: the lists and single values by key.
    """

    rule: Item | None
    problem: Span
    measures: tuple[Span, ...]
    status: str
    quotes: tuple[Span, ...]
    values: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


def ground(section: Section, said: Any, grounder: Grounder) -> tuple[list[SaidItem], list[str]]:
    """The items of a section's output (``outputs.section()``) that stand in the text, and what is wrong with it."""
    reader = _Reader(section, grounder)
    items = [item for item in reader.items(said.items) if item]
    return items, [*reader.findings, *_missing(section, items, reader.rejected)]


def _missing(section: Section, items: Sequence[SaidItem], rejected: set[str]) -> Iterator[str]:
    seen = {item.rule.id for item in items if item.rule} | rejected
    for rule in section.items:
        if rule.id not in seen:
            yield f"漏了一个问题：“{_short(rule.problem.text)}”"


class _Reader:
    """Grounds the items of one section one after another."""

    def __init__(self, section: Section, grounder: Grounder) -> None:
        self._section = section
        self._grounder = grounder
        self.findings: list[str] = []
        self.rejected: set[str] = set()

    def items(self, said: Sequence[Any]) -> Iterator[SaidItem | None]:
        problems = self._problems(said)
        taken: set[str] = set()
        for number, (one, problem) in enumerate(zip(said, problems, strict=True)):
            if problem is None:
                self._find(one.problem, "problem", one.problem)
                continue
            rules = self._rules_in(problem)
            if len(rules) > 1:
                self.findings.append(f"把{len(rules)}个问题合成了一个条目：“{_short(one.problem)}”")
                self.rejected |= {rule.id for rule in rules}
                continue
            rule = rules[0] if rules else None
            if rule and rule.id in taken:
                self.findings.append(f"把一个问题拆成了几个条目：“{_short(one.problem)}”")
                continue
            taken |= {rule.id} if rule else set()
            following = [p[0] for p in problems[number + 1 :] if p and p[0] > problem[1]]
            room = rule.span if rule else (problem[0], min([*following, self._room_end(problem[1])]))
            yield self._item(one, rule, problem, room)

    def _problems(self, said: Sequence[Any]) -> list[Span | None]:
        found: list[Span | None] = []
        after = self._section.span[0]
        for one in said:
            span = self._grounder.find(one.problem, self._section.span, after)
            after = span[1] if span else after
            found.append(span)
        return found

    def _rules_in(self, problem: Span) -> list[Item]:
        """The rules' items that a problem touches: by their problems where it reaches into several."""
        touched = [r for r in self._section.items if r.span[0] < problem[1] and problem[0] < r.span[1]]
        if len(touched) < 2:
            return touched
        return [r for r in touched if r.problem.span[0] < problem[1] and problem[0] < r.problem.span[1]]

    def _room_end(self, start: int) -> int:
        return min([rule.span[0] for rule in self._section.items if rule.span[0] >= start] + [self._section.span[1]])

    def _item(self, one: Any, rule: Item | None, problem: Span, room: Span) -> SaidItem:
        measures = tuple(self._measures(one, problem, room))
        quotes = tuple(self._each(one.status.quotes, "status.quotes", one, room))
        values = {key: tuple(self._each(getattr(one, key), key, one, room)) for key in LISTS}
        for key in SINGLES:
            value = getattr(one, key)
            values[key] = tuple(self._each([value] if value is not None else [], key, one, room))
        return SaidItem(rule, problem, measures, one.status.value, quotes, values)

    def _measures(self, one: Any, problem: Span, room: Span) -> Iterator[Span]:
        after = problem[1]
        for measure in one.measures:
            span = self._find(measure.text, "measures", one.problem, room, after)
            if span is None:
                continue
            start = self._grounder.text.rfind(measure.marker, after, span[0]) if measure.marker else -1
            near = start >= 0 and not self._grounder.text[start + len(measure.marker) : span[0]].strip(" \t、,，:：")
            if measure.marker and not near and not self._grounder.text[slice(*span)].startswith(measure.marker):
                self.findings.append(f"“{_short(one.problem)}”的 measures：原文这一步前面没有“{measure.marker}”")
            for part in measure.sub_measures:
                self._find(part.text, "sub_measures", one.problem, span)
            yield (start if near else span[0], span[1])
            after = span[1]

    def _each(self, quotes: Sequence[str], key: str, one: Any, room: Span) -> Iterator[Span]:
        after = room[0]
        for quote in quotes:
            span = self._find(quote, key, one.problem, room, after)
            if span:
                after = span[1]
                yield span

    def _find(self, quote: str, key: str, problem: str, room: Span | None = None, after: int = 0) -> Span | None:
        span = self._grounder.find(quote, room or self._section.span, after)
        if span is None:
            elsewhere = room and self._grounder.find(quote, self._section.span)
            why = "不属于这个问题" if elsewhere else "原文中没有"
            self.findings.append(f"“{_short(problem)}”的 {key}：{why}“{_short(quote)}”")
        return span


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN] + "…"
