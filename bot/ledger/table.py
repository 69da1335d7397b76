"""A ledger row as the eight cells that officials know, all text on single lines but for one line per measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.records import DETAIL_LABELS, STATUS_LABELS, Item, Measure, SummaryGroup
from vectorstore.catalogue import LedgerRow

COLUMNS = ("序号", "反馈问题", "整改措施", "责任单位", "完成时限", "整改进展", "状态", "出处")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger; the fields are the ``COLUMNS`` in order. ``number``: from 1."""

    number: int
    problem: str
    measures: str
    units: str
    deadline: str
    progress: str
    status: str
    source: str

    def cells(self) -> tuple[str, ...]:
        """The cells in the order of ``COLUMNS``, as text."""
        return (
            str(self.number), self.problem, self.measures, self.units,
            self.deadline, self.progress, self.status, self.source,
        )  # fmt: skip


def lines(rows: Iterable[LedgerRow]) -> list[Line]:
    """The rows as numbered lines."""
    return [line(number, row) for number, row in enumerate(rows, 1)]


def line(number: int, row: LedgerRow) -> Line:
    """One row as a line of the ledger."""
    item = row.item
    return Line(
        number=number,
        problem=flat(item.problem.text),
        measures="\n".join(measure_text(measure) for measure in item.measures),
        units="、".join(flat(unit.text) for unit in item.responsible_units),
        deadline=flat(item.deadline.text) if item.deadline else "",
        progress=progress(item),
        status=STATUS_LABELS[item.status.value],
        source=f"{flat(row.title)} {item.label}",
    )


def measure_text(measure: Measure) -> str:
    """A measure with its marker, as printed, on one line."""
    return f"{measure.marker or ''}{flat(measure.text)}"


def progress(item: Item) -> str:
    """The words that tell the status, led by the detail where it says more than the status; empty where none are
    printed."""
    quotes = "；".join(dict.fromkeys(flat(quote.text) for quote in item.status.quotes))
    return "：".join(part for part in (_detail(item), quotes) if part)


def status_text(item: Item | SummaryGroup) -> str:
    """The status for reading: its label, with the detail in brackets where that says more."""
    label, detail = STATUS_LABELS[item.status.value], _detail(item)
    return f"{label}（{detail}）" if detail else label


def _detail(item: Item | SummaryGroup) -> str:
    """The detail's label where it says more than the status: not 已完成 of 已完成, nor 正在推进 of 推进中."""
    detail = item.status.detail
    return "" if detail in (None, "completed", "in_progress", "long_term") else DETAIL_LABELS[detail]


def flat(text: str) -> str:
    """Printed text on one line: line breaks and the white space around them go; spaces inside a line stay."""
    return "".join(part.strip() for part in text.splitlines())


def width(text: str) -> int:
    """Columns that a text takes on a terminal or in a sheet: two for a Chinese character."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def shorten(text: str, size: int) -> str:
    """At most ``size`` characters, the last an ellipsis where something is left out."""
    return text if len(text) <= size else text[: size - 1] + "…"


def widest(cells: Sequence[str], *, low: int, high: int) -> int:
    """A column width that fits the longest line, between two bounds."""
    longest = max((width(part) for cell in cells for part in cell.split("\n")), default=low)
    return min(max(longest + 2, low), high)
