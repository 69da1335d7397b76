"""Themes: what decides, what does not, and how users extend them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.records import Grounded
from bot.themes import Classifier, Taxonomy, Theme, builtin, classifier_for
from evals.gold.themes import by_theme, labelled, macro_f1
from tests.ledger.rows import item

SMALL = Classifier(
    Taxonomy(
        negative=("水利局",),
        themes=(
            Theme(name="大气", keywords=("空气", "大气")),
            Theme(name="水", keywords=("水质", "污水", "水利"), negative=("供水管网",)),
            Theme(name="秸秆", keywords=("秸秆",), implies=("大气",)),
        ),
    )
)


def names(problem: str, category: str = "", *measures: str) -> list[str]:
    found = item(problem, category=Grounded(category, (0, 1)) if category else None, measures=measures)
    return [hit.name for hit in SMALL.themes(found)]


def test_the_problem_decides() -> None:
    """Words of the problem give themes, several if there are several, in any script."""
    assert names("空氣质量下降、汙水直排", "", "秸秆禁烧") == ["大气", "水"]


def test_reasons_are_given() -> None:
    """Each theme says which words gave it, and an implied one which theme it belongs to."""
    hits = SMALL.themes(item("秸秆焚烧普遍"))
    assert [(hit.name, hit.reason) for hit in hits] == [("大气", "属于“秸秆”"), ("秸秆", "问题中有“秸秆”")]


def test_departments_are_no_evidence() -> None:
    """A word inside a department's name does not count."""
    assert names("县水利局会议过多") == []


def test_a_heading_with_one_theme_counts() -> None:
    """The inspectors' own classification adds its theme to those of the problem."""
    assert names("焚烧秸秆", "水质方面") == ["大气", "水", "秸秆"]


def test_a_joint_heading_does_not() -> None:
    """A heading that names two themes says nothing about the single item."""
    assert names("会议过多", "大气和水质方面") == []


def test_measures_decide_where_nothing_else_does() -> None:
    """An empty phrase as problem is classified by what the measures speak of repeatedly."""
    assert names("推动不力。", "", "治理污水，监测水质。") == ["水"]
    assert names("推动不力。", "", "治理污水。") == []


def test_users_extend_themes(tmp_path: Path) -> None:
    """A themes.yaml in the data folder adds words to a theme and themes to the taxonomy."""
    text = "themes:\n- {name: 秸秆, keywords: [稻草]}\n- {name: 殡葬, group: 民政, keywords: [公墓]}\n"
    (tmp_path / "themes.yaml").write_text(text, encoding="utf-8")
    mine = classifier_for(tmp_path)
    assert [hit.name for hit in mine.themes(item("公墓旁焚烧稻草"))] == ["大气", "秸秆", "殡葬"]
    assert mine.names()[:-1] == builtin().names()


def test_without_a_file_the_themes_are_the_programs(tmp_path: Path) -> None:
    """A folder without themes.yaml has the built-in taxonomy."""
    assert classifier_for(tmp_path) is builtin()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("themes: [{name: 甲, words: [乙]}]", "写法有误"),
        ("themes: [{name: 甲, implies: [乙]}]", "“甲”的 implies 写了没有的主题：乙"),
        ("themes: [{name: 甲, keywords: ['(']}]", "“甲”的关键词 ( 不是正则表达式"),
        ("themes: [", "写法有误"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    """The message names the file and what is wrong in it."""
    (tmp_path / "themes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        classifier_for(tmp_path)
    assert told in str(error.value)
    assert str(tmp_path / "themes.yaml") in str(error.value)


def test_classification_is_as_good_as_labelled_items_ask() -> None:
    """Macro F1 over the themes with at least eight gold items is 0.85 or more, on all notices and on the held-out."""
    cases = list(labelled())
    held = [case for case in cases if case.split == "held_out"]
    assert macro_f1(by_theme(cases, builtin())) >= 0.85
    assert macro_f1(by_theme(held, builtin())) >= 0.85
