"""Choosing items: every filter, alone and together, on the five notices."""

from __future__ import annotations

import pytest

from bot.errors import UsageError
from bot.ledger import LedgerFilter, parse_status, parse_year, select, sources
from vectorstore.catalogue import LedgerRow
from vectorstore.store import Store

LINXIANG, CANGZHOU, EZHOU, YONGZHOU, YUANJIANG = (
    "000_c20c0a165cf05326", "001_bed7040c2e734348", "002_fd218f53bd30a44e",
    "003_f055237780667b41", "004_1eb820fdb94078f3",
)  # fmt: skip


def notices(rows: list[LedgerRow]) -> list[str]:
    return list(dict.fromkeys(row.notice_id for row in rows))


def test_no_filter_gives_every_item_in_order(seed_store: Store) -> None:
    """An empty filter chooses all items, by file name and place in the notice."""
    rows = select(seed_store)
    assert notices(rows) == [LINXIANG, CANGZHOU, EZHOU, YONGZHOU, YUANJIANG]
    assert len(rows) == seed_store.catalogue.counts().items


def test_status_chooses_by_value(seed_store: Store) -> None:
    """Several states are alternatives, and together all states are everything."""
    some = select(seed_store, LedgerFilter(status=("completed", "ongoing")))
    rest = select(seed_store, LedgerFilter(status=("long_term", "not_stated")))
    assert {row.item.status.value for row in some} == {"completed", "ongoing"}
    assert len(some) + len(rest) == len(select(seed_store))


@pytest.mark.parametrize(
    ("place", "found"),
    [("永州", [YONGZHOU]), ("湖南", [LINXIANG, YONGZHOU, YUANJIANG]), ("臨湘市", [LINXIANG]), ("武汉", [])],
)
def test_place_is_what_the_notice_is_about(seed_store: Store, place: str, found: list[str]) -> None:
    """A place or its province, in either script, chooses the notices about it and no others."""
    assert notices(select(seed_store, LedgerFilter(place=place))) == found


@pytest.mark.parametrize(("year", "found"), [("2019", [YONGZHOU]), ("2021", [LINXIANG, CANGZHOU]), ("2000", [])])
def test_year_is_that_of_the_signed_date(seed_store: Store, year: str, found: list[str]) -> None:
    """The year of the signed date decides, not years that the text mentions."""
    assert notices(select(seed_store, LedgerFilter(year=year))) == found


def test_category_means_contains(seed_store: Store) -> None:
    """Part of a heading is enough, half-width or full-width."""
    rows = select(seed_store, LedgerFilter(category="工作作风不实"))
    assert [row.item.label for row in rows] == [f"二/(二)/{n}" for n in range(1, 6)]


def test_keyword_is_looked_for_in_problem_and_measures(seed_store: Store) -> None:
    """A word of a measure finds the item; spaces around it do not matter."""
    assert [row.item.label for row in select(seed_store, LedgerFilter(keyword=" 17条道路 "))] == ["二/(一)/3"]


@pytest.mark.parametrize("name", [YUANJIANG, f"{YUANJIANG}.txt", "沅江分局党组", "004_1eb"])
def test_notice_goes_by_id_file_or_title(seed_store: Store, name: str) -> None:
    """The id, the file name, part of either or words of the title name the notice."""
    assert notices(select(seed_store, LedgerFilter(notices=(name,)))) == [YUANJIANG]


def test_filters_narrow_each_other(seed_store: Store) -> None:
    """All given filters must hold."""
    wanted = LedgerFilter(status=("completed",), place="临湘", category="立行立改")
    assert [row.item.label for row in select(seed_store, wanted)] == ["二/(四)/1", "二/(四)/2"]


def test_theme_goes_by_its_name(seed_store: Store) -> None:
    """A theme chooses the items that the taxonomy puts there."""
    rows = select(seed_store, LedgerFilter(themes=("秸秆",), notices=("沅江",)))
    assert [row.item.label for row in rows] == ["二/(三)/4", "二/(三)/5"]


def test_sources_are_the_notices_of_the_rows(seed_store: Store) -> None:
    """Only the notices that rows come from, in their order."""
    assert list(sources(seed_store, select(seed_store, LedgerFilter(place="湖南")))) == [LINXIANG, YONGZHOU, YUANJIANG]


def test_status_takes_values_and_labels() -> None:
    """Both ways to name a status, each once, traditional characters too."""
    assert parse_status(["completed", "推进中", "已完成", "長期堅持"]) == ("completed", "ongoing", "long_term")


def test_unknown_status_names_the_known_ones() -> None:
    """The message lists what may be given."""
    with pytest.raises(UsageError) as error:
        parse_status(["整改中"])
    known = "已完成（completed）、推进中（ongoing）、长期坚持（long_term）、未说明（not_stated）"
    assert str(error.value) == f"没有“整改中”这种状态：可用的有 {known}"


@pytest.mark.parametrize(("word", "year"), [("2021", "2021"), ("２０２１年", "2021"), (" 2021年度 ", "2021"), ("", "")])
def test_year_is_four_digits(word: str, year: str) -> None:
    """With or without 年, in any width."""
    assert parse_year(word) == year


@pytest.mark.parametrize("word", ["21", "年", "去年", "2021-05"])
def test_other_words_are_no_year(word: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(UsageError) as error:
        parse_year(word)
    assert str(error.value) == f"年份应为四位数字，例如 2021；收到的是“{word}”"
