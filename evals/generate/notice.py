"""A whole notice: heading, preamble, parts and signature around the layout, with its labels and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from random import Random
from typing import Any

from evals.generate.findings import Section, counties, draw_sections, draw_setting, phrases
from evals.generate.layouts import LAYOUTS, NUMERALS, Items, table
from evals.generate.marked import Setting, reshaped

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NARROW = str.maketrans("，：；（）", ",:;()")
SHAPES: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str,
    lambda text: text.translate(NARROW),
    lambda text: text.translate(WIDE),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Generated:
    """``name``: file name; ``data``: its bytes; ``labels``: in the form of evals/gold/extraction."""

    name: str
    data: bytes
    labels: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """Who was inspected by whom and when. ``days``: begin, end, feedback, signature, publication."""

    title: str
    issuer: str
    inspected: str
    inspector: str
    verb: str
    kind: str
    days: tuple[Day, Day, Day, Day, Day]


def generate(n: int, seed: int) -> Iterator[Generated]:
    """``n`` notices, each of another county; the k-th is the same for every ``n``. Raises ``ValueError`` over 2,000."""
    places = list(counties())
    if n > len(places):
        raise ValueError(f"at most {len(places)} notices: one for each county")
    Random(seed).shuffle(places)
    for number, county in enumerate(places[:n]):
        # Strings, unlike tuples, seed the same dice in every process.
        yield _notice(number, county, Random(f"{seed}/{number}"))


def _notice(number: int, county: str, dice: Random) -> Generated:
    setting = draw_setting(county, dice)
    sections = draw_sections(setting, dice)
    head = _head(setting, dice)
    layout, shape = dice.choice(LAYOUTS), dice.choice(SHAPES)
    lines, items = layout(sections, dice)
    counts = _counts(sections)
    body = [_preamble(head, counts), *_organising(dice), "二、反馈问题整改情况", *lines, *_closing(dice)]
    html = layout is table
    top = [head.title, f"来源：{setting.county}人民政府网  发布时间：{head.days[4].isoformat()}"]
    tail = [head.issuer, _printed(head.days[3])]
    text = [*top, *map(shape, [*body, *tail])]
    name = f"gen-{number:04}.{'html' if html else 'txt'}"
    labels = {
        "notice": f"gen-{number:04}",
        "file": f"notices/{name}",
        "held_out": False,
        "labelled_by": "evals.generate",
        "meta": _meta(head, setting, counts, "\n".join(text), shape),
        "items": reshaped(_all_keys(items), shape),
    }
    return Generated(name, _page(text) if html else _file(text, dice), labels)


# -- head and frame ----------------------------------------------------------------------------------------------------


def _head(setting: Setting, dice: Random) -> Head:
    begin = Day(setting.year - 1, dice.randint(2, 6), dice.randint(1, 28))
    days = [begin]
    for least, most in ((20, 60), (15, 40), (90, 200), (1, 9)):
        days.append(days[-1] + timedelta(days=dice.randint(least, most)))
    draw = dice.choice((_of_office, _of_town, _of_county))
    return draw(setting, dice, (days[0], days[1], days[2], days[3], days[4]))


def _of_office(setting: Setting, dice: Random, days: tuple[Day, Day, Day, Day, Day]) -> Head:
    office = dice.choice(
        ["水利局", "农业农村局", "教育局", "财政局", "民政局", "林业局", "交通运输局", "住房和城乡建设局"]
    )
    issuer, group = f"中共{setting.county}{office}党组", f"{setting.rank}委第{dice.choice('一二三四五')}巡察组"
    title = f"{issuer}关于{setting.rank}委巡察反馈意见整改落实情况的通报"
    return Head(title, issuer, f"{setting.rank}{office}党组", group, "开展了常规巡察", "inspection", days)


def _of_town(setting: Setting, dice: Random, days: tuple[Day, Day, Day, Day, Day]) -> Head:
    town = setting.towns[0]
    party = "工作委员会" if town.endswith("街道") else "委员会"
    short = f"{town}党工委" if town.endswith("街道") else f"{town}党委"
    issuer, group = f"中共{setting.county}{town}{party}", f"{setting.rank}委第{dice.choice('一二三四五')}巡察组"
    return Head(f"{issuer}关于巡察反馈意见整改进展情况的通报", issuer, short, group, "开展了巡察", "inspection", days)


def _of_county(setting: Setting, dice: Random, days: tuple[Day, Day, Day, Day, Day]) -> Head:
    group = f"省第{dice.choice('一二三四五')}生态环境保护督察组"
    title = f"{setting.county}贯彻落实省生态环境保护督察反馈意见整改情况公告"
    return Head(
        title, f"{setting.county}人民政府", setting.county, group, "开展了生态环境保护督察", "environmental", days
    )


def _printed(day: Day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _counts(sections: list[Section]) -> list[dict[str, str]]:
    """What the preamble declares, and truly."""
    findings = [finding for section in sections for finding in section.findings]
    done = sum(finding.result is not None and finding.result.value == "completed" for finding in findings)
    return [
        {"what": "categories", "value": str(len(sections)), "unit": "个", "text": f"{len(sections)}个方面"},
        {"what": "problems", "value": str(len(findings)), "unit": "个", "text": f"{len(findings)}个具体问题"},
        {"what": "completed", "value": str(done), "unit": "个", "text": f"已完成{done}个"},
    ]


def _preamble(head: Head, counts: list[dict[str, str]]) -> str:
    begin, end, feedback, _, _ = map(_printed, head.days)
    categories, problems, done = (count["text"] for count in counts)
    return (
        f"根据统一部署，{begin}至{end}，{head.inspector}对{head.inspected}{head.verb}。{feedback}，反馈了{categories}"
        f"{problems}。截至目前，{done}。现将整改情况予以公布。"
    )


def _organising(dice: Random) -> list[str]:
    chosen = dice.sample(phrases()["organising"], dice.randint(1, 4))
    return ["一、整改工作组织情况", *(f"({NUMERALS[n]}){text}" for n, text in enumerate(chosen))]


def _closing(dice: Random) -> list[str]:
    chosen = dice.sample(phrases()["closing"], dice.randint(1, 3))
    phone = f"0{dice.randint(310, 998)}-{dice.randint(2000000, 8999999)}"
    contact = f"欢迎干部群众对整改落实情况进行监督。联系电话：{phone}。"
    return ["三、下一步工作打算", *(f"({NUMERALS[n]}){text}" for n, text in enumerate(chosen)), contact]


# -- labels ------------------------------------------------------------------------------------------------------------


def _meta(
    head: Head, setting: Setting, counts: list[dict[str, str]], text: str, shape: Callable[[str], str]
) -> dict[str, Any]:
    names = ("inspection_start", "inspection_end", "feedback_date", "signed_date", "published_date")
    dates = {
        name: {"iso": day.isoformat(), "text": day.isoformat() if name == "published_date" else shape(_printed(day))}
        for name, day in zip(names, head.days, strict=True)
    }
    level = {"镇": "town", "乡": "town", "道": "town"}
    towns = [{"text": town, "level": level[town[-1]]} for town in setting.towns if town in text]
    return {
        "title": head.title,
        "issuer": [head.issuer],
        "inspected": head.inspected,
        "inspector": head.inspector,
        "kind": head.kind,
        **dates,
        "declared_counts": reshaped([count | {"text": count["text"]} for count in counts], shape),
        "places": [{"text": setting.county, "level": "county"}, *towns],
    }


def _all_keys(items: Items) -> Items:
    """Every key that label files have, also where a layout has nothing for it."""
    empty: dict[str, Any] = {name: [] for name in ("responsible_units", "responsible_persons", "accountability")}
    empty |= {"deadline": None, "target": None}
    return [empty | item for item in items]


# -- bytes -------------------------------------------------------------------------------------------------------------


def _file(text: list[str], dice: Random) -> bytes:
    gap, end = dice.choice(["\n", "\n\n"]), dice.choice(["\n", "\n", "\r\n"])
    return (gap.join(text) + "\n").replace("\n", end).encode(dice.choice(ENCODINGS))


def _page(text: list[str]) -> bytes:
    inner = "\n".join(line if line.startswith("<") else f"<p>{line}</p>" for line in text)
    head = f'<head><meta charset="utf-8"><title>{text[0]}</title></head>'
    return f"<!DOCTYPE html>\n<html>{head}\n<body>\n{inner}\n</body></html>\n".encode()
