"""Turn gold labels (strings a reader copied from a notice) into the extraction document with offsets.

Every string is resolved to `[start, end)` code-point offsets in the notice's text; what does not stand there,
or stands there more often than it is labelled, is a fault, never a guess. Nothing here knows how the product
extracts. Not labelled, so empty in the result: places_derived, unassigned, source, checks, extraction.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.errors import InputError
from bot.notices.load import load
from evals.gold.form import META_DATES, form_faults, read

ROOT = Path(__file__).resolve().parents[2]
EXTRACTION = Path(__file__).resolve().parent / "extraction"

TITLES = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
MARKER_TAIL = "、，,:：.．。;； \t\r\n\u3000\xa0"
# What may stand in an item's rectification text outside its measures: lead words, form lines, punctuation.
LEADS = re.compile(
    r"(?:责任单位|牵头单位|责任人|责任领导|整改时限|完成时限|整改目标|整改结果|完成情况|完成时间)[^\n]*"
    r"|(?:主要)?(?:整改|落实|落實|具体)*(?:措施|情况|情況|进展|進展|成效|及|和|、)+(?:[:：]|$)"
    r"|[\s”』」\"问問题題。.:：；;，,]"
)
# The last character continues a number begun before it (a list number before it is none: 3.2023年).
INSIDE_NUMBER = re.compile(r"\d\d$|[^\s\d。；;]\d+\.\d$|[二三四五六七八九十百][二三四五六七八九十]$|十一$")
# Fields with a line of their own in forms: a string that stands on that line and elsewhere is meant on that line.
LINES = {
    "responsible_units": re.compile("(?:责任|牵头|整改)(?:单位|部门)"),
    "responsible_persons": re.compile("责任(?:人|领导)|负责人"),
    "status.quotes": re.compile("整改结果|完成情况"),
    "deadline": re.compile("时限|期限|完成时间"),
    "target": re.compile("目标"),
}
FOLD = str.maketrans("（）［］【】", "()[][]")


class GoldFaults(ValueError):
    """What is wrong with one label file, each fault a sentence."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults; the message is all of them."""
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Report:
    """What one label file yields: faults make it invalid, notes deserve a second look."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: str = ""


class Span(NamedTuple):
    """Code-point offsets into the notice's text, end exclusive."""

    start: int
    end: int


class Window(NamedTuple):
    """Where a string is searched, and how that place is called in a fault."""

    text: str
    start: int
    end: int
    where: str
    report: Report

    def fault(self, message: str) -> None:
        """Record that a label is wrong."""
        self.report.faults.append(f"{self.where}: {message}")

    def note(self, message: str) -> None:
        """Record that a label looks odd."""
        self.report.notes.append(f"{self.where}: {message}")

    def at(self, where: str, start: int | None = None, end: int | None = None) -> "Window":
        """The same text under another name, or a part of it."""
        return self._replace(
            where=where,
            start=self.start if start is None else start,
            end=self.end if end is None else end,
        )


def load_labels(path: Path) -> dict[str, Any]:
    """Read one label file and check its form. Raises `GoldFaults`."""
    try:
        labels = read(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise GoldFaults([f"unreadable: {error}"]) from error
    faults = form_faults(labels)
    if labels.get("notice") != path.stem:
        faults.append(f"notice {labels.get('notice')!r} is not the name of the file")
    if faults:
        raise GoldFaults(faults)
    return labels


def notice_text(labels: dict[str, Any]) -> str:
    """The text that the offsets count in: the one the product's loader makes. Raises `GoldFaults`."""
    path = ROOT / labels["file"]
    try:
        return load(path.read_bytes(), path.name).text
    except (OSError, InputError) as error:
        raise GoldFaults([f"{labels['file']}: {error}"]) from error


def compile_labels(labels: dict[str, Any], text: str) -> dict[str, Any]:
    """The extraction document (SPEC sections 3 and 4) that the labels describe. Raises `GoldFaults`."""
    report = Report()
    document = _document(labels, text, report)
    if report.faults:
        raise GoldFaults(report.faults)
    return document


def check_file(path: Path) -> Report:
    """Compile one label file: its notes and counts. Raises `GoldFaults`."""
    labels = load_labels(path)
    report = Report()
    document = _document(labels, notice_text(labels), report)
    if report.faults:
        raise GoldFaults(report.faults)
    report.counts = _counts(document["items"])
    return report


def _counts(items: list[dict[str, Any]]) -> str:
    lists = ("measures", "dates", "documents", "organizations", "quantities", "accountability")
    totals = {name: sum(len(item[name]) for item in items) for name in lists}
    totals["sub_measures"] = sum(len(m["sub_measures"]) for item in items for m in item["measures"])
    statuses = [item["status"]["value"] for item in items]
    totals |= {value: statuses.count(value) for value in sorted(set(statuses))}
    return f"{len(items)} items, " + ", ".join(f"{name} {number}" for name, number in totals.items())


def _document(labels: dict[str, Any], text: str, report: Report) -> dict[str, Any]:
    whole = Window(text, 0, len(text), "meta", report)
    items: list[dict[str, Any]] = []
    for raw in labels["items"] or []:
        compiled = _item(raw, labels["notice"], whole.at(f"item {raw['label']}", start=_last_end(items)))
        items += [compiled] if compiled else []
    return {
        "schema_version": "gold",
        "notice": _notice(labels, whole),
        "items": items,
        "checks": [],
        "extraction": {
            "mode": "rules", "status": "ok", "sections": [], "model": None, "prompt": None, "warnings": [],
        },
    }  # fmt: skip


def _last_end(items: list[dict[str, Any]]) -> int:
    return int(items[-1]["span"][1]) if items else 0


# --- the notice -----------------------------------------------------------------------------------------------


def _notice(labels: dict[str, Any], whole: Window) -> dict[str, Any]:
    meta = labels["meta"]
    dates = {key: _meta_date(meta[key], whole.at(f"meta.{key}"), key) for key in META_DATES}
    return {
        "id": labels["notice"],
        "file": Path(labels["file"]).name,
        "title": _first(meta["title"], whole.at("meta.title")),
        "issuer": [g for raw in meta["issuer"] or [] if (g := _signature(raw, whole.at("meta.issuer")))],
        "inspected": _inspected(meta["inspected"], whole.at("meta.inspected")),
        "inspector": _first(meta["inspector"], whole.at("meta.inspector")),
        "kind": {"value": meta["kind"], "quote": _first(meta.get("kind_quote"), whole.at("meta.kind_quote"))},
        **dates,
        "declared_counts": [
            {key: raw[key] for key in ("what", "value", "unit")} | g
            for raw in meta["declared_counts"] or []
            if (g := _first(raw, whole.at("meta.declared_counts")))
        ],
        "places": [
            g | {"level": raw["level"], "canonical": raw.get("canonical", raw["text"])}
            for raw in meta["places"] or []
            if (g := _first(raw, whole.at("meta.places")))
        ],
        "places_derived": [],
        "text": whole.text,
        "unassigned": [],
        "source": {"file": labels["file"], "sha256": "", "format": "", "encoding": "", "repairs": [], "cut": []},
    }


def _first(raw: Any, window: Window) -> dict[str, Any] | None:
    """The first place (or the nth) of a metadata string."""
    if raw is None:
        return None
    spans = _spans(raw, window)
    number = _nth(raw) or 1
    if len(spans) < number:
        window.fault(f"{_shown(raw)} does not stand in the notice{f' {number} times' if number > 1 else ''}")
        return None
    return _grounded(spans[number - 1], window)


def _signature(raw: Any, window: Window) -> dict[str, Any] | None:
    """The last place where the string has a line of its own, else the first."""
    lines = [span for span in _spans(raw, window) if _own_line(span, window.text)]
    return _grounded(lines[-1], window) if lines and not _nth(raw) else _first(raw, window)


def _inspected(raw: Any, window: Window) -> dict[str, Any] | None:
    """The first place after 对/向/入驻, else the first: a unit is named in titles and menus too."""
    if raw is None or _nth(raw):
        return _first(raw, window)
    spans = [s for s in _spans(raw, window) if window.text[: s.start].endswith(("对", "向", "入驻"))]
    return _grounded(spans[0], window) if spans else _first(raw, window)


def _own_line(span: Span, text: str) -> bool:
    before, after = text[: span.start].rpartition("\n")[2], text[span.end :].partition("\n")[0]
    return not before.strip() and not after.strip()


def _meta_date(raw: Any, window: Window, key: str) -> dict[str, Any] | None:
    if raw is None:
        return None
    grounded = (_signature if key == "signed_date" else _first)(raw, window)
    return {"iso": raw["iso"]} | grounded if grounded else None


# --- an item --------------------------------------------------------------------------------------------------


def _item(raw: dict[str, Any], notice: str, rest: Window) -> dict[str, Any] | None:
    """One item; `rest` is the text after the former item. None (and a fault) where it cannot be placed."""
    spans = _spans(raw["problem"], rest)
    number = _nth(raw["problem"]) or 1
    if len(spans) < number:
        rest.fault(f"problem {_shown(raw['problem'])} does not stand after the former item")
        return None
    problem = spans[number - 1]
    start = _heading_start(raw.get("start"), problem, rest)
    measures = _measures(raw["measures"] or [], rest.at(rest.where, start=problem.end))
    end = _item_end(raw["end"], max([problem.end] + [m["span"][1] for m in measures]), rest)
    if end is None:
        return None
    window = rest.at(rest.where, start=start, end=end)
    first_measure = measures[0]["span"][0] if measures else problem.end
    return {
        "id": f"{notice}#{raw['label']}",
        "label": raw["label"],
        "category": _category(raw["category"], rest, problem.start),
        "category_label": raw["category_label"],
        "problem": _grounded(problem, rest),
        "span": [start, end],
        "measures": measures,
        "status": {
            "value": raw["status"]["value"],
            "detail": raw["status"]["detail"],
            "quotes": _list(raw["status"]["quotes"], window, "status.quotes"),
        },
        "dates": _list(raw["dates"], window, "dates", keep=("iso",)),
        "documents": _list(raw["documents"], window.at(window.where, start=first_measure), "documents"),
        "organizations": _list(raw["organizations"], window, "organizations"),
        "quantities": _list(raw["quantities"], window, "quantities", keep=("value", "unit")),
        "responsible_units": _list(raw.get("responsible_units"), window, "responsible_units"),
        "responsible_persons": _list(raw.get("responsible_persons"), window, "responsible_persons"),
        "deadline": _deadline(raw.get("deadline"), window.at(f"{window.where}: deadline")),
        "target": _lined(raw.get("target"), window.at(f"{window.where}: target"), "target"),
        "accountability": _list(raw.get("accountability"), window, "accountability"),
    }


def _heading_start(raw: Any, problem: Span, rest: Window) -> int:
    """Where the item's heading begins: the label `start`, else the problem's line, else its sentence."""
    if raw is not None:
        before = [s.start for s in _spans(raw, rest.at(rest.where, end=problem.end)) if s.start <= problem.start]
        if before:
            return before[-1]
        rest.fault(f"start {_shown(raw)} does not stand between the former item and the problem")
    lead = rest.text[rest.start : problem.start]
    cut = max(lead.rfind(mark) for mark in "\n。；;！？!?") + 1
    while (cut < len(lead) and lead[cut].isspace()) or lead[cut : cut + 1] in ("”", "|"):
        cut += 1
    return rest.start + cut


def _item_end(raw: Any, reached: int, rest: Window) -> int | None:
    """The first place of the label `end` that closes at or after everything already placed."""
    for span in _spans(raw, rest):
        if span.end >= reached:
            return span.end
    rest.fault(f"end {_shown(raw)} does not stand at or after its last measure")
    return None


def _category(raw: Any, rest: Window, before: int) -> dict[str, Any] | None:
    if raw is None:
        return None
    spans = _spans(raw, rest.at(rest.where, start=0, end=before))
    if not spans:
        rest.fault(f"category {_shown(raw)} does not stand before the item")
        return None
    return _grounded(spans[-1], rest)


def _deadline(raw: Any, window: Window) -> dict[str, Any] | None:
    grounded = _lined(raw, window, "deadline")
    if grounded and isinstance(raw, dict) and "iso" in raw:
        return {"iso": raw["iso"]} | grounded
    return grounded


def _lined(raw: Any, window: Window, name: str) -> dict[str, Any] | None:
    """The place on the field's own form line, else the first."""
    if raw is None:
        return None
    spans = _on_line(name, _spans(raw, window), window.text)
    return _grounded(spans[0], window) if spans and not _nth(raw) else _first(raw, window)


# --- measures -------------------------------------------------------------------------------------------------


def _measures(raws: list[dict[str, Any]], window: Window) -> list[dict[str, Any]]:
    """Measures in order, none overlapping; text left between them becomes a note."""
    placed: list[dict[str, Any]] = []
    cursor = window.start
    for raw in raws:
        name = f"{window.where}: measure {raw['marker'] or '-'}"
        span = _measure_span(raw, window.at(name, start=cursor))
        if span is None:
            continue
        gap = window.text[cursor : span.start].rstrip(MARKER_TAIL)
        gap = gap.removesuffix(gap[len(gap) - len(raw["marker"] or "") :] if raw["marker"] else "")
        _note_gap(gap, window.at(name))
        subs = _measures(raw.get("sub") or [], window.at(name, start=span.start, end=span.end))
        if subs:
            _note_gap(window.text[subs[-1]["span"][1] : span.end], window.at(f"{name}: after its last sub"))
        placed.append({
            "marker": raw["marker"],
            **_grounded(span, window),
            "verifiable": {"value": raw["verifiable"], "reason": "gold"},
            "sub_measures": subs,
        })  # fmt: skip
        cursor = span.end
    return placed


def _measure_span(raw: dict[str, Any], window: Window) -> Span | None:
    spans = [s for s in _spans(raw["text"], window) if _marked(raw["marker"], s.start, window)]
    number = _nth(raw["text"]) or 1
    if len(spans) >= number:
        return spans[number - 1]
    if _spans(raw["text"], window):
        window.fault(f"{_shown(raw['text'])} does not follow the marker {raw['marker']!r}")
    elif _spans(raw["text"], window.at("", start=0)):
        window.fault(f"{_shown(raw['text'])} overlaps the measure before it or is out of order")
    else:
        window.fault(f"{_shown(raw['text'])} does not stand there")
    return None


def _marked(marker: str | None, start: int, window: Window) -> bool:
    """Whether the marker (full-width or half-width) stands right before `start`."""
    if marker is None:
        return True
    before = window.text[max(window.start, start - 20) : start].translate(FOLD).rstrip(MARKER_TAIL)
    return before.endswith(marker.translate(FOLD).rstrip(MARKER_TAIL))


def _note_gap(gap: str, window: Window) -> None:
    rest = LEADS.sub("", gap)
    if rest:
        window.note(f"no measure covers {_short(rest)}")


# --- strings --------------------------------------------------------------------------------------------------


def _list(raws: Any, window: Window, name: str, keep: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """One list of an item, in the order of the text: every mention placed, or a fault."""
    raws = raws or []
    window = window.at(f"{window.where}: {name}")
    outside = name in ("dates", "organizations", "quantities")
    candidates = {_key(raw): _spans(raw, window, outside_titles=outside) for raw in raws}
    placed: list[tuple[Span, Any]] = []
    for key, spans in candidates.items():
        same = [raw for raw in raws if _key(raw) == key]
        longer = [s for other, found in candidates.items() if other != key for s in found if _longer(s, spans)]
        free = [s for s in spans if not any(o.start <= s.start and s.end <= o.end for o in longer)]
        on_line = _on_line(name, free, window.text)
        free = on_line if len(on_line) >= sum(not _nth(raw) for raw in same) else free
        placed += zip(_choose(same, spans, free, window), same, strict=False)
    placed.sort(key=lambda pair: pair[0])
    order = [_key(raw) for _, raw in placed]
    if name in ("dates", "documents", "quantities") and order != [_key(raw) for raw in raws]:
        window.note("not in the order of the text (the result is sorted)")
    return [{key: raw[key] for key in keep} | _grounded(span, window) for span, raw in placed]


def _on_line(name: str, spans: list[Span], text: str) -> list[Span]:
    """Those of the places that stand on the field's own form line."""
    lead = LINES.get(name)
    return [s for s in spans if lead and lead.search(text[text.rfind("\n", 0, s.start) + 1 : s.start])]


def _longer(span: Span, others: Iterable[Span]) -> bool:
    return any(o.start >= span.start and o.end <= span.end and o != span for o in others)


def _choose(raws: list[Any], spans: list[Span], free: list[Span], window: Window) -> list[Span]:
    """The places of equal labels: those with `nth` as told, the others only if nothing is left over."""
    chosen: dict[int, Span] = {}
    for position, raw in enumerate(raws):
        number = _nth(raw)
        if number and number <= len(spans):
            chosen[position] = spans[number - 1]
        elif number:
            window.fault(f"{_shown(raw)} stands {len(spans)} times, not {number}")
            return []
    open_labels = [position for position in range(len(raws)) if position not in chosen]
    left = [span for span in free if span not in chosen.values()]
    if len(open_labels) > len(left):
        window.fault(f"{_shown(raws[0])} stands {len(left)} times here but is labelled {len(open_labels)} times")
        return []
    if open_labels and len(left) > len(open_labels):
        places = "; ".join(f"nth {spans.index(s) + 1}: …{_context(s, window.text)}…" for s in left)
        window.fault(f"{_shown(raws[0])} is ambiguous: label each mention or give nth. {places}")
        return []
    chosen |= dict(zip(open_labels, left, strict=False))
    return [chosen[position] for position in range(len(raws))]


def _spans(raw: Any, window: Window, outside_titles: bool = False) -> list[Span]:
    """Every place of a label in its window, numbers only as whole numbers.

    `outside_titles`: those inside 《》 count only where the string stands nowhere else (dates and organizations
    in a title are none, so that needs no nth).
    """
    if isinstance(raw, dict) and "from" in raw:
        return _passages(raw["from"], raw["to"], window)
    needle = raw["text"] if isinstance(raw, dict) else raw
    spans = [Span(at, at + len(needle)) for at in _places(needle, window)]
    if not outside_titles:
        return spans
    titles = [Span(*m.span()) for m in TITLES.finditer(window.text, window.start, window.end)]
    outside = [s for s in spans if not any(t.start <= s.start and s.end <= t.end for t in titles)]
    return outside or spans


def _passages(head: str, tail: str, window: Window) -> list[Span]:
    """Each passage from `head` to the nearest `tail` after it."""
    spans = []
    for at in _places(head, window):
        end = window.text.find(tail, at + len(head), window.end)
        if end < 0:
            end = window.text.find(tail, at, window.end)
        if end >= 0:
            spans.append(Span(at, end + len(tail)))
    return spans


def _places(needle: str, window: Window) -> list[int]:
    """Start of every occurrence that is not the tail of a longer number (2次 is not in 12次)."""
    places, at = [], window.text.find(needle, window.start, window.end)
    while at >= 0:
        if not INSIDE_NUMBER.search(window.text[max(0, at - 8) : at + 1]):
            places.append(at)
        at = window.text.find(needle, at + 1, window.end)
    return places


def _grounded(span: Span, window: Window) -> dict[str, Any]:
    return {"text": window.text[span.start : span.end], "span": [span.start, span.end]}


def _nth(raw: Any) -> int | None:
    return int(raw["nth"]) if isinstance(raw, dict) and raw.get("nth") else None


def _key(raw: Any) -> tuple[str, ...]:
    """Labels of the same printed string, however written."""
    if not isinstance(raw, dict):
        return (raw,)
    return (raw["from"], raw["to"]) if "from" in raw else (raw["text"],)


def _shown(raw: Any) -> str:
    return "“" + _short("…".join(_key(raw))) + "”"


def _short(text: str, limit: int = 40) -> str:
    text = text.replace("\n", "⏎")
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[-limit // 2 :]}"


def _context(span: Span, text: str, around: int = 8) -> str:
    return text[max(0, span.start - around) : span.end + around].replace("\n", "⏎")
