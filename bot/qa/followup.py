"""Follow-up questions: which lean on the turn before, what they point at, and how they read by themselves.

A short question without a subject of its own leans on the turn before it. Works on the words of the questions; what
they mean in the notices is for ``conversation`` and the answering.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.fold import fold
from bot.gazetteer import mentions
from bot.qa.labelled import LIKE, Figure, figures_of, fit
from bot.qa.question import Plan, understand
from bot.qa.sentences import Sentence
from bot.qa.words import cut_words, in_words
from bot.records import Answer

_LEANS = re.compile(
    r"^(?:那么?|这|它|他|其|该|此|上面|前面|刚才|刚刚|还有|另外|然后|后来|再|又|为什么|为啥|什么时候|多少"
    r"|几|一共|总共|具体|哪|谁|怎么|如何|在这之前|之前|之后|结果|后续|对|前者|后者|最后|不是|我(?:问|说|指)的|换成|改成"
    r"|同样|详细|展开|继续|接着|同时|也|都|全部|分别)|呢[?？]?$"
    r"|(?:它|他们|这个|那个|这些|那些|上述|其中|这项|这件|该项|这条|前者|后者|两者|第[一二三四五六七八九十\d]+[条个项点])"
)
_SWITCH = re.compile(r"换个|另一个问题|不说这个|别的问题|再问一个|下面问")
_SWAP = re.compile(r"^(?:那么?)?(?P<what>[^,，?？]{1,16}?)(?:那边|那儿|那里|方面|的)?呢[?？]?$")
_SHORT = 26
_YEAR = re.compile(r"(?:19|20)\d\d(?=年?)")
_TAIL = r"(?:[省市县区](?![委政局级直])|(?<=\d)年度?)?"
_ONLY = re.compile(
    r"^(?:不是[^,，]{1,14}[,，]|不对[,，]?|错了[,，]?|(?:我|咱)?(?:问|说|指|想问|要问|想知道)的?是|换成?|改成?|要是|如果是|同样的?(?:问题|情况)?"
    r"|同一个问题|那么?|看看|说说|再|是|到|在|,|，|\s)+"
)
_REST = re.compile(
    r"(?:那边|那里|那儿|这边|方面|的|情况|数据|数字|又?是多少|多少|怎么样|怎样|如何|又|也|都|是|有|没有|一样|这样|同样|吗|呢|吧|呀|啊|了"
    r"|[?？。!！,，\s])*"
)
"""A place or year with nothing but these around it asks the earlier question again."""


@dataclass(frozen=True, slots=True)
class Followed:
    """``question``: as it is to be asked. ``leans``: whether it needs what the turn before was about."""

    question: str
    leans: bool


def self_contained(question: str, before: str) -> Followed:
    """The question as it would have been asked without the turn before it (``before``: that turn's question)."""
    if not leans(question):
        return Followed(question, False)
    swapped = _swapped(question, before)
    return Followed(swapped, False) if swapped else Followed(question, True)


_OPENING = re.compile(
    r"^(?:换个问题|另一个问题|再问(?:一?个|一下)(?:问题)?|顺便问(?:一下|一句)?|另外问(?:一下)?|我再问一下)[,，:：\s]*"
)
_WH = re.compile(r"多少|几|什么|啥|谁|哪|怎|咋|何|吗|是不是|是否|有没有")


def without_switch(question: str) -> str:
    """The question without the words that only say that another one comes."""
    return _OPENING.sub("", question)


def inherited(plan: Plan, before: Plan) -> Plan:
    """PM10呢 asks for what was asked before: the type of answer is taken over where the question names none."""
    if plan.yes_no or plan.want != "text" or _WH.search(plan.question) or before.yes_no:
        return plan
    return replace(plan, want=before.want, unit=before.unit, precision=before.precision)


def leans(question: str) -> bool:
    """Whether a question is too short or points back too much to be understood by itself."""
    folded = fold(question).strip()
    if _SWITCH.search(folded):
        return False
    own_place = bool(mentions(folded))
    if _SWAP.match(folded) or _only(folded):
        return True
    if own_place and len(folded) > 12:
        return False
    return bool(_LEANS.search(folded)) or len(folded) <= _SHORT


def _only(question: str) -> str:
    """The place or year of a question that names nothing else (换成泾县, 不是临湘,是沅江); "" for any other."""
    bare = _ONLY.sub("", question)
    found = mentions(bare)
    if found and found[0].start == 0:
        tail = re.match(_TAIL + _UNIT_NAME, bare[found[0].end :])
        end = found[0].end + (tail.end() if tail else 0)
        return bare[:end] if _REST.fullmatch(bare, end) else ""
    year = re.match(r"(?:19|20)\d\d年?", bare)
    return year.group() if year and _REST.fullmatch(bare, year.end()) else ""


def _swapped(question: str, before: str) -> str:
    """The earlier question with its place (or year) exchanged for the one asked about now; "" where none is."""
    folded, former = fold(question).strip(), fold(before)
    match = _SWAP.match(folded)
    what = _only(folded) or (match["what"] if match else "")
    if not what:
        return ""
    now, then = mentions(what), mentions(former)
    if now and then:
        return _replaced(former, then[0].text, what)
    if now and _only(folded):
        return what + _HEAD_PRONOUN.sub("", former)
    year, old = _YEAR.search(what), _YEAR.search(former)
    if year and old and len(what) <= 6:
        return former.replace(old.group(), year.group())
    return ""


_HEAD_PRONOUN = re.compile(r"^(?:它们?|他们?|该[市县区局省]|那里|这里|那边|我们?[市县区局]|本[市县区局])(?:的|里)?")
_UNIT_NAME = r"(?:[\u4e00-\u9fff]{1,8}?(?:局|委|厅|办|镇|街道|中心))?(?:党组|党委)?"
_UNIT = r"[市县区省]?" + _UNIT_NAME


def _replaced(before: str, old: str, new: str) -> str:
    """The place exchanged, its suffix and unit with it where the new one has a unit: 永新县水利局 → 饶平县卫健局."""
    with_unit = bool(re.search(r"(?:局|委|厅|办|镇|街道|中心|党组|党委)$", new))
    return re.sub(re.escape(old) + (_UNIT if with_unit else "[市县区]?"), new, before)


# -- what it asks instead ----------------------------------------------------------------------------------------------


def subject_asked(question: str) -> str:
    """The thing that an X呢 asks for, without a place; "" for any other question."""
    match = _SWAP.match(fold(question).strip())
    what = match["what"] if match else ""
    for mention in mentions(what):
        what = what.replace(mention.text, "")
    return re.sub(r"^(?:那么?|这个|那个|其中|还有|至于|关于|对于?|的)+|(?:的|里)$", "", what)


def substituted(question: str, before: str) -> str:
    """The earlier question with its subject exchanged for that of an X呢 of the same kind (雨水管网呢 after 污水管网);
    "" where there is none."""
    subject, former = subject_asked(question), fold(before)
    if len(subject) < 2 or subject in former:
        return ""
    for size in range(len(subject) - 1, 1, -1):
        at = former.find(subject[-size:])
        if at >= 0:
            low = _word_start(former, at)
            return former[:low] + subject + former[at + size :]
    return ""


def _word_start(text: str, at: int) -> int:
    """The beginning of the word that an offset stands in: of 污水 for the second character of 污水管网."""
    start = 0
    for word in cut_words(text):
        if at < start + len(word):
            return start
        start += len(word)
    return at


_EVERYWHERE = re.compile(
    r"(?:所有|全部|其他|其它|别的|另外几?|哪[些几]?[个份]?|几[个份]|多少[个份]?|各|每[个份]?)的?(?:通报|地方|地区|城市|单位的通报|市县|县市)"
    r"|各(?:市|县|地)|库里|通报库|(?:所有|其他|其它|别的|哪[些几]个?)(?:市|县|省)"
)


def asks_everywhere(question: str) -> bool:
    """Whether a question asks over all notices, whatever the conversation was about."""
    return bool(_EVERYWHERE.search(fold(question)))


_BOTH = re.compile(
    r"(?:这|那)?(?:两|俩|2)(?:地|市|县|个?(?:地方|市|县|区|城市|单位|通报))|两者|二者|它俩|他们俩|两边"
    r"|^(?:那么?)?(?:哪个?(?:地方|市|县|边)?|谁)(?:更|比较|最|的?[\u4e00-\u9fff]{0,6}(?:更|多|少|长|早|晚|大|小|高|低|快|慢))"
)


def asks_both(question: str) -> bool:
    """Whether a question compares what was spoken of before (两地哪个多, 哪个更长)."""
    return bool(_BOTH.search(fold(question).strip()))


def both_of(question: str, before: str, asked: Sequence[str]) -> str:
    """The comparison of the last two places of a conversation, on what was asked of the last; "" without two."""
    named = [mention.text for earlier in asked for mention in mentions(fold(earlier))]
    names = list(dict.fromkeys(reversed(named)))[:2][::-1]
    if len(names) < 2:
        return ""
    topic = understand(before).topic
    for name in names:
        topic = re.sub(re.escape(name) + _TAIL, "", topic)
    point = re.sub(
        r"^(?:那么?)|(?:这|那)?(?:两|俩|2)(?:地|市|县|个?(?:地方|市|县|区|城市|单位))|两者|二者|它俩|他们俩|两边",
        "",
        question,
    )
    return f"{names[0]}和{names[1]}的{topic.replace(' ', '')}{point}"


# -- what it points at -------------------------------------------------------------------------------------------------

_DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}
_NTH = re.compile(
    r"第(?P<n>[一二三四五六七八九十\d]{1,3})(?:个问题|[条个项点])|(?P<last>最后(?:[一1])?[条个项点])|(?P<former>前者)|(?P<latter>后者)"
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a follow-up points at: ``n`` from 1, -1 the last; ``words``: those that point; ``item``: the item meant, ""
    where the answer before listed sentences."""

    n: int
    words: str
    item: str = ""


def pointed(question: str, answer: Answer) -> Pointer | None:
    """The member of the answer before that a question points at; None where it points at none.

    A number beyond the list points at ``item`` "" with its ``n``.
    """
    match = _NTH.search(fold(question))
    if not match:
        return None
    n = -1 if match["last"] else 1 if match["former"] else 2 if match["latter"] else _number(match["n"])
    if (match["former"] or match["latter"]) and len(answer.items) != 2:
        return None
    many = len(answer.items) > 1
    inside = many and (n == -1 or 0 < n <= len(answer.items))
    return Pointer(n, match.group(), answer.items[n - 1 if n > 0 else n] if inside else "")


def _number(words: str) -> int:
    """二 → 2, 十二 → 12, 二十 → 20, 12 → 12."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


_MORE = re.compile(
    r"^(?:那么?|请|再|能不能|可以|麻烦)*(?:还有(?:呢|吗|没有?|别的吗?|其他的?吗?|什么|哪些)?|继续说?|接着说?|没了吗|其他的呢|其它的?呢|然后呢"
    r"|(?:说|讲|介绍|展开)?(?:得|的)?(?:再)?(?:详细|具体|展开)(?:一点|一些|点|些|说说|讲讲|说一下|介绍(?:一下)?|说|讲)*(?:吗|呢|的)?"
    r"|细说(?:一下)?|具体(?:是)?(?:怎么|如何)?(?:做|说|整改|落实|弄|搞|处理)?的?(?:呢|说说|讲讲)?|(?:具体|详细)(?:的)?(?:情况|内容|措施|做法)(?:呢|是什么|有哪些)?)"
    r"[?？。]?$"
)


def asks_more(question: str) -> bool:
    """Whether a question asks for no more than the rest of what was spoken of (还有呢, 详细一点, 具体怎么做的)."""
    return bool(_MORE.match(fold(question).strip()))


_BACK = re.compile(
    r"^(?:那么?)?(?:它们?|他们?|她们?|该(?:市|县|区|局|省|项|问题|企业|公司|厂|项目)|此(?:项|事)|这(?:个|些|项|件|条|家|里|儿|边)|那(?:个|些|项|件|条|家|里|儿|边)|上述|前者|后者"
    r"|我们?(?:市|县|区|局|镇)|本(?:市|县|区|局|镇)|当地)"
)


def points_back(question: str) -> bool:
    """Whether a question begins with a word for something that was named before (它, 该市, 我市)."""
    return bool(_BACK.match(fold(question).strip()))


# -- figures of the sentence talked about ------------------------------------------------------------------------------

_ASKED_AWAY = re.compile(
    r"^(?:那么?|其中|最后|后来|又)+|(?:分别)?(?:是|有|为)?(?:多少|几).*$|(?:分别|呢|还有|总共|一共|的)+$|[?？。]"
)


def beside(
    plan: Plan, sentences: Sequence[tuple[str, Sentence]], before: str = "", former: str = ""
) -> tuple[str, Sentence, list[str]] | None:
    """The figure that a short follow-up asks for in the very sentences that proved the answer before it.

    就地转产的呢 after 关闭退出几家: the figure that stands beside 就地转产. Several where the question joins names.
    None where no figure has the question's words beside it, those above all that the question before (``before``) had
    not: 雨水管网 is not the 管网 of 污水管网. A figure like the short answer before (``former``: 12家) comes first.
    """
    what = _ASKED_AWAY.sub("", _ASKED_AWAY.sub("", plan.question)).strip("的呢,， ")
    if plan.yes_no or plan.want not in ("number", "money", "percent", "text"):
        return None
    if plan.want == "text" and not _SWAP.match(plan.question):
        return None
    names = [name for name in re.split(r"[、和及与]", what) if len(name) >= 2]
    best: tuple[float, str, Sentence, list[str]] | None = None
    for notice_id, sentence in sentences:
        figures = [f for f in _bounded(figures_of(sentence.text)) if _same_unit(f, plan)]
        units = {f.unit for f in figures if f.text and f.text == former}
        alike = [f for f in figures if f.unit in units] if _SWAP.match(plan.question) else []
        own = [_fitting(alike, name) or _fitting(figures, name) for name in names]
        found = [o for o, name in zip(own, names, strict=True) if o and _told_apart(o[2], name, before)]
        if names and len(found) == len(names) and (best is None or found[0][0] > best[0]):
            best = (found[0][0], notice_id, sentence, [sentence.text[-o[1] : -o[1] + len(o[2].text)] for o in found])
    return best[1:] if best else None


def _bounded(figures: Sequence[Figure]) -> list[Figure]:
    """The figures without those that only bound what another one counts: 3家10吨以下燃煤锅炉 are 3."""
    found: list[Figure] = []
    for figure in figures:
        last = found[-1] if found else None
        if last and last.start + len(last.text) == figure.start and re.match(r"及?以[下上内]", figure.after):
            found[-1] = replace(last, after=figure.after)
        else:
            found.append(figure)
    return found


def _fitting(figures: Sequence[Figure], name: str) -> tuple[float, int, Figure] | None:
    """The figure that a name stands beside, with how well and where."""
    best = max(((fit(f, name), -f.start, f) for f in figures), default=None, key=lambda each: each[:2])
    return best if best and best[0] >= NAMED else None


def _told_apart(figure: Figure, name: str, before: str) -> bool:
    """Whether what is new in a name against the question before stands beside the figure too."""
    former = fold(before)
    pairs = [name[n : n + 2] for n in range(len(name) - 1)]
    if not any(pair in former for pair in pairs):
        return True
    new = [pair for pair in pairs if pair not in former]
    label = figure.before + figure.after
    return not new or any(in_words(pair, label) for pair in new)


NAMED = 0.45
"""How much of a follow-up's words must stand beside a figure of the sentence talked about."""


def _same_unit(figure: Figure, plan: Plan) -> bool:
    if plan.want == "text" or _SWAP.match(plan.question) or not plan.unit:
        return True
    return figure.unit == plan.unit or figure.unit in LIKE.get(plan.unit, ())
