"""Text that knows its labels: templates with marks become the printed words and what a reader would label in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

_MARK = re.compile(r"<(?:(?P<low>[\d.]+)-(?P<high>[\d.]+)(?P<unit>[^<>]+)|o:(?P<unit_name>[^<>]+)|(?P<title>《[^<>]+》)"
                   r"|(?P<date>[dms]))>")  # fmt: skip
_MONTH_DAYS = 28


@dataclass(frozen=True, slots=True)
class Label:
    """One label inside a text: ``kind`` is the list of the item it belongs to, ``value`` its entry there."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Marked:
    """Printed text with its labels in order."""

    text: str
    labels: tuple[Label, ...] = ()

    def of(self, kind: str) -> list[Any]:
        """The entries of one list."""
        return [label.value for label in self.labels if label.kind == kind]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a notice plays. ``county``: 临湘市; ``rank``: its 县, 市 or 区; ``year``: the notice's."""

    county: str
    rank: str
    towns: tuple[str, ...]
    year: int


def government(town: str) -> str:
    """Who governs a town: 街道 have no government of their own."""
    return town + ("办事处" if town.endswith("街道") else "人民政府")


def join(parts: Iterable[Marked]) -> Marked:
    """One text after the other."""
    parts = list(parts)
    return Marked("".join(p.text for p in parts), tuple(label for p in parts for label in p.labels))


def plain(text: str) -> Marked:
    """Text without labels."""
    return Marked(text)


def unit(name: str) -> Marked:
    """A unit that acts or is responsible."""
    return Marked(name, (Label("organizations", name),))


def fill(template: str, setting: Setting, dice: Random) -> Marked:
    """The template with the setting's names and with figures and dates as the dice fall."""
    town = dice.choice(setting.towns)
    named = template.replace("@", setting.county).replace("*", setting.rank).replace("#", town)
    named = named.replace("%", government(town))
    parts: list[Marked] = []
    at = 0
    for mark in _MARK.finditer(named):
        parts += [plain(named[at : mark.start()]), _marked(mark, setting, dice)]
        at = mark.end()
    return join([*parts, plain(named[at:])])


def _marked(mark: re.Match[str], setting: Setting, dice: Random) -> Marked:
    if mark["unit_name"]:
        return unit(mark["unit_name"])
    if mark["title"]:
        return Marked(mark["title"], (Label("documents", mark["title"]),))
    if mark["date"]:
        return date(mark["date"], setting.year - dice.randint(0, 1), dice.randint(1, 12), dice)
    return _figure(mark["low"], mark["high"], mark["unit"], dice)


def _figure(low: str, high: str, unit: str, dice: Random) -> Marked:
    # No whole decimals: 3.0公里 is never printed.
    value = (
        f"{dice.randint(int(float(low)), int(float(high)))}.{dice.randint(1, 9)}"
        if "." in low
        else str(dice.randint(int(low), int(high)))
    )
    return Marked(f"{value}{unit}", (Label("quantities", {"value": value, "unit": unit, "text": f"{value}{unit}"}),))


def date(precision: str, year: int, month: int, dice: Random) -> Marked:
    """``d`` a day, ``m`` a month, ``s`` the end of a month."""
    iso, text = f"{year}-{month:02}", f"{year}年{month}月"
    if precision == "d":
        day = dice.randint(1, _MONTH_DAYS)
        iso, text = f"{iso}-{day:02}", f"{text}{day}日"
    if precision == "s":
        text += "底"
    return Marked(text, (Label("dates", {"iso": iso, "text": text}),))


def reshaped(value: Any, shape: Callable[[str], str]) -> Any:
    """Labels in the notice's own digits and punctuation; what is normalised (iso, value, enums) stays."""
    if isinstance(value, str):
        return shape(value)
    if isinstance(value, list):
        return [reshaped(part, shape) for part in value]
    if isinstance(value, dict):
        return {key: part if key in _NORMALISED else reshaped(part, shape) for key, part in value.items()}
    return value


_NORMALISED = frozenset({"iso", "nth", "value", "detail", "kind", "level", "what", "category_label", "notice", "file"})
