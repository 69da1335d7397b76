"""Twins: copies of one notice about other towns, with other figures, and what may not happen among them.

A twin's text is the notice's with its town renamed and every counted figure raised by the twin's number, so that each
figure tells which twin it is from. An answer follows the town asked for when all that it cites is from that town's
twin and it is the answer that a store of this twin alone gives. Knows nothing of what is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import Incoming, open_store, put_notice
from bot.qa.answer import ask
from bot.qa.summarize import summarize
from bot.records import Answer, Turn
from bot.settings import Settings, load_settings
from evals.suite import ROOT
from vectorstore.store import Store

BASE = ROOT.parent / "seeds" / "000_c20c0a165cf05326.txt"
TOWN = "临湘"
TOWNS = ("汨罗", "浏阳", "醴陵", "韶山", "湘乡", "耒阳", "常宁", "武冈", "冷水江", "涟源")
ABSENT = "资兴"
"""A town of the same province that no twin is about."""
_FIGURE = re.compile(
    r"(?<![\d.年月〔第(-])(\d{1,4})(?=(?:余|多)?(?:公里|座|家|户|处|人|次|万元|吨|亩|条|台|份|棵|株|米|立方米|平方米))"
)

LOOKUPS = (
    "污水管网已经建了多少公里",
    "有多少条道路开挖施工",
    "沿江化工企业剩余多少家要退出",
    "就近搬迁的企业有几家",
    "市委常委会、书记办公会对生态环保工作专题学习部署了几次",
    "农药包装废弃物和地膜回收点建了多少个",
    "签约项目力争不少于多少个",
    "滨江园区污水处理厂的整改进展怎么样",
)
LEDGERS = (
    "有哪些问题还没整改完",
    "一共反馈了多少个问题",
    "关于畜禽粪污的问题有几个",
    "工作作风不实方面有哪些问题",
    "已经完成的问题有几个",
)
FOLLOWED = ("沿江化工企业剩余多少家要退出", "那就近搬迁的呢")
SUMMARIES = ("畜禽粪污方面的问题和整改", "还没整改完的问题汇总")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question to one town. ``follows``: as a store of that twin alone answers; ``blended``: another town's notice
    is cited, listed or grouped."""

    town: str
    question: str
    follows: bool
    blended: bool


def twin(text: str, town: str, number: int) -> str:
    """The notice about another town, its counted figures raised by ``number``."""
    return _FIGURE.sub(lambda match: str(int(match[1]) + number), text).replace(TOWN, town)


def store_of(folder: Path, towns: Sequence[str]) -> Store:
    """A store of the twins of these towns, without vectors: what is tested is scope, not similarity."""
    settings: Settings = load_settings(data=folder, embedding="none")
    text = BASE.read_text("utf-8")
    store = open_store(settings, create=True)
    with store.writing("twins") as hand:
        for town in towns:
            data = twin(text, town, TOWNS.index(town) + 1).encode()
            put_notice(hand, Incoming(f"twin-{TOWNS.index(town) + 1}.txt", data), settings)
    return store


def outcomes(together: Store, alone: Store, town: str) -> list[Outcome]:
    """All questions about one town, asked of all twins together and of its own twin alone."""
    own = f"twin-{TOWNS.index(town) + 1}"
    found = []
    for question in (*LOOKUPS, *LEDGERS):
        pair = [ask(store, f"{town}市{question}") for store in (together, alone)]
        found.append(_outcome(town, question, own, *pair))
    before, after = FOLLOWED
    history = (Turn(f"{town}市{before}", ""),)
    pair = [ask(store, after, history=history) for store in (together, alone)]
    found.append(_outcome(town, after, own, *pair))
    for question in SUMMARIES:
        sums = [summarize(store, f"{town}市{question}") for store in (together, alone)]
        groups = [[(g.notice_id, g.item_id) for g in s.groups] for s in sums]
        strange = any(notice != own for notice, _ in groups[0])
        found.append(Outcome(town, question, bool(groups[0]) and groups[0] == groups[1], strange))
    return found


def _outcome(town: str, question: str, own: str, together: Answer, alone: Answer) -> Outcome:
    shown = [c.notice_id for c in (*together.citations, *together.nearest)]
    strange = any(notice != own for notice in shown) or any(item.split("#")[0] != own for item in together.items)
    same = (together.status, together.short_answer, together.items) == (alone.status, alone.short_answer, alone.items)
    return Outcome(town, question, same and together.status == "answered", strange)


def refuses_absent(store: Store) -> list[bool]:
    """Whether each question about a town without a twin is refused with nothing cited."""
    answers = [ask(store, f"{ABSENT}市{question}") for question in (*LOOKUPS, *LEDGERS)]
    empty = [not summarize(store, f"{ABSENT}市{question}").groups for question in SUMMARIES]
    return [answer.status == "refused" and not answer.citations for answer in answers] + empty
