"""What models are asked to fill: the classes behind the ``output`` names of the prompts, and their JSON Schemas.

The extraction's shape is made from the records themselves: a grounded value, a date or a quantity becomes the verbatim
string that the model must give, and what code works out (ids, spans, ISO dates, verifiable) is left out. So a key added
to a record is asked of the model too.
"""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from bot import records
from bot.schemas import close_schema

_VERBATIM = (records.Grounded, records.Date, records.Quantity)
_BY_CODE = frozenset({"id", "span", "verifiable"})


class Said(BaseModel):
    """Base of everything a model says: closed, nothing converted (a string is no number)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Planned(Said):
    """What can be said of a question's plan (``bot.qa.question.Plan``) from the question and the conversation alone."""

    question: str
    route: records.Route
    over: records.Over
    want: records.Want
    unit: str | None
    places: list[str]
    years: list[str]
    yes_no: bool


class CitedText(Said):
    """A sentence or paragraph with the numbers of the passages that prove it."""

    text: str
    citations: list[int]


class Overview(Said):
    """The overview of a summary."""

    sentences: list[CitedText]


class Drafted(Said):
    """The paragraphs of one section of a briefing."""

    paragraphs: list[CitedText]


class JudgedSentence(Said):
    """Whether the sources support sentence ``n``; the reason comes first, so that the verdict follows from it."""

    n: int
    reason: str
    verdict: Literal["supported", "partly", "unsupported", "contradicted"]


class JudgedPoint(Said):
    """Whether point ``n`` is covered."""

    n: int
    reason: str
    covered: bool


class Judged(Said):
    """A judge's opinion of a text."""

    sentences: list[JudgedSentence]
    points: list[JudgedPoint]


@cache
def said_item() -> type[BaseModel]:
    """``records.Item`` as a model gives it."""
    return _said(records.Item, "Item")


@cache
def section() -> type[BaseModel]:
    """What a section of a notice is read into."""
    given: dict[str, Any] = {"items": (list[said_item()], Field())}  # type: ignore[misc]
    return create_model("Section", __base__=Said, **given)


def _said(cls: type, name: str, leaf: bool = False) -> type[BaseModel]:
    """A model class with the keys of a record that a model can know; one level of ``sub_measures``."""
    hints = get_type_hints(cls)
    given: dict[str, Any] = {}
    for field in fields(cls):
        if field.name in _BY_CODE or (leaf and field.name == "sub_measures"):
            continue
        given[field.name] = (_type(hints[field.name], cls), Field())
    return create_model(name, __base__=Said, **given)


def _type(hint: Any, owner: type) -> Any:
    if hint in _VERBATIM:
        return str
    if is_dataclass(hint) and isinstance(hint, type):
        inner = hint is owner
        return _said(hint, f"Sub{hint.__name__}" if inner else hint.__name__, leaf=inner)
    origin = get_origin(hint)
    if origin is tuple:
        return list[_type(get_args(hint)[0], owner)]  # type: ignore[misc]
    if origin in (Union, types.UnionType):
        return Union[tuple(dict.fromkeys(_type(part, owner) for part in get_args(hint)))]  # noqa: UP007
    return hint


def output_class(name: str) -> type[BaseModel]:
    """The class behind a prompt's ``output`` name. Raises ``KeyError``."""
    plain: dict[str, type[BaseModel]] = {
        "planned": Planned,
        "overview": Overview,
        "drafted": Drafted,
        "judged": Judged,
    }
    return section() if name == "section" else plain[name]


def output_schema(name: str) -> dict[str, Any]:
    """The closed JSON Schema that a model is held to, every key required."""
    return {key: part for key, part in close_schema(output_class(name), title=name).items() if key != "$schema"}


# -- reading what came back --------------------------------------------------------------------------------------------


class Unreadable(ValueError):
    """A model's text is not what was asked for; ``findings``: what is wrong, as the model is told."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("；".join(findings))
        self.findings = findings


def read_output(name: str, text: str) -> BaseModel:
    """A model's text as the class behind ``name``. Raises ``Unreadable``. The only place that parses model output."""
    try:
        return output_class(name).model_validate(json_in(text))
    except ValidationError as error:
        raise Unreadable([_finding(dict(fault)) for fault in error.errors()[:_SHOWN]]) from error


_SHOWN = 8
_WRONG = {
    "missing": "缺少这个键",
    "extra_forbidden": "不应有这个键",
    "literal_error": "取值不在规定的范围内",
    "string_type": "应是字符串",
    "list_type": "应是数组",
    "int_type": "应是整数",
    "bool_type": "应是true或false",
    "model_type": "应是对象",
}


def _finding(fault: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in fault["loc"] if not isinstance(part, str) or "[" not in part)
    return f"{where or '整个输出'}：{_WRONG.get(fault['type'], fault['msg'])}"


def json_in(text: str) -> Any:
    """The JSON document in a model's text, a code fence or words around it passed over. Raises ``Unreadable``."""
    start = min((at for mark in "{[" if (at := text.find(mark)) >= 0), default=-1)
    if start < 0:
        raise Unreadable(["输出中没有JSON"])
    try:
        # raw_decode stops at the end of the document: what stands behind it does not matter.
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except ValueError as error:
        raise Unreadable(["JSON不完整或有语法错误"]) from error
    except RecursionError as error:
        raise Unreadable(["JSON嵌套过深"]) from error
