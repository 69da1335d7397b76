"""The conversation: what is asked, answered, remembered and refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import open_store
from bot.errors import StoreError
from bot.qa.answer import ask
from bot.records import Answer, Turn
from bot.web.chat import Conversation, choices, converse, history, open_notice, show
from bot.web.examples import Examples, examples
from bot.web.markup import welcome
from tests.support import filled, settings_for
from tests.web.test_markup import SCRIPT, answer
from vectorstore.store import Store


class Asked:
    """An answerer that notes what it was asked and says it again."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Turn, ...], tuple[str, ...]]] = []

    def __call__(
        self, store: Store, question: str, *, history: Sequence[Turn] = (), notices: Sequence[str] = ()
    ) -> Answer:
        del store
        self.calls.append((question, tuple(history), tuple(notices)))
        return answer(f"答：{question}")


def talk(store: Store, ask: Asked, question: str, before: Conversation = ()) -> Conversation:
    """The conversation once the question is answered."""
    *_, last = converse(store, ask, question, before, ["000"])
    return last


def test_a_question_is_shown_at_once_and_then_answered(seed_store: Store) -> None:
    """The page first shows that it is looking, then the answer in its place."""
    first, second = converse(seed_store, Asked(), " 多少公里 ", (), ())
    assert "正在查找通报原文…" in show(first)
    assert "答：多少公里" in show(second)
    assert len(first) == len(second) == 1


def test_a_follow_up_takes_the_earlier_turns_along(seed_store: Store) -> None:
    """History and chosen notices reach the answerer; the conversation grows by one turn."""
    ask = Asked()
    after = talk(seed_store, ask, "花了多少钱", talk(seed_store, ask, "多少公里"))
    assert ask.calls[1] == ("花了多少钱", (Turn("多少公里", "答：多少公里"),), ("000",))
    assert [said.question for said in after] == ["多少公里", "花了多少钱"]


def test_two_conversations_over_one_page_know_nothing_of_each_other(seed_store: Store) -> None:
    """State is what the session hands in; the answerer and the store keep none."""
    ask = Asked()
    talk(seed_store, ask, "甲的问题")
    talk(seed_store, ask, "乙的问题")
    assert ask.calls[1][1] == ()


def test_an_empty_question_is_not_asked(seed_store: Store) -> None:
    """White space changes nothing."""
    ask = Asked()
    assert list(converse(seed_store, ask, " \n", (), ())) == [()]
    assert ask.calls == []


def test_a_failure_is_shown_as_one_and_is_no_history(seed_store: Store) -> None:
    """An expected error appears as an error and is not handed on as an answer."""

    def broken(*_: object, **__: object) -> Answer:
        raise StoreError("磁盘已满")

    *_, last = converse(seed_store, broken, "问", (), ())
    assert "出错了" in show(last)
    assert "磁盘已满" in show(last)
    assert history(last) == ()


def test_a_bug_stops_the_waiting_and_keeps_its_traceback(seed_store: Store) -> None:
    """An unexpected error is shown without its details, then raised."""

    def broken(*_: object, **__: object) -> Answer:
        raise KeyError("secret")

    seen: list[Conversation] = []
    with pytest.raises(KeyError):
        seen.extend(converse(seed_store, broken, "问", (), ()))
    turns = converse(seed_store, broken, "问", (), ())
    shown = [show(next(turns)), show(next(turns))]
    assert "程序内部错误" in shown[1]
    assert "secret" not in shown[1]


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
