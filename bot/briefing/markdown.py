"""A briefing as Markdown: quotations are block quotes, citation numbers lead to the list at the end."""

from __future__ import annotations

import re

from bot.briefing.draft import inner
from bot.briefing.layout import Kind, laid_out
from bot.ledger.table import flat
from bot.records import Briefing


def to_markdown(briefing: Briefing) -> str:
    """The briefing as Markdown, its sources numbered at the end."""
    blocks = [f"# {_plain(briefing.title)}"]
    for line in laid_out(briefing):
        marks = "".join(f"[[{n}]](#来源{n})" for n in line.citations)
        text = _plain(line.text)
        if line.kind is Kind.HEADING:
            blocks.append(f"{'#' * (line.level + 1)} {text}")
        elif line.kind is Kind.QUOTED:
            blocks.append(f"> {line.number}{text}{marks}")
        else:
            blocks.append(f"{text}{marks}")
    if briefing.citations:
        blocks.append("### 引用原文")
        blocks.append("\n".join(_source(briefing)))
    return "\n\n".join(blocks) + "\n"


def _source(briefing: Briefing) -> list[str]:
    return [
        f'- <a id="来源{c.n}"></a>[{c.n}] {_plain(c.title)}'
        f"（{_plain(c.file)}，第 {c.start}–{c.end} 字）：“{_plain(inner(flat(c.quote)))}”"
        for c in briefing.citations
    ]


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)
