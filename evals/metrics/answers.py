"""Short answers against every acceptable one.

``f1_chars``: multiset F1 over Chinese characters and other runs (MLQA's ``mlqa_evaluation_v1.py`` for zh).
``f1_run``: F1 of the longest common contiguous run (CMRC2018's ``cmrc2018_evaluate.py``). Both on our normalised
text, maximum over the variants, under their own names. The *answer score* is the first, but 0 where a critical token
differs. Gated: *right* and *contained*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from bot.fold import fold
from evals.metrics.critical import differ
from evals.metrics.normalise import ATOMS, plain

RIGHT = 0.9
"""From this answer score on a short answer is right."""
LOOKUP_LIMIT = 300
"""Characters that a lookup answer may have."""
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_MARKS = re.compile(r"[\[［【]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]］】]")
_LOOSE = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d)\s+(?=[%‰])")
"""A thousands comma, and white space before a per cent sign: inside one number."""
_EDGE = re.compile(r"[\d.]")
_NEGATING = "不未没无非"


def without_markers(answer: str) -> str:
    """The answer without its citation numbers: [1], ［1］, 【1】, [1,2]."""
    return _MARKS.sub("", answer)


def tokens(text: str) -> list[str]:
    """Chinese characters one by one, other characters in runs between white space; punctuation gone, numbers whole."""
    folded = _LOOSE.sub("", fold(text)).replace("《", "").replace("》", "")
    parts, at = [], 0
    for atom in ATOMS.finditer(folded):
        parts += [_bare(folded[at : atom.start()]), atom.group()]
        at = atom.end()
    return _TOKEN.findall("".join([*parts, _bare(folded[at:])]))


def _bare(text: str) -> str:
    return "".join(char if char.isspace() else plain(char) for char in text)


def exact_match(got: str, golds: Sequence[str]) -> bool:
    """Equal to one of the variants after normalisation."""
    return any(plain(got) == plain(gold) for gold in golds)


def f1_chars(got: str, gold: str) -> float:
    """MLQA-zh's F1: tokens in common, as multisets. SQuAD 2: two empty answers agree."""
    mine, theirs = tokens(got), tokens(gold)
    common = sum((Counter(mine) & Counter(theirs)).values())
    return _f1(common, len(mine), len(theirs))


def f1_run(got: str, gold: str) -> float:
    """CMRC2018's F1: the longest run of tokens in common, over the lengths."""
    mine, theirs = tokens(got), tokens(gold)
    run = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match().size
    return _f1(run, len(mine), len(theirs))


def _f1(common: int, got: int, gold: int) -> float:
    return 2 * common / (got + gold) if got + gold else 1.0


def answer_score(got: str, gold: str) -> float:
    """``f1_chars``, but 0 when a critical token differs."""
    return 0.0 if differ(got, gold) else f1_chars(got, gold)


def best(metric: Callable[[str, str], float], got: str, golds: Sequence[str]) -> float:
    """The maximum over the acceptable answers; 0 without any."""
    return max((metric(got, gold) for gold in golds), default=0.0)


def right(got: str | None, golds: Sequence[str]) -> bool:
    """Exact match with an acceptable answer, or answer score ≥ 0.9."""
    return bool(got) and (exact_match(got or "", golds) or best(answer_score, got or "", golds) >= RIGHT)


def contained(answer: str, golds: Sequence[str], limit: int | None = LOOKUP_LIMIT) -> bool:
    """Whether an acceptable answer stands in the answer, which keeps to its limit.

    A figure does not stand inside a longer one (5公里 in 25公里), nor an affirmation behind a negation (能运行 in
    不能运行); a single character (是) counts only where the answer begins with it.
    """
    said = plain(without_markers(answer))
    return (limit is None or len(answer) <= limit) and any(_stands(plain(gold), said) for gold in golds)


def _stands(gold: str, said: str) -> bool:
    if len(gold) <= 1:
        return bool(gold) and said.startswith(gold)
    return any(_whole(gold, said, match.start()) for match in re.finditer(f"(?={re.escape(gold)})", said))


def _whole(gold: str, said: str, start: int) -> bool:
    before, after = said[:start][-1:], said[start + len(gold) :][:1]
    cut = (gold[0].isdigit() and _EDGE.match(before)) or (gold[-1].isdigit() and _EDGE.match(after))
    return not cut and before not in tuple(_NEGATING)


def list_complete(got: Sequence[str], gold: Sequence[str]) -> bool:
    """Item recall 1 at precision ≥ 0.9."""
    mine, theirs = set(got), set(gold)
    return theirs <= mine and (len(theirs) >= 0.9 * len(mine))
