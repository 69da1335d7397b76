"""Verification of what a model writes: nothing false passes, at the price of some true sentences.

Pure: a sentence with its markers, the cited texts, findings out. Each sentence must cite; every figure, date,
《title》, quoted phrase, unit, place, negation and completion wording in it must occur in the text it cites, and be
said there of the same thing (``clauses``). Paragraphs that give orders to a model prove nothing (``orders``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.gazetteer import mentions, short_name
from bot.llm import clauses as beside
from bot.llm.aspect import turned
from bot.llm.facts import facts, squeezed, unproved
from bot.llm.orders import without_orders
from bot.llm.wording import Claim, claims, over_claims
from bot.notices.documents import find_documents
from bot.notices.organizations import find_organizations
from bot.notices.plain import plain

Kind = Literal["uncited", "unknown_citation", "token", "name", "wording", "completion", "negation", "figure", "support"]

_MARKER = re.compile(r"\s*[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】]")
_PLAIN = re.compile(r"\d|^\s*(?:该|此|这)一?[项个]?(?:问题|任务|事项)")
_SUPPORT = 0.55
"""Least share of a sentence's content that its cited text must have: below it the sentence says something else."""
_CLAUSE_SUPPORT = 0.34
_WORDS: tuple[tuple[str, ...], ...] = (
    ("全部", "均", "都", "所有", "一律", "全体", "全都", "悉数", "逐一", "逐个", "每个", "无一"),
    ("国家级", "国家有关部门"),
    ("省级",),
    ("市级",),
    ("县级",),
    ("首次", "首个", "首批", "率先", "第一次"),
    ("唯一",),
    ("彻底", "完全", "根本"),
    ("圆满",),
    ("顺利",),
    ("成功",),
    ("提前",),
    ("超额",),
    ("按期", "如期", "按时", "准时"),
    ("最",),
    ("仅", "只有", "只"),
    ("上升", "升高", "增加", "增长", "提高", "提升", "上涨", "增至", "升至"),
    ("下降", "降低", "减少", "回落", "压减", "缩减", "降至", "减至", "削减"),
    ("优于", "好于", "高于", "超过"),
    ("劣于", "差于", "低于", "不及"),
    ("达标", "合格"),
    ("超标", "不合格"),
    ("好转", "改善"),
    ("恶化", "变差"),
    ("导致", "造成", "因为", "由于", "致使", "原因"),
    ("获得", "荣获"),
    ("表彰", "表扬"),
    ("肯定", "好评"),
    ("满意",),
    ("问责",),
    ("处分",),
    ("约谈",),
    ("立案",),
    ("免职", "撤职"),
    ("开除",),
    ("诫勉",),
    ("通报批评",),
    ("移送",),
    ("显著", "明显", "突出成绩"),
    ("成效", "成果", "实效", "成绩", "效果"),
    ("高度", "十分", "非常", "极大", "极其"),
    ("充分",),
    ("有力", "有效"),
    ("扎实", "稳步"),
    ("大幅", "大力"),
    ("积极", "主动"),
    ("迅速", "及时", "立即", "快速"),
    ("良好", "优秀", "优异", "出色"),
    ("深入", "全面", "深刻"),
    ("切实", "狠抓"),
    ("长效",),
    ("推广",),
    ("示范", "标杆", "亮点", "典型"),
    ("部分", "个别", "有的", "少数"),
    ("多数", "大部分", "绝大部分", "大多"),
)
"""Words that change what is said: each must stand in the cited text, or another one of its row."""
_CLAIMED: dict[Claim, str] = {
    "closed": "已销号",
    "done": "已完成",
    "basic": "基本完成",
    "under_way": "正在推进",
    "planned": "计划完成",
    "unfinished": "未完成",
    "long_term": "长期坚持",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a sentence may not be shown. ``token``: the words at fault; ``message``: as the model is told."""

    kind: Kind
    token: str
    message: str


def markers(sentence: str) -> tuple[int, ...]:
    """The numbers that a sentence cites, in order, each once; ［1］【1】[1] and [1,2] are read."""
    numbers = [int(n) for group in _MARKER.findall(sentence) for n in re.findall(r"\d+", group)]
    return tuple(dict.fromkeys(numbers))


def without_markers(sentence: str) -> str:
    """The sentence alone."""
    return _MARKER.sub("", sentence).strip()


def verify(
    sentence: str,
    citations: Mapping[int, str],
    *,
    context: Mapping[int, str] | None = None,
    spelled: Mapping[str, Sequence[str]] | None = None,
) -> list[Finding]:
    """Everything that keeps a sentence from being shown; empty where nothing does.

    ``citations``: number → cited text. ``context``: number → title and headings of the cited text, which prove names
    and places, never figures. ``spelled``: other spellings of names (环保局 → 生态环境局).
    """
    cited = markers(sentence)
    if not cited:
        return [Finding("uncited", "", "没有标注资料编号")]
    unknown = [number for number in cited if number not in citations]
    if unknown:
        return [Finding("unknown_citation", f"[{n}]", f"没有编号为[{n}]的资料") for n in unknown]
    where = "".join(f"[{number}]" for number in cited)
    proof = "\n".join(without_orders(citations[number]) for number in cited)
    about = "\n".join((context or {}).get(number, "") for number in cited)
    words = without_markers(sentence)
    return list(dict.fromkeys(_findings(words, proof, about, where, spelled or {})))


def _findings(
    words: str, proof: str, about: str, where: str, spelled: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    for token in unproved(words, proof, about):
        yield Finding("token", token, f"资料{where}中没有“{token}”")
    for name in _unnamed(words, proof, about, spelled):
        yield Finding("name", name, f"资料{where}中没有“{name}”")
    for word in _unprinted(words, proof):
        yield Finding("wording", word, f"资料{where}中没有“{word}”这样的说法")
    source = beside.clauses(proof)
    said = beside.clauses(words)
    whole = frozenset(pair for clause in said for pair in clause.content)
    if beside.verbatim(words, proof):
        return
    for clause in said:
        # 已完成9项, 该问题已整改: word for word that is this result and no other, however little else it says.
        if not (_PLAIN.search(clause.text) and beside.verbatim(clause.text, proof)):
            yield from _of_clause(clause, whole, source, where)
    for ours, theirs in beside.misplaced(words, proof):
        yield Finding("figure", ours, f"资料{where}中“{ours}”说的是别的事项，这里对应的是“{theirs}”")
    if not whole and not _says(words):
        yield Finding("support", words, f"“{words}”没有写明任何事实")
    # Names are judged as names, whatever their spelling.
    bare = beside.clauses(_blanked(words))
    yield from _support(bare, source, about, where)


def _says(words: str) -> bool:
    """Whether a sentence without words of content still says something: a figure, a date, a state (37座。 已完成。)."""
    found = facts(words)
    return bool(claims(words) or found.numbers or found.dates or found.titles or found.loose)


def _of_clause(
    clause: beside.Clause, whole: frozenset[str], source: Sequence[beside.Clause], where: str
) -> Iterator[Finding]:
    said = claims(clause.text)
    if said:
        for claim in sorted(over_claims(said, beside.printed_claims(clause, whole, source))):
            yield Finding("completion", _CLAIMED[claim], f"资料{where}没有写明这一事项“{_CLAIMED[claim]}”")
    if clause.negated and not any(other.negated for other in source):
        yield Finding("negation", clause.text.strip(), f"资料{where}中没有“{clause.text.strip()}”这样的否定")
    elif opposite := beside.flipped(clause, source) or turned(clause.text, [other.text for other in source]):
        yield Finding("negation", clause.text.strip(), f"与资料{where}相反：原文是“{opposite}”")


def _support(
    said: Sequence[beside.Clause], source: Sequence[beside.Clause], about: str, where: str
) -> Iterator[Finding]:
    """A sentence, or a long clause of it, whose content the cited text does not have."""
    whole = frozenset(pair for clause in said for pair in clause.content)
    printed = frozenset(pair for clause in source for pair in clause.content) | beside.content(plain(about))
    if whole and beside.coverage(whole, printed) < _SUPPORT:
        yield Finding("support", "", f"资料{where}没有这句话的内容")
        return
    for clause in said:
        if len(clause.content) >= 4 and beside.coverage(clause.content, printed) < _CLAUSE_SUPPORT:
            words = clause.text.strip()
            yield Finding("support", words, f"资料{where}没有“{words}”的内容")


# -- names -------------------------------------------------------------------------------------------------------------


def _blanked(words: str) -> str:
    flat = plain(words)
    for start, end in find_organizations(flat, find_documents(flat)):
        flat = flat[:start] + " " * (end - start) + flat[end:]
    return flat


def _unnamed(words: str, proof: str, about: str, spelled: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Units and places that the cited text and its headings do not name."""
    flat = plain(words)
    known = plain(f"{proof}\n{about}")
    units = [known[slice(*span)] for span in find_organizations(known, find_documents(known))]
    for start, end in find_organizations(flat, find_documents(flat)):
        name = flat[start:end]
        if not any(_is_named(form, known, units) for form in _forms(name, spelled)):
            yield name
    folded = squeezed(known)
    for place in mentions(flat):
        # 市 of another name is another place: the short name must stand there, and not as part of a longer one.
        if squeezed(short_name(place.text)) not in folded:
            yield place.text


def _forms(name: str, spelled: Mapping[str, Sequence[str]]) -> list[str]:
    """A name with other spellings of its words, and without the place before it (临湘市水利局 → 市水利局)."""
    forms = [name] + [name.replace(word, other) for word, others in spelled.items() if word in name for other in others]
    place = next((m for m in mentions(name) if m.start == 0 and m.end < len(name)), None)
    if place:
        rest = [form[place.end :] for form in forms if form.startswith(place.text)]
        forms += [part for part in rest if len(part) >= 2] + [place.text[-1] + part for part in rest]
    return forms


def _is_named(name: str, known: str, units: Sequence[str]) -> bool:
    """Whether a name stands in a text as a name of its own: 生态环境局 not where only 生态环境局东安分局 does."""
    if name in units:
        return True
    wanted = squeezed(name)
    longer = [unit for unit in map(squeezed, units) if wanted in unit]
    if longer:
        return any(unit.endswith(wanted) for unit in longer)
    return wanted in squeezed(known)


def _unprinted(words: str, proof: str) -> Iterator[str]:
    flat, printed = squeezed(words), squeezed(proof)
    for row in _WORDS:
        used = [word for word in row if word in flat]
        if used and not any(word in printed for word in row):
            yield used[0]
