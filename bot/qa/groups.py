"""Items put into groups: by place or notice, heading, responsible unit or state, whichever a question counts by.

Knows how such questions are worded, and nothing of what is then done with the groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.qa.cards import Card
from bot.qa.compose import Base
from bot.qa.scope import Scope
from bot.records import DETAIL_LABELS, STATUS_LABELS, Item
from vectorstore.catalogue import LedgerRow

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_WHICH = r"(?:哪一?(?:个|家|种|项)?|各个?|每一?个?|按照?|分)"
_BY_UNIT = re.compile(
    rf"{_WHICH}(?:责任|牵头|主办)?(?:单位|部门|局)(?=[^,。?]{{0,6}}(?:负责|牵头|承担|名下|手|任务|责任|主办|最|各|分别|统计))|(?:责任|牵头)(?:单位"
    rf"|部门)[^,。?]{{0,6}}(?:最|各|分别)"
)
_BY_HEADING = re.compile(
    r"(?:哪一?|各|每一?(?:个)?|按照?)(?:大?类|个?方面|(?:个|大)?部分|(?:个)?(?:大)?板块|块|章节)(?:问题)?|(?:部分|方面|类)(?:各|分别)"
)
_BY_STATE = re.compile(
    r"(?:哪|各|每)一?(?:种|个|类)?(?:整改)?(?:状态|进度)|按照?(?:整改)?(?:状态|进度|进展)|(?:状态|进度)(?:各|分别)"
)
_PLACE = re.compile(
    r"(?:哪一?(?:个|座)?|各(?:个)?|每一?个?)(?:地方|地|县区?|县市区?|市县?|区县?|乡?镇|街道)|哪里|哪边|哪儿"
)
_UNIT = re.compile(r"(?:哪一?(?:个|家)?|各(?:个)?|每一?个?)(?:单位|部门|局)|哪家")


def groups_asked(
    base: Base, catalogue: Catalogue, question: str, scope: Scope, rows: Sequence[LedgerRow]
) -> dict[str, list[LedgerRow]]:
    """The rows by what a folded question counts by; empty where nothing tells them apart."""
    if _BY_STATE.search(question):
        return _by(rows, lambda item: [state_of(item)])
    if _BY_UNIT.search(question) and any(row.item.responsible_units for row in rows):
        return _by(rows, lambda item: list(dict.fromkeys(_flat(unit.text) for unit in item.responsible_units)))
    if _BY_HEADING.search(question) and len(scope.notices) == 1:
        return _by(rows, lambda item: [_flat(item.category.text)] if item.category else [])
    if len(scope.notices) < 2:
        return {}
    named = notices_by_place(base, scope)
    if len(scope.places) < 2:
        named = {called(base, catalogue, question, notice_id): [notice_id] for notice_id in scope.notices}
    return {name: [row for row in rows if row.notice_id in ids] for name, ids in named.items()}


def _by(rows: Sequence[LedgerRow], names: Callable[[Item], list[str]]) -> dict[str, list[LedgerRow]]:
    """Rows by name, in the order of the notice; a row with several names stands in several groups."""
    found: dict[str, list[LedgerRow]] = {}
    for row in rows:
        for name in names(row.item):
            found.setdefault(name, []).append(row)
    return found


def state_of(item: Item) -> str:
    """An item's status for officials: its detail where one is printed."""
    return DETAIL_LABELS[item.status.detail] if item.status.detail else STATUS_LABELS[item.status.value]


def called(base: Base, catalogue: Catalogue, question: str, notice_id: str) -> str:
    """What a notice is called in an answer: its place where places are asked for, its unit, else its title."""
    notice = catalogue.extraction(notice_id).notice
    if _PLACE.search(question) and notice.places:
        return notice.places[0].text
    if _UNIT.search(question) and (notice.inspected or notice.issuer):
        return _flat((notice.inspected or notice.issuer[0]).text)
    untitled = notice.inspected or next(iter(notice.places), None)
    return _flat(untitled.text) if untitled and not notice.title else base.cards[notice_id].title


def notices_by_place(base: Base, scope: Scope) -> dict[str, list[str]]:
    """The places of the question with the notices that each chose; the notices themselves where no place is named."""
    if len(scope.places) < 2:
        return {base.cards[i].title: [i] for i in scope.notices}
    return {place: [i for i in scope.notices if _is_of(base.cards[i], place)] for place in scope.places}


def _is_of(card: Card, place: str) -> bool:
    return any(place in name or name in place for name in card.places if len(name) >= 2) or place in card.head


def _flat(text: str) -> str:
    return re.sub(r"[。；;]$", "", "".join(text.split()))
