"""Which items of the ledger a question is about: status, category and topic, over all items in scope, never the top k.

Used by lists, counts and summaries alike. Reads the problem, not the measures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.fold import fold
from bot.qa.words import content_words, has_word
from vectorstore.catalogue import LedgerRow

_OPEN = re.compile(
    r"(?:没有?|未|尚未|还没有?|还未|没有全部|未全部)(?:有)?(?:被)?(?:全部)?(?:整改)?(?:完成|完|到位|结束"
    r"|销号|办结|解决|整改|改)|未完成|还在(?:整改|推进|办)|正在(?:整改|推进|办)|推进中|整改中|进行中"
    r"|没(?:有)?(?:整)?改完|剩余|遗留|未办结|在办|没完成|还没(?:搞|弄|改|办|整)"
)
_CLOSED = re.compile(
    r"(?<![不未])已?经?(?:全部)?(?:整改)?(?:完成|完毕|(?<!不)到位|销号|办结)(?:整改)?(?:或者?销号)?(?:了"
    r"|的)|已(?:经)?(?:完成|整改|销号|办结)|整改完(?:了|的|成)|改完了?的|完成整改的"
)
_CLOSED_OR_OFF = re.compile(
    r"已?(?:完成|整改)[^,，。?？]{0,4}(?:或者?|和|及|、|以及)(?:已经?)?销号|销号(?:或者?|和|及|、)(?:已)?完成(?:整改)?"
)
_CLOSED_OFF = re.compile(r"销号")
_LONG = re.compile(r"长期坚持|长期(?:整改|任务)")
_SILENT = re.compile(r"没(?:有)?(?:说明|写明|交代|提到)(?:整改)?(?:结果|状态|完成)|未说明|状态不明")
_BEHIND = re.compile(r"滞后|逾期|超期")
_ON_SCHEDULE = re.compile(r"序时进度")

_NOISE = re.compile(
    r"请?(?:帮我|给我)?(?:把|将)?(?:列出|列一下|列举|梳理|总结|概括|汇总|归纳|整理|介绍|说说|讲讲|看看"
    r"|查一下)(?:一下|下)?|(?:反馈|巡察|巡视|督察|审计|检查|指出|发现|查出|存在|提出|披露|交办)(?:的|了"
    r"|出的?|出来的)?(?:主要|具体|突出)?(?:问题|意见|情况)?|主要|具体|一共|总共|共|合计"
    r"|[一二三四五六七八九十两\d]+大?类|哪一?类|类|(?:多少|哪几|几|哪些|哪)(?:个|条|项|类|种|份|方面)?"
    r"|(?:这|那|该|本)(?:一)?(?:份|个|些|次|类|方面|块|项|条)?|都?有(?:什么|啥|哪些|没有|多少|几)?"
    r"|(?:分别)?(?:是|为)?(?:怎么|如何|怎样|咋)(?:整改|处理|解决|改|办|落实)?(?:的|了)?"
    r"|整改(?:得)?(?:怎么样|怎样|如何|情况|措施|进展|通报|落实|成效|结果|到什么程度|到哪一步)?(?:了)?"
    r"|(?:直接)?(?:点到|涉及|关于|有关|提到|写到|讲到|讲|说的?|针对|围绕|对于|属于|带有?|包含|含有|含|里带"
    r"|名称|名字|标题|字样|二字|两字|三字|四字|的字|全文)(?:的|了|到)?|问题(?:的)?(?:数量|个数|总数|清单)?"
    r"|事项|方面|领域|情况|措施|状态|进展|程度|现在|目前|到底|至今|逐条|分别|相关|以及|还有|其中|里面?"
    r"|里头|中|内|通报|报告|任务|一类|一下|全部|所有|各类|各项|这份|那份|这里|那里|按|和|与|及|对|在|的|了"
    r"|吗|呢|啊|呀|是|有|都|也|还|就|我|们|列|被|把|将|得|到|[?？。,，、!！:：;；“”\"'‘’()（）]"
)
_QUOTED = re.compile(r"[“\"‘'「]([^”\"’'」]{2,40})[”\"’'」]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks of the ledger.

    ``status``, ``details``: empty for any. ``topic``: phrases, folded, one of which the problem must be about.
    ``quoted``: words in quotation marks, to be contained as they stand; ``named``: nothing else will do.
    ``accountable``: only items with 问责. ``unit``: the responsible unit, "" for any.
    """

    status: tuple[str, ...]
    details: tuple[str, ...]
    topic: tuple[str, ...]
    quoted: tuple[str, ...]
    named: bool
    accountable: bool = False
    unit: str = ""


_ACCOUNTABLE = re.compile(
    r"(?:处分|问责|追责|约谈|诫勉|处理)(?:过|了)(?:的)?(?:人|干部|责任人)?"
    r"|(?:有|被|受|挨)(?:人)?(?:了)?(?:处分|问责|追责|诫勉)"
)
_RESPONSIBLE = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2,14}?(?:局|委|办|厅|部|中心|政府))(?:负责|牵头)(?:整改)?的(?=问题)|"
    r"由(?P<by>[\u4e00-\u9fff]{2,14}?)(?:负责|牵头|承担|主办)(?:整改)?(?:的)?|(?:责任|牵头|配合"
    r"|整改)单位(?:里|中)?(?:是|为|写着|写的是|写明|包括|有|含)?(?P<unit>[\u4e00-\u9fff]{2,14}?)(?=的|有"
    r"|[,，。?？]|$)"
)


_UNIT_END = re.compile(r"(?:局|委|厅|办|镇|乡|街道|中心|党组|党委|政府|县|市|区|分局)$")


def wanted(question: str, places: Sequence[str], categories: Sequence[str], units: str = "") -> tuple[Wanted, str]:
    """What a folded question asks for, and the (folded) category that it names ("" for none)."""
    responsible = _RESPONSIBLE.search(question)
    rest = question.replace(responsible.group(), " ") if responsible else question
    accountable = bool(_ACCOUNTABLE.search(rest))
    rest = _ACCOUNTABLE.sub(" ", rest)
    for place in sorted(places, key=len, reverse=True):
        rest = re.sub(re.escape(place) + r"[省市县区]?(?:市?生态环境局|分局|市委|县委)?(?:党组|党委)?", " ", rest)
    category = named_category(rest, categories)
    quoted = tuple(word for word in map(fold, _QUOTED.findall(rest)) if not category or word not in category)
    rest = _without_run(rest, category)
    status, details, rest = _status(rest)
    named = bool(re.search(r"名称|名字|标题|二字|两字|字样|里带|带有|直接点到", question))
    found = _NOISE.sub(" ", re.sub(r"(?:19|20)\d\d年度?|\d+", " ", rest)).split()
    # 水利局 in a question about the notice of a 水利局 chooses the notice, not the items.
    telling = [word for word in found if content_words(word)]
    words = tuple(word for word in telling if not (word in units and _UNIT_END.search(word)))
    return Wanted(
        status,
        details,
        words,
        quoted,
        named,
        accountable,
        (responsible["unit"] or responsible["by"] or responsible["who"]) if responsible else "",
    ), category


def _without_run(question: str, category: str) -> str:
    """The question without the words by which it names the category."""
    sizes = range(len(category), 3, -1)
    run = next(
        (
            category[n : n + size]
            for size in sizes
            for n in range(len(category) - size + 1)
            if category[n : n + size] in question
        ),
        "",
    )
    return question.replace(run, " ") if run else question


def _status(question: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Status values and details that the words ask for, and the question without those words."""
    table: tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...] = (
        (_SILENT, ("not_stated",), ()),
        (_BEHIND, ("ongoing",), ("behind",))
        if re.search(r"(?:整改|进度|逾期|超期).{0,4}(?:滞后|逾期|超期)|逾期", question)
        else (_SILENT, (), ()),
        (_ON_SCHEDULE, ("ongoing",), ("on_schedule",)),
        (_OPEN, ("ongoing",), ()),
        (_LONG, ("long_term",), ()),
        (_CLOSED_OR_OFF, ("completed",), ()),
        (_CLOSED_OFF, ("completed",), ("closed_off",)),
        (_CLOSED, ("completed",), ()),
    )
    for pattern, values, details in table:
        if values and pattern.search(question):
            return values, details, pattern.sub(" ", question)
    return (), (), question


def named_category(question: str, categories: Sequence[str]) -> str:
    """The category of whose words the question repeats the longest run (five characters, four of a short one)."""
    best, size = "", 0
    for category in categories:
        run = _common_run(category, question)
        if run > size and run >= min(5, max(4, len(category) - 3)):
            best, size = category, run
    return best


def _common_run(a: str, b: str) -> int:
    """Length of the longest common substring."""
    longest = 0
    former = [0] * (len(b) + 1)
    for char in a:
        row = [0] * (len(b) + 1)
        for n, other in enumerate(b, 1):
            if char == other:
                row[n] = former[n - 1] + 1
                longest = max(longest, row[n])
        former = row
    return longest


TOPIC_SHARE = 0.5
"""Weighted share of a topic's content words that an item's problem must have."""


def members(rows: Sequence[LedgerRow], asked: Wanted, category: str) -> list[LedgerRow]:
    """The items that satisfy the question, in order."""
    chosen = [row for row in rows if _has_status(row, asked) and (not category or _category(row) == category)]
    if asked.accountable:
        chosen = [row for row in chosen if row.item.accountability]
    if asked.unit:
        chosen = [
            row
            for row in chosen
            if any(asked.unit in fold(u.text) or fold(u.text) in asked.unit for u in row.item.responsible_units)
        ]
    if category and not asked.quoted:
        return chosen
    if asked.quoted:
        exact = [row for row in chosen if all(word in _problem(row) for word in asked.quoted)]
        if exact or asked.named:
            return exact
    if not asked.topic:
        return chosen
    known = word_weights([_problem(row) for row in rows], asked.topic)
    about = [row for row in chosen if _about(row, asked, known)]
    # Words that fit no item at all beside a status, category or unit are how the question was put, not its topic.
    other_filter = asked.status or asked.details or category or asked.accountable or asked.unit
    if not about and other_filter and not any(_about(row, asked, known) for row in rows):
        return chosen
    return about


def _has_status(row: LedgerRow, asked: Wanted) -> bool:
    status = row.item.status
    return (not asked.status or status.value in asked.status) and (not asked.details or status.detail in asked.details)


def _category(row: LedgerRow) -> str:
    return fold(row.item.category.text) if row.item.category else ""


def _problem(row: LedgerRow) -> str:
    return fold(row.item.problem.text)


def _about(row: LedgerRow, asked: Wanted, weights: Mapping[str, float]) -> bool:
    """Whether the problem has one of the topics; joined topics (A和B) are alternatives."""
    text = _problem(row)
    return any(topic_share(phrase, text, weights) >= TOPIC_SHARE for phrase in asked.topic)


def word_weights(texts: Sequence[str], phrases: Sequence[str]) -> dict[str, float]:
    """IDF of the phrases' content words over the items in scope; a word that no item has weighs most."""
    folded = [fold(text) for text in texts]
    words = {word for phrase in phrases for word in content_words(phrase)}
    return {word: math.log(1 + len(folded) / (0.5 + sum(has_word(word, text) for text in folded))) for word in words}


def topic_share(phrase: str, text: str, weights: Mapping[str, float]) -> float:
    """Weighted share (0-1) of a topic's content words that a folded text has; 1 where it has the phrase itself."""
    if phrase in text:
        return 1.0
    words = content_words(phrase)
    total = sum(weights.get(word, 1.0) for word in words)
    return sum(weights.get(word, 1.0) for word in words if has_word(word, text)) / total if total else 0.0
