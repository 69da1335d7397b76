"""The tab 问答: a conversation with numbered citations beside the notice that they point into.

What was said belongs to the browser session (``gr.State``); the functions here only take it and give it back. What is
kept for later lies on the shelf of whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import gradio as gr
from markupsafe import Markup

from bot.errors import NoSuchNotice, StoreError, ZhenggaiError
from bot.ledger.table import flat, shorten
from bot.records import Citation
from bot.web import assets, markup
from bot.web.access import visitor_of
from bot.web.desk import LONGEST_QUESTION, Desk
from bot.web.examples import Examples
from bot.web.jobs import watched
from bot.web.sessions import Visitor
from bot.web.shelf import Conversation, Exchange, new_id
from bot.web.transcript import with_sources
from bot.web.understood import understood, without
from vectorstore.store import Store

Way = Literal["answer", "summary"]
_WAYS = [("回答", "answer"), ("汇总成表", "summary")]
STOPPED = "已停止，没有回答。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user sends. ``dropped``: words of the question that are left out; ``notices``: ids to look in."""

    question: str
    way: Way = "answer"
    notices: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


# -- showing -----------------------------------------------------------------------------------------------------------


def show(conversation: Conversation) -> str:
    """The conversation as HTML."""
    turns = [_turn(number, said) for number, said in enumerate(conversation.exchanges)]
    name = conversation.id
    exported = [(f"download/conversation/{name}.docx", "导出 Word"), (f"download/conversation/{name}.txt", "导出文本")]
    return markup.joined([*turns, markup.links(exported) if name else Markup("")])


def _turn(number: int, said: Exchange) -> Markup:
    body = _outcome(said)
    if said.answer or said.summary:
        body = body + markup.tools(number, with_sources(said), said.verdict, judged=said.answer is not None)
    chips = markup.chips(number, said.chips) if said.answer else Markup("")
    return markup.turn(without(said.question, said.dropped) or said.question, chips + body)


def _outcome(said: Exchange) -> Markup:
    if said.answer:
        return markup.answer(said.answer)
    if said.summary:
        return markup.summary(said.summary)
    return markup.failure(said.failure) if said.failure else markup.waiting(said.written, said.stage)


# -- talking -----------------------------------------------------------------------------------------------------------


def converse(desk: Desk, visitor: Visitor, asked: Asked, before: Conversation) -> Iterator[Conversation]:
    """The conversation with the question asked, then with its answer."""
    if not asked.question.strip():
        yield before
        return
    said = Exchange(asked.question.strip()[:LONGEST_QUESTION], dropped=asked.dropped)
    yield _with(before, said)
    try:
        steps: Iterator[Exchange] = watched(lambda report: _answered(desk, visitor, asked, said, before, report))
        for step in steps:
            now = _with(before, step)
            yield now if step.pending else _kept(desk, visitor, now)
    except ZhenggaiError as error:
        yield _with(before, replace(said, failure=str(error)))
    except Exception:
        # A bug: it keeps its traceback in the server's log, and the page does not wait for ever.
        yield _with(before, replace(said, failure=markup.BUG))
        raise


def _answered(
    desk: Desk,
    visitor: Visitor,
    asked: Asked,
    said: Exchange,
    before: Conversation,
    report: Callable[[Exchange], None],
) -> None:
    """Report the exchange as its sentences are written, and in the end with its answer."""
    question = without(said.question, asked.dropped)

    def wrote(sentence: str, _: tuple[Citation, ...]) -> None:
        nonlocal said
        said = replace(said, written=(*said.written, sentence))
        report(said)

    def stands(stage: str) -> None:
        nonlocal said
        said = replace(said, stage=stage)
        report(said)

    if asked.way == "summary":
        found = desk.summarize(visitor, question, notices=asked.notices, on_stage=stands)
        report(replace(said, summary=found, stage=""))
        return
    chips = understood(desk.store, question, asked.notices)
    answer = desk.ask(
        visitor,
        question,
        history=before.history(),
        notices=asked.notices,
        on_sentence=wrote,
        on_stage=stands,
    )
    report(replace(said, answer=answer, chips=chips, notices=asked.notices, written=(), stage=""))


def _with(before: Conversation, said: Exchange) -> Conversation:
    return replace(before, exchanges=(*before.exchanges, said))


def _kept(desk: Desk, visitor: Visitor, conversation: Conversation) -> Conversation:
    """The conversation on its owner's shelf; where it cannot be kept the answer is shown all the same."""
    named = conversation if conversation.id else replace(conversation, id=new_id())
    try:
        desk.shelf.keep(visitor.owner, named)
    except StoreError as error:
        gr.Warning(str(error))
        return conversation
    return named


def stopped(conversation: Conversation) -> Conversation:
    """The conversation after its running answer was cancelled."""
    if not conversation.exchanges or not conversation.exchanges[-1].pending:
        return conversation
    last = replace(conversation.exchanges[-1], failure=STOPPED, written=())
    return replace(conversation, exchanges=(*conversation.exchanges[:-1], last))


def dropping(conversation: Conversation, number: int, words: str) -> tuple[Asked, Conversation]:
    """A question to be asked again without one of its conditions, and the conversation before it."""
    said = conversation.exchanges[number]
    asked = Asked(said.question, "answer", said.notices, (*said.dropped, words))
    return asked, replace(conversation, exchanges=conversation.exchanges[:number])


def judged(
    desk: Desk, visitor: Visitor, conversation: Conversation, number: int, verdict: Literal["good", "bad"], reason: str
) -> Conversation:
    """The conversation with the user's verdict on one answer, which is kept for whoever improves the program."""
    exchanges = list(conversation.exchanges)
    desk.judge(visitor, exchanges[number], verdict, reason)
    exchanges[number] = replace(exchanges[number], verdict=verdict)
    return _kept(desk, visitor, replace(conversation, exchanges=tuple(exchanges)))


def open_notice(store: Store, notice_id: str, markings: Sequence[markup.Marking] = ()) -> str:
    """The notice as HTML with its markings; a message where it has been removed meanwhile."""
    try:
        found = store.catalogue.extraction(notice_id)
    except NoSuchNotice:
        return markup.message("这份通报已从通报库删除，无法显示原文。")
    return markup.notice(found.notice, markings)


def choices(store: Store) -> list[tuple[str, str]]:
    """(title, id) of all notices, for choosing where to look."""
    return [(shorten(flat(title), 40), notice_id) for notice_id, _, title in store.catalogue.heads()]


# -- the tab -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the tab."""

    said: gr.State
    conversation: gr.HTML
    question: gr.Textbox
    way: gr.Radio
    notices: gr.Dropdown
    stop: gr.Button
    clear: gr.Button
    former: gr.Dropdown
    forget: gr.Button
    panel: gr.HTML


def tab(page: gr.Blocks, here: gr.Tab, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    examples = Examples(desk.store, lambda asked: desk.answer(desk.store, asked).status == "answered")
    parts = _laid_out()
    talked = _wire_talking(parts, desk, examples)
    _wire_shelf(page, here, parts, desk, examples, talked)


def _laid_out() -> _Parts:
    said = gr.State(Conversation())
    with gr.Row(elem_classes="talk"):
        with gr.Column(scale=6, min_width=300):
            conversation = gr.HTML(
                elem_id="conversation",
                js_on_load=assets.buttons("cite", "example", "drop", "judge") + assets.read("talk.js"),
                apply_default_css=False,
                label="问答记录",
            )
            question = gr.Textbox(
                label="问题",
                placeholder="例如：某处污水管网建了多少公里？（回车发送，Shift+回车换行）",
                lines=1,
                max_lines=6,
                max_length=LONGEST_QUESTION,
                submit_btn="提问",
                elem_id="question",
                autofocus=True,
            )
            with gr.Row(elem_classes="tools"):
                way = gr.Radio(_WAYS, value="answer", label="方式", elem_id="way", min_width=190, scale=2)
                notices = gr.Dropdown(
                    label="查找范围（不选为全部通报）", multiselect=True, elem_id="scope", min_width=220, scale=4
                )
            with gr.Row(elem_classes="tools"):
                stop = gr.Button("停止", size="sm", min_width=80, elem_id="stop-answer", interactive=False)
                clear = gr.Button("新对话", size="sm", min_width=80, elem_id="clear")
            with gr.Row(elem_classes="tools"):
                former = gr.Dropdown(label="以往的对话", elem_id="former", value=None, min_width=220, scale=4)
                forget = gr.Button("删除这次对话", size="sm", min_width=120, elem_id="forget")
        with gr.Column(scale=5, min_width=300):
            panel = gr.HTML(
                markup.no_notice(), elem_id="notice", js_on_load=assets.read("notice.js"), apply_default_css=False
            )
    return _Parts(said, conversation, question, way, notices, stop, clear, former, forget, panel)


_Shown = tuple[str, Conversation, str, Any]
"""Values of conversation, state, question box and stop button. Gradio looks annotations up in the module."""
_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _wire_talking(parts: _Parts, desk: Desk, examples: Examples) -> list[Any]:
    """Asking, asking again without a condition, judging, stopping, looking at the notice; what ends in an answer."""

    def shown(now: Conversation, *, running: bool = False, typed: str = "") -> _Shown:
        html = show(now) if now.exchanges else markup.welcome(examples())
        return html, now, typed, gr.update(interactive=running)

    def talk(visitor: Visitor, asked: Asked, before: Conversation) -> Iterator[_Shown]:
        for now in converse(desk, visitor, asked, before):
            yield shown(now, running=bool(now.exchanges) and now.exchanges[-1].pending)

    def reply(
        asked: str, before: Conversation, way: Way, within: list[str] | None, request: gr.Request
    ) -> Iterator[_Shown]:
        yield from talk(visitor_of(request), Asked(asked, way, tuple(within or ())), before)

    def take_example(event: gr.EventData, request: gr.Request) -> Iterator[_Shown]:
        yield from talk(visitor_of(request), Asked(str(event.question)), Conversation())

    def drop(before: Conversation, event: gr.EventData, request: gr.Request) -> Iterator[_Shown]:
        yield from talk(visitor_of(request), *dropping(before, int(event.turn), str(event.words)))

    def judge(before: Conversation, event: gr.EventData, request: gr.Request) -> tuple[str, Conversation]:
        verdict: Literal["good", "bad"] = "good" if event.verdict == "good" else "bad"
        reason = str(getattr(event, "reason", "") or "")
        now = judged(desk, visitor_of(request), before, int(event.turn), verdict, reason)
        return show(now), now

    def cite(event: gr.EventData) -> str:
        return open_notice(desk.store, str(event.notice), [(int(event.start), int(event.end), "cited")])

    outputs = [parts.conversation, parts.said, parts.question, parts.stop]
    asking = [parts.question, parts.said, parts.way, parts.notices]
    running = [
        parts.question.submit(reply, inputs=asking, outputs=outputs, **_HIDDEN),
        parts.conversation.example(take_example, outputs=outputs, **_HIDDEN),
        parts.conversation.drop(drop, inputs=parts.said, outputs=outputs, **_HIDDEN),
    ]
    parts.conversation.judge(judge, inputs=parts.said, outputs=[parts.conversation, parts.said], **_HIDDEN)
    parts.conversation.cite(cite, outputs=parts.panel, **_HIDDEN)
    parts.stop.click(
        lambda before: shown(stopped(before)), inputs=parts.said, outputs=outputs, cancels=running, **_HIDDEN
    )
    return running


def _wire_shelf(
    page: gr.Blocks, here: gr.Tab, parts: _Parts, desk: Desk, examples: Examples, talked: list[Any]
) -> None:
    """Arriving, a new conversation, an earlier one, forgetting one."""

    def titles(request: gr.Request) -> list[tuple[str, str]]:
        named = desk.shelf.titles(visitor_of(request).owner)
        return [(f"{name[4:6]}-{name[6:8]} {shorten(title, 30)}", name) for title, name in named]

    def greet(before: Conversation, request: gr.Request) -> tuple[str, Any, Any]:
        # Coming back from another tab: notices may have come or gone, the conversation stays.
        html = show(before) if before.exchanges else markup.welcome(examples())
        return html, gr.update(choices=choices(desk.store)), listed(before, request)

    def listed(now: Conversation, request: gr.Request) -> Any:
        return gr.update(choices=titles(request), value=now.id or None)

    def empty(request: gr.Request) -> tuple[str, Conversation, str, str, Any]:
        now = Conversation()
        return markup.welcome(examples()), now, "", markup.no_notice(), listed(now, request)

    def again(name: str | None, before: Conversation, request: gr.Request) -> tuple[str, Conversation]:
        found = desk.shelf.get(visitor_of(request).owner, name or "") or before
        return (show(found) if found.exchanges else markup.welcome(examples())), found

    def forget(before: Conversation, request: gr.Request) -> tuple[str, Conversation, str, str, Any]:
        desk.shelf.remove(visitor_of(request).owner, before.id)
        return empty(request)

    fresh = [parts.conversation, parts.said, parts.question, parts.panel, parts.former]
    for arriving in (page.load, here.select):
        arriving(greet, inputs=parts.said, outputs=[parts.conversation, parts.notices, parts.former], **_HIDDEN)
    for answered in talked:
        answered.then(listed, inputs=parts.said, outputs=parts.former, **_HIDDEN)
    parts.clear.click(empty, outputs=fresh, **_HIDDEN)
    parts.forget.click(forget, inputs=parts.said, outputs=fresh, **_HIDDEN)
    parts.former.input(again, inputs=[parts.former, parts.said], outputs=[parts.conversation, parts.said], **_HIDDEN)
