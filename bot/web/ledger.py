"""The tab 台账: all problems of all notices; filter, sort, count, and see one with everything read from it marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from markupsafe import Markup

from bot.errors import NoSuchNotice
from bot.ledger import LedgerFilter, classifier_of, select
from bot.ledger.table import flat, shorten, status_text
from bot.records import STATUS_LABELS, Date, Grounded, Item, Measure, Notice, Quantity, StatusValue
from bot.web import assets, markup
from bot.web.chat import choices, open_notice
from bot.web.desk import Desk
from vectorstore.catalogue import LedgerRow, notice_year
from vectorstore.store import Store

PAGE = 50
"""Rows on a page."""
_COLUMNS = ("序号", "反馈问题", "整改措施", "责任单位", "完成时限", "状态", "出处", "操作")
_ORDERS = {"notice": "按通报", "status": "按状态", "category": "按类别", "year": "按年份（新的在前）"}
_STATUS_ORDER = ("ongoing", "not_stated", "long_term", "completed")
_BARS = 6
"""Bars of one chart; the rest is summed up as 其他."""
_DETAIL = Markup('<button type="button" class="act" data-event="detail" data-item="{}" data-notice="{}">详情</button>')
_TURN = Markup('<button type="button" class="act" data-event="turn" data-page="{}">{}</button>')
_VALUE = Markup(
    '<button type="button" class="value" data-event="cite" data-notice="{}" data-start="{}" data-end="{}">{}</button>'
)


# -- choosing ----------------------------------------------------------------------------------------------------------


def ordered(store: Store, rows: Sequence[LedgerRow], order: str) -> list[LedgerRow]:
    """The rows in one of the ``_ORDERS``; rows that are equal in it stay as they were."""
    signed = {notice.id: notice_year(notice) or "0" for notice in _notices(store)}
    keys: dict[str, Callable[[LedgerRow], Any]] = {
        "status": lambda row: _STATUS_ORDER.index(row.item.status.value),
        "category": _category,
        "year": lambda row: -int(signed.get(row.notice_id, "0")),
    }
    return sorted(rows, key=keys[order]) if order in keys else list(rows)


def years(store: Store) -> list[str]:
    """The years of the notices, newest first."""
    return sorted({year for notice in _notices(store) if (year := notice_year(notice))}, reverse=True)


def _notices(store: Store) -> list[Notice]:
    return [entry.notice for entry in store.catalogue.entries()]


def _category(row: LedgerRow) -> str:
    return flat(row.item.category.text) if row.item.category else "未分类"


# -- showing -----------------------------------------------------------------------------------------------------------


def listing(rows: Sequence[LedgerRow], page: int = 1) -> Markup:
    """One page of the ledger as a table, with buttons to the neighbouring pages."""
    if not rows:
        return Markup('<p class="hint" role="status">没有符合条件的问题。请放宽筛选条件。</p>')
    last = (len(rows) + PAGE - 1) // PAGE
    page = min(max(page, 1), last)
    first = (page - 1) * PAGE
    caption = f"共 {len(rows)} 个问题" + (f"，第 {page}/{last} 页" if last > 1 else "")
    shown = [_row(number, row) for number, row in enumerate(rows[first : first + PAGE], first + 1)]
    turns = [(page - 1, "上一页")] * (page > 1) + [(page + 1, "下一页")] * (page < last)
    pager = Markup('<p class="pager">{}</p>').format(markup.joined(_TURN.format(*turn) for turn in turns))
    return markup.table(caption, _COLUMNS, shown, kind="ledger") + pager


def _row(number: int, row: LedgerRow) -> Markup:
    item = row.item
    measures = "；".join(flat(measure.text) for measure in item.measures)
    cells = (
        markup.cell("序号", number, "number"),
        Markup('<th scope="row">{}<small>{}</small></th>').format(flat(item.problem.text), _category(row)),
        markup.cell("整改措施", shorten(measures, 120) or "—"),
        markup.cell("责任单位", "、".join(flat(unit.text) for unit in item.responsible_units) or "—"),
        markup.cell("完成时限", flat(item.deadline.text) if item.deadline else "—"),
        markup.cell("状态", status_text(item), f"status {item.status.value}"),
        markup.cell("出处", f"{shorten(flat(row.title), 30)} {item.label}"),
        markup.cell("操作", _DETAIL.format(item.id, row.notice_id)),
    )
    return Markup("<tr>{}</tr>").format(markup.joined(cells))


def charts(store: Store, rows: Sequence[LedgerRow]) -> Markup:
    """How the rows spread over status, category, theme, place and year, as tables with bars.

    An item may have several themes, so these add up to more than the rows.
    """
    classifier = classifier_of(store)
    notices = {notice.id: notice for notice in _notices(store)}

    def place(row: LedgerRow) -> str:
        found = notices.get(row.notice_id)
        return found.places[0].canonical if found and found.places else "未识别"

    def year(row: LedgerRow) -> str:
        found = notices.get(row.notice_id)
        return (notice_year(found) if found else None) or "未识别"

    parts = (
        _bars("状态", (STATUS_LABELS[row.item.status.value] for row in rows)),
        _bars("类别", (_category(row) for row in rows)),
        _bars("主题", (theme.name for row in rows for theme in classifier.themes(row.item))),
        _bars("地区", (place(row) for row in rows)),
        _bars("年份", (year(row) for row in rows)),
    )
    return Markup('<div class="charts">{}</div>').format(markup.joined(parts)) if rows else Markup("")


def _bars(name: str, values: Iterable[str]) -> Markup:
    counts = Counter(values).most_common()
    rest = sum(number for _, number in counts[_BARS:])
    shown = [*counts[:_BARS], *([("其他", rest)] if rest else [])]
    most = max((number for _, number in shown), default=1)
    bars = markup.joined(
        Markup(
            '<tr><th scope="row">{}</th><td><span class="bar" style="width:{}%"></span></td><td>{}</td></tr>'
        ).format(shorten(value, 24), round(100 * number / most), number)
        for value, number in shown
    )
    return Markup('<table class="bars"><caption>按{}</caption><tbody>{}</tbody></table>').format(name, bars)


# -- one item ----------------------------------------------------------------------------------------------------------


def detail(store: Store, notice_id: str, item_id: str) -> tuple[Markup, Markup]:
    """An item with all that was read from it, and its notice with those spans marked."""
    try:
        found = store.catalogue.extraction(notice_id)
        item = next(item for item in found.items if item.id == item_id)
    except (NoSuchNotice, StopIteration):
        gone = markup.message("这个问题已不在台账中，请刷新列表。")
        return gone, gone
    return card(item, notice_id), markup.notice(found.notice, markings(item), above=markup.checks(found))


def markings(item: Item) -> list[markup.Marking]:
    """Problem, measures, the words that tell the status, and every value that was read."""
    values: list[Grounded | Date | Quantity] = [
        *item.dates, *item.quantities, *item.documents, *item.organizations, *item.responsible_units,
        *item.responsible_persons, *item.accountability,
        *(value for value in (item.deadline, item.target) if value),
    ]  # fmt: skip
    return [
        (*item.problem.span, "problem"),
        *((*measure.span, "measure") for measure in item.measures),
        *((*quote.span, "status") for quote in item.status.quotes),
        *((*value.span, "fact") for value in values),
    ]


def card(item: Item, notice_id: str) -> Markup:
    """An item as a list of its fields; each value leads to its place in the notice."""

    def values(found: Iterable[Grounded | Date | Quantity]) -> Markup:
        return markup.joined(_VALUE.format(notice_id, *value.span, flat(value.text)) for value in found)

    fields: list[tuple[str, object]] = [
        ("反馈问题", values([item.problem])),
        ("类别", values([item.category] if item.category else [])),
        ("状态", status_text(item)),
        ("状态依据", values(item.status.quotes)),
        ("整改措施", _measures(item.measures, notice_id)),
        ("责任单位", values(item.responsible_units)),
        ("责任人", values(item.responsible_persons)),
        ("完成时限", values([item.deadline] if item.deadline else [])),
        ("整改目标", values([item.target] if item.target else [])),
        ("日期", values(item.dates)),
        ("数量", values(item.quantities)),
        ("文件", values(item.documents)),
        ("单位", values(item.organizations)),
        ("问责", values(item.accountability)),
    ]
    rows = markup.joined(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in fields if value)
    legend = Markup(
        '<p class="legend">原文中标出：<mark class="problem">反馈问题</mark> <mark class="measure">整改措施</mark>'
        ' <mark class="status">状态依据</mark> <mark class="fact">日期、数量、文件、单位等</mark></p>'
    )
    return Markup('<section class="card" aria-label="问题详情"><h2>{}</h2>{}<dl>{}</dl></section>').format(
        f"{item.label} 问题详情", legend, rows
    )


def _measures(measures: Sequence[Measure], notice_id: str) -> Markup:
    def one(measure: Measure) -> Markup:
        text = f"{measure.marker or ''}{flat(measure.text)}"
        return Markup("<li>{}</li>").format(_VALUE.format(notice_id, *measure.span, text))

    return Markup("<ol>{}</ol>").format(markup.joined(map(one, measures))) if measures else Markup("")


# -- the tab -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the tab; ``filters`` in the order of ``_wanted``'s parameters, then the order of the rows."""

    filters: list[Any]
    find: gr.Button
    clear: gr.Button
    counts: gr.HTML
    files: gr.HTML
    rows: gr.HTML
    chosen: gr.HTML
    panel: gr.HTML


def _laid_out() -> _Parts:
    with gr.Row(elem_classes="filters"):
        states = gr.CheckboxGroup(
            [(label, value) for value, label in STATUS_LABELS.items()], label="状态", min_width=300
        )
        place = gr.Textbox(label="地区", placeholder="例如：东安县", max_length=40, min_width=140)
        year = gr.Dropdown([("全部", "")], value="", label="年份", min_width=120)
        category = gr.Textbox(label="类别", max_length=60, min_width=140)
        keyword = gr.Textbox(label="关键词", placeholder="问题或措施中的词", max_length=60, min_width=160)
    with gr.Row(elem_classes="filters"):
        themes = gr.Dropdown(label="主题（不选为全部）", multiselect=True, min_width=220, scale=2)
        notices = gr.Dropdown(label="通报（不选为全部）", multiselect=True, min_width=300, scale=3)
        order = gr.Dropdown(
            [(label, key) for key, label in _ORDERS.items()], value="notice", label="排序", min_width=160
        )
        find = gr.Button("筛选", variant="primary", scale=0, min_width=100, elem_id="find")
        clear = gr.Button("清除条件", scale=0, min_width=100)
    with gr.Accordion("统计", open=False):
        counts = gr.HTML(elem_id="charts", apply_default_css=False)
    files = gr.HTML(elem_id="ledger-files", apply_default_css=False)
    rows = gr.HTML(elem_id="ledger", js_on_load=assets.buttons("detail", "turn"), apply_default_css=False)
    with gr.Row():
        with gr.Column(scale=5, min_width=300):
            chosen = gr.HTML(elem_id="item", js_on_load=assets.buttons("cite"), apply_default_css=False)
        with gr.Column(scale=6, min_width=300):
            panel = gr.HTML(elem_id="item-notice", js_on_load=assets.read("notice.js"), apply_default_css=False)
    filters = [states, place, year, category, themes, keyword, notices, order]
    return _Parts(filters, find, clear, counts, files, rows, chosen, panel)


def tab(here: gr.Tab, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    parts, store = _laid_out(), desk.store
    states, place, year, category, themes, keyword, notices, order = parts.filters

    def shown(*filters: Any) -> tuple[str, str, str]:
        found = _found(store, *filters)
        if not found and not store.catalogue.counts().notices:
            return markup.message("还没有通报。请先到“通报库”上传文件。"), Markup(""), Markup("")
        return listing(found), charts(store, found), exported(_wanted(*filters[:-1])) if found else Markup("")

    def arrive(*filters: Any) -> tuple[Any, ...]:
        offered = [("全部", ""), *((f"{found}年", found) for found in years(store))]
        names = gr.update(choices=classifier_of(store).names())
        return gr.update(choices=offered), names, gr.update(choices=choices(store)), *shown(*filters)

    def turn(event: gr.EventData, *filters: Any) -> str:
        return listing(_found(store, *filters), int(event.page))

    def one(event: gr.EventData) -> tuple[str, str]:
        return detail(store, str(event.notice), str(event.item))

    def cite(event: gr.EventData) -> str:
        return open_notice(store, str(event.notice), [(int(event.start), int(event.end), "cited")])

    def reset() -> tuple[Any, ...]:
        emptied: tuple[Any, ...] = ([], "", "", "", [], "", [], "notice")
        return *emptied, *shown(*emptied)

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    results = [parts.rows, parts.counts, parts.files]
    asking: dict[str, Any] = {"inputs": parts.filters, "outputs": results} | hidden
    here.select(arrive, inputs=parts.filters, outputs=[year, themes, notices, *results], **hidden)
    for changed in (parts.find.click, place.submit, category.submit, keyword.submit):
        changed(shown, **asking)
    for chosen in (states, year, themes, notices, order):
        chosen.input(shown, **asking)
    parts.clear.click(reset, outputs=[*parts.filters, *results], **hidden)
    parts.rows.turn(turn, inputs=parts.filters, outputs=parts.rows, **hidden)
    parts.rows.detail(one, outputs=[parts.chosen, parts.panel], **hidden)
    parts.chosen.cite(cite, outputs=parts.panel, **hidden)


def _found(store: Store, *filters: Any) -> list[LedgerRow]:
    return ordered(store, select(store, _wanted(*filters[:-1])), filters[-1] or "notice")


def _wanted(
    states: Sequence[StatusValue] | None,
    place: str | None,
    year: str | None,
    category: str | None,
    themes: Sequence[str] | None,
    keyword: str | None,
    notices: Sequence[str] | None,
) -> LedgerFilter:
    """The filters as Gradio hands them over: an emptied field may be None."""
    return LedgerFilter(
        tuple(states or ()),
        place or "",
        year or "",
        category or "",
        tuple(themes or ()),
        keyword or "",
        tuple(notices or ()),
    )


def exported(wanted: LedgerFilter) -> Markup:
    """Where the filtered ledger can be saved from."""
    query = urlencode(
        {
            "status": wanted.status,
            "place": wanted.place,
            "year": wanted.year,
            "category": wanted.category,
            "theme": wanted.themes,
            "keyword": wanted.keyword,
            "notice": wanted.notices,
        },
        doseq=True,
    )
    return markup.links([(f"download/ledger.xlsx?{query}", "导出 Excel"), (f"download/ledger.csv?{query}", "导出 CSV")])
