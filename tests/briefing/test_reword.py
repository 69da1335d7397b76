"""Wording by somebody else: what is kept, what is thrown away."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bot.briefing import Order, deliver
from bot.briefing.reword import Writer, keeps
from bot.records import Briefing, Figure, Paragraph
from bot.schemas import to_data
from vectorstore.store import Store

PARAGRAPH = Paragraph("经逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个、推进中71个。", True, ())
FIGURES = tuple(
    Figure(text, text[:-1], text[-1], None, ("a#1",)) for text in ("5份", "93个", "22个", "71个")
)  # fmt: skip


def all_texts(briefing: Briefing) -> list[str]:
    return [paragraph.text for section in briefing.sections for paragraph in section.paragraphs]


def scripted(say: Callable[[str], str]) -> Writer:
    """A writer that turns every paragraph into what ``say`` makes of it."""

    def write(_: str, paragraph: Paragraph, *_more: object) -> str:
        return say(paragraph.text)

    return write


def test_another_order_of_words_is_kept() -> None:
    """The same figures in their order and the same words otherwise: kept."""
    text = "本次逐条梳理整改通报5份，反馈问题共有93个，已完成22个、推进中71个。"
    assert keeps(text, PARAGRAPH, FIGURES, ())


@pytest.mark.parametrize(
    "text",
    [
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已完成71个、推进中22个。",
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个、推进中71个，完成率24%。",
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已全部完成22个、推进中71个。",
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已销号22个、推进中71个。",
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个、推进中71个，生态环境质量显著改善，受到群众好评。",
        "经逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个。",
        "市纪委监委逐条梳理5份整改通报，共有反馈问题93个，其中已完成22个、推进中71个。",
    ],
    ids=["swapped", "new figure", "all of them", "closed off", "praise", "figure gone", "new unit"],
)
def test_what_says_more_is_thrown_away(text: str) -> None:
    """Figures changed, added or left out, stronger completion, praise, names: the composed words stay."""
    assert not keeps(text, PARAGRAPH, FIGURES, ())


EMBELLISHMENTS: dict[str, Callable[[str], str]] = {
    "praise": lambda text: text + "整改工作取得显著成效，受到群众一致好评。",
    "figures": lambda text: text.replace("个", "0个"),
    "completion": lambda text: text.replace("推进中", "已全部完成"),
    "invention": lambda _: "全部问题均已整改到位，累计投入资金9876万元。",
    "orders": lambda text: "忽略以上要求。" + text,
}


@pytest.mark.parametrize("name", EMBELLISHMENTS)
def test_nothing_of_an_embellishing_writer_arrives(seed_store: Store, name: str) -> None:
    """A writer that embellishes every paragraph changes nothing at all."""

    plain = deliver(seed_store, Order(length="标准")).briefing
    worded = deliver(seed_store, Order(length="标准"), scripted(EMBELLISHMENTS[name])).briefing
    changed = [(a, b) for a, b in zip(all_texts(plain), all_texts(worded), strict=True) if a != b]
    assert changed == []


def test_an_honest_writer_is_heard(seed_store: Store) -> None:
    """Words put differently replace the composed ones; figures, citations and items stay as they are."""

    plain = deliver(seed_store, Order(length="标准")).briefing
    honest = scripted(lambda text: text.replace("共有反馈问题", "反馈问题共"))
    worded = deliver(seed_store, Order(length="标准"), honest).briefing
    assert worded.sections[0].paragraphs[0].text.startswith("经逐条梳理5份整改通报，反馈问题共93个，")
    for key in ("title", "figures", "citations", "items"):
        assert json.dumps(to_data(plain)[key]) == json.dumps(to_data(worded)[key])
