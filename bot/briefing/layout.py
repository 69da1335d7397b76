"""A briefing as a sequence of lines, the same for every output format: headings, written and quoted paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.records import Briefing, Figure, Section


class Kind(Enum):
    """What a line is."""

    HEADING = "heading"
    WRITTEN = "written"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (``level`` 1-3) or a paragraph. ``number``: （1） before one of several quotations, else empty."""

    kind: Kind
    text: str
    level: int = 0
    number: str = ""
    citations: tuple[int, ...] = ()


def laid_out(briefing: Briefing) -> Iterator[Line]:
    """All lines in order."""
    for section in briefing.sections:
        yield Line(Kind.HEADING, section.heading, section.level)
        yield from _paragraphs(section)


def _paragraphs(section: Section) -> Iterator[Line]:
    quoted = sum(not paragraph.written for paragraph in section.paragraphs)
    place = 0
    for paragraph in section.paragraphs:
        if paragraph.written:
            yield Line(Kind.WRITTEN, paragraph.text, citations=paragraph.citations)
            continue
        place += 1
        number = f"（{place}）" if quoted > 1 else ""
        yield Line(Kind.QUOTED, paragraph.text, number=number, citations=paragraph.citations)


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs: 1, 2, 3, 7 → (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


class Figures:
    """The figures in the order in which the text has them, handed out as the text is walked through.

    ``labels``: by place, each figure with the words that lead to it (已完成22个).
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.labels: dict[int, str] = {}
        self.all = figures
        self._next = 0

    def split(self, text: str) -> Iterator[tuple[str, int | None]]:
        """The text in pieces, those that are a figure with its place among ``all``."""
        done = 0
        while self._next < len(self.all):
            figure = self.all[self._next]
            start = _find(figure, text, done)
            if start < 0:
                break
            if start > done:
                yield text[done:start], None
            done = start + len(figure.text)
            self.labels[self._next] = re.split(r"[，。；：、（）“”]", text[:done])[-1]
            yield text[start:done], self._next
            self._next += 1
        if done < len(text):
            yield text[done:], None


def _find(figure: Figure, text: str, start: int) -> int:
    """Where a figure stands next, -1 where nowhere: not within a longer number, a counted one not in a quotation."""
    for match in re.finditer(rf"(?<![\d.]){re.escape(figure.text)}", text[start:]):
        at = start + match.start()
        if figure.citations or text.count("“", 0, at) == text.count("”", 0, at):
            return at
    return -1
