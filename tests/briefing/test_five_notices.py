"""Briefings over the five notices, each length and style: every figure traced or recomputed, nothing overstated."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping

import jsonschema
import pytest

from bot.briefing import Length, Order, Request, Style, compose, deliver
from bot.ledger import LedgerFilter, select, sources
from bot.ledger.table import flat, status_text
from bot.llm.wording import claims
from bot.records import Briefing, Notice, Section
from bot.schemas import json_schema, to_data, to_json
from tests.briefing.reading import figures_gone, numbers
from vectorstore.catalogue import LedgerRow
from vectorstore.store import Store

LENGTHS: tuple[Length, ...] = ("一页纸", "标准", "详细")
STYLES: tuple[Style, ...] = ("简报", "报告")
STATES = {"已完成": "completed", "推进中": "ongoing", "长期坚持": "long_term", "通报未说明整改结果": "not_stated"}

Case = tuple[Briefing, list[LedgerRow], Mapping[str, Notice]]


@pytest.fixture(params=[*itertools.product(LENGTHS, STYLES)], ids=lambda found: "-".join(found))
def case(request: pytest.FixtureRequest, seed_store: Store) -> Case:
    """A briefing over all five notices with its rows and notices."""
    length, style = request.param
    return made(seed_store, length, style)


def made(store: Store, length: Length, style: Style = "简报", notice: str = "") -> Case:
    rows = select(store, LedgerFilter(notices=(notice,)))
    notices = sources(store, rows)
    return compose(rows, notices, Request(style=style, length=length)), rows, notices


def quotes_of(briefing: Briefing) -> dict[int, str]:
    return {citation.n: flat(citation.quote) for citation in briefing.citations}


def test_it_satisfies_the_schema(case: Case) -> None:
    """The JSON is what ``zhenggai schema briefing`` describes."""
    jsonschema.validate(json.loads(to_json(case[0])), json_schema("briefing"))
    assert list(to_data(case[0])) == ["title", "sections", "figures", "citations", "items"]


def test_every_citation_stands_in_its_notice(case: Case, seed_store: Store) -> None:
    """A quote is the notice's text at its offsets, and citations are numbered from 1 without a gap."""
    texts = {notice_id: seed_store.catalogue.text(notice_id) for notice_id in case[2]}
    citations = case[0].citations
    assert [c.quote for c in citations] == [texts[c.notice_id][c.start : c.end] for c in citations]
    assert [c.n for c in citations] == list(range(1, len(citations) + 1))


def test_every_number_is_a_figure_or_quoted(case: Case) -> None:
    """A number in a written paragraph is a computed figure or stands in the words cited there."""
    briefing, quotes = case[0], quotes_of(case[0])
    loose = []
    for section in briefing.sections:
        for paragraph in section.paragraphs:
            cited = "\n".join(quotes[n] for n in paragraph.citations)
            rest = figures_gone(paragraph.text, briefing.figures) if paragraph.written else paragraph.text
            loose += [number for number in numbers(rest) if number not in cited]
    assert loose == []


def test_every_computed_figure_can_be_counted_again(case: Case) -> None:
    """An item figure is the number of its items, a notice figure that of their notices."""
    for figure in case[0].figures:
        if figure.computed_from is not None:
            ids = figure.computed_from
            counted = len({item.partition("#")[0] for item in ids}) if figure.unit == "份" else len(set(ids))
            assert (figure.value, figure.citations) == (str(counted), None)
            assert set(ids) <= set(case[0].items)


def test_every_quoted_figure_stands_in_its_citation(case: Case) -> None:
    """A figure of a notice is printed in the words that it cites."""
    quotes = quotes_of(case[0])
    quoted = [figure for figure in case[0].figures if figure.citations is not None]
    assert [f.text for f in quoted if flat(f.text) not in quotes[(f.citations or (0,))[0]]] == []


def test_counts_of_states_are_those_of_the_ledger(case: Case) -> None:
    """已完成N个 and the like in the first sentence count exactly the items that have this status."""
    briefing, rows, _ = case
    lead = next(p.text for p in briefing.sections[0].paragraphs if p.text.startswith("经逐条梳理"))
    for label, value in STATES.items():
        found = re.search(rf"{label}(\d+)个", lead)
        assert int(found[1] if found else 0) == sum(row.item.status.value == value for row in rows)


def test_quoted_paragraphs_are_quotations(case: Case) -> None:
    """What is not written is the very words of its one citation."""
    quotes = quotes_of(case[0])
    quoted = [p for section in case[0].sections for p in section.paragraphs if not p.written]
    assert [p.text for p in quoted] == [quotes[p.citations[0]] for p in quoted]


def test_items_are_all_that_match(case: Case) -> None:
    """``items`` names every row, in the ledger's order."""
    assert case[0].items == tuple(row.item.id for row in case[1])


def cited_spans(briefing: Briefing) -> set[tuple[str, int, int]]:
    return {(c.notice_id, c.start, c.end) for c in briefing.citations}


def test_every_unfinished_item_is_named(case: Case) -> None:
    """推进中 and 长期坚持 items are cited whatever the length."""
    spans = cited_spans(case[0])
    wanted = [row for row in case[1] if row.item.status.value in ("ongoing", "long_term")]
    assert [row.item.id for row in wanted if (row.notice_id, *row.item.problem.span) not in spans] == []


def test_status_is_never_stronger_than_the_source(case: Case) -> None:
    """The sentence on an item's status is the label of the status that was read, no more."""
    for section in case[0].sections:
        for paragraph in section.paragraphs:
            if paragraph.text.startswith("整改状态："):
                row = _row_of(case, paragraph.citations)
                said = paragraph.text.removeprefix("整改状态：").partition("。")[0]
                silent = row.item.status.value == "not_stated"
                label = status_text(row.item) if "判断" not in said else f"{said.partition('（')[0]}"
                assert said.startswith("通报未说明整改结果" if silent else label)
                assert "判断" in said or said in ("通报未说明整改结果", status_text(row.item))


def _row_of(case: Case, citations: tuple[int, ...]) -> LedgerRow:
    spans = {(c.notice_id, c.start, c.end) for c in case[0].citations if c.n in citations}
    return next(row for row in case[1] if (row.notice_id, *row.item.problem.span) in spans)


@pytest.mark.parametrize("style", STYLES)
def test_the_long_form_has_every_item_whole(seed_store: Store, style: Style) -> None:
    """详细: the problem as a heading, all measures quoted, the status."""
    briefing, rows, _ = made(seed_store, "详细", style)
    sections = _item_sections(briefing)
    assert len(sections) == len(rows)
    spans = cited_spans(briefing)
    for row in rows:
        assert (row.notice_id, *row.item.problem.span) in spans
        low_ends = {(notice_id, start) for notice_id, start, _ in spans}
        assert all((row.notice_id, measure.span[0]) in low_ends for measure in row.item.measures)


def _item_sections(briefing: Briefing) -> list[Section]:
    return [section for section in briefing.sections if section.level == 3]


def test_the_standard_form_names_every_item_and_tells_of_every_category(seed_store: Store) -> None:
    """标准: every item is at least named; each category of a notice has one that is told with measures and status."""
    briefing, rows, _ = made(seed_store, "标准")
    spans = cited_spans(briefing)
    assert [row.item.id for row in rows if (row.notice_id, *row.item.problem.span) not in spans] == []
    case = (briefing, rows, {})
    told = {
        _row_of(case, paragraph.citations).item.id
        for section in _item_sections(briefing)
        for paragraph in section.paragraphs
        if paragraph.text.startswith("整改状态：")
    }
    categories = {(row.notice_id, row.item.category.text) for row in rows if row.item.category}
    with_one = {(row.notice_id, row.item.category.text) for row in rows if row.item.category and row.item.id in told}
    assert {row.item.id for row in rows if row.item.status.value in ("ongoing", "long_term")} <= told
    assert with_one == categories


def test_the_parts_stand_in_their_order(case: Case) -> None:
    """总体情况, 分类情况, 未完成事项与困难, 下一步, 附件."""
    heads = [section.heading for section in case[0].sections if section.level == 1]
    assert heads == ["一、总体情况", "二、分类情况", "三、未完成事项与困难", "四、下一步", "附件：数据来源"]


def test_a_notice_that_declares_more_than_it_lists_is_said_to(seed_store: Store) -> None:
    """33 problems declared, 4 listed: both figures stand in the overview, the declared one with its quotation."""
    briefing, _, _ = made(seed_store, "标准", notice="003_f055237780667b41")
    assert briefing.sections[0].paragraphs[-1].text == (
        "需要说明的是，中共永州市委、永州市人民政府的通报自述“33个问题”，本次逐条梳理列入4个，"
        "通报没有逐条列出的问题不在统计之内。"
    )


PROOF = {"completed": {"done", "closed"}, "closed_off": {"closed"}, "basically_completed": {"basic", "done", "closed"}}
"""What the quoted words must claim for a label that says something is finished."""


def test_a_label_of_completion_is_borne_out_by_the_words_quoted(seed_store: Store) -> None:
    """已完成, 已销号 and 基本完成 stand alone only where the words quoted claim as much; else the words are shown and
    the label is said to be a judgement."""
    briefing, rows, notices = made(seed_store, "详细")
    by_problem = {(row.notice_id, *row.item.problem.span): row for row in rows}
    judged = 0
    for section in _item_sections(briefing):
        told = section.paragraphs[-1]
        row = _row_of((briefing, rows, notices), told.citations)
        assert (row.notice_id, *row.item.problem.span) in by_problem
        status = row.item.status
        wanted = PROOF.get(status.detail or "") or PROOF.get(status.value)
        if wanted and not any(claims(quote.text) & wanted for quote in status.quotes):
            judged += 1
            assert told.text.startswith("整改状态：已完成（按所引原文判断）。通报载明“")
        else:
            assert "判断" not in told.text
    assert judged == 4


@pytest.mark.parametrize("length", LENGTHS)
def test_written_sentences_claim_no_more_than_counts_and_quotations(seed_store: Store, length: Length) -> None:
    """Without its quotations and status counts, no written sentence but advice claims that something is done."""
    briefing, _, _ = made(seed_store, length)
    loud = []
    for section in briefing.sections:
        for paragraph in section.paragraphs:
            if not paragraph.written or section.heading.startswith(("四、", "附件")):
                continue
            rest = re.sub(r"“[^”]*”|《[^》]*》", "", paragraph.text)
            rest = re.sub(
                r"(?:已完成|已销号的|基本完成的|尚未完成的?事项共|(?:已完成|未说明整改结果)的还有)\d+个|已完成的问题中",
                "",
                rest,
            )
            rest = re.sub(r"整改状态：[^。]*。|：(?:已完成|推进中|长期坚持)[^。]*。|均为已完成", "", rest)
            loud += [rest for clause in re.split(r"[，。；、]", rest) if claims(clause) & {"done", "closed"}]
    assert loud == []


def test_every_filter_that_finds_nothing_says_so(seed_store: Store) -> None:
    """No row, no figure, no advice: one sentence, in every length and style."""
    for length, style in itertools.product(LENGTHS, STYLES):
        paper = deliver(seed_store, Order(LedgerFilter(keyword="没有这样的词"), style=style, length=length))
        texts = [p.text for section in paper.briefing.sections for p in section.paragraphs]
        assert (texts, paper.briefing.items) == (["台账中没有符合条件的问题。"], ())
        assert paper.docx()[:2] == b"PK"


@pytest.mark.parametrize("length", LENGTHS)
def test_one_item_makes_a_paper(seed_store: Store, length: Length) -> None:
    """A single item: no group of it and others, no common theme, its own figures."""
    rows = select(seed_store)[:1]
    paper = compose(rows, sources(seed_store, rows), Request(length=length, whole=False))
    assert {f.value for f in paper.figures if f.computed_from is not None} == {"1"}
    assert "共性问题" not in "".join(p.text for section in paper.sections for p in section.paragraphs)
