"""Extraction with a model on top of the rules': read section by section, grounded, merged (see ``merge`` for the rule).

The result always satisfies ``zhenggai schema extraction``; where the model fails, what the rules found stays, and the
document says so: a section that was lost makes it ``partial``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Literal

from bot.errors import LLMCut
from bot.extraction.added import added_items, measured
from bot.extraction.examples import check_examples
from bot.extraction.ground import Grounder
from bot.extraction.merge import merged
from bot.extraction.read import Reading, read_section
from bot.extraction.said import SaidItem
from bot.extraction.sections import Section, halves, sections
from bot.llm.chat import Chat
from bot.notices.checks import check
from bot.notices.load import Loaded
from bot.notices.metadata import read_metadata
from bot.notices.outline import Outline, outline
from bot.records import Extraction, ExtractionRun, Item, SectionResult, Span
from prompts.loader import Prompt

PROMPT = "extract@1"
Progress = Callable[[int, int], None]
"""Told after each section: how many are done, and of how many."""


def extract_with_llm(
    extraction: Extraction,
    loaded: Loaded,
    chat: Chat,
    prompt: Prompt,
    *,
    parallel: int = 4,
    progress: Progress | None = None,
) -> Extraction:
    """The rules' ``extraction`` of ``loaded`` with what the model adds. Raises only ``PromptError``."""
    check_examples(prompt)
    tree = outline(loaded.text, loaded.tables)
    grounder = Grounder(loaded.text)
    todo = sections(extraction, tree)
    readings = _read_all(extraction, tree, grounder, chat, prompt, todo, parallel, progress)
    items, warnings = _with_readings(extraction, tree, grounder, readings)
    run = _run(extraction, readings, items, chat, prompt, warnings)
    notice = replace(extraction.notice, unassigned=_left(extraction, items))
    checks = check(read_metadata(loaded.text, tree), items)
    return Extraction(extraction.schema_version, notice, tuple(items), checks, run)


# -- reading -----------------------------------------------------------------------------------------------------------


def _read_all(
    extraction: Extraction,
    tree: Outline,
    grounder: Grounder,
    chat: Chat,
    prompt: Prompt,
    todo: Sequence[Section],
    parallel: int,
    progress: Progress | None,
) -> list[Reading]:
    stop: list[Reading] = []
    done = 0
    lock = threading.Lock()

    def read(section: Section) -> list[Reading]:
        nonlocal done
        # A fault that no retry mends (a wrong key) would only be met once more.
        lost = replace(stop[0], span=section.span) if stop else None
        found = [lost] if lost else list(_read(section, extraction, tree, grounder, chat, prompt))
        stop.extend(reading for reading in found if reading.stop)
        with lock:
            done += 1
            if progress:
                progress(done, len(todo))
        return found

    with ThreadPoolExecutor(max_workers=max(1, parallel)) as pool:
        return [reading for found in pool.map(read, todo) for reading in found]


def _read(
    section: Section, extraction: Extraction, tree: Outline, grounder: Grounder, chat: Chat, prompt: Prompt
) -> Iterator[Reading]:
    """The section's reading; of its halves where the answer was too long."""
    try:
        yield read_section(section, grounder, chat, prompt)
    except LLMCut as error:
        parts = halves(section, extraction, tree)
        if not parts:
            yield Reading(section.span, "failed", (), (str(error),))
        for part in parts:
            yield from _read(part, extraction, tree, grounder, chat, prompt)


# -- putting together --------------------------------------------------------------------------------------------------


def _with_readings(
    extraction: Extraction, tree: Outline, grounder: Grounder, readings: Sequence[Reading]
) -> tuple[list[Item], list[str]]:
    said = {item.rule.id: item for reading in readings for item in reading.items if item.rule}
    warnings: list[str] = []
    items: list[Item] = []
    for rule in extraction.items:
        item, differing = _one(rule, said.get(rule.id), extraction, tree, grounder)
        items.append(item)
        warnings += differing
    new = [item for reading in readings for item in reading.items if item.rule is None]
    added, refused = added_items(extraction, tree, new)
    return sorted([*items, *added], key=lambda item: item.span), warnings + refused


def _one(
    rule: Item, said: SaidItem | None, extraction: Extraction, tree: Outline, grounder: Grounder
) -> tuple[Item, list[str]]:
    if said is None:
        return rule, []
    if not rule.measures and said.measures:
        rule = measured(rule, said.measures, extraction, tree)
    return merged(rule, said, grounder)


def _run(
    extraction: Extraction,
    readings: Sequence[Reading],
    items: Sequence[Item],
    chat: Chat,
    prompt: Prompt,
    warnings: Sequence[str],
) -> ExtractionRun:
    results = tuple(SectionResult(reading.span, reading.status, reading.errors) for reading in readings)
    lost = sum(result.status == "failed" for result in results)
    status: Literal["ok", "partial", "failed"] = "ok" if all(r.status == "ok" for r in results) else "partial"
    told = list(warnings)
    if lost:
        told.insert(0, f"大模型未能读取{len(results)}段中的{lost}段，这些段落只有规则提取的结果")
    if results and lost == len(results):
        status = "failed"
    mode: Literal["rules", "llm", "merged"] = "merged" if extraction.items else "llm" if items else "rules"
    if status == "failed":
        mode = "rules"
    return ExtractionRun(mode, status, results, chat.model, prompt.name, tuple(told))


def _left(extraction: Extraction, items: Sequence[Item]) -> tuple[Span, ...]:
    """What still lies in no item: ``unassigned`` without the items that were added or grew."""
    text = extraction.notice.text
    left = list(extraction.notice.unassigned)
    for start, end in (item.span for item in items):
        pieces = [piece for low, high in left for piece in ((low, min(high, start)), (max(low, end), high))]
        left = [(low, high) for low, high in pieces if low < high]
    return tuple(_trimmed(text, span) for span in left if text[slice(*span)].strip())


def _trimmed(text: str, span: Span) -> Span:
    piece = text[slice(*span)]
    return span[0] + len(piece) - len(piece.lstrip()), span[0] + len(piece.rstrip())
