"""A scripted model that answers as the rules would, and ways to spoil its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.app import Incoming, read_notice
from bot.extraction.llm import PROMPT, extract_with_llm
from bot.llm.chat import open_chat
from bot.notices.load import Loaded, load
from bot.records import Extraction, Item, Measure
from bot.schemas import json_schema, to_data
from bot.settings import Settings
from prompts.loader import load as load_prompt
from tests.llm.scripted import Answer, Request, Scripted, serving

Said = dict[str, Any]
Spoil = Callable[[list[Said]], list[Said]]

NOTICE = """中共某县水利局党组关于巡察整改进展情况的通报

2022年3月，县委第二巡察组对县水利局党组开展了巡察，反馈了问题。现将整改情况予以公布。

一、加强组织领导

局党组召开专题会议2次。

二、反馈问题整改情况

（一）履行职责不到位

1.关于“河道采砂监管不严，盗采行为时有发生”问题。

整改情况：一是县水利局开展联合巡查12次，查处盗采船只3艘。二是印发《河道采砂管理办法》。该问题已完成整改。

2.关于“水库除险加固进度滞后”问题。

整改情况：一是督促施工单位加快进度，主体工程已完工。二是剩余2座水库正在施工，预计2023年6月完工。

（二）作风建设有差距

3.关于“学习教育流于形式”问题。

整改情况：一是制定学习计划，每月集中学习1次。二是组织测试2次，参加56人次。

联系电话：0700-1234567；电子邮箱：slj@example.cn。

中共某县水利局党组

2022年10月20日
"""


def rules_of(text: str = NOTICE, name: str = "n.txt") -> tuple[Extraction, Loaded]:
    """The rules' extraction and what it was made from."""
    data = text.encode()
    return read_notice(Incoming(name, data), Settings()), load(data, name)


def said(item: Item) -> Said:
    """An item as a perfect model would give it."""
    data = to_data(item)
    values = {key: [value["text"] for value in data[key]] for key in _LISTS}
    return {
        "label": item.label.split("/")[-1],
        "category": None,
        "category_label": None,
        "problem": item.problem.text,
        "measures": [_measure(measure) for measure in item.measures],
        "status": {
            "value": item.status.value,
            "detail": item.status.detail,
            "quotes": [quote.text for quote in item.status.quotes],
        },
        "deadline": item.deadline.text if item.deadline else None,
        "target": item.target.text if item.target else None,
        **values,
    }


_LISTS = (
    "dates",
    "documents",
    "organizations",
    "quantities",
    "responsible_units",
    "responsible_persons",
    "accountability",
)


def _measure(measure: Measure, leaf: bool = False) -> Said:
    data: Said = {"marker": measure.marker, "text": measure.text}
    return data if leaf else data | {"sub_measures": [_measure(part, True) for part in measure.sub_measures]}


def section_text(request: Request) -> str:
    """The section that a request asks about: the last text between the tags, a request for a repair included."""
    texts = re.findall(r"<原文>\n(.*?)\n</原文>", "\n".join(m["content"] for m in request["messages"]), re.DOTALL)
    found: str = texts[-1]
    return found


def model(extraction: Extraction, spoil: Spoil = lambda items: items, *, mends: bool = False) -> Answer:
    """A model that knows the rules' items; ``spoil`` alters its answers, the first ones only where it ``mends``."""
    from tests.llm.scripted import reacts

    def write(request: Request) -> str:
        text = section_text(request)
        items = [said(item) for item in extraction.items if item.problem.text in text]
        asked_again = any("核对结果" in message["content"] for message in request["messages"])
        return json.dumps({"items": items if mends and asked_again else spoil(items)}, ensure_ascii=False)

    return reacts(write)


@contextmanager
def extracting(
    monkeypatch: pytest.MonkeyPatch, extraction: Extraction, loaded: Loaded, *answers: Answer, **settings: Any
) -> Iterator[tuple[Extraction, Scripted]]:
    """What comes of an extraction with a scripted model; it satisfies the schema and invents nothing, whatever came."""
    monkeypatch.setattr("bot.llm.layers.FIRST_WAIT", 0.0)
    with serving(*answers) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        chat = open_chat("openai:scripted", Settings(**{"llm_timeout": 5, "llm_retries": 1, **settings}))
        result = extract_with_llm(extraction, loaded, chat, load_prompt(PROMPT))
        assert_sound(result)
        yield result, server


def assert_sound(extraction: Extraction) -> None:
    """Valid against ``zhenggai schema extraction``; every grounded value stands where it says."""
    data = to_data(extraction)
    Draft202012Validator(json_schema("extraction")).validate(data)
    text = extraction.notice.text
    assert [g for g in grounded(data) if text[g["span"][0] : g["span"][1]] != g["text"]] == []


def grounded(data: Any) -> Iterator[Said]:
    """Everything in a document that has a text and a span."""
    if isinstance(data, list):
        for part in data:
            yield from grounded(part)
    elif isinstance(data, dict):
        if "span" in data and "text" in data:
            yield data
        for part in data.values():
            yield from grounded(part)
