"""Lists of other things than items: what a sentence enumerates (documents, places, units), and notices.

Sees one sentence's enumeration, not a list spread over several items.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.fold import fold
from bot.qa.compose import Base, answered, cite, quoted
from bot.qa.evidence import Proof
from bot.qa.ledger import MAX_CITED
from bot.qa.lookup import strength
from bot.qa.narrowed import asked_dates
from bot.qa.question import Plan
from bot.qa.scope import Scope
from bot.qa.sentences import Sentence, whole_sentence
from bot.qa.terms import Terms
from bot.records import Answer, Notice, Value

if TYPE_CHECKING:
    from vectorstore.catalogue import Catalogue

_RUN = re.compile(r"[^,，。;；:：、]{1,24}(?:、[^,，。;；:：、]{1,24})+")
_CUT_HEAD = re.compile(
    r"^.*(?:吸引|包括|包含|涉及|组织|督促|会同|联合|协调|对|由|向|以及|完成|有|与|其中|分为|按照|是)"
)
_CUT_TAIL = re.compile(r"(?:等|落户|均|都|已|共|分别|五|四|三|两|各).*$")
_MEMBER_SHARE = 0.75
"""A further sentence of the same item joins a list where it is at least so topical, as a share of the best."""


def list_in_sentences(base: Base, plan: Plan, terms: Terms, found: Sequence[Proof]) -> Answer | None:
    """The documents, places or things that the best sentences enumerate; None where they enumerate nothing."""
    best = found[0] if found else None
    if best is None or strength(best) < 0.12:
        return None
    if plan.want == "document":
        return _documents(base, found)
    run = _enumeration(best.sentence.text, terms)
    if not run:
        return None
    text, citations = quoted(base, [(best.notice_id, best.sentence)])
    return answered(base, text, citations, short="、".join(run), items=best.items)


def _documents(base: Base, found: Sequence[Proof]) -> Answer | None:
    best = next((p for p in found if p.values), None)
    if best is None:
        return None
    near = [
        p for p in found if p.values and p.notice_id == best.notice_id and p.topical >= _MEMBER_SHARE * best.topical
    ]
    near = sorted(near[:4], key=lambda p: p.sentence.start)
    names = list(dict.fromkeys(p.sentence.text[v.start : v.end] for p in near for v in p.values))
    text, citations = quoted(base, [(p.notice_id, p.sentence) for p in near])
    items = list(dict.fromkeys(item for p in near for item in p.items))
    return answered(base, text, citations, short="、".join(names), items=items)


def _enumeration(sentence: str, terms: Terms) -> list[str]:
    """The members of the run A、B、C that stands closest to the question's terms, words before and after it cut off."""
    runs = [(m.start(), m.group()) for m in _RUN.finditer(sentence)]
    if not runs:
        return []
    folded = fold(sentence)
    spots = [folded.find(token) for token in terms.weights if token in folded]

    def far(run: tuple[int, str]) -> float:
        return min((abs(run[0] - spot) for spot in spots), default=0)

    members = min(runs, key=far)[1].split("、")
    members[0] = _CUT_HEAD.sub("", members[0])
    members[-1] = _CUT_TAIL.sub("", members[-1]) or members[-1]
    last = re.split(r"和|及", members[-1])
    return [member for member in (*members[:-1], *last) if member]


# -- notices -----------------------------------------------------------------------------------------------------------

_KINDS = (("environmental", r"环保|环境保护|生态环境保护督察|督察"), ("audit", r"审计"), ("inspection", r"巡察|巡视"))


def notices_asked(base: Base, catalogue: Catalogue, plan: Plan, scope: Scope) -> Answer:
    """The notices that satisfy the question's kind and year: listed, and counted where that was asked."""
    kind = _kind(plan.question)
    chosen = [n for n in (catalogue.extraction(i).notice for i in scope.notices) if _fits(n, kind, plan)]
    spots = [(n.id, _proof(n, plan)) for n in chosen]
    citations = cite(base, spots)
    names = [_name(base, scope, n) for n in chosen]
    unit = plan.unit if plan.route == "count" and plan.unit else "份"
    listed = "；".join(f"{name}[{c.n}]" for name, c in zip(names, citations, strict=False))
    short = f"{len(chosen)}{unit}" if plan.route == "count" else "、".join(names)
    value = Value(str(len(chosen)), unit) if plan.route == "count" else None
    lead = f"{len(chosen)}{unit}（查阅了{len(scope.notices)}份通报）"
    return answered(
        base, f"{lead}：{listed}" if chosen else f"{lead}。", citations[:MAX_CITED], short=short or "无", value=value
    )


def _kind(question: str) -> str | None:
    kept = re.sub(r"[(（]?(?:不算|不包括|不含|除了|非)[^)）,，。]*[)）]?", "", question)
    return next((kind for kind, words in _KINDS if re.search(words, kept)), None)


def _fits(notice: Notice, kind: str | None, plan: Plan) -> bool:
    if kind and notice.kind.value != kind:
        return False
    if not plan.years:
        return True
    dates = asked_dates(notice, plan.question, wide=True)
    return any(date and date.iso.startswith(year) for year in plan.years for date in dates)


def _proof(notice: Notice, plan: Plan) -> Sentence:
    """What shows that a notice belongs: its date where years were asked, else its title or kind."""
    if plan.years:
        date = next((d for d in asked_dates(notice, plan.question, wide=True) if d and d.iso[:4] in plan.years), None)
        if date:
            return whole_sentence(notice.text, date.span)
    shown = notice.title or notice.kind.quote
    if shown:
        return Sentence(*shown.span, shown.text)
    end = notice.text.find("\n")
    return Sentence(0, end if end > 0 else len(notice.text), notice.text[: end if end > 0 else None])


def _name(base: Base, scope: Scope, notice: Notice) -> str:
    card = base.cards[notice.id]
    return next((place for place in scope.places if place in card.places or place in card.head), card.title)
