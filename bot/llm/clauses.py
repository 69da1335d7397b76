"""Which clause of the cited text a clause of the answer speaks of, and whether the two agree.

That every word of an answer stands somewhere in the cited text is not enough: 甲项目已完成,乙项目正在推进 has all the
words of 乙项目已完成. So each clause is set beside the source clause that shares most of its content, and must claim no
more completion, have the same polarity, and use the figure that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.llm.facts import Facts, Number, facts, has_number, squeezed
from bot.llm.wording import Claim, claims
from bot.notices.plain import plain

_UNITS = re.compile(r"[^。;!?\n]+")
_CLAUSES = re.compile(r"[^,:]+")
_FUNCTION = re.compile(
    r"[的了已均都等及和与在于对将为是其该此并也被把由从到以中至就则而且未不没无尚仍还]|\d[\d.]*[年月日]?|全部|目前|截至|其中|同时|以及|进行|开展|相关|有关|工作|情况|问题|整改|完成|正在|推进|基本|预计|计划"
)
_NEGATION = re.compile(r"[未不没无]|尚待|难以|缺乏|缺少")
_NO_NEGATION = re.compile(
    r"不断|不仅|不但|不少(?!于)|不同|不久|不动产|不锈钢|不定期|不忘|未来|无锡|无人机|无线|无缝|无害化|无障碍|无公害|不足之处|不超过|不少于|不低于|不高于|不到\d|不足\d|不多于|不大于"
)
_ANAPHORA = re.compile(r"^(?:该|此|上述|以上|目前|现已?|截至|整改|均|已|全部|问题|这|本|其)")
_REST = re.compile(r"其余|剩余|余下|另外|另有")
_NEAR = 0.1
"""Source clauses whose coverage is so close to the best are all taken for what is spoken of."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of plain text: its content (character pairs), the sentence it belongs to, and its place in the text."""

    text: str
    content: frozenset[str]
    unit: int
    start: int

    @property
    def negated(self) -> bool:
        """Whether it negates something."""
        return bool(_NEGATION.search(_NO_NEGATION.sub("", self.text)))


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, in order."""
    flat = plain(text)
    found = []
    for number, unit in enumerate(_UNITS.finditer(flat)):
        for match in _CLAUSES.finditer(flat, unit.start(), unit.end()):
            words = match.group()
            if words.strip():
                found.append(Clause(words, content(words), number, match.start()))
    return found


def content(words: str) -> frozenset[str]:
    """Character pairs of the words that carry content: no figures, no words of completion, no particles."""
    return _pairs(words, _FUNCTION)


def verbatim(words: str, source: str) -> bool:
    """Whether the source prints just these words, as clauses of its own: 完成整改 is not what 未完成整改 prints."""
    wanted = squeezed(words).strip("".join(_EDGES))
    printed = squeezed(source)
    at = printed.find(wanted) if wanted else -1
    while at >= 0:
        before, after = printed[at - 1 : at] if at else "", printed[at + len(wanted) : at + len(wanted) + 1]
        if (not before or before in _EDGES) and (not after or after in _EDGES):
            return True
        at = printed.find(wanted, at + 1)
    return False


_EDGES = frozenset(',。;:!?、，；：！？(（)）"是')


def coverage(said: frozenset[str], printed: frozenset[str]) -> float:
    """Share of what is said that is printed, 0-1; 0 where nothing is said."""
    return len(said & printed) / len(said) if said else 0.0


# -- completion --------------------------------------------------------------------------------------------------------


def printed_claims(said: Clause, whole: frozenset[str], source: Sequence[Clause]) -> frozenset[Claim]:
    """What the source claims of the thing that a clause speaks of. ``whole``: the content of the clause's sentence."""
    shares = [coverage(said.content, c.content) + coverage(whole, c.content) / 2 for c in source]
    best = max(shares, default=0.0)
    # 3个问题 is what the clause with 3个问题 speaks of, 其余 what 其余 does, however much another one resembles it.
    figures = {number.key for number in facts(said.text).numbers}
    same = [n for n, c in enumerate(source) if figures & {number.key for number in facts(c.text).numbers}]
    if _REST.search(said.text):
        same = [n for n in same or range(len(source)) if _REST.search(source[n].text)] or same
    if best < (0.15 if not said.content else 0.3) and not same:
        # Nothing to go by but the words themselves: a result that the whole passage states.
        return frozenset(claim for clause in source for claim in claims(clause.text))
    near = same or [n for n, share in enumerate(shares) if share >= best - _NEAR]
    own = {claim for n in near for claim in claims(source[n].text)}
    if own and said.content:
        return frozenset(own)
    # 预计6月完工 after a clause about the thing: what follows there counts too.
    silent = [n for n in near if not (same and claims(source[n].text))]
    return frozenset(own | {claim for n in silent for claim in _beside(n, source)})


def _beside(index: int, source: Sequence[Clause]) -> frozenset[Claim]:
    """What is claimed after a clause that claims nothing itself (乙项目,已完工), else before it in its sentence."""
    unit = source[index].unit
    for clause in source[index + 1 :]:
        if clause.unit != unit:
            if not _ANAPHORA.match(clause.text.strip()):
                break
            unit = clause.unit
        if found := claims(clause.text):
            return found
    before = [clause for clause in source[:index] if clause.unit == source[index].unit]
    return next((found for clause in reversed(before) if (found := claims(clause.text))), frozenset())


# -- polarity ----------------------------------------------------------------------------------------------------------


def flipped(said: Clause, source: Sequence[Clause]) -> str:
    """The source clause that says the opposite of ``said``; empty where there is none, or one that says the same."""
    denied = _denied(said, source)
    if denied or len(said.content) < 2:
        return denied
    same = max((coverage(said.content, c.content) for c in source if c.negated == said.negated), default=0.0)
    other = max(
        (c for c in source if c.negated != said.negated), key=lambda c: coverage(said.content, c.content), default=None
    )
    if other is None:
        return ""
    against = coverage(said.content, other.content)
    return other.text.strip() if against >= 0.6 and against > same + 0.2 else ""


def _denied(said: Clause, source: Sequence[Clause]) -> str:
    """The source clause that denies the very words of ``said`` (未及时清理, 已及时清理), if none affirms them."""
    if said.negated:
        return ""
    bare = _NO_NEGATION.sub("", said.text)
    for clause in source:
        for match in _DENIAL.finditer(_NO_NEGATION.sub("", clause.text)):
            words = match["words"]
            if words in bare and not any(_affirms(other, words) for other in source):
                return clause.text.strip()
    return ""


_DENIAL = re.compile(r"(?:未|没有|没|不|无)(?:能|曾|予|得到|有)?(?P<words>[一-鿿]{3,4})")


def _affirms(clause: Clause, words: str) -> bool:
    at = clause.text.find(words)
    return at >= 0 and not _NEGATION.search(clause.text[max(0, at - 4) : at])


# -- figures -----------------------------------------------------------------------------------------------------------


def misplaced(said: str, source: str) -> Iterator[tuple[str, str]]:
    """Figures that the source prints, but of something else, each with the figure that it prints there."""
    ours, theirs = facts(said), facts(source)
    for number in ours.numbers:
        if not has_number(number, theirs):
            continue
        for strict in (True, False):
            topic = _around(number, ours, strict)
            places = [(coverage(topic, _around(other, theirs, strict)), other) for other in theirs.numbers]
            right = max((share for share, other in places if other.key == number.key), default=0.0)
            wrong = [(s, o) for s, o in places if o.unit == number.unit and o.value != number.value]
            share, other = max(wrong, key=lambda pair: pair[0], default=(0.0, None))
            if other and share >= 0.5 and share > right + 0.15:
                yield ours.plain[number.start : number.end], theirs.plain[other.start : other.end]
                break


_PARTICLES = re.compile(r"[的了等及和与在于对将为是其该此并也被把由从到以中至就则而且]|\d[\d.]*[年月日]?")


def _around(number: Number, text: Facts, strict: bool) -> frozenset[str]:
    """The content around a figure: back to the figure before it (or the sentence's beginning), on to the next comma.

    ``strict``: words of completion count too (已完成12个,基本完成3个); else only what the figure counts.
    """
    flat = text.plain
    before = [n.end for n in text.numbers if n.end <= number.start]
    start = max([max(flat.rfind(stop, 0, number.start) for stop in "。;!?\n") + 1, *before])
    ends = [at for stop in ",。;、!?\n" if (at := flat.find(stop, number.end)) >= 0]
    words = f"{flat[start : number.start]} {flat[number.end : min(ends, default=len(flat))]}"
    return _pairs(words, _PARTICLES if strict else _FUNCTION)


def _pairs(words: str, left_out: re.Pattern[str]) -> frozenset[str]:
    runs = re.findall(r"[一-鿿]+", left_out.sub(" ", words))
    return frozenset(run[n : n + 2] for run in runs for n in range(len(run) - 1))
