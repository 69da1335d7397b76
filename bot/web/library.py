"""The tab 通报库: which notices there are, and what each says."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from bot.records import Notice
from bot.web import assets, markup
from bot.web.chat import open_notice
from vectorstore.catalogue import Entry
from vectorstore.store import Store

_COLUMNS = ("标题", "发文单位", "成文日期", "地区", "问题", "操作")
_ROW = Markup(
    '<tr><th scope="row">{}<small>{}</small></th>'
    '<td data-label="发文单位">{}</td><td data-label="成文日期" class="date">{}</td><td data-label="地区">{}</td>'
    '<td data-label="问题" class="number">{}</td><td data-label="操作">{}</td></tr>'
)
_OPEN = Markup(
    '<button type="button" class="act" data-event="open" data-notice="{}" aria-label="查看 {}">查看</button>'
)


def table(entries: list[Entry]) -> str:
    """All notices as a table."""
    if not entries:
        return Markup('<p class="hint">还没有通报。</p>')
    head = markup.joined(Markup('<th scope="col">{}</th>').format(name) for name in _COLUMNS)
    body = markup.joined(_row(entry) for entry in entries)
    caption = f"共 {len(entries)} 份通报，{sum(entry.items for entry in entries)} 个问题"
    return Markup(
        '<table class="list"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption, head, body)


def _row(entry: Entry) -> Markup:
    notice = entry.notice
    title = markup.flat(notice.title.text) if notice.title else notice.file
    issuer = "、".join(markup.flat(unit.text) for unit in notice.issuer)
    open_ = _OPEN.format(notice.id, title)
    return _ROW.format(
        title, notice.file, issuer or "—", _date(notice) or "—", _places(notice) or "—", entry.items, open_
    )


def _date(notice: Notice) -> str:
    date = notice.signed_date or notice.published_date or notice.feedback_date
    return date.iso if date else ""


def _places(notice: Notice) -> str:
    names = list(dict.fromkeys(place.canonical for place in notice.places))
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


def tab(page: gr.Blocks, store: Store) -> None:
    """Lay the tab out and wire it; called inside the page's context."""
    rows = gr.HTML(elem_id="library", js_on_load=assets.buttons("open"), apply_default_css=False)
    panel = gr.HTML(elem_id="library-notice", js_on_load=assets.read("notice.js"), apply_default_css=False)

    def refresh() -> str:
        return table(store.catalogue.entries())

    def show(event: gr.EventData) -> str:
        return open_notice(store, str(event.notice))

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.load(refresh, outputs=rows, **hidden)
    rows.open(show, outputs=panel, **hidden)
