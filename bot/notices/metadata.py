"""What a notice says of itself: title, issuer, inspected, inspector, kind, dates, declared counts.

Read from the ends of the text: title and preamble above the first heading, signature and date below the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.notices.dates import DateHit, find_dates, resolve
from bot.notices.drafts import trim
from bot.notices.outline import Outline
from bot.notices.plain import plain as to_plain
from bot.records import Date, DeclaredCount, Grounded, Kind, NoticeKind, Span, What

HEAD = 4000
"""Characters at the top of a text that can hold title and preamble."""

TAIL = 1200
"""Characters at the end of a text that can hold signature and date."""

_TITLE_END = re.compile(
    r"(?:通报|公告|公示|报告|情况|说明|公开|通知|函|方案|公布|清单|一览表|[一-鿿]{2}表|台账|结果"
    r"|进展|公开情况)(?:\([^)\n]{1,12}\))?$"
)
_TITLE_WORD = re.compile(
    r"整改|巡察|巡视|督察|督查|审计|反馈|回头看|(?:意见|问题|报告)(?:的)?(?:研究)?(?:落实|办理|处理)|执法检查|隐患"
)
_NO_TITLE = re.compile(
    r"^(?:首页|当前位置|您(?:当前)?的?(?:位置|现在)|信息来源|来源|发布|日期|时间"
    r"|作者|索引|字体|浏览|阅读|分享|打印|[^\n]{0,12}>|[|\-=*]+$)|[:>]|。"
)
_SOURCE_LINE = re.compile(r"(?:来源|发布时间|发布日期|信息来源|日期|时间|阅读|浏览|点击|作者|字体|编辑|索引号)[::]?")
_PUBLISHED = re.compile(r"(?:发布(?:时间|日期|于)?|发文日期|公开日期|日期|时间|更新时间) ?[::] ?(?=\d)")
_GROUP = re.compile(
    r"(?:巡察|巡视|督察|督查|审计|检查)[一二三四五六七八九十]?(?:组|局|厅|署|办公室|办|室|处)(?:[一二三四五六七八九十]组)?"
)
_TITLE_GROUP = re.compile(
    r"第[一二三四五六七八九十]{1,3}(?:巡察|巡视|督察|督查)组|(?:巡察|巡视|督察|督查)[一二三四五六七八九十]?组"
)
_ACTING = re.compile(r"[^,。;\n]{0,14}(?:于|对|向|入驻|进驻|自|在|根据|依法|组织|,)|20\d\d年")
_BEFORE_NAME = re.compile(
    r".*(?:[,。;、:\n]|[0-9][日月年]|由|接受了?|对|向|经|被|和|与|将|根据|按照|关于|公开)", re.DOTALL
)
_COLUMN = re.compile(r"(?:#+ *)?(?:【[^】\n]{1,12}】 *)?")
_TARGET = re.compile(
    r"(?:对|入驻|进驻|赴)(?P<unit>[^,。;\n]{2,40}?)(?:(?:进行|开展|实施)了?|(?:的|原)?(?:20\d\d|领导班子|党政主要)"
    r"|(?:下沉|驻点|例行|专项|常规|机动|集中)(?:督察|巡察|检查|审计))"
)
_UNIT_END = re.compile(
    r"(?:党组|党委|党总支|党支部|工委|委员会|局|委|办|厅|院|校|中心|公司|集团|政府"
    r"|省|市|县|区|镇|乡|街道|村|社区|机关|协会|联合会|总工会|学校|医院|分局|党组织"
    r"|单位|站|所|库|团)$"
)
_FEEDBACK_TO = re.compile(r"向(?P<unit>[^,。;\n]{2,30}?)(?:进行了?|作了|作出了?)?(?:反馈|通报|移交|下达)")
_INSPECTING = re.compile(r"巡察|巡视|督察|督查|审计|检查|入驻|进驻|核查|调研")
_FEEDBACK = re.compile(r"反馈|下达|移交|出具|送达")
_DATED_FEEDBACK = re.compile(
    r"(?:开展|进行)[^。]{2,30},[^。,]{0,6}\d{1,2}月(?:\d{1,2}日|底|[上中下]旬)?,?[^。,]{0,24}反馈"
)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "environmental",
        re.compile(r"(?:生态环境保护|环境保护|环保|生态环境)(?:例行|专项|机动)?督[察查]|长江经济带生态环境警示片"),
    ),
    ("audit", re.compile(r"审计(?!局|厅|署|办|机关|系统|干部|委员会|专员)(?:查出|发现|整改|报告|反馈|意见)?")),
    ("inspection", re.compile(r"(?:常规|专项|机动|提级|交叉)?(?:巡察|巡视)(?:“回头看”)?")),
)
_ISSUER_IN_TITLE = re.compile(r"(?:【[^】]*】|\[[^\]]*\])?(?P<unit>[^\n]{3,60}?)\s*(?:关于|贯彻落实|落实|整改)")
# 清溪镇巡察反馈问题整改清单: the unit ends before the word for the inspection.
_ROUND = re.compile(r"(?<=[镇乡市县区村场校院局委组])(?:巡察|巡视|督察|督查)(?:反馈|整改|发现|问题|$)")
_OVERALL = re.compile(r"组织|总体|开展|责任|做法|机制|领导|部署|认识|政治|措施|概况|工作情况")
_SIGNATURE = re.compile(
    r"^(?:中共|中国共产党)?[^\s,。;:!?、\d][^,。;:!?\n]{1,40}(?:党组|党委|委员会"
    r"|党总支|党支部|工委|政府|局|委|办公室|办|厅|院|中心|公司|集团|大学|学院|学校"
    r"|医院|领导小组|市委|县委|区委|省委|镇委|组织|分局|支队|组|部|署)$"
)
_COUNT = re.compile(
    r"(?<![第\d])(?P<value>\d{1,8}|[二三四五六七八九十两百]+)(?P<unit>大类|个|项|条|类|件"
    r"|名|家|方面)(?P<tail>[^,。;:、\n\d]{0,10})"
)
_BEFORE_COUNT: tuple[tuple[re.Pattern[str], What], ...] = (
    (
        re.compile(
            r"(?P<words>(?:需)?(?:达到序时进度|滞后|(?:阶段性|基本)完成(?:整改)?|长期坚持"
            r"|正在整改|未完成|未整改到位的?|正在推进|持续推进))$"
        ),
        "other",
    ),
    (re.compile(r"(?P<words>(?:提前)?(?:已|均已)?(?:整改)?(?:完成整改|整改完成|完成|销号|整改到位))$"), "completed"),
    (re.compile(r"(?P<words>(?:整改)?(?:措施|举措))$"), "measures"),
    (re.compile(r"(?P<words>(?:整改)?(?:任务|问题|事项)(?:共|共计)?)$"), "problems"),
    (re.compile(r"(?P<words>信访件|建立健全规章制度|问题线索|追责问责)$"), "other"),
)
_AFTER_COUNT: tuple[tuple[re.Pattern[str], What], ...] = (
    (
        re.compile(
            r"(?:具体|突出|主要|反馈|整改)*(?:问题|任务|事项)?(?:(?:达到|正在|基本|尚未|还未" r"|需)[^,。;]{0,6})"
        ),
        "other",
    ),
    (
        re.compile(
            r"(?:具体|突出|主要|反馈|整改|立行立改|重点)*(?:问题|任务|事项)?(?:已|均已|全部"
            r"|提前|整改)+(?:完成|到位|销号)"
        ),
        "completed",
    ),
    (re.compile(r"(?:具体|突出|主要|反馈|整改|立行立改|重点)*(?:问题|任务|事项)"), "problems"),
    (re.compile(r"(?:具体|整改)*(?:措施|举措)"), "measures"),
    (re.compile(r"方面|大?类别?"), "categories"),
    (re.compile(r"(?:牵头|责任)?(?:单位|部门)"), "units"),
    (re.compile(r"(?:市级|县级)?领导|信访件"), "other"),
)
_NOUN = re.compile(r"(?:具体|突出|主要|反馈|整改|立行立改|重点)*(?:问题|任务|事项|信访件)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a notice says of itself; null where it does not."""

    title: Grounded | None
    issuer: tuple[Grounded, ...]
    inspected: Grounded | None
    inspector: Grounded | None
    kind: NoticeKind
    inspection_start: Date | None
    inspection_end: Date | None
    feedback_date: Date | None
    signed_date: Date | None
    published_date: Date | None
    declared_counts: tuple[DeclaredCount, ...]

    @property
    def base(self) -> str | None:
        """The notice's own date (ISO), from which unprinted years are taken."""
        for date in (self.signed_date, self.published_date, self.feedback_date, self.inspection_end):
            if date:
                return date.iso
        return None


def read_metadata(text: str, outline: Outline) -> Metadata:
    """The metadata of a notice's text."""
    return _Reader(text, outline).read()


class _Reader:
    """Title, preamble and signature of one text."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text = text
        self.plain = outline.plain
        first = next((h.start for h in outline.headings if h.kind in ("cn", "part", "pcn", "num", "word")), len(text))
        self.title_span = self._title()
        self.preamble = (self.title_span[1] if self.title_span else 0, min(first, HEAD))
        self.counted = (self.preamble[0], self._counted_end(outline, first))

    def _counted_end(self, outline: Outline, first: int) -> int:
        """Totals stand in the preamble and in a first section on how the work was organised, not among the items."""
        section = next((h for h in outline.headings if h.start == first and h.depth == 0), None)
        if section and _OVERALL.search(self.plain, section.content, section.line_end):
            return min(section.end, self.preamble[0] + HEAD * 2)
        table = self.plain.find("\t", self.preamble[0])
        return min(first, HEAD, table if table >= 0 else first)

    def grounded(self, span: Span | None) -> Grounded | None:
        if span is None or span[0] >= span[1]:
            return None
        return Grounded(self.text[span[0] : span[1]], span)

    def read(self) -> Metadata:
        signed, issuers = self._signature()
        published = self._published()
        base = signed.iso if signed else published.iso if published else None
        start, end, feedback = self._dates(base)
        title = self.grounded(self.title_span)
        return Metadata(
            title,
            tuple(g for span in issuers or self._title_issuer() if (g := self.grounded(span))),
            self.grounded(self._inspected()),
            self.grounded(self._inspector()),
            self._kind(),
            start,
            end,
            feedback,
            signed,
            published,
            tuple(self._counts()),
        )

    # --- title ---------------------------------------------------------------------------------------------------

    def _title(self) -> Span | None:
        """The first lines that speak of rectification and end like a title, joined as far as they belong together."""
        lines = list(islice(_lines(self.plain, 0, HEAD), 14))
        for index, (start, end) in enumerate(lines):
            words = self.plain[start:end]
            if _NO_TITLE.search(words) or len(words) > 120:
                if "。" in words:
                    return None
                continue
            last = self._title_stop(lines, index)
            if last is not None:
                return self._bare(start, lines[last][1])
        return None

    def _title_stop(self, lines: list[Span], index: int) -> int | None:
        joined = ""
        for last in range(index, min(index + 4, len(lines))):
            words = self.plain[slice(*lines[last])]
            if _NO_TITLE.search(words) or len(words) > 120:
                return None
            joined += words
            if _TITLE_END.search(words) and _TITLE_WORD.search(joined):
                return last
        return None

    def _bare(self, start: int, end: int) -> Span:
        """Without a column's name in brackets: 【巡察整改】中共临湘市委…."""
        match = _COLUMN.match(self.plain, start, end)
        return (match.end() if match else start), end

    def _title_issuer(self) -> list[Span]:
        if not self.title_span:
            return []
        match = _ISSUER_IN_TITLE.match(self.plain, *self.title_span)
        if not match:
            return []
        kind = _ROUND.search(self.plain, *match.span("unit"))
        return [trim(self.plain, match.start("unit"), kind.start() if kind else match.end("unit"))]

    # --- signature and dates -------------------------------------------------------------------------------------

    def _signature(self) -> tuple[Date | None, list[Span]]:
        """The date that has a line of its own near the end, and the unit lines right above it."""
        lines = list(_lines(self.plain, max(0, len(self.plain) - TAIL), len(self.plain)))
        for index in range(len(lines) - 1, max(-1, len(lines) - 16), -1):
            hit = self._whole_date(lines[index])
            if hit:
                issuers = self._units_above(lines, index)
                return Date(hit.iso, self.text[hit.start : hit.end], (hit.start, hit.end)), issuers
        dated = self._dated_title()
        tail = [
            line
            for line in lines[-3:]
            if _SIGNATURE.match(self.plain[slice(*line)]) and _is_unit(self.plain[slice(*line)])
        ]
        return dated, tail[-2:]

    def _dated_title(self) -> Date | None:
        """A date in brackets on a line of its own right below the title: (2022年8月18日)."""
        if not self.title_span:
            return None
        for start, end in islice(_lines(self.plain, self.title_span[1], len(self.plain)), 2):
            if self.plain[start] == "(" and self.plain[end - 1] == ")":
                stop = end - 1 - 2 * self.plain.endswith(("公告", "公布", "发布", "印发"), start, end - 1)
                hit = self._whole_date((start + 1, stop))
                if hit:
                    return Date(hit.iso, self.text[hit.start : hit.end], (hit.start, hit.end))
        return None

    def _whole_date(self, line: Span) -> DateHit | None:
        words = self.plain[slice(*line)]
        if len(words) > 24:
            return None
        for hit in find_dates(words):
            if hit.start == 0 and hit.end >= len(words.rstrip()) - 1 and len(hit.iso) == 10 and "?" not in hit.iso:
                return DateHit(hit.iso, hit.start + line[0], hit.end + line[0], None, False)
        return None

    def _units_above(self, lines: list[Span], index: int) -> list[Span]:
        units: list[Span] = []
        for line in reversed(lines[max(0, index - 4) : index]):
            words = self.plain[slice(*line)]
            if not _SIGNATURE.match(words) or len(words) > 45:
                break
            units.insert(0, line)
        return [piece for unit in units for piece in _split_units(self.plain, unit)]

    def _published(self) -> Date | None:
        for line in list(islice(_lines(self.plain, 0, HEAD), 14)):
            match = _PUBLISHED.search(self.plain, *line)
            if match:
                hits = find_dates(self.plain[match.end() : match.end() + 12])
                if hits and hits[0].start == 0:
                    start, end = match.end(), match.end() + hits[0].end
                    return Date(hits[0].iso, self.text[start:end], (start, end))
        return None

    def _dates(self, base: str | None) -> tuple[Date | None, Date | None, Date | None]:
        """Inspection from … to …, and the day of the feedback, from the preamble."""
        low, high = self.preamble
        plain = self.plain[low:high]
        start = end = feedback = None
        for iso, hit in resolve(find_dates(plain), base):
            after = re.split(r"[。\n]", plain[hit.end : hit.end + 80])[0]
            if start is None and "/" in iso and len(iso) >= 15 and self._inspects(plain, hit):
                start, end = self._range(iso, hit, low)
            elif (
                feedback is None
                and not _DATED_FEEDBACK.search(after)
                and _FEEDBACK.search(after.split(",现")[0])
                and (start or "/" not in iso)
                and "/" not in iso
            ):
                feedback = Date(iso, self.text[hit.start + low : hit.end + low], (hit.start + low, hit.end + low))
        return start, end, feedback

    def _inspects(self, plain: str, hit: DateHit) -> bool:
        """Whether the sentence of a period speaks of an inspection (and not of the days of publication)."""
        begin = max(plain.rfind(mark, 0, hit.start) for mark in "。\n") + 1
        sentence = re.split(r"[。\n]", plain[begin : hit.end + 120])[0]
        return "公示" not in plain[begin : hit.start] and bool(_INSPECTING.search(sentence))

    def _range(self, iso: str, hit: DateHit, low: int) -> tuple[Date, Date]:
        first, last = iso.split("/")
        words = self.plain[hit.start + low : hit.end + low]
        cut = re.search(r" ?(?:至|到|-|~) ?", words)
        middle, after = (cut.start(), cut.end()) if cut else (len(words), len(words))
        begin = hit.start + low
        return (
            Date(first, self.text[begin : begin + middle], (begin, begin + middle)),
            Date(last, self.text[begin + after : hit.end + low], (begin + after, hit.end + low)),
        )

    # --- units and kind ------------------------------------------------------------------------------------------

    def _inspector(self) -> Span | None:
        """The first group that does something; else the first that is named."""
        groups = list(_GROUP.finditer(self.plain, *self.preamble))
        acting = [group for group in groups if _ACTING.match(self.plain, group.end())]
        titled = [] if groups or not self.title_span else list(_TITLE_GROUP.finditer(self.plain, *self.title_span))
        for group in (acting or groups or titled)[:1]:
            window = max(0 if titled else self.preamble[0], group.start() - 40)
            before = _BEFORE_NAME.match(self.plain, window, group.start())
            return trim(self.plain, before.end() if before else window, group.end())
        return None

    def _inspected(self) -> Span | None:
        for match in _TARGET.finditer(self.plain, *self.preamble):
            if (at := match["unit"].find("所在")) > 1:
                return match.start("unit"), match.start("unit") + at  # 对芦坪县所在省开展督察
            if _UNIT_END.search(match["unit"]) and not re.search(r"情况|问题|工作", match["unit"]):
                return match.span("unit")
        told = _FEEDBACK_TO.search(self.plain, *self.preamble)
        return told.span("unit") if told else None

    def _kind(self) -> NoticeKind:
        title = self.title_span or (0, 0)
        for span in (title, self.preamble):
            found = [(m.start(), kind, m) for kind, pattern in _KINDS if (m := pattern.search(self.plain, *span))]
            if found:
                _, kind, match = min(found, key=lambda entry: entry[0])
                return NoticeKind(kind, self.grounded(match.span()))
        return NoticeKind("other", None)

    def _goes_on(self, match: re.Match[str], words: re.Match[str]) -> bool:
        """14项整改任务已完成11项: the state belongs to the next figure."""
        return self.plain[match.start("tail") + words.end() : match.start("tail") + words.end() + 1].isdigit()

    # --- declared counts -----------------------------------------------------------------------------------------

    def _counts(self) -> Iterator[DeclaredCount]:
        low, high = self.counted
        for match in _COUNT.finditer(self.plain, low, high):
            what, start, end = self._what(match)
            if what:
                value, unit = (self.text[slice(*match.span(part))] for part in ("value", "unit"))
                yield DeclaredCount(what, to_plain(value), unit, self.text[start:end], (start, end))

    def _what(self, match: re.Match[str]) -> tuple[What | None, int, int]:
        before_start = max(0, match.start() - 10)
        before = self.plain[before_start : match.start()]
        for pattern, what in _BEFORE_COUNT:
            words = pattern.search(before)
            if words:
                return what, before_start + words.start("words"), match.end("unit")
        if match["unit"] in ("大类", "类", "方面"):
            return "categories", match.start(), match.end("unit")
        for pattern, what in _AFTER_COUNT:
            said = pattern.match(match["tail"])
            if said and not (what in ("completed", "other") and self._goes_on(match, said)):
                noun = _NOUN.match(match["tail"])
                stated = what in ("other", "completed") and "领导" not in said.group()
                length = noun.end() if noun else 0 if stated else said.end()
                return what, match.start(), match.start("tail") + length
        return None, 0, 0


def _is_unit(words: str) -> bool:
    return len(words) <= 40


def _split_units(plain: str, span: Span) -> Iterator[Span]:
    """Two units on one line (中共安岳县委  安岳县人民政府)."""
    position = span[0]
    for gap in re.finditer(r" {2,}|\t+| (?=[^ ]{4})", plain[span[0] : span[1]]):
        yield trim(plain, position, span[0] + gap.start())
        position = span[0] + gap.end()
    yield trim(plain, position, span[1])


def _lines(plain: str, start: int, end: int) -> Iterator[Span]:
    """The lines of a stretch that are not blank, trimmed."""
    end = min(end, len(plain))
    while start < end:
        stop = plain.find("\n", start, end)
        stop = end if stop < 0 else stop
        span = trim(plain, start, stop)
        if span[0] < span[1]:
            yield span
        start = stop + 1
