"""Raw text → the notice's text: annotations go, menus and footers are set apart, everything else stays as printed.

Works on lines and knows nothing of file formats. Only the lines above the first paragraph and below the last one are
judged, each for what it says itself (a breadcrumb, a share bar, a filing number) or because it stands behind such a
line at the very end; a contact paragraph or a signature never goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.fold import radicals_to_characters, to_simplified
from bot.notices.offsets import OffsetMap, drop, identity
from bot.records import Span

# --- what a line of page furniture says -------------------------------------------------------------------------------

_LONE_MARK = re.compile(r"[|｜│丨>＞»›\s]+")
_BREADCRUMB = re.compile(
    r"\s*(?:(?:您|你|现在|当前|目前|所在|所处|的){1,5}位置(?:是)?\s*[:：]|位置\s*[:：]|(?:网站)?首页\s*(?:[>＞»›→/\\|｜-]|&gt;)"
    r"|[^。，；\n]{1,80}[>＞»›]\s*(?:正文(?:内容)?|文章内容|详细内容|内容详情|信息详情)\s*$)"
)
_TOOL = re.compile(
    r"分享(?:到|至|本页|文章)?|打印(?:本页|本文|此页|文章|页面)?|关闭(?:本页|此页|页面|窗口)?|窗口|收藏(?:本页)?|纠错|我要纠错"
    r"|微信好友|微信|新浪微博|腾讯微博|微博|QQ空间|QQ好友|QQ|qq|朋友圈|复制链接|二维码|返回(?:顶部|列表|上一页|首页)?|TOP|Top"
    r"|字号|字体(?:大小)?|[大中小](?=[\s\]】\]）)|｜]|$)|繁体|简体|保护视力色|下载|手机(?:查看|浏览|扫码)|视力保护色|扫一扫(?:在手机打开当前页)?|朗读|无障碍(?:浏览|阅读)?|更多"
)
_TOOL_GAPS = " \t\u00a0\u2002\u2003\u3000:：|｜【】[]［］()（）<>《》/、,，+A-—·×»›"
_MENU = re.compile(
    r"(?:网站)?首页|(?:政务|政府信息|信息|党务)公开|(?:政民)?互动(?:交流)?|(?:政务|办事|公共|便民)服务|办事大厅|走进\w{1,6}|(?:用户)?(?:登录|注册)"
    r"|无障碍(?:浏览|阅读)?|长者(?:模式|版|助手)|关怀版|适老版|繁(?:體|体)(?:版|中文)?|简体(?:版|中文)?|English|手机版|移动版|APP|站内搜索|搜索|高级搜索"
    r"|公众参与|数据开放|专题专栏|专题|机构(?:概况|设置|职能)|领导之窗|新闻(?:中心|动态)|要闻动态|工作动态|通知公告|网站(?:地图|支持)|智能问答|加入收藏|设为首页|联系我们|邮箱"
)
_MENU_GAPS = re.compile(r"\s*[|｜/·]\s*|[\s\u00a0]+")
_ANCHOR = re.compile(
    r"ICP备|ICP证|公网安备|网安备|网站标识码|政府网站标识|版权所有|Copyright|©|站点地图|网站地图|等级保护备案|备案证书编号"
    r"|^\s*分享(?:到|至)|^\s*[上下]一[篇条]\s*[:：]|扫一扫在手机|扫一扫[,，]?\s*(?:分享|在手机)|扫码(?:浏览|关注)|^\s*扫一扫\s*$"
    r"|^\s*相关(?:链接|文章|阅读|信息|报道|新闻|稿件)\s*[:：]?\s*$|^\s*友情链接|技术支持\s*[:：]|^\s*您是第"
    r"|网站(?:管理|维护|主办)\S{0,4}[:：]|浏览器.{0,12}(?:访问|浏览|效果)"
)
_IMPRINT = re.compile(r"(?:主办|承办|主管)(?:单位)?\s*[:：]|^\s*(?:地址|邮编|联系我们|网站支持|服务热线)\s*[:：]")
"""Lines that a footer has above its filing numbers; a notice's own forms have them too, so they alone begin none."""
_LEGAL = re.compile(
    r"(?:ICP备|网安备|标识码)\s*[:：]?\s*\d{5}|©|Copyright|^\s*(?:版权所有|版权声明|未经\S{0,6}(?:许可|授权))",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}\s*(?:[.．、](?!\d)|\t)|(?:问题|任务)\S)"
)
"""The number of a heading or of a table's row: what follows is the notice."""
_HEADER = re.compile(r"(?:来源|发布时间|发布日期|发文日期|日期|时间|作者|阅读量|浏览量|点击|访问量)\s*[:：]")
_DATE_LINE = re.compile(r"[\s\u00a0]*[12]\d{3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[\s\u00a0]*")
_OTHER_LINE_END = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")
_RADICAL = re.compile(r"[\u2e80-\u2fd5]")
_SHORT = 200
"""Furniture is short; longer lines are never matched against the patterns above."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``cut``: pieces set apart, verbatim, in order; ``offsets``: from ``text`` to the text that was cleaned."""

    text: str
    repairs: tuple[str, ...]
    cut: tuple[str, ...]
    offsets: OffsetMap


def clean(raw: str) -> Cleaned:
    """Repair and strip a raw text; lines end in ``\\n`` afterwards, outer blank lines are gone."""
    text, offsets = _drop(raw, identity(len(raw)), [match.span() for match in re.finditer(r"\r(?=\n)|\ufeff", raw)])
    text = _OTHER_LINE_END.sub("\n", text)
    repairs: list[str] = []
    annotations = find_annotations(text)
    if annotations:
        text, offsets = _drop(text, offsets, annotations)
        text = text.translate(to_simplified())
        repairs.append(f"去除{len(annotations)}处拼音注音并还原为简体字")
    if radicals := sum(map(text.count, set(_RADICAL.findall(text)))):
        text = text.translate(radicals_to_characters())
        repairs.append(f"{radicals}个以部首编码的字还原为汉字")
    furniture = _furniture(text)
    cut = tuple(_pieces(text, furniture))
    text, offsets = _drop(text, offsets, furniture)
    text, offsets = _drop(text, offsets, _outer_blank(text))
    return Cleaned(text, tuple(repairs), cut, offsets)


def _drop(text: str, offsets: OffsetMap, spans: list[Span]) -> tuple[str, OffsetMap]:
    if not spans:
        return text, offsets
    shorter, step = drop(text, spans)
    return shorter, step.after(offsets)


def _outer_blank(text: str) -> list[Span]:
    """Blank lines before the first printed line and everything white behind the last one."""
    printed = text.lstrip()
    start = text.rfind("\n", 0, len(text) - len(printed)) + 1 if printed else len(text)
    return [(0, start), (max(start, len(text.rstrip())), len(text))]


# --- pinyin annotations -----------------------------------------------------------------------------------------------

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_ANNOTATION = re.compile(rf"(?<=[\u3400-\u9fff])[(（]\s?([a-zA-ZüɡÜ{_TONED}]{{1,7}})\s?[)）]")
_HAS_TONE = re.compile(f"[{_TONED}]")
_FEWEST = 3
_DENSEST_GLOSS = 100


def find_annotations(text: str) -> list[Span]:
    """Spans of the pinyin annotations (``(huán)``) of a text that is annotated throughout, else nothing.

    A notice may gloss a rare character once or twice; one gloss in 100 characters, three at least, is a text that a
    converter has annotated. Syllables without a tone mark (們(men)) count only there, and only behind a traditional
    character: those are the ones such a converter annotates.
    """
    found = list(_ANNOTATION.finditer(text))
    toned = [match for match in found if _HAS_TONE.search(match[1])]
    if len(toned) < _FEWEST or len(toned) * _DENSEST_GLOSS < len(text) - sum(len(match[0]) for match in toned):
        return []
    traditional = to_simplified()
    kept = [match for match in found if _HAS_TONE.search(match[1]) or ord(text[match.start() - 1]) in traditional]
    return [match.span() for match in kept]


# --- page furniture ---------------------------------------------------------------------------------------------------


def _furniture(text: str) -> list[Span]:
    """Spans of page furniture in order: whole lines with their line break, and share bars behind a header line."""
    spans: list[Span] = []
    floor = 0
    for start, end in _lines(text):
        line = text[start:end]
        if _is_body(line):
            floor = start
            break
        if _is_head_furniture(line):
            floor = min(end + 1, len(text))
            spans.append((start, floor))
        elif tools := _tools_behind_header(line):
            spans.append((start + tools, end))
    tail = _tail_start(text, floor)
    return spans if tail is None else [*spans, (tail, len(text))]


def _lines(text: str) -> Iterator[Span]:
    """Lines from the top, without their breaks, blank ones left out."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if not text[start:end].isspace() and end > start:
            yield start, end
        start = end + 1


def _lines_from_end(text: str, stop: int) -> Iterator[Span]:
    """Lines from the bottom up to ``stop``, without their breaks, blank ones left out."""
    end = len(text)
    while end > stop:
        start = max(text.rfind("\n", 0, end) + 1, stop)
        if not text[start:end].isspace() and end > start:
            yield start, end
        end = start - 1


def _is_body(line: str) -> bool:
    """A heading, or a line in which a sentence ends; a footer's legal notice is none, though it may be a sentence."""
    if _HEADING.match(line):
        return True
    return "。" in line and not (len(line) <= _SHORT and _LEGAL.search(line))


def _is_head_furniture(line: str) -> bool:
    if len(line) > _SHORT:
        return False
    return bool(_LONE_MARK.fullmatch(line) or _BREADCRUMB.match(line)) or _is_toolbar(line) or _is_menu(line)


def _is_toolbar(line: str) -> bool:
    """Nothing but the captions of a page's buttons (打印 关闭 分享到: 微信)."""
    return bool(_TOOL.search(line)) and not _TOOL.sub("", line).strip(_TOOL_GAPS)


def _is_menu(line: str) -> bool:
    """A site's menu: one of its entries alone, or several in a row of short words."""
    words = [word for word in _MENU_GAPS.split(line.strip()) if word]
    known = sum(1 for word in words if _MENU.fullmatch(word))
    return known == len(words) > 0 or (len(words) >= 4 and known >= 2 and max(map(len, words)) <= 8)


def _tools_behind_header(line: str) -> int:
    """Where the share bar behind 来源/发布时间 begins in a header line, 0 if there is none."""
    if len(line) > _SHORT or not _HEADER.search(line):
        return 0
    for tool in _TOOL.finditer(line):
        if _is_toolbar(line[tool.start() :]):
            return len(line[: tool.start()].rstrip(_TOOL_GAPS))
    return 0


def _tail_start(text: str, floor: int) -> int | None:
    """Where the site's footer begins: at the topmost line of furniture below the last paragraph.

    A full date on a line of its own below it would be the signature's: then the footer begins below that.
    """
    top: int | None = None
    below: int | None = None
    for begin, end in _lines_from_end(text, floor):
        line = text[begin:end]
        if _is_body(line) or _DATE_LINE.fullmatch(line):
            break
        if len(line) <= _SHORT and (_ends_a_page(line) or (top is not None and top == below and _IMPRINT.search(line))):
            top = begin
        below = begin
    return top


def _ends_a_page(line: str) -> bool:
    return bool(_ANCHOR.search(line) or _LONE_MARK.fullmatch(line)) or _is_toolbar(line)


def _pieces(text: str, spans: list[Span]) -> Iterator[str]:
    """The text of the spans, neighbours joined, without the blank lines around them."""
    start = end = 0
    for begin, stop in [*spans, (len(text) + 1, len(text) + 1)]:
        if text[end:begin].strip() or begin > len(text):
            if text[start:end].strip():
                yield text[start:end].strip("\n")
            start = begin
        end = stop
