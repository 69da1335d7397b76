"""Web pages: the article's text out of whatever a content management system put around it.

Nothing here knows a particular site. A page is read as a row of blocks (what a browser shows as separate lines), each
with its share of link text; the article is the smallest element that holds nearly all running text. Its title, the
lines with source and date above it, and signature and attachments below it are kept even where they stand outside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, compress, count, groupby, islice
from typing import Any

from lxml import etree

from bot.errors import DamagedInput, EmptyInput
from bot.notices.decode import decode
from bot.notices.formats.grid import Cell, Grid, assemble, lay_out
from bot.notices.raw import Raw
from bot.records import Span

_TAGS = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|h[1-6]|span|br)\b[^>]{0,2000}>", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I)
_HEAD_BYTES = 8192
_NO_TEXT = "网页中没有任何文字。请用浏览器打开原网页，另存为完整网页后再试。"

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
    }
    | {
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
    }
    | {
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_UNPRINTED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "svg", "canvas", "select", "option", "button"}
    | {"textarea", "head", "audio", "video", "map", "math"}
)
_LINES = frozenset({"p", "li", "pre", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Elements that are a paragraph themselves: an article is what holds them."""
_APART = frozenset({"nav", "header", "footer", "aside"})
_APART_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*[^;]*none", re.I)

_WIDE = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]"
_BREAK_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SENTENCE = re.compile(r"[，。；,;]")
_HEADER = re.compile(
    r"(?:来源|发布时间|发布日期|发文日期|成文日期|日期|时间|作者|阅读量|浏览量|浏览次数|点击(?:数|量|率)?|字号)\s*[:：]"
)
_ATTACHMENT = re.compile(r"附件|\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar)\b", re.I)
_BELOW = re.compile(
    r"\s*(?:[12]\d{3}年\d{1,2}月\d{1,2}日|附件.*|[^：:，,。；;]{2,40}(?:委员会|党组|党委|党支部|市委|县委|区委|局|政府|厅|办公室|组|院|公司)"
    r"|.{0,20}(?:联系电话|联系方式|邮政信箱|电子邮箱|电子邮件|通讯地址)\s*[:：].*)\s*"
)
_TITLE_PARTS = re.compile(r"[_|｜]|\s*--+\s*|\s+[-–—]\s+|(?<=[\u3400-\u9fff])[-–—]+(?=[\u3400-\u9fff])")
_SENTENCE_LENGTH = 20
_TITLE_LENGTH = 8
_MENU_LINKS = 3
_LAYOUT_CELL = 500
_DOCUMENT = re.compile(r"关于|通报|公告|公示|报告|通知|情况|關於|通報|報告|情況")
_NEARLY_ALL = 0.98
_MOST = 0.6
_LINKED = 0.5


def looks_like_html(data: bytes, suffix: str) -> bool:
    """Whether the bytes are a web page: several of its tags near the beginning, or the extension and one of them."""
    head = data[:_HEAD_BYTES].replace(b"\0", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return True
    tags = len(_TAGS.findall(head))
    return tags >= 3 or (tags >= 1 and suffix in {".html", ".htm", ".shtml", ".xhtml"})


def read_html(data: bytes, charset: str | None = None) -> Raw:
    """The article of a web page; all else that it prints is in ``cut``. ``charset``: what its sender declared."""
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    decoded = decode(data, declared[1].decode("ascii", "replace") if declared else charset)
    root = _parse(decoded.text)
    body = root.find("body") if root.find("body") is not None else root
    titles = _titles(root)
    page = _Page()
    page.visit(body)
    if body not in page.ranges:
        raise EmptyInput(_NO_TEXT)
    kept = _kept(page, body, titles)
    blocks = list(compress(page.blocks, kept))
    title = _missing_title(titles, "\n".join(block.text for block in blocks))
    text, tables = assemble([*([title] if title else []), *(block.grid or block.text for block in blocks)])
    repairs = (*decoded.repairs, "正文缺标题，已取自网页标题") if title else decoded.repairs
    return Raw(text, "html", decoded.encoding, repairs, _cut(page.blocks, kept), tables)


def _parse(text: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        # libxml2 gives up there (256 nested elements, ten million characters in one) and would drop the rest unseen.
        raise DamagedInput(
            "网页结构异常（嵌套过深或单段过长），无法完整读取。请用浏览器打开后复制正文，另存为文本文件再试。"
        )
    if root is None:
        raise EmptyInput(_NO_TEXT)
    return root


# --- the page as a row of blocks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """One line, or one data table. ``linked``: characters inside ``links`` links; ``apart``: in a nav, footer …"""

    text: str
    tag: str
    linked: int = 0
    links: int = 0
    apart: bool = False
    grid: Grid | None = None

    @property
    def is_linked(self) -> bool:
        """More of a menu entry than of a sentence with a link in it."""
        return self.linked > _LINKED * len(self.text) and not _ATTACHMENT.search(self.text)

    @property
    def running(self) -> int:
        """Characters of running text: none in a menu entry, a caption or a date."""
        plain = len(self.text) - self.linked
        if self.apart or self.is_linked:
            return 0
        return plain if self.grid or (plain >= _SENTENCE_LENGTH and _SENTENCE.search(self.text)) else 0


@dataclass(slots=True)
class _Page:
    """A page's blocks, and for each of its block elements the half-open range of blocks that it holds."""

    blocks: list[_Block] = field(default_factory=list)
    ranges: dict[Any, Span] = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)
    _linked: int = 0
    _links: int = 0

    def visit(self, element: Any, *, linked: bool = False, apart: bool = False, number: str = "") -> None:
        """Add an element's blocks. The HTML parser nests no deeper than 256 elements, so recursion is safe."""
        tag = element.tag
        if tag in _UNPRINTED or _is_hidden(element):
            return
        first = self._end_line(tag, apart) if tag in _BLOCKS or tag == "br" else 0
        linked, apart = linked or tag == "a", apart or _is_apart(element)
        grid = _data_table(element) if tag == "table" else None
        if grid is not None:
            self.blocks.append(_Block(grid.text, tag, apart=apart, grid=grid))
        else:
            self._links += tag == "a"
            self._add(number, linked=False)
            self._add(element.text, linked=linked)
            self._visit_children(element, linked=linked, apart=apart)
        if tag in _BLOCKS:
            self.ranges[element] = (first, self._end_line(tag, apart))

    def _visit_children(self, element: Any, *, linked: bool, apart: bool) -> None:
        numbers = _numbers(element)
        for child in element:
            self.visit(child, linked=linked, apart=apart, number=next(numbers, "") if child.tag == "li" else "")
            self._add(child.tail, linked=linked)

    def _add(self, text: str | None, *, linked: bool) -> None:
        if text:
            self._parts.append(text)
            self._linked += len(text.strip()) if linked else 0

    def _end_line(self, tag: str, apart: bool) -> int:
        """Close the line that is being collected; returns how many blocks there are now."""
        text = _collapsed("".join(self._parts))
        if text.strip():
            self.blocks.append(_Block(text, tag, self._linked, self._links, apart))
        self._parts.clear()
        self._linked = self._links = 0
        return len(self.blocks)


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _is_apart(element: Any) -> bool:
    """A nav, header, footer or aside of the page; the header of an article holds its title."""
    if element.tag not in _APART and element.get("role", "").lower() not in _APART_ROLES:
        return False
    return not (element.tag in {"header", "footer"} and any(True for _ in element.iterancestors("article", "main")))


def _collapsed(text: str) -> str:
    """White space as a browser shows it: runs are one space, a line break between two wide characters is nothing."""
    if "\n" in text or "\r" in text:
        text = _BREAK_BETWEEN_WIDE.sub("", text)
    return _SPACES.sub(" ", text).strip(" ")


def _numbers(element: Any) -> Iterator[str]:
    """The numbers that a browser prints before the entries of an ordered list."""
    if element.tag != "ol" or _NO_NUMBERS.search(element.get("style", "")):
        return
    start = element.get("start", "1")
    yield from (f"{number}." for number in count(int(start) if re.fullmatch(r"\d{1,6}", start) else 1))


# --- tables -----------------------------------------------------------------------------------------------------------


def _data_table(table: Any) -> Grid | None:
    """The table's grid, or None where it only lays out a page: one column, nested tables, one cell with it all."""
    if len(list(islice(table.iter("table"), 2))) > 1:
        return None
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    rows = [row for row in rows if row and not _is_hidden(row[0].getparent())]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    cells = [[_cell(cell) for cell in row] for row in rows]
    lengths = [len(cell.text) for row in cells for cell in row]
    if max(lengths) > _MOST * sum(lengths) and max(lengths) > _LAYOUT_CELL:
        return None
    return lay_out(cells)


def _cell(element: Any) -> Cell:
    page = _Page()
    page.visit(element)
    text = "\n".join(block.text for block in page.blocks)
    return Cell(text, _span_attribute(element, "rowspan"), _span_attribute(element, "colspan"))


def _span_attribute(element: Any, name: str) -> int:
    value = element.get(name, "1").strip()
    return max(1, int(value)) if re.fullmatch(r"\d{1,4}", value) else 1


# --- which blocks are the article -------------------------------------------------------------------------------------


def _kept(page: _Page, body: Any, titles: list[str]) -> list[bool]:
    """For each block, whether it belongs to the notice."""
    first, last = page.ranges[_article(page, body)]
    start, end = _with_title(page.blocks, first, titles), _with_signature(page.blocks, last)
    kept = [start <= number < end and not block.apart for number, block in enumerate(page.blocks)]
    for run in _menus(page.blocks, start, end):
        kept[run.start : run.stop] = [False] * len(run)
    return kept


def _article(page: _Page, body: Any) -> Any:
    """The smallest element that holds nearly all running text of the page.

    Where one child holds most of it and the others are widgets full of links, the child is the article.
    """
    totals = [0, *accumulate(block.running for block in page.blocks)]

    def running(element: Any) -> int:
        start, end = page.ranges.get(element, (0, 0))
        return totals[end] - totals[start]

    article = body
    while True:
        whole = running(article)
        best = max(
            (child for child in article if child in page.ranges and child.tag not in _LINES), key=running, default=None
        )
        if best is None or running(best) == 0:
            return article
        if running(best) < _NEARLY_ALL * whole and not (
            running(best) > _MOST * whole and all(_is_widget(page, child) for child in article if child is not best)
        ):
            return article
        article = best


def _is_widget(page: _Page, element: Any) -> bool:
    """A third of its characters or of its lines are links: a list of other pages, perhaps with a sentence on each."""
    start, end = page.ranges.get(element, (0, 0))
    blocks = page.blocks[start:end]
    links = sum(block.is_linked for block in blocks)
    return 3 * links >= len(blocks) or 3 * sum(b.linked for b in blocks) >= sum(len(b.text) for b in blocks)


def _with_title(blocks: list[_Block], first: int, titles: list[str]) -> int:
    """Where the notice begins: at its title above the article, else at the source and date right above it."""
    wanted = {_bare(title) for title in titles}
    for number in range(first - 1, -1, -1):
        block = blocks[number]
        if not block.apart and not block.is_linked and (block.tag == "h1" or _bare(block.text) in wanted):
            return number
    start = first
    while start > 0 and _HEADER.search(blocks[start - 1].text) and not blocks[start - 1].apart:
        start -= 1
    return start


def _with_signature(blocks: list[_Block], last: int) -> int:
    """Where the notice ends: behind signature, date, contact and attachments that follow the article."""
    end = last
    while end < len(blocks) and not blocks[end].apart and _BELOW.fullmatch(blocks[end].text):
        end += 1
    return end


def _menus(blocks: list[_Block], start: int, end: int) -> Iterator[range]:
    """Rows of links inside the article (related pages, a breadcrumb): three links and hardly anything else."""
    number = start
    while number < end:
        run = number
        while run < end and blocks[run].is_linked:
            run += 1
        if sum(block.links for block in blocks[number:run]) >= _MENU_LINKS:
            yield range(number, run)
        number = max(run, number + 1)


def _cut(blocks: list[_Block], kept: list[bool]) -> tuple[str, ...]:
    """What is not kept, neighbouring blocks joined."""
    runs = groupby(zip(blocks, kept, strict=True), key=lambda pair: pair[1])
    return tuple("\n".join(block.text for block, _ in run) for keep, run in runs if not keep)


# --- the title --------------------------------------------------------------------------------------------------------


def _titles(root: Any) -> list[str]:
    """What the page calls itself, likeliest first: its h1, the parts of its title element (notice, site, city).

    A first-level heading may be the site's name: whatever sounds like a document comes before what does not.
    """
    declared = [meta.get("content", "") for meta in root.iter("meta") if meta.get("name", "").lower() == "articletitle"]
    headings = [_collapsed("".join(heading.itertext())) for heading in root.iter("h1")]
    parts = _TITLE_PARTS.split(_collapsed(root.findtext(".//title") or ""))
    titles = [title.strip() for title in (*declared, *headings, *parts) if len(_bare(title)) >= _TITLE_LENGTH]
    return sorted(titles, key=lambda title: _DOCUMENT.search(title) is None)


def _missing_title(titles: list[str], text: str) -> str | None:
    """The title to put above a text that prints none of the page's titles."""
    bare = _bare(text)
    return None if any(_bare(title) in bare for title in titles) else next(iter(titles), None)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0\u3000]+", "", text)
