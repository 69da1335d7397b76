"""A model as judge of briefings and summaries: is each sentence supported by what it cites.

Off until a person has labelled at least ``ENOUGH`` of the very sentences: only then is it known how far the judge
agrees with people, and that agreement (Cohen's κ on supported or not) stands beside every figure. Deterministic support
(``metrics.citations``) stays what the gate looks at; a judge only adds to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.errors import UsageError
from bot.llm.chat import Chat
from bot.llm.outputs import Judged, Unreadable, output_schema, read_output
from evals import log
from evals.figures import Figure, figures
from evals.log import CaseResult, Run
from evals.metrics.agreement import cohen
from evals.metrics.score import Ratio
from prompts.loader import load

PROMPT = "judge@1"
ENOUGH = 30
"""Human labels without which no judge speaks."""
LABELS = "labels.jsonl"
Verdict = Literal["supported", "partly", "unsupported", "contradicted"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A written sentence with what it cites. ``verdict``: empty until somebody has judged it."""

    id: str
    case: str
    split: str
    text: str
    evidence: tuple[str, ...]
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge found. ``kappa``, ``agreed``: with the human labels of ``labelled`` sentences; ``unread``: answers
    of the judge that could not be used, shown and not counted."""

    figure: Figure
    kappa: float
    agreed: float
    labelled: int
    unread: int


def sentences_of(run: Run) -> Iterator[Sentence]:
    """The written sentences with citations in a run's summaries and briefings, each text once."""
    seen: set[str] = set()
    for case in (case for suite in run.suites for case in suite.cases if isinstance(case.output, dict)):
        for text, evidence in _cited(case.output):
            name = hashlib.sha256("\0".join([text, *evidence]).encode()).hexdigest()[:12]
            if name not in seen:
                seen.add(name)
                yield Sentence(name, case.id, case.splits[-1], text, evidence)


def _cited(output: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    output = output.get("briefing", output)
    quotes = {c["n"]: c["quote"] for c in output.get("citations", ())}
    written = [*output.get("overview", ())]
    for section in output.get("sections", ()):
        written += [paragraph for paragraph in section["paragraphs"] if paragraph["written"]]
    for one in written:
        evidence = tuple(quotes[n] for n in one["citations"] if n in quotes)
        if evidence:
            yield one["text"], evidence


# -- labels ------------------------------------------------------------------------------------------------------------


def export(sentences: Iterable[Sentence], path: Path) -> int:
    """Write sentences out to be labelled, a line each with an empty ``verdict``; how many."""
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in sentences]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def take(path: Path) -> int:
    """Add the labelled lines of a file to those known; how many there are now. Raises ``UsageError``."""
    known = {one.id: one for one in labels()}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        one = _read(line, f"{path.name} 第 {number} 行")
        if one.verdict:
            known[one.id] = one
    log.RUNS.mkdir(parents=True, exist_ok=True)
    export(known.values(), log.RUNS / LABELS)
    return len(known)


def labels() -> list[Sentence]:
    """The human labels supplied so far."""
    path = log.RUNS / LABELS
    if not path.is_file():
        return []
    return [_read(line, path.name) for line in path.read_text(encoding="utf-8").splitlines()]


def _read(line: str, where: str) -> Sentence:
    try:
        raw = json.loads(line)
        one = Sentence(**(raw | {"evidence": tuple(raw["evidence"])}))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{where} 不是一条标注：{error}") from error
    if one.verdict not in ("", *get_args(Verdict)):
        raise UsageError(f"{where} 的 verdict 应为 {'、'.join(get_args(Verdict))}，或留空")
    return one


# -- judging -----------------------------------------------------------------------------------------------------------


def judge(sentences: Sequence[Sentence], chat: Chat, say: Callable[[str], None] = lambda _: None) -> Opinion:
    """The judge's figure over these sentences with its agreement. Raises ``UsageError`` without enough labels."""
    human = labels()
    if len(human) < ENOUGH:
        raise UsageError(
            f"只有 {len(human)} 条人工标注，至少要 {ENOUGH} 条才启用评判："
            "请用 eval-label RUN -o FILE 导出、填写 verdict，再用 eval-label --take FILE 收回"
        )
    say(f"先评判 {len(human)} 条人工标注过的语句，再评判 {len(sentences)} 条")
    against = [(one, read) for one in human if (read := _judged(one, chat))]
    read_all = [(one, _judged(one, chat)) for one in sentences]
    found = [(one, verdict) for one, verdict in read_all if verdict]
    pairs = [(str(one.verdict == "supported"), str(verdict == "supported")) for one, verdict in against]
    if not pairs or not found:
        raise UsageError("评判用的大模型没有给出能用的结果：请换一个模型")
    cases = [
        CaseResult(one.id, (one.split,), one.case, ratios={"judged": Ratio(float(verdict == "supported"), 1)})
        for one, verdict in found
    ]
    agreed = sum(mine == theirs for mine, theirs in pairs) / len(pairs)
    unread = len(sentences) - len(found)
    return Opinion(figures(cases)["judged"], cohen(pairs), agreed, len(pairs), unread)


def _judged(one: Sentence, chat: Chat) -> str:
    """The judge's verdict on a sentence; empty where its answer could not be read."""
    prompt = load(PROMPT)
    evidence = "\n".join(f"[{n}]{quote}" for n, quote in enumerate(one.evidence, 1))
    messages = prompt.render(evidence=evidence, points="无", text=f"[1]{one.text}")
    reply = chat.complete(messages, schema=output_schema("judged"), schema_name="judged", prompt=prompt.name)
    try:
        read = read_output("judged", reply.text)
    except Unreadable:
        return ""
    assert isinstance(read, Judged)
    return read.sentences[0].verdict if read.sentences else ""
