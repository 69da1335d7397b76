"""Which of the notices in scope a question over the ledger means: by year, by what its title or unit says, by kind.

Places and rounds are the scope's; this narrows what is left where a question runs over several notices. Knows the
notices' own dates, titles and units, no item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.qa.cards import Card
from bot.qa.scope import Scope
from bot.qa.words import synonyms
from bot.records import Date, Notice

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue


def narrowed(catalogue: Catalogue, cards: Iterable[Card], question: str, scope: Scope) -> Scope:
    """The scope with the notices alone that a folded question means; the scope itself where it means them all."""
    if len(scope.notices) < 2:
        return scope
    own = [card for card in cards if card.id in scope.notices]
    # Two places have chosen each its own.
    named = own if len(scope.places) > 1 else _of_unit(question, own)
    named = named if len(scope.places) > 1 else _of_title(question, named)
    ids = [card.id for card in named]
    dated = _KIND_NAMED.search(question) or _YEAR.search(question)
    notices = {i: catalogue.extraction(i).notice for i in ids} if dated else {}
    ids = _of_kind(question, ids, notices)
    return replace(scope, notices=tuple(_of_year(question, ids, notices)))


# -- units and titles --------------------------------------------------------------------------------------------------

_UNIT = re.compile(r"[\u4e00-\u9fff]{2,14}?(?:局|厅|委员会|医院|学校|集团|公司)(?!部|限)")
_RESPONSIBLE = re.compile(r"负责|牵头|责任|承担|主办|承办|配合|参与|涉及|牵涉|包抓|名下|由[^,。?]{2,10}(?:改|办|管)")


def _of_unit(question: str, cards: Sequence[Card]) -> list[Card]:
    """The notices of the unit that a question names as theirs; all where it names none, or as responsible."""
    if _RESPONSIBLE.search(question):
        return list(cards)
    found = {card.id for match in _UNIT.finditer(question) for card in _named_by(match.group(), cards)}
    return [card for card in cards if card.id in found] or list(cards)


def _named_by(words: str, cards: Sequence[Card]) -> list[Card]:
    """The notices whose title or units have the longest end of some words, or a synonym of it."""
    for start in range(len(words) - 2):
        names = (words[start:], *synonyms().get(words[start:], ()))
        found = [card for card in cards if any(name in card.names for name in names)]
        if found:
            return found
    return []


_BESIDE = r"(?:[^,，。?？]{0,6}(?:通报|公告|公示|报告|巡察|巡视|督察|督查|审计|行动|整改))"
TITLE_RUN = 4
"""Characters of a title that name its notice."""
CAMPAIGN_RUN = 6
_CAMPAIGN = re.compile(r"专项|行动|巡察|巡视|督察|督查|审计")
"""A longer run that names a campaign or an inspection needs no word for a notice behind it."""
_ORDINARY = re.compile(
    r"^(?:[\d的对于和关年度月日市县区委党组一二三四五六七八九十第届轮]|反馈|问题|意见|整改|落实|进展|情况|通报|公告|公示|报告|贯彻|中共|委员会|政府|人民)*$"
)


def _of_title(question: str, cards: Sequence[Card]) -> list[Card]:
    """The notices that a run of their title chooses (洞庭清波 of 洞庭清波专项行动…通报), where others' have it not."""
    best: tuple[int, list[Card]] = (0, list(cards))
    for card in cards:
        for run in _runs(question, fold(card.title)):
            named = re.search(re.escape(run) + _BESIDE, question) or (
                len(run) >= CAMPAIGN_RUN and _CAMPAIGN.search(run)
            )
            if len(run) <= best[0] or _ORDINARY.match(run) or not named:
                continue
            found = [other for other in cards if run in fold(other.title)]
            if len(found) <= max(1, len(cards) // 3):
                best = (len(run), found)
    return best[1]


def _runs(question: str, title: str) -> list[str]:
    """The longest runs of a title that a question repeats, longest first."""
    found = set()
    for start in range(len(question) - TITLE_RUN + 1):
        end = start + TITLE_RUN
        if question[start:end] not in title:
            continue
        while end < len(question) and question[start : end + 1] in title:
            end += 1
        found.add(question[start:end])
    return sorted(found, key=len, reverse=True)


# -- kinds -------------------------------------------------------------------------------------------------------------

_KINDS = (("environmental", r"环保督察|环境保护督察|环保"), ("audit", r"审计"), ("inspection", r"巡察|巡视"))
_KIND_NAMED = re.compile(
    r"(?P<kind>环保督察|环境保护督察|环保|审计|巡察|巡视)(?:反馈|查出|发现|整改|进展|情况|落实)*(?:类|的)*(?:通报|公告|公示|报告)|(?P<audit>审计)(?:查出|发现|反映|指出|里|中|类|的)*(?:问题|情况)"
)


def _of_kind(question: str, ids: Sequence[str], notices: dict[str, Notice]) -> list[str]:
    """Those of the kind that a question names beside 通报; all where it names none or none is of it."""
    named = _KIND_NAMED.search(question)
    words = (named["kind"] or named["audit"]) if named else ""
    kind = next((kind for kind, pattern in _KINDS if words and re.fullmatch(pattern, words)), None)
    return [i for i in ids if notices[i].kind.value == kind] or list(ids) if kind else list(ids)


# -- years -------------------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年?(?:度)?(?!\d)")
_OF_ITEM = re.compile(r"(?:时限|期限|到期|截止|之?前|年?底|年末|年内|以来|[至到][今现]|要完成|应完成|须完成|需完成)")
"""A year of a time limit or of what happened, not of the notice."""


def _of_year(question: str, ids: Sequence[str], notices: dict[str, Notice]) -> list[str]:
    """Those of the years that a question names as the notices' own: of the date it speaks of, else the ledger's."""
    years = [m["year"] for m in _YEAR.finditer(question) if _names_notices(question, m)]
    if not years:
        return list(ids)
    titled = [i for i in ids if any(f"{year}年度" in fold(_title(notices[i])) for year in years)]
    if titled and re.search(r"年度", question):
        return titled  # 2022年度审计 is reported on a year later
    return [i for i in ids if any(d and d.iso[:4] in years for d in asked_dates(notices[i], question))]


def _title(notice: Notice) -> str:
    return notice.title.text if notice.title else ""


_NOTICE_WORD = re.compile(
    r"(?:度|的|里|那[些份批]?|发布|公布|公开|印发|签发|落款|成文|发出?|开展|进行|[各几所全有]部?|整改|专项|环保|中央|省|市|县|区|反馈)*(?:通报|公告|公示|报告|巡察|巡视|督察|审计|反馈|落款|发布|公布|成文|印发|签发)"
)
_ALONE = re.compile(
    r"(?:的|全部|所有|全县|全市|各地|各县|各单位|还|哪些|有|都)*(?:没|未|已|正|问题|完成|整改|销号|推进|滞后|逾期|台账|情况)"
)


def _names_notices(question: str, year: re.Match[str]) -> bool:
    """Whether a year is the notices': beside a word for them, or with nothing behind it but a state."""
    after = question[year.end() :]
    if re.match(r"\d{1,2}月", after) or _OF_ITEM.match(after):
        return False
    return bool(_NOTICE_WORD.match(after) or (_ALONE.match(after) and not _OF_ITEM.search(question)))


_INSPECTED = re.compile(
    r"年(?:度)?[^,，。?？]{0,6}(?:开展|进行|进驻|巡察|巡视|督察)(?![^,，。?？]{0,6}(?:通报|公告|公示|报告))"
)


def asked_dates(notice: Notice, question: str, *, wide: bool = False) -> tuple[Date | None, ...]:
    """The dates of a notice that a question's year speaks of; the ledger's where it says no more than the year, or any
    that is not the inspection's (``wide``)."""
    if re.search(r"落款|成文|签发|印发", question):
        return (notice.signed_date,)
    wide = wide and not re.search(r"年(?:发布|公布|公开|公示|发|出)", question)
    if re.search(r"年[^,，。?？]{0,6}反馈", question):
        return (notice.feedback_date,)
    if _INSPECTED.search(question):
        return (notice.inspection_start, notice.inspection_end)
    if wide:
        return (notice.signed_date, notice.published_date, notice.feedback_date)
    return (notice.signed_date or notice.published_date or notice.feedback_date,)
