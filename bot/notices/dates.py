"""Printed dates as ISO at the printed precision: points, ranges, quarters, 月底, 年内, and years that are dates.

A year that is not printed comes from the date before it in the same passage, else from the notice's date and the tense.
Not dates: a year that names an edition or a programme (2024年度, 2021年工作方案), 今年 alone, anything inside 《》.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.notices.numerals import ordinal
from bot.notices.numerals import year as to_year

_Y = r"(?:(?:19|20)\d\d|[一二][〇零○OΟ0一二三四五六七八九]{3})"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:[12]\d|3[01]|0?[1-9])"
_TO = r" ?(?:至|到|-|~) ?"
_EDGE = r"(?:上旬|中旬|下旬|初|底|末)"
_REL = r"今年|去年|本年|当年|同年|明年|上年"
_DATE = re.compile(
    r"(?<![\d.第〔\[(-])(?:"
    # 2021.5.19, 2021-05-19
    rf"(?P<ny>(?:19|20)\d\d)(?P<sep>[-./])(?P<nm>{_M})(?:(?P=sep)(?P<nd>{_D}))?(?![\d年月日%.-])"
    # 二〇二四年十月十五日
    r"|(?P<cy>[一二][〇零○OΟ0一二三四五六七八九]{3})年(?:(?P<cm>[一二三四五六七八九十]{1,2})月(?:(?P<cd>[一二三四五六七八九十]{1,3})日)?)?"
    # 2019-2021年, 2019年至2021年
    rf"|(?P<ry1>(?:19|20)\d\d)年?{_TO}(?P<ry2>(?:19|20)\d\d)年(?![度\d])(?!{_M}月)"
    # [2020年]8月12日至[2021年]10月[4日], 1-9月
    rf"|(?:(?P<y>(?:19|20)\d\d) ?年 ?|(?P<rel>{_REL}))?(?P<m>{_M}) ?(?:月份?(?: ?(?P<d>{_D}) ?[日号])?(?P<e>{_EDGE})?"
    rf"(?:{_TO}(?:(?:(?P<y2>(?:19"
    rf"|20)\d\d) ?年 ?)?(?P<m2>{_M}) ?月份?(?: ?(?P<d2>{_D}) ?[日号])?(?P<e2>{_EDGE})?"
    rf"|(?P<d3>{_D})[日号]))?"
    rf"|{_TO}(?P<m4>{_M}) ?月份?(?P<e4>{_EDGE})?)"
    # quarters, halves, edges of a year
    rf"|(?:(?P<qy>(?:19|20)\d\d)年"
    rf"|(?P<qrel>{_REL}))(?:第?(?P<q>[一二三四1-4])(?:{_TO}第?(?P<q2>[一二三四1-4]))?个?季度"
    rf"|(?P<half>[上下])半年|(?P<ye>年?[初底末]|年?中(?=[,。前已])|年?以?内))"
    r"|第(?P<q5>[一二三四])季度|(?P<h5>[上下])半年(?=[,。、;已完共前]|以来)"
    r"|(?<![每\d一二三四五六七八九十两几半近次整])年(?P<y5>[底末内])(?!外|部|容)"
    # a year alone
    r"|(?P<yy>(?:19|20)\d\d)年"
    r")"
)
# Where a date can begin; a search for a class or for literals skips to it at once.
_DIGITS = re.compile(r"[0-9][0-9]*")
_WORDS = re.compile(
    "今年|去年|本年|当年|同年|明年|上年|年底|年末|年内|第一季|第二季|第三季|第四季"
    "|上半年|下半年|一九|二〇|二零|二○|二O|二Ο|二0"
)
_NEXT = frozenset("年月-./~至到 ")
# After or before a year alone: what makes it a date and not the name of an edition.
_YEAR_AFTER = re.compile(
    r" ?(?:[,。;、)]|以来|以前|以后|之前|之后|起|期间|前|后|至今|已|共|累计|先后"
    r"|按照|根据|完成|印发|制定|出台|开展|启动|实施|投入|建成|新建|新增|全部|全市"
    r"|全县|全区|全镇|我[市县区镇局]|在|由|对|经|被"
    r"|均|仍|又|再|就|才|将|未|无|每|仅|只|组织|召开|修订|安排|争取|销号|达到|达"
    r"|发现|查处|[一-鿿]{0,4}[市县区][^\d,。]{0,12}(?:仅|共|未|已|完成|应)|秸秆|以)"
)
_YEAR_BEFORE = re.compile(r"(?:于|自|从|至|截至|截止)$")
# 对2018年以来的会议记录, 对58所学校2020年至2022年的采购情况: the years say what was looked at.
_EXAMINED_BEFORE = re.compile(r"(?<!针)对[^,。;\n]*$")
_EXAMINED = re.compile(r"(?:以来)?[^,。;\n]{0,12}?(?:的|情况|项目|排查出)")
_EDITION = re.compile(
    r"年?(?:度|版|第[一二三四五六七八九十\d]+[批期届轮]|全国|中央|省级?|国家|夏季"
    r"|秋冬季|春季|冬季|[^,。;、]{0,10}(?:方案|计划|规划|工作要点|名单|清单|报告"
    r"|目录|考核|任务|行动|攻坚|督察|巡察|审计|会议|基地|项目|资金|预算|决算|办法))"
)
_FUTURE = re.compile(r"预计|计划|拟|将于|力争|确保|争取|前完成|前建成|前|底前")
_EDGES = {"初": (1, 1), "底": (12, 12), "末": (12, 12), "中": (6, 6)}


class DateHit(NamedTuple):
    """A printed date: ``start`` to ``end`` are offsets. ``iso`` has ``????`` where the year is not printed."""

    iso: str
    start: int
    end: int
    relative: int | None
    future: bool


def find_dates(plain: str, titles: Sequence[tuple[int, int]] = ()) -> list[DateHit]:
    """Every date of the text in order, those inside ``titles`` (《》 spans) left out."""
    hits = list(_hits(plain))
    if not titles:
        return hits
    kept = []
    index = 0
    for hit in hits:
        while index < len(titles) and titles[index][1] <= hit.start:
            index += 1
        if index == len(titles) or hit.start < titles[index][0]:
            kept.append(hit)
    return kept


def _hits(plain: str) -> Iterator[DateHit]:
    position = 0
    for start in _spots(plain):
        match = _DATE.match(plain, start) if start >= position else None
        if not match:
            continue
        position = match.end()
        if (match["yy"] or match["ry1"]) and not _is_date(plain, match, bool(match["ry1"])):
            continue
        iso, relative = _iso(match)
        if iso:
            future = bool(_FUTURE.search(plain, max(0, match.start() - 8), match.end() + 5)) if "????" in iso else False
            yield DateHit(iso, match.start(), match.end(), relative, future)


def _spots(plain: str) -> list[int]:
    digits = [m.start() for m in _DIGITS.finditer(plain) if plain[m.end() : m.end() + 1] in _NEXT]
    return sorted([*digits, *(m.start() for m in _WORDS.finditer(plain))])


def _is_date(plain: str, match: re.Match[str], period: bool) -> bool:
    """Whether a year alone, or a period of years, is a date and not the name or the limits of what was looked at."""
    after = plain[match.end() : match.end() + 24]
    before = plain[max(0, match.start() - 24) : match.start()]
    if _EXAMINED_BEFORE.search(before) and _EXAMINED.match(after):
        return False
    if after.startswith("以来"):
        return True
    if _YEAR_BEFORE.search(before):
        return True
    return not _EDITION.match(after) and (period or bool(_YEAR_AFTER.match(after)))


def _iso(g: re.Match[str]) -> tuple[str, int | None]:
    """The ISO form of a match, and how many years from the notice's own a relative year lies."""
    if g["ny"]:
        return _join(g["ny"], g["nm"], g["nd"]), None
    if g["cy"]:
        month, day = g["cm"], g["cd"]
        return _join(
            str(to_year(g["cy"])), str(ordinal(month)) if month else None, str(ordinal(day)) if day else None
        ), None
    if g["ry1"]:
        return f"{g['ry1']}/{g['ry2']}", None
    if g["m"]:
        return _months(g)
    if g["qy"] or g["qrel"] or g["q5"] or g["h5"] or g["y5"]:
        return _parts_of_year(g)
    return (g["yy"] or ""), None


def _months(g: re.Match[str]) -> tuple[str, int | None]:
    year, relative = _year(g["y"], g["rel"])
    first = _join(year, g["m"], g["d"])
    if g["m4"]:
        return f"{first}/{_join(year, g['m4'], None)}", relative
    if g["m2"]:
        return f"{first}/{_join(g['y2'] or year, g['m2'], g['d2'])}", relative
    if g["d3"]:
        return f"{first}/{_join(year, g['m'], g['d3'])}", relative
    return first, relative


def _parts_of_year(g: re.Match[str]) -> tuple[str, int | None]:
    year, relative = _year(g["qy"], g["qrel"])
    quarter = g["q"] or g["q5"]
    if quarter:
        first = ordinal(quarter)
        last = ordinal(g["q2"]) if g["q2"] else first
        return f"{year}-{first * 3 - 2:02}/{year}-{last * 3:02}", relative
    half = g["half"] or g["h5"]
    if half:
        return f"{year}-01/{year}-06" if half == "上" else f"{year}-07/{year}-12", relative
    edge = (g["ye"] or g["y5"] or "").replace("年", "").replace("以", "")
    return (year, relative) if edge == "内" else (f"{year}-{_EDGES[edge][0]:02}", relative)


def _year(printed: str | None, relative: str | None) -> tuple[str, int | None]:
    if printed:
        return printed, None
    if not relative or relative in ("当年", "同年"):
        return "????", None
    return "????", {"去年": -1, "上年": -1, "明年": 1}.get(relative, 0)


def _join(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year] + [f"{int(part):02}" for part in (month, day) if part])


def resolve(hits: Sequence[DateHit], base: str | None) -> list[tuple[str, DateHit]]:
    """The hits of one passage with their years.

    ``base``: the notice's own date (ISO), for passages that print no year. A hit whose year stays unknown is dropped.
    """
    known: str | None = None
    result = []
    for hit in hits:
        iso = hit.iso
        if "????" in iso:
            year = _context_year(hit, known, base)
            if not year:
                continue
            iso = iso.replace("????", year)
        else:
            known = iso[-10:].split("/")[-1][:4] if "/" in iso else iso[:4]
        result.append((_ordered(iso), hit))
    return result


def _context_year(hit: DateHit, known: str | None, base: str | None) -> str | None:
    if hit.relative is not None and base:
        return str(int(_tense(hit, base)) + hit.relative)
    if known and not (hit.future and base and known < base[:4]):
        return known
    return _tense(hit, base) if base else known


def _tense(hit: DateHit, base: str) -> str:
    """The base's year, or the one before where the month would lie after the notice and nothing says future."""
    year = int(base[:4])
    month = hit.iso[5:7]
    if (
        len(base) >= 7
        and month
        and int(base[5:7]) <= 3
        and int(month) > int(base[5:7])
        and (not hit.future or hit.relative == 0)
    ):
        return str(year - 1)
    return str(year)


def _ordered(iso: str) -> str:
    """A range over the turn of a year whose first year was not printed begins the year before."""
    first, _, last = iso.partition("/")
    if last and first > last and len(first) == len(last):
        return f"{int(first[:4]) - 1}{first[4:]}/{last}"
    return iso
