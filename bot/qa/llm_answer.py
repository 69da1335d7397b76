"""An answer written by a model from numbered evidence, and verified: buffered by sentence, shown only when proved.

Sentences that fail are asked for once more with the findings; what fails again is left out with a warning. Nothing here
finds evidence or decides whether to answer: that happened before. Every fault of the model is an ``LLMError``, for
which the caller has the extractive answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import LLMError, LLMUnproved
from bot.llm.chat import Chat
from bot.llm.verify import Finding, markers, verify, without_markers
from prompts.loader import Message, Prompt, load

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

PROMPT = "answer@1"
MAX_CHARS = 300
MAX_CITATIONS = 4
MAX_TOKENS = 600
_LONGEST_DRAFT = 4000
"""Characters after which a model that does not stop is stopped."""
_ABOUT_SHOWN = 160
"""Characters of title and headings that the model reads."""
_END = re.compile(r"[。！？!?\n]+[”’」』）)]*(?:\s*[\[［【]\s*\d{1,3}(?:\s*[,，、]\s*\d{1,3})*\s*[\]］】])*")
_OPEN_MARKER = re.compile(r"\s*(?:[\[［【]\s*[\d\s,，、]*)?$")
_BULLET = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}[.、)）]\s*(?!\d)|#+\s*|\*\*)")

OnSentence = Callable[[str], None]
Refine = Callable[[str], str | Finding]
"""What becomes of a sentence before it is verified: other words (none: it goes), or why it may not stand."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage. ``about``: its notice's title and headings, which prove names and places, never figures."""

    n: int
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """The verified sentences with their markers. ``used``: the numbers that they cite, in order of appearance."""

    text: str
    used: tuple[int, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A sentence of the draft and why it may not be shown."""

    sentence: str
    findings: tuple[Finding, ...]


def write_answer(
    question: str,
    evidence: Sequence[Evidence],
    chat: Chat,
    *,
    on_sentence: OnSentence | None = None,
    on_repair: Callable[[], None] | None = None,
    refine: Refine | None = None,
    prompt: Prompt | None = None,
    spelled: Mapping[str, Sequence[str]] | None = None,
    max_chars: int = MAX_CHARS,
    max_citations: int = MAX_CITATIONS,
) -> WrittenAnswer:
    """The model's answer, every sentence of it proved by the evidence that it cites.

    ``on_sentence`` gets each sentence once it is verified, in order; after an ``LLMError`` what it got is void.
    ``on_repair``: told when sentences are asked for again. Raises ``LLMError`` where the model fails, or where nothing
    of what it wrote can be proved.
    """
    prompt = prompt or load(PROMPT)
    judge = _Judge(evidence, spelled or {}, refine)
    shown = _Shown(on_sentence, max_chars, max_citations)
    messages = prompt.render(question=question, evidence=numbered(evidence))
    checked: list[_Checked] = []
    for sentence in _drafted(chat, messages, prompt):
        one = judge(sentence)
        checked += [one] if one.sentence else []
        if one.sentence and not any(each.findings for each in checked):
            shown.add(one.sentence)
        if shown.full or sum(bool(each.findings) for each in checked) >= _HOPELESS:
            break
    failed = [one for one in checked if one.findings]
    warnings: list[str] = []
    if failed:
        if on_repair:
            on_repair()
        mended = _mended(failed, checked, messages, chat, prompt, judge) if len(failed) < _HOPELESS else {}
        first = checked.index(failed[0])
        for one in checked[first:]:
            for sentence in mended.get(one.sentence, ()) if one.findings else (one.sentence,):
                shown.add(sentence)
        lost = len(failed) - sum(bool(mended.get(one.sentence)) for one in failed)
        if lost:
            warnings.append(f"大模型写的{lost}句话与原文对不上，已略去")
    if not shown.sentences:
        raise LLMUnproved("大模型写的答复没有一句能在原文中得到证实")
    if shown.full:
        warnings.append("大模型的答复过长，只保留了前面的部分")
    return WrittenAnswer("".join(shown.sentences), shown.used, tuple(warnings))


def _drafted(chat: Chat, messages: Sequence[Message], prompt: Prompt) -> Iterator[str]:
    """The sentences of a draft as they come; a stream that breaks off is asked for once more, whole.

    What comes twice is for the caller to show once.
    """
    begun = False
    try:
        for sentence in _sentences(chat.stream(messages, max_tokens=MAX_TOKENS, prompt=prompt.name)):
            begun = True
            yield sentence
    except LLMError as error:
        # Where nothing had come the chat itself has tried again.
        if not (begun and error.retryable):
            raise
        yield from _sentences(iter([chat.complete(messages, max_tokens=MAX_TOKENS, prompt=prompt.name).text]))


_HOPELESS = 8
"""After so many wrong sentences a model is neither heard out nor asked again."""


def writing_chain(chat: Chat, prompt: Prompt | None = None) -> Runnable[Mapping[str, Any], WrittenAnswer]:
    """The same as a LangChain ``Runnable``: takes ``question`` and ``evidence`` (pairs of number and text)."""
    from langchain_core.runnables import RunnableLambda

    def gathered(asked: Mapping[str, Any]) -> tuple[str, list[Evidence]]:
        return asked["question"], [Evidence(*one) for one in asked["evidence"]]

    def written(asked: tuple[str, list[Evidence]]) -> WrittenAnswer:
        return write_answer(*asked, chat, prompt=prompt)

    return RunnableLambda(gathered) | RunnableLambda(written)


# -- sentences ---------------------------------------------------------------------------------------------------------


def numbered(evidence: Sequence[Evidence]) -> str:
    """The evidence as a prompt shows it: a line each, its number first, then where it stands."""
    lines = []
    for one in evidence:
        about = f"（{_flat(one.about)[:_ABOUT_SHOWN]}）" if one.about else ""
        lines.append(f"[{one.n}]{about}{_flat(one.text)}")
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """A stream as whole sentences with their markers behind the full stop."""
    held, length = "", 0
    for piece in pieces:
        held, length = held + piece, length + len(piece)
        if length > _LONGEST_DRAFT:
            raise LLMError("大模型的答复没完没了，已中止")
        while (end := _sentence_end(held)) is not None:
            yield from _tidy(held[:end])
            held = held[end:]
    yield from _tidy(held)


def _sentence_end(held: str) -> int | None:
    """Where the first sentence ends; None while more of it, or of its marker, may come."""
    match = _END.search(held)
    if not match:
        return None
    rest = held[match.end() :]
    return None if _OPEN_MARKER.fullmatch(rest) else match.end()


def _tidy(raw: str) -> Iterator[str]:
    """A sentence as it is shown: no bullets, one form of markers, after the full stop; nothing for white space."""
    cited = markers(raw)
    words = _BULLET.sub("", without_markers(raw)).replace("**", "").strip()
    if not words:
        return
    words = words if words[-1] in "。！？!?”’」』）)" else words.rstrip("，,；;：:") + "。"
    yield words + "".join(f"[{number}]" for number in cited)


class _Judge:
    """Verifies sentences against fixed evidence."""

    def __init__(
        self, evidence: Sequence[Evidence], spelled: Mapping[str, Sequence[str]], refine: Refine | None
    ) -> None:
        self._texts = {one.n: one.text for one in evidence}
        self._about = {one.n: one.about for one in evidence}
        self._spelled = spelled
        self._refine = refine

    def __call__(self, sentence: str) -> _Checked:
        refined = self._refine(sentence) if self._refine else sentence
        if isinstance(refined, Finding):
            return _Checked(sentence, (refined,))
        sentence = refined
        if not sentence:
            return _Checked("", ())
        found = verify(sentence, self._texts, context=self._about, spelled=self._spelled)
        return _Checked(sentence, tuple(found))


class _Shown:
    """The sentences shown so far, within the limits of an answer."""

    def __init__(self, on_sentence: OnSentence | None, max_chars: int, max_citations: int) -> None:
        self._on_sentence = on_sentence
        self._max_chars = max_chars
        self._max_citations = max_citations
        self.sentences: list[str] = []
        self.used: tuple[int, ...] = ()
        self.full = False

    def add(self, sentence: str) -> None:
        used = tuple(dict.fromkeys((*self.used, *markers(sentence))))
        long = sum(map(len, self.sentences)) + len(sentence) > self._max_chars
        if self.full or long or len(used) > self._max_citations:
            self.full = True
            return
        if sentence in self.sentences:
            return
        self.sentences.append(sentence)
        self.used = used
        if self._on_sentence:
            self._on_sentence(sentence)


# -- repair ------------------------------------------------------------------------------------------------------------


def _mended(
    failed: Sequence[_Checked],
    checked: Sequence[_Checked],
    messages: Sequence[Message],
    chat: Chat,
    prompt: Prompt,
    judge: _Judge,
) -> dict[str, list[str]]:
    """Failed sentence → the sentences that take its place; one round. A fault in it costs only these sentences."""
    told = "\n".join(f"{one.sentence} —— {'；'.join(f.message for f in one.findings[:4])}" for one in failed)
    draft = Message("assistant", "".join(one.sentence for one in checked))
    try:
        reply = chat.complete([*messages, draft, prompt.ask_again(told)], max_tokens=MAX_TOKENS, prompt=prompt.name)
    except LLMError:
        return {}
    again = [judge(sentence) for sentence in _sentences(iter([reply.text[:_LONGEST_DRAFT]]))]
    proved = [one.sentence for one in again if one.sentence and not one.findings]
    old = {one.sentence for one in checked if not one.findings}
    return _placed([sentence for sentence in proved if sentence not in old], failed)


def _placed(sentences: Sequence[str], failed: Sequence[_Checked]) -> dict[str, list[str]]:
    """Each new sentence in the place of the failed one that it resembles most; their order is kept."""
    places: dict[str, list[str]] = {}
    at = 0
    for sentence in sentences:
        rest = failed[at:]
        best = max(range(len(rest)), key=lambda n: (_alike(sentence, rest[n].sentence), -n))
        at += best
        places.setdefault(failed[at].sentence, []).append(sentence)
    return places


def _alike(one: str, other: str) -> int:
    return len({one[n : n + 2] for n in range(len(one))} & {other[n : n + 2] for n in range(len(other))})
