"""Planted faults: the part of ``python -m evals.bench.degradations`` that needs no store, and what it plants with."""

from __future__ import annotations

import pytest

from evals.bench import degradations
from evals.bench.degradations import FAULTS, SOUND, Planted, judge
from evals.bench.scripted import ScriptedChat


@pytest.mark.parametrize("name", ["状态规则对调（推进中记为已完成）", "措施合并"])
def test_a_planted_fault_comes_out_as_regressed(name: str) -> None:
    """Exit code 1 on the suite that should catch it."""
    planted = next(fault for fault in FAULTS if fault.name == name)
    code, found = judge(planted)
    assert (code, found.verdict) == (1, "regressed")


def test_the_same_program_passes() -> None:
    """Nothing planted: exit code 0, and what was planted before is gone."""
    code, found = judge(Planted("A/A", "extraction"))
    assert (code, {judged.gain for judged in found.metrics if judged.gated and judged.gain is not None}) == (0, {0.0})


def test_a_fault_that_no_longer_fits_the_program_is_an_error() -> None:
    """An attribute that is gone, words that the prompt no longer has: never a plant that does nothing."""
    with pytest.raises(AttributeError), degradations._set("bot.qa.answer", NO_SUCH_NAME=1)():
        pass
    with pytest.raises(ValueError, match="没有“没有这句话”"):
        degradations._answering(("没有这句话", ""))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.prompt], ids=lambda fault: fault.name)
def test_the_scripted_model_does_what_its_prompt_says(fault: Planted) -> None:
    """Another instruction, another answer; the same instruction in other words, the same answer."""
    evidence = "[1]（某通报）管网正在推进，已建成25公里。"
    chat = ScriptedChat()
    told = [prompt.render(question="？", evidence=evidence) for prompt in (SOUND, fault.prompt) if prompt]
    sound, faulty = (chat.complete(messages).text for messages in told)
    assert sound == "管网正在推进，已建成25公里。[1]"
    assert (faulty == sound) == (fault.expected == 0)
