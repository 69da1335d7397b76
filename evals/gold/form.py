"""The form of a label file: its keys, its enums, and how YAML becomes plain values.

Every scalar is read as a string (so `2021-05-19` and `0.043` stay as printed), except true, false and null.
This module knows nothing of the notice's text; `compile` does.
"""

import re
from pathlib import Path
from typing import Any

import yaml

KINDS = {"inspection", "environmental", "audit", "other"}
LEVELS = {"province", "city", "county", "town", "village"}
COUNTED = {"problems", "completed", "measures", "categories", "units", "other"}
DETAILS: dict[str, set[str | None]] = {
    "completed": {"closed_off", "completed", None},
    "ongoing": {"basically_completed", "on_schedule", "in_progress", "behind", "not_started", None},
    "long_term": {"long_term", None},
    "not_stated": {None},
}
ALL_DETAILS = set().union(*DETAILS.values())

ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?")
META_DATES = ("inspection_start", "inspection_end", "feedback_date", "signed_date", "published_date")
STRING_LISTS = ("documents", "organizations", "responsible_units", "responsible_persons", "accountability")

# Keys of each mapping: required, then optional.
TOP = ({"notice", "file", "held_out", "labelled_by", "meta", "items"}, {"note"})
META = (
    {"title", "issuer", "inspected", "inspector", "kind", *META_DATES, "declared_counts", "places"},
    {"kind_quote"},
)
ITEM = (
    {"label", "category", "category_label", "problem", "end", "measures", "status"}
    | {"dates", "documents", "organizations", "quantities"},
    {"start", "responsible_units", "responsible_persons", "deadline", "target", "accountability", "note"},
)
MEASURE = ({"marker", "text", "verifiable"}, {"sub"})
STATUS = ({"value", "detail", "quotes"}, set[str]())
DATE = ({"iso", "text"}, {"nth"})
QUANTITY = ({"value", "unit", "text"}, {"nth"})
COUNT = ({"what", "value", "unit", "text"}, {"nth"})
PLACE = ({"text", "level"}, {"canonical", "nth"})
STRING = ({"text"}, {"nth"})
PASSAGE = ({"from", "to"}, {"nth"})


class LabelLoader(yaml.SafeLoader):
    """YAML of strings, true, false and null, in which a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key that stands twice: YAML would silently keep the last."""
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


LabelLoader.yaml_implicit_resolvers = {}
LabelLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
LabelLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])


def read(path: Path) -> dict[str, Any]:
    """The mapping in one label file. Raises `yaml.YAMLError` or `TypeError` where there is none."""
    labels = yaml.load(path.read_text(encoding="utf-8"), Loader=LabelLoader)
    if not isinstance(labels, dict):
        raise TypeError("a label file is a mapping")
    return labels


def form_faults(labels: dict[str, Any]) -> list[str]:
    """Unknown and missing keys, enum violations, malformed dates, repeated item labels."""
    faults = _keys(labels, TOP, "file")
    meta = labels.get("meta")
    faults += _meta(meta) if isinstance(meta, dict) else ["meta: not a mapping"]
    items = labels.get("items") or []
    for item in items:
        faults += _item(item) if isinstance(item, dict) else [f"item {item!r}: not a mapping"]
    names = [item.get("label") for item in items if isinstance(item, dict)]
    faults += [f"label {name} stands twice" for name in sorted({str(n) for n in names if names.count(n) > 1})]
    return faults


def _keys(value: Any, allowed: tuple[set[str], set[str]], where: str) -> list[str]:
    required, optional = allowed
    if not isinstance(value, dict):
        return [f"{where}: expected a mapping with {sorted(required)}, got {value!r}"]
    unknown, missing = set(value) - required - optional, required - set(value)
    return [f"{where}: unknown key {key}" for key in sorted(map(str, unknown))] + [
        f"{where}: key {key} is missing" for key in sorted(missing)
    ]


def _enum(value: Any, allowed: set[Any], where: str) -> list[str]:
    return [] if value in allowed else [f"{where}: {value!r} is none of {sorted(map(str, allowed))}"]


def _list(value: Any, where: str) -> tuple[list[Any], list[str]]:
    if value is None:
        return [], []
    return (value, []) if isinstance(value, list) else ([], [f"{where}: not a list"])


def _string(value: Any, where: str) -> list[str]:
    """A printed string: plain, `{text, nth}` or `{from, to, nth}`."""
    if isinstance(value, dict):
        faults = _keys(value, PASSAGE if "from" in value else STRING, where)
        parts = [value.get(key) for key in ("from", "to", "text") if key in value]
    else:
        faults, parts = [], [value]
    if not all(isinstance(part, str) and part for part in parts):
        faults.append(f"{where}: not a string: {value!r}")
    if isinstance(value, dict) and not str(value.get("nth", "1")).isdigit():
        faults.append(f"{where}: nth is not a number")
    return faults


def _date(value: Any, where: str) -> list[str]:
    faults = _keys(value, DATE, where)
    if not faults and not ISO.fullmatch(str(value["iso"])):
        faults.append(f"{where}: iso {value['iso']!r} is not YYYY, YYYY-MM, YYYY-MM-DD or a/b of these")
    return faults


def _figure(value: Any, allowed: tuple[set[str], set[str]], where: str) -> list[str]:
    """A quantity or declared count: value and unit are those of the printed text."""
    faults = _keys(value, allowed, where)
    if faults:
        return faults
    number, unit, printed = (str(value[key] or "") for key in ("value", "unit", "text"))
    for part in number.split("/"):
        if part not in printed.translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%")).replace(",", ""):
            faults.append(f"{where}: value {part!r} is not printed in {printed!r}")
    if unit and unit not in printed:
        faults.append(f"{where}: unit {unit!r} is not printed in {printed!r}")
    return faults


def _meta(meta: dict[str, Any]) -> list[str]:
    faults = _keys(meta, META, "meta") + _enum(meta.get("kind"), KINDS, "meta.kind")
    for key in ("title", "inspected", "inspector", "kind_quote"):
        faults += _string(meta[key], f"meta.{key}") if meta.get(key) is not None else []
    for key in META_DATES:
        faults += _date(meta[key], f"meta.{key}") if meta.get(key) is not None else []
    issuers, wrong = _list(meta.get("issuer"), "meta.issuer")
    faults += wrong + [f for issuer in issuers for f in _string(issuer, "meta.issuer")]
    counts, wrong = _list(meta.get("declared_counts"), "meta.declared_counts")
    faults += wrong
    for count in counts:
        faults += _figure(count, COUNT, "meta.declared_counts")
        faults += _enum(count.get("what"), COUNTED, "meta.declared_counts.what") if isinstance(count, dict) else []
    places, wrong = _list(meta.get("places"), "meta.places")
    faults += wrong
    for place in places:
        faults += _keys(place, PLACE, "meta.places")
        faults += _enum(place.get("level"), LEVELS, "meta.places.level") if isinstance(place, dict) else []
    return faults


def _item(item: dict[str, Any]) -> list[str]:
    where = f"item {item.get('label')}"
    faults = _keys(item, ITEM, where)
    label = item.get("label")
    if not isinstance(label, str) or re.search(r"[（）．、\s]|[.]$", label):
        faults.append(f"{where}: a label is the number path with ASCII brackets and no punctuation")
    for key in ("category", "problem", "end", "start", "target"):
        faults += _string(item[key], f"{where}: {key}") if item.get(key) is not None else []
    faults += [f"{where}: {key} is null" for key in ("problem", "end") if item.get(key, "") is None]
    faults += _status(item.get("status"), where)
    faults += _lists(item, where)
    deadline = item.get("deadline")
    if isinstance(deadline, dict) and "iso" in deadline:
        faults += _date(deadline, f"{where}: deadline")
    elif deadline is not None:
        faults += _string(deadline, f"{where}: deadline")
    measures, wrong = _list(item.get("measures"), f"{where}: measures")
    return faults + wrong + [f for measure in measures for f in _measure(measure, where, depth=1)]


def _lists(item: dict[str, Any], where: str) -> list[str]:
    faults = []
    for key in STRING_LISTS:
        values, wrong = _list(item.get(key), f"{where}: {key}")
        faults += wrong + [f for value in values for f in _string(value, f"{where}: {key}")]
    dates, wrong = _list(item.get("dates"), f"{where}: dates")
    faults += wrong + [f for date in dates for f in _date(date, f"{where}: dates")]
    quantities, wrong = _list(item.get("quantities"), f"{where}: quantities")
    return faults + wrong + [f for q in quantities for f in _figure(q, QUANTITY, f"{where}: quantities")]


def _status(status: Any, where: str) -> list[str]:
    faults = _keys(status, STATUS, f"{where}: status")
    if faults:
        return faults
    faults += _enum(status["value"], set(DETAILS), f"{where}: status.value")
    faults += _enum(status["detail"], ALL_DETAILS, f"{where}: status.detail")
    if not faults and status["detail"] not in DETAILS[status["value"]]:
        faults.append(f"{where}: status {status['value']} cannot have detail {status['detail']}")
    quotes, wrong = _list(status["quotes"], f"{where}: status.quotes")
    faults += wrong + [f for quote in quotes for f in _string(quote, f"{where}: status.quotes")]
    if not faults and bool(quotes) == (status["value"] == "not_stated"):
        faults.append(f"{where}: a stated status has quotes, not_stated has none")
    return faults


def _measure(measure: Any, where: str, depth: int) -> list[str]:
    faults = _keys(measure, MEASURE, f"{where}: measure")
    if faults:
        return faults
    name = f"{where}: measure {measure['marker']}"
    faults += _string(measure["text"], name)
    if not isinstance(measure["verifiable"], bool):
        faults.append(f"{name}: verifiable is true or false")
    subs, wrong = _list(measure.get("sub"), f"{name}: sub")
    if subs and depth > 1:
        faults.append(f"{name}: only one level of sub")
    return faults + wrong + [f for sub in subs for f in _measure(sub, where, depth + 1)]
