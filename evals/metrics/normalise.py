"""Text made comparable, every character still knowing where it came from.

Folding is the product's own (NFKC, quotes, brackets, full-width, traditional → simplified, lower case); white space
goes, for titles run over lines and tables pad their cells. CMRC2018's scorer and MLQA's do no NFKC, so １２家 and
12家 differ for them; and both strip punctuation blindly, so 12.5% becomes 125. Here punctuation goes only outside
the atoms: numbers, dates, document numbers, 《titles》.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.fold import fold, fold_with_map
from bot.records import Span

ATOMS = re.compile(
    r"《[^《》]*(?:《[^《》]*》[^《》]*)*》"  # a title, one inside another allowed
    r"|\[\d{4}\]第?\d+号"  # a document number
    r"|\d{4}-\d\d?(?:-\d\d?)?"  # a date
    r"|\d+(?:[.,:/]\d+)*[%‰]?"  # a number
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Normalised:
    """Folded text without white space. ``offsets[i]``: where character i stands in the source; one more for the end."""

    text: str
    offsets: tuple[int, ...]

    def source(self, start: int, end: int) -> Span:
        """The span in the source of ``text[start:end]``."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Folded, without white space, with the way back."""
    folded, offsets = fold_with_map(text)
    kept = [index for index, char in enumerate(folded) if not char.isspace()]
    return Normalised("".join(folded[i] for i in kept), (*(offsets[i] for i in kept), len(text)))


def squeeze(text: str) -> str:
    """Folded, without white space: ``normalise`` where the way back is not needed."""
    return "".join(fold(text).split())


def plain(text: str) -> str:
    """Folded, without white space and punctuation, except inside numbers, dates, document numbers and titles.

    >>> plain("增长１２．５ %，见《治污方案》。")
    '增长12.5%见《治污方案》'
    """
    squeezed = _THOUSANDS.sub("", squeeze(text))
    parts, at = [], 0
    for atom in ATOMS.finditer(squeezed):
        parts += [_bare(squeezed[at : atom.start()]), atom.group()]
        at = atom.end()
    return "".join([*parts, _bare(squeezed[at:])])


def _bare(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] not in "PZC")
