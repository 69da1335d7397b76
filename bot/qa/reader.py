"""The words of a sentence that answer a question for no typed value: every span of its words is weighed.

Features are read off the words beside a span and off the question word (who, what, why, how, where things stand);
what each counts was fitted on the development questions by ``python -m evals.bench.reading --fit``. Knows words, not
grammar.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.fold import fold
from bot.qa.evidence import Proof
from bot.qa.question import Plan
from bot.qa.roles import in_part, joined, post_asked, post_holders
from bot.qa.spans import answering_span
from bot.qa.terms import Terms
from bot.qa.values import typed_values
from bot.qa.words import cut_words, generic_words, synonyms, verbs
from bot.records import Span, Want

MAX_WORDS = 26
"""Words of a span within one clause."""
_BREAKS = frozenset(",，;；:：。！？!?\n\t")
_CIRCLED = re.compile(r"[①-⑳]")
_OPEN, _CLOSE = "“「『《〈(（[【", "”」』》〉)）]】"
_ASIDE = "(（[【〔"
_FUNCTION = frozenset(
    [
        "的",
        "了",
        "和",
        "与",
        "及",
        "以及",
        "或",
        "等",
        "对",
        "将",
        "把",
        "被",
        "向",
        "给",
        "由",
        "从",
        "在",
        "于",
        "为",
        "是",
        "并",
        "并且",
        "且",
        "而",
        "也",
        "就",
        "都",
        "则",
        "又",
        "其",
        "其中",
        "该",
        "此",
        "个",
        "、",
        "等等",
        "以",
        "用",
        "因",
        "按",
        "按照",
        "根据",
        "经",
        "通过",
        "委托",
        "同时",
        "之",
        "所",
        "中",
        "后",
        "前",
        "时",
        "上",
        "下",
    ]
)
_LEADING = frozenset(
    [
        "由",
        "向",
        "给",
        "委托",
        "以",
        "用",
        "通过",
        "采用",
        "采取",
        "实行",
        "请",
        "聘请",
        "邀请",
        "从",
        "在",
        "到",
        "至",
        "对",
        "将",
        "把",
        "因",
        "由于",
        "为",
        "是",
        "按",
        "根据",
        "会同",
        "与",
    ]
)
_STANDING = re.compile(r"^(?:已|均|全部|正在|正|尚未|未|剩余|预计|基本|主体|整改完|完成|达到|一律|严格|现已|目前)")
_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]是|\d+[.、]|[(（][一二三四五六七八九十\d]+[)）]|[①-⑳]|[一二三四五六七八九十]+、)+"
)
_WHO = re.compile(r"[局委部厅会院校组队办府司厂店站社所室科股处团社心行岸]$|企业$|单位$|集团$|中心$|科院$")
_POST = re.compile(r"书记|局长|主任|组长|负责人|长$")
_WHERE = re.compile(r"[省市县区镇乡村街路河湖江段园库站场]$|网站|平台|断面|微博")

_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("why", re.compile(r"为啥|为什么|为何|原因|怎么回事|咋回事|因为啥|因为什么|凭啥|凭什么|卡在哪")),
    ("stand", re.compile(r"到哪了|哪一?步|[什么啥]程度")),
    (
        "where",
        re.compile(
            r"哪里|哪儿|哪去|在哪|什么地方|啥地方|何处|哪[个些条段几]*(?:区|县|市|镇|乡|村|地方|河|路|街|江|断面)"
        ),
    ),
    (
        "who",
        re.compile(
            r"谁|哪一?级|哪一?[个家些几两]*[^,，。?？]{0,4}(?:局|部门|部委|单位|公司|企业|院|组|科室|股室|机构|处|所|办|学校|银行|中心|大队|支队|人)|(?:什么|啥)(?:单位|部门|机构|公司)|哪[一几两]?家|哪些人|什么人"
        ),
    ),
    (
        "stand",
        re.compile(
            r"(?:得|成|在|看着|现在|目前|眼下|最后|结果|了)(?:怎么样|怎样|咋样|如何|啥样|什么样)|怎么样了?|怎样了|咋样"
            r"|[啥么]情况|现在呢|目前呢|进度|结果如何|进展(?:$|如何|怎)|着落"
        ),
    ),
    ("how", re.compile(r"怎么|咋|如何|怎样|动作|措施|啥招|做了什么|干了啥")),
    ("what", re.compile(r"什么|啥|哪|何|谁")),
)
_PHRASE = {"what": "np", "who": "np", "where": "np", "how": "vp", "stand": "vp", "why": "why", "terse": "np"}
"""Whether the answer is a name of something or what is said of something."""
_QUESTION_WORD = re.compile(
    r"(?:为什么|为啥|什么时[候间]|啥时候?|何时|几时|多长时间|多久|多少|哪一?[天年月]|几[年月号日]|几个?(?:百分点|月)?|哪里|哪儿|什么样的?|什么|啥样?的?|哪一?[个家些种项份部所条段位名类座次几两]*|谁|怎么样?|怎样|咋样?|如何|为何|何)"
)
_NAMED = re.compile(r"([\u4e00-\u9fff]{2})(?:名字|名称|名)?(?:是|叫)(?:做)?$")
_EMPTY = re.compile(r"[的了是在有过呢吗吧啊呀得着被把将让请]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader sees it: its class, the noun after its question word, the words left and right of it."""

    kind: str
    head: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A span of a sentence that may be the answer; ``features`` by name."""

    start: int
    end: int
    features: Mapping[str, float]

    def weighed(self, weights: Mapping[str, float]) -> float:
        """The sum of the features, each times its weight."""
        return sum(weights.get(name, 0.0) * value for name, value in self.features.items())


@cache
def weights() -> Mapping[str, float]:
    """What each feature counts."""
    found: Mapping[str, float] = json.loads(resources.files("bot.data").joinpath("reading.json").read_text("utf-8"))
    return found


def asked_of(plan: Plan) -> Asked:
    """The question's class, head and neighbours."""
    text = plan.question
    kind = next((name for name, pattern in _CLASSES if pattern.search(text)), "terse")
    match = _QUESTION_WORD.search(text)
    if not match:
        return Asked(kind, "", tuple(_content(text)[-2:]), (), text)
    left, right = _content(text[: match.start()]), _content(text[match.end() :])
    typed = _WHO.search(right[0]) if right and kind == "who" else None
    head = right[0] if right and text[match.end() :].startswith(right[0]) and _PHRASE[kind] == "np" else ""
    named = _NAMED.search(text[: match.start()])
    head = "" if (head in verbs() and not typed) or head == "名字" else head
    if named and not head and _PHRASE[kind] == "np":
        head = named[1]
    return Asked(kind, head, tuple(left[-2:]), tuple(right[1 if head else 0 :][:2]), text)


def _content(text: str) -> list[str]:
    return [
        word
        for word in cut_words(text)
        if word.strip() and not _EMPTY.fullmatch(word) and word not in _FUNCTION and word[0].isalnum()
    ]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in its sentence. ``known``: share of its characters that the question has, itself or by a synonym;
    ``left``, ``right``: how well it says the word before or behind the question word."""

    text: str
    start: int
    end: int
    clause: int
    known: float
    left: float
    right: float
    breaks: bool
    function: bool
    verb: bool
    leading: bool


_NONE = _Word("", 0, 0, -1, 0.0, 0.0, 0.0, breaks=True, function=False, verb=False, leading=False)


def _words(flat: str, asked: Asked) -> list[_Word]:
    found, at, clause = [], 0, 0
    for word in cut_words(flat):
        breaks = word in _BREAKS or not word.strip()
        known = 0.0 if breaks else _known(word, asked.text)
        left, right = (0.0, 0.0) if breaks else (_aligned(word, asked.left[-1:]), _aligned(word, asked.right[:1]))
        found.append(
            _Word(
                word, at, at + len(word), clause, known, left, right, breaks=breaks, function=word in _FUNCTION,
                verb=word in verbs(), leading=word in _LEADING or word[-1] in "入到至给向在于由为",
            )
        )  # fmt: skip
        at += len(word)
        clause += word in _BREAKS
    return found


def _known(word: str, question: str) -> float:
    if word in question:
        return 1.0
    if any(other in question for other in synonyms().get(word, ())):
        return 0.8
    return 0.5 if len(word) >= 2 and sum(char in question for char in word) * 2 >= len(word) else 0.0


def _aligned(word: str, others: Sequence[str]) -> float:
    """How well a word says one of the others."""
    for other in others:
        if word == other:
            return 1.0
        if other in synonyms().get(word, ()):
            return 0.8
        if set(word) & set(other) - set("不一二三的了"):
            return 0.6
    return 0.0


READ = 3
"""Sentences that are read for an answer."""
NEAR = 0.62
"""They are at least so good, as a share of the best one."""
_TYPES: Mapping[str, Want] = {"who": "organization", "where": "place"}


def near_best(found: Sequence[Proof], plan: Plan) -> list[Proof]:
    """The sentences of one notice that are read for the answer, best first."""
    amount = {id(p): p.topical if plan.want == "text" else p.score for p in found}
    ordered = sorted(found, key=lambda p: -amount[id(p)])
    best = ordered[0]
    return [p for p in ordered if p.notice_id == best.notice_id and amount[id(p)] >= NEAR * amount[id(best)]][:READ]


def all_readings(near: Sequence[Proof], plan: Plan, terms: Terms) -> list[tuple[Proof, Reading]]:
    """Every span of every sentence, with what its sentence is worth against the best one."""
    amounts = [p.topical if plan.want == "text" else p.score for p in near]
    found: list[tuple[Proof, Reading]] = []
    for n, proof in enumerate(near):
        extra = {"score": amounts[n] / (amounts[0] or 1.0), "rank": float(n > 0)}
        for reading in readings(proof.sentence.text, plan, terms, _offered(proof, plan, terms)):
            found.append((proof, Reading(reading.start, reading.end, {**reading.features, **extra})))
    return found


def read(found: Sequence[Proof], plan: Plan, terms: Terms) -> tuple[Proof, str] | None:
    """The span that answers the question best, as printed, with its sentence; None where there is no word to read."""
    spans = all_readings(near_best(found, plan), plan, terms)
    if not spans:
        return None
    proof, best = max(spans, key=lambda pair: pair[1].weighed(weights()))
    said = _TRAILING.sub("", proof.sentence.text[best.start : best.end])
    return proof, state_alone(said, plan)


_TRAILING = re.compile(r"(?<=[\u4e00-\u9fff]{3})(?:等措施|等方式|等办法)?(?:已|均|将|都|正)$")


_STATE_WORD = re.compile(r"正在|已(?!销号$)|尚未|仍在|暂未")
_BARE_SUBJECT = re.compile(
    r"^(?:(?:该|此项|本)?(?:项目|工程|问题)(?=主体|已|正在)|(?:剩余|其余)\d+[^\d已正尚]{1,2}(?=已|正在|尚未))"
)


def state_alone(said: str, plan: Plan) -> str:
    """How something stands, without the subject that the question named: 集镇智慧停车系统正在招标."""
    if asked_of(plan).kind != "stand" and plan.want != "status":
        return said
    said = _BARE_SUBJECT.sub("", said)
    state = _STATE_WORD.search(said)
    subject = fold(said[: state.start()]) if state else ""
    known = sum(char in plan.question for char in subject)
    return said[state.start() :] if state and subject and known >= SUBJECT_SHARE * len(subject) else said


SUBJECT_SHARE = 0.5
"""So many of its characters must the question have named."""


def _offered(proof: Proof, plan: Plan, terms: Terms) -> list[Span]:
    """The spans that patterns pick: values of the type asked for, holders of a post, the clause that tells most."""
    text, found = proof.sentence.text, []
    told = answering_span(text, plan, terms)
    if told and told in text:
        found.append((text.find(told), text.find(told) + len(told)))
    kind = asked_of(plan).kind
    if kind in _TYPES:
        values = in_part(plan.question, text, typed_values(text, _TYPES[kind], None))
        found = [(v.start, v.end) for value in values for v in (joined(text, values, value),)]
    post = post_asked(plan.question)
    found += [(v.start, v.end) for v in post_holders(text, post)] if post else []
    return [*found, (proof.best.start, proof.best.end)] if proof.best else found


def readings(sentence: str, plan: Plan, terms: Terms, offered: Sequence[Span] = ()) -> list[Reading]:
    """Every span that may be the answer, with its features. ``offered``: spans that patterns have picked."""
    line = _line(sentence, plan, terms, offered)
    words = line.words
    return [Reading(words[i].start, words[j].end, _features(line, i, j)) for i, j in _spans(words)]


def _line(sentence: str, plan: Plan, terms: Terms, offered: Sequence[Span] = ()) -> _Line:
    parted = _CIRCLED.sub(";", sentence)
    flat = fold(parted)
    flat = flat if len(flat) == len(sentence) else parted.lower()
    asked = asked_of(plan)
    words = _words(flat, asked)
    return _Line(flat, words, asked, _clause_shares(words, terms), frozenset(offered))


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence with its words, under one question."""

    flat: str
    words: Sequence[_Word]
    asked: Asked
    shares: Sequence[float]
    offered: frozenset[tuple[int, int]]


def _clause_shares(words: Sequence[_Word], terms: Terms) -> list[float]:
    """How much of the question's terms each clause has, 0-1.3."""
    texts = [""] * (words[-1].clause + 1 if words else 0)
    for word in words:
        texts[word.clause] += word.text
    return [terms.share(terms.covered(text)) + 0.3 * terms.letters(text) for text in texts]


def _spans(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """First and last word of every span: within a clause, or from one to the end of one of the next two."""
    number = len(words)
    for i, first in enumerate(words):
        if first.breaks or first.function or first.text in _CLOSE or first.text in _ASIDE:
            continue
        for j in range(i, min(number, i + MAX_WORDS * 2)):
            last = words[j]
            crossing = last.clause - first.clause
            if crossing > 2 or (not crossing and j - i >= MAX_WORDS):
                break
            if last.breaks or last.text in _OPEN or (last.function and last.text != "等"):
                continue
            if crossing and j + 1 < number and not words[j + 1].breaks:
                continue
            yield i, j


_TITLED = re.compile(
    r"[叫印发出].{0,4}[什啥]|文件|方案|制度|通知|通报|办法|规定|意见|规范|规程|清单|文书|模式|活动|会议|精神|片"
)
_LISTED = frozenset(("、", "和", "与", "及", "以及", "会同"))
_RESTATED = re.compile(r"^(?:针对|关于|对于)|问题[”\"]?$|高度重视|^整改(?:措施|情况|结果)")


def _features(line: _Line, i: int, j: int) -> dict[str, float]:
    words, asked = line.words, line.asked
    first, last = words[i], words[j]
    before, after = words[i - 1] if i else _NONE, words[j + 1] if j + 1 < len(words) else _NONE
    text, size = line.flat[first.start : last.end], last.end - first.start
    kind, phrase = asked.kind, _PHRASE[asked.kind]
    inside = words[i : j + 1]
    by_phrase = {
        "known": sum(w.known * len(w.text) for w in inside) / size,
        "first_known": first.known >= 0.8,
        "last_known": last.known >= 0.8,
        "starts": before.breaks,
        "ends": after.breaks,
        "crossing": last.clause > first.clause,
        "verb_before": before.verb,
        "lead_before": before.leading,
        "verb_after": after.verb or after.leading,
        "verb_first": first.verb,
        "verb_last": last.verb,
        "verbs": sum(w.verb for w in inside[1:-1]) / max(len(inside) - 2, 3),
        "verb_in": any(w.verb for w in inside[1:-1]),
        "left_before": before.left,
        "right_after": after.right,
        "near_left": max((w.known for w in words[max(0, i - 3) : i] if w.clause == first.clause), default=0.0),
        "near_right": max((w.known for w in words[j + 1 : j + 4] if w.clause == last.clause), default=0.0),
        "standing": bool(_STANDING.match(text)),
        "before_of": after.text in ("的", "等"),
        "left_clause": max((w.left for w in words[:i] if w.clause == first.clause), default=0.0),
        "right_clause": max((w.right for w in words[j + 1 :] if w.clause == last.clause), default=0.0),
        "word": i == j and (size == 1 or first.text in generic_words()),
        "offered": (first.start, last.end) in line.offered,
    }
    found = {f"{phrase}:{name}": float(value) for name, value in by_phrase.items() if value}
    found |= {
        "said": line.shares[first.clause],
        "clause": line.shares[first.clause] / (max(line.shares) or 1.0),
        "said_before": line.shares[first.clause - 1] if first.clause and before.breaks else 0.0,
        "last_clause": float(last.clause == words[-1].clause - words[-1].breaks),
        "marker": float(bool(_MARKER.match(text))),
        "unbalanced": float(any(text.count(a) != text.count(b) for a, b in zip(_OPEN, _CLOSE, strict=True))),
        "part_of_list": float(after.text in _LISTED or before.text in _LISTED),
        "head": float(bool(asked.head) and last.text[-1] == asked.head[-1]),
        "restates": float(bool(_RESTATED.search(text))),
        "quoted": float(text[0] in _OPEN and text[-1] in _CLOSE),
        "titled": float(text[0] in "《“" and text[-1] in "》”" and bool(_TITLED.search(asked.text))),
        f"{kind}:short": float(size <= (1 if kind == "what" else 3)),
        f"{kind}:size": min(size, 40) / 10,
    }
    if kind == "who":
        found["who:name"] = float(bool(_WHO.search(text) or _POST.search(text)))
    if kind == "where":
        found["where:name"] = float(bool(_WHERE.search(text)))
    return {name: value for name, value in found.items() if value}
