"""The JSON Schemas: what the commands print satisfies them, and nothing else does."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from bot import records as r
from bot.schemas import DOCUMENTS, SchemaName, from_data, from_json, json_schema, to_data, to_json

G = r.Grounded("文字", (0, 2))
D = r.Date("2021-05", "2021年5月", (0, 7))
VERIFIABLE = r.Verifiable(True, "quantity")
MEASURE = r.Measure("一是", "清理30吨。", (0, 6), VERIFIABLE, (r.Measure(None, "清理", (0, 2), VERIFIABLE),))
STATUS = r.Status("completed", "closed_off", (G,))
ITEM = r.Item(
    "通报#一/1", "一/1", G, "一", G, (0, 9), (MEASURE,), STATUS, (D,), (G,), (G,),
    (r.Quantity("30", "吨", "30吨", (0, 3)),), (G,), (G,), D, G, (G,),
)  # fmt: skip
NOTICE = r.Notice(
    "通报", "通报.txt", G, (G,), G, G, r.NoticeKind("inspection", G), D, D, D, D, D,
    (r.DeclaredCount("problems", "3", "个", "3个", (0, 2)),), (r.Place("甲县", (0, 2), "county", "甲县"),), ("乙省",),
    "文字", ((0, 2),), r.Source("通报.txt", "0" * 64, "txt", "utf-8", ("修复",), ("页脚",)),
)  # fmt: skip
CITATION = r.Citation(1, "通报", "通报.txt", "标题", 0, 2, "文字")
FULL: dict[str, object] = {
    "notice": NOTICE,
    "item": ITEM,
    "extraction": r.Extraction(
        "1.0", NOTICE, (ITEM,), (r.Check("count", "差异", "3", "2", ((0, 2),)),),
        r.ExtractionRun("rules", "ok", (r.SectionResult((0, 2), "ok", ("错",)),), "model", "extract@1", ("注意",)),
    ),
    "answer": r.Answer(
        "问", "answered", "答[1]", "30吨", "no_evidence", "lookup", "extractive", r.Value("30", "吨"), (CITATION,),
        (CITATION,), ("通报#一/1",), r.Considered(1, 1), ("注意",), {"total": 1.5},
    ),
    "summary": r.Summary(
        "问", (r.SummaryGroup("通报", "通报.txt", "通报#一/1", G, (MEASURE,), STATUS),),
        (r.OverviewSentence("句", (1,)),), (CITATION,), r.Coverage(1, 1, 1), "extractive", ("注意",),
    ),
    "briefing": r.Briefing(
        "标题", (r.Section("一、", 1, (r.Paragraph("段", False, (1,)),)),),
        (r.Figure("30吨", "30", "吨", (1,), ("通报#一/1",)),), (CITATION,), ("通报#一/1",),
    ),
}  # fmt: skip
"""One record of each document with every field filled."""

NAMES = sorted(get_args(SchemaName))


def objects(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all objects with fixed keys in a document (``timings_ms`` is a free mapping)."""
    if isinstance(node, dict):
        if path[-1:] != ("timings_ms",):
            yield path
        for key, part in node.items():
            yield from objects(part, (*path, key))
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from objects(part, (*path, index))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    """The part of a document that a path leads to."""
    for step in path:
        document = document[step]
    return document


def test_every_document_has_a_schema() -> None:
    """The names that the command takes are those of the documents."""
    assert sorted(DOCUMENTS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one(name: SchemaName) -> None:
    """It is a valid draft 2020-12 schema and names its dialect."""
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", NAMES)
def test_a_full_document_satisfies_its_schema(name: SchemaName) -> None:
    """With every field filled, nested ones included, the document is valid."""
    assert list(Draft202012Validator(json_schema(name)).iter_errors(to_data(FULL[name]))) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_required_and_no_other_allowed(name: SchemaName) -> None:
    """Taking away any key of any object, or adding a stray one, makes the document invalid."""
    validator = Draft202012Validator(json_schema(name))
    document = to_data(FULL[name])
    accepted: list[tuple[Any, ...]] = []
    tried = 0
    for path in objects(document):
        for key in at(document, path):
            if (path[-1:], key) == (("deadline",), "iso"):
                continue  # a deadline is a date or the words alone: without iso it is the second
            less = copy.deepcopy(document)
            del at(less, path)[key]
            accepted += [(*path, key)] if validator.is_valid(less) else []
            tried += 1
        more = copy.deepcopy(document)
        at(more, path)["stray"] = None
        accepted += [(*path, "stray")] if validator.is_valid(more) else []
    assert (accepted, tried > len(document)) == ([], True)


@pytest.mark.parametrize("name", NAMES)
def test_enumerated_values_are_closed(name: SchemaName) -> None:
    """A word outside an enumeration, and a number where text belongs, are refused."""
    validator = Draft202012Validator(json_schema(name))
    document = to_data(FULL[name])
    for path in objects(document):
        for key, value in at(document, path).items():
            if not isinstance(value, str):
                continue
            wrong = copy.deepcopy(document)
            at(wrong, path)[key] = 7
            assert not validator.is_valid(wrong), (path, key)
            closed = _is_enumerated(path, key)
            wrong = copy.deepcopy(document)
            at(wrong, path)[key] = "no such word"
            assert validator.is_valid(wrong) is not closed, (path, key)


def _is_enumerated(path: tuple[Any, ...], key: str) -> bool:
    where = next((step for step in reversed(path) if isinstance(step, str)), "")
    return (where, key) in {
        ("kind", "value"), ("status", "value"), ("status", "detail"), ("declared_counts", "what"), ("places", "level"),
        ("checks", "kind"), ("extraction", "mode"), ("extraction", "status"), ("sections", "status"),
    } or (where == "" and key in {"status", "reason", "route", "mode"})  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_records_come_back_from_json(name: SchemaName) -> None:
    """What is written as JSON is read as the same record."""
    record = FULL[name]
    assert from_json(DOCUMENTS[name], to_json(record)) == record
    assert from_data(DOCUMENTS[name], to_data(record)) == record
