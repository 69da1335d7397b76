"""A briefing being written: sentences are put together from words, counts and quotations, and what they rest on is
noted as they are written, so that no figure and no quotation can stand without its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.ledger.table import flat
from bot.records import Briefing, Citation, Figure, Paragraph, Section, Span
from vectorstore.catalogue import LedgerRow


@dataclass(frozen=True, slots=True)
class Count:
    """A figure counted from ledger rows: the items, or with the unit 份 the notices that they come from."""

    rows: tuple[LedgerRow, ...]
    unit: str = "个"

    @property
    def value(self) -> int:
        """What it comes to."""
        return len({row.notice_id for row in self.rows}) if self.unit == "份" else len(self.rows)

    @property
    def text(self) -> str:
        """As it is written: 13个."""
        return f"{self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a notice. ``text``: ``notice.text[span[0]:span[1]]``; ``shown``: how much of it is shown, None for all.

    ``marks``: shown between quotation marks. ``figure``: value and unit, where the words are a figure of the notice
    itself; quantities of the row's item inside the words are found without it.
    """

    row: LedgerRow
    text: str
    span: Span
    shown: str | None = None
    marks: bool = True
    figure: tuple[str, str] | None = None

    def words(self) -> str:
        """What the reader sees, without the quotation marks."""
        return flat(self.text) if self.shown is None else self.shown


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a notice that proves what a sentence says without being shown in it."""

    row: LedgerRow
    text: str
    span: Span


Part = str | Count | Quote | Evidence


class Draft:
    """Sections, citations and figures in the order in which they are written; ``finish`` makes the record of them."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._sections: list[Section] = []
        self._citations: dict[tuple[str, Span], Citation] = {}
        self._figures: list[Figure] = []

    def section(self, heading: str, level: int) -> None:
        """Begin a section; paragraphs that follow stand in it."""
        self._sections.append(Section(heading, level, ()))

    def write(self, *parts: Part) -> None:
        """Add a written paragraph of the open section."""
        cited = [self.cite(part) for part in parts if isinstance(part, Quote | Evidence)]
        text = "".join(self._shown(part) for part in parts)
        self._add(Paragraph(text, True, tuple(sorted(set(cited)))))

    def quote(self, quote: Quote) -> None:
        """Add a paragraph that is a quotation and nothing else."""
        number = self.cite(quote)
        self._note_quantities(quote, number)
        self._add(Paragraph(quote.words(), False, (number,)))

    def cite(self, source: Quote | Evidence) -> int:
        """The number of the citation of a place, a new one where it was not cited yet."""
        key = (source.row.notice_id, source.span)
        if key not in self._citations:
            number = len(self._citations) + 1
            self._citations[key] = Citation(
                number, source.row.notice_id, source.row.file, flat(source.row.title), *source.span, source.text
            )
        return self._citations[key].n

    def finish(self, rows: Iterable[LedgerRow]) -> Briefing:
        """The record. ``rows``: all that the briefing is about."""
        items = tuple(row.item.id for row in rows)
        citations = tuple(self._citations.values())
        return Briefing(self.title, tuple(self._sections), tuple(self._figures), citations, items)

    def _add(self, paragraph: Paragraph) -> None:
        last = self._sections[-1]
        self._sections[-1] = Section(last.heading, last.level, (*last.paragraphs, paragraph))

    def _shown(self, part: Part) -> str:
        if isinstance(part, Count):
            ids = tuple(row.item.id for row in part.rows)
            self._figures.append(Figure(part.text, str(part.value), part.unit, None, ids))
            return part.text
        if isinstance(part, Quote):
            self._note_quantities(part, self.cite(part))
            return f"“{inner(part.words())}”" if part.marks else part.words()
        return "" if isinstance(part, Evidence) else part

    def _note_quantities(self, quote: Quote, number: int) -> None:
        """The quantities that the notice prints inside the words shown, as figures with their citation."""
        if quote.figure:
            self._figures.append(Figure(quote.text, *quote.figure, (number,), None))
        low, high = quote.span
        for quantity in quote.row.item.quantities:
            start, end = quantity.span
            if low <= start and end <= high and flat(quantity.text) in quote.words():
                self._figures.append(Figure(quantity.text, quantity.value, quantity.unit, (number,), None))


def listed(parts: Sequence[Sequence[Part]], *, mark: str = "、") -> list[Part]:
    """Several phrases one after the other, with a mark between them; quotations alone have no 、 between them
    (GB/T 15834-2011, 4.5.3.5)."""
    quoted = all(len(phrase) == 1 and isinstance(phrase[0], Quote) and phrase[0].marks for phrase in parts)
    mark = "" if quoted and mark == "、" else mark
    joined: list[Part] = []
    for at, phrase in enumerate(parts):
        joined += [mark, *phrase] if at and mark else list(phrase)
    return joined


def sentences(text: str, start: int) -> list[tuple[str, Span]]:
    """The sentences and ；-clauses of a text that begins at ``start``, with spans; no ； and no space at the end."""
    found = []
    for match in re.finditer(r"[^。；;！？!?]+[。；;！？!?]?[”’\"']?", text):
        words = match[0].strip().rstrip("；;")
        if words:
            low = start + match.start() + match[0].index(words)
            found.append((words, (low, low + len(words))))
    return found


def trimmed(text: str, span: Span) -> tuple[str, Span]:
    """A text without the ； that joins it to the next, and its span."""
    words = text.rstrip("；; \n\t\u3000")
    return words, (span[0], span[0] + len(words))


def inner(text: str) -> str:
    """Quotation marks inside a quotation: ‘…’ instead of “…” (GB/T 15834-2011, 4.8)."""
    return text.translate(str.maketrans("“”", "‘’"))


ELLIPSIS = "……"
"""Six dots, two characters (GB/T 15834-2011, 4.11.2)."""
_FIGURE = re.compile(r"\d+(?:[.．,，]\d+)*[%％‰万亿余多]*|[〇零一二三四五六七八九十百千万亿两]{2,}")


def opening(text: str, size: int) -> str:
    """The beginning of a text on one line, an ellipsis where more follows: its first sentence, else whole clauses, else
    whole words of a list, of at most ``size`` characters; no quotation mark is left open."""
    line = flat(text).rstrip("。；;，,")
    if len(line) <= size:
        return line
    first = line.find("。", 0, size)
    ends = (first, *(max(line.rfind(mark, 0, size) for mark in marks) for marks in ("。；;，,：:", "、和及")))
    cut = next((end for end in ends if end >= 5), size - 1)
    # A figure is never cut: 12…, left of 12.5万元, would be another one.
    cut = next((match.start() for match in _FIGURE.finditer(line) if match.start() < cut < match.end()), cut)
    shown = line[:cut]
    for left, right in ("“”", "‘’", "《》", "（）", "()"):
        last = shown.rfind(left)
        if last >= 5 and right not in shown[last:]:
            shown = shown[:last]
    return shown.rstrip("。；;，,：:、") + ELLIPSIS
