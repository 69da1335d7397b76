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
_END = re.compile(rf"{_MARK}(?:[。！？；!?;]+[”’」』）)]*{_MARK}|\n+)")
_POINT = re.compile(r"(?<=[：:，,；;。])(?=[一二三四五六七八九十]是)")
_NOTHING = Critical(frozenset(), frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without its markers, and the citation numbers behind it, in order, each once."""

    text: str
    cited: tuple[int, ...]


def statements(answer: str) -> list[Statement]:
    """The statements of an answer; what holds no word is none."""
    found = []
    for sentence in _sentences(answer):
        for part in _POINT.split(sentence):
            numbers = [int(n) for marks in _MARKS.findall(part) for n in re.findall(r"\d+", marks)]
            text = _MARKS.sub("", part).strip()
            if re.search(r"\w", text):
                found.append(Statement(text, tuple(dict.fromkeys(numbers))))
    return found


def _sentences(answer: str) -> list[str]:
    parts, at = [], 0
    for match in _END.finditer(answer):
        parts.append(answer[at : match.end()])
        at = match.end()
    return [*parts, answer[at:]]


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
