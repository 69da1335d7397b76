"""The ledger as JSON data, CSV and xlsx. What a spreadsheet would run as a formula is neutralised in both."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.ledger.table import COLUMNS, flat, lines, widest
from bot.records import Notice
from bot.schemas import to_data
from vectorstore.catalogue import LedgerRow

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SOURCE_COLUMNS = (
    "序号", "通报编号", "文件", "标题", "成文日期", "发布日期", "反馈日期",
    "SHA-256", "条目", "栏目", "起", "止", "原文",
)  # fmt: skip
MAX_CELL = 32_767
"""Characters that a cell holds (Excel specifications and limits)."""
_WIDTHS = (6, 44, 60, 20, 14, 36, 10, 36)
_SOURCE_WIDTHS = (6, 26, 28, 40, 12, 12, 12, 22, 14, 12, 8, 8, 60)
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def to_records(rows: Sequence[LedgerRow]) -> list[dict[str, Any]]:
    """The rows as ``items --format json`` prints them: the keys of Item after notice_id, file and title."""
    return [
        {"notice_id": row.notice_id, "file": row.file, "title": flat(row.title)} | to_data(row.item) for row in rows
    ]


def to_csv(rows: Sequence[LedgerRow]) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows it; lines end with CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in found.cells()] for found in lines(rows))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> bytes:
    """A workbook: 整改台账 with the eight columns, 数据来源 with where each line comes from.

    ``notices``: by id, the notices of the rows.
    """
    from openpyxl import Workbook

    book = Workbook()
    ledger = book.active
    ledger.title = "整改台账"
    _fill(ledger, COLUMNS, [(found.number, *found.cells()[1:]) for found in lines(rows)], _WIDTHS)
    found = [line for number, row in enumerate(rows, 1) for line in _sources(number, row, notices[row.notice_id])]
    _fill(book.create_sheet("数据来源"), SOURCE_COLUMNS, found, _SOURCE_WIDTHS)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before =, +, - and @ (OWASP, CSV
    injection)."""
    return f"'{text}" if text.startswith(_RUNS) else text


def _sources(number: int, row: LedgerRow, notice: Notice) -> list[tuple[int | str, ...]]:
    """Where the line's problem stands, and the words that tell its status."""
    dates = (notice.signed_date, notice.published_date, notice.feedback_date)
    signed, published, feedback = (date.iso if date else "" for date in dates)
    head = (
        number, row.notice_id, row.file, flat(row.title), signed, published, feedback,
        notice.source.sha256, row.item.label,
    )  # fmt: skip
    quoted = [("反馈问题", row.item.problem), *(("整改进展", quote) for quote in row.item.status.quotes)]
    return [(*head, column, *found.span, found.text) for column, found in quoted]


def _fill(sheet: Worksheet, head: Sequence[str], body: Sequence[Sequence[int | str]], widths: Sequence[int]) -> None:
    """Header and rows, with frozen header, wrapped text, filter buttons, widths and a page that prints."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    side = Side(style="thin", color="BFBFBF")
    border = Border(left=side, right=side, top=side, bottom=side)
    for row_number, values in enumerate([head, *body], 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row_number, column)
            _put(cell, value)
            cell.border = border
            middle = row_number == 1 or isinstance(value, int)
            cell.alignment = Alignment(
                wrap_text=True, vertical="center" if row_number == 1 else "top", horizontal="center" if middle else None
            )
            if row_number == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="DDEBF7")
    for column, most in enumerate(widths, 1):
        cells = [str(values[column - 1]) for values in [head, *body]]
        sheet.column_dimensions[get_column_letter(column)].width = widest(cells, low=6, high=most)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(body) + 1}"
    _print_setup(sheet)


def _put(cell: Any, value: int | str) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    text = _NOT_XML.sub("", value)
    cell.value = inert(text if len(text) < MAX_CELL else text[: MAX_CELL - 2] + "…")
    cell.data_type = "s"


def _print_setup(sheet: Worksheet) -> None:
    """A4 across, one page wide, the header on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
