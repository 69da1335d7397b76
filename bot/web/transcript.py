"""A conversation as a text or a Word document: every answer with the sentences that prove it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from bot.briefing.page import clean
from bot.ledger.table import flat, status_text
from bot.records import Citation, Summary
from bot.web.shelf import Conversation, Exchange

_BLACK_FONT = "宋体"


def to_text(conversation: Conversation) -> str:
    """For reading anywhere."""
    parts = [f"问：{said.question}\n" + "\n".join(_lines(said)) for said in conversation.exchanges]
    return "整改通 问答记录\n\n" + "\n\n".join(parts) + "\n"


def with_sources(said: Exchange) -> str:
    """One answer for pasting into a paper."""
    return "\n".join(_lines(said))


def to_docx(conversation: Conversation) -> bytes:
    """The same as a Word document."""
    from docx import Document
    from docx.oxml.ns import qn

    document: Any = Document()
    font = document.styles["Normal"].font
    font.name = _BLACK_FONT
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), _BLACK_FONT)
    title = document.add_paragraph()
    title.add_run("整改通 问答记录").bold = True
    for said in conversation.exchanges:
        document.add_paragraph().add_run(clean(f"问：{said.question}")).bold = True
        for line in _lines(said):
            document.add_paragraph(clean(line))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lines(said: Exchange) -> Iterator[str]:
    if said.answer:
        yield f"答：{said.answer.answer}"
        yield from map(_source, said.answer.citations)
        if said.answer.nearest:
            yield "相关内容（仅供参考，不是所问事项的依据）："
            yield from map(_source, said.answer.nearest)
        yield from (f"注意：{warning}" for warning in said.answer.warnings)
    elif said.summary:
        yield from _summary(said.summary)
    else:
        yield f"（没有回答：{said.failure or '已停止'}）"


def _source(c: Citation) -> str:
    return f"[{c.n}] “{flat(c.quote)}”——{flat(c.title)}（{c.file}，第 {c.start}–{c.end} 字）"


def _summary(found: Summary) -> Iterator[str]:
    for sentence in found.overview[:1]:
        yield f"答：{sentence.text}"
    for number, group in enumerate(found.groups, 1):
        yield f"{number}. {flat(group.problem.text)}（{status_text(group)}；{group.item_id}）"
        yield from (f"    {measure.marker or ''}{flat(measure.text)}" for measure in group.measures)
    yield from (f"注意：{warning}" for warning in found.warnings)
