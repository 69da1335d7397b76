"""The exported ledger: columns, sources, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook

from bot.ledger import COLUMNS, line
from bot.ledger.export import MAX_CELL, SOURCE_COLUMNS, inert, to_csv, to_records, to_xlsx
from bot.records import Date, Grounded, Status
from bot.schemas import json_schema
from tests.ledger.rows import notice, row

DONE = Status("completed", "closed_off", (Grounded("已通过验收\n销号", (10, 18)),))


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def test_a_line_has_the_eight_columns() -> None:
    """Problem, measures one per line, units, time limit, progress, status and source, all as printed."""
    found = line(
        3,
        row(
            "管网\n 不全", title="某县\n通报", measures=("新建管网；", "完善制度。"), status=DONE,
            responsible_units=(Grounded("县住建局", (0, 4)), Grounded("县水务局", (5, 9))),
            deadline=Date("2022-06", "2022年6月底", (0, 8)),
        ),
    )  # fmt: skip
    assert dict(zip(COLUMNS, found.cells(), strict=True)) == {
        "序号": "3",
        "反馈问题": "管网不全",
        "整改措施": "一是新建管网；\n二是完善制度。",
        "责任单位": "县住建局、县水务局",
        "完成时限": "2022年6月底",
        "整改进展": "已销号：已通过验收销号",
        "状态": "已完成",
        "出处": "某县通报 二/1",
    }


def test_a_status_that_nothing_proves_has_no_progress() -> None:
    """未说明 leaves 整改进展 empty: the export says nothing that the notice does not."""
    found = line(1, row())
    assert (found.progress, found.status) == ("", "未说明")


def test_json_has_the_notice_and_the_keys_of_an_item() -> None:
    """notice_id, file, title, then exactly the keys that the item schema requires."""
    (record,) = to_records([row(title="某县\n通报")])
    assert (record["notice_id"], record["file"], record["title"]) == ("n", "n.txt", "某县通报")
    assert list(record)[3:] == json_schema("item")["required"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_what_would_run_is_neutralised(text: str) -> None:
    """An apostrophe stands before what a spreadsheet would take for a formula."""
    assert inert(text) == f"'{text}"


def test_ordinary_text_stays_as_it_is() -> None:
    """Signs inside a text are no formula."""
    assert inert("5+2工作法=好") == "5+2工作法=好"


def test_csv_opens_in_excel() -> None:
    """A byte order mark, the eight columns, formulas neutralised, line breaks inside a cell kept."""
    data = to_csv([row("=cmd|' /C calc'!A0", measures=("甲", "乙"))])
    assert data.startswith(b"\xef\xbb\xbf")
    head, body = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(head) == COLUMNS
    assert body == ["1", "'=cmd|' /C calc'!A0", "一是甲\n二是乙", "", "", "", "未说明", "某县通报 二/1"]


def test_xlsx_is_ready_to_work_with() -> None:
    """Header frozen, filter buttons, wrapped text, widths within bounds, page across with the header repeated."""
    sheet = opened(to_xlsx([row(measures=("甲" * 300,))], {"n": notice()}))["整改台账"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H2")
    assert all(cell.alignment.wrap_text for cells in sheet.iter_rows() for cell in cells)
    assert sheet.column_dimensions["C"].width == 60
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")


def test_xlsx_keeps_formulas_as_text() -> None:
    """No cell of either sheet is a formula."""
    book = opened(to_xlsx([row("=1+1", title="@标题")], {"n": notice()}))
    cells = [cell for sheet in book for cells in sheet.iter_rows() for cell in cells]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [sheet["B2"].value for sheet in book] == ["'=1+1", "n"]


def test_xlsx_names_its_sources() -> None:
    """A line for the problem and one for each quote that tells the status, with notice, dates, digest and span."""
    dated = notice(signed_date=Date("2021-10-20", "2021年10月20日", (0, 11)))
    sheet = opened(to_xlsx([row(status=DONE)], {"n": dated}))["数据来源"]
    head, *body = [[cell.value for cell in cells] for cells in sheet.iter_rows()]
    assert tuple(head) == SOURCE_COLUMNS
    start = [1, "n", "n.txt", "某县通报", "2021-10-20", None, None, "ab" * 32, "二/1"]
    assert body == [[*start, "反馈问题", 0, 4, "管网不全"], [*start, "整改进展", 10, 18, "已通过验收\n销号"]]


def test_xlsx_takes_any_text() -> None:
    """Control characters go, and a text longer than a cell holds ends in an ellipsis."""
    sheet = opened(to_xlsx([row("a\x0bb" + "长" * 40_000)], {"n": notice()}))["整改台账"]
    value = str(sheet["B2"].value)
    assert value[:3] == "ab长"
    assert (value[-1], len(value) <= MAX_CELL) == ("…", True)


def test_empty_ledger_is_a_header() -> None:
    """Nothing chosen is a sheet with its header, not an error."""
    sheet = opened(to_xlsx([], {}))["整改台账"]
    assert [[cell.value for cell in cells] for cells in sheet.iter_rows()] == [list(COLUMNS)]
