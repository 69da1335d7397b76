"""Extraction: read each labelled notice as the product does and compare it with its labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app import Incoming, read_notice
from bot.records import Extraction
from bot.schemas import from_data
from evals.gold.compile import GoldFaults, compile_labels, load_labels
from evals.log import CaseResult
from evals.metrics.items import compare
from evals.metrics.oracles import oracle_ratios, oracle_scores
from evals.metrics.score import Ratio
from evals.suite import Suite
from evals.task import Case, CaseError, Opened, Say, System

if TYPE_CHECKING:
    from bot.llm.chat import Chat

ROOT = Path(__file__).resolve().parents[2]


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per label file."""
    del say
    return Opened([_case(path) for path in suite.files()], Extraction, reading(system), score)


def _case(path: Path) -> Case:
    """Labels that cannot be read are a case in error, not a stop."""
    try:
        labels = load_labels(path)
    except GoldFaults as error:
        return Case(path.stem, ("development",), path.stem, "", error)
    return Case(labels["notice"], splits_of(labels), labels["notice"], "", labels)


def reading(system: System) -> Callable[[Case, Chat | None], Extraction]:
    """Reads a case's file: by the rules, with a model on top where there is one."""

    def read(case: Case, chat: Chat | None) -> Extraction:
        if isinstance(case.data, GoldFaults):
            raise CaseError(f"标注有误：{case.data.faults[0]}")
        file = ROOT / case.data["file"]
        incoming = Incoming(file.name, file.read_bytes())
        found = read_notice(incoming, system.settings)
        return with_model(found, incoming, system, chat) if chat else found

    return read


def with_model(found: Extraction, incoming: Incoming, system: System, chat: Chat) -> Extraction:
    """What ``extract --llm`` makes of it; sections one by one, for the cases already run side by side."""
    from bot.extraction.llm import PROMPT, extract_with_llm
    from bot.notices.load import load
    from prompts.loader import load as load_prompt

    loaded = load(incoming.data, incoming.name, limit_bytes=system.settings.max_file_mb * 2**20)
    prompt = system.prompts.get("extract") or load_prompt(PROMPT)
    return extract_with_llm(found, loaded, chat, prompt, parallel=1)


def score(case: Case, got: Extraction) -> CaseResult:
    """Figures and judgements of one notice. Raises ``CaseError`` where the gold does not fit its text."""
    try:
        gold = from_data(Extraction, compile_labels(case.data, got.notice.text))
    except GoldFaults as error:
        raise CaseError(f"标注与正文对不上：{error.faults[0]}") from error
    result = compare(got, gold)
    return case.result(
        ratios=result.ratios | oracle_ratios(got) | _sections(got),
        scores=(*result.scores, *oracle_scores(got)),
        pairs=tuple(result.status_pairs),
        detail={"text": got.notice.text, "items": len(got.items), "gold_items": len(gold.items)},
    )


def _sections(got: Extraction) -> dict[str, Ratio]:
    """With a model: the sections of which everything it said could be used."""
    sections = got.extraction.sections if got.extraction.model else ()
    return {"sections_ok": Ratio(sum(section.status == "ok" for section in sections), len(sections))}


def splits_of(labels: dict[str, Any]) -> tuple[str, ...]:
    """The splits of a label file: held out, or development with the five notices apart as well."""
    if labels["held_out"]:
        return ("held_out",)
    return ("development",) if labels["notice"].startswith("dev-") else ("seeds", "development")
