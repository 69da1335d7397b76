"""The tab 简报: choose what a paper is about and of what kind, see it with every figure leading to its source, save it.

What is quoted and what is written look different; a figure that was counted shows the problems that it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

import gradio as gr
from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import ValidationError

from bot.briefing import Length, Order, Paper, Style
from bot.briefing.draft import inner
from bot.briefing.layout import Figures, Kind, Line, laid_out
from bot.errors import UsageError, ZhenggaiError
from bot.ledger import LedgerFilter, classifier_of, parse_status, parse_year
from bot.ledger.table import flat
from bot.records import STATUS_LABELS, Briefing
from bot.settings import Masthead
from bot.web import assets, markup
from bot.web.access import visitor_of
from bot.web.chat import choices, open_notice
from bot.web.desk import Desk
from bot.web.jobs import watched
from bot.web.ledger import years
from bot.web.papers import Made
from bot.web.sessions import Visitor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown; charset=utf-8"
Form = Literal["docx", "md"]
Many = Annotated[list[str], Query()]
LONGEST = 60
"""Characters of what is typed into the masthead."""
_HINT = "点击简报中的数字或 [1]，这里显示它的出处。"
MOST_COUNTED = 200
"""Problems that are listed behind one figure."""
_FRAME = {
    "name": "简报名称（空为不印报头）", "issue": "期号", "office": "编发单位", "date": "日期（空为当天）",
    "report_to": "报", "send_to": "送", "copy_to": "发", "copies": "共印份数",
}  # fmt: skip
_CITE = Markup(
    '<button type="button" class="{}" data-event="cite" data-notice="{}" data-start="{}" data-end="{}"'
    ' title="看原文">{}</button>'
)
_COUNTED = Markup(
    '<button type="button" class="figure" data-event="counted" data-place="{}" title="看由哪些问题统计得出">{}</button>'
)


# -- what is ordered ---------------------------------------------------------------------------------------------------


def ordered(query: dict[str, Any]) -> Order:
    """An order from the values of an address or of the form. Raises ``UsageError``."""
    wanted = LedgerFilter(
        parse_status(query.get("status") or ()),
        query.get("place") or "",
        parse_year(query.get("year") or ""),
        query.get("category") or "",
        tuple(query.get("theme") or ()),
        query.get("keyword") or "",
        tuple(query.get("notice") or ()),
    )
    style: Style = _one_of(query.get("style") or "简报", get_args(Style))
    length: Length = _one_of(query.get("length") or "标准", get_args(Length))
    return Order(wanted, (query.get("title") or "").strip()[:LONGEST] or None, style, length, _frame(query))


def _one_of(value: Any, known: Sequence[Any]) -> Any:
    if value not in known:
        raise UsageError(f"没有“{value}”：可用的有 {'、'.join(known)}")
    return value


def _frame(query: dict[str, Any]) -> Masthead:
    given = {key: str(query.get(key) or "").strip()[:LONGEST] for key in _FRAME}
    copies = given.pop("copies")
    try:
        return Masthead.model_validate(given | {"copies": copies or None})
    except ValidationError as error:
        raise UsageError(f"共印份数应为不小于 1 的整数，收到的是“{copies}”") from error


def query_of(order: Order) -> str:
    """The order as the query of an address, from which ``ordered`` reads it again."""
    wanted = order.wanted
    values: dict[str, Any] = {
        "status": wanted.status, "place": wanted.place, "year": wanted.year, "category": wanted.category,
        "theme": wanted.themes, "keyword": wanted.keyword, "notice": wanted.notices, "title": order.title or "",
        "style": order.style, "length": order.length, **order.masthead.model_dump(exclude_none=True),
    }  # fmt: skip
    return urlencode({key: value for key, value in values.items() if value}, doseq=True)


# -- showing -----------------------------------------------------------------------------------------------------------


def preview(made: Made) -> Markup:
    """The paper with buttons to save it; figures and citation numbers are buttons that lead to their source."""
    paper = made.paper
    briefing = paper.briefing
    query = query_of(paper.order)
    saved = [
        (f"download/briefing.{form}?{query}", name) for form, name in (("docx", "下载 Word"), ("md", "下载 Markdown"))
    ]
    legend = Markup(
        '<p class="legend"><span class="quoted">竖线内为通报原文</span> 其余为程序撰写；'
        '<span class="figure">带下划线的数字</span>可点击查看出处</p>'
    )
    body = markup.joined([*_head(paper.order), *_lines(briefing)])
    return Markup('{}{}{}<article class="paper" aria-label="简报预览"><h2>{}</h2>{}</article>').format(
        markup.links(saved), markup.warnings(made.warnings), legend, briefing.title, body
    )


def _head(order: Order) -> Iterator[Markup]:
    """名称, 期号, 编发单位 and 日期 over a red line."""
    head = order.masthead
    if order.style == "简报" and head.name:
        yield Markup(
            '<header class="redhead"><p class="name">{}</p><p>{}</p>'
            '<p class="by"><span>{}</span><span>{}</span></p></header>'
        ).format(head.name, head.issue, head.office, head.date or f"{date.today():%Y年%-m月%-d日}")


def _lines(briefing: Briefing) -> Iterator[Markup]:
    figures = Figures(briefing.figures)
    for line in laid_out(briefing):
        if line.kind is Kind.HEADING:
            yield Markup("<h{0}>{1}</h{0}>").format(min(line.level + 2, 5), line.text)
        elif line.kind is Kind.QUOTED:
            text = _text(f"“{inner(line.text)}”", briefing, figures)
            yield Markup('<blockquote class="quoted">{}{}{}</blockquote>').format(
                line.number, text, _numbers(line, briefing)
            )
        else:
            yield Markup("<p>{}{}</p>").format(_text(line.text, briefing, figures), _numbers(line, briefing))


def _text(text: str, briefing: Briefing, figures: Figures) -> Markup:
    parts: list[Markup | str] = []
    for piece, place in figures.split(text):
        figure = briefing.figures[place] if place is not None else None
        if figure is None:
            parts.append(piece)
        elif figure.citations:
            cited = briefing.citations[figure.citations[0] - 1]
            parts.append(_CITE.format("figure", cited.notice_id, cited.start, cited.end, piece))
        else:
            parts.append(_COUNTED.format(place, piece))
    return _unbroken(parts)


def _unbroken(parts: Sequence[Markup | str]) -> Markup:
    """The parts joined; no line begins with the punctuation after a button, as browsers would have it."""
    joined: list[Markup] = []
    for part in parts:
        mark = part[0] if joined and not isinstance(part, Markup) and part.startswith(tuple("、，。；：）”》")) else ""
        if mark:
            joined[-1] = Markup('<span class="unbroken">{}{}</span>').format(joined[-1], mark)
        joined.append(Markup("{}").format(part[len(mark) :]))
    return markup.joined(joined)


def _numbers(line: Line, briefing: Briefing) -> Markup:
    cited = [briefing.citations[n - 1] for n in line.citations]
    marks = [_CITE.format("cite", c.notice_id, c.start, c.end, f"[{c.n}]") for c in cited]
    return Markup("<sup>{}</sup>").format(markup.joined(marks)) if marks else Markup("")


def counted(paper: Paper, place: int) -> Markup:
    """The problems behind a counted figure, each leading to its words."""
    figures = paper.briefing.figures
    if not 0 <= place < len(figures) or figures[place].computed_from is None:
        return markup.message("通报库已有变动，请重新生成简报。")
    figure, ids = figures[place], figures[place].computed_from or ()
    rows = [Markup("<li>{}</li>").format(_problem(item, paper)) for item in ids[:MOST_COUNTED]]
    more = Markup("<p>另有 {} 个，未列出。</p>").format(len(ids) - MOST_COUNTED) if len(ids) > MOST_COUNTED else ""
    return Markup(
        '<section class="card" aria-label="统计依据"><h2>{} 由下列问题统计得出</h2><ol>{}</ol>{}</section>'
    ).format(figure.text, markup.joined(rows), more)


def _problem(item: str, paper: Paper) -> Markup:
    found = paper.problems[item]
    notice_id, _, label = item.partition("#")
    return _CITE.format("value", notice_id, *found.span, f"{label} {flat(found.text)}")


# -- saving ------------------------------------------------------------------------------------------------------------


def add_download(app: FastAPI, desk: Desk, file: Callable[[str, Callable[[], tuple[bytes, str]]], Response]) -> None:
    """Register download/briefing.docx and .md. ``file``: makes an answer of a name and what makes the bytes."""

    @app.get("/download/briefing.{form}")
    def briefing(
        form: Form,
        request: Request,
        status: Many = [],  # noqa: B006  (FastAPI copies it)
        theme: Many = [],  # noqa: B006
        notice: Many = [],  # noqa: B006
    ) -> Response:
        query: dict[str, Any] = dict(request.query_params) | {"status": status, "theme": theme, "notice": notice}

        def made() -> tuple[bytes, str]:
            paper = desk.paper(visitor_of(request), ordered(query)).paper
            desk.note(visitor_of(request), "brief", paper.briefing.title, f"下载 {form}")
            if form == "md":
                return paper.markdown().encode(), MARKDOWN
            return paper.docx(date.today()), DOCX

        return file(f"简报.{form}", made)


# -- making ------------------------------------------------------------------------------------------------------------

_Step = tuple[Markup, Order | None]
"""What is shown, and the order once its paper is there."""


def written(desk: Desk, visitor: Visitor, values: dict[str, Any]) -> Iterator[_Step]:
    """What is being done, then the paper; a message where there is none. Closing it ends the work."""
    try:
        order = ordered(values)
        yield _doing("正在汇总台账…"), None
        steps: Iterator[_Step] = watched(lambda report: _written(desk, visitor, order, report))
        yield from steps
    except ZhenggaiError as error:
        yield markup.failure(str(error)), None
    except Exception:
        # A bug: it keeps its traceback in the server's log, and the page does not wait for ever.
        yield markup.bug(), None
        raise


def _written(desk: Desk, visitor: Visitor, order: Order, report: Callable[[_Step], None]) -> None:
    made = desk.brief(visitor, order, on_stage=lambda stage: report((_doing(stage), None)))
    report((preview(made), order))


def _doing(stage: str) -> Markup:
    return Markup('<p class="waiting" role="status">{}</p>').format(stage)


# -- the tab -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the tab. ``fields``: by the keys of ``ordered``."""

    fields: dict[str, Any]
    make: gr.Button
    stop: gr.Button
    paper: gr.HTML
    panel: gr.HTML


def tab(here: gr.Tab, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    parts, store = _laid_out(desk.settings.briefing), desk.store
    names, fields, shown = [*parts.fields], [*parts.fields.values()], gr.State(None)

    def arrive() -> tuple[Any, ...]:
        offered = [("全部", ""), *((f"{found}年", found) for found in years(store))]
        themes = gr.update(choices=classifier_of(store).names())
        return gr.update(choices=offered), themes, gr.update(choices=choices(store))

    def make(request: gr.Request, *values: Any) -> Iterator[tuple[str, str, Order | None, Any]]:
        for html, order in written(desk, visitor_of(request), dict(zip(names, values, strict=True))):
            hint = markup.message(_HINT) if order else Markup("")
            yield html, hint, order, gr.update(interactive='class="waiting"' in html)

    def count(order: Order, event: gr.EventData, request: gr.Request) -> str:
        return counted(desk.paper(visitor_of(request), order).paper, int(event.place))

    def cite(event: gr.EventData) -> str:
        return open_notice(store, str(event.notice), [(int(event.start), int(event.end), "cited")])

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    here.select(arrive, outputs=[parts.fields[key] for key in ("year", "theme", "notice")], **hidden)
    outputs = [parts.paper, parts.panel, shown, parts.stop]
    run = parts.make.click(make, inputs=fields, outputs=outputs, **hidden)
    stopped = (markup.message("已停止，没有生成简报。"), Markup(""), None, gr.update(interactive=False))
    parts.stop.click(lambda: stopped, outputs=outputs, cancels=[run], **hidden)
    parts.paper.counted(count, inputs=shown, outputs=parts.panel, **hidden)
    parts.paper.cite(cite, outputs=parts.panel, **hidden)
    parts.panel.cite(cite, outputs=parts.panel, **hidden)


def _laid_out(head: Masthead) -> _Parts:
    fields: dict[str, Any] = {}
    with gr.Row(elem_classes="filters"):
        fields["style"] = gr.Radio([*get_args(Style)], value="简报", label="样式", min_width=160)
        fields["length"] = gr.Radio([*get_args(Length)], value="标准", label="篇幅", min_width=260)
        fields["title"] = gr.Textbox(
            label="标题", placeholder="不填则按筛选条件拟定", max_length=LONGEST, min_width=240, scale=2
        )
    fields |= _filters()
    fields |= _masthead(head)
    with gr.Row(elem_classes="tools"):
        make = gr.Button("生成简报", variant="primary", scale=0, min_width=120, elem_id="make-briefing")
        stop = gr.Button("停止", scale=0, min_width=120, elem_id="stop-briefing", interactive=False)
    with gr.Row():
        with gr.Column(scale=6, min_width=300):
            paper = gr.HTML(elem_id="briefing", js_on_load=assets.buttons("cite", "counted"), apply_default_css=False)
        with gr.Column(scale=5, min_width=300):
            script = assets.buttons("cite") + assets.read("notice.js")
            panel = gr.HTML(elem_id="briefing-notice", js_on_load=script, apply_default_css=False)
    return _Parts(fields, make, stop, paper, panel)


def _filters() -> dict[str, Any]:
    with gr.Row(elem_classes="filters"):
        found: dict[str, Any] = {
            "status": gr.CheckboxGroup(
                [(label, value) for value, label in STATUS_LABELS.items()], label="状态（不选为全部）", min_width=300
            ),
            "place": gr.Textbox(label="地区", placeholder="例如：东安县", max_length=40, min_width=140),
            "year": gr.Dropdown([("全部", "")], value="", label="年份", min_width=120),
            "keyword": gr.Textbox(label="关键词", placeholder="问题或措施中的词", max_length=LONGEST, min_width=160),
        }
    with gr.Row(elem_classes="filters"):
        found["theme"] = gr.Dropdown(label="主题（不选为全部）", multiselect=True, min_width=200)
        found["category"] = gr.Textbox(label="类别", max_length=LONGEST, min_width=140)
        found["notice"] = gr.Dropdown(label="通报（不选为全部）", multiselect=True, min_width=300, scale=2)
    return found


def _masthead(head: Masthead) -> dict[str, Any]:
    """报头 and 报尾, filled in from the settings."""
    with gr.Accordion("报头和报尾", open=False), gr.Row(elem_classes="filters"):
        return {
            key: gr.Textbox(str(getattr(head, key) or ""), label=label, max_length=LONGEST, min_width=160)
            for key, label in _FRAME.items()
        }
