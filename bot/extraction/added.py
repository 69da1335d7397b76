"""Items, and measures of items, that only the model saw: where they lie is the model's, their values are the rules'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.extraction.said import SaidItem
from bot.notices.drafts import Draft
from bot.notices.extract import read_items
from bot.notices.metadata import read_metadata
from bot.notices.outline import Outline
from bot.notices.settle import settle_categories, unique_labels
from bot.notices.unled import category
from bot.records import Extraction, Item, Span

_UNNUMBERED = "?"
"""Label of an item that stands under no number."""


def measured(rule: Item, measures: Sequence[Span], extraction: Extraction, tree: Outline) -> Item:
    """A rules' item without measures, with the stretch that the model's measures cover read by the rules."""
    rect = measures[0][0], measures[-1][1]
    if rect[0] < rule.problem.span[1]:
        return rule
    draft = Draft(rule.label, rule.span[0], max(rule.span[1], rect[1]), rule.problem.span, rect=(rect,))
    item = _read(extraction, tree, [draft])[0]
    kept = ("id", "category", "category_label", "responsible_units", "responsible_persons", "deadline", "target")
    item = replace(item, **{key: getattr(rule, key) for key in kept})
    return item if rule.status.value == "not_stated" else replace(item, status=rule.status)


def added_items(extraction: Extraction, tree: Outline, said: Sequence[SaidItem]) -> tuple[list[Item], list[str]]:
    """New items that may stand beside the rules', and why the others may not."""
    drafts: list[Draft] = []
    refused: list[str] = []
    for one in sorted(said, key=lambda item: item.problem):
        why = _refusal(extraction, one)
        if why:
            words = extraction.notice.text[slice(*one.problem)]
            refused.append(f"大模型另列的问题“{words[:24]}”未采用：{why}")
        else:
            drafts.append(_draft(tree, one))
    taken = {item.label for item in extraction.items}
    settled = drafts if extraction.items else settle_categories(tree, drafts)
    labelled = [d if d.label not in taken else replace(d, label=f"{d.label}~2") for d in settled]
    return list(_read(extraction, tree, unique_labels(labelled))), refused


def _refusal(extraction: Extraction, said: SaidItem) -> str:
    if not said.measures:
        return "没有整改措施"
    start, end = said.problem[0], said.measures[-1][1]
    if said.measures[0][0] < said.problem[1]:
        return "措施与问题重叠"
    if not extraction.items:
        return ""
    if any(item.span[0] < end and start < item.span[1] for item in extraction.items):
        return "与已有的条目重叠"
    inside = any(low <= start and end <= high for low, high in extraction.notice.unassigned)
    return "" if inside else "不在整改部分之内"


def _draft(tree: Outline, said: SaidItem) -> Draft:
    start, end = said.problem[0], said.measures[-1][1]
    index = tree.at(start)
    above, label = category(tree, index) if index >= 0 else (None, None)
    # The number stands before the problem: the item begins with it where it opens the same line.
    head = tree.headings[index].start if index >= 0 and start <= tree.headings[index].line_end else start
    return Draft(
        tree.label(index) if index >= 0 else _UNNUMBERED,
        head,
        end,
        said.problem,
        above,
        label,
        ((said.measures[0][0], end),),
    )


def _read(extraction: Extraction, tree: Outline, drafts: Sequence[Draft]) -> tuple[Item, ...]:
    text = extraction.notice.text
    return read_items(text, tree, read_metadata(text, tree), extraction.notice.id, drafts) if drafts else ()
