"""Printed numerals as integers: 十一 → 11, 12 → 12, ③ → 3."""

from __future__ import annotations

from functools import lru_cache

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
CHINESE = "一二三四五六七八九十百"
BRACKETED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@lru_cache(maxsize=4096)
def ordinal(numeral: str) -> int:
    """The number that a heading's numeral stands for; 0 where it is none.

    >>> ordinal("二十三"), ordinal("07"), ordinal("③"), ordinal("")
    (23, 7, 3, 0)
    """
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else 0
    for row in (CIRCLED, BRACKETED):
        if numeral in row:
            return row.index(numeral) + 1
    return _chinese(numeral)


def _chinese(numeral: str) -> int:
    total = digit = 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in DIGITS:
            digit = DIGITS[char]
        else:
            return 0
    return total + digit


def year(numeral: str) -> int:
    """A year written digit by digit: 二〇二四 → 2024, 2024 → 2024; 0 where it is none."""
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else 0
    digits = [DIGITS.get(char, -1) for char in numeral]
    return int("".join(map(str, digits))) if len(digits) == 4 and min(digits) >= 0 else 0
