"""Text → extraction document, by rules: outline → metadata → items → values → checks.

Each concern looks once over the whole text; an item takes what lies in its own spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.notices import accountability, quantities, responsibility, status
from bot.notices.checks import check
from bot.notices.dates import DateHit, find_dates, resolve
from bot.notices.documents import find_documents
from bot.notices.drafts import Draft
from bot.notices.items import find_items
from bot.notices.load import Loaded
from bot.notices.measures import Enumerations
from bot.notices.metadata import Metadata, read_metadata
from bot.notices.organizations import find_organizations
from bot.notices.outline import Outline, outline
from bot.notices.places import Gazetteer, read_places
from bot.notices.quantities import QuantityHit
from bot.notices.settle import settle_categories, unassigned, unique_labels
from bot.notices.tables import table_items
from bot.records import (
    SCHEMA_VERSION,
    Date,
    Extraction,
    ExtractionRun,
    Grounded,
    Item,
    Measure,
    Notice,
    Quantity,
    Source,
    Span,
    Status,
    Verifiable,
)

_CLAUSE = re.compile(r"[^,。;\n]+")
# 完成时限:2023年10月,已完成.
_STATED = re.compile(r"(?:^|[,(])(?:已|未|尚未|正在|基本)(?:整改)?(?:完成|整改|销号|推进)")
_RESULT = re.compile(
    r"(?:建立|制定|制发|印发|出台|修订|完善|成立|召开|组织|签订|编制|完成|开展|举办"
    r"|设立|清理|退还|追缴|拆除|封堵|设置|安装|发布|公示|张贴|解除|纳入|配备|清退"
    r"|停工|整改到位)了?"
)


def extract(
    loaded: Loaded, *, notice_id: str, file: str, sha256: str, gazetteer: Gazetteer | None = None
) -> Extraction:
    """The extraction document of a loaded notice; without problem–measure structure it has no items. Raises nothing."""
    tree = outline(loaded.text, loaded.tables)
    metadata = read_metadata(loaded.text, tree)
    drafts = _drafts(tree, loaded)
    metadata = _of_the_whole(metadata, drafts)
    items = _Values(loaded.text, tree, metadata).items(notice_id, drafts) if drafts else ()
    source = Source(file, sha256, loaded.format, loaded.encoding, loaded.repairs, loaded.cut)
    tables = [table.span for table in loaded.tables]
    notice = _notice(notice_id, loaded.text, tree, metadata, unassigned(tree, drafts, tables), source, gazetteer)
    return Extraction(SCHEMA_VERSION, notice, items, check(metadata, items), ExtractionRun("rules", "ok", ()))


def read_items(
    text: str, tree: Outline, metadata: Metadata, notice_id: str, drafts: Sequence[Draft]
) -> tuple[Item, ...]:
    """Items whose parts somebody else has found (a model), with the same values by the same rules."""
    return _Values(text, tree, metadata).items(notice_id, drafts)


def _of_the_whole(metadata: Metadata, drafts: Sequence[Draft]) -> Metadata:
    """The metadata without counts that stand inside an item: those are its own."""
    kept = tuple(c for c in metadata.declared_counts if not any(d.start <= c.span[0] < d.end for d in drafts))
    return replace(metadata, declared_counts=kept)


def _drafts(tree: Outline, loaded: Loaded) -> list[Draft]:
    found = [*find_items(tree), *(table_items(tree, loaded.tables) if loaded.tables else ())]
    return unique_labels(settle_categories(tree, sorted(found, key=lambda draft: draft.start)))


def _notice(
    notice_id: str,
    text: str,
    tree: Outline,
    meta: Metadata,
    loose: tuple[Span, ...],
    source: Source,
    gazetteer: Gazetteer | None,
) -> Notice:
    heads = [g.span for g in (*meta.issuer, meta.inspected, meta.title) if g]
    places, derived = read_places(text, tree.plain, heads, gazetteer)
    return Notice(
        notice_id,
        source.file,
        meta.title,
        meta.issuer,
        meta.inspected,
        meta.inspector,
        meta.kind,
        meta.inspection_start,
        meta.inspection_end,
        meta.feedback_date,
        meta.signed_date,
        meta.published_date,
        meta.declared_counts,
        places,
        derived,
        text,
        loose,
        source,
    )


class _Values:
    """All values of one text, found once, and handed out by span."""

    def __init__(self, text: str, tree: Outline, metadata: Metadata) -> None:
        plain = tree.plain
        self.text = text
        self.plain = plain
        self.base = metadata.base
        # A finding is older than the end of the inspection.
        self.finding_base = metadata.inspection_end.iso if metadata.inspection_end else metadata.base
        self.documents = find_documents(plain)
        self.dates = find_dates(plain, self.documents)
        skip = sorted([*self.documents, *((hit.start, hit.end) for hit in self.dates)])
        self.quantities = quantities.find_quantities(plain, skip)
        self.organizations = find_organizations(plain, self.documents)
        self.accountability = accountability.find_accountability(plain)
        self.clauses = status.Clauses(plain)
        self.starts = {
            "documents": [start for start, _ in self.documents],
            "dates": [hit.start for hit in self.dates],
            "quantities": [hit.start for hit in self.quantities],
            "organizations": [start for start, _ in self.organizations],
            "accountability": [start for start, _ in self.accountability],
        }
        self.enumerations = Enumerations(text, plain, self.judge)

    def items(self, notice_id: str, drafts: Sequence[Draft]) -> tuple[Item, ...]:
        return tuple(self._item(notice_id, draft) for draft in drafts)

    def grounded(self, span: Span) -> Grounded:
        return Grounded(self.text[span[0] : span[1]], span)

    def _within(self, name: str, start: int, end: int) -> slice:
        starts = self.starts[name]
        return slice(bisect_left(starts, start), bisect_left(starts, end))

    def _spans(self, name: str, found: Sequence[Span], spans: Iterable[Span]) -> list[Span]:
        if not found:
            return []
        return [value for span in spans for value in found[self._within(name, *span)] if value[1] <= span[1]]

    def _item(self, notice_id: str, draft: Draft) -> Item:
        rect = draft.rect or draft.results
        measures = tuple(measure for span in rect for measure in self.enumerations.measures(span))
        told = (draft.problem, *rect)
        units = responsibility.units(self.plain, draft.units)
        deadline_dates = self._dates(draft.deadlines)
        organizations = self._organizations(told, units)
        return Item(
            f"{notice_id}#{draft.label}",
            draft.label,
            self.grounded(draft.category) if draft.category else None,
            draft.category_label,
            self.grounded(draft.problem),
            (draft.start, draft.end),
            measures,
            self._status(draft, rect),
            tuple(
                sorted(
                    [*self._dates([draft.problem], self.finding_base), *self._dates(rect), *deadline_dates],
                    key=lambda date: date.span,
                )
            ),
            tuple(self.grounded(span) for span in self._spans("documents", self.documents, rect)),
            tuple(self.grounded(span) for span in organizations),
            tuple(self._quantity(hit) for span in told for hit in self.quantities[self._within("quantities", *span)]),
            tuple(self.grounded(span) for span in units),
            tuple(self.grounded(span) for span in responsibility.persons(self.plain, draft.persons)),
            self._deadline(draft, deadline_dates, measures),
            self.grounded(draft.targets[0]) if draft.targets else None,
            tuple(self.grounded(span) for span in self._spans("accountability", self.accountability, told)),
        )

    def _organizations(self, told: Sequence[Span], units: Sequence[Span]) -> list[Span]:
        named = [span for span in units if not self.plain[slice(*span)].startswith(("各", "相关", "有关"))]
        return sorted({*self._spans("organizations", self.organizations, told), *named})

    def _dates(self, spans: Sequence[Span], base: str | None = None) -> list[Date]:
        found: list[Date] = []
        for span in spans:
            hits: list[DateHit] = self.dates[self._within("dates", *span)]
            found += [
                Date(iso, self.text[hit.start : hit.end], (hit.start, hit.end))
                for iso, hit in resolve(hits, base or self.base)
                if hit.end <= span[1]
            ]
        return found

    def _quantity(self, hit: QuantityHit) -> Quantity:
        unit = self.text[hit.unit_start : hit.end]
        return Quantity(hit.value, unit, self.text[hit.start : hit.end], (hit.start, hit.end))

    def _deadline(self, draft: Draft, dates: Sequence[Date], measures: Sequence[Measure]) -> Date | Grounded | None:
        if draft.deadlines:
            return dates[0] if dates else self.grounded(_without_stop(self.plain, draft.deadlines[0]))
        if draft.plan and measures:
            return next(iter(self._dates([measures[0].span])), None)
        return None

    def _status(self, draft: Draft, rect: Sequence[Span]) -> Status:
        if draft.plan:
            return self._planned(rect)
        results = (*draft.results, *(span for span in draft.deadlines if _STATED.search(self.plain, *span)))
        return status.judge(self.text, self.plain, self.clauses, draft.problem, rect, results)

    def _planned(self, rect: Sequence[Span]) -> Status:
        """A plan is under way by definition; its words are the clause with the time limit, else the first clause."""
        start, end = rect[0]
        clauses = list(_clauses(self.plain, start, end))
        dated = [c for c in clauses if any(c[0] <= d.span[0] < c[1] for d in self._dates([rect[0]]))]
        chosen = (dated or clauses or [(start, end)])[0]
        return Status("ongoing", "in_progress", (self.grounded(chosen),))

    def judge(self, start: int, end: int, lead: bool) -> Verifiable:
        """Whether a measure can be checked from outside, and by what."""
        kinds = (("quantities", "quantity"), ("documents", "document"), ("dates", "date"), ("organizations", "unit"))
        for name, reason in kinds:
            within = self._within(name, start, end)
            if within.start < within.stop:
                return Verifiable(True, reason)
        if lead:
            return Verifiable(False, "lead")
        if _RESULT.search(self.plain, start, end):
            return Verifiable(True, "result")
        return Verifiable(False, "wording")


def _clauses(plain: str, start: int, end: int) -> Iterator[Span]:
    for match in _CLAUSE.finditer(plain, start, end):
        yield match.span()


def _without_stop(plain: str, span: Span) -> Span:
    start, end = span
    return start, start + len(plain[start:end].rstrip("。;,"))
