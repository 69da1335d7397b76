"""A briefing as a sequence of lines, the same for every output format: headings, written and quoted paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.records import Briefing, Section


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
