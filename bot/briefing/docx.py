"""A briefing as a Word document after GB/T 9704-2012; every figure and quotation leads to its source in the annex."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from bot.briefing import page
from bot.briefing.annex import write_annex
from bot.briefing.draft import inner
from bot.briefing.frame import write_masthead, write_signature, write_tail
from bot.briefing.layout import Figures, Kind, Line, laid_out, ranges
from bot.briefing.page import clean, element
from bot.records import Briefing, Figure, Notice
from bot.settings import Masthead

ANNEX = "附件："


def to_docx(
    briefing: Briefing,
    notices: Mapping[str, Notice],
    *,
    style: Literal["简报", "报告"] = "简报",
    masthead: Masthead | None = None,
    today: date | None = None,
    one_page: bool = False,
) -> bytes:
    """The document's bytes. ``notices``: by id, those that the citations name; ``today``: the date where the masthead
    gives none (None: no date is printed); ``one_page``: headings at the head of their paragraph, as 一页纸 has them."""
    head = masthead or Masthead()
    dated = head.date or (f"{today.year}年{today.month}月{today.day}日" if today else "")
    document = page.new_document(briefing.title)
    if style == "简报" and head.name:
        write_masthead(document, head, dated)
    figures = Figures(briefing.figures)
    _write_body(document, briefing, figures, run_in=one_page)
    if briefing.citations or briefing.figures:
        note = page.add_paragraph(document)
        page.add_paragraph(document, "附件：数据来源")
        note.paragraph_format.keep_with_next = True
    if style == "报告" and head.office:
        write_signature(document, head.office, dated)
    if briefing.citations or briefing.figures:
        write_annex(document, briefing, notices, figures.labels)
    if style == "简报" and (head.report_to or head.send_to or head.copy_to or head.copies):
        write_tail(document, head, dated)
    page.fix_directly(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write_body(document: Any, briefing: Briefing, figures: Figures, *, run_in: bool) -> None:
    page.add_paragraph(document, clean(briefing.title), "Title")
    page.add_paragraph(document)
    heading = ""
    for line in laid_out(briefing):
        if line.kind is not Kind.HEADING:
            _write_paragraph(document, line, figures, heading)
            heading = ""
        elif line.text.startswith(ANNEX):
            return
        elif run_in:
            heading = clean(line.text)
        else:
            page.add_paragraph(document, clean(line.text), f"Heading {line.level}")


def _write_paragraph(document: Any, line: Line, figures: Figures, heading: str = "") -> None:
    """A paragraph with its figures linked; a quotation stands between marks and in a style of its own. ``heading``:
    in 黑体 at its head."""
    style = "Heading 4" if line.kind is Kind.QUOTED and line.number else ""
    paragraph = page.add_paragraph(document, style=style)._p
    if style:
        paragraph.get_or_add_pPr().append(element("outlineLvl", val=9))
    if heading:
        font = page.HEAD_FONT
        page.add_run(paragraph, f"{heading}。", element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    quoted = line.kind is Kind.QUOTED
    text = _between_marks(line.text) if quoted else line.text
    if line.number:
        page.add_run(paragraph, line.number)
    for piece, place in figures.split(clean(text)):
        anchor = "" if place is None else anchor_of(figures.all[place], place)
        _add_run(paragraph, piece, anchor, quoted=quoted)
    _add_references(paragraph, line.citations)


def _between_marks(words: str) -> str:
    """A quotation that is a paragraph: its sentence ends inside the marks, else behind them."""
    return f"“{inner(words)}”" + ("" if words.endswith(tuple("。！？!?")) else "。")


def _add_run(paragraph: Any, text: str, anchor: str, *, quoted: bool) -> None:
    """Text, inside a link where it is a figure."""
    marks = [element("rStyle", val=page.QUOTED_ID)] if quoted else []
    page.add_run(_link(paragraph, anchor) if anchor else paragraph, text, *marks)


def _link(paragraph: Any, anchor: str) -> Any:
    link = element("hyperlink", anchor=anchor, history=1)
    paragraph.append(link)
    return link


def _add_references(paragraph: Any, numbers: Sequence[int]) -> None:
    """[3] or [3—5], small and raised, each a link to the row of the annex."""
    for low, high in ranges(numbers):
        text = f"[{low}]" if low == high else f"[{low}—{high}]"
        page.add_run(_link(paragraph, f"source{low}"), text, element("vertAlign", val="superscript"))


def anchor_of(figure: Figure, place: int) -> str:
    """The bookmark of a figure's source: the cited place, or how it was counted. ``place``: from 0."""
    return f"source{figure.citations[0]}" if figure.citations else f"count{place + 1}"
