"""Which items of the ledger a question is about, over all items in scope, never the top k.

Used by lists, counts, comparisons and summaries alike. Reads the problem and its heading; the measures only where
neither can decide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.fold import fold
from bot.notices.numerals import ordinal
from bot.qa.homophones import meant
from bot.qa.wanted import Wanted
from bot.qa.words import content_words, cut_words, has_word, synonyms, theme_names
from bot.records import Grounded, Item
from bot.themes import builtin
from vectorstore.catalogue import LedgerRow

TOPIC_SHARE = 0.5
"""Weighted share of a topic's content words that an item's problem must have."""
RELATED_SHARE = 0.34
"""The same where no problem has that much of it."""
HEADING_SHARE = 0.7
"""The same of an item's heading, where no problem has the topic."""


def members(rows: Sequence[LedgerRow], asked: Wanted) -> list[LedgerRow]:
    """The items that satisfy the question, in order."""
    parts = _parts(rows) if asked.part else None
    chosen = numbered([row for row in rows if _satisfies(row, asked, parts)], rows, asked.number)
    if asked.without:
        left_out = {row.item.id for row in members(rows, asked.without)}
        chosen = [row for row in chosen if row.item.id not in left_out]
    if asked.quoted:
        exact = [row for row in chosen if all(word in problem_of(row) for word in asked.quoted)]
        if exact or asked.literal:
            return exact
        if not asked.topic:
            # Words in quotation marks that no problem has as they stand are a topic like any other.
            return members(rows, replace(asked, quoted=(), topic=asked.quoted))
    if not asked.topic:
        return chosen
    about = topical(rows, asked)
    # Words that fit no item at all beside another constraint are how the question was put, not its topic.
    if not about and not asked.bare and _constrained(asked):
        return chosen
    if not about and (asked.status or asked.details):
        told = in_measures(chosen, asked)
        return told if told or _telling(rows, asked) else chosen
    kept = {row.item.id for row in about}
    # What is left beside a heading narrows it only where that leaves something.
    return [row for row in chosen if row.item.id in kept] or (chosen if asked.category or asked.part else [])


def _constrained(asked: Wanted) -> bool:
    return replace(asked, topic=(), status=(), details=()).limited


def _concerns(row: LedgerRow, place: str) -> bool:
    """Whether an item names a place as its own: in the problem or as the one responsible."""
    return place in problem_of(row) or any(place in fold(unit.text) for unit in row.item.responsible_units)


def numbered(chosen: list[LedgerRow], rows: Sequence[LedgerRow], number: int) -> list[LedgerRow]:
    """The item of a number: the printed one where a notice numbers on from end to end, else the place in the notice."""
    if not number:
        return chosen
    kept: set[str] = set()
    for notice_id in dict.fromkeys(row.notice_id for row in rows):
        own = [row for row in rows if row.notice_id == notice_id]
        printed = {
            row.item.id: ordinal(re.sub(r"\W|问题|任务", "", fold(row.item.label.split("/")[-1]))) for row in own
        }
        unique = len(set(printed.values())) == len(own)
        kept |= {r.item.id for n, r in enumerate(own, 1) if (printed[r.item.id] if unique else n) == number}
    return [row for row in chosen if row.item.id in kept]


MEASURES_SHARE = 0.8
"""Weighted share of a topic's content words that an item's measures must have together, where its problem has not."""


def in_measures(rows: Sequence[LedgerRow], asked: Wanted) -> list[LedgerRow]:
    """The items whose measures speak of a topic that no problem is about."""
    texts = {row.item.id: fold("\n".join(measure.text for measure in row.item.measures)) for row in rows}
    weights = word_weights(list(texts.values()), asked.topic)
    return [
        row
        for row in rows
        if any(topic_share(phrase, texts[row.item.id], weights) >= MEASURES_SHARE for phrase in asked.topic)
    ]


def _telling(rows: Sequence[LedgerRow], asked: Wanted) -> bool:
    """Whether a word of the topic is one that the notices use at all."""
    texts = [fold(measure.text) for row in rows for measure in row.item.measures]
    return any(has_word(word, text) for phrase in asked.topic for word in content_words(phrase) for text in texts)


# -- constraints -------------------------------------------------------------------------------------------------------


def answerable(item: Item) -> tuple[Grounded, ...]:
    """Who is responsible for an item; where it names nobody as that, the units that act in it."""
    return item.responsible_units or item.organizations


def _satisfies(row: LedgerRow, asked: Wanted, parts: Mapping[str, int] | None = None) -> bool:
    item = row.item
    return (
        (not asked.status or item.status.value in asked.status)
        and (not asked.details or item.status.detail in asked.details)
        and (not asked.category or heading_of(row) == asked.category)
        and (not asked.part or (parts or {}).get(item.id, 0) == asked.part)
        and (not asked.accountable or _held_to_account(item, asked.sanction))
        and (not asked.units or any(_same_unit(own, fold(u.text)) for own in asked.units for u in answerable(item)))
        and (not asked.person or any(asked.person in fold(person.text) for person in item.responsible_persons))
        and (not asked.deadline or _due(item, asked.deadline))
        and (not asked.inner or any(_concerns(row, place) for place in asked.inner))
    )


def _held_to_account(item: Item, kind: str) -> bool:
    """Whether a notice reports 问责 of an item, of one of the kinds where any is asked for."""
    return any(one in fold(quote.text) for quote in item.accountability for one in kind.split("|"))


def _parts(rows: Sequence[LedgerRow]) -> dict[str, int]:
    """The number of the part in which each item stands: its heading's, or its place among headings without a number,
    else the first number of its own path."""
    found: dict[str, int] = {}
    headings: dict[tuple[str, str], int] = {}
    for row in rows:
        label, heading = row.item.category_label, heading_of(row)
        if heading and not label:
            before = sum(notice == row.notice_id for notice, _ in headings)
            found[row.item.id] = headings.setdefault((row.notice_id, heading), before + 1)
        else:
            printed = label or row.item.label.split("/")[0]
            found[row.item.id] = ordinal(re.sub(r"[^\w]|第|部分", "", fold(printed)))
    return found


def _same_unit(asked: str, printed: str) -> bool:
    """县住建局 and 住房城乡建设局 are one: by name, without the kind of division before it, or by a synonym."""
    short = re.sub(r"^[省市县区]", "", asked)
    if short.endswith("分局") and printed.endswith("分局") and short[:-2] in printed:
        return True  # 生态环境分局 is 市生态环境局会同分局
    return short in printed or printed in asked or any(other in printed for other in synonyms().get(short, ()))


def _due(item: Item, iso: str) -> bool:
    if item.deadline is None:
        return False
    printed = getattr(item.deadline, "iso", "")
    if iso.startswith("-"):
        return printed[4:7] == iso
    return printed.startswith(iso) if printed and iso[:1].isdigit() else iso in fold(item.deadline.text)


def heading_of(row: LedgerRow) -> str:
    """The heading above an item, folded; empty where there is none."""
    return fold(row.item.category.text) if row.item.category else ""


def problem_of(row: LedgerRow) -> str:
    """An item's problem, folded."""
    return _folded(row.item.problem.text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


# -- topic -------------------------------------------------------------------------------------------------------------


def topical(rows: Sequence[LedgerRow], asked: Wanted) -> list[LedgerRow]:
    """The items that are about one of the topics: by the problem's words, else the heading's, else the theme."""
    phrases = [_respelt(rows, phrase) for phrase in asked.topic]
    weights = word_weights([problem_of(row) for row in rows], phrases)
    found: set[str] = set()
    for phrase in phrases:
        found |= _about(rows, phrase, weights, aspect=asked.aspect)
    return [row for row in rows if row.item.id in found]


MAX_RESPELT = 400
"""Items over whose words a misspelt topic is put right: over more, anything sounds like something."""


def _respelt(rows: Sequence[LedgerRow], phrase: str) -> str:
    """A topic typed by sound (杨尘) as the problems spell it, where they have none of its words."""
    texts = [problem_of(row) + heading_of(row) for row in rows]
    words = content_words(phrase)
    if len(rows) > MAX_RESPELT or any(has_word(word, text) for word in words for text in texts):
        return phrase
    names = frozenset(word for text in texts for word in cut_words(text) if 2 <= len(word) <= 5)
    for word, name in meant(phrase, names).items():
        phrase = phrase.replace(word, name)
    return phrase


def _about(rows: Sequence[LedgerRow], phrase: str, weights: Mapping[str, float], *, aspect: bool) -> set[str]:
    shares = {row.item.id: topic_share(phrase, problem_of(row), weights) for row in rows}
    top = max(shares.values(), default=0.0)
    least = max(TOPIC_SHARE, 0.75 * top if len({row.notice_id for row in rows}) > 1 else 0.0)
    worded = {item for item, share in shares.items() if share >= least}
    headed = {row.item.id for row in rows if _heading_share(phrase, heading_of(row)) >= HEADING_SHARE}
    if _theme_named(phrase).endswith("+"):
        titled = {row.item.id for row in rows if _is_heading(phrase, heading_of(row))}
        return titled or worded | _of_theme(rows, phrase)
    if aspect and headed:
        # 监测方面 names a field: what stands under its heading belongs to it, whatever its words.
        return worded | headed
    near = {item for item, share in shares.items() if share >= RELATED_SHARE}
    return worded or headed or _of_theme(rows, phrase) or near


def _heading_share(phrase: str, heading: str) -> float:
    words = content_words(phrase)
    return sum(len(w) for w in words if has_word(w, heading)) / sum(len(w) for w in words) if heading and words else 0.0


def _is_heading(phrase: str, heading: str) -> bool:
    """Whether a heading says little more than the phrase: 水污染 for 水污染防治方面."""
    return phrase in heading and len(phrase) >= 0.4 * len(heading)


_BROAD = re.compile(r"(?:污染防治|污染治理|污染|防治|环境质量|环境|质量|管理|建设|治理|工作|类)$")


def _of_theme(rows: Sequence[LedgerRow], phrase: str) -> set[str]:
    """The items whose problem or heading is of the theme that a phrase names (空气 for 大气)."""
    name = _theme_named(phrase).rstrip("+")
    if not name:
        return set()
    return {
        row.item.id
        for row in rows
        for hit in builtin().themes(row.item)
        if hit.name == name and not hit.reason.startswith("整改措施")
    }


def _theme_named(phrase: str) -> str:
    """The theme that people call by this phrase, with a + where it is meant whole; "" where the phrase says more."""
    plain = _BROAD.sub("", phrase)
    return next((name for name, words in theme_names().items() if {plain, phrase} & words), "")


def word_weights(texts: Sequence[str], phrases: Sequence[str]) -> dict[str, float]:
    """IDF of the phrases' content words over the items in scope; a word that no item has weighs most."""
    words = {word for phrase in phrases for word in content_words(phrase)}
    return {
        word: (LACK_WEIGHT if _LACK.fullmatch(word) else 1.0)
        * math.log(1 + len(texts) / (0.5 + sum(has_word(word, text) for text in texts)))
        for word in words
    }


_LACK = re.compile(
    r"(?:不足|缺乏|短缺|紧缺|不够|滞后|缓慢|薄弱|较弱|偏低|偏高|偏弱|混乱|缺失|缺位|不清|不实|不畅|不高|不强|不多|不严格?|不及时|不健全|不完善|不彻底"
    r"|不到位|不规范|不合理|突出|普遍|严重|老化|闲置|违规|存在|较差|较慢|较大|慢|差)"
)
LACK_WEIGHT = 0.3
"""What a word counts that says how something is wrong (不足), against one that says what."""


def topic_share(phrase: str, text: str, weights: Mapping[str, float]) -> float:
    """Weighted share (0-1) of a topic's content words that a folded text has; 1 where it has the phrase itself."""
    if phrase in text:
        return 1.0
    words = content_words(phrase)
    total = sum(weights.get(word, 1.0) for word in words)
    return sum(weights.get(word, 1.0) for word in words if has_word(word, text)) / total if total else 0.0
