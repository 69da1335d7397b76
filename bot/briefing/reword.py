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
    """Whether a wording has the paragraph's figures in their order, no other number, and says nothing else."""
    order = [figure.text for figure in figures]
    rest = text
    for figure in order:
        before, found, rest = rest.partition(figure)
        if not found or any(number not in _known(paragraph, cited) for number in _numbers(before)):
            return False
    known = _known(paragraph, cited)
    if any(number not in known for number in _numbers(rest)):
        return False
    proof = {1: "\n".join([paragraph.text, *(citation.quote for citation in cited)])}
    return not any(verify(f"{sentence}[1]", proof) for sentence in re.findall(r"[^。！？]+[。！？]?", text))


def _known(paragraph: Paragraph, cited: Sequence[Citation]) -> set[str]:
    """Numbers that the paragraph quotes: computed ones are none of them."""
    quoted = set(_numbers("\n".join(citation.quote for citation in cited)))
    return {number for number in _numbers(paragraph.text) if number in quoted}


def _numbers(text: str) -> Iterator[str]:
    return (match[0] for match in _NUMBER.finditer(fold(text)))
