"""How well false sentences are caught and true ones let through: ``python -m evals.bench.verifying [--show KIND]``.

Every sentence of the development notices is a true one; each change of it by rule is a false one. The proof is the
passage that the sentence stands in, and again the sentence alone, as answers cite it. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.app import Incoming, read_notice
from bot.llm.facts import facts, squeezed
from bot.llm.verify import verify
from bot.notices.chunk import chunks
from bot.qa.sentences import sentences
from bot.settings import load_settings
from evals.hashes import notice_files

SHORTEST = 12
"""Characters: a shorter sentence says too little to be changed."""
STRONGER = (
    ("未完成", "已完成"),
    ("尚未", "已"),
    ("未发现", "发现"),
    ("正在推进", "已完成"),
    ("基本完成", "完成"),
    ("基本完成", "全部完成"),
    ("正在(?!运营|营业)", "已"),
    ("预计", "已于"),
    ("力争(?=在|于|20|年|[一二三四五六七八九十]月)", "已于"),
    ("(?<![从尚批])未(?=[\u4e00-\u9fff])", "已"),
    ("(?<=[^，。；,;]{2})不到位", "到位"),
    ("(?<![模草虚])拟(?=[\u4e00-\u9fff])", "已"),
    ("有序推进", "全部完成"),
    ("计划(?=于|在|20|年|新增|投|开|建成)", "已"),
    ("将于", "已于"),
    ("(?:剩余|其余)(?=\\d)", "全部"),
    ("序时进度", "整改目标"),
    ("主体已", "已全部"),
    ("阶段性完成", "完成"),
    ("仍需", "已不需"),
    ("(?:尚|仍|还)有", "已无"),
)
WEAKER = (
    ("(?<![未尚])已完成", "未完成"),
    ("(?<![未尚])已完成", "基本完成"),
    ("(?<![未尚])已完成", "正在推进"),
    ("(?<![已未本性面全])完成(?!时|率|情况|质量)", "未完成"),
    ("(?<![未而])已(?=[\u4e00-\u9fff])(?!未|经)", "未"),
    ("已销号", "未销号"),
    ("(?<![未而])已(?=[\u4e00-\u9fff])(?!未|经|完成)", "正在"),
    ("全部", "部分"),
)
CLAUSES = (
    "并已全部销号",
    "得到群众一致好评",
    "该做法在全省推广",
    "共追回资金37万元",
    "有关责任人已被立案审查",
    "整改工作圆满完成",
    "取得显著成效",
    "成效明显",
    "问题已彻底解决",
    "受到上级充分肯定",
    "长效机制已经建立",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the passage that it stands in, and the headings of both."""

    text: str
    passage: str
    about: str


Change = Callable[[Said, random.Random], Iterator[Said]]


def said() -> list[Said]:
    """Every sentence of the notices that may be looked at."""
    found = []
    for file in notice_files():
        if file.name.startswith("held-"):
            continue
        extraction = read_notice(Incoming(file.name, file.read_bytes()), load_settings())
        title = extraction.notice.title.text if extraction.notice.title else ""
        for chunk in chunks(extraction):
            about = " ".join([title, *chunk.path])
            found += [Said(s.text, chunk.text, about) for s in sentences(chunk.text) if len(s.text) >= SHORTEST]
    return found


def _replaced(pairs: Sequence[tuple[str, str]]) -> Change:
    """Each place where the first word of a pair stands, with the second one instead."""

    def change(one: Said, _: random.Random) -> Iterator[Said]:
        for old, new in pairs:
            for match in re.finditer(old, one.text):
                yield Said(one.text[: match.start()] + new + one.text[match.end() :], one.passage, one.about)

    return change


def _figures(one: Said, chance: random.Random) -> Iterator[Said]:
    """A figure's place taken by another one of the passage in the same unit."""
    others = facts(one.passage).numbers
    for number in facts(one.text).numbers:
        same = [o for o in others if o.unit == number.unit and o.value != number.value]
        if same:
            other = chance.choice(same)
            new = facts(one.passage).plain[other.start : other.end]
            yield Said(one.text[: number.start] + new + one.text[number.end :], one.passage, one.about)
            return


def _invented(one: Said, chance: random.Random) -> Iterator[Said]:
    for match in list(re.finditer(r"\d+", one.text))[:1]:
        new = str(int(match.group()) + chance.choice([1, 2, 3, 10]))
        yield Said(one.text[: match.start()] + new + one.text[match.end() :], one.passage, one.about)


def _titles(one: Said, _: random.Random) -> Iterator[Said]:
    if "《" in one.text:
        yield Said(re.sub(r"《(.{2})", r"《新版\1", one.text, count=1), one.passage, one.about)


def _clauses(one: Said, chance: random.Random) -> Iterator[Said]:
    clause = chance.choice(CLAUSES)
    if clause[1:] not in one.passage:
        yield Said(f"{one.text.rstrip('。；;')}，{clause}。", one.passage, one.about)


def _elsewhere(every: Sequence[Said]) -> Change:
    def change(one: Said, chance: random.Random) -> Iterator[Said]:
        other = chance.choice(every)
        yield Said(one.text, other.passage, other.about)

    return change


def changes(every: Sequence[Said]) -> dict[str, Change]:
    """The ways to make a sentence false."""
    return {
        "stronger status": _replaced(STRONGER),
        "weaker status": _replaced(WEAKER),
        "invented figure": _invented,
        "figure of its neighbour": _figures,
        "altered title": _titles,
        "invented clause": _clauses,
        "wrong passage": _elsewhere(every),
    }


def _reworded(one: Said, _: random.Random) -> Iterator[Said]:
    """Still true: a clause in the middle left out, 已经 for 已, the number in front gone."""
    text = re.sub(r"^(?:[一二三四五六七八九十]+是|[（(]?[\d一二三四五六七八九十]+[)）.．、])", "", one.text)
    parts = re.split(r"(?<=[，,])", text)
    # What comes before a clause may qualify it (剩余2个, 预计): only clauses with a subject of their own are left out.
    if len(parts) >= 4 and not re.search(r"预计|计划|力争|其余|剩余|拟|将|尚|未|不|其中|:|：", "".join(parts[:-1])):
        text = "".join([*parts[:1], *parts[2:]])
    yield Said(re.sub(r"(?<![而未])已(?!经|于|有|知)", "已经", text), one.passage, one.about)


def _shown(one: Said, *, alone: str) -> bool:
    """Whether the sentence would be shown, proved by its passage or by the unchanged sentence ``alone``."""
    return not verify(f"{one.text}[1]", {1: alone or one.passage}, context={1: one.about})


def _false(change: Change, every: Sequence[Said]) -> Iterator[tuple[Said, str]]:
    """The changed sentences with the true one, those left out that the passage prints as well."""
    chance = random.Random(2)
    for one in every:
        for changed in change(one, chance):
            if squeezed(changed.text) not in squeezed(changed.passage):
                yield changed, one.text if changed.passage == one.passage else ""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", help="print what is missed of this kind")
    show = parser.parse_args().show
    every = said()
    refused = [one for one in every if not _shown(one, alone="")]
    print(f"true sentences refused {len(refused)} of {len(every)} ({len(refused) / len(every):.2%})")
    if show == "true":
        print(*(one.text for one in refused), sep="\n")
    true = [(changed, one.text) for one in every for changed in _reworded(one, random.Random(2))]
    for proof in ("passage", "sentence"):
        refused = [one for one, alone in true if not _shown(one, alone=alone if proof == "sentence" else "")]
        print(f"true, reworded: proof {proof} refused {len(refused)} of {len(true)} ({len(refused) / len(true):.2%})")
        if show == "reworded":
            print(*(f"    {one.text}" for one in refused), sep="\n")
    for name, change in changes(every).items():
        cases = list(_false(change, every))
        for proof in ("passage", "sentence"):
            kept = [(one, true) for one, true in cases if proof == "passage" or true]
            missed = [one.text for one, true in kept if _shown(one, alone=true if proof == "sentence" else "")]
            if kept:
                rate = 1 - len(missed) / len(kept)
                print(f"{name:24} proof {proof:8} caught {len(kept) - len(missed)} of {len(kept)} ({rate:.1%})")
            if name == show:
                print(*(f"    {text}" for text in missed), sep="\n")


if __name__ == "__main__":
    main()
