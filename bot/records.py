"""The typed records that move through the program, exactly as SPEC sections 3-5 name them.

All offsets are Python character offsets (code points) into ``Notice.text``, half-open ``[start, end)``. Records are
frozen dataclasses; tuples stand for JSON arrays. Nothing here knows how a record is made, stored or shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SCHEMA_VERSION = "1.0"

Span = tuple[int, int]
"""``(start, end)``: character offsets into ``Notice.text``, end exclusive."""

Kind = Literal["inspection", "environmental", "audit", "other"]
Level = Literal["province", "city", "county", "town", "village"]
What = Literal["problems", "completed", "measures", "categories", "units", "other"]
StatusValue = Literal["completed", "ongoing", "long_term", "not_stated"]
StatusDetail = Literal[
    "closed_off", "completed", "basically_completed", "on_schedule", "in_progress", "behind", "not_started", "long_term"
]
CheckKind = Literal["count", "numbering", "no_measure", "date_order", "duplicate"]
Mode = Literal["extractive", "llm"]
Route = Literal["lookup", "list", "count", "compare"]
Over = Literal["items", "measures", "notices", "sentence"]
"""What a list, count or comparison runs over."""
Want = Literal[
    "number", "money", "percent", "duration", "frequency", "date", "document", "docnumber",
    "organization", "place", "contact", "person", "status", "text",
]  # fmt: skip
"""The type of a short answer."""
Reason = Literal["out_of_scope", "no_evidence", "false_premise", "empty_store"]


@dataclass(frozen=True, slots=True)
class Grounded:
    """A value as printed: ``notice.text[span[0]:span[1]] == text``."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Date:
    """A date at the printed precision: ``iso`` is 2021, 2021-05, 2021-05-19 or a range ``a/b``."""

    iso: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word. ``value``: ASCII digits or the numeral as printed; ``text`` ends there."""

    value: str
    unit: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Verifiable:
    """Whether a measure can be checked from outside (figure, document, date, unit, named result), and by what."""

    value: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One enumerated step of an item's rectification text; the parent's text spans its ``sub_measures``."""

    marker: str | None
    text: str
    span: Span
    verifiable: Verifiable
    sub_measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How far the rectification is, from the item's own words, with the quotes that say so."""

    value: StatusValue
    detail: StatusDetail | None
    quotes: tuple[Grounded, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One problem with its measures and status: a line of the ledger (台账)."""

    id: str
    label: str
    category: Grounded | None
    category_label: str | None
    problem: Grounded
    span: Span
    measures: tuple[Measure, ...]
    status: Status
    dates: tuple[Date, ...] = ()
    documents: tuple[Grounded, ...] = ()
    organizations: tuple[Grounded, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    responsible_units: tuple[Grounded, ...] = ()
    responsible_persons: tuple[Grounded, ...] = ()
    deadline: Date | Grounded | None = None
    target: Grounded | None = None
    accountability: tuple[Grounded, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What sort of notice, with the words that say so (null when nothing printed says so)."""

    value: Kind
    quote: Grounded | None


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """A figure that the notice declares of itself (33个问题)."""

    what: What
    value: str
    unit: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """A printed place that the notice is about."""

    text: str
    span: Span
    level: Level
    canonical: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from and what cleaning did. ``cut``: the menus and footers that were set apart."""

    file: str
    sha256: str
    format: str
    encoding: str
    repairs: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice = one document."""

    id: str
    file: str
    title: Grounded | None
    issuer: tuple[Grounded, ...]
    inspected: Grounded | None
    inspector: Grounded | None
    kind: NoticeKind
    inspection_start: Date | None
    inspection_end: Date | None
    feedback_date: Date | None
    signed_date: Date | None
    published_date: Date | None
    declared_counts: tuple[DeclaredCount, ...]
    places: tuple[Place, ...]
    places_derived: tuple[str, ...]
    text: str
    unassigned: tuple[Span, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Check:
    """A contradiction or a gap found in a notice; reported, never smoothed over."""

    kind: CheckKind
    message: str
    declared: str | None
    found: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SectionResult:
    """What became of one section that was sent to a model (or read by rules)."""

    span: Span
    status: Literal["ok", "partial", "failed"]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractionRun:
    """How an extraction was made."""

    mode: Literal["rules", "llm", "merged"]
    status: Literal["ok", "partial", "failed"]
    sections: tuple[SectionResult, ...]
    model: str | None = None
    prompt: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """The extraction document: what ``extract`` and ``show --json`` print."""

    schema_version: str
    notice: Notice
    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    extraction: ExtractionRun


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quotation: ``notice.text[start:end] == quote``. ``n`` is its number in the answer, from 1."""

    n: int
    notice_id: str
    file: str
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Value:
    """A computed figure."""

    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class Considered:
    """How much was looked at to answer."""

    notices: int
    items: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns. When refused, ``citations`` is empty and ``nearest`` holds what the notices do say."""

    question: str
    status: Literal["answered", "refused"]
    answer: str
    short_answer: str | None
    reason: Reason | None
    route: Route
    mode: Mode
    value: Value | None
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    items: tuple[str, ...]
    considered: Considered
    warnings: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """One item in a structured summary: problem, measures, status."""

    notice_id: str
    file: str
    item_id: str
    problem: Grounded
    measures: tuple[Measure, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class OverviewSentence:
    """A sentence of a summary's overview with the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """``notices``, ``items``: in the summary; ``considered``: items looked at."""

    notices: int
    items: int
    considered: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``summarize`` returns."""

    question: str
    groups: tuple[SummaryGroup, ...]
    overview: tuple[OverviewSentence, ...]
    citations: tuple[Citation, ...]
    coverage: Coverage
    mode: Mode
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``written``: composed by the program or a model, not quoted."""

    text: str
    written: bool
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a briefing (level 1-4) and what stands under it."""

    heading: str
    level: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a briefing: quoted (``citations``) or computed (``computed_from`` item ids)."""

    text: str
    value: str
    unit: str
    citations: tuple[int, ...] | None
    computed_from: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What ``brief --format json`` prints."""

    title: str
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    citations: tuple[Citation, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage for retrieval, cut at measure and sentence boundaries, at most 450 characters.

    ``seq``: its number within the notice, from 0. ``path``: the headings above it, outermost first, as printed.
    ``item_id``: the item it belongs to, or None.
    """

    notice_id: str
    seq: int
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    item_id: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage: ``text == notice.text[start:end]``; ``score``: fused, 0-1, higher is closer."""

    notice_id: str
    file: str
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and its answer, for follow-ups."""

    question: str
    answer: str


STATUS_LABELS: dict[str, str] = {
    "completed": "已完成",
    "ongoing": "推进中",
    "long_term": "长期坚持",
    "not_stated": "未说明",
}
"""How a status value is shown to officials."""

DETAIL_LABELS: dict[str, str] = {
    "closed_off": "已销号",
    "completed": "已完成",
    "basically_completed": "基本完成",
    "on_schedule": "达到序时进度",
    "in_progress": "正在推进",
    "behind": "进度滞后",
    "not_started": "尚未启动",
    "long_term": "长期坚持",
}
"""How a status detail is shown to officials."""
