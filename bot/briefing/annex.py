"""附件 数据来源: the notices, how each figure was counted, and the words that are quoted; each row carries the bookmark
that the text leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.briefing.page import (
    BODY_FONT,
    HEAD_FONT,
    TABLE_SIZE,
    TEXT_WIDTH,
    add_paragraph,
    clean,
    element,
)
from bot.briefing.state import printed
from bot.ledger.table import flat, shorten
from bot.records import Briefing, Citation, Notice

MAX_QUOTE = 80
"""Characters of a quotation that the annex repeats; the text or the notice has it whole."""


def write_annex(document: Any, briefing: Briefing, notices: Mapping[str, Notice], labels: Mapping[int, str]) -> None:
    """On a new page: 附件 in 3号黑体, the title, three tables. ``labels``: by place, the words that end in a figure."""
    first = add_paragraph(document)
    properties = first._p.get_or_add_pPr()
    properties.append(element("pageBreakBefore"))
    properties.append(element("ind", firstLineChars=0, firstLine=0))
    run = first.add_run("附件")
    run._r.get_or_add_rPr().append(element("rFonts", ascii=HEAD_FONT, hAnsi=HEAD_FONT, eastAsia=HEAD_FONT))
    _blank(document)
    add_paragraph(document, "数据来源", "Title")
    _blank(document)
    order = {notice_id: place for place, notice_id in enumerate(_notices(briefing), 1)}
    add_paragraph(document, "一、通报", "Heading 1")
    _table(document, ("序号", "通报", "成文日期", "文件"), (850, 3995, 1700, 2300), _notice_rows(order, notices))
    add_paragraph(document, "二、统计数据", "Heading 1")
    _table(document, ("序号", "数据", "由下列问题统计得出"), (850, 2500, 5495), _count_rows(briefing, order, labels))
    add_paragraph(document, "三、引用原文", "Heading 1")
    cited = [((f"source{each.n}",), _citation_cells(each, order)) for each in briefing.citations]
    _table(document, ("编号", "通报", "起止字数", "原文"), (850, 850, 1800, 5345), cited)


def _notices(briefing: Briefing) -> list[str]:
    """Ids of the notices, in the order of the items."""
    return list(dict.fromkeys([item.partition("#")[0] for item in briefing.items]))


Row = tuple[tuple[str, ...], tuple[str, ...]]
"""Bookmarks that lead to a row, and its cells."""


def _notice_rows(order: Mapping[str, int], notices: Mapping[str, Notice]) -> list[Row]:
    rows: list[Row] = []
    for notice_id, place in order.items():
        notice = notices[notice_id]
        title = flat(notice.title.text) if notice.title else "、".join(flat(unit.text) for unit in notice.issuer)
        signed = printed(notice.signed_date) if notice.signed_date else "未载明"
        rows.append(((f"notice{place}",), (str(place), title or "未载标题", signed, notice.file)))
    return rows


def _count_rows(briefing: Briefing, order: Mapping[str, int], labels: Mapping[int, str]) -> list[Row]:
    """A row for each figure that was counted; figures counted from the same items share it."""
    places: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place, figure in enumerate(briefing.figures):
        if figure.computed_from is not None:
            places.setdefault((figure.text, figure.computed_from), []).append(place)
    sizes = Counter(item.partition("#")[0] for item in briefing.items)
    rows: list[Row] = []
    for number, ((text, ids), at) in enumerate(places.items(), 1):
        counted = "；".join(_counted_items(ids, sizes, order)) or "无"
        marks = tuple(f"count{place + 1}" for place in at)
        rows.append((marks, (str(number), labels.get(at[0], text), counted)))
    return rows


def _counted_items(ids: Sequence[str], sizes: Mapping[str, int], order: Mapping[str, int]) -> Iterable[str]:
    """通报1：全部问题, 通报2：二/1、二/3. ``sizes``: items of each notice."""
    if len(set(ids)) == sum(sizes.values()) and len(order) > 1:
        yield "列入的全部问题"
        return
    mine: dict[str, list[str]] = {}
    for item in ids:
        notice_id, _, label = item.partition("#")
        mine.setdefault(notice_id, []).append(label)
    for notice_id in sorted(mine, key=order.__getitem__):
        labels = mine[notice_id]
        yield f"通报{order[notice_id]}：" + ("全部问题" if len(labels) == sizes[notice_id] else "、".join(labels))


def _citation_cells(citation: Citation, order: Mapping[str, int]) -> tuple[str, ...]:
    place = order.get(citation.notice_id)
    where = f"{citation.start}—{citation.end}"
    return str(citation.n), str(place or citation.file), where, shorten(flat(citation.quote), MAX_QUOTE)


def _blank(document: Any) -> None:
    add_paragraph(document)


def _table(document: Any, head: Sequence[str], widths: Sequence[int], rows: Sequence[Row]) -> None:
    """A ruled table of the text's width whose header is repeated on every page."""
    table = document.add_table(rows=0, cols=len(head))
    table.autofit = False
    properties = table._tbl.tblPr
    for tag in ("tblStyle", "tblW", "tblLook"):
        for found in properties.findall(element(tag).tag):
            properties.remove(found)
    properties.insert(0, element("tblW", w=TEXT_WIDTH, type="dxa"))
    rules = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rules.append(element(side, val="single", sz=4, space=0, color="000000"))
    properties.insert(1, rules)
    for column, width in zip(table._tbl.tblGrid, widths, strict=True):
        column.set(element("x", w=0).attrib.keys()[0], str(width))
    # Rows are built as XML: python-docx walks the whole table for each new one.
    table._tbl.append(_row(widths, head, heading=True))
    for marks, cells in rows:
        table._tbl.append(_row(widths, cells, marks=marks))


def _row(widths: Sequence[int], cells: Sequence[str], *, marks: Sequence[str] = (), heading: bool = False) -> Any:
    row, properties = element("tr"), element("trPr")
    properties.append(element("cantSplit"))
    if heading:
        properties.append(element("tblHeader"))
    row.append(properties)
    for place, (width, text) in enumerate(zip(widths, cells, strict=True)):
        row.append(_cell(width, text, () if place else marks, heading=heading))
    return row


def _cell(width: int, text: str, marks: Sequence[str], *, heading: bool) -> Any:
    cell, properties, paragraph = element("tc"), element("tcPr"), element("p")
    properties.append(element("tcW", w=width, type="dxa"))
    cell.append(properties)
    cell.append(paragraph)
    paragraph.append(_paragraph_properties(centred=heading or text.isdigit()))
    for mark in marks:
        _bookmark(paragraph, mark)
    run, words = element("r"), element("t")
    run.append(_run_properties(HEAD_FONT if heading else BODY_FONT))
    words.text = clean(text)
    run.append(words)
    paragraph.append(run)
    return cell


def _paragraph_properties(*, centred: bool) -> Any:
    properties = element("pPr")
    properties.append(element("snapToGrid", val=0))
    properties.append(element("spacing", before=40, after=40, line=340, lineRule="exact"))
    properties.append(element("ind", firstLineChars=0, firstLine=0))
    properties.append(element("jc", val="center" if centred else "left"))
    return properties


def _run_properties(font: str) -> Any:
    properties = element("rPr")
    properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    properties.append(element("sz", val=TABLE_SIZE))
    properties.append(element("szCs", val=TABLE_SIZE))
    return properties


def _bookmark(paragraph: Any, name: str) -> None:
    kind = {"n": 1, "c": 2, "s": 3}[name[0]]
    number = kind * 1_000_000 + int(name.lstrip("abcdefghijklmnopqrstuvwxyz"))
    paragraph.append(element("bookmarkStart", id=number, name=name))
    paragraph.append(element("bookmarkEnd", id=number))
