"""The conversation: what is asked, answered, remembered and refused."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from bot import journal
from bot.app import open_store
from bot.errors import StoreError
from bot.qa.answer import ask
from bot.records import Answer, Turn
from bot.web.chat import STOPPED, Asked, choices, converse, dropping, judged, open_notice, show, stopped
from bot.web.desk import FEEDBACK_FILE, Desk
from bot.web.examples import Examples, examples
from bot.web.markup import welcome
from bot.web.sessions import Visitor
from bot.web.shelf import Conversation
from bot.web.transcript import to_docx, to_text
from tests.support import filled, settings_for
from tests.web.test_markup import SCRIPT, answer
from vectorstore.store import Store

VISITOR = Visitor("张三", "user", "a" * 32, "10.0.0.8")
OTHER = Visitor("李四", "user", "b" * 32, "10.0.0.9")
EMPTY = Conversation()


class Answering:
    """An answerer that notes what it was asked and says it again, in sentences if there are any."""

    def __init__(self, *sentences: str) -> None:
        self.calls: list[tuple[str, tuple[Turn, ...], tuple[str, ...]]] = []
        self.sentences = sentences

    def __call__(
        self,
        store: Store,
        question: str,
        *,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        on_sentence: Any = None,
        on_stage: Any = None,
        **_: object,
    ) -> Answer:
        del store
        self.calls.append((question, tuple(history), tuple(notices)))
        on_stage("正在书写…")
        for sentence in self.sentences:
            on_sentence(sentence, ())
        return answer(f"答：{question}")


def at(store: Store, folder: Path, ask: Any) -> Desk:
    """A desk over a store that is only read, with its own folder for what users leave."""
    return Desk(store, settings_for(folder / "desk"), ask)


def talk(desk: Desk, question: str, before: Conversation = EMPTY, **how: Any) -> Conversation:
    """The conversation once the question is answered."""
    *_, last = converse(desk, VISITOR, Asked(question, **how), before)
    return last


def test_a_question_is_shown_at_once_and_then_answered(seed_store: Store, tmp_path: Path) -> None:
    """The page first shows that it is looking, then the answer in its place."""
    first, _, second = converse(at(seed_store, tmp_path, Answering()), VISITOR, Asked(" 多少公里 "), EMPTY)
    assert "正在查找通报…" in show(first)
    assert "答：多少公里" in show(second)
    assert len(first.exchanges) == len(second.exchanges) == 1


def test_verified_sentences_appear_one_by_one(seed_store: Store, tmp_path: Path) -> None:
    """While a model writes, each verified sentence is on the page before the answer is whole."""
    desk = at(seed_store, tmp_path, Answering("第一句。", "第二句。"))
    shown = [show(now) for now in converse(desk, VISITOR, Asked("多少公里"), EMPTY)]
    assert ["第一句。" in html for html in shown] == [False, False, True, True, False]
    assert ["第二句。" in html for html in shown] == [False, False, False, True, False]
    assert ["正在书写…" in html for html in shown] == [False, True, True, True, False]
    assert "答：多少公里" in shown[4]


def test_a_follow_up_takes_the_earlier_turns_along(seed_store: Store, tmp_path: Path) -> None:
    """History and chosen notices reach the answerer; the conversation grows by one turn."""
    ask = Answering()
    desk = at(seed_store, tmp_path, ask)
    after = talk(desk, "花了多少钱", talk(desk, "多少公里"), notices=("000",))
    assert ask.calls[1] == ("花了多少钱", (Turn("多少公里", "答：多少公里"),), ("000",))
    assert [said.question for said in after.exchanges] == ["多少公里", "花了多少钱"]


def test_two_conversations_over_one_desk_know_nothing_of_each_other(seed_store: Store, tmp_path: Path) -> None:
    """State is what the session hands in; and nobody finds what another one kept, not even by its id."""
    ask = Answering()
    desk = at(seed_store, tmp_path, ask)
    mine = talk(desk, "甲的问题")
    assert ask.calls[0][1] == ()
    *_, theirs = converse(desk, OTHER, Asked("乙的问题"), EMPTY)
    assert ask.calls[1][1] == ()
    assert [title for title, _ in desk.shelf.titles(VISITOR.owner)] == ["甲的问题"]
    assert [title for title, _ in desk.shelf.titles(OTHER.owner)] == ["乙的问题"]
    assert desk.shelf.get(OTHER.owner, mine.id) is None
    assert desk.shelf.get(VISITOR.owner, f"../{OTHER.owner}/{theirs.id}") is None
    desk.shelf.remove(OTHER.owner, mine.id)
    assert desk.shelf.get(VISITOR.owner, mine.id) == mine


def test_an_empty_question_is_not_asked(seed_store: Store, tmp_path: Path) -> None:
    """White space changes nothing."""
    ask = Answering()
    assert list(converse(at(seed_store, tmp_path, ask), VISITOR, Asked(" \n"), EMPTY)) == [EMPTY]
    assert ask.calls == []


def test_a_failure_is_shown_as_one_and_is_no_history(seed_store: Store, tmp_path: Path) -> None:
    """An expected error appears as an error, is not handed on as an answer, and is on record."""

    def broken(*_: object, **__: object) -> Answer:
        raise StoreError("磁盘已满")

    desk = at(seed_store, tmp_path, broken)
    last = talk(desk, "问")
    assert "出错了" in show(last)
    assert "磁盘已满" in show(last)
    assert last.history() == ()
    assert [(entry.status, entry.result) for entry in desk.audit.entries()] == [("failed", "磁盘已满")]


def test_a_bug_stops_the_waiting_and_keeps_its_traceback(seed_store: Store, tmp_path: Path) -> None:
    """An unexpected error is shown without its details, then raised."""

    def broken(*_: object, **__: object) -> Answer:
        raise KeyError("secret")

    turns = converse(at(seed_store, tmp_path, broken), VISITOR, Asked("问"), EMPTY)
    shown = [show(next(turns)), show(next(turns))]
    assert "程序内部错误" in shown[1]
    assert "secret" not in shown[1]
    with pytest.raises(KeyError):
        next(turns)


def test_an_answer_that_is_not_on_record_is_not_shown(seed_store: Store, tmp_path: Path) -> None:
    """Where the log cannot be written users read why, and no answer; on one's own machine the answer says so."""
    desk = at(seed_store, tmp_path, Answering())
    desk.audit.path.mkdir(parents=True)
    shown = show(talk(desk, "多少公里"))
    assert "无法写入 audit.jsonl" in shown
    assert "答：" not in shown
    *_, last = converse(desk, Visitor("本机用户", "local", "c" * 32), Asked("多少公里"), EMPTY)
    assert "答：多少公里" in show(last)
    assert "这次问答没有记入审计记录：无法写入 audit.jsonl" in show(last)


def test_a_condition_is_shown_and_taken_away(seed_store: Store, tmp_path: Path) -> None:
    """Place and year are chips; without one of them the question is asked anew, in its place, without its words."""
    ask = Answering()
    desk = at(seed_store, tmp_path, ask)
    before = talk(desk, "临湘市2021年有多少个问题已经完成整改？")
    chips = [(chip.kind, chip.label, chip.words) for chip in before.exchanges[0].chips]
    assert chips == [
        ("方式", "计数", ""),
        ("地区", "临湘市", "临湘市"),
        ("年份", "2021年", "2021年"),
        ("状态", "已完成", "已经完成整改"),
    ]
    assert 'data-words="临湘市"' in show(before)
    again, rest = dropping(before, 0, "临湘市")
    *_, after = converse(desk, VISITOR, again, rest)
    assert ask.calls[1][0] == "2021年有多少个问题已经完成整改？"
    assert len(after.exchanges) == 1
    assert 'data-words="临湘市"' not in show(after)
    list(converse(desk, VISITOR, *dropping(after, 0, "2021年")))
    assert ask.calls[2][0] == "有多少个问题已经完成整改？"


def test_a_stopped_answer_is_said_to_be(seed_store: Store, tmp_path: Path) -> None:
    """A running answer that is cancelled ends as stopped; one that is there already stays."""
    turns = converse(at(seed_store, tmp_path, Answering()), VISITOR, Asked("问"), EMPTY)
    running = next(turns)
    assert STOPPED in show(stopped(running))
    *_, done = turns
    assert stopped(done) == done


def test_a_verdict_is_kept_with_what_was_judged(seed_store: Store, tmp_path: Path) -> None:
    """feedback.jsonl gets question, answer, verdict, reason and citations; the page thanks once."""
    desk = at(seed_store, tmp_path, ask)
    before = talk(desk, "临湘市污水管网已经建了多少公里")
    after = judged(desk, VISITOR, before, 0, "bad", " 年份不对 ")
    (record,) = journal.read(desk.settings.data / FEEDBACK_FILE)
    assert sorted(record) == ["answer", "citations", "question", "reason", "time", "user", "verdict"]
    assert (record["question"], record["verdict"], record["reason"]) == (before.title, "bad", "年份不对")
    assert "25公里" in record["citations"][0]["quote"]
    assert "已记录：有误" in show(after)
    assert 'data-event="judge"' not in show(after)


def test_a_summary_is_a_table_that_leads_to_the_notice(seed_store: Store, tmp_path: Path) -> None:
    """汇总成表: every item of the notice is a row, its problem a button with the place it stands at."""
    desk = at(seed_store, tmp_path, ask)
    notice = seed_store.catalogue.notice_ids()[0]
    said = talk(desk, "整改情况", way="summary", notices=(notice,)).exchanges[0]
    assert said.summary is not None
    assert len(said.summary.groups) > 0
    shown = show(Conversation((said,)))
    assert shown.count("<tr>") == len(said.summary.groups) + 1
    start, end = said.summary.groups[0].problem.span
    assert f'data-notice="{notice}" data-start="{start}" data-end="{end}"' in shown


def test_a_conversation_is_exported_with_its_sources(seed_store: Store, tmp_path: Path) -> None:
    """Text and Word hold question, answer and the quotation with file and place."""
    desk = at(seed_store, tmp_path, ask)
    conversation = talk(desk, "临湘市污水管网已经建了多少公里")
    text = to_text(conversation)
    assert "问：临湘市污水管网已经建了多少公里" in text
    assert (
        "[1] “加快推进水环境综合治理PPP项目进度,截至目前,共有17条道路开挖施工,已完成管网建设25公里。”——中共临湘市委"
        in text
    )
    assert "（000_c20c0a165cf05326.txt，第 1935–1983 字）" in text
    document = Document(io.BytesIO(to_docx(conversation)))
    assert [line for line in text.splitlines() if line] == [p.text for p in document.paragraphs if p.text]


def test_examples_come_from_the_notices_in_the_store(tmp_path: Path) -> None:
    """Examples name what a stored notice prints, of three kinds."""
    file = tmp_path / "通报.txt"
    file.write_text(NOTICE, "utf-8")
    store = filled(settings_for(tmp_path / "data"), file)
    assert examples(store, lambda _: True) == [
        "甲山县河道保洁不到位，整改得怎么样了？",
        "甲山县还有哪些问题正在整改？",
        "甲山县有多少个问题已经完成整改？",
    ]
    store.close()


def test_every_example_is_answered(seed_store: Store) -> None:
    """A new user's first click never ends in a refusal: what is refused is not offered."""
    found = examples(seed_store, lambda question: ask(seed_store, question).status == "answered")
    assert len(found) == 4
    assert {ask(seed_store, question).status for question in found} == {"answered"}
    assert examples(seed_store, lambda _: False) == []


def test_examples_are_made_anew_when_the_store_changes(tmp_path: Path) -> None:
    """Asked once per state of the store, not once per visitor."""
    asked: list[str] = []
    store = open_store(settings_for(tmp_path / "data"), create=True)
    offered = Examples(store, lambda question: asked.append(question) is None)
    assert offered() == []
    assert "请先到“通报库”上传文件" in welcome(offered())
    file = tmp_path / "通报.txt"
    file.write_text(NOTICE, "utf-8")
    filled(settings_for(tmp_path / "data"), file).close()
    assert offered() == offered() == asked
    assert len(asked) == 3
    store.close()


def test_the_cited_sentence_is_marked_in_the_whole_notice(seed_store: Store) -> None:
    """The panel holds all of the notice's text with the cited span marked."""
    notice_id = seed_store.catalogue.notice_ids()[0]
    text = seed_store.catalogue.text(notice_id)
    sentence = "已完成管网建设25公里。"
    start = text.index(sentence)
    html = open_notice(seed_store, notice_id, [(start, start + len(sentence), "cited")])
    assert f'<mark class="cited" tabindex="-1">{sentence}</mark>' in html
    assert text[-20:].strip() in html


def test_a_removed_notice_is_said_to_be_gone(seed_store: Store) -> None:
    """A citation of a notice that was removed meanwhile leads to a message."""
    assert "已从通报库删除" in open_notice(seed_store, "gone")


def test_markup_in_a_stored_notice_stays_text(tmp_path: Path) -> None:
    """Stored XSS: a title, a problem and a file name with markup are shown escaped everywhere."""
    file = tmp_path / "<img src=x onerror=alert(3)>.txt"
    file.write_text(NOTICE.replace("河道保洁", SCRIPT), "utf-8")
    store = filled(settings_for(tmp_path / "data"), file)
    notice_id = store.catalogue.notice_ids()[0]
    assert "<img" not in open_notice(store, notice_id)
    assert "&lt;img src=x onerror=alert(1)&gt;" in open_notice(store, notice_id)
    assert [value for _, value in choices(store)] == [notice_id]
    store.close()


NOTICE = """中共甲山县委关于巡察整改进展情况的通报

2023年3月1日至4月20日,市委巡察组对甲山县委进行了巡察。现将整改情况予以公布。

一、反馈问题整改情况

(一)生态环境方面

1.河道保洁不到位。

整改情况:一是清理河道12公里。二是增配保洁员30名,该问题已整改完成。

2.垃圾清运不及时。

整改情况:购置清运车5辆,正在推进。

中共甲山县委
2023年9月1日
"""
