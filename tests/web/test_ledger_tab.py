"""The tab 台账: choosing, counting, one item."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from bot.ledger import LedgerFilter, classifier_of, select
from bot.ledger.table import status_text
from bot.web.ledger import PAGE, card, charts, detail, exported, listing, markings, ordered, years
from vectorstore.store import Store


def test_files_hold_what_the_filters_leave() -> None:
    """The addresses of the exported files carry every filter."""
    wanted = LedgerFilter(("completed",), "临湘", "2021", "责任", ("水", "大气"), "污水", ("000",))
    address = re.search('href="([^"]+)"', exported(wanted))
    assert address is not None
    assert parse_qs(urlsplit(unescape(address[1])).query) == {
        "status": ["completed"],
        "place": ["临湘"],
        "year": ["2021"],
        "category": ["责任"],
        "theme": ["水", "大气"],
        "keyword": ["污水"],
        "notice": ["000"],
    }


def test_sorting_by_year_puts_the_newest_first(seed_store: Store) -> None:
    """按年份 orders by the notice's year, descending; years are offered newest first."""
    signed = {entry.notice.id: entry.notice for entry in seed_store.catalogue.entries()}
    order = [signed[row.notice_id].signed_date for row in ordered(seed_store, select(seed_store), "year")]
    found = [date.iso[:4] for date in order if date]
    assert found == sorted(found, reverse=True)
    assert years(seed_store) == sorted(years(seed_store), reverse=True)


def test_a_long_ledger_is_turned_page_by_page(seed_store: Store) -> None:
    """Fifty rows a page; the last page leads back only; a page that does not exist is the last one."""
    rows = select(seed_store)
    assert PAGE < len(rows) <= 2 * PAGE
    first, last = listing(rows), listing(rows, 99)
    assert first.count("<tr>") - 1 == PAGE
    assert last.count("<tr>") - 1 == len(rows) - PAGE
    assert "下一页" in first
    assert "上一页" not in first
    assert "上一页" in last
    assert "没有符合条件的问题" in listing([])


def test_charts_count_every_row_once(seed_store: Store) -> None:
    """The bars of each chart add up to the number of rows, those of the themes to the number of themes found."""
    rows = select(seed_store)
    themes = sum(len(classifier_of(seed_store).themes(row.item)) for row in rows)
    shown = charts(seed_store, rows).split("<table")[1:]
    sums = [sum(int(number) for number in re.findall(r"<td>(\d+)</td>", chart)) for chart in shown]
    assert sums == [len(rows), len(rows), themes, len(rows), len(rows)]


def test_an_item_is_marked_in_its_notice_at_its_own_spans(seed_store: Store) -> None:
    """Problem, measures and status words are marked where they stand."""
    row = select(seed_store, LedgerFilter(status=("completed",)))[0]
    shown, notice = detail(seed_store, row.notice_id, row.item.id)
    text = seed_store.catalogue.text(row.notice_id)
    assert [text[start:end] for start, end, kind in markings(row.item) if kind == "problem"] == [row.item.problem.text]
    assert 'class="problem"' in notice
    assert f'data-start="{row.item.problem.span[0]}"' in shown
    assert status_text(row.item) in card(row.item, row.notice_id)


def test_an_item_that_is_gone_is_said_to_be(seed_store: Store) -> None:
    """An item of a removed notice, or a made-up one, leads to a message."""
    assert "已不在台账中" in detail(seed_store, "gone", "gone#1")[0]
    assert "已不在台账中" in detail(seed_store, "000_c20c0a165cf05326", "nonsense")[0]
