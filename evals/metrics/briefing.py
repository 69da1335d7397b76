"""Briefings: can every figure be traced or counted again, is every matching item in it, is no status put stronger than
the notice puts it.

*traced*: a number in a written sentence is a computed figure of the briefing (taken in the order in which they are
written) or stands in what the paragraph cites; a quoted paragraph must stand in its citation. *recomputed*: a computed
figure is the number of its items (of their notices with the unit 份). *right*: it is the number of **gold** items of
the status that the words before it name. *not stronger*: an item that the briefing calls done is done in the gold; what
the gold has as 基本完成 or 阶段性完成 is not, nor is 已销号 what the gold has as done and no more.

An item is that of the gold whose problem it has, as in the suite extraction, else the one of its label: a label that
was read otherwise makes no figure wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.fold import fold
from bot.records import STATUS_LABELS, Briefing, Citation, Figure, Grounded, Item, Paragraph
from evals.metrics import sets
from evals.metrics.critical import missing
from evals.metrics.matching import match_texts
from evals.metrics.score import Ratio, Score
from evals.metrics.spans import valid

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
"""Figures as a notice prints them full-width, place for place."""
_ZERO = re.compile("(?<=[一二三四五六七八九〇])[○o0]|[○o0](?=[一二三四五六七八九])")
"""What years are printed with in place of 〇, after folding."""
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
_STATUS_WORDS = {
    "completed": ("已完成", "已完成的还有"),
    "ongoing": ("推进中",),
    "long_term": ("长期坚持",),
    "not_stated": ("未说明整改结果", "未说明整改结果的还有"),
}
_CLAIMED = re.compile(
    r"整改状态：(?P<one>[^（。，]+)(?:（(?P<more>[^）]*)）)?|(?P<all>已完成)的还有\d+个："
    r"|：(?P<open>[^“”：。（，]{2,8})(?:（[^）]*）)?。"
)
_LABELS = {label: value for value, label in STATUS_LABELS.items()} | {"已销号": "completed"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a briefing should be about. ``items``: the matching gold items by the briefing's ids of them (``known_by``);
    ``texts``: the notices' texts by id; ``unfinished``: only these need be told (一页纸)."""

    items: Mapping[str, Item]
    texts: Mapping[str, str]
    unfinished: bool


def known_by(gold: Sequence[Item], problems: Mapping[str, Grounded]) -> dict[str, str]:
    """By which id the briefing has each gold item: id of the gold → id of the briefing; its own where it has none.

    ``problems``: of the briefing's items, by id. Items of one notice are matched on their problem; one whose problem
    is not found keeps its label, unless that is another item's.
    """
    names = {item.id: item.id for item in gold}
    notices: dict[str, list[str]] = {}
    for name in problems:
        notices.setdefault(name.partition("#")[0], []).append(name)
    for notice, mine in notices.items():
        theirs = [item for item in gold if item.id.partition("#")[0] == notice]
        pairs = match_texts([problems[name].text for name in mine], [item.problem.text for item in theirs])
        found = {theirs[pair.gold].id: mine[pair.got] for pair in sets.same(pairs)}
        taken = set(found.values())
        names |= {item.id: f"{item.id}（标注）" for item in theirs if item.id in taken} | found
    return names


def briefing_ratios(briefing: Briefing, wanted: Wanted) -> dict[str, Ratio]:
    """All figures of one briefing."""
    computed = [figure for figure in briefing.figures if figure.computed_from is not None]
    traced = [ok for _, ok in traces(briefing)]
    right = [ok for _, _, _, ok in gold_figures(briefing, wanted)]
    claims = [ok for _, _, _, ok in status_claims(briefing, wanted)]
    spans = [valid(wanted.texts.get(c.notice_id, ""), c.quote, (c.start, c.end)) for c in briefing.citations]
    return {
        **sets.exact(briefing.items, wanted.items).ratios("briefing_item"),
        "briefing_covered": _covered(briefing, wanted),
        "figures_traced": Ratio(sum(traced), len(traced)),
        "figures_recomputed": Ratio(sum(recomputed(f, briefing.items) for f in computed), len(computed)),
        "figures_right": Ratio(sum(right), len(right)),
        "status_not_stronger": Ratio(sum(claims), len(claims)),
        "briefing_spans_valid": Ratio(sum(spans), len(spans)),
    }


def briefing_scores(briefing: Briefing, wanted: Wanted) -> Iterator[Score]:
    """What is missed, what is too much, and every figure or status that does not hold."""
    for item in sorted(set(wanted.items) - set(briefing.items)):
        yield Score("briefing_item_f1", item, 0.0, None, item, "漏")
    for item in sorted(set(briefing.items) - set(wanted.items)):
        yield Score("briefing_item_f1", item, 0.0, item, None, "多")
    for words, ok in traces(briefing):
        if not ok:
            yield Score("figures_traced", "正文", 0.0, words, None, "没有出处")
    for figure in briefing.figures:
        if figure.computed_from is not None and not recomputed(figure, briefing.items):
            yield Score("figures_recomputed", "数字", 0.0, figure.text, len(figure.computed_from), "与所据条目数不符")
    for words, got, gold, ok in gold_figures(briefing, wanted):
        if not ok:
            yield Score("figures_right", words, 0.0, got, gold, "与标注不符")
    for item, got, gold, ok in status_claims(briefing, wanted):
        if not ok:
            yield Score("status_not_stronger", item, 0.0, got, gold, "写得比通报更好")


# -- figures -----------------------------------------------------------------------------------------------------------


def _paragraphs(briefing: Briefing) -> Iterator[Paragraph]:
    for section in briefing.sections:
        yield from section.paragraphs


def traces(briefing: Briefing) -> Iterator[tuple[str, bool]]:
    """Every number of the briefing with its surroundings, and whether it has a source."""
    quotes = {c.n: _ZERO.sub("〇", fold(c.quote)) for c in briefing.citations}
    files = "|".join(sorted({re.escape(c.file) for c in briefing.citations}, key=len, reverse=True)) or "(?!)"
    computed = [figure.text for figure in briefing.figures if figure.computed_from is not None]
    for paragraph in _paragraphs(briefing):
        cited = "\n".join(quotes.get(n, "") for n in paragraph.citations)
        if not paragraph.written:
            yield paragraph.text, _flat(fold(paragraph.text)).rstrip("。；;") in _flat(cited)
            continue
        text = paragraph.text.translate(_HALF_WIDTH)
        names = [match.span() for match in re.finditer(files, text)]
        for match in _NUMBER.finditer(text):
            here = text[match.start() :]
            if any(start <= match.start() < end for start, end in names):
                continue  # a digit of a file's name is no figure
            if not _quoted(text, match.start()) and computed and here.startswith(computed[0]):
                computed.pop(0)
                yield here[:12], True
            else:
                yield text[max(0, match.start() - 8) : match.end() + 6], _stands(match[0], cited)


def _stands(number: str, cited: str) -> bool:
    return bool(re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]\d)", cited)) or not missing(number, cited)


def _quoted(text: str, at: int) -> bool:
    return any(match.start() < at < match.end() for match in _QUOTED.finditer(text))


def _flat(text: str) -> str:
    return "".join(text.split())


def recomputed(figure: Figure, items: Sequence[str]) -> bool:
    """Whether a computed figure is the number of its distinct items (or notices), all of them in the briefing."""
    ids = set(figure.computed_from or ())
    count = len({name.partition("#")[0] for name in ids}) if figure.unit == "份" else len(ids)
    return ids <= set(items) and figure.value == str(count) and figure.text == f"{count}{figure.unit}"


def gold_figures(briefing: Briefing, wanted: Wanted) -> Iterator[tuple[str, str, str, bool]]:
    """Computed figures with a status before them: the words, the figure, the gold's, whether they agree.

    In 一、总体情况 a figure is about all items, elsewhere about those that it names: they must all have the status.
    """
    figures = iter([figure for figure in briefing.figures if figure.computed_from is not None])
    figure = next(figures, None)
    for number, paragraph in enumerate(_paragraphs(briefing)):
        at = 0
        while figure and paragraph.written and (found := _find(paragraph.text, figure.text, at)) >= 0:
            status = _status_before(paragraph.text[:found])
            if status:
                yield _judged(paragraph.text, found, figure, status, wanted, whole=number == 0)
            at, figure = found + len(figure.text), next(figures, None)


def _judged(
    text: str, at: int, figure: Figure, status: str, wanted: Wanted, *, whole: bool
) -> tuple[str, str, str, bool]:
    among = wanted.items if whole else {name: wanted.items.get(name) for name in figure.computed_from or ()}
    gold = sum(item is not None and item.status.value == status for item in among.values())
    return text[max(0, at - 12) : at], figure.value, str(gold), figure.value == str(gold)


def _find(text: str, words: str, at: int) -> int:
    """Where a figure stands next, outside quotation marks; -1 where it does not."""
    found = text.find(words, at)
    while found >= 0 and (_quoted(text, found) or text[found - 1 : found].isdigit()):
        found = text.find(words, found + 1)
    return found


def _status_before(words: str) -> str | None:
    return next((value for value, ends in _STATUS_WORDS.items() if words.endswith(ends)), None)


# -- items -------------------------------------------------------------------------------------------------------------


def _covered(briefing: Briefing, wanted: Wanted) -> Ratio:
    """Matching items of which something is cited; on one page the unfinished ones."""
    told = [
        item for item in wanted.items.values() if not wanted.unfinished or item.status.value in ("ongoing", "long_term")
    ]
    cited = {item.id for items in _cited(briefing, wanted).values() for item in items}
    return Ratio(sum(item.id in cited for item in told), len(told))


def _cited(briefing: Briefing, wanted: Wanted) -> dict[int, list[Item]]:
    """The gold items that each citation, by its number, stands in."""
    notices: dict[str, list[Item]] = {}
    for item in wanted.items.values():
        notices.setdefault(item.id.partition("#")[0], []).append(item)
    return {c.n: [item for item in notices.get(c.notice_id, ()) if _within(c, item)] for c in briefing.citations}


def _within(citation: Citation, item: Item) -> bool:
    return item.span[0] <= citation.start and citation.end <= item.span[1]


def status_claims(briefing: Briefing, wanted: Wanted) -> Iterator[tuple[str, str, str, bool]]:
    """Every item whose status the briefing words: id, the words, the gold status, whether they are no stronger."""
    cited = _cited(briefing, wanted)
    for paragraph in _paragraphs(briefing):
        match = _CLAIMED.search(paragraph.text) if paragraph.written else None
        label = (match["one"] or match["all"] or match["open"]) if match else ""
        if label not in _LABELS:
            continue
        closed = "已销号" in (label, match["more"] if match else "")
        for item in {item.id: item for n in paragraph.citations for item in cited.get(n, ())}.values():
            gold = item.status.detail or item.status.value
            fits = _LABELS[label] != "completed" or item.status.value == "completed"
            yield item.id, label, gold, fits and (not closed or gold == "closed_off")
