"""Whatever goes in, every passage and every citation is exactly what stands in the stored text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import Incoming, read_notice
from bot.errors import InputError
from bot.notices.chunk import LIMIT, chunks
from bot.qa.answer import ask
from bot.qa.retrieve import hits
from bot.records import Answer
from bot.schemas import to_data
from tests.support import NOTICE, SEEDS, settings_for
from vectorstore.store import Store

SEED_BYTES = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]
SETTINGS = settings_for(Path("data"))

_PIECES = st.sampled_from(
    [
        *[
            "一、",
            "（一）",
            "1.",
            "(1)",
            "①",
            "一是",
            "二是",
            "首先，",
            "问题1：",
            "整改情况：",
            "整改措施：",
            "整改结果：",
        ],
        *[
            "责任单位：",
            "关于“",
            "”问题",
            "针对",
            "，",
            "。",
            "；",
            "|",
            "<p>",
            "&nbsp;",
            "環(huán)境",
            "𠮷",
            "ﬁ",
            "２０２１年",
        ],
        *["10月20日", "甲县", "污水管网25公里", "已完成整改。", "正在推进", "《办法》"],
        *["\n", "\n\n", "\u3000", "\ufeff", "\r\n", "\x00", "\t"],
    ]
)
"""Words that a reader of notices reacts to, in any order."""
WRITTEN = st.lists(st.one_of(_PIECES, st.text(max_size=8)), min_size=1, max_size=60).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


@st.composite
def damaged_seeds(draw: st.DrawFn) -> bytes:
    """A real notice with bytes cut out, overwritten and doubled."""
    data = bytearray(draw(st.sampled_from(SEED_BYTES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 400))
        match draw(st.sampled_from(["cut", "overwrite", "double"])):
            case "cut":
                del data[at : at + size]
            case "overwrite":
                data[at : at + size] = draw(st.binary(max_size=20))
            case _:
                data[at:at] = data[at : at + size]
    return bytes(data)


def check(data: bytes, name: str) -> None:
    """Read a file; where it is readable at all, its passages and grounded values stand in its text."""
    try:
        extraction = read_notice(Incoming(name, data), SETTINGS)
    except InputError:
        return
    text = extraction.notice.text
    passages = chunks(extraction)
    assert [text[c.start : c.end] for c in passages] == [c.text for c in passages]
    assert max((len(c.text) for c in passages), default=0) <= LIMIT
    covered = sorted((c.start, c.end) for c in passages)
    assert all(end <= start for (_, end), (start, _) in pairwise(covered))
    left = [text[a:b] for (_, a), (b, _) in zip([(0, 0), *covered], [*covered, (len(text), 0)], strict=True)]
    assert "".join(left).strip("\x00 \t\r\n\v\f\u3000\xa0\ufeff").split() == []
    for value in _with_span(to_data(extraction)):
        start, end = value["span"]
        assert text[start:end] == value["text"]


def _with_span(node: object) -> list[dict[str, object]]:
    parts = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    found = [value for part in parts for value in _with_span(part)]
    return [node, *found] if isinstance(node, dict) and {"text", "span"} <= node.keys() else found


_slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_slow
@given(WRITTEN, ENCODINGS, st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_written_notices(text: str, encoding: str, name: str) -> None:
    """Any mixture of numbering, lead words, odd characters and encodings: no crash, and spans that hold."""
    check(text.encode(encoding, "replace"), name)


@_slow
@given(damaged_seeds())
def test_damaged_notices(data: bytes) -> None:
    """The real notices with bytes missing, overwritten or doubled: refused or read, with spans that hold."""
    check(data, "a.txt")


@_slow
@given(st.binary(max_size=3000), st.sampled_from(["a.txt", "a.html", "a.docx", "a.pdf", "a.ofd"]))
def test_arbitrary_bytes(data: bytes, name: str) -> None:
    """Any bytes under any name: an input error or a notice, never a bug."""
    check(data, name)


QUESTIONS = [
    "临湘市污水管网已经建了多少公里",
    "沧州市生态环境局党组什么时候反馈的",
    "鄂州的危险废物怎么处理",
    "永州市信访件办结多少件",
    "沅江市取缔了多少家",
    "哪些问题已经完成整改",
    "黑臭水体问题有几个",
    "安吉县整改了吗",
    "谁是负责人",
    "",
]


def citations_of(store: Store, answer: Answer) -> None:
    """Every citation, and every related passage, is an exact quotation."""
    shown = [*answer.citations, *answer.nearest]
    quoted = [(c.notice_id, store.catalogue.text(c.notice_id)[c.start : c.end]) for c in shown]
    assert quoted == [(c.notice_id, c.quote) for c in shown]
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    markers = {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)}
    assert markers <= {c.n for c in answer.citations}


@pytest.mark.parametrize("question", QUESTIONS)
def test_citations_of_real_questions(seed_store: Store, question: str) -> None:
    """Answers and refusals over the five notices quote exactly."""
    citations_of(seed_store, ask(seed_store, question))


_PLACES = ["临湘", "沧州", "鄂州", "永州", "沅江", "2021年"]
_WORDS = ["污水", "管网", "多少", "公里", "问题", "整改", "是否", "完成", "吗", "哪些", "几个"]
_FRAGMENTS = st.sampled_from(_PLACES + _WORDS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.lists(st.one_of(_FRAGMENTS, st.text(max_size=5)), max_size=12).map("".join))
def test_citations_of_any_question(seed_store: Store, question: str) -> None:
    """Whatever is asked, what is shown as quoted stands in the notice, hits of a search included."""
    citations_of(seed_store, ask(seed_store, question))
    for hit in hits(seed_store, question, 5):
        assert seed_store.catalogue.text(hit.notice_id)[hit.start : hit.end] == hit.text


def test_the_small_notice_passes_too() -> None:
    """The check itself accepts a plain notice and does look at values."""
    check(NOTICE.encode(), "a.txt")
    assert len(_with_span(to_data(read_notice(Incoming("a.txt", NOTICE.encode()), SETTINGS)))) > 15
