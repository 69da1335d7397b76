"""Masking: what is hidden, that it comes back, and that a recording endpoint never sees it."""

from __future__ import annotations

import re

import pytest

from bot.llm.chat import open_chat
from bot.llm.mask import Mask
from bot.notices.load import load
from bot.settings import Settings
from prompts.loader import Message
from tests.llm.scripted import reacts, says, serving
from tests.support import SEEDS

PERSONAL = [
    "0730-3711533",
    "(0317)3029432",
    "0737 2700665",
    "０５９９－３８３５２１０",
    "027-60281809",
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+86 13812345678",
    "400-820-8820",
    "lxdflz@163.com",
    "a.b-c@mail.gov.cn",
    "ｃｚｈｂ＠１６３．ｃｏｍ",
    "43010219800101123X",
    "430102 19800101 1234",
    "6222021234567890123",
]
ORDINARY = [
    "2020-2022年完成3000000平方米",
    "投资15000000元，占12.5%",
    "湘政发〔2021〕23号",
    "2021年3月1日至12月25日",
    "鄂公网安备42070402000209号",
    "排查12345678人次",
]


@pytest.mark.parametrize("value", PERSONAL)
def test_personal_values_are_hidden_and_come_back(value: str) -> None:
    """A telephone number, address or ID number leaves as a placeholder and is restored as printed."""
    text = f"联系方式：{value}，请来电。"
    mask = Mask.of([text])
    assert value not in mask.hide(text)
    assert re.fullmatch(r"联系方式：⟦(电话|邮箱|证件)1⟧，请来电。", mask.hide(text))
    assert mask.restore(mask.hide(text)) == text


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_figures_stay(text: str) -> None:
    """Years, amounts, document and filing numbers are what the model must see."""
    assert Mask.of([text]).hide(text) == text


def test_the_same_value_has_one_placeholder() -> None:
    """Across the messages of a call a value keeps its placeholder, another one gets the next."""
    mask = Mask.of(["电话13812345678", "再打13812345678或13987654321"])
    assert mask.hide("再打13812345678或13987654321") == "再打⟦电话1⟧或⟦电话2⟧"


def test_a_placeholder_in_the_text_is_not_taken() -> None:
    """A text that prints a placeholder itself gets it back unchanged."""
    text = "⟦电话1⟧不是13812345678"
    mask = Mask.of([text])
    assert mask.hide(text) == "⟦电话1⟧不是⟦电话2⟧"
    assert mask.restore(mask.hide(text)) == text


def test_a_stream_is_restored_whatever_its_pieces() -> None:
    """A placeholder that is cut in two by the stream comes out whole."""
    mask = Mask.of(["电话13812345678"])
    for size in (1, 2, 3, 5):
        text = "请打⟦电话1⟧。⟦电话9⟧⟦"
        pieces = [text[n : n + size] for n in range(0, len(text), size)]
        assert "".join(mask.restore_pieces(iter(pieces))) == "请打13812345678。⟦电话9⟧⟦"


@pytest.mark.server
def test_a_recording_endpoint_sees_no_number_of_the_five_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """With masking on, nothing that looks like a telephone number or an e-mail address reaches the server."""
    echo = reacts(lambda request: request["messages"][-1]["content"])
    with serving(echo) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        chat = open_chat("openai:test", Settings(mask=True))
        for file in sorted(SEEDS.glob("*.txt")):
            text = load(file.read_bytes(), file.name).text
            assert chat.complete([Message("user", text)]).text == text
    assert not re.search(r"@|\d{3,4}\)?[-－]?\d{7,8}", server.sent_text)


@pytest.mark.server
@pytest.mark.parametrize(("setting", "sent"), [(True, "⟦电话1⟧"), ("auto", "13812345678"), (False, "13812345678")])
def test_masking_is_switchable(setting: bool | str, sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``auto`` masks only towards addresses outside the machine's own networks; loopback is inside."""
    with serving(says("好")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        open_chat("openai:test", Settings(mask=setting)).complete([Message("user", "13812345678")])
    assert server.requests[0]["messages"][0]["content"] == sent


@pytest.mark.server
def test_an_outside_address_is_masked_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """For an address on the internet the chat that ``auto`` opens hides what it sends."""
    from bot.llm.layers import Masked

    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.example.com/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    chat = open_chat("openai:test", Settings())
    assert isinstance(chat._chat._chat, Masked)  # type: ignore[attr-defined]
