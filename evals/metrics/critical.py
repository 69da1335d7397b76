"""Critical tokens: what an answer may not get wrong however similar it looks.

Numbers with their unit, dates, document numbers, 《titles》, percentages and negation, taken out of folded text as
atoms. 126万元 and 125万元, 未完成整改 and 已完成整改 differ in one character and in everything that matters.
Precedent: the number gate of DROP's scorer (Dua et al. 2019).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evals.metrics.normalise import squeeze

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CHINESE = "[零〇一二三四五六七八九十百千两]+"
_MEASURES = (
    "平方公里|平方千米|立方米|平方米|公里|千米|厘米|毫米|公顷|公斤|千克|克|吨|米|里|亩|升|"
    "万元|亿元|元|户次|人次|车次|台次|台套|个百分点|百分点|小时|分钟|个月|周年|年|月|日|天|周|季度|"
    "户|家|座|处|个|件|项|条|起|人|名|次|台|套|辆|艘|份|块|批|期|轮|场|本|篇|宗|笔|例|栋|幢|间|所|口|根|棵|株|头|只|"
    "支|张|部|门|类|种|级|层|组|村|镇|乡|县|市|区|片|段|道|眼|盏|面|顶|艇|只|桶|箱|袋|瓶|车|倍|成|度|分|秒|位|届|号|步|方"
)
_NUMBER = re.compile(
    "(?P<title>《[^《》]*(?:《[^《》]*》[^《》]*)*》)"
    r"|(?P<doc>\[\d{4}\]第?\d+号)"
    r"|(?P<iso>(?<![\d-])\d{4}-\d\d?(?:-\d\d?)?(?![\d-]))"
    r"|(?P<date>(?<!\d)(?:\d{4}年(?:\d\d?月(?:\d\d?[日号])?)?|\d\d?月\d\d?[日号]))"
    rf"|(?P<value>{_DIGITS}|{_CHINESE}(?=(?:[十百千]?[万亿])?(?:{_MEASURES})))"
    rf"(?P<unit>[%‰]|(?:[十百千]?[万亿])?(?:{_MEASURES})?(?:/(?:{_MEASURES}))?)"
)
_NEGATION = re.compile("未|不|无|没|否|非")
_NOT_NEGATING = re.compile(
    "是否|能否|不断|不仅|不但|不少|不同|不久|不动产|不锈钢|"
    "未来|无锡|无人机|无线|无缝|无害化|无障碍|无公害|非常|非法|除非|非道路|非税|非遗"
)
"""Words in which the character turns no statement into its opposite."""
_CHINESE_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Critical:
    """Critical tokens of a text. ``numbers``: (value, unit), unit empty where none is printed; ``negations``: how
    many."""

    numbers: frozenset[tuple[str, str]]
    names: frozenset[str]
    negations: int


def critical(text: str) -> Critical:
    """All critical tokens of a text."""
    folded = squeeze(text)
    numbers: set[tuple[str, str]] = set()
    names: set[str] = set()
    for match in _NUMBER.finditer(folded):
        if match["value"]:
            numbers.add((_value(match["value"]), match["unit"]))
        else:
            names.add(_name(match))
    return Critical(frozenset(numbers), frozenset(names), _negations(folded))


def differ(got: str, gold: str) -> bool:
    """Whether two short answers differ in a critical token; a unit printed in one of them only is no difference."""
    mine, theirs = critical(got), critical(gold)
    if mine.names != theirs.names or mine.negations != theirs.negations:
        return True
    return not (_covered(mine.numbers, theirs.numbers) and _covered(theirs.numbers, mine.numbers))


def missing(statement: str, cited: str) -> list[str]:
    """The critical tokens of a statement that its cited text does not have, as shown to a reader."""
    mine, theirs = critical(statement), critical(cited)
    numbers = [
        f"{value}{unit}" for value, unit in sorted(mine.numbers) if not _covered({(value, unit)}, theirs.numbers)
    ]
    names = sorted(name for name in mine.names if not _named(name, theirs.names))
    return numbers + names + (["否定"] if mine.negations and not theirs.negations else [])


def _covered(some: frozenset[tuple[str, str]] | set[tuple[str, str]], others: frozenset[tuple[str, str]]) -> bool:
    """Whether each number stands among the others, with the same unit or with one of the two units left out."""
    return all(
        any(value == other and (unit == other_unit or not unit or not other_unit) for other, other_unit in others)
        for value, unit in some
    )


def _named(name: str, others: frozenset[str]) -> bool:
    """A date is proved by itself or by a longer one that begins or ends like it (2021-05 by 2021-05-19)."""
    if not name.startswith("date:"):
        return name in others
    bare = name.removeprefix("date:")
    return any(other[5:] == bare or other[5:].startswith(f"{bare}-") for other in others if other.startswith("date:"))


def _name(match: re.Match[str]) -> str:
    if match["title"]:
        return match["title"]
    if match["doc"]:
        return match["doc"].replace("第", "")
    return "date:" + _iso(match["iso"] or match["date"])


def _iso(printed: str) -> str:
    """2021年5月 → 2021-05; 5月19日 → --05-19."""
    parts = [part.zfill(2) for part in re.findall(r"\d+", printed)]
    return "-".join(parts) if len(parts[0]) == 4 else "--" + "-".join(parts)


def _value(printed: str) -> str:
    if printed[0].isdigit():
        plain = printed.replace(",", "")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(_chinese(printed))


def _chinese(printed: str) -> int:
    """二十三 → 23, 一百零五 → 105; written digit by digit, 二〇 → 20."""
    if not re.search("[十百千]", printed):
        return int("".join(str(_CHINESE_DIGIT[char]) for char in printed))
    total = digit = 0
    for char in printed:
        if char in "十百千":
            total += (digit or 1) * 10 ** ("十百千".index(char) + 1)
            digit = 0
        else:
            digit = _CHINESE_DIGIT[char]
    return total + digit


def _negations(folded: str) -> int:
    return len(_NEGATION.findall(_NOT_NEGATING.sub("", folded)))
