"""A model's wording of a briefing's paragraphs on the whole and on the categories: a ``Writer`` for ``compose``.

Every sentence is verified against the paragraph as composed and the words that it cites; what fails is asked for once
more, then left out, and a paragraph that lost a figure stays as it was. Not known here: stores and commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.errors import LLMError, LLMUnproved
from bot.ledger.table import flat
from bot.llm.chat import Chat
from bot.llm.cited import cited_texts
from bot.llm.outputs import CitedText
from bot.llm.verify import Finding, verify, without_markers
from bot.records import Citation, Figure, Paragraph
from prompts.loader import Prompt, load

PROMPT = "brief@2"
MOST = 30
"""Paragraphs of one briefing that a model is asked to word; the others stay as composed."""
SHORTEST = 24
"""Characters: a shorter paragraph has nothing to be worded."""
LONGEST_QUOTE = 600
_OTHER = re.compile(r"^(?:[三四五六七八九]、|附件)")
"""What is left to do and advice: said by code alone."""
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*[”’」』）)]*")


class ModelWriter:
    """Words paragraphs one after the other. ``warnings``: what a reader must be told of it afterwards.

    After a fault of the model, retries included, the rest of the briefing is left as composed.
    """

    def __init__(self, chat: Chat, prompt: Prompt | None = None) -> None:
        self._chat = chat
        self._prompt = prompt or load(PROMPT)
        self._asked = 0
        self._lost = 0
        self._fault = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """In Chinese, empty where all went well."""
        lost = (f"大模型写的{self._lost}处文字与原文对不上，已略去",) if self._lost else ()
        return (*lost, f"{self._fault}，其余文字由程序写成。") if self._fault else lost

    def __call__(
        self, heading: str, paragraph: Paragraph, figures: Sequence[Figure], citations: Mapping[int, Citation]
    ) -> str:
        """The paragraph in the model's words, or as it was."""
        if self._fault or self._asked >= MOST or _OTHER.match(heading) or len(paragraph.text) < SHORTEST:
            return paragraph.text
        self._asked += 1
        quotes = [citations[n].quote[:LONGEST_QUOTE] for n in paragraph.citations if n in citations]
        sources = dict(enumerate([paragraph.text, *quotes], 1))
        try:
            proved = cited_texts(
                self._chat, self._prompt, _values(heading, figures, sources), lambda text: wrong(text, sources)
            )
        except LLMUnproved:
            self._lost += 1
            return paragraph.text
        except LLMError as error:
            self._fault = str(error).rstrip("。")
            return paragraph.text
        self._lost += proved.lost
        text = "".join(without_markers(each.text) for each in proved.texts)
        return text if _has_all(text, figures) else paragraph.text


def wrong(text: CitedText, sources: Mapping[int, str]) -> list[Finding]:
    """What keeps a paragraph of the model from being printed, sentence by sentence."""
    unknown = [n for n in text.citations if n not in sources]
    if unknown or not text.citations:
        return [Finding("unknown_citation", "", "没有标明依据的条目编号，或编号不存在")]
    # The composed paragraph is proof of everything that code counted; what is quoted in it stands in the others too.
    marks = "".join(f"[{n}]" for n in dict.fromkeys([1, *text.citations]))
    sentences = [match.group() for match in _SENTENCE.finditer(without_markers(text.text))]
    return [finding for sentence in sentences for finding in verify(sentence + marks, sources)]


def _values(heading: str, figures: Sequence[Figure], sources: Mapping[int, str]) -> dict[str, str]:
    return {
        "heading": heading,
        "figures": "\n".join(figure.text for figure in figures) or "无",
        "evidence": "\n".join(f"[{n}]{flat(text)}" for n, text in sources.items()),
    }


def _has_all(text: str, figures: Sequence[Figure]) -> bool:
    """Whether every figure stands in the text, in order."""
    at = 0
    for figure in figures:
        at = text.find(figure.text, at)
        if at < 0:
            return False
        at += len(figure.text)
    return True
