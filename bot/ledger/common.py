"""共性问题: the same kind of problem in several notices or years, found by theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.records import Notice
from bot.themes import Classifier
from vectorstore.catalogue import LedgerRow, notice_year


@dataclass(frozen=True, slots=True)
class CommonTheme:
    """A theme that several notices share. ``years``: in which the notices were signed, ascending, known ones only."""

    name: str
    rows: tuple[LedgerRow, ...]
    notices: tuple[str, ...]
    years: tuple[str, ...]


def common_themes(
    rows: Sequence[LedgerRow], notices: Mapping[str, Notice], classifier: Classifier, *, least: int = 2
) -> list[CommonTheme]:
    """Themes with items from at least ``least`` notices: most notices first, then most items."""
    found: dict[str, list[LedgerRow]] = {name: [] for name in classifier.names()}
    for row in rows:
        for hit in classifier.themes(row.item):
            found[hit.name].append(row)
    shared = [_common(name, members, notices) for name, members in found.items()]
    shared = [theme for theme in shared if len(theme.notices) >= least]
    return sorted(shared, key=lambda theme: (-len(theme.notices), -len(theme.rows)))


def _common(name: str, rows: Sequence[LedgerRow], notices: Mapping[str, Notice]) -> CommonTheme:
    ids = tuple(dict.fromkeys(row.notice_id for row in rows))
    years = {notice_year(notices[notice_id]) for notice_id in ids if notice_id in notices}
    return CommonTheme(name, tuple(rows), ids, tuple(sorted(year for year in years if year)))


def told(theme: CommonTheme) -> str:
    """共性问题“秸秆”：3 份通报都有，共 7 个问题，涉及 2021年、2025年."""
    years = f"，涉及{'、'.join(f'{year}年' for year in theme.years)}" if theme.years else ""
    return f"共性问题“{theme.name}”：{len(theme.notices)} 份通报都有，共 {len(theme.rows)} 个问题{years}"
