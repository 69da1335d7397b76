"""Wording by somebody else than ``compose`` (a language model): which paragraphs may be worded anew, and what no
wording may change. Each new sentence is verified against the paragraph as composed and the words that it cites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.fold import fold
from bot.llm.verify import verify
from bot.records import Briefing, Citation, Figure, Paragraph, Section

Writer = Callable[[str, Paragraph, Sequence[Figure], Mapping[int, Citation]], str]
"""``(heading, paragraph, its figures in order, citations by number)`` → the paragraph's text in other words, or the
text as it was. It must keep the figures, in their order, and say nothing that the citations do not."""

_SOURCES = "附件"
_STATUS = re.compile(
    r"基本完成|阶段性完成|全部|均|完成|到位|销号|办结|竣工|推进|正在|进行|长期坚持|持续|未说明|未|没有|滞后|超过|超期|逾期|启动|序时|按计划"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def reworded(briefing: Briefing, writer: Writer) -> Briefing:
    """The briefing with those paragraphs worded anew whose new wording keeps what must be kept."""
    citations = {citation.n: citation for citation in briefing.citations}
    figures = iter(briefing.figures)
    pending = next(figures, None)
    sections: list[Section] = []
    for section in briefing.sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            mine: list[Figure] = []
            at = 0
            while pending is not None and (found := paragraph.text.find(pending.text, at)) >= 0:
                mine.append(pending)
                at, pending = found + len(pending.text), next(figures, None)
            paragraphs.append(_worded(section, paragraph, mine, citations, writer))
        sections.append(replace(section, paragraphs=tuple(paragraphs)))
    return replace(briefing, sections=tuple(sections))


def _worded(
    section: Section,
    paragraph: Paragraph,
    figures: Sequence[Figure],
    citations: Mapping[int, Citation],
    writer: Writer,
) -> Paragraph:
    if not paragraph.written or section.heading.startswith(_SOURCES) or "整改状态：" in paragraph.text:
        return paragraph
    text = writer(section.heading, paragraph, figures, citations).strip()
    cited = [citations[n] for n in paragraph.citations]
    return replace(paragraph, text=text) if text and keeps(text, paragraph, figures, cited) else paragraph


def keeps(text: str, paragraph: Paragraph, figures: Sequence[Figure], cited: Sequence[Citation]) -> bool:
    """Whether a wording has the paragraph's figures in their order, each of the same status, no other number, and says
    nothing else."""
    order = [figure.text for figure in figures]
    said, meant = _around(text, order), _around(paragraph.text, order)
    if said is None or meant is None or [_statuses(part) for part in said] != [_statuses(part) for part in meant]:
        return False
    known = _known(paragraph, cited)
    if any(number not in known for part in said for number in _numbers(part)):
        return False
    proof = {1: "\n".join([paragraph.text, *(citation.quote for citation in cited)])}
    return not any(verify(f"{sentence}[1]", proof) for sentence in re.findall(r"[^。！？]+[。！？]?", text))


def _around(text: str, figures: Sequence[str]) -> list[str] | None:
    """The text before each figure and after the last, None where one of them is missing."""
    parts: list[str] = []
    for figure in figures:
        before, found, text = text.partition(figure)
        if not found:
            return None
        parts.append(before)
    return [*parts, text]


def _statuses(text: str) -> frozenset[str]:
    """What a piece of text says of how far something is."""
    return frozenset(_STATUS.findall(text))


def _known(paragraph: Paragraph, cited: Sequence[Citation]) -> set[str]:
    """Numbers that the paragraph quotes: computed ones are none of them."""
    quoted = set(_numbers("\n".join(citation.quote for citation in cited)))
    return {number for number in _numbers(paragraph.text) if number in quoted}


def _numbers(text: str) -> Iterator[str]:
    return (match[0] for match in _NUMBER.finditer(fold(text)))
