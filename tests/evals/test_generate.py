"""The generator of notices: reproducible, its labels hold, and the rules find what it wrote."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app import Incoming, identity, read_notice
from bot.notices.load import load
from bot.records import Extraction
from bot.schemas import from_data
from bot.settings import Settings
from evals.generate.__main__ import main
from evals.generate.layouts import LAYOUTS, chinese
from evals.generate.notice import generate
from evals.gold.compile import compile_labels, load_labels
from evals.gold.form import form_faults
from evals.metrics.items import compare
from evals.metrics.score import Ratio, add_ratios
from tests.support import ROOT

N, SEED = 60, 7


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@cache
def figures() -> dict[str, Ratio]:
    """Extraction figures over all generated notices."""
    parts = []
    for notice in generate(N, SEED):
        got = read_notice(Incoming(notice.name, notice.data), Settings())
        gold = from_data(Extraction, compile_labels(notice.labels, got.notice.text))
        parts.append(compare(got, gold).ratios)
    return add_ratios(parts)


def figure(name: str) -> float:
    ratio = figures()[name]
    return ratio.num / ratio.den


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two processes with one seed write the same files; another seed writes others."""
    main(["--n", "6", "--seed", "7", "-o", str(tmp_path / "here")])
    line = [sys.executable, "-m", "evals.generate", "--n", "6", "--seed", "7", "-o", str(tmp_path / "there")]
    subprocess.run(line, check=True, cwd=ROOT, capture_output=True, timeout=60)
    main(["--n", "6", "--seed", "8", "-o", str(tmp_path / "other")])
    assert digest(tmp_path / "here") == digest(tmp_path / "there")
    assert not set(digest(tmp_path / "here").values()) & set(digest(tmp_path / "other").values())


def test_a_notice_does_not_depend_on_how_many_follow() -> None:
    """The first notices of a long series are those of a short one."""
    assert list(generate(3, SEED)) == list(generate(N, SEED))[:3]


def test_every_label_stands_in_the_text() -> None:
    """Labels have the gold's form, and its compiler, which refuses what it cannot place, places them all."""
    for notice in generate(N, SEED):
        assert form_faults(notice.labels) == []
        compile_labels(notice.labels, load(notice.data, notice.name).text)


def test_written_labels_are_label_files(tmp_path: Path) -> None:
    """What the command writes is read back by the gold's own reader as what was generated."""
    main(["--n", "8", "--seed", "7", "-o", str(tmp_path)])
    for notice in generate(8, SEED):
        assert load_labels(tmp_path / "extraction" / f"{notice.labels['notice']}.yaml") == notice.labels


def test_all_layouts_occur() -> None:
    """Sixty notices show every layout; a table is a page, everything else a text file."""
    texts = [load(notice.data, notice.name).text for notice in generate(N, SEED)]
    signs = ("整改情况", "关于“", "针对", "整改落实情况", "整改目标", "序号")
    assert len(signs) == len(LAYOUTS)
    assert [sign for sign in signs if not any(sign in text for text in texts)] == []


def test_no_two_are_one_notice() -> None:
    """Ingested together, none replaces another."""
    names = [identity(read_notice(Incoming(n.name, n.data), Settings()).notice) for n in generate(N, SEED)]
    assert len(set(names)) == N


def test_more_than_there_are_counties_is_refused() -> None:
    """Each notice is of another county."""
    with pytest.raises(ValueError, match="at most"):
        next(iter(generate(10_000, SEED)))


def test_chinese_numerals() -> None:
    """Tasks are numbered as people write: 十一, not 一十一; no two alike."""
    assert [chinese(n) for n in (1, 10, 11, 20, 25)] == ["一", "十", "十一", "二十", "二十五"]
    assert all(a != b for a, b in pairwise(map(chinese, range(1, 30))))


def test_the_rules_find_what_was_written() -> None:
    """Items, measures, figures and documents whole; the rest at the level measured on 60 notices."""
    whole = ("item_f1", "measure_f1", "quantities_f1", "documents_f1", "dates_f1", "deadline", "label", "category")
    assert {name: figure(name) for name in whole} == dict.fromkeys(whole, 1.0)
    assert figure("organizations_f1") >= 0.97
    assert figure("status_accuracy") >= 0.95
