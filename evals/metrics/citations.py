"""Citation quality, ALCE adapted (Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations").

Statements are sentences (。！？；) and worded points (一是, 二是); the markers behind a statement are its citations,
［1］【1】[1] alike. *Recall*: statements whose cited text supports them. *Precision*: citations that support their
statement and are needed for it. Support is deterministic: the id is valid, the quote stands where it says, and every
critical token of the statement stands in the cited text. A statement without critical tokens needs a valid citation
only; how many are such is reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.metrics.critical import Critical, critical, missing
from evals.metrics.score import Ratio, Score

_MARKS = re.compile(r"[\[［【]\s*(\d+(?:\s*[,，、]\s*\d+)*)\s*[\]］】]")
_MARK = r"(?:\s*[\[［【]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]］】])*"
_SENTENCE = re.compile(rf"{_MARK}(?:[。！？!?]+[”’」』）)]*{_MARK}|\n+)")
_CLAUSE = re.compile(rf"{_MARK}[；;]+[”’」』）)]*{_MARK}|(?<=[：:，,\]］】])(?=[一二三四五六七八九十]是)")
_NOTHING = Critical(frozenset(), frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without its markers, and the citation numbers behind it, in order, each once."""

    text: str
    cited: tuple[int, ...]


def statements(answer: str) -> list[Statement]:
    """The statements of an answer; what holds no word is none.

    A marker stands after the sentence that it proves, so a clause without one of its own takes the next in its
    sentence.
    """
    return [part for sentence in _split(_SENTENCE, answer) for part in _clauses(sentence)]


def _clauses(sentence: str) -> list[Statement]:
    found: list[Statement] = []
    following: tuple[int, ...] = ()
    for clause in reversed(_split(_CLAUSE, sentence)):
        numbers = [int(n) for marks in _MARKS.findall(clause) for n in re.findall(r"\d+", marks)]
        following = tuple(dict.fromkeys(numbers)) or following
        text = _MARKS.sub("", clause).strip()
        if re.search(r"\w", text):
            found.append(Statement(text, following))
    return found[::-1]


def _split(end: re.Pattern[str], text: str) -> list[str]:
    """The text cut behind every match."""
    parts, at = [], 0
    for match in end.finditer(text):
        parts.append(text[at : match.end()])
        at = match.end()
    return [*parts, text[at:]]


def supported(statement: Statement, quotes: Mapping[int, str]) -> bool:
    """Whether the cited quotes support the statement; no citation, or an invalid one alone, does not."""
    valid = [quotes[n] for n in statement.cited if n in quotes]
    return bool(valid) and not missing(statement.text, "\n".join(valid))


def needed(statement: Statement, number: int, quotes: Mapping[int, str]) -> bool:
    """ALCE's precision: the statement is supported, and this citation supports alone or the others do not without
    it."""
    if number not in quotes or not supported(statement, quotes):
        return False
    alone = Statement(statement.text, (number,))
    others = Statement(statement.text, tuple(n for n in statement.cited if n != number))
    return supported(alone, quotes) or not supported(others, quotes)


def citation_ratios(answer: str, quotes: Mapping[int, str]) -> dict[str, Ratio]:
    """``quotes``: by number, those alone whose offsets are valid. Without statements all is unscored."""
    parts = statements(answer)
    judged = [needed(part, number, quotes) for part in parts for number in part.cited]
    return {
        "citation_recall": Ratio(sum(supported(part, quotes) for part in parts), len(parts)),
        "citation_precision": Ratio(sum(judged), len(judged)),
        "statements_without_tokens": Ratio(sum(critical(part.text) == _NOTHING for part in parts), len(parts)),
    }


def citation_scores(answer: str, quotes: Mapping[int, str]) -> list[Score]:
    """The statements that are not supported, with what is missing."""
    return [
        Score("citation_recall", "语句", 0.0, part.text, [quotes.get(n) for n in part.cited], _why(part, quotes))
        for part in statements(answer)
        if not supported(part, quotes)
    ]


def _why(part: Statement, quotes: Mapping[int, str]) -> str:
    if not part.cited:
        return "没有引用"
    invalid = [n for n in part.cited if n not in quotes]
    lacking = missing(part.text, "\n".join(quotes[n] for n in part.cited if n in quotes))
    return "；".join(
        [*(f"引用 [{n}] 无效" for n in invalid), *(["引文中没有：" + "、".join(lacking)] if lacking else [])]
    )


def valid_quotes(cited: Sequence[tuple[int, str, str]]) -> dict[int, str]:
    """Of (number, quote, text at its offsets): the quotes that stand where they say, by number."""
    return {number: quote for number, quote, printed in cited if quote and quote == printed}
