"""Records to JSON and back, and the JSON Schemas (draft 2020-12) of the documents that the commands print.

The schemas are generated from the records, closed, with every key required. Knows nothing of stages or commands.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter

from bot import records

T = TypeVar("T")

SchemaName = Literal["notice", "item", "extraction", "answer", "summary", "briefing"]

DOCUMENTS: dict[str, type] = {
    "notice": records.Notice,
    "item": records.Item,
    "extraction": records.Extraction,
    "answer": records.Answer,
    "summary": records.Summary,
    "briefing": records.Briefing,
}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def adapter(cls: Any) -> TypeAdapter[Any]:
    """The pydantic adapter of a record class, built once."""
    return _built(cls)


@cache
def _built(cls: Any) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def to_json(record: object, *, indent: int | None = None) -> str:
    """One JSON document; Chinese stays readable."""
    return adapter(type(record)).dump_json(record, indent=indent).decode()


def to_data(record: object) -> Any:
    """Plain lists, dicts, strings and numbers, as in JSON."""
    return adapter(type(record)).dump_python(record, mode="json")


def from_json(cls: type[T], text: str | bytes) -> T:
    """The record back from its JSON. Raises ``pydantic.ValidationError``."""
    record: T = adapter(cls).validate_json(text)
    return record


def from_data(cls: type[T], data: Any) -> T:
    """The record back from plain data. Raises ``pydantic.ValidationError``."""
    record: T = adapter(cls).validate_python(data)
    return record


def _close(node: Any) -> Any:
    """Close every object, require all its keys, drop defaults and generated titles."""
    if isinstance(node, list):
        return [_close(part) for part in node]
    if not isinstance(node, dict):
        return node
    closed = {
        key: _close(part) for key, part in node.items() if key not in {"default", "title"} or isinstance(part, dict)
    }
    properties = closed.get("properties")
    if closed.get("type") == "object" and properties:
        closed["required"] = list(properties)
        closed["additionalProperties"] = False
    return closed


def json_schema(name: SchemaName) -> dict[str, Any]:
    """The JSON Schema of one document, by the name that ``zhenggai schema`` takes."""
    return close_schema(DOCUMENTS[name], title=name)


def close_schema(cls: type, *, title: str) -> dict[str, Any]:
    """The closed schema of any record class; what a model is asked to fill comes from here too."""
    raw = adapter(cls).json_schema(mode="serialization", ref_template="#/$defs/{model}")
    closed: dict[str, Any] = _close(raw)
    return {"$schema": _DIALECT, "title": title} | closed
