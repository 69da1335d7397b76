"""From the rules' answer to one in a model's words, or back to the rules': what is shown is proved either way.

Only lookups are worded by a model. Refusals were decided before, counts, lists and comparisons are computed. The model
gets the sentences that the rules chose and what stands beside them, and may neither decide 是 or 不是 nor pick another
figure: an answer without the value that the rules found there is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import LLMError, LLMUnproved
from bot.fold import fold
from bot.llm.chat import Chat
from bot.llm.facts import facts, squeezed, unproved
from bot.llm.verify import Finding, markers, without_markers
from bot.qa.compose import MAX_LOOKUP, Found
from bot.qa.llm_answer import MAX_CITATIONS, Evidence, WrittenAnswer, write_answer
from bot.qa.words import synonyms
from bot.records import Answer, Citation
from prompts.loader import Prompt

OnSentence = Callable[[str, tuple[Citation, ...]], None]
"""Told each verified sentence, its markers numbered as in the answer, with the citations that it is the first to use.

The ``Answer`` that is returned in the end stands instead of all of them: a model that fails later on loses its answer.
"""
OnStage = Callable[[str], None]
"""Told in Chinese what is being done, for a status line."""

MAX_EVIDENCE = 8
"""Passages that the model is given, those of the rules' answer among them."""
MAX_EVIDENCE_CHARS = 2400
RELATED = 0.45
"""A passage beside the rules' own must be at least so topical, as a share of the most topical one's."""
FALLBACK = "以下为原文摘录"


About = Callable[[str, str | None], str]
"""Notice id and item id (None outside items) → title, units and finding: what tells a reader where a sentence stands.
"""


def may_word(found: Found) -> bool:
    """Whether the answer is one that a model may put into words: quoted, not computed, not refused."""
    answer = found.answer
    if answer.status == "refused" or answer.route != "lookup" or answer.value or not answer.citations:
        return False
    return _is_verdict(answer) or answer.short_answer is None or _stands_in(answer.short_answer, answer.citations)


def worded(
    found: Found,
    about: About,
    chat: Chat,
    *,
    prompt: Prompt | None = None,
    on_sentence: OnSentence | None = None,
    on_stage: OnStage | None = None,
) -> Answer:
    """The answer in the model's words, every sentence verified; the rules' with a warning where the model fails."""
    stage = on_stage or (lambda _: None)
    stage("正在撰写答复，写好一句核对一句…")
    sources = _sources(found, about)
    shown = _Numbered(found, sources, on_sentence)
    try:
        written = write_answer(
            found.question,
            [Evidence(n, c.quote, about) for n, (c, about) in enumerate(sources, 1)],
            chat,
            prompt=prompt,
            on_sentence=shown.add,
            on_repair=lambda: stage("有的句子与原文对不上，正在更正…"),
            refine=_verdicts(without_markers(shown.lead)) if found.plan and found.plan.yes_no else None,
            spelled=synonyms(),
            max_chars=MAX_LOOKUP - len(shown.lead),
            max_citations=MAX_CITATIONS - len(markers(shown.lead)),
        )
        return _answer(found, shown, written)
    except LLMError as error:
        warning = f"{str(error).rstrip('。')}，{FALLBACK}。"
        return replace(found.answer, warnings=(*found.answer.warnings, warning))


def _answer(found: Found, shown: _Numbered, written: WrittenAnswer) -> Answer:
    """Raises ``LLMUnproved`` where what was asked for does not stand in it."""
    if not shown.answers(written.text):
        raise LLMUnproved(f"大模型的答复没有写出所问的“{found.answer.short_answer}”")
    text, citations = shown.renumbered(written.text)
    short = found.answer.short_answer
    if short and not _is_verdict(found.answer) and not _stands_in(short, citations):
        short = None
    return replace(
        found.answer,
        answer=shown.lead + text,
        short_answer=short,
        mode="llm",
        citations=citations,
        warnings=(*found.answer.warnings, *written.warnings),
    )


# -- evidence ----------------------------------------------------------------------------------------------------------


def _sources(found: Found, about: About) -> list[tuple[Citation, str]]:
    """What the model may cite, with headings: the rules' citations first, then what stands beside them.

    Beside: of the same item, else (outside items) of the same notice; nothing of another notice is mixed in.
    """
    cited = list(found.answer.citations)
    where = {(p.notice_id, p.sentence.start): p.item_id for p in found.proofs}
    only = found.answer.items[0] if len(found.answer.items) == 1 else None
    items, notices = set(found.answer.items), {c.notice_id for c in cited}
    best = max((p.topical for p in found.proofs), default=0.0)
    taken = {(c.notice_id, c.start, c.end) for c in cited}
    size = sum(len(c.quote) for c in cited)
    for p in found.proofs:
        spot = (p.notice_id, p.sentence.start, p.sentence.end)
        beside = p.item_id in items if items else p.item_id is None and p.notice_id in notices
        size += len(p.sentence.text) if beside and spot not in taken else 0
        if not beside or spot in taken or p.topical < RELATED * best or size > MAX_EVIDENCE_CHARS:
            continue
        like = next(c for c in cited if c.notice_id == p.notice_id)
        cited.append(replace(like, start=spot[1], end=spot[2], quote=p.sentence.text))
        taken.add(spot)
    return [
        (replace(c, n=n), about(c.notice_id, where.get((c.notice_id, c.start), only)))
        for n, c in enumerate(cited[:MAX_EVIDENCE], 1)
    ]


def _stands_in(short: str, citations: Sequence[Citation]) -> bool:
    proof = "\n".join(squeezed(c.quote) for c in citations)
    return all(squeezed(part) in proof for part in re.split("、", short) if part)


def _is_verdict(answer: Answer) -> bool:
    return answer.short_answer in ("是", "不是")


# -- yes and no --------------------------------------------------------------------------------------------------------

_YES = re.compile(r"^(?:是的?|对的?|没错|正确|属实|确实如此|确实|有的?|已经?是)[,，。:：!！]\s*")
_NO = re.compile(r"^(?:不是的?|不对|否|并非如此|并非|不属实|没有|还?没|尚未|错误)[,，。:：!！]\s*")


def _verdicts(lead: str) -> Callable[[str], str | Finding]:
    """What becomes of a sentence of a yes/no answer: code has said 是 or 不是, the model may only give the reason."""

    def refine(sentence: str) -> str | Finding:
        for pattern, same in ((_YES, "是。"), (_NO, "不是。")):
            if match := pattern.match(sentence):
                if lead != same:
                    words = match.group().strip(",，。:：!！ ")
                    return Finding("negation", words, f"不要写“{words}”，只写资料写明的事实")
                return sentence[match.end() :] if without_markers(sentence[match.end() :]) else ""
        return sentence

    return refine


# -- numbering ---------------------------------------------------------------------------------------------------------


class _Numbered:
    """Sentences on their way out: markers numbered by first use, the verdict first.

    Nothing is handed on before the value asked for stands in it.
    """

    def __init__(self, found: Found, sources: Sequence[tuple[Citation, str]], on_sentence: OnSentence | None) -> None:
        self.lead = _lead(found.answer)
        self._sources = {c.n: c for c, _ in sources}
        self._must = _must_say(found)
        self._on_sentence = on_sentence
        self._numbers: dict[int, int] = {}
        self._held: list[str] = []
        self._open = False
        # What code says first is proved by the citations that the rules gave it.
        self.renumbered(self.lead)

    def add(self, sentence: str) -> None:
        self._held.append(sentence)
        if self._on_sentence is None or not (self._open or self.answers("".join(self._held))):
            return
        for each in self._held:
            known = len(self._numbers) if self._open else 0
            text, citations = self.renumbered(each)
            lead = "" if self._open else self.lead
            self._open = True
            self._on_sentence(lead + text, citations[known:])
        self._held.clear()

    def answers(self, text: str) -> bool:
        """Whether the value that was asked for stands in the text."""
        words = without_markers(text)
        return all(_has(words, part) for part in self._must.split("、") if part)

    def renumbered(self, text: str) -> tuple[str, tuple[Citation, ...]]:
        """The text with its markers numbered by first use, and all citations used so far."""
        for n in markers(text):
            self._numbers.setdefault(n, len(self._numbers) + 1)
        new = re.sub(r"\[(\d+)\]", lambda m: f"[{self._numbers[int(m[1])]}]", text)
        return new, tuple(replace(self._sources[old], n=n) for old, n in self._numbers.items())


def _lead(answer: Answer) -> str:
    """What code decided and says first: 是。, 不是。, the state of an item; never words that announce a quotation."""
    first = fold(answer.citations[0].quote)[:12]
    at = fold(answer.answer).find(first)
    lead = answer.answer[:at] if at > 0 else ""
    return lead if without_markers(lead).endswith("。") else ""


def _has(words: str, value: str) -> bool:
    """Whether a value stands in words; 约119立方米 has 119立方米: what is said of it was verified with it."""
    wanted, found = facts(value), facts(words)
    if wanted.numbers:
        return {(n.value, n.unit) for n in wanted.numbers} <= {(n.value, n.unit) for n in found.numbers}
    return not unproved(value, words) if wanted.dates else squeezed(value) in squeezed(words)


def _must_say(found: Found) -> str:
    """The short answer of a typed question, which the model's answer must have; "" where any wording will do."""
    plan, short = found.plan, found.answer.short_answer
    if plan is None or not short or plan.want in ("text", "status") or _is_verdict(found.answer):
        return ""
    return short
