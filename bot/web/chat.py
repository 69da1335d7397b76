"""The tab 问答: a conversation with numbered citations beside the notice that they point into.

What was said belongs to the browser session (``gr.State``); the functions here only take it and give it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import gradio as gr
from markupsafe import Markup

from bot.errors import NoSuchNotice, ZhenggaiError
from bot.records import Answer, Turn
from bot.web import assets, markup
from bot.web.examples import Examples
from vectorstore.store import Store

LONGEST_QUESTION = 500
"""Characters."""


class Asker(Protocol):
    """What answers a question: ``bot.qa.answer.ask``."""

    def __call__(
        self, store: Store, question: str, *, history: Sequence[Turn] = ..., notices: Sequence[str] = ...
    ) -> Answer:
        """Answer from the store; raises ``ZhenggaiError``."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation; its answer, or why there is none; neither while it is being answered."""

    question: str
    answer: Answer | None = None
    failure: str = ""


Conversation = tuple[Exchange, ...]


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns that a follow-up may refer to."""
    return tuple(Turn(said.question, said.answer.answer) for said in conversation if said.answer)


def show(conversation: Conversation) -> str:
    """The conversation as HTML."""
    return markup.joined(markup.turn(said.question, _outcome(said)) for said in conversation)


def _outcome(said: Exchange) -> Markup:
    if said.answer:
        return markup.answer(said.answer)
    return markup.failure(said.failure) if said.failure else markup.waiting()


def converse(
    store: Store, ask: Asker, question: str, conversation: Conversation, notices: Sequence[str]
) -> Iterator[Conversation]:
    """The conversation with the question asked, then with its answer."""
    question = question.strip()[:LONGEST_QUESTION]
    if not question:
        yield conversation
        return
    asked = Exchange(question)
    yield (*conversation, asked)
    try:
        found = ask(store, question, history=history(conversation), notices=tuple(notices))
        yield (*conversation, replace(asked, answer=found))
    except ZhenggaiError as error:
        yield (*conversation, replace(asked, failure=str(error)))
    except Exception:
        # A bug: it keeps its traceback in the server's log, and the page does not wait for ever.
        yield (
            *conversation,
            replace(asked, failure=markup.BUG),
        )
        raise


def open_notice(store: Store, notice_id: str, markings: Sequence[markup.Marking] = ()) -> str:
    """The notice as HTML with its markings; a message where it has been removed meanwhile."""
    try:
        found = store.catalogue.extraction(notice_id)
    except NoSuchNotice:
        return markup.message("这份通报已从通报库删除，无法显示原文。")
    return markup.notice(found.notice, markings)


def choices(store: Store) -> list[tuple[str, str]]:
    """(title, id) of all notices, for choosing where to look."""
    return [(markup.shorten(markup.flat(title), 40), notice_id) for notice_id, _, title in store.catalogue.heads()]


def tab(page: gr.Blocks, here: gr.Tab, store: Store, ask: Asker) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    examples = Examples(store, lambda asked: ask(store, asked).status == "answered")
    said = gr.State(())
    with gr.Row(elem_classes="talk"):
        with gr.Column(scale=6, min_width=300):
            conversation = gr.HTML(
                elem_id="conversation",
                js_on_load=assets.buttons("cite", "example") + assets.read("talk.js"),
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
                notices = gr.Dropdown(label="查找范围（不选为全部通报）", multiselect=True, elem_id="scope", scale=4)
                clear = gr.Button("新对话", size="sm", scale=1, min_width=80, elem_id="clear")
        with gr.Column(scale=5, min_width=300):
            panel = gr.HTML(
                markup.no_notice(), elem_id="notice", js_on_load=assets.read("notice.js"), apply_default_css=False
            )

    def greet(before: Conversation) -> tuple[str, Any]:
        # Coming back from another tab: notices may have come or gone, the conversation stays.
        return show(tuple(before)) or markup.welcome(examples()), gr.update(choices=choices(store))

    def reply(asked: str, before: Conversation, within: list[str] | None) -> Iterator[tuple[str, Conversation, str]]:
        for now in converse(store, ask, asked, tuple(before), within or ()):
            yield (show(now) or markup.welcome(examples())), now, ""

    def cite(event: gr.EventData) -> str:
        return open_notice(store, str(event.notice), [(int(event.start), int(event.end), "cited")])

    def take_example(event: gr.EventData) -> str:
        return str(event.question)

    def forget() -> tuple[str, Conversation, str, str]:
        return markup.welcome(examples()), (), "", markup.no_notice()

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    talking: dict[str, Any] = {"inputs": [question, said, notices], "outputs": [conversation, said, question]} | hidden
    for arriving in (page.load, here.select):
        arriving(greet, inputs=said, outputs=[conversation, notices], **hidden)
    question.submit(reply, **talking)
    conversation.example(take_example, outputs=question, **hidden).then(reply, **talking)
    conversation.cite(cite, outputs=panel, **hidden)
    clear.click(forget, outputs=[conversation, said, question, panel], **hidden)
