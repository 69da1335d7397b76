"""Commands over the ledger: items, brief."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sized
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli.edge import put_bytes, put_json, say, settings_of, store_of
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.briefing import Length, Style
    from bot.briefing.wording import ModelWriter
    from bot.ledger import LedgerFilter
    from bot.settings import Settings
    from vectorstore.catalogue import LedgerRow
    from vectorstore.store import Store

F = TypeVar("F", bound=Callable[..., Any])

_FILTERS = (
    click.option("--status", multiple=True, metavar="状态", help="已完成、推进中、长期坚持、未说明（可重复）"),
    click.option("--place", default="", metavar="地区", help="通报所涉地区，例如：东安县"),
    click.option("--year", default="", metavar="年份", help="成文年份；没有的按发布、反馈年份"),
    click.option("--category", default="", metavar="类别", help="类别标题中的词"),
    click.option("--theme", "themes", multiple=True, metavar="主题", help="主题，例如：秸秆（可重复）"),
    click.option("--keyword", default="", metavar="关键词", help="问题或措施中的词"),
    click.option("--notice", "notices", multiple=True, metavar="通报", help="编号、文件名或标题中的词（可重复）"),
)


def _filters(command: F) -> F:
    """The seven options by which the ledger is narrowed."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.command(help="整改台账：筛选全部问题，查看或导出。")
@_filters
@click.option("--format", "form", type=click.Choice(["table", "json", "csv", "xlsx"]), help="输出格式，默认 table")
@click.option("-o", "--output", metavar="FILE", help="写入文件；未给 --format 时按扩展名")
@click.pass_context
def items(ctx: click.Context, /, form: str | None, output: str | None, **flags: Any) -> None:
    from bot.ledger import select, sources

    wanted = _wanted(**flags)
    form = form or _by_suffix(output, {".json": "json", ".csv": "csv", ".xlsx": "xlsx"}, "table")
    store = store_of(ctx)
    rows = select(store, wanted)
    _say_if_empty(rows, store)
    _say_common(rows, wanted, store)
    if form == "table":
        _put_text(_table(rows, wide=output is not None), output)
    elif form == "json":
        _put_data(_json(rows), output)
    elif form == "csv":
        from bot.ledger.export import to_csv

        put_bytes(to_csv(rows), output)
    else:
        from bot.ledger.export import to_xlsx

        _refuse_terminal(output, "xlsx")
        put_bytes(to_xlsx(rows, sources(store, rows)), output)


def _wanted(
    status: tuple[str, ...],
    place: str,
    year: str,
    category: str,
    themes: tuple[str, ...],
    keyword: str,
    notices: tuple[str, ...],
) -> LedgerFilter:
    from bot.ledger import LedgerFilter, parse_status, parse_year

    return LedgerFilter(parse_status(status), place, parse_year(year), category, themes, keyword, notices)


def _by_suffix(output: str | None, known: dict[str, str], otherwise: str) -> str:
    return known.get(Path(output).suffix.lower(), otherwise) if output else otherwise


def _say_if_empty(rows: Sized, store: Store) -> None:
    if not rows:
        counts = store.catalogue.counts()
        say(f"没有符合条件的问题（台账共 {counts.notices} 份通报、{counts.items} 个问题）：请放宽筛选条件")


def _say_common(rows: list[LedgerRow], wanted: LedgerFilter, store: Store) -> None:
    """For themes that were asked for: in how many notices and which years they stand."""
    from bot.fold import fold
    from bot.ledger import classifier_of, sources
    from bot.ledger.common import common_themes, told

    names = [fold(name.strip()) for name in wanted.themes if name.strip()]
    if not names:
        return
    for theme in common_themes(rows, sources(store, rows), classifier_of(store)):
        if any(name in fold(theme.name) for name in names):
            say(told(theme))


def _json(rows: list[LedgerRow]) -> list[dict[str, Any]]:
    from bot.ledger.export import to_records

    return to_records(rows)


def _table(rows: list[LedgerRow], *, wide: bool) -> str:
    """The ledger for a terminal; measures are shortened, the export has them whole."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from bot.ledger import COLUMNS, lines
    from bot.ledger.table import shorten

    table = Table(box=box.SQUARE, show_lines=True, caption=f"共 {len(rows)} 个问题", caption_justify="left")
    widths = (4, None, None, 12, 10, None, 8, 24)
    for name, most in zip(COLUMNS, widths, strict=True):
        table.add_column(name, max_width=most, overflow="fold", no_wrap=name in ("序号", "状态"))
    for found in lines(rows):
        cells = list(found.cells())
        cells[2] = shorten(cells[2].replace("\n", ""), 80)
        table.add_row(*cells)
    console = Console(width=160 if wide or not sys.stdout.isatty() else None, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def _put_text(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        put_bytes(text.encode("utf-8"), output)


def _put_data(data: Any, output: str | None) -> None:
    import json

    if output is None:
        put_json(data)
    else:
        put_bytes((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8"), output)


def _refuse_terminal(output: str | None, form: str) -> None:
    if output is None and sys.stdout.isatty():
        raise UsageError(f"{form} 不能显示在终端：请用 -o 指定文件，例如 -o 台账.{form}")


@click.command(help="简报：由台账生成，数据和引文都有出处。")
@_filters
@click.option("--title", metavar="标题", help="标题；不给则按筛选条件拟定")
@click.option("--style", type=click.Choice(["简报", "报告"]), default="简报", show_default=True, help="样式")
@click.option("--length", type=click.Choice(["一页纸", "标准", "详细"]), default="标准", show_default=True, help="篇幅")
@click.option("--format", "form", type=click.Choice(["md", "docx", "json"]), help="输出格式，默认 md")
@click.option("-o", "--output", metavar="FILE", help="写入文件；未给 --format 时按扩展名")
@click.pass_context
def brief(
    ctx: click.Context,
    /,
    title: str | None,
    style: Style,
    length: Length,
    form: str | None,
    output: str | None,
    **flags: Any,
) -> None:
    from bot.briefing import Order, deliver
    from bot.schemas import to_data

    form = form or _by_suffix(output, {".md": "md", ".json": "json", ".docx": "docx"}, "md")
    store = store_of(ctx)
    settings = settings_of(ctx)
    writer = _writer(settings)
    paper = deliver(store, Order(_wanted(**flags), title, style, length, settings.briefing), writer)
    for warning in writer.warnings if writer else ():
        say(f"注意：{warning}")
    _say_if_empty(paper.briefing.items, store)
    if form == "md":
        _put_text(paper.markdown(), output)
    elif form == "json":
        _put_data(to_data(paper.briefing), output)
    else:
        from datetime import date

        _refuse_terminal(output, "docx")
        put_bytes(paper.docx(date.today()), output)


def _writer(settings: Settings) -> ModelWriter | None:
    """What words the briefing; None where no model is set."""
    from bot.app import open_llm
    from bot.briefing.wording import ModelWriter

    chat = open_llm(settings)
    return ModelWriter(chat) if chat else None


COMMANDS = (items, brief)
