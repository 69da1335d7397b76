"""One extraction against its gold: items matched on *problem*, everything else scored under the matched items.

A predicted and a gold item are matched when the optimal assignment pairs them with similarity ≥ τ. Measures count
all gold measures in n, those of unmatched items too: a measure under a problem that was not found is not found.
Value lists and status are scored within matched items only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from bot.records import Date, Extraction, Grounded, Item, Measure, Span
from bot.schemas import to_data
from evals.metrics import sets, structure
from evals.metrics.matching import TAU, Pair, match_texts, similarity
from evals.metrics.metadata import metadata_ratios, metadata_scores
from evals.metrics.normalise import squeeze
from evals.metrics.score import Prf, Ratio, Score, add_ratios, total
from evals.metrics.spans import grounded_values, span_prfs, valid, validity
from evals.metrics.status import status_ratios, status_score

Values = Callable[[Item], list[Hashable]]


def _texts(name: str) -> Values:
    return lambda item: [squeeze(value.text) for value in getattr(item, name)]


VALUE_LISTS: dict[str, Values] = {
    "documents": _texts("documents"),
    "quantities": lambda item: [sets.figure(q.value, q.unit) for q in item.quantities],
    "dates": lambda item: [date.iso for date in item.dates],
    "organizations": _texts("organizations"),
    "responsible_units": _texts("responsible_units"),
    "responsible_persons": _texts("responsible_persons"),
    "accountability": _texts("accountability"),
    "status_quotes": lambda item: [squeeze(quote.text) for quote in item.status.quotes],
}
"""How each list of an item is compared: distinct values, order and repetition of mentions left out."""


@dataclass
class Comparison:
    """What one notice adds to a run. ``status_pairs``: (got, gold) status of each matched item."""

    ratios: dict[str, Ratio]
    scores: list[Score]
    status_pairs: list[tuple[str, str]] = field(default_factory=list)


def compare(got: Extraction, gold: Extraction) -> Comparison:
    """All extraction figures of one notice. Both must stand on the same text."""
    pairs = match_texts([item.problem.text for item in got.items], [item.problem.text for item in gold.items])
    same = sets.same(pairs)
    matched = [(got.items[pair.got], gold.items[pair.gold]) for pair in same]
    parts = [
        _items(got.items, gold.items, pairs),
        _measures(matched, gold.items),
        _values(matched),
        _status(matched),
        _fields(matched),
        _metadata(got, gold),
        _notice_lists(got, gold),
        _spans(got, gold),
        _structure(got.items, gold.items, same),
    ]
    ratios = add_ratios(part.ratios for part in parts)
    statuses = [pair for part in parts for pair in part.status_pairs]
    return Comparison(ratios, [score for part in parts for score in part.scores], statuses)


# -- items and measures ------------------------------------------------------------------------------------------------


def _items(got: Sequence[Item], gold: Sequence[Item], pairs: Sequence[Pair]) -> Comparison:
    same = sets.same(pairs)
    hard = Prf(len(same), len(got), len(gold))
    soft = Prf(sum(pair.similarity for pair in pairs), len(got), len(gold))
    scores = _unmatched("item_f1", [_named(i) for i in got], [_named(i) for i in gold], pairs)
    return Comparison(hard.ratios("item") | {"item_soft_f1": soft.ratios("item")["item_f1"]}, scores)


def _named(item: Item) -> tuple[str, str, Span]:
    return f"问题 {item.label}", item.problem.text, item.problem.span


def _unmatched(
    metric: str, got: Sequence[tuple[str, str, Span]], gold: Sequence[tuple[str, str, Span]], pairs: Sequence[Pair]
) -> list[Score]:
    """What keeps a set of (where, text, span) from being perfect: pairs below τ, what is missing, what is too much."""
    near = [
        Score(metric, gold[p.gold][0], 0.0, got[p.got][1], gold[p.gold][1], _far(p), got[p.got][2])
        for p in pairs
        if p.similarity < TAU
    ]
    found, right = {p.gold for p in pairs}, {p.got for p in pairs}
    missing = [Score(metric, w, 0.0, None, t, "漏提", s) for i, (w, t, s) in enumerate(gold) if i not in found]
    extra = [Score(metric, w, 0.0, t, None, "多提", s) for i, (w, t, s) in enumerate(got) if i not in right]
    return near + missing + extra


def _far(pair: Pair) -> str:
    return f"相似度 {pair.similarity:.2f} < {TAU}"


def _measures(matched: Sequence[tuple[Item, Item]], gold: Sequence[Item]) -> Comparison:
    hard = soft = Prf(0, 0, sum(len(item.measures) for item in gold))
    subs = Prf(0, 0, sum(len(m.sub_measures) for item in gold for m in item.measures))
    scores: list[Score] = []
    twins: list[tuple[Measure, Measure]] = []
    for mine, theirs in matched:
        pairs = match_texts([m.text for m in mine.measures], [m.text for m in theirs.measures])
        hard += Prf(len(sets.same(pairs)), len(mine.measures), 0)
        soft += Prf(sum(pair.similarity for pair in pairs), len(mine.measures), 0)
        twins += [(mine.measures[p.got], theirs.measures[p.gold]) for p in sets.same(pairs)]
        where = f"措施 {theirs.label}"
        scores += _unmatched("measure_f1", _steps(where, mine.measures), _steps(where, theirs.measures), pairs)
    scores += _orphans(matched, gold)
    for first, second in twins:
        subs += _sub_measures(first, second, scores)
    softly = {"measure_soft_f1": soft.ratios("measure")["measure_f1"]}
    ratios = hard.ratios("measure") | softly | subs.ratios("sub_measure")
    return Comparison(ratios | _twins(twins), scores)


def _steps(where: str, measures: Sequence[Measure]) -> list[tuple[str, str, Span]]:
    return [(f"{where} {m.marker or ''}".rstrip(), m.text, m.span) for m in measures]


def _orphans(matched: Sequence[tuple[Item, Item]], gold: Sequence[Item]) -> list[Score]:
    """The gold measures of items that were not found: recall failures."""
    found = {theirs.id for _, theirs in matched}
    return [
        Score("measure_f1", where, 0.0, None, text, "所属问题未对上", span)
        for item in gold
        if item.id not in found
        for where, text, span in _steps(f"措施 {item.label}", item.measures)
    ]


def _sub_measures(mine: Measure, theirs: Measure, scores: list[Score]) -> Prf:
    pairs = match_texts([m.text for m in mine.sub_measures], [m.text for m in theirs.sub_measures])
    where = f"分项 {theirs.marker or ''}".rstrip()
    scores += _unmatched("sub_measure_f1", _steps(where, mine.sub_measures), _steps(where, theirs.sub_measures), pairs)
    return Prf(len(sets.same(pairs)), len(mine.sub_measures), 0)


def _twins(twins: Sequence[tuple[Measure, Measure]]) -> dict[str, Ratio]:
    """Marker and ``verifiable`` of the measures that were found."""
    return {
        "measure_marker": Ratio(sum(squeeze(a.marker or "") == squeeze(b.marker or "") for a, b in twins), len(twins)),
        "verifiable": Ratio(sum(a.verifiable.value == b.verifiable.value for a, b in twins), len(twins)),
    }


# -- values, status and single fields of matched items -----------------------------------------------------------------


def _values(matched: Sequence[tuple[Item, Item]]) -> Comparison:
    ratios: dict[str, Ratio] = {}
    scores: list[Score] = []
    for name, values in VALUE_LISTS.items():
        ratios |= total(sets.exact(values(mine), values(theirs)) for mine, theirs in matched).ratios(name)
        for mine, theirs in matched:
            scores += _value_scores(name, theirs.label, set(values(mine)), set(values(theirs)), mine.span)
    return Comparison(ratios, scores)


def _value_scores(name: str, label: str, got: set[Hashable], gold: set[Hashable], span: Span) -> list[Score]:
    """One score per value missed or invented."""
    where, metric = f"问题 {label}", f"{name}_f1"
    missing = [Score(metric, where, 0.0, None, _shown(v), "漏提", span) for v in sorted(gold - got, key=str)]
    extra = [Score(metric, where, 0.0, _shown(v), None, "多提", span) for v in sorted(got - gold, key=str)]
    return missing + extra


def _shown(value: Hashable) -> str:
    return "".join(value) if isinstance(value, tuple) else str(value)


def _status(matched: Sequence[tuple[Item, Item]]) -> Comparison:
    pairs = [(mine.status.value, theirs.status.value) for mine, theirs in matched]
    details = sum(mine.status.detail == theirs.status.detail for mine, theirs in matched)
    scores = [status_score(f"问题 {b.label}", a.status.value, b.status.value) for a, b in matched]
    ratios = status_ratios(pairs) | {"status_detail": Ratio(details, len(matched))}
    wrong = [score for score in scores if not score.value]
    return Comparison(ratios, [*wrong, *_detail_scores(matched)], list(pairs))


def _detail_scores(matched: Sequence[tuple[Item, Item]]) -> list[Score]:
    return [
        Score("status_detail", f"问题 {b.label}", 0.0, a.status.detail, b.status.detail, "细分状态不符", a.span)
        for a, b in matched
        if a.status.detail != b.status.detail
    ]


FIELDS: dict[str, Callable[[Item], str | None]] = {
    "label": lambda item: item.label,
    "category": lambda item: item.category.text if item.category else None,
    "category_label": lambda item: item.category_label,
    "deadline": lambda item: _deadline(item.deadline),
    "target": lambda item: item.target.text if item.target else None,
}


def _deadline(value: Date | Grounded | None) -> str | None:
    if value is None:
        return None
    return value.iso if isinstance(value, Date) else value.text


def _fields(matched: Sequence[tuple[Item, Item]]) -> Comparison:
    """Single values: label, category, its label, deadline, target; null is a value, long texts count from τ on."""
    ratios: dict[str, Ratio] = {}
    scores: list[Score] = []
    for name, value in FIELDS.items():
        judged = [(b.label, value(a), value(b), a.span) for a, b in matched]
        wrong = [case for case in judged if not _equal(case[1], case[2])]
        ratios[name] = Ratio(len(judged) - len(wrong), len(judged))
        scores += [Score(name, f"问题 {label}", 0.0, a, b, "不一致", span) for label, a, b, span in wrong]
    return Comparison(ratios, scores)


def _equal(got: str | None, gold: str | None) -> bool:
    if got is None or gold is None:
        return got is gold
    return squeeze(got) == squeeze(gold) or (len(gold) > 10 and similarity(got, gold) >= TAU)


# -- the notice --------------------------------------------------------------------------------------------------------


def _metadata(got: Extraction, gold: Extraction) -> Comparison:
    scores = metadata_scores(got.notice, gold.notice)
    return Comparison(metadata_ratios(scores), [score for score in scores if not score.value])


def _notice_lists(got: Extraction, gold: Extraction) -> Comparison:
    """Kind, publishing date, declared counts and places: reported beside the eight metadata fields."""
    mine, theirs = got.notice, gold.notice
    dates = [notice.published_date.iso if notice.published_date else None for notice in (mine, theirs)]
    counts = [[(c.what, *sets.figure(c.value, c.unit)) for c in notice.declared_counts] for notice in (mine, theirs)]
    places = [[squeeze(place.text) for place in notice.places] for notice in (mine, theirs)]
    ratios = {
        "kind": Ratio(mine.kind.value == theirs.kind.value, 1),
        "published_date": Ratio(dates[0] == dates[1], 1),
        **sets.exact(*counts).ratios("declared_counts"),
        **sets.exact(*places).ratios("places"),
    }
    whole = (0, 0)
    scores = _value_scores("declared_counts", "—", set(counts[0]), set(counts[1]), whole)
    scores += _value_scores("places", "—", set(places[0]), set(places[1]), whole)
    if mine.kind.value != theirs.kind.value:
        scores.append(Score("kind", "通报", 0.0, mine.kind.value, theirs.kind.value, "种类不符"))
    if dates[0] != dates[1]:
        scores.append(Score("published_date", "通报", 0.0, dates[0], dates[1], "日期须完全一致"))
    return Comparison(ratios, scores)


def _spans(got: Extraction, gold: Extraction) -> Comparison:
    """Validity of every grounded value, and problem and measure spans against gold."""
    text = got.notice.text
    values = [*grounded_values(to_data(got.notice)), *grounded_values(to_data(got.items), "items")]
    broken = [
        Score("spans_valid", where, 0.0, text[span[0] : span[1]], quote, "原文该处不是这段文字", span)
        for where, quote, span in values
        if not valid(text, quote, span)
    ]
    ratios = {"spans_valid": validity(text, values)}
    for name, prf in span_prfs(_typed(got.items), _typed(gold.items)).items():
        ratios |= {f"spans_{name}_f1": prf.ratios("x")["x_f1"]}
    return Comparison(ratios, broken)


def _typed(items: Sequence[Item]) -> list[tuple[str, Span]]:
    problems = [("problem", item.problem.span) for item in items]
    return problems + [("measure", measure.span) for item in items for measure in item.measures]


def _structure(got: Sequence[Item], gold: Sequence[Item], same: Sequence[Pair]) -> Comparison:
    """Structural errors per gold measure, by name."""
    errors = structure.structural_errors(got, gold, {pair.got: pair.gold for pair in same})
    n = sum(len(item.measures) for item in gold)
    ratios: dict[str, Ratio] = {name: Ratio(sum(e.fault == name for e in errors), n) for name in structure.FAULTS}
    scores = [Score(e.fault, "结构", 0.0, e.text, None, structure.NAMES[e.fault], e.span) for e in errors]
    return Comparison(ratios, scores)
