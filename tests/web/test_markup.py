"""Records as HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.ledger.table import shorten
from bot.records import Answer, Citation, Considered
from bot.web import markup

SCRIPT = "<img src=x onerror=alert(1)>`${alert(2)}`{{this}}"
CITATION = Citation(1, "a", "a.txt", "临湘通报", 3, 9, "建设25公里。")


def answer(text: str, *citations: Citation, **more: object) -> Answer:
    """An answer of that text; what else is given replaces the defaults."""
    values: dict[str, object] = {
        "question": "问",
        "status": "answered",
        "answer": text,
        "short_answer": None,
        "reason": None,
        "route": "lookup",
        "mode": "extractive",
        "value": None,
        "citations": citations,
        "nearest": (),
        "items": (),
        "considered": Considered(0, 0),
    }
    return Answer(**(values | more))  # type: ignore[arg-type]


def test_a_citation_mark_becomes_a_button_that_names_its_place() -> None:
    """``[1]`` is a button with the notice and the offsets it points to."""
    html = markup.answer(answer("建设25公里。[1]", CITATION))
    expected = (
        '<p>建设25公里。<button type="button" class="cite" data-event="cite"'
        ' data-notice="a" data-start="3" data-end="9"'
        ' aria-label="出处 1：查看原文" title="临湘通报">[1]</button></p>'
    )
    assert expected in html


def test_a_number_without_citation_stays_text() -> None:
    """``[2018]`` in a quotation is no citation."""
    assert "<p>岳环〔2018〕[2018]号</p>" in markup.answer(answer("岳环〔2018〕[2018]号", CITATION))


def test_what_a_notice_prints_is_shown_not_executed() -> None:
    """Markup in question, answer, quotation, title, file name or warning reaches the page escaped."""
    evil = Citation(1, SCRIPT, SCRIPT, SCRIPT, 0, 1, SCRIPT)
    found = answer(f"{SCRIPT}[1]", evil, nearest=(evil,), warnings=(SCRIPT,), short_answer=SCRIPT[:30])
    html = markup.turn(SCRIPT, markup.answer(found)) + markup.failure(SCRIPT) + markup.welcome([SCRIPT])
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") >= 8


def test_a_refusal_shows_what_is_near_as_no_proof() -> None:
    """Nearest passages stand under 相关内容 and carry no number."""
    html = markup.answer(answer("没有关于武汉市的通报。", status="refused", nearest=(CITATION,)))
    assert "通报中没有依据，不作回答" in html
    assert "相关内容（仅供参考，不是所问事项的依据）" in html
    assert "[1]" not in html


def test_the_span_of_a_notice_is_marked_by_characters() -> None:
    """Offsets count characters, those outside the basic plane included."""
    expected = '𠮷日<mark class="cited" tabindex="-1">&lt;甲</mark>乙&gt;'
    assert markup.marked("𠮷日<甲乙>", [(2, 4, "cited")]) == expected


def test_where_markings_overlap_the_piece_has_both_kinds() -> None:
    """Marks never nest or repeat text; spans beyond the text are cut."""
    shown = markup.marked("一二三四五", [(1, 3, "a"), (2, 9, "b"), (2, 3, "a")])
    expected = (
        '一<mark class="a" tabindex="-1">二</mark><mark class="a b" tabindex="-1">三</mark>'
        '<mark class="b" tabindex="-1">四五</mark>'
    )
    assert shown == expected


_markings = st.tuples(st.integers(-2, 44), st.integers(-2, 44), st.sampled_from(["a", "b"]))


@given(st.text(max_size=40), st.lists(_markings, max_size=5))
def test_marking_never_changes_the_text(text: str, found: list[markup.Marking]) -> None:
    """Whatever the markings, the page shows the notice's text, whole and in order."""
    assert Markup(re.sub(r"</?mark[^>]*>", "", markup.marked(text, found))) == markup.escape(text)


@pytest.mark.parametrize(("text", "expected"), [("一二三", "一二三"), ("一二三四", "一二…")])
def test_shortening_keeps_the_limit(text: str, expected: str) -> None:
    """A long text is cut to the limit, ellipsis included."""
    assert shorten(text, 3) == expected
