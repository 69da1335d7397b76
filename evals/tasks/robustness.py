"""Robustness: questions said otherwise, notices that resemble each other, orders hidden in a notice, damaged files.

A case is a line of ``gold/robustness.jsonl``; the notices that its questions are asked over are those of
``gold/robustness.yaml``. A question counts as robust when its answer is right in every respect that its gold has; a
file when it is read as the sound one is, or refused with a reason where it cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.app import Incoming, read_notice
from bot.errors import InputError, UsageError
from bot.fold import fold
from bot.records import Answer, Extraction
from bot.schemas import to_data
from evals.cases import Question, read_questions, split_of
from evals.damage import DAMAGES, ORDER, full_width, swapped, traditional, with_orders
from evals.hashes import notice_files
from evals.log import RUNS, CaseResult
from evals.metrics.evidence import Proof
from evals.metrics.score import Ratio, Score
from evals.stores import gold_store
from evals.suite import ROOT, Suite
from evals.task import Case, Opened, Say, System
from evals.tasks.answer import answer_ratios, answer_scores, asking, texts_of, written
from evals.tasks.extraction import with_model

if TYPE_CHECKING:
    from bot.llm.chat import Chat
    from bot.settings import Settings

NOTICES = ROOT / "gold" / "robustness.yaml"
Kind = Literal["paraphrase", "typo", "traditional", "full_width", "twin", "injected", "damaged"]
_WRITTEN: dict[str, Any] = {"traditional": traditional, "full_width": full_width}


class Trial(BaseModel):
    """One line. ``of``: the qid of the question, or the id of the notice, that is made harder; ``question``: said
    otherwise; ``twin``: asked about this twin instead; ``forbidden``: words that may not stand in the answer;
    ``damage``: the rule of ``damage.py``, for files; ``expect``: ``failed`` where a file cannot be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    qid: str
    kind: Kind
    of: str
    question: str | None = None
    twin: str | None = None
    forbidden: tuple[str, ...] = ()
    damage: str | None = None
    expect: Literal["same", "failed"] = "same"


@dataclass(frozen=True, slots=True)
class Posed:
    """A trial with the question it poses; None for a file."""

    trial: Trial
    question: Question | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a case: an answer, or how the sound and the damaged file were read; ``failed``: why it was not."""

    answer: Answer | None = None
    sound: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    failed: str = ""


def open_task(suite: Suite, system: System, say: Say) -> Opened:
    """One case per line."""
    store = gold_store(system.settings, _notices(RUNS / "robustness"), say)
    texts = texts_of(store)
    ask = asking(store, system)

    def produced(case: Case, chat: Chat | None) -> Seen:
        posed: Posed = case.data
        if posed.question is None:
            return _read(posed.trial, system, chat)
        asked = Case(case.id, case.splits, case.cluster, case.stratum, posed.question)
        return Seen(ask(asked, chat))

    return Opened(list(_cases(suite)), Seen, produced, lambda case, seen: score(case, seen, texts), store.close)


# -- cases -------------------------------------------------------------------------------------------------------------


def _cases(suite: Suite) -> Iterator[Case]:
    known = {q.qid: q for q in read_questions(sorted((ROOT / "gold" / "questions").glob("*.jsonl")))}
    for path in suite.files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                trial = Trial.model_validate(json.loads(line))
                posed = Posed(trial, None if trial.damage else _posed(trial, known[trial.of]))
            except (ValidationError, ValueError, KeyError) as error:
                raise UsageError(f"{path.name} 第 {number} 行不是一条用例：{error}") from error
            yield Case(trial.qid, (split_of(trial.qid),), trial.qid, "", posed)


def _posed(trial: Trial, base: Question) -> Question:
    """The question that a trial poses, with the gold of the one it was made from."""
    if trial.twin:
        return _of_twin(base, trial.twin)
    words = trial.question or base.question
    return base.model_copy(update={"question": _WRITTEN.get(trial.kind, str)(words)})


def _of_twin(base: Question, name: str) -> Question:
    """The same about the twin: names and figures of question, answers and proofs replaced as in its text."""
    twin = _declared()["twins"][name]

    def other(text: str) -> str:
        return swapped(text, twin["replace"])

    proofs = tuple(Proof(name, tuple(other(quote) for quote in proof.any_of)) for proof in base.proofs)
    items = tuple(item.replace(twin["of"], name) for item in base.items)
    answers = tuple(swapped(other(answer), twin["answers"]) for answer in base.short_answers)
    return base.model_copy(
        update={
            "question": other(base.question), "short_answers": answers, "proofs": proofs, "items": items,
            "notices": (name,),
        }
    )  # fmt: skip


@cache
def _declared() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(NOTICES.read_text(encoding="utf-8"))
    return found


def _text(notice: str) -> str:
    path = next(path for path in notice_files() if path.stem == notice)
    return path.read_text(encoding="utf-8")


def _notices(folder: Path) -> list[Path]:
    """The notices that questions are asked over, written out: seeds, some with orders in them, and twins."""
    declared = _declared()
    texts = {name: _text(name) for name in declared["notices"]}
    texts |= {name: with_orders(texts[name]) for name in declared["orders"]}
    texts |= {name: swapped(_text(twin["of"]), twin["replace"]) for name, twin in declared["twins"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.txt" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return paths


# -- files -------------------------------------------------------------------------------------------------------------


def _read(trial: Trial, system: System, chat: Chat | None) -> Seen:
    """A damaged file beside the sound one, through the same reading."""
    text = _text(trial.of)
    sound = _extracted(Incoming(f"{trial.of}.txt", text.encode()), system, chat)
    try:
        damaged = _extracted(DAMAGES[trial.damage or ""](trial.of, text), system, chat)
    except InputError as error:
        return Seen(sound=sound, failed=str(error))
    return Seen(sound=sound, damaged=damaged)


def _extracted(incoming: Incoming, system: System, chat: Chat | None) -> tuple[str, ...]:
    settings: Settings = system.settings
    found = read_notice(incoming, settings)
    return _gist(with_model(found, incoming, system, chat) if chat else found)


def _gist(found: Extraction) -> tuple[str, ...]:
    """Per item: label, problem, measures, status; folded, without white space and without what was put in."""
    return tuple(
        "｜".join(
            part for part in map(_words, (item.label, item.problem.text, *(m.text for m in item.measures))) if part
        )
        + f"｜{item.status.value}"
        for item in found.items
    )


def _words(text: str) -> str:
    return fold("".join(text.split())).replace(fold(ORDER), "")


# -- scoring -----------------------------------------------------------------------------------------------------------


def score(case: Case, seen: Seen, texts: Mapping[str, str]) -> CaseResult:
    """Whether the case was withstood, and, for a question, all figures of its answer."""
    posed: Posed = case.data
    detail: dict[str, Any] = {"kind": posed.trial.kind}
    if posed.question is None or seen.answer is None:
        judged = _of_file(posed.trial, seen)
        ratios: dict[str, Ratio] = {}
        scores: tuple[Score, ...] = ()
        detail["question"] = f"{posed.trial.of}：{posed.trial.damage}"
    else:
        judged = _of_answer(posed, seen.answer, texts)
        ratios = answer_ratios(posed.question, seen.answer, texts) | written(seen.answer)
        scores = tuple(answer_scores(posed.question, seen.answer, texts))
        detail |= {"answer": to_data(seen.answer), "expected": list(posed.question.short_answers)}
    kept = Ratio(judged.value or 0.0, 1)
    robust = {"robust": kept, f"robust.{posed.trial.kind}": kept}
    return case.result(ratios=robust | ratios, scores=(judged, *scores), detail=detail)


def _of_file(trial: Trial, seen: Seen) -> Score:
    where = f"{trial.of}：{trial.damage}"
    if trial.expect == "failed":
        return Score("robust", where, float(bool(seen.failed)), seen.failed or "读入了", "失败并说明原因", "")
    if seen.failed:
        return Score("robust", where, 0.0, seen.failed, f"{len(seen.sound)} 个条目", "没有读入")
    lost = [item for item in seen.sound if item not in seen.damaged]
    more = [item for item in seen.damaged if item not in seen.sound]
    return Score("robust", where, float(not lost and not more), more, lost, f"少 {len(lost)}，多 {len(more)}")


def _of_answer(posed: Posed, answer: Answer, texts: Mapping[str, str]) -> Score:
    assert posed.question is not None
    ratios = answer_ratios(posed.question, answer, texts)
    failed = [name for name in ("right", "evidence", "list_complete", "noans") if ratios.get(name, _ONE).value == 0]
    failed += ["wrong_document"] if ratios.get("wrong_document", _ZERO).value else []
    said = f"{answer.short_answer or ''}{answer.answer}"
    failed += [f"出现“{words}”" for words in posed.trial.forbidden if words in said]
    return Score(
        "robust", posed.question.question, float(not failed), answer.short_answer or answer.answer,
        list(posed.question.short_answers), "、".join(failed),
    )  # fmt: skip


_ONE, _ZERO = Ratio(1, 1), Ratio(0, 1)
