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
from bot.records import Notice
from bot.settings import Settings
from bot.web import assets, markup
from bot.web.uploads import MOST_FILES, Outcome, Upload, importing, recognise, safe_name
from vectorstore.catalogue import Entry
from vectorstore.store import Store

_COLUMNS = ("标题", "发文单位", "成文日期", "地区", "问题", "操作")
_ACTS = Markup(
    '<button type="button" class="act" data-event="open" data-notice="{id}" aria-label="查看 {title}">查看</button> '
    '<button type="button" class="act" data-event="discard" data-notice="{id}" aria-label="删除 {title}"'
    ' data-confirm="确定删除这份通报及其台账？此操作不能撤销。&#10;{title}">删除</button>'
)
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
    title = markup.flat(notice.title.text) if notice.title else notice.file
    named = Markup("{}<small>{}</small>").format(title, notice.file) if notice.title else title
    cells = (
        Markup('<th scope="row">{}</th>').format(named),
        markup.cell("发文单位", "、".join(markup.flat(unit.text) for unit in notice.issuer) or "—"),
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
    lines = [check.message for check in found.checks]
    lines += [f"历史版本：第 {number} 版（{when[:10]} 被替换）" for number, when in versions]
    lines += [f"读取时的修复：{repair}" for repair in found.notice.source.repairs]
    points = markup.joined(Markup("<li>{}</li>").format(line) for line in lines)
    above = Markup('<div class="checks"><h3>核对</h3><ul>{}</ul></div>').format(points) if lines else Markup("")
    return markup.notice(found.notice, above=above)


# -- what is done ------------------------------------------------------------------------------------------------------


def looked_at(files: Sequence[Upload], settings: Settings) -> Iterator[Markup]:
    """What each file holds, file by file; nothing is saved."""
    outcomes = [Outcome(file.name, "waiting") for file in files]
    for number, file in enumerate(files):
        yield outcomes_table(outcomes, f"正在识别第 {number + 1}/{len(files)} 个文件：{file.name}")
        try:
            outcomes[number] = recognise(file, settings)
        except Exception:
            yield markup.bug() + outcomes_table(outcomes, f"识别 {file.name} 时中断")
            raise
    ready = sum(outcome.state == "ready" for outcome in outcomes)
    yield outcomes_table(outcomes, f"已识别 {len(outcomes)} 个文件，{ready} 个可以导入。核对后请点“导入”。")


def saved(store: Store, settings: Settings, files: Sequence[Upload]) -> Iterator[Markup]:
    """The import, step by step; an error of the store is shown as such."""
    outcomes: Sequence[Outcome] = ()
    try:
        for step in importing(store, settings, files):
            outcomes = step.outcomes
            yield outcomes_table(outcomes, step.line)
    except StoreError as error:
        yield markup.failure(str(error)) + outcomes_table(outcomes, "导入中断，已导入的文件保留")
    except Exception:
        yield markup.bug() + outcomes_table(outcomes, "导入中断，已导入的文件保留")
        raise


def removed(store: Store, notice_id: str, settings: Settings) -> Markup:
    """Remove a notice; a line on what happened."""
    try:
        app.remove(store, notice_id, settings)
    except NoSuchNotice:
        return markup.message("这份通报已不在通报库中。")
    except StoreError as error:
        return markup.failure(str(error))
    return markup.message("已删除。")


def tab(page: gr.Blocks, store: Store, settings: Settings) -> None:
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
        put = gr.Button("导入", variant="primary", elem_id="import", scale=0, min_width=120)
        stop = gr.Button("停止", elem_id="stop", scale=0, min_width=120, interactive=False)
    report = gr.HTML(elem_id="outcomes", apply_default_css=False)
    rows = gr.HTML(elem_id="library", js_on_load=assets.buttons("open", "discard"), apply_default_css=False)
    panel = gr.HTML(elem_id="library-notice", js_on_load=assets.read("notice.js"), apply_default_css=False)

    def refresh() -> str:
        return table(store.catalogue.entries())

    def look(chosen: list[Upload]) -> Iterator[str]:
        if len(chosen) > MOST_FILES:
            yield markup.failure(f"一次最多选择 {MOST_FILES} 个文件，现在选了 {len(chosen)} 个：请分批导入")
            return
        yield from looked_at(chosen, settings)

    def save(chosen: list[Upload]) -> Iterator[tuple[str, Any, Any]]:
        if not 0 < len(chosen) <= MOST_FILES:
            yield outcomes_table((), f"请先选择文件（一次最多 {MOST_FILES} 个）。"), gr.skip(), gr.skip()
            return
        for shown in saved(store, settings, chosen):
            yield shown, gr.skip(), gr.update(interactive=True)
        yield gr.skip(), None, gr.update(interactive=False)

    def stopped() -> tuple[str, Any]:
        line = "已停止。已导入的文件保留；未建完的向量会在下次导入时补上。"
        return outcomes_table((), line), gr.update(interactive=False)

    def show(event: gr.EventData) -> str:
        return preview(store, str(event.notice))

    def discard(event: gr.EventData) -> tuple[str, str]:
        line = removed(store, str(event.notice), settings)
        return line, refresh()

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    writing: dict[str, Any] = hidden | {"concurrency_id": "write", "concurrency_limit": 1}
    page.load(refresh, outputs=rows, **hidden)
    files.upload(look, inputs=files, outputs=report, **hidden)
    files.clear(lambda: "", outputs=report, **hidden)
    run = put.click(save, inputs=files, outputs=[report, files, stop], **writing)
    run.then(refresh, outputs=rows, **hidden)
    stop.click(stopped, outputs=[report, stop], cancels=[run], **hidden).then(refresh, outputs=rows, **hidden)
    rows.open(show, outputs=panel, **hidden)
    rows.discard(discard, outputs=[panel, rows], **writing)
