"""What a question asks of the ledger: part, category, status, time limit, who is responsible, and the topic left over.

Each constraint is read off the folded question and taken out of it; what remains is the topic. Reads the question and
the headings of the rows in scope, decides nothing about single items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.fold import fold
from bot.gazetteer import short_name
from bot.notices.dates import find_dates
from bot.notices.numerals import ordinal
from bot.qa.words import content_words, cut_words, in_words
from vectorstore.catalogue import LedgerRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks of the ledger; a constraint that is empty holds for every item. All texts folded.

    ``topic``: phrases, one of which the problem must be about. ``quoted``: words in quotation marks, to be contained as
    they stand; ``literal``: the question is about the wording itself (名称带…), nothing else will do. ``category``: the
    heading named. ``part``: the number of a part (第三部分), 0 for none. ``unit``, ``person``: who is responsible.
    ``deadline``: ISO at the precision asked. ``inner``: places inside the area of the notices. ``accountable``: only
    items with 问责.
    """

    status: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    literal: bool = False
    category: str = ""
    part: int = 0
    accountable: bool = False
    unit: str = ""
    person: str = ""
    deadline: str = ""
    inner: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether at most the status limits the items: what a notice's declared figures count."""
        others = (self.topic, self.quoted, self.category, self.part, self.accountable, self.unit, self.person)
        return not any((*others, self.deadline, self.inner))


Taken = tuple[dict[str, object], str]
"""The constraints that were read, and the question without their words."""


def wanted(question: str, places: Sequence[str], rows: Sequence[LedgerRow], names: str = "") -> Wanted:
    """What a folded question asks for. ``places``: the words that chose the notices; ``names``: the notices' titles and
    units, folded."""
    found: dict[str, object] = {}
    rest = re.sub(r"[\u4e00-\u9fff]{2,8}?(?:的)?(?:不算|除外|不计|不包括)", " ", question)
    steps: tuple[Callable[[str], Taken], ...] = (
        lambda text: _responsible(text, rows),
        _accountable,
        lambda text: _deadline(text, rows),
        lambda text: _places(text, places, rows, names),
        _part,
        lambda text: _category(text, rows, names),
        lambda text: _quoted(text, found),
        _status,
    )
    for step in steps:
        taken, rest = step(rest)
        found |= taken
    literal = bool(re.search(r"名称|名字|标题|二字|两字|字样|里带|带有|直接点到", question))
    return Wanted(topic=_topic(rest, names, len({row.notice_id for row in rows})), literal=literal, **found)  # type: ignore[arg-type]  # keys are its fields


# -- who ---------------------------------------------------------------------------------------------------------------

_BODY = r"(?:局|委|办|厅|部|处|所|科|室|股|队|站|中心|政府|党委|党组|组织部|镇|乡|街道|法院|公司)"
_ROLE = r"(?:责任|牵头|配合|主办|承办|整改)"
_RESPONSIBLE = (
    re.compile(r"(?:由|归)(?P<who>[\u4e00-\u9fff]{2,16}?)(?:来)?(?:负责|牵头|承担|主办|管)(?:整改)?(?:的)?"),
    re.compile(rf"(?P<who>[\u4e00-\u9fff]{{1,14}}?{_BODY})(?:要|该|应该|需要?|来)?(?:负责|牵头|承担|主办)(?:整改)?的"),
    re.compile(
        rf"{_ROLE}(?:单位|部门)(?:里|中)?(?:是|为|有|含|包括|写着|写的是|写明|:)?\s?(?P<who>[\u4e00-\u9fff]{{2,16}}?{_BODY})"
        r"(?=的|有|[,，。?？\s]|$|哪|整改|负责)"
    ),
)
_PERSON = re.compile(
    r"(?:责任人|责任领导|包案领导|牵头领导)(?:里|中)?(?:是|为|有|写着|写的是|叫|:)?\s?(?P<who>[\u4e00-\u9fff]{2,4}?)"
    r"(?=的|有|负责|[,，。?？\s]|$|哪)"
)


def _responsible(text: str, rows: Sequence[LedgerRow]) -> Taken:
    person = next((name for name in _persons(rows) if name in text), "") or _named(_PERSON, text)
    if person:
        return {"person": person}, re.sub(rf"(?:责任人|责任领导|包案领导|牵头领导)?(?:是|为|叫)?\s?{person}", " ", text)
    for pattern in _RESPONSIBLE:
        match = pattern.search(text)
        if match and not re.search(r"哪|什么|谁|啥", match["who"]):
            return {"unit": match["who"]}, text.replace(match.group(), " ")
    return {}, text


def _named(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match["who"] if match and not re.search(r"哪|什么|谁|啥|是", match["who"]) else ""


def _persons(rows: Sequence[LedgerRow]) -> set[str]:
    """Names of responsible persons: two to four characters, as a question may give them."""
    names = {fold(person.text) for row in rows for person in row.item.responsible_persons}
    return {name for name in names if 2 <= len(name) <= 4}


_ACCOUNTABLE = re.compile(
    r"(?:有人)?(?:被|受|挨)(?:到|了)?(?:过)?(?:处分|问责|追责|约谈|诫勉|处理)(?:了|过)?(?:的)?(?:人|干部)?"
    r"|(?:处分|问责|追责|诫勉|处理)(?:过|了)(?:的)?(?:人|干部|责任人)?"
    r"|(?:有|涉及|写了|写到|提到)(?:人)?(?:了)?(?:处分|问责|追责|诫勉)(?:情况)?"
)


def _accountable(text: str) -> Taken:
    return ({"accountable": True}, _ACCOUNTABLE.sub(" ", text)) if _ACCOUNTABLE.search(text) else ({}, text)


# -- when --------------------------------------------------------------------------------------------------------------

_LIMIT = re.compile(
    r"时限|期限|到期|截止|(?:之?前)(?:要|应|须|需|必须|该)?[^,。?]{0,3}(?:完成|整改|改完|办结|销号)|完成时间"
)
_AT_ONCE = re.compile(r"(?:时限|期限)[^,。?]{0,4}(?P<when>立行立改|长期坚持|立即整改)")


def _deadline(text: str, rows: Sequence[LedgerRow]) -> Taken:
    """The time limit asked for; only where some item has one."""
    if not any(row.item.deadline for row in rows):
        return {}, text
    word = _AT_ONCE.search(text)
    if word:
        return {"deadline": word["when"]}, text.replace(word.group(), " ")
    year = re.search(r"(?:19|20)\d\d(?=年(?:的|底|$|到期|完成|要))", text)
    if year and _LIMIT.search(text) and not re.search(r"(?:19|20)\d\d年底?前", text):
        rest = text.replace(year.group() + "年", " ")
        return {"deadline": year.group()}, re.sub(
            r"(?:整改|完成)?(?:时限|期限)(?:是|为|在|到)?|到期|截止|底", " ", rest
        )
    hit = next(iter(find_dates(text)), None)
    if hit is None or "?" in hit.iso or not _LIMIT.search(text):
        return {}, text
    rest = text[: hit.start] + " " + re.sub(r"^(?:之?前|以前|底前)", " ", text[hit.end :])
    return {"deadline": hit.iso}, re.sub(r"(?:整改|完成)?(?:时限|期限)(?:是|为|在|到)?|要完成|到期|截止", " ", rest)


# -- where -------------------------------------------------------------------------------------------------------------


def _places(text: str, places: Sequence[str], rows: Sequence[LedgerRow], names: str) -> Taken:
    """The places taken out; one inside the area of the notices (肃宁 in the 沧州 notice) limits the items."""
    titles = names or fold(" ".join({row.title for row in rows}))
    outer = [place for place in places if short_name(place) in titles]
    inner = tuple(p for p in places if p not in outer and any(p in fold(row.item.problem.text) for row in rows))
    for place in sorted(places, key=len, reverse=True):
        text = re.sub(
            re.escape(place) + r"(?:[省市县区](?![委政直级管城属]))?(?:市?生态环境局|分局|市委|县委)?(?:党组|党委)?",
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
            if named and len(run) + len(run) / len(plain) > longest:
                best, longest = (category, run), len(run) + len(run) / len(plain)
    category, run = best
    if not category:
        return _loose_category(text, rows)
    return {"category": category}, _without(text, run)


def _of_title(run: str, names: str) -> bool:
    """Whether all words of a run are a title's: 预算执行审计查出 names the notice, not one of its parts."""
    return run in names or all(word in names for word in cut_words(run) if len(word) >= 2)


def _loose_category(text: str, rows: Sequence[LedgerRow]) -> Taken:
    """县市区主体责任那一块: a heading that has nearly every character of the words before 那一块, in their order."""
    match = re.search(rf"(?P<what>[\u4e00-\u9fff]{{4,16}}?)\s?(?:的)?(?:{_ABOUT_HEADING.pattern})", text)
    if not match:
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


def _quoted(text: str, found: dict[str, object]) -> Taken:
    words = tuple(word for word in map(fold, _QUOTED.findall(text)) if word not in str(found.get("category", "")))
    return ({"quoted": words}, _QUOTED.sub(" ", text)) if words else ({}, text)


# -- how far -----------------------------------------------------------------------------------------------------------

_DO = r"(?:整改|改正|改|弄|搞|办|做|干|处理|解决|落实|完成|整)"
_SILENT = re.compile(
    r"(?:没(?:有)?|未)(?:写|说|交代|提)(?:明|清楚|清|到)?(?:整改)?(?:的)?(?:结果|状态|完成|进展|改没改|办没办|是否完成)[^,。?的]{0,4}"
    r"|(?:没|未)(?:有)?说明|状态不明|没有结果|没结果"
)
_NOT_STARTED = re.compile(r"(?:没(?:有)?|未|尚未|还没)(?:有)?(?:启动|开工|动工|开始|开展|动起来)(?:整改)?")
_BEHIND = re.compile(
    r"(?:整改|进度|进展)(?:严重)?(?:滞后|逾期|超期|落后)|逾期(?:未完成)?|^\s*滞后|滞后的(?=问题|有|是)|哪些[^,。?]{0,6}滞后"
)
_ON_SCHEDULE = re.compile(r"(?:达到|按|符合)?序时进度")
_OPEN = re.compile(
    rf"(?:没(?:有)?|未|尚未|还没(?:有)?|还未|没能|未能)(?:有)?(?:被)?(?:全部|彻底|完全)?(?:{_DO})(?:完成|完|好|到位|结束|销号|成|掉|彻底)?"
    rf"|(?:没(?:有)?|未|尚未|还没(?:有)?|还未)(?:有)?(?:全部|彻底|完全)?(?:到位|结束|销号|办结)"
    rf"|(?:还|仍|仍然|依然)?(?:正)?在(?:继续)?(?:{_DO}|推进|推|抓)(?:当?中|着)?|(?:推进|整改|进行|办理)(?:当?中)(?=的|有哪|有几|有多少|[?。]|$)|剩余|遗留|在办"
    r"|下一?步(?:打算|计划)?|(?:还|继续)要(?:抓|改|整改|解决|推进)|待整改|待完成|(?<!非)进行时"
)
_CLOSED_OR_OFF = re.compile(
    r"已?(?:经)?(?:完成|整改)[^,，。?？]{0,4}(?:或者?|和|及|、|以及|还是)(?:已经?)?销号|销号(?:或者?|和|及|、)(?:已)?完成(?:整改)?"
)
_CLOSED_OFF = re.compile(r"(?:已经?|完成)?销(?:了)?号(?:了|的)?")
_CLOSED = re.compile(
    rf"已经?(?:全部)?(?:{_DO})(?:完毕|完成|完|好|到位|掉|结束)?(?:了|的)?|已经?(?:全部)?(?:到位|办结)(?:了|的)?"
    rf"|(?:{_DO})(?:完成|完|好|到位|办结|结束)了?(?:的|了)(?!没|吗)?|整改(?:完成|到位|完毕)|完成(?:了)?整改的?"
    r"|完成(?:了)?(?:的)?(?=(?:几|多少|哪|有(?:几|多少|哪)|问题|任务|$|[,。?]))|明确完成|都?办结"
)
_LONG = re.compile(r"(?:需要?|要|得)?长期(?:坚持|整改|任务)(?:的)?")
_STATES: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
    (_SILENT, ("not_stated",), ()),
    (_NOT_STARTED, ("ongoing",), ("not_started",)),
    (_BEHIND, ("ongoing",), ("behind",)),
    (_ON_SCHEDULE, ("ongoing",), ("on_schedule",)),
    (_OPEN, ("ongoing",), ()),
    (_LONG, ("long_term",), ()),
    (_CLOSED_OR_OFF, ("completed",), ()),
    (_CLOSED_OFF, ("completed",), ("closed_off",)),
    (_CLOSED, ("completed",), ()),
)


def _status(text: str) -> Taken:
    """Status values and details that the words ask for, the first that fits."""
    for pattern, values, details in _STATES:
        if pattern.search(text):
            rest = re.sub(r"状态(?:是|为)?", " ", pattern.sub(" ", text))
            return {"status": values, "details": details}, rest
    return {}, text


def status_asked(text: str) -> tuple[tuple[str, ...], str]:
    """The status values that a folded question asks for, and the words that say so; nothing and "" for none."""
    for pattern, values, _ in _STATES:
        match = pattern.search(text)
        if match:
            after = re.compile("(?:整改)?了?").match(text, match.end())
            return values, text[match.start() : after.end() if after else match.end()]
    return (), ""


# -- what about --------------------------------------------------------------------------------------------------------

_PUT = re.compile(
    r"请?(?:帮我|给我|麻烦)?(?:把|将)?(?:列出来?|列一下|列举|梳理|总结|概括|汇总|归纳|整理|介绍|说说|讲讲|看看|查一?下|小结)(?:一下|下|一遍)?"
    r"|(?:上级)?(?:反馈|巡察|巡视|督察|审计|检查|指出|发现|查|存在|提出|披露|交办|整改)(?:组)?(?:的|了|出的?|出来的?|出了?)?"
    r"(?:主要|具体|突出)?(?:问题|意见|情况|毛病)"
    r"|(?:巡察|巡视|督察|审计|检查)(?:组)?(?:反馈|指出|发现|查出|提出|点出|列)(?:了|的|出)?|(?:反馈|查|指|点|列|提)出?来?了?(?=哪|几|多少|啥|什么|$)"
    r"|一共|总共|合计|[一二三四五六七八九十两\d]+大?类|哪一?类"
    r"|(?:多少|哪几|几|哪些|哪|一些|一)(?:个|条|项|类|种|份|方面|家)?(?:地方|城市|县|市)?(?=问题|任务|事项|$|[^\u4e00-\u9fff]|[\u4e00-\u9fff])"
    r"|(?:这|那|该|本)(?:一)?(?:份|个|些|次|类|方面|块|项|条|几个?)?|都?有(?:没有|没|什么|啥|哪些|多少|几|哪几)(?:个|条|项)?"
    r"|(?:分别|各|都)?(?:是|为)?(?:怎么|如何|怎样|咋)(?:样|着|整改|处理|解决|改|办|落实|做)?(?:的|了)?"
    r"|整改(?:得)?(?:到)?(?:怎么样|怎样|如何|咋样|情况|措施|进展|通报|落实|成效|结果|什么程度|哪一?步|进度|清单)?(?:了)?"
    r"|采取(?:了)?(?:什么|哪些)?(?:措施|办法)?"
    r"|(?:直接)?(?:点到|点出|涉及|关于|有关|提到|写到|写着|讲到|讲|说到|说的?|针对|围绕|对于|属于|带有|包含|含有|里带)(?:的|了|到)?"
    r"|(?:问题)?(?:的)?(?:名称|名字|标题|字样|二字|两字|三字|四字|全文|数量|个数|总数|清单|台账)"
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


def _topic(rest: str, names: str, notices: int) -> tuple[str, ...]:
    """The phrases that are left, each with a word that says something; joined ones (A和B) are alternatives."""
    rest = _PUT.sub(" ", re.sub(r"(?:19|20)\d\d年度?|(?<![\w.])\d+(?![\w.])", " ", rest))
    # The words of a notice's own title (水利局, 洞庭清波) choose the notice, not its items.
    titled = names if notices <= MAX_TITLES else ""
    phrases = [_phrase(piece, names, titled) for piece in _OR.split(rest)]
    return tuple(dict.fromkeys(p for p in phrases if content_words(p) or p in _SINGLE))


def _phrase(piece: str, names: str, titled: str) -> str:
    """The telling words of a piece: neighbours together, a space where something was between them."""
    kept = ""
    for word in cut_words(piece):
        silent = not word.strip() or word in _GLUE or (len(word) >= 2 and word in titled)
        silent = silent or bool(_UNIT_END.search(word) and in_words(word, names))
        kept += " " if silent else word
    return " ".join(part for part in kept.split() if len(part) > 1 or part in _SINGLE)


MAX_TITLES = 3
"""Of so many notices the title words are known to choose them; over more, 教育 may be a topic."""
