"""Markdown is read for what it prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices.load import load


def printed(source: str) -> str:
    return load(source.encode(), "notice.md").text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# 关于整改的通报 #\n\n## 一、整改情况", "关于整改的通报\n\n一、整改情况"),
        ("**整改情况：**一是*开展*学习。", "整改情况：一是开展学习。"),
        ("***加粗斜体***、~~删去~~、`代码`", "加粗斜体、删去、代码"),
        ("1. 问题一\n2. 问题二", "1. 问题一\n2. 问题二"),
        ("- 一是开展学习\n* 二是制定办法\n+ 三是抓落实", "一是开展学习\n二是制定办法\n三是抓落实"),
        ("> 引用的话", "引用的话"),
        ("来源：[某县纪委](http://www.x.gov.cn/a_1.html)", "来源：某县纪委"),
        ("![公章](images/a.png)中共某县委", "中共某县委"),
        ("1\\. 问题 \\*号", "1. 问题 *号"),
        ("关于整改的通报\n======\n正文", "关于整改的通报\n正文"),
        ("上\n\n---\n\n下", "上\n\n\n下"),
        ("第一行<br>第二行<u>划线</u>", "第一行\n第二行划线"),
        ("甲&nbsp;乙&#8220;丙&#8221;", "甲\xa0乙“丙”"),
    ],
)
def test_marks_go_and_words_stay(source: str, text: str) -> None:
    """Headings, emphasis, lists, links, escapes and entities become what they print; typed numbers stay."""
    assert printed(source) == text


@pytest.mark.parametrize(
    "text",
    [
        "规格1200*800*600毫米",
        "2*3*4",
        "#号井盖",
        "3#泵站、5#泵站",
        "〔2021〕7号（见[附件]）",
        "a_b_c@163.com",
        "PM2.5|PM10",
        "--",
    ],
)
def test_signs_that_are_no_marks_stay(text: str) -> None:
    """A star between figures, a number sign without a space, brackets without an address are printed text."""
    assert printed(text) == text


def test_pipe_table_becomes_text_and_grid() -> None:
    """A pipe table's cells are parted by tabs; escaped pipes and line breaks are the cell's own."""
    loaded = load(
        "整改清单\n\n| 序号 | 反馈问题 | 整改措施 |\n|:--|---|--:|\n| 1 | 问题a\\|b | **一是**学习<br>二是办法 |\n"
        "| 2 |  | 措施 |\n\n中共某县委".encode(),
        "notice.md",
    )
    assert loaded.text == (
        "整改清单\n\n序号\t反馈问题\t整改措施\n1\t问题a|b\t一是学习\n二是办法\n2\t\t措施\n\n中共某县委"
    )
    (table,) = loaded.tables
    assert [[loaded.text[start:end] for start, end in row] for row in table.rows] == [
        ["序号", "反馈问题", "整改措施"],
        ["1", "问题a|b", "一是学习\n二是办法"],
        ["2", "", "措施"],
    ]
    assert loaded.text[slice(*table.span)] == loaded.text.split("\n\n")[1]


def test_repair_is_recorded_only_where_marks_went() -> None:
    """A Markdown file that is plain text has no repair."""
    assert load("关于整改的通报\r\n\r\n全部完成。".encode(), "a.md").repairs == ()
    assert load("# 关于整改的通报".encode(), "a.md").repairs == ("去除Markdown标记",)


def test_format_follows_the_name() -> None:
    """The same bytes are Markdown or plain text by their extension: nothing else could tell."""
    assert [load(b"# a", name).text for name in ("a.md", "a.markdown", "a.txt", "a")] == ["a", "a", "# a", "# a"]


@given(st.text(alphabet="#*|-`\\[]()<br>&;~_ \n\r一二三a1", max_size=80))
def test_offsets_lead_back_to_the_file(source: str) -> None:
    """Every character but a replaced one stands in the file at its mapped offset; cells lie inside the text."""
    loaded = load(f"整改\n{source}\n通报".encode(), "a.md")
    raw = f"整改\n{source}\n通报"
    for index, char in enumerate(loaded.text):
        assert char in (raw[loaded.offsets.to_source(index)], "\t", "\n")
    for table in loaded.tables:
        assert all(0 <= start <= end <= len(loaded.text) for row in table.rows for start, end in row)
