"""Does the gate see what it should? ``python -m evals.bench.degradations [NAME…]``: faults planted one at a time, each
run against the sound program on the suite that should catch it.

A fault must come out as *regressed* (exit code 1); what changes nothing that is measured must come out as *pass* (0).
The faults of prompts are planted under a scripted model that does what its prompt says (``evals.bench.scripted``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any
from unittest.mock import patch

from bot.settings import load_settings
from evals.bench.scripted import COPIES_FIGURES, COPIES_STATUS, ScriptedChat
from evals.compare import Comparison, compare
from evals.journal import Journal
from evals.log import Run, SuiteRun
from evals.names import label
from evals.outcome import exit_code, outcome
from evals.run import Choice, run_suite
from evals.suite import load_suite
from evals.task import System
from prompts.loader import Prompt, load, parse, source

Plant = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault, in the program (``plant``) or in the answering prompt (``prompt``). ``suite``: which should catch it;
    ``expected``: the exit code."""

    name: str
    suite: str
    plant: Plant = nullcontext
    prompt: Prompt | None = None
    expected: int = 1


def _set(module: str, **values: Any) -> Plant:
    """Module attributes replaced for a while; one that is no longer there is an error."""
    return lambda: patch.multiple(import_module(module), **values)


def _wrapped(module: str, name: str, change: Callable[[Any], Any]) -> Plant:
    """What a function returns, changed. ``name``: may be ``Class.method``."""

    @contextmanager
    def planted() -> Iterator[None]:
        owner: Any = import_module(module)
        *path, last = name.split(".")
        for part in path:
            owner = getattr(owner, part)
        original = getattr(owner, last)
        with patch.object(owner, last, lambda *args, **more: change(original(*args, **more))):
            yield

    return planted


# -- the faults --------------------------------------------------------------------------------------------------------


def _first_passage(found: Any) -> Any:
    candidates, warnings = found
    return candidates[:1], warnings


def _short_passages(found: Any) -> Any:
    candidates, warnings = found
    return [replace(c, passage=replace(c.passage, text=c.passage.text[:80])) for c in candidates], warnings


def _untyped(plan: Any) -> Any:
    return replace(plan, want="text")


def _done_when_open(status: Any) -> Any:
    return replace(status, value="completed", detail="completed") if status.value == "ongoing" else status


def _merged(measures: Any) -> Any:
    if len(measures) < 2:
        return measures
    return (replace(measures[0], text="".join(measure.text for measure in measures), sub_measures=()),)


def _everywhere() -> AbstractContextManager[Any]:
    """Place, unit, round and year of a question are not looked at."""
    scope = import_module("bot.qa.scope")

    def resolve(plan: Any, cards: Sequence[Any], only: Sequence[str] = ()) -> Any:
        del plan, only
        return scope.Scope(tuple(card.id for card in cards), "", ())

    return patch.multiple(import_module("bot.qa.answer"), resolve=resolve)


def _fewer(answer: Any) -> Any:
    return replace(answer, items=answer.items[:2]) if answer else answer


def _one_more() -> AbstractContextManager[Any]:
    draft = import_module("bot.briefing.draft")
    return patch.object(draft.Count, "value", property(lambda count: len(count.rows) + 1))


SOUND = load("answer@1")


def _answering(*changes: tuple[str, str]) -> Prompt:
    """``answer@1`` with words replaced; a word that is not there is an error."""
    text = source(SOUND.name)
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{SOUND.name} 里没有“{old}”")
        text = text.replace(old, new)
    return parse(SOUND.name, text, "planted", released=False)


OFF = -1.0
FAULTS = (
    Planted("关键词检索关闭", "retrieval", _set("vectorstore.search", LEXICAL_WEIGHT=0.0)),
    Planted("只取一段（k=1）", "retrieval", _wrapped("vectorstore.store", "Store.search", _first_passage)),
    Planted("证据截短到 80 字", "retrieval", _wrapped("vectorstore.store", "Store.search", _short_passages)),
    Planted("作答只看一段", "answer", _set("bot.qa.answer", PASSAGES=1)),
    Planted("答案类型不检查", "answer", _wrapped("bot.qa.answer", "understand", _untyped)),
    Planted("清单只列两条", "answer", _wrapped("bot.qa.answer", "list_items", _fewer)),
    Planted(
        "拒答门槛取消", "refusal", _set("bot.qa.lookup", MIN_STRENGTH=OFF, MIN_TYPED_STRENGTH=OFF, TYPED_SHARE=OFF)
    ),
    Planted("地区、单位、年份不筛选", "refusal", _everywhere),
    Planted("状态规则对调（推进中记为已完成）", "extraction", _wrapped("bot.notices.status", "judge", _done_when_open)),
    Planted("措施合并", "extraction", _wrapped("bot.notices.measures", "Enumerations.measures", _merged)),
    Planted("摘要只列两条", "summary", _wrapped("bot.qa.summarize", "_chosen", lambda rows: rows[:2])),
    Planted("简报计数多一", "briefing", _one_more),
    Planted("孪生通报不区分", "robustness", _everywhere),
    Planted("提示词：去掉标注出处的要求", "answer", prompt=_answering(("立即用方括号标出所依据的资料编号", "换行"))),
    Planted("提示词：去掉照抄数字的要求", "answer", prompt=_answering((COPIES_FIGURES, "文件名称"))),
    Planted("提示词：去掉照抄完成程度的要求", "answer", prompt=_answering((COPIES_STATUS, "语气平实"))),
    Planted(
        "提示词：换一种说法，要求不变", "answer", expected=0,
        prompt=_answering(("你为机关工作人员起草答复。", "你的工作是为机关工作人员拟写答复。"), ("要求：", "须做到：")),
    ),
    Planted("程序不变（A/A）", "retrieval", expected=0),
)  # fmt: skip


# -- running -----------------------------------------------------------------------------------------------------------


def judge(planted: Planted) -> tuple[int, Comparison]:
    """The exit code of the faulty program against the sound one, and the comparison."""
    base = _sound(planted.suite, planted.prompt is not None)
    with planted.plant():
        found = _run(planted.suite, planted.prompt)
    return compared(planted.suite, base, found)


def compared(suite_name: str, base: SuiteRun, found: SuiteRun) -> tuple[int, Comparison]:
    """As ``zhenggai eval SUITE --baseline RUN`` comes out."""
    suite = load_suite(suite_name)
    comparison = compare(suite, base, found)
    run = Run("bench", "", "", (found,))
    return exit_code(outcome([suite], run, comparisons={suite.suite: comparison})), comparison


@cache
def _sound(suite_name: str, with_model: bool) -> SuiteRun:
    return _run(suite_name, SOUND if with_model else None)


def _run(suite_name: str, prompt: Prompt | None = None) -> SuiteRun:
    """``prompt``: under the scripted model; None is the program without one."""
    system = System(load_settings(llm=None), *(({"answer": prompt}, ScriptedChat()) if prompt else ()))
    return run_suite(load_suite(suite_name), system, _quiet, Choice(keep=False), Journal(None))


def _quiet(message: str) -> None:
    del message


def row(planted: Planted, code: int, found: Comparison) -> str:
    """A line of the table: what was planted, where, what it changed most, how it came out."""
    gated = [judged for judged in found.metrics if judged.gated and judged.gain is not None]
    moved = min(gated, key=lambda judged: judged.gain or 0.0)
    shown = f"{label(moved.metric).strip()} {moved.base:.3f} → {moved.new:.3f}, p = {moved.p:.4f}"
    return f"| {planted.name} | {planted.suite} | {shown} | {code} | {planted.expected} |"


def main(arguments: Sequence[str]) -> int:
    """Plant all of them, or those whose name holds one of the words given; 1 where any came out otherwise."""
    chosen = [p for p in FAULTS if not arguments or any(word in p.name for word in arguments)]
    print("| planted | suite | moved most | exit code | expected |\n|---|---|---|---|---|")
    missed = 0
    for planted in chosen:
        code, found = judge(planted)
        missed += code != planted.expected
        print(row(planted, code, found), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
