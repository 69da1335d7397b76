"""The clause of a sentence that answers a question for no typed value: what was done, why, how.

Compares words; does not parse the sentence.
"""

from __future__ import annotations

import re

from bot.fold import fold
from bot.qa.question import Plan
from bot.qa.terms import Terms

_PIECE = re.compile(r"[^,，;；:：。！？!?]+")
_LEADS = re.compile(
    r"^(?:[一二三四五六七八九十]是|其中|同时|目前|截至目前|此外|并且?|\d+[.、]|[(（][一二三四五六七八九十\d]+[)）])+"
)


def telling_clause(sentence: str, plan: Plan, terms: Terms) -> str | None:
    """The clause that says what was asked: the rest of the one that repeats the question, else the one after it."""
    pieces = [m.group() for m in _PIECE.finditer(sentence)]
    if not pieces:
        return None
    shares = [terms.share(terms.covered(fold(piece))) for piece in pieces]
    top = max(range(len(pieces)), key=lambda n: shares[n])
    rest = _said_besides(pieces[top], plan)
    if rest or top + 1 == len(pieces):
        return rest or _LEADS.sub("", pieces[top]).strip()
    return _LEADS.sub("", pieces[top + 1]).strip() or None


_EMPTY = re.compile(r"^(?:的|被|把|将|对|为|项目|工程|问题|工作|方面|情况|等|实行|采取|采用|通过|建立|开展)+")


def _said_besides(piece: str, plan: Plan) -> str:
    """A clause without its beginning that the question already has; empty where nothing new is left."""
    piece = _LEADS.sub("", piece).strip()
    folded = fold(piece)
    if len(folded) != len(piece):
        return piece
    known = [folded[n : n + 2] in plan.question for n in range(len(folded) - 1)]
    last = 0
    for n, old in enumerate(known):
        if old and (n <= last if last else n == 0):
            last = n + 2
    rest = _EMPTY.sub("", piece[last:])
    fresh = sum(not old for old in known[last:])
    return rest if fresh >= 2 and len(rest) >= 3 else ""
