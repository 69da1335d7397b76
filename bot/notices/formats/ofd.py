"""OFD (GB/T 33190), the national fixed-layout format: a zip of XML pages with the printed characters in TextCode."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from bot.errors import EncryptedInput, NoTextLayer
from bot.notices.formats.archive import Archive, attribute, child, local
from bot.notices.formats.grid import assemble
from bot.notices.formats.layout import Line, Piece, to_lines, to_paragraphs, without_furniture
from bot.notices.raw import Raw

_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,9})?")
_A4_HEIGHT = 297.0


def read_ofd(data: bytes) -> Raw:
    """The printed text of all pages, in document order."""
    archive = Archive(data, "OFD 文件")
    if any(posixpath.basename(name) == "Encryptions.xml" for name in archive.names):
        raise EncryptedInput("OFD 文件已加密，需要密码才能打开。请解除密码保护后重新提供。")
    pages = [line for document in _documents(archive) for line in _pages(archive, document)]
    lines, cut = without_furniture(pages)
    text, tables = assemble(to_paragraphs(line for page in lines for line in page))
    if not text.strip():
        raise NoTextLayer("OFD 文件里没有文字层（可能是扫描件）。请先用文字识别（OCR）软件转换，或提供文字版。")
    return Raw(text, "ofd", "utf-8", cut=cut, tables=tables)


def _documents(archive: Archive) -> Iterator[str]:
    """Names of the documents' root parts."""
    for body in (each for each in archive.xml("OFD.xml") if local(each) == "DocBody"):
        root = child(body, "DocRoot")
        if root is not None and root.text:
            yield root.text.strip().lstrip("/")


def _pages(archive: Archive, document: str) -> Iterator[list[Line]]:
    root = archive.xml(document)
    box = child(root, "CommonData", "PageArea", "PhysicalBox")
    height = _height(box, _A4_HEIGHT)
    pages = child(root, "Pages")
    for number, page in enumerate(each for each in (pages if pages is not None else ()) if local(each) == "Page"):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(document), attribute(page, "BaseLoc") or ""))
        content = archive.xml(name.lstrip("/"))
        yield to_lines(_pieces(content), number, _height(child(content, "Area", "PhysicalBox"), height))


def _height(box: Any | None, default: float) -> float:
    values = _numbers(box.text) if box is not None else []
    return values[3] if len(values) == 4 and values[3] > 0 else default


def _pieces(content: Any) -> Iterator[Piece]:
    for element in content.iter():
        if local(element) == "TextObject":
            for code in (each for each in element.iter() if local(each) == "TextCode" and each.text):
                yield _piece(element, code)


def _piece(text_object: Any, code: Any) -> Piece:
    """A TextCode with its place on the page: its own X, Y moved by the object's matrix and box."""
    x, y = _first(attribute(code, "X")), _first(attribute(code, "Y"))
    box = (_numbers(attribute(text_object, "Boundary")) + [0.0] * 4)[:4]
    matrix = _numbers(attribute(text_object, "CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    size = (_first(attribute(text_object, "Size")) or 1.0) * (abs(d) or 1.0)
    text = code.text
    left = box[0] + a * x + c * y + e
    steps = _steps(attribute(code, "DeltaX"), len(text) - 1)
    width = sum(steps) * (abs(a) or 1.0) if steps else size * (len(text) - 1)
    last = size * (0.5 if text[-1] < "\u0100" else 1.0)
    return Piece(text, left, left + width + last, box[1] + b * x + d * y + f, size)


def _steps(delta: str | None, wanted: int) -> list[float]:
    """The advances between characters; ``g 10 5`` stands for ten times 5 (GB/T 33190, 11.3)."""
    steps: list[float] = []
    words = iter((delta or "").split())
    while len(steps) < wanted and (word := next(words, None)) is not None:
        if word == "g":
            times, step = int(_first(next(words, None))), _first(next(words, None))
            steps += [step] * min(times, wanted - len(steps))
        else:
            steps.append(_first(word))
    return steps


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text or "")]


def _first(text: str | None) -> float:
    return next(iter(_numbers(text)), 0.0)
