"""The tab 审计: who asked what and what was answered. Every look-up asks anew whether its visitor may read it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import gradio as gr
from markupsafe import Markup

from bot.audit import ACTION_LABELS, Entry, Wanted, parse_day
from bot.errors import ZhenggaiError
from bot.ledger.table import shorten
from bot.web import markup
from bot.web.access import visitor_of
from bot.web.desk import Desk

SHOWN = 100
"""The newest records that the page shows; the export has all."""
_COLUMNS = ("时间", "用户", "操作", "内容", "结果")
REFUSED = "只有管理员可以查看审计记录。"


def listing(entries: list[Entry]) -> Markup:
    """The newest records as a table."""
    caption = f"共 {len(entries)} 条" + (f"，显示最近 {SHOWN} 条" if len(entries) > SHOWN else "")
    return markup.table(caption, _COLUMNS, map(_row, entries[: -SHOWN - 1 : -1]))


def _row(entry: Entry) -> Markup:
    proofs = markup.joined(
        Markup("<li>[{}] {} {}–{}：{}</li>").format(c.n, c.file, c.start, c.end, shorten(c.quote, 120))
        for c in entry.citations
    )
    result = Markup("{}<small>{}</small>").format(
        shorten(entry.result, 300), "　".join(part for part in (entry.status_label, entry.prompt, entry.model) if part)
    )
    if entry.citations:
        result += Markup("<details><summary>出处 {} 条</summary><ul>{}</ul></details>").format(
            len(entry.citations), proofs
        )
    cells = (
        Markup('<th scope="row">{}</th>').format(entry.time[:19].replace("T", " ")),
        markup.cell("用户", Markup("{}<small>{}</small>").format(entry.user, entry.address)),
        markup.cell("操作", ACTION_LABELS[entry.action]),
        markup.cell("内容", entry.subject or "—"),
        markup.cell("结果", result),
    )
    return Markup("<tr>{}</tr>").format(markup.joined(cells))


def tab(here: gr.Tab, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    with gr.Row(elem_classes="filters"):
        user = gr.Textbox(label="用户", max_length=64, min_width=140)
        since = gr.Textbox(label="起始日期", placeholder="2021-10-20", max_length=10, min_width=140)
        until = gr.Textbox(label="截止日期", placeholder="2021-10-31", max_length=10, min_width=140)
        keyword = gr.Textbox(label="关键词", placeholder="问题或回答中的词", max_length=60, min_width=160)
        find = gr.Button("查询", variant="primary", scale=0, min_width=100, elem_id="find-audit")
    rows = gr.HTML(elem_id="audit", apply_default_css=False)

    def shown(who: str, first: str, last: str, word: str, request: gr.Request) -> str:
        if not visitor_of(request).audits:
            return markup.failure(REFUSED)
        try:
            wanted = Wanted(who.strip(), parse_day(first), parse_day(last), word)
            entries = list(desk.audit.entries(wanted))
        except ZhenggaiError as error:
            return markup.failure(str(error))
        query = urlencode({"user": who.strip(), "since": first, "until": last, "keyword": word})
        return markup.links([(f"download/audit.csv?{query}", "导出 CSV")]) + listing(entries)

    wiring: dict[str, Any] = {
        "inputs": [user, since, until, keyword],
        "outputs": rows,
        "api_visibility": "private",
        "show_progress": "hidden",
    }
    for asked in (here.select, find.click, user.submit, since.submit, until.submit, keyword.submit):
        asked(shown, **wiring)
