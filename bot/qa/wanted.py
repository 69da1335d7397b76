"""What a question asks of the ledger: part, category, status, time limit, who is responsible, and the topic left over.

Each constraint is read off the folded question and taken out of it; what remains is the topic. Reads the question and
the headings of the rows in scope, decides nothing about single items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.fold import fold
from bot.gazetteer import short_name
from bot.notices.dates import find_dates
from bot.notices.numerals import ordinal
from bot.qa.words import content_words, cut_words, in_words, synonyms
from vectorstore.catalogue import LedgerRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks of the ledger; a constraint that is empty holds for every item. All texts folded.

    ``topic``: phrases, one of which the problem must be about. ``quoted``: words in quotation marks, to be contained as
    they stand; ``literal``: the question is about the wording itself (名称带…), nothing else will do. ``category``: the
    heading named. ``part``: the number of a part (第三部分), 0 for none. ``units``, ``person``: who is responsible.
    ``deadline``: ISO at the precision asked, -MM of any year, or printed words. ``inner``: places inside the area of
    the notices. ``accountable``: only items with 问责; ``sanction``: the kinds of it asked for (约谈|诫勉).
    ``number``: the item's own (第五项), 0 for any. ``aspect``: the topic is put as a field (方面, 这一块).
    ``without``: left out (除了…).
    """

    status: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    literal: bool = False
    category: str = ""
    part: int = 0
    accountable: bool = False
    units: tuple[str, ...] = ()
    person: str = ""
    deadline: str = ""
    inner: tuple[str, ...] = ()
    sanction: str = ""
    number: int = 0
    aspect: bool = False
    without: Wanted | None = None

    @property
    def bare(self) -> bool:
        """Whether at most the status limits the items: what a notice's declared figures count."""
        others = (self.topic, self.quoted, self.category, self.part, self.accountable, self.units, self.person)
        return not any((*others, self.deadline, self.inner, self.number, self.without))

    @property
    def limited(self) -> bool:
        """Whether anything but a topic limits the items: what only a ledger can answer."""
        return bool(self.status or self.details or not replace(self, topic=()).bare)


Taken = tuple[dict[str, object], str]
"""The constraints that were read, and the question without their words."""


def wanted(question: str, places: Sequence[str], rows: Sequence[LedgerRow], names: str = "") -> Wanted:
    """What a folded question asks for. ``places``: the words that chose the notices; ``names``: the notices' titles and
    units, folded."""
    found: dict[str, object] = {}
    left_out, rest = _left_out(question)
    if left_out:
        found["without"] = wanted(left_out, places, rows, names)
    steps: tuple[Callable[[str], Taken], ...] = (
        lambda text: _responsible(text, rows, names, places),
        _accountable,
        lambda text: _deadline(text, rows),
        lambda text: _places(text, places, rows, names),
        _number,
        _part,
        lambda text: _category(text, rows, names),
        lambda text: _quoted(text, found, names),
        _status,
    )
    for step in steps:
        taken, rest = step(rest)
        found |= taken
    literal = bool(re.search(r"名称|名字|标题|二字|两字|字样|里带|带有|直接点到", question))
    topic = _topic(rest, names, len({row.notice_id for row in rows}))
    aspect = bool(re.search(_ABOUT_HEADING.pattern, question))
    return Wanted(topic=topic, literal=literal, aspect=aspect, **found)  # type: ignore[arg-type]  # keys are its fields


_LEFT_OUT = re.compile(
    r"(?:除(?:掉|了|开|去)|除(?=[^,，。?？]{2,16}(?:以外|之外|外))|不(?:包括|含|算|计)|刨去"
    r"|扣除)(?P<a>[\u4e00-\u9fff“”]{2,16}?)(?:以外|之外|外|的?问题)?(?:的)?"
    r"(?=[,，。?？\s]|$|还|其余|其他|其它|剩|哪|有|都|共|一共|多少)"
    r"|(?P<b>[\u4e00-\u9fff]{2,8}?)(?:的)?(?:不算|除外|不计|不包括)(?:在内)?"
)


def _left_out(text: str) -> tuple[str, str]:
    """What a question leaves out (除了已完成的以外, 长期坚持的不算), and the question without it."""
    match = _LEFT_OUT.search(text)
    if not match:
        return "", text
    rest = text.replace(match.group(), " ")
    return re.sub(r"^(?:掉|了|开)", "", match["a"] or match["b"]), re.sub(r"其余|其他|其它|剩下?的?|还有?", " ", rest)


# -- who ---------------------------------------------------------------------------------------------------------------

_BODY = r"(?:局|委|办|厅|部|处|所|科|室|股|队|站|中心|政府|党委|党组|组织部|镇|乡|街道|法院|公司)"
_ROLE = r"(?:责任|牵头|配合|主办|承办|整改)"
_RESPONSIBLE = (
    re.compile(r"(?:由|归)(?P<who>[\u4e00-\u9fff]{2,16}?)(?:来)?(?:负责|牵头|承担|主办|管)(?:整改)?(?:的)?"),
    re.compile(
        rf"(?P<who>[\u4e00-\u9fff]{{1,14}}?{_BODY})(?:要|该|应该|需要?|来)?(?:负责|牵头|承担|主办|参与|配合)(?:或者?|和|、)?(?:参与|负责|牵头|配合)?(?:整改)?(?:的|了?(?=几|多少|哪))"
    ),
    re.compile(
        rf"{_ROLE}(?:单位|部门)(?:里|中)?(?:是|为|有|含|包括|写着|写的是|写明|:)?\s?(?P<who>[\u4e00-\u9fff]{{2,16}}?{_BODY})"
        r"(?=的|有|[,，。?？\s]|$|哪|整改|负责)"
    ),
)
_PERSON = re.compile(
    r"(?:责任人|责任领导|包案领导|牵头领导)(?:里|中)?(?:是|为|有|写着|写的是|叫|:)?\s?(?P<who>[\u4e00-\u9fff]{2,4}?)"
    r"(?=的|有|负责|[,，。?？\s]|$|哪)"
)


_ROLE_WORD = re.compile(
    r"负责|牵头|责任|承担|主办|承办|承接|配合|参与|涉及|牵涉|包抓|包案|名下|手(?:里|上)|头上|任务|(?:归|由|该|要)(?=[^,。?]{2,12}[管改办])|管的|整改的"
)
MAX_UNITS = 4
"""Responsible units that a question may name."""
_ROLE_AROUND = (
    rf"(?:{_ROLE}(?:单位|部门|人|方)?(?:里|中|写|是|为|有|含|包括|着|明|的|:)*)?(?:由|归|让|该)?\s?",
    r"(?:来|要|该|应该|需要?|所|名下|手里|头上|这边)*(?:负责|牵头|承担|主办|承办|管|配合|参与|或者?(?=参与|负责|牵头|配合)|和(?=参与|负责|牵头|配合)|作为(?:责任|牵头)单位)*(?:整改)?(?:的)?",
)


def _responsible(text: str, rows: Sequence[LedgerRow], names: str, places: Sequence[str]) -> Taken:
    """Who is responsible: a person or unit that the ledger knows, else a unit that the wording makes one."""
    person = next((name for name in _persons(rows) if name in text), "") or _named(_PERSON, text)
    if person:
        about = r"(?:责任人|责任领导|包案领导|牵头领导)?(?:是|为|叫)?\s?{}(?:同志)?(?:来)?(?:负责|牵头|包|管)?(?:的)?"
        return {"person": person}, re.sub(about.format(person), " ", text)
    units: list[str] = []
    whole = text
    while (unit := _known_unit(text, rows, names)) and len(units) < MAX_UNITS:
        joined = re.search(rf"{re.escape(unit)}[、和与及或]|[、和与及或]{re.escape(unit)}", whole)
        if units and not joined:
            break
        units.append(unit)
        beside = "(?:[、和与及]|或者?)?" if joined else ""
        text = re.sub(beside + _ROLE_AROUND[0] + re.escape(unit) + beside + _ROLE_AROUND[1], " ", text)
    if units:
        return {"units": tuple(units)}, text
    for pattern in _RESPONSIBLE:
        match = pattern.search(text)
        who = _of_no_place(match["who"], places) if match else ""
        if match and who and not re.search(r"哪|什么|谁|啥", who):
            return {"units": (who,)}, text.replace(match.group(), " ")
    return {}, text


def _of_no_place(unit: str, places: Sequence[str]) -> str:
    """A unit without the place of its notice before it: 住建局 of 苍溪县住建局."""
    for place in sorted(places, key=len, reverse=True):
        if unit.startswith(place):
            return re.sub(r"^[省市县区](?=[\u4e00-\u9fff]{2})", "", unit[len(place) :]) or unit
    return unit


_AREA_UNIT = re.compile(r"[镇乡村区县市]$|街道$")
"""A unit that is a place too: responsible only where the question says so."""


_ACTS_IN = re.compile(r"负责|牵头|承担|主办|承办|参与|配合")


def _known_unit(text: str, rows: Sequence[LedgerRow], names: str) -> str:
    """The longest responsible unit of the ledger that a question names; one that the notices' own titles name too
    only beside a word for responsibility."""
    asked = bool(_ROLE_WORD.search(text))
    printed = {fold(unit.text) for row in rows for unit in row.item.responsible_units}
    if not printed and _ACTS_IN.search(text):
        printed = {fold(unit.text) for row in rows for unit in row.item.organizations if fold(unit.text) not in names}
    forms = {form for unit in printed for form in _short_forms(unit)}
    known = [form for form in forms if form in text and (asked or (form not in names and not _AREA_UNIT.search(form)))]
    return max(known, key=len, default="")


def _short_forms(unit: str) -> set[str]:
    """A unit as people name it: without the kind of division before it, an office without its authority."""
    short = re.sub(r"^[省市县区]", "", unit)
    office = re.sub(r"^.*?(?:局|委|厅|政府)(?=[\u4e00-\u9fff]{3,}$)", "", short)
    others = synonyms().get(short, ())
    return {form for form in (unit, short, office, *others) if len(form) >= 3}


def _named(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match["who"] if match and not re.search(r"哪|什么|谁|啥|是", match["who"]) else ""


def _persons(rows: Sequence[LedgerRow]) -> set[str]:
    """Names of responsible persons: two to four characters, as a question may give them."""
    names = {fold(person.text) for row in rows for person in row.item.responsible_persons}
    return {name for name in names if 2 <= len(name) <= 4}


_ACCOUNTABLE = re.compile(
    r"(?:有人|对人|给人|涉及)?(?:被|受|挨|给了?|作出|进行)?(?:到|了)?(?:过)?(?:党纪|政务|纪律)?"
    r"(?:党内严重警告|党内警告|政务警告|严重警告|留党察看|记大?过|通报批评)?(?:处分|问责|追责|追究(?:了|过)?(?:相关)?(?:人员)?责任|约谈|诫勉|批评教育|提醒谈话|(?<=[了过被受到])处理(?!设|能|站|厂|不)|处理(?=了人|过人|人))"
    r"(?:情况)?(?:了|过)?(?:的)?(?:人员|干部|责任人|人(?!才|员编))?"
)
_SANCTION = re.compile(
    r"党内严重警告|党内警告|严重警告|警告|留党察看|记大?过|降级|免职|通报批评|约谈|诫勉|批评教育|提醒谈话|撤职|开除"
)


def _accountable(text: str) -> Taken:
    if not _ACCOUNTABLE.search(text):
        return {}, text
    kinds = "|".join(_SANCTION.findall(text))
    rest = _ACCOUNTABLE.sub(" ", text)
    rest = re.sub(r"(?:有|涉及|写了|写到|提到|没)(?:人|情况)?(?=\s)", " ", rest)
    return {"accountable": True, "sanction": kinds}, rest


# -- when --------------------------------------------------------------------------------------------------------------

_LIMIT = re.compile(
    r"时限|期限|到期|截止|(?:之?前)?(?:要|应|须|需|必须|该|计划|预计|限)[^,。?]{0,3}(?:完成|整改|改完|办结|销号|交账)"
    r"|(?:之?前|底|末)(?:完成|整改|改完|办结|销号)|完成时间|改完的?$"
)
_AT_ONCE = re.compile(r"(?P<when>立行立改|立即整改)")
_LIMIT_WORDS = re.compile(
    r"(?:整改|完成)?(?:时限|期限|时间)(?:是|为|在|到)*|(?:要|应|须|需|必须|该|计划|预计)?(?:完成|改完|办结)的?|到期的?|截止的?|底前|底"
)


def _deadline(text: str, rows: Sequence[LedgerRow]) -> Taken:
    """The time limit asked for; only where some item has one."""
    printed = [fold(row.item.deadline.text) for row in rows if row.item.deadline]
    if not printed:
        return {}, text
    word = _AT_ONCE.search(text) or re.search(r"(?:时限|期限)[^,。?]{0,4}(?P<when>长期坚持)", text)
    if word and any(word["when"] in limit for limit in printed):
        return {"deadline": word["when"]}, _LIMIT_WORDS.sub(" ", text.replace(word.group(), " "))
    if not _LIMIT.search(text):
        return {}, text
    year = re.search(r"(?:19|20)\d\d(?=年(?:内|到期|完成|要|应|须|需|[^\d底末上下第年]|$))", text)
    if year and not re.search(r"(?:19|20)\d\d年(?:底|末)?前", text):
        return {"deadline": year.group()}, _LIMIT_WORDS.sub(" ", text.replace(year.group() + "年", " "))
    hit = next(iter(find_dates(text)), None)
    iso = re.sub(r"^\?+", "", hit.iso) if hit else ""
    month = re.search(r"(?<![\d年])(1[0-2]|[1-9])月", text)
    if month and (not iso or "?" in iso):
        iso, start, end = f"-{int(month[1]):02d}", month.start(), month.end()
    elif hit and "?" not in iso:
        start, end = hit.start, hit.end
    else:
        return {}, text
    rest = text[:start] + " " + re.sub(r"^(?:之?前|以前|底前|底|末)", " ", text[end:])
    return {"deadline": iso}, _LIMIT_WORDS.sub(" ", rest)


# -- where -------------------------------------------------------------------------------------------------------------


def _places(text: str, places: Sequence[str], rows: Sequence[LedgerRow], names: str) -> Taken:
    """The places taken out; one inside the area of the notices (肃宁 in the 沧州 notice) limits the items."""
    titles = names or fold(" ".join({row.title for row in rows}))
    outer = [place for place in places if short_name(place) in titles]
    inner = tuple(p for p in places if p not in outer and any(p in fold(row.item.problem.text) for row in rows))
    for place in sorted(places, key=len, reverse=True):
        text = re.sub(
            re.escape(place)
            + (r"" if place[-1] in "省市县区镇乡" else r"(?:[省市县区](?![委政直级管城属场]))?")
            + r"(?:市?生态环境局|分局|市委|县委)?(?:党组|党委)?",
            " ",
            text,
        )
    return ({"inner": inner} if inner else {}), text


# -- headings ----------------------------------------------------------------------------------------------------------

_NUMERAL = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
_PART = re.compile(
    rf"第\s?[(（]?(?P<a>{_NUMERAL})[)）]?\s?(?:个)?(?:大)?(?:部分|方面|类|块)|[(（](?P<b>{_NUMERAL})[)）](?:部分|方面|类|块)"
)


def _part(text: str) -> Taken:
    match = _PART.search(text)
    if not match:
        return {}, text
    return {"part": ordinal(match["a"] or match["b"])}, text.replace(match.group(), " ")


_ORDINAL = re.compile(
    rf"第\s?(?P<a>{_NUMERAL})\s?(?:个|条|项|号)(?!大?(?:部分|方面|类|块|板块))(?:反馈|整改)?(?:问题|任务|事项)?|(?:问题"
    rf"|任务)(?P<b>{_NUMERAL})(?=[的是到,，。?？\s和与跟]|$)(?![\d个条项类])"
)


_NUMBERED = re.compile(
    rf"第\s?(?P<a>{_NUMERAL})\s?(?:个|条|项|号)(?:反馈|整改)?(?:问题|任务|事项)|(?:问题|任务)(?P<b>{_NUMERAL})(?![\d个条项类年月])"
)


def item_number(text: str) -> int:
    """The number by which a folded question names one problem (问题7, 第5项任务); 0 where it names none."""
    match = _NUMBERED.search(text)
    return ordinal(match["a"] or match["b"]) if match else 0


def _number(text: str) -> Taken:
    """The one item asked for by its number: 第五项任务."""
    match = _ORDINAL.search(text)
    if not match:
        return {}, text
    return {"number": ordinal(match["a"] or match["b"])}, text.replace(match.group(), " ")


_LIGHT = re.compile(r"反馈问题|(?:的|有关)?问题$|(?:的)?(?:方面|情况|整改情况)$|[()、\"'\s]")
"""What headings are written with and nobody says."""
_ABOUT_HEADING = re.compile(r"方面|这(?:一)?[类块]|那(?:一)?[类块]|这(?:个)?部分|一块|一类|类|板块|部分|下面|底下")


def _category(text: str, rows: Sequence[LedgerRow], names: str) -> Taken:
    """The heading whose words the question repeats: most of one of its clauses, or a run that no title has."""
    best, longest = ("", ""), 0.0
    squeezed = _LIGHT.sub("", text.replace("反馈问题", ""))
    for category in dict.fromkeys(fold(row.item.category.text) for row in rows if row.item.category):
        for clause in re.split(r"[,，。;]", category):
            plain = _LIGHT.sub("", _LIGHT.sub("", clause.strip()))
            run = common_run(plain, squeezed)
            named = len(run) >= 4 and (len(run) >= 0.5 * len(plain) or len(run) >= 6) and not _of_title(run, names)
            named = named and (len({row.notice_id for row in rows}) <= MAX_TITLES or len(run) >= 0.8 * len(plain))
            named = (named and not _EMPTY_RUN.fullmatch(run)) or _short_heading(plain, squeezed)
            run = plain if named and len(run) < 4 else run
            if named and len(run) + len(run) / len(plain) > longest:
                best, longest = (category, run), len(run) + len(run) / len(plain)
    category, run = best
    if not category:
        return _loose_category(text, rows)
    return {"category": category}, _without(text, run)


_EMPTY_RUN = re.compile(r"(?:整改|情况|反馈|措施)*问题(?:整改|情况|反馈|措施)*")
"""What every heading and every question may have."""


def _short_heading(heading: str, text: str) -> bool:
    """水环境 and 其他 are headings too short to be told by a run; they are meant right before 类, 方面, 这块."""
    return 2 <= len(heading) <= 3 and bool(re.search(rf"{re.escape(heading)}(?:方面|类|这一?[块类]|板块|部分)", text))


def _of_title(run: str, names: str) -> bool:
    """Whether all words of a run are a title's: 预算执行审计查出 names the notice, not one of its parts."""
    return run in names or all(word in names for word in cut_words(run) if len(word) >= 2)


def _loose_category(text: str, rows: Sequence[LedgerRow]) -> Taken:
    """县市区主体责任那一块: a heading that has nearly every character of the words before 那一块, in their order."""
    match = re.search(rf"(?P<what>[\u4e00-\u9fff]{{4,16}}?)\s?(?:的)?(?:{_ABOUT_HEADING.pattern})", text)
    if not match or len({row.notice_id for row in rows}) > MAX_TITLES:
        return {}, text
    what = re.sub(r"^(?:通报|公告|报告|里|中|的)+", "", match["what"])
    for category in dict.fromkeys(fold(row.item.category.text) for row in rows if row.item.category):
        if len(what) >= 4 and _in_order(what, _LIGHT.sub("", category)) >= 0.8 * len(what):
            return {"category": category}, text.replace(match.group(), " ")
    return {}, text


def _in_order(what: str, text: str) -> int:
    """How many characters of ``what`` stand in order in some stretch of the text at most twice as long."""
    size = 2 * len(what)
    return max((_subsequence(what, text[n : n + size]) for n in range(max(1, len(text) - len(what) + 1))), default=0)


def _subsequence(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for char in a:
        diagonal = 0
        for n, other in enumerate(b, 1):
            diagonal, row[n] = row[n], diagonal + 1 if char == other else max(row[n], row[n - 1])
    return row[-1]


def _without(text: str, run: str) -> str:
    """The text without a run of characters, between which headings may have brackets and marks."""
    pattern = r"[()、\"'\s]*".join(re.escape(char) for char in run)
    return re.sub(pattern, " ", text, count=1)


def common_run(a: str, b: str) -> str:
    """The longest common substring."""
    longest, end = 0, 0
    former = [0] * (len(b) + 1)
    for i, char in enumerate(a, 1):
        row = [0] * (len(b) + 1)
        for n, other in enumerate(b, 1):
            if char == other:
                row[n] = former[n - 1] + 1
                if row[n] > longest:
                    longest, end = row[n], i
        former = row
    return a[end - longest : end]


_QUOTED = re.compile(r"[“\"‘'「]([^”\"’'」]{2,40})[”\"’'」]")


_CAMPAIGN_AFTER = re.compile(r"\s?(?:的)?(?:专项|机动|行动|巡察|巡视|督察|督查|审计)")
_CAMPAIGN_BEFORE = re.compile(r"(?:巡察|巡视|督察|督查|审计)\s?$")
"""Beside these, quoted words that the notice's title has too name the notice: “洞庭清波”专项行动."""


_ALTERNATIVE = re.compile(r"[、和与及跟]\s?(?=[“\"「])|(?<=[”\"」])\s?[、和与及跟]")
"""A quoted word that is one of several topics (集体经济和“三资”) is a topic."""


def _quoted(text: str, found: dict[str, object], names: str) -> Taken:
    if _ALTERNATIVE.search(text):
        text = re.sub(r"[“”\"「」]", "", text)
    for match in _QUOTED.finditer(text):
        campaign = _CAMPAIGN_AFTER.match(text, match.end()) or _CAMPAIGN_BEFORE.search(text[: match.start()])
        if campaign and fold(match[1]) in names:
            text = text.replace(match.group(), " " * len(match.group()))
    words = tuple(word for word in map(fold, _QUOTED.findall(text)) if word not in str(found.get("category", "")))
    return ({"quoted": words}, _QUOTED.sub(" ", text)) if words else ({}, text)


# -- how far -----------------------------------------------------------------------------------------------------------

_END = r"[的了,，。?？\s、和与或及也又且但]|有|哪|$|问题|任务|事项|项目|多少|几|清单|情况|占"
"""What stands behind a word that speaks of a state."""
_DO = r"(?:整改|改正|改|弄|搞|办|做|干|处理|解决|落实|完成|整|搞定)"
_SILENT = re.compile(
    r"(?:没(?:有)?|未)(?:写|说|交代|提)(?:明|清楚|清|到)?(?:是否|有没有|整改)?(?:的)?(?:整改)?(?:结果|状态|完成|进展|改没改完?|办没办|改完没"
    r"|是否完成)(?:没有?)?[^,。?的]{0,4}"
    r"|(?:没|未)(?:有)?(?:说明|写明)(?:状态|结果|进展)?|状态不明|没有?结果|看不出(?:结果|完没完)|未说明"
)
_NOT_STARTED = re.compile(
    r"(?:没(?:有)?|未|尚未|还没)(?:有)?(?:启动|开工|动工|开始|开展|动起来|动静|实施|动)(?:整改)?|原地踏步"
)
_BARE = (
    r"(?:^|(?<=[\s的是有些个项条中里了以及和与、,，家])|(?<=进度)|(?<=整改)|(?<=进展)|(?<=所有)|(?<=全部)"
    r"|(?<=任务)|(?<=问题)|(?<=各地))"
)
"""Where a word that findings use too (滞后) speaks of the rectification: nothing that could lag stands before it."""
_BEHIND = re.compile(
    rf"(?:整改|进度|进展)(?:严重)?(?:滞后|逾期|超期|落后)(?:的)?|逾期(?:未完成)?的?|超期未[^,。?]{{1,3}}的?|{_BARE}(?:严重)?(?:滞后|落后|超期"
    rf"|拖期|逾期)+(?:的)?"
)
_ON_SCHEDULE = re.compile(r"(?:达到|按|按照|符合|达)?(?:序时|时序)(?:进度)?(?:推进|完成|整改)?(?:的)?")
_BASICALLY = re.compile(r"(?:基本|阶段性)(?:上)?(?:完成|整改|到位|办结)(?:整改)?(?:的|了)?")
_OPEN = re.compile(
    rf"(?:没(?:有)?|未|尚未|还没(?:有)?|还未|没能|未能)(?:有)?(?:被)?(?:全部|彻底|完全|得到)?(?:{_DO})(?:完成|完|好|到位|结束|销号|成|掉|彻底|利索"
    rf"|清)?(?:整改)?(?:的|了)?"
    rf"|(?:没(?:有)?|未|尚未|还没(?:有)?|还未)(?:有)?(?:全部|彻底|完全)?(?:完(?!善|备|整)|到位(?!的?问题)|结束|销号|销|办结|清零|落地)(?:的|了)?(?={_END})"
    rf"|(?:还|仍|仍然|依然)?(?:正)?在(?:继续|持续)?(?:{_DO}|推进|推|抓|攻坚|进行)(?:当?中|着|过程中)?(?:的)?"
    rf"|(?:持续|正常|继续|加快|正)推进(?:当?中)?(?:的)?|推进(?:当中|中|着的|的(?={_END}))|(?:整改|进行|办理)(?:当中|中)(?=的|有哪|有几|有多少|[?。]|$)(?:的)?"
    r"|剩余|遗留(?!问题|环境)|在办|下一?步(?:打算|计划|安排)?|(?:后续|接下来|今后|往后)(?:打算|计划|安排|还要|要|需要?)?(?:继续)?(?:整改|抓|改|推进|解决)?(?:的)?"
    r"|(?:还|继续)要(?:抓|改|整改|解决|推进)|待整改|待完成|(?<!非)进行时|未竟|还(?:有)?差|还欠|尾巴"
)
_NOT_CLOSED = re.compile(
    r"(?:不(?:能|可|该|应)?(?:算|是|叫|视为|认定为?|当作)|算不(?:上|得|了)|谈不上|称不上|说不上|没法算|没(?:有)?(?:写|说|讲|标|注明|显示|明确)(?:明|上)?|未(?:写明|写|说明|标明|注明|显示|明确))"
    rf"(?:是|为)?(?:已经?)?(?:全部|真正|彻底)?(?:{_DO})?(?:完毕|完成|完|好|到位|销号|办结|结束)(?:整改)?(?:的|了)?"
)
"""What says that something is not done: every state but a closed one."""
_CLOSED_OR_OFF = re.compile(
    r"已?(?:经)?(?:完成|整改)[^,，。?？]{0,4}(?:或者?|和|及|、|以及|还是)(?:已经?)?销号(?:的|了)?|销号(?:或者?|和|及|、)(?:已)?完成(?:整改)?(?:的|了)?"
)
_CLOSED_OFF = re.compile(r"(?:已经?|完成)?(?<!未)(?<!没)销(?:了)?号(?:了|的)?(?!程序|制度)")
_CLOSED = re.compile(
    rf"已经?(?:全部)?(?:得到)?(?:{_DO})(?:完毕|完成|完|好|到位|掉|结束|彻底)?(?:了|的)?|已经?(?:全部)?(?:到位|办结|结束|清零|交账|落地)(?:了|的)?"
    rf"|(?:{_DO})(?:完成|完|好|到位|办结|结束|完毕)了?(?:的|了)(?!没|吗)?|整改(?:完成|到位|完毕)(?!的?情况|没|与否|进度|度|率|统计)|(?<![要应须需该前])完成(?:了)?整改的?"
    rf"|(?<![要应须需该前未没])完成(?:了)?(?:的)?(?!时限|期限|时间|要求|目标|情况|进度|进展|率|什么|啥)(?={_END}|几|多少|哪|有(?:几|多少|哪)|问题|任务|数"
    rf"|项数|个数)|明确完成|都?(?<![未没])办结|整改了(?=几|多少|哪些?(?:问题|任务|事项|项))|搞定(?:了|的)*"
)
_LONG = re.compile(r"(?:需要?|要|得)?长期(?:坚持|整改|任务|推进|抓)(?:的)?|常态化(?:坚持|推进)?的|长期性的?")
_STATES: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
    (_NOT_CLOSED, ("ongoing", "long_term", "not_stated"), ()),
    (_SILENT, ("not_stated",), ()),
    (_NOT_STARTED, ("ongoing",), ("not_started",)),
    (_BEHIND, ("ongoing",), ("behind",)),
    (_ON_SCHEDULE, ("ongoing",), ("on_schedule",)),
    (_BASICALLY, ("ongoing",), ("basically_completed",)),
    (_OPEN, ("ongoing",), ()),
    (_LONG, ("long_term",), ()),
    (_CLOSED_OR_OFF, ("completed",), ()),
    (_CLOSED_OFF, ("completed",), ("closed_off",)),
    (_CLOSED, ("completed",), ()),
)
_BETWEEN_STATES = re.compile(
    r"(?:的|了)?\s?[也又]|(?:的|了)?\s?(?:和|与|及|跟|、|或者?|以及|还是|,|，)\s?(?:还|仍|那些|那)?"
)
"""What may stand between two states that are both asked for."""


@dataclass(frozen=True, slots=True)
class _State:
    """A state that words ask for, and where they stand."""

    start: int
    end: int
    values: tuple[str, ...]
    details: tuple[str, ...]


def _states_in(text: str) -> list[_State]:
    """Every state that a text asks for, in order; where two overlap, the one that stands first in ``_STATES``."""
    found: list[_State] = []
    for pattern, values, details in _STATES:
        for match in pattern.finditer(text):
            if match.group().strip() and not any(s.start < match.end() and match.start() < s.end for s in found):
                found.append(_State(match.start(), match.end(), values, details))
    return sorted(found, key=lambda state: state.start)


def _status(text: str) -> Taken:
    """Status values and details that the words ask for: one state, or several that are joined (完成和未完成)."""
    found = _states_in(text)
    if not found:
        return {}, text
    chosen = found if _asked_apart(text, found) else found[:1]
    for state in found[1:] if len(chosen) == 1 else ():
        if not _BETWEEN_STATES.fullmatch(text[chosen[-1].end : state.start]):
            break
        chosen.append(state)
    values = tuple(dict.fromkeys(value for state in chosen for value in state.values))
    whole = not all(state.details for state in chosen)
    details = () if whole else tuple(dict.fromkeys(detail for state in chosen for detail in state.details))
    for state in reversed(found):
        if set(state.values) <= set(values):
            text = text[: state.start] + " " + text[state.end :]
    return {"status": values, "details": details}, re.sub(r"状态(?:是|为)?", " ", text)


def _asked_apart(text: str, found: Sequence[_State]) -> bool:
    """Whether several states are each asked for by themselves: 完成了哪些，没完成的又有哪些."""
    ends = [*(state.start for state in found[1:]), len(text)]
    return len(found) > 1 and all(
        re.search(r"哪|几|多少", text[state.end : end]) for state, end in zip(found, ends, strict=True)
    )


def states_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The one state that a printed clause speaks of, with its details; nothing where there is none, or several."""
    found = _states_in(fold(text))
    return (found[0].values, found[0].details) if len(found) == 1 else ((), ())


def status_asked(text: str) -> tuple[tuple[str, ...], str]:
    """The status values that a folded question asks for, and the words that say so; nothing and "" for none."""
    state = next(iter(_states_in(text)), None)
    if state is None:
        return (), ""
    after = re.compile("(?:整改)?了?").match(text, state.end)
    return state.values, text[state.start : after.end() if after else state.end]


# -- what about --------------------------------------------------------------------------------------------------------

_PUT = re.compile(
    r"(?P<verb>[\u4e00-\u9fff])一(?P=verb)|[\u4e00-\u9fff]{1,2}一下|(?:我们|咱们?|你们|他们)?(?:这边|那边|这里|那里|上面|底下)(?=\s|$|都|[\u4e00-\u9fff])"
    r"|(?:都|已经?|各自?|分别)?整改了(?=哪|什么|啥)|各(?:个)?(?:单位|地区?|县|部门|地方|通报|家|处|市)(?=\s|$|都|的|怎|如|分|各|是)"
    r"|[做写出弄列拟搞提](?:一)?(?:个|份|张|篇)[\u4e00-\u9fff]{0,4}?(?:摘要|小结|总结|汇总|清单|台账|表|简报|概要|材料|梳理|归纳)|请?(?:帮我|给我|麻烦)?(?:把|将)?(?:列出来?|列一下|列举|梳理|总结|概括|汇总|归纳|整理|介绍|说说|讲讲|看看|查一?下|小结)(?:一下|下|一遍)?"
    r"|(?:这次|本次|此次|本轮|这轮|上次|那次)?(?:专项|机动|环保|生态环境保护|环境保护|中央|省级?|市级?|县委|市委|区委|省委)*(?:巡察|巡视|督察|督查|审计)(?=的?(?:整改|情况|做|问题|结果|$|\s))"
    r"|(?:上级)?(?:反馈|巡察|巡视|督察|审计|检查|指出|发现|查|存在|提出|披露|交办|整改)(?:组)?(?:的|了|出的?|出来的?|出了?)?"
    r"(?:主要|具体|突出)?(?:问题|意见|情况|毛病)"
    r"|(?:巡察|巡视|督察|审计|检查)(?:组)?(?:反馈|指出|发现|查出|提出|点出|列)(?:了|的|出)?|(?:反馈|查|指|点|列|提)出?来?了?(?=哪|几|多少|啥|什么|$)"
    r"|占比|比例|占了?|平均|综合(?=情况|\s|$)|综述|数下来|(?:责任|牵头)单位|写了|两个(?=\s|$)|[和与跟](?=\s|$)|还剩|一览表?|一共|总共|合计"
    r"|[一二三四五六七八九十两几各\d]+(?:大?类|份|家|个(?:县|市|区|镇|地方|单位|部门)|地|县|镇|市)(?:通报|公告|报告|单位|地方)?|哪一?类"
    r"|(?:多少|哪几|几|哪些|哪|一些|一(?=[个条项类种份家]|方面))(?:个|条|项|类|种|份|方面|家)?(?:地方|城市|县|市)?(?=问题|任务|事项|$|[^\u4e00-\u9fff]|[\u4e00-\u9fff])"
    r"|(?:这|那|该|本)(?:一)?(?:份|个|些|次|类|方面|块|项|条|几个?)?|都?有(?:没有|没|什么|啥|哪些|多少|几|哪几)(?:个|条|项)?"
    r"|(?:分别|各|都)?(?:是|为)?(?:怎么|如何|怎样|咋)(?:样|着|整改|处理|解决|改|办|落实|做)?(?:的|了)?"
    r"|整改(?:得)?(?:到)?(?:怎么样|怎样|如何|咋样|情况|措施|进展|通报|落实|成效|结果|什么程度|哪一?步|进度|清单)?(?:了)?"
    r"|采取(?:了)?(?:什么|哪些)?(?:措施|办法)?"
    r"|(?:直接)?(?:点到|点出|涉及|关于|有关|提到|写到|写着|讲到|讲|说到|说的?|针对|围绕|对于|属于|带有|包含|含有|里带)(?:的|了|到)?"
    r"|(?:问题)?(?:的)?(?:名称|名字|标题|字样|二字|两字|三字|四字|全文|数量|数目|个数|项数|条数|总数|总量|(?<!任务)清单|台账(?!的?问题|不|方面|管理|资料|造假)|列表|名单)"
    r"|(?:(?:承担|负责|整改)?项目(?=情况|$|\s))|沾边|挂钩|有关系|相关联|牵扯到?|牵涉到?|按(?=问题|措施|状态|部分|类别|项)"
    r"|什么程度|到哪一?步|到底|至今|逐条|逐项|分别|相关|以及|其中|里面?|里头|任务(?!清单|书|单)|事项|通报|公告|报告|公示表?|一览表|全部|所有|各类|各项|各地|全文|完整"
    r"|(?:反馈|整改)?问题|毛病|反馈|情况|措施|状态|进展|进度|程度|现在|目前|具体|主要|方面|领域|板块|部分|数量|啥|什么|多少|哪些|谁|[?？!！。:：]"
)
_OR = re.compile(r"(?:、|,|，|;|；|以及|还有|和|与|及|跟|\s或者?\s)")
_GLUE = frozenset(
    "按对在的了吗呢啊呀是有都也还就我们列被把将得到里中内上下个条项类共给请由向为从等吧嘛之其将这那该本没含带讲说写提做放数起算要想能会没未"
) | {"没有", "存在", "需要", "可以", "已经", "还有", "什么", "那些", "应对"}
_SINGLE = frozenset("水气土钱账")
"""Topics of one character: 水方面的问题."""
_UNIT_END = re.compile(r"(?:局|委|厅|办|镇|乡|街道|中心|党组|党委|政府|县|市|区|分局|水利|卫健)$")


_NUMBERS = re.compile(
    r"(?:19|20)\d\d年度?(?:发布|公布|公开|印发|签发|落款|成文|发出?)?|(?<![\da-z.])\d+(?:[个项条](?!月)|(?![\w.]))"
)
"""Years and numbers of problems (26个审计问题): they are no topic."""


def _topic(rest: str, names: str, notices: int) -> tuple[str, ...]:
    """The phrases that are left, each with a word that says something; joined ones (A和B) are alternatives."""
    rest = _own_unit(rest, names) if notices <= MAX_TITLES and not _ROLE_WORD.search(rest) else rest
    rest = _PUT.sub(" ", _NUMBERS.sub(" ", rest))
    # The words of a notice's own title (水利局, 洞庭清波) choose the notice, not its items.
    titled = names if notices <= MAX_TITLES else ""
    phrases = [_phrase(piece, names, titled) for piece in _OR.split(rest)]
    telling = [p if content_words(p) else " ".join(part for part in p.split() if part in _SINGLE) for p in phrases]
    return tuple(dict.fromkeys(p for p in telling if p))


_AUTHORITY = re.compile(
    r"(?:中共|中国共产党)|(?:[省市县区镇乡](?:人民)?(?:委员会|委|政府)|党委|党工委|(?:人民)?政府(?!采购|投资|购买|债务|性|引导)|党组)"
    r"(?!书记|成员|会议?|常委|理论|中心组|办公室|督查室|组织部|宣传部|履行|执行|班子|主体|领导)(?:[、和及]?(?:县|市|区|镇)?(?:政府|党委))?"
)
_OF_FIELD = re.compile(
    r"(?P<field>[\u4e00-\u9fff]{2,8}?)(?:系统|部门|条线|单位|局|委|办|分局)(?:党组|党委)?"
    r"(?![\u4e00-\u9fff]?(?:建设|管理|协调|联动))"
)


def _own_unit(text: str, names: str) -> str:
    """The words without those for the unit whose notice it is, however people call it: 卫健系统, 环保局, 县委县政府."""

    def without(match: re.Match[str]) -> str:
        field = match["field"]
        own = next((n for n in range(len(field) - 1) if _is_field_of(field[n:], names)), None)
        return match.group() if own is None else field[:own] + " "

    return _OF_FIELD.sub(without, _AUTHORITY.sub(" ", text))


def _is_field_of(field: str, names: str) -> bool:
    """Whether a word is the field of a unit in the notices' names: 卫健 of 卫生健康局."""
    units = {field + "局", field + "部门", *synonyms().get(field + "局", ()), *synonyms().get(field, ())}
    return any(len(unit) >= 3 and unit in names for unit in units) or (len(field) >= 2 and f"{field}局" in names)


def _phrase(piece: str, names: str, titled: str) -> str:
    """The telling words of a piece: neighbours together, a space where something was between them."""
    kept = ""
    for word in cut_words(piece):
        silent = not word.strip() or word in _GLUE or (len(word) >= 2 and word in titled)
        silent = silent or bool(_UNIT_END.search(word) and in_words(word, names))
        silent = silent or (not kept.strip() and bool(titled) and len(word) >= 2 and _is_field_of(word, titled))
        kept += " " if silent else word
    return " ".join(part for part in kept.split() if len(part) > 1 or part in _SINGLE)


MAX_TITLES = 3
"""Of so many notices the title words are known to choose them; over more, 教育 may be a topic."""
