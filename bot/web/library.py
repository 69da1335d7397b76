"""The tab 通报库: which notices there are, what each says, uploading more and removing one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData, ListFiles
from markupsafe import Markup

from bot import app
from bot.errors import NoSuchNotice, StoreError
from bot.ledger.table import flat, status_text
from bot.records import Extraction, Notice
from bot.settings import Settings
from bot.web import assets, markup
from bot.web.access import visitor_of
from bot.web.desk import Desk
from bot.web.sessions import Visitor
from bot.web.uploads import MOST_FILES, Outcome, Upload, importing, recognise, safe_name
from vectorstore.catalogue import Entry
from vectorstore.store import Store

_COLUMNS = ("标题", "发文单位", "成文日期", "地区", "问题", "操作")
_ACTS = Markup(
    '<button type="button" class="act" data-event="open" data-notice="{id}" aria-label="查看 {title}">查看</button> '
    '<button type="button" class="act" data-event="discard" data-notice="{id}" aria-label="删除 {title}"'
    ' data-confirm="确定删除这份通报及其台账？此操作不能撤销。&#10;{title}">删除</button>'
)
_FORMER = Markup(
    '<li><button type="button" class="act" data-event="former" data-notice="{}" data-version="{}">第 {} 版</button>'
    " {} 被替换</li>"
)
_OLD = Markup('<p class="old" role="status">这是第 {} 版，已被新的文本替换，不再用于回答。</p>')
_SEEN = Markup('<details class="seen"><summary>识别结果：{}</summary>{}</details>')
_STATES = {
    "waiting": "等待",
    "ready": "待导入",
    "added": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "failed": "失败",
}


def uploads(payload: ListFiles | FileData | None) -> list[Upload]:
    """The files of Gradio's file box with the names that users gave them, made safe.

    Gradio has checked before that each path lies in its upload folder.
    """
    if payload is None:
        return []
    files: Sequence[Any] = list(payload) if isinstance(payload, ListFiles) else [payload]
    return [Upload(safe_name(file.orig_name or Path(file.path).name), Path(file.path)) for file in files]


# -- what is shown -----------------------------------------------------------------------------------------------------


def table(entries: list[Entry]) -> Markup:
    """All notices as a table."""
    if not entries:
        return Markup('<p class="hint">还没有通报。请在上方选择文件导入。</p>')
    caption = f"共 {len(entries)} 份通报，{sum(entry.items for entry in entries)} 个问题"
    return markup.table(caption, _COLUMNS, map(_row, entries))


def _row(entry: Entry) -> Markup:
    notice = entry.notice
    title = flat(notice.title.text) if notice.title else notice.file
    named = Markup("{}<small>{}</small>").format(title, notice.file) if notice.title else title
    cells = (
        Markup('<th scope="row">{}</th>').format(named),
        markup.cell("发文单位", "、".join(flat(unit.text) for unit in notice.issuer) or "—"),
        markup.cell("成文日期", _date(notice) or "—", "date"),
        markup.cell("地区", _places(notice) or "—"),
        markup.cell("问题", entry.items, "number"),
        markup.cell("操作", _ACTS.format(id=notice.id, title=title), "acts"),
    )
    return Markup("<tr>{}</tr>").format(markup.joined(cells))


def _date(notice: Notice) -> str:
    date = notice.signed_date or notice.published_date or notice.feedback_date
    return date.iso if date else ""


def _places(notice: Notice) -> str:
    names = list(dict.fromkeys(place.canonical for place in notice.places))
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


def outcomes_table(outcomes: Sequence[Outcome], line: str) -> Markup:
    """Each uploaded file with where it stands, under a line on how far the whole is."""
    if not outcomes:
        return Markup('<p class="hint" role="status">{}</p>').format(line) if line else Markup("")
    return markup.table(line, ("文件", "结果", "识别结果或原因"), map(_outcome, outcomes), kind="outcomes")


def _outcome(outcome: Outcome) -> Markup:
    cells = markup.cell("结果", _STATES[outcome.state], "state") + markup.cell("说明", outcome.detail)
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(outcome.state, outcome.name, cells)


def preview(store: Store, notice_id: str) -> Markup:
    """A notice with what its checks found and which former versions there are."""
    try:
        found, versions = store.catalogue.extraction(notice_id), store.catalogue.versions(notice_id)
    except NoSuchNotice:
        return markup.message("这份通报已从通报库删除，无法显示原文。")
    former = markup.joined(_FORMER.format(notice_id, number, number, when[:10]) for number, when in versions)
    listed = (
        Markup('<div class="versions"><h3>历史版本</h3><ul>{}</ul></div>').format(former) if versions else Markup("")
    )
    return markup.notice(found.notice, above=markup.checks(found) + listed)


def former(store: Store, notice_id: str, version: int) -> Markup:
    """A former version of a notice: its text, and the problems that were read from it then."""
    try:
        found = store.catalogue.former(notice_id, version)
    except NoSuchNotice:
        return markup.message("没有这个历史版本。")
    return markup.notice(found.notice, above=_OLD.format(version) + recognised(found))


def recognised(found: Extraction) -> Markup:
    """What was read in a notice: who, when, where, each problem with its measures and status."""
    notice = found.notice
    facts = (
        ("标题", flat(notice.title.text) if notice.title else "未识别"),
        ("发文单位", "、".join(flat(unit.text) for unit in notice.issuer) or "未识别"),
        ("日期", _date(notice) or "未识别"),
        ("地区", _places(notice) or "未识别"),
    )
    lines = markup.joined(Markup("<dt>{}</dt><dd>{}</dd>").format(*fact) for fact in facts)
    rows = [
        Markup("<tr>{}</tr>").format(
            markup.joined(
                (
                    markup.cell("序号", item.label, "label"),
                    Markup('<th scope="row">{}</th>').format(flat(item.problem.text)),
                    markup.cell("措施", f"{len(item.measures)} 条", "number"),
                    markup.cell("状态", status_text(item), f"status {item.status.value}"),
                )
            )
        )
        for item in found.items
    ]
    items = (
        markup.table(f"识别出 {len(rows)} 个问题", ("序号", "反馈问题", "措施", "状态"), rows) if rows else Markup("")
    )
    return Markup('<div class="recognised"><dl>{}</dl>{}</div>').format(lines, items)


# -- what is done ------------------------------------------------------------------------------------------------------


def looked_at(files: Sequence[Upload], settings: Settings) -> Iterator[tuple[Markup, tuple[Upload, ...]]]:
    """What each file holds, file by file, with those that can be saved; nothing is saved."""
    outcomes = [Outcome(file.name, "waiting") for file in files]
    seen: list[Markup] = []
    for number, file in enumerate(files):
        yield outcomes_table(outcomes, f"正在识别第 {number + 1}/{len(files)} 个文件：{file.name}"), ()
        try:
            outcomes[number], found = recognise(file, settings)
        except Exception:
            yield markup.bug() + outcomes_table(outcomes, f"识别 {file.name} 时中断"), ()
            raise
        seen += [_SEEN.format(file.name, recognised(found))] if found else []
    ready = tuple(file for file, outcome in zip(files, outcomes, strict=True) if outcome.state == "ready")
    line = f"已识别 {len(outcomes)} 个文件，{len(ready)} 个可以导入。核对后请点“导入”，尚未保存。"
    yield outcomes_table(outcomes, line) + markup.joined(seen), ready


def saved(desk: Desk, visitor: Visitor, files: Sequence[Upload]) -> Iterator[Markup]:
    """The import, step by step; an error of the store is shown as such."""
    outcomes: Sequence[Outcome] = ()
    try:
        for step in importing(desk.store, desk.settings, files):
            outcomes = step.outcomes
            yield outcomes_table(outcomes, step.line)
    except StoreError as error:
        yield markup.failure(str(error)) + outcomes_table(outcomes, "导入中断，已导入的文件保留")
    except Exception:
        yield markup.bug() + outcomes_table(outcomes, "导入中断，已导入的文件保留")
        raise
    finally:
        for outcome in outcomes:
            desk.note(visitor, "import", outcome.name, _STATES[outcome.state])


def removed(desk: Desk, visitor: Visitor, notice_id: str) -> Markup:
    """Remove a notice; a line on what happened."""
    if not visitor.manages:
        return markup.failure("只有管理员可以删除通报。")
    try:
        app.remove(desk.store, notice_id, desk.settings)
        desk.note(visitor, "remove", notice_id)
    except NoSuchNotice:
        return markup.message("这份通报已不在通报库中。")
    except StoreError as error:
        return markup.failure(str(error))
    return markup.message("已删除。")


# -- the tab -----------------------------------------------------------------------------------------------------------


def tab(page: gr.Blocks, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the page's context."""
    files = gr.File(
        label="选择通报文件（可多选）",
        file_count="multiple",
        height=150,
        elem_id="files",
    )
    # Gradio hands on paths and forgets the names. A subclass would say it more plainly, but for every subclass of a
    # component Gradio writes a stub file beside its source.
    files.preprocess = uploads  # type: ignore[method-assign,assignment]
    with gr.Row(elem_classes="tools"):
        put = gr.Button("导入", variant="primary", elem_id="import", scale=0, min_width=120, interactive=False)
        stop = gr.Button("停止", elem_id="stop", scale=0, min_width=120, interactive=False)
    report = gr.HTML(elem_id="outcomes", apply_default_css=False)
    rows = gr.HTML(elem_id="library", js_on_load=assets.buttons("open", "discard"), apply_default_css=False)
    panel = gr.HTML(
        elem_id="library-notice",
        js_on_load=assets.buttons("former") + assets.read("notice.js"),
        apply_default_css=False,
    )
    _wire_import(desk, files, put, stop, report, rows)
    _wire_rows(page, desk, rows, panel)


_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_WRITING: dict[str, Any] = _HIDDEN | {"concurrency_id": "write", "concurrency_limit": 1}


def _wire_import(desk: Desk, files: gr.File, put: gr.Button, stop: gr.Button, report: gr.HTML, rows: gr.HTML) -> None:
    """Looking into the chosen files, saving them, stopping."""

    def look(chosen: list[Upload]) -> Iterator[tuple[str, Any]]:
        if len(chosen) > MOST_FILES:
            line = f"一次最多选择 {MOST_FILES} 个文件，现在选了 {len(chosen)} 个：请分批导入"
            yield markup.failure(line), gr.update(interactive=False)
            return
        for shown, ready in looked_at(chosen, desk.settings):
            yield shown, gr.update(interactive=bool(ready))

    def save(chosen: list[Upload], request: gr.Request) -> Iterator[tuple[str, Any, Any, Any]]:
        if not 0 < len(chosen) <= MOST_FILES:
            line = f"请先选择文件（一次最多 {MOST_FILES} 个）。"
            yield outcomes_table((), line), gr.skip(), gr.skip(), gr.skip()
            return
        for shown in saved(desk, visitor_of(request), chosen):
            yield shown, gr.skip(), gr.update(interactive=False), gr.update(interactive=True)
        yield gr.skip(), None, gr.update(interactive=False), gr.update(interactive=False)

    def stopped() -> tuple[str, Any]:
        line = "已停止。已导入的文件保留；未建完的向量会在下次导入时补上。"
        return outcomes_table((), line), gr.update(interactive=False)

    def refresh() -> str:
        return table(desk.store.catalogue.entries())

    looking = files.upload(look, inputs=files, outputs=[report, put], **_HIDDEN)
    files.clear(lambda: ("", gr.update(interactive=False)), outputs=[report, put], cancels=[looking], **_HIDDEN)
    run = put.click(save, inputs=files, outputs=[report, files, put, stop], **_WRITING)
    run.then(refresh, outputs=rows, **_HIDDEN)
    stop.click(stopped, outputs=[report, stop], cancels=[run], **_HIDDEN).then(refresh, outputs=rows, **_HIDDEN)


def _wire_rows(page: gr.Blocks, desk: Desk, rows: gr.HTML, panel: gr.HTML) -> None:
    """The list of notices: looking at one or at a former version of it, removing one."""

    def refresh() -> str:
        return table(desk.store.catalogue.entries())

    def show(event: gr.EventData) -> str:
        return preview(desk.store, str(event.notice))

    def show_former(event: gr.EventData) -> str:
        return former(desk.store, str(event.notice), int(event.version))

    def discard(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        line = removed(desk, visitor_of(request), str(event.notice))
        return line, refresh()

    page.load(refresh, outputs=rows, **_HIDDEN)
    rows.open(show, outputs=panel, **_HIDDEN)
    panel.former(show_former, outputs=panel, **_HIDDEN)
    rows.discard(discard, outputs=[panel, rows], **_WRITING)
