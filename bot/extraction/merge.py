"""The rules' item and the model's, made one. The rule, field by field:

- id, label, category, problem, span: the rules.
- measures: the rules; only where they found none, the model's grounded steps, read by the rules' own grammar.
- dates, documents, quantities: the rules' finders over the item's text, always: no figure is taken from a model.
- organizations, responsible_units, responsible_persons, target, deadline, accountability: the rules; the model's
  grounded values where the rules' are empty and the words look like what they are called.
- status: the rules. not_stated gives way to the model's value where its quote, read with the whole clause it stands in,
  says just that, and, for completed, no clause of the item says that something is unfinished. completed gives way to
  ongoing where the quote's clause says 未完成 or 基本完成. Never from ongoing to completed.
- whole items: the rules. One that they did not see is added only with measures, outside theirs, and inside what they
  call rectification (``notice.unassigned``), or anywhere where they found no items at all.

The rules win because they are measured (EVALS.md) and a model is whatever somebody configures. What the model says
otherwise is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.extraction.ground import Grounder
from bot.extraction.said import SaidItem
from bot.llm.orders import orders
from bot.llm.wording import Claim, claims
from bot.records import STATUS_LABELS, Date, Grounded, Item, Span, Status, StatusDetail, StatusValue

_UNIT = re.compile(
    r"(?:局|委|办|办公室|政府|党委|党组|工委|公司|厅|院|站|所|中心|队|大队|支队|组|部|处|科|会|集团|企业|街道|镇|乡|村|社区|学校|医院|法院|检察院|单位)$"
)
_PERSON = re.compile(r"[一-鿿·某]{2,4}(?:同志)?")
_LOOKS = {
    "organizations": lambda words: 2 <= len(words) <= 30 and bool(_UNIT.search(words)) and not words.startswith("各"),
    "responsible_units": lambda words: 2 <= len(words) <= 40 and bool(_UNIT.search(words)),
    "responsible_persons": lambda words: bool(_PERSON.fullmatch(words)),
    "accountability": lambda words: bool(re.search("问责|约谈|处分|处理|诫勉|通报批评|立案", words)),
}
_DETAILS: dict[Claim, StatusDetail] = {
    "closed": "closed_off",
    "done": "completed",
    "basic": "basically_completed",
    "under_way": "in_progress",
    "unfinished": "in_progress",
    "long_term": "long_term",
}
_SAYS: dict[StatusValue, tuple[Claim, ...]] = {
    "completed": ("closed", "done"),
    "ongoing": ("basic", "unfinished", "under_way"),
    "long_term": ("long_term",),
}
_LOWERS: tuple[Claim, ...] = ("basic", "unfinished")
_REST = re.compile("剩余|其余|余下")
_STOPS = ",，。;；:：!！?？\n"


def merged(rule: Item, said: SaidItem, grounder: Grounder) -> tuple[Item, list[str]]:
    """The rules' item with what the model adds, and how the model sees it otherwise."""
    changes: dict[str, object] = {}
    for key in _LOOKS:
        if not getattr(rule, key):
            changes[key] = _values(key, said.values.get(key, ()), grounder)
    for key in ("target", "deadline"):
        spans = said.values.get(key, ())
        if getattr(rule, key) is None and spans:
            changes[key] = _single(key, spans[0], rule.dates, grounder)
    status, warnings = _status(rule, said, grounder)
    return replace(rule, status=status, **changes), warnings  # type: ignore[arg-type]


def _values(key: str, spans: Sequence[Span], grounder: Grounder) -> tuple[Grounded, ...]:
    return tuple(grounder.grounded(span) for span in spans if _LOOKS[key](grounder.text[slice(*span)]))


def _single(key: str, span: Span, dates: Sequence[Date], grounder: Grounder) -> Date | Grounded:
    date = next((date for date in dates if span[0] <= date.span[0] and date.span[1] <= span[1]), None)
    return date if key == "deadline" and date else grounder.grounded(span)


# -- status ------------------------------------------------------------------------------------------------------------


def _status(rule: Item, said: SaidItem, grounder: Grounder) -> tuple[Status, list[str]]:
    if said.status == rule.status.value:
        return rule.status, []
    proofs = _proofs(rule, said, grounder)
    if proofs and _may_change(rule, said.status, proofs, grounder):
        claim = next(iter(proofs.values()))
        quotes = tuple(grounder.grounded(span) for span in proofs)
        return Status(said.status, _DETAILS[claim], quotes), []  # type: ignore[arg-type]
    if said.status == "not_stated":
        return rule.status, []
    theirs, ours = STATUS_LABELS[said.status], STATUS_LABELS[rule.status.value]
    return rule.status, [f"{rule.label}：大模型判断为“{theirs}”，原文依据不足，仍按规则记为“{ours}”"]


def _proofs(rule: Item, said: SaidItem, grounder: Grounder) -> dict[Span, Claim]:
    """The model's quotes, outside the problem and orders to a model, whose whole clause says what the model says."""
    found: dict[Span, Claim] = {}
    wanted = _LOWERS if rule.status.value == "completed" else _SAYS.get(said.status, ())  # type: ignore[call-overload]
    silent = [rule.problem.span, *orders(grounder.text)]
    for quote in said.quotes:
        if any(start < quote[1] and quote[0] < end for start, end in silent):
            continue
        clause = clause_around(grounder.text, quote)
        says = claims(grounder.text[slice(*clause)])
        claim = next((claim for claim in wanted if claim in says), None)
        if claim and (said.status != "completed" or not says - {"closed", "done"}):
            found[clause] = claim
    return found


def _may_change(rule: Item, value: str, proofs: dict[Span, Claim], grounder: Grounder) -> bool:
    if rule.status.value == "completed":
        return value == "ongoing" and all(claim in _LOWERS for claim in proofs.values())
    if rule.status.value != "not_stated":
        return False
    if value != "completed":
        return True
    rest = grounder.text[rule.problem.span[1] : rule.span[1]]
    said = {claim for clause in re.split(f"[{_STOPS}]", rest) for claim in claims(clause)}
    return not said & {"basic", "unfinished", "under_way"} and not _REST.search(rest)


def clause_around(text: str, span: Span) -> Span:
    """The clause that holds a span: a quote cut out of 未完成整改 is judged with its 未."""
    start = max((text.rfind(stop, 0, span[0]) + 1 for stop in _STOPS), default=0)
    ends = [at for stop in _STOPS if (at := text.find(stop, span[1])) >= 0]
    end = min(ends, default=len(text))
    while start < span[0] and text[start].isspace():
        start += 1
    return start, max(end, span[1])
