"""Briefings: composed as ``brief`` does for a filter, a style and a length, and held against the gold items that the
filter means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.briefing import Length, Order, Style, deliver
from bot.briefing.wording import ModelWriter
from bot.errors import UsageError
from bot.fold import fold
from bot.ledger import LedgerFilter
from bot.records import Briefing, Extraction, Grounded, Item, StatusValue
from bot.schemas import from_data, to_data
from evals.cases import split_of
from evals.gold.compile import EXTRACTION, compile_labels, load_labels
from evals.hashes import notice_files
from evals.log import CaseResult
from evals.metrics.briefing import Wanted, briefing_ratios, briefing_scores, known_by
from evals.stores import gold_store
from evals.suite import ROOT, Suite
from evals.task import Case, Opened, Say, System
from evals.tasks.answer import texts_of

if TYPE_CHECKING:
    from bot.llm.chat import Chat


class Ordered(BaseModel):
    """One briefing asked for: the filters of ``brief``, its style and length."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: str
    style: Style = "简报"
    length: Length = "标准"
    notices: tuple[str, ...] = ()
    status: tuple[StatusValue, ...] = ()
    place: str = ""
    year: str = ""
    category: str = ""
    themes: tuple[str, ...] = ()
    keyword: str = ""

    @property
    def filter(self) -> LedgerFilter:
        """As the ledger takes it."""
        return LedgerFilter(self.status, self.place, self.year, self.category, self.themes, self.keyword, self.notices)

    @property
    def shown(self) -> str:
        """For a reader of the report."""
        filters = [self.place, self.year, self.category, *self.themes, self.keyword, *self.status, *self.notices]
        return "，".join([self.style, self.length, *(word for word in filters if word)])


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a request. ``problems``: of the briefing's items, by their ids."""

    briefing: Briefing
    problems: dict[str, Grounded]


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per line."""
    store = gold_store(system.settings, notice_files(), say)
    texts = texts_of(store)

    def briefed(case: Case, chat: Chat | None) -> Made:
        ordered: Ordered = case.data
        writer = ModelWriter(chat, system.prompts.get("brief")) if chat else None
        paper = deliver(store, Order(ordered.filter, None, ordered.style, ordered.length), writer)
        return Made(paper.briefing, dict(paper.problems))

    def scored(case: Case, made: Made) -> CaseResult:
        return score(case, made, texts)

    return Opened([*_cases(suite)], Made, briefed, scored, store.close)


def _cases(suite: Suite) -> Iterator[Case]:
    for path in suite.files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                ordered = Ordered.model_validate(json.loads(line))
            except (ValidationError, ValueError) as error:
                raise UsageError(f"{path.name} 第 {number} 行不是一条用例：{error}") from error
            yield Case(ordered.qid, (split_of(ordered.qid),), ordered.qid, "", ordered)


def score(case: Case, made: Made, texts: Mapping[str, str]) -> CaseResult:
    """Figures and judgements of one briefing."""
    ordered: Ordered = case.data
    wanted = Wanted(_wanted_items(ordered, made, texts), texts, ordered.length == "一页纸")
    return case.result(
        ratios=briefing_ratios(made.briefing, wanted),
        scores=tuple(briefing_scores(made.briefing, wanted)),
        detail={"question": ordered.shown, "briefing": to_data(made.briefing)},
    )


def _wanted_items(ordered: Ordered, made: Made, texts: Mapping[str, str]) -> dict[str, Item]:
    """The matching gold items by the ids that the briefing has for them."""
    all_gold = [item for notice_id, text in texts.items() for item in _gold(notice_id, text)[0].items]
    names = known_by(all_gold, made.problems)
    return {names[name]: item for name, item in gold_items(ordered, texts).items()}


# -- the gold items that a filter means, found without the ledger's code -----------------------------------------------


def gold_items(ordered: Ordered, texts: Mapping[str, str]) -> dict[str, Item]:
    """By id."""
    found: dict[str, Item] = {}
    for notice_id, text in texts.items():
        if ordered.notices and notice_id not in ordered.notices:
            continue
        gold, labels = _gold(notice_id, text)
        if _of_notice(ordered, labels["meta"]):
            found |= {item.id: item for item in gold.items if _of_item(ordered, item)}
    return found


@cache
def _gold(notice_id: str, text: str) -> tuple[Extraction, dict[str, Any]]:
    labels = load_labels(EXTRACTION / f"{notice_id}.yaml")
    return from_data(Extraction, compile_labels(labels, text)), labels


def _of_notice(ordered: Ordered, meta: Mapping[str, Any]) -> bool:
    dates = [meta[key]["iso"] for key in ("signed_date", "published_date", "feedback_date") if meta[key]]
    place = not ordered.place or any(ordered.place in fold(entry["text"]) for entry in meta["places"])
    return place and (not ordered.year or (bool(dates) and dates[0].startswith(ordered.year)))


def _of_item(ordered: Ordered, item: Item) -> bool:
    category = fold(item.category.text) if item.category else ""
    body = fold("".join([item.problem.text, *(measure.text for measure in item.measures)]))
    notice_id, _, label = item.id.partition("#")
    themes = _themes().get(notice_id, {}).get(label, [])
    return (
        (not ordered.status or item.status.value in ordered.status)
        and fold(ordered.category) in category
        and fold(ordered.keyword) in body
        and (not ordered.themes or not set(ordered.themes).isdisjoint(themes))
    )


@cache
def _themes() -> dict[str, dict[str, list[str]]]:
    raw: dict[str, Any] = yaml.safe_load((ROOT / "gold" / "themes.yaml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, list[str]]] = raw["notices"]
    return found
