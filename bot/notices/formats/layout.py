"""Printed lines with their places on the page → paragraphs, shared by the formats that know nothing of paragraphs.

All lengths are in the page's own unit (points in pdf, millimetres in ofd), y grows downwards; every threshold is a
multiple of the line's own character size, so the unit does not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.notices.formats.grid import Grid

_PAGE_NUMBER = re.compile(
    r"[\s\-—–―_·.]*(?:第\s*)?(?:\d{1,4}|[一二三四五六七八九十百]{1,5}(?=\s*页))\s*(?:页)?"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[\s\-—–―_·.]*"
)
_MARGIN = 0.12
"""Share of the page's height, at its top and its bottom, in which furniture stands."""
_NEW_PARAGRAPH = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}\s*、|[(（][一二三四五六七八九十百\d]{1,4}[)）]|\d{1,3}\s*[.．、](?!\d)|[①-⑳]"
    r"|第[一二三四五六七八九十百]{1,4}[章节条]|附件)"
)
_UNBREAKABLE = re.compile(r"[\x21-\x7e“‘（《【]{0,30}.?[，。、；：！？）》”’]{0,3}")
_ENDS_SENTENCE = tuple("。！？；：!?;:”》）)")
_NEVER_FIRST = frozenset("，。、；：！？）》”’,;:!?)")
_DAY = re.compile(r"\d-\d{1,2}$")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters printed in one go. ``size``: of its characters; ``y``: its baseline, or any height its line shares."""

    text: str
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; ``page``: from 0; ``height``: the page's, by which margins are told."""

    text: str
    left: float
    right: float
    y: float
    size: float
    page: int
    height: float


def to_lines(pieces: Iterable[Piece], page: int, height: float) -> list[Line]:
    """Pieces in reading order → lines: neighbours at one height belong together, a wide gap between them is a space."""
    rows: list[list[Piece]] = []
    for piece in pieces:
        if not (rows and _continues(rows[-1][-1], piece)):
            rows.append([])
        if piece.text.strip() or rows[-1]:
            rows[-1].append(piece)
        else:
            rows.pop()
    return [_line(row, page, height) for row in rows]


def _continues(last: Piece, piece: Piece) -> bool:
    size = max(last.size, piece.size)
    return abs(last.y - piece.y) < 0.5 * size and piece.left > last.right - size


def _line(row: list[Piece], page: int, height: float) -> Line:
    """White space before a line is an indentation, which is told by place, not by characters."""
    first, printed = row[0], [piece for piece in row if piece.text.strip()]
    blank = len(first.text) - len(first.text.lstrip())
    left = first.left + (first.right - first.left) * blank / len(first.text)
    spread = median([max(0.0, b.left - a.right) for a, b in pairwise(row)]) if len(row) > 2 else 0.0
    text = "".join([first.text, *(_space_before(a, b, spread) + b.text for a, b in pairwise(row))]).strip()
    right = max(piece.right for piece in printed)
    return Line(text, left, right, first.y, max(piece.size for piece in printed), page, height)


def _space_before(last: Piece, piece: Piece, spread: float) -> str:
    """A space where print leaves one: wider than the ``spread`` of a justified line, less between Latin letters."""
    if last.text[-1].isspace() or piece.text[0].isspace():
        return ""
    latin = _LETTER.match(last.text[-1]) and _LETTER.match(piece.text)
    return " " if piece.left - last.right - spread > (0.2 if latin else 0.75) * max(last.size, piece.size) else ""


# --- page furniture ---------------------------------------------------------------------------------------------------


def without_furniture(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], tuple[str, ...]]:
    """The pages without page numbers and running heads, and those: of what only counts up, the first."""
    repeated = _repeated(pages)
    cut: dict[tuple[str, int], str] = {}
    kept: list[list[Line]] = []
    for lines in pages:
        kept.append([])
        for line in lines:
            if _in_margin(line) and (_PAGE_NUMBER.fullmatch(line.text) or _shape(line) in repeated):
                cut.setdefault(_shape(line), line.text.strip())
            else:
                kept[-1].append(line)
    return kept, tuple(cut.values())


def _repeated(pages: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """What stands at the same place in the margin of at least half of the pages (two at least)."""
    seen = Counter(shape for lines in pages for shape in {_shape(line) for line in lines if _in_margin(line)})
    return {shape for shape, count in seen.items() if count >= max(2, len(pages) / 2)}


def _shape(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.strip()), round(50 * line.y / line.height)


def _in_margin(line: Line) -> bool:
    return not _MARGIN * line.height < line.y < (1 - _MARGIN) * line.height


# --- paragraphs -------------------------------------------------------------------------------------------------------


def to_paragraphs(blocks: Iterable[Line | Grid]) -> Iterator[str | Grid]:
    """Lines re-joined into the paragraphs that they were broken from; tables stay between them."""
    run: list[Line] = []
    for block in blocks:
        if isinstance(block, Line):
            run.append(block)
            continue
        yield from _joined(run)
        run = []
        yield block
    yield from _joined(run)


def _joined(lines: list[Line]) -> Iterator[str]:
    if not lines:
        return
    setting = _setting(lines)
    text = lines[0].text
    for above, line in pairwise(lines):
        if _is_broken(above, line, setting):
            text = glued(text, line.text)
        else:
            yield text
            text = line.text
    yield text


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a text is set: where full lines begin and end, the usual step down and size, whether with indentations."""

    left: float
    right: float
    pitch: float
    size: float
    indented: bool


def _setting(lines: list[Line]) -> _Setting:
    """The leftmost edge and the right edge that at least a tenth of the lines reach: most lines may be indented."""
    edges = Counter(round(line.left / (0.5 * line.size)) for line in lines)
    shared = [edge for edge, count in edges.items() if count >= max(2, len(lines) / 10)]
    left = min(line.left for line in lines if not shared or round(line.left / (0.5 * line.size)) == min(shared))
    rights = sorted(line.right for line in lines)
    steps = [b.y - a.y for a, b in pairwise(lines) if a.page == b.page and b.y > a.y]
    indented = sum(1.2 * line.size < line.left - left < 3.5 * line.size for line in lines)
    return _Setting(
        left=left,
        right=rights[-max(1, len(rights) // 10)],
        pitch=median(steps) if steps else 0.0,
        size=median(line.size for line in lines),
        indented=indented * 10 > len(lines),
    )


def _is_broken(above: Line, line: Line, setting: _Setting) -> bool:
    """Whether a line goes on with the sentence of the line above."""
    size = max(above.size, line.size)
    if line.text[0] in _NEVER_FIRST:
        return True
    if abs(above.size - line.size) > 0.15 * size:
        return False
    if above.page == line.page and setting.pitch and line.y - above.y > 1.6 * setting.pitch:
        return False
    if abs(line.left - setting.left) > size:
        return line.size > 1.1 * setting.size and _is_centred_rest(above, line, setting.right)
    if setting.indented and above.right - setting.left > 0.6 * (setting.right - setting.left):
        # Paragraphs show by their indentation: a line without one goes on, however ragged the edge above.
        return True
    if not is_full(above, line, setting.right):
        return False
    return not (above.text.endswith(_ENDS_SENTENCE) and begins_paragraph(line.text))


def _is_centred_rest(above: Line, line: Line, right: float) -> bool:
    """Whether a line is the rest of a centred title, too long for the line above: half of its room is on the left."""
    centred = abs(line.left + line.right - above.left - above.right) < line.size
    return centred and is_full(above, line, 2 * right - above.right)


def is_full(above: Line, line: Line, right: float, *, slack: float = 1.0) -> bool:
    """Whether the word that begins the next line did not fit: figures are not broken, brackets not left behind.

    ``slack``: how much more room, in characters, a full line may leave (a ragged or hanging edge).
    """
    head = _UNBREAKABLE.match(line.text)
    word = sum(0.55 if char < "\u0100" else 1.0 for char in head.group()) if head else 1.0
    return right - above.right < (word + slack) * max(above.size, line.size)


def begins_paragraph(text: str) -> bool:
    """Whether a line begins with the number of a heading or of a measure."""
    return _NEW_PARAGRAPH.match(text) is not None


def glued(text: str, more: str) -> str:
    text, more = text.rstrip(" "), more.lstrip(" ")
    latin = text and _LETTER.match(text[-1]) and _LETTER.match(more)
    # Figures may be broken between any two digits; a date and its time of day were two words.
    moment = _CLOCK.match(more) and _DAY.search(text)
    return f"{text} {more}" if latin or moment else text + more
