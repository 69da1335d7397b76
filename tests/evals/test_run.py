"""The runner: side by side, resumed, re-scored; answers of a model kept, replayed and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import LLMCut, LLMError, UsageError
from bot.llm.chat import Chat, Reply
from bot.settings import load_settings
from evals import log, run
from evals.log import CaseResult, Usage
from evals.metrics.score import Ratio
from evals.responses import Metered, NoModel, Responses, key_of
from evals.run import Choice, rescore, run_case, run_suites
from evals.suite import Suite, load_suite
from evals.system import open_system
from evals.task import Case, CaseError, Opened, System
from prompts.loader import Message, load

SUITE = Suite(suite="s", task="answer", cases=(), unit="题", gate=("right",), passes=("right",))
SYSTEM = System(load_settings())
CASES = [Case(f"q-{n:03}", ("development",), f"q-{n:03}", "", n) for n in range(1, 6)]
ASK = [Message("system", "答"), Message("user", "问")]


class FakeChat:
    """Answers with a number that counts its calls, or raises what it is given."""

    model = "openai:fake"

    def __init__(self, *faults: LLMError) -> None:
        self.faults = list(faults)
        self.calls = 0

    def complete(self, messages: Sequence[Message], **asked: Any) -> Reply:
        """The next answer."""
        del messages, asked
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        return Reply(f"第{self.calls}次", 10, 5, 20.0, self.model, "stop")

    def stream(self, messages: Sequence[Message], **asked: Any) -> Any:
        """The same."""
        yield self.complete(messages, **asked).text


def _score(case: Case, got: Any) -> CaseResult:
    return case.result(ratios={"right": Ratio(float(got == case.data), 1)})


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Runs go into a folder of their own; the suite's task is what the test says."""
    monkeypatch.setattr(log, "RUNS", tmp_path / "runs")

    def as_task(produce: Callable[[Case, Chat | None], Any]) -> None:
        monkeypatch.setattr(run, "open_task", lambda *_: Opened(CASES, int, produce, _score))

    return as_task


# -- running -----------------------------------------------------------------------------------------------------------


def test_cases_side_by_side_keep_their_order(opened: Callable[..., None]) -> None:
    """Four at a time, results in the order of the gold."""
    opened(lambda case, _: case.data)
    done = run_suites([SUITE], SYSTEM, print, Choice(parallel=4))
    assert [case.id for case in done.suites[0].cases] == [case.id for case in CASES]
    assert log.load(log.RUNS / f"{done.id}.json") == done


def test_a_killed_run_goes_on_where_it_stopped(opened: Callable[..., None]) -> None:
    """Interrupted in the third case: the same run again asks only for what is missing, and says so."""
    produced: list[str] = []

    def interrupted(case: Case, _: Chat | None) -> int:
        if case.data == 3:
            raise KeyboardInterrupt
        produced.append(case.id)
        return int(case.data)

    opened(interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_suites([SUITE], SYSTEM, print)
    before = list(produced)
    said: list[str] = []
    opened(lambda case, _: produced.append(case.id) or case.data)
    done = run_suites([SUITE], SYSTEM, said.append)
    assert before[:2] == ["q-001", "q-002"]
    assert produced[len(before) :] == [case.id for case in CASES if case.id not in before]
    assert [case.ratios["right"].num for case in done.suites[0].cases] == [1.0] * 5
    assert said[0].startswith(f"s：接着上次中断的运行，已有 {len(before)} 例")
    assert list((log.RUNS / "journals").iterdir()) == []


def test_a_case_in_error_is_tried_again(opened: Callable[..., None]) -> None:
    """It is not among what was done."""

    def failing(case: Case, _: Chat | None) -> int:
        if case.data == 2:
            raise RuntimeError("忙")
        if case.data == 5:
            raise KeyboardInterrupt
        return int(case.data)

    opened(failing)
    with pytest.raises(KeyboardInterrupt):
        run_suites([SUITE], SYSTEM, print)
    produced: list[str] = []
    opened(lambda case, _: produced.append(case.id) or case.data)
    run_suites([SUITE], SYSTEM, print)
    assert "q-002" in produced


def test_another_system_does_not_go_on_with_this_ones_cases(
    opened: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal belongs to model, prompts, gold and program."""
    monkeypatch.setattr(run, "program_hash", lambda: "p")
    opened(lambda case, _: case.data)
    one = run._journal(SUITE, SYSTEM, Choice())
    other = run._journal(SUITE, replace(SYSTEM, prompts={"answer": load("answer@1")}), Choice())
    again = run._journal(SUITE, SYSTEM, Choice(repeats=3))
    assert (one._path == other._path, one._path == again._path) == (False, True)


def test_an_old_log_is_scored_again_without_producing(opened: Callable[..., None]) -> None:
    """Outputs stay, figures are today's; a log without outputs says why it cannot be."""
    opened(lambda case, _: case.data)
    done = run_suites([SUITE], SYSTEM, print).suites[0]
    wrong = replace(done, cases=tuple(replace(case, ratios={"right": Ratio(0, 1)}) for case in done.cases))

    def never(*_: object) -> int:
        raise AssertionError("nothing may be produced")

    opened(never)
    assert [case.ratios["right"].num for case in rescore(SUITE, wrong, SYSTEM, print).cases] == [1.0] * 5
    with pytest.raises(UsageError, match="没有保存输出"):
        rescore(SUITE, replace(done, cases=(replace(done.cases[0], output=None),)), SYSTEM, print)
    with pytest.raises(UsageError, match="旧版本的形式"):
        rescore(SUITE, replace(done, cases=(replace(done.cases[0], output={"was": "else"}),)), SYSTEM, print)


# -- a model's answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        ("openai:b", ASK, {}, 0),
        ("openai:a", ASK[:1], {}, 0),
        ("openai:a", ASK, {"temperature": 0.7}, 0),
        ("openai:a", ASK, {"max_tokens": 9}, 0),
        ("openai:a", ASK, {"schema": {"type": "object"}}, 0),
        ("openai:a", ASK, {}, 1),
    ],
)
def test_everything_that_could_change_an_answer_is_in_its_key(other: tuple[str, Any, Any, int]) -> None:
    """Model, messages, parameters, schema, repeat."""
    assert key_of("openai:a", ASK, {}, 0) != key_of(*other)
    assert key_of("openai:a", ASK, {}, 0) == key_of("openai:a", list(ASK), {"prompt": "answer@1"}, 0)


def test_a_kept_answer_is_not_asked_for_again(tmp_path: Path) -> None:
    """Also by another process, and counted as cached; its tokens and its time are not counted again."""
    chat, file = FakeChat(), tmp_path / "r.jsonl"
    first = Metered(chat, Responses(file))
    assert [first.complete(ASK).text, first.complete(ASK).text] == ["第1次", "第1次"]
    second = Metered(chat, Responses(file))
    assert "".join(second.stream(ASK)) == "第1次"
    assert (first.usage.calls, first.usage.cached, first.usage.tokens_in, first.usage.tokens_out) == (2, 1, 10, 5)
    assert (second.usage, chat.calls) == (Usage(1, 1), 1)


def test_faults_are_never_kept_and_cut_answers_are(tmp_path: Path) -> None:
    """A refused connection is tried again next time; running into the length limit is the model's own answer."""
    file = tmp_path / "r.jsonl"
    broken = Metered(FakeChat(LLMError("连接不上")), Responses(file))
    with pytest.raises(LLMError, match="连接不上"):
        broken.complete(ASK)
    assert (broken.fault, file.exists()) == ("连接不上", False)
    cut = Metered(FakeChat(LLMCut("太长")), Responses(file))
    with pytest.raises(LLMCut):
        cut.complete(ASK)
    with pytest.raises(LLMCut, match="太长"):
        Metered(NoModel("openai:fake"), Responses(file, replay=True)).complete(ASK)
    assert cut.fault == ""


def test_a_recording_torn_by_a_kill_is_read_up_to_there(tmp_path: Path) -> None:
    """The half line is left out."""
    file = tmp_path / "r.jsonl"
    Metered(FakeChat(), Responses(file)).complete(ASK)
    with file.open("a", encoding="utf-8") as end:
        end.write('{"key": "x", "mo')
    assert Responses(file).models == ["openai:fake"]


def test_replay_without_the_answer_is_an_error_of_the_case(tmp_path: Path) -> None:
    """Never an extractive answer that looks like a result."""
    file = tmp_path / "r.jsonl"
    Metered(FakeChat(), Responses(file)).complete(ASK)
    responses = Responses(file, replay=True)
    system = replace(SYSTEM, chat=NoModel("openai:fake"))

    def produce(_: Case, chat: Chat | None) -> int:
        assert chat is not None
        chat.complete([Message("user", "别的")])
        return 1

    got = run_case(Opened(CASES, int, produce, _score), CASES[0], system, responses)
    assert (got.error or "").startswith("录制文件里没有这次提问")


def test_a_fault_of_the_service_is_an_error_whatever_the_program_made_of_it() -> None:
    """The program fell back; what is evaluated is not the fallback under a dead service."""
    system = replace(SYSTEM, chat=FakeChat(LLMError("返回错误 401")))

    def falls_back(case: Case, chat: Chat | None) -> int:
        assert chat is not None
        try:
            chat.complete(ASK)
        except LLMError:
            return int(case.data)
        return 0

    got = run_case(Opened(CASES, int, falls_back, _score), CASES[0], system)
    assert (got.error, got.ratios) == ("返回错误 401", {})


# -- what is under test ------------------------------------------------------------------------------------------------


def test_a_prompt_needs_a_model_and_a_suite_that_uses_it() -> None:
    """Both faults are told before anything runs."""
    settings = load_settings().model_copy(update={"llm": None})
    with pytest.raises(UsageError, match="要有大模型"):
        open_system(settings, ["answer@1"], [load_suite("answer")], None)
    with_model = settings.model_copy(update={"llm": "openai:x"})
    with pytest.raises(UsageError, match="用不到提示词 answer@1：用到它的评测集是 writing、answer、refusal"):
        open_system(with_model, ["answer@1"], [load_suite("retrieval")], None)
    with pytest.raises(UsageError, match="只能指定一个版本"):
        open_system(with_model, ["answer@1", "answer@1"], [load_suite("answer")], None)


def test_replay_takes_the_model_from_the_recording(tmp_path: Path) -> None:
    """No settings, no network."""
    file = tmp_path / "r.jsonl"
    Metered(FakeChat(), Responses(file)).complete(ASK)
    system = open_system(load_settings(), ["answer@1"], [load_suite("answer")], Responses(file, replay=True))
    assert system.described() == {"embedding": "bundled", "model": "openai:fake", "prompt.answer": "answer@1"}
    with pytest.raises(CaseError):
        system.chat and system.chat.complete(ASK)
    with pytest.raises(UsageError, match="没有录制文件"):
        Responses(tmp_path / "none.jsonl", replay=True)
