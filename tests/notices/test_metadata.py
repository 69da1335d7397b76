"""What a notice says of itself."""

from __future__ import annotations

import pytest

from bot.gazetteer import mentions
from bot.notices.outline import outline
from bot.notices.places import read_places
from tests.notices.notice_samples import HEAD, LAYOUTS, TAIL, extraction


def test_the_head_and_the_signature() -> None:
    """Title, issuer, inspected unit, group and dates of a usual notice."""
    notice = extraction(HEAD + LAYOUTS["lead words"] + TAIL).notice
    assert notice.title is not None
    assert notice.title.text == "中共青山县水利局党组关于县委巡察反馈意见整改情况的通报"
    assert [g.text for g in notice.issuer] == ["中共青山县水利局党组"]
    assert notice.inspected is not None
    assert notice.inspected.text == "县水利局党组"
    assert notice.inspector is not None
    assert notice.inspector.text == "县委第二巡察组"
    dates = (notice.inspection_start, notice.inspection_end, notice.feedback_date, notice.signed_date)
    assert [date.iso for date in dates if date] == ["2023-03-06", "2023-05-12", "2023-06-20", "2023-12-04"]
    assert notice.kind.value == "inspection"


def test_a_title_over_two_lines_and_a_tag_before_it() -> None:
    """The lines are joined as printed; 【巡察整改】 is not part of the title."""
    title = extraction(
        "【巡察整改】中共甲县委\n关于巡察整改情况的通报\n\n来源：本站 发布时间：2022-01-24 15:28\n正文。"
    ).notice
    assert title.title is not None
    assert title.title.text == "中共甲县委\n关于巡察整改情况的通报"
    assert title.published_date is not None
    assert title.published_date.iso == "2022-01-24"
    assert [g.text for g in title.issuer] == ["中共甲县委"]


def test_two_issuers_and_a_date_in_characters() -> None:
    """中共安岳县委 and 安岳县人民政府, 二〇二四年十月十五日."""
    notice = extraction("整改情况的公告\n正文。\n\n中共安岳县委\n安岳县人民政府\n二〇二四年十月十五日\n").notice
    assert [g.text for g in notice.issuer] == ["中共安岳县委", "安岳县人民政府"]
    assert notice.signed_date is not None
    assert notice.signed_date.iso == "2024-10-15"


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        (
            "反馈意见指出的四大类13个问题细化为32个整改举措。",
            [("categories", "四"), ("problems", "13"), ("measures", "32")],
        ),
        ("制定整改措施28条，9个问题中已完成5个。", [("measures", "28"), ("problems", "9"), ("completed", "5")]),
        ("已完成11项，基本完成2项。", [("completed", "11"), ("other", "2")]),
        ("12个达到序时进度要求。", [("other", "12")]),
        ("第2个问题已经说明。", []),
    ],
)
def test_declared_counts(sentence: str, counts: list[tuple[str, str]]) -> None:
    """Figures that the notice declares of itself in its preamble."""
    notice = extraction(HEAD + sentence + "\n\n" + LAYOUTS["lead words"] + TAIL).notice
    assert [(count.what, count.value) for count in notice.declared_counts] == counts


def test_damaged_input_has_nulls() -> None:
    """Nothing is guessed where nothing is printed."""
    notice = extraction("　　").notice
    assert (notice.title, notice.issuer, notice.inspected, notice.signed_date, notice.kind.value) == (
        None,
        (),
        None,
        None,
        "other",
    )


def test_places_lie_in_the_issuers_area() -> None:
    """With a gazetteer short names inside the area count, others do not, and the ancestors are derived."""
    text = "中共沧州市委关于整改情况的通报\n任丘已整改，洼里王镇已整改，学习武汉经验。"
    places, derived = read_places(text, outline(text).plain, [(0, 7)], mentions)
    assert [(p.text, p.level, p.canonical) for p in places] == [
        ("沧州市", "city", "沧州市"),
        ("任丘", "county", "任丘市"),
        ("洼里王镇", "town", "洼里王镇"),
    ]
    assert derived == ("河北省",)


def test_a_bureau_of_town_and_country_building_is_no_township() -> None:
    """住房和城乡建设局 is a bureau of the county, which the notice is about; 清河县连庄乡 is a township."""
    title = "中共清河县住房和城乡建设局党组关于巡察整改情况的通报"
    places, derived = read_places(title, outline(title).plain, [(0, len(title))], mentions)
    assert [place.canonical for place in places] == ["清河县"]
    assert "清河县" not in derived
    title = "中共清河县连庄乡委员会关于巡察整改情况的通报"
    places, derived = read_places(title, outline(title).plain, [(0, len(title))], mentions)
    assert "清河县" not in [place.canonical for place in places]
    assert "清河县" in derived


def test_a_date_in_brackets_below_the_title_is_the_signed_one_where_none_stands_at_the_end() -> None:
    """Some notices print the date under the title and only the unit below the text."""
    text = "中共青山县水利局党组关于整改情况的通报\n\n（2022年8月18日）\n\n现通报如下。\n\n中共青山县水利局党组\n"
    signed = extraction(text).notice.signed_date
    assert signed is not None
    assert (signed.iso, signed.text) == ("2022-08-18", "2022年8月18日")


def test_the_unit_after_a_worded_inspection() -> None:
    """对会同县下沉督察 names the inspected unit, an office of supervision the inspector."""
    text = "会同县整改情况公告\n\n2020年11月3日至12月3日，省政府督查室对会同县下沉督察。\n"
    notice = extraction(text).notice
    assert notice.inspected is not None
    assert notice.inspected.text == "会同县"
    assert notice.inspector is not None
    assert notice.inspector.text == "省政府督查室"


def test_town_names_stand_without_the_verb_before_them() -> None:
    """完成堡子镇 names 堡子镇; towns of the peoples keep their whole name; 城镇, 城乡 and 相关镇 are none."""
    text = "完成堡子镇改造，青朗侗族苗族乡已建成，林城镇3家，指导城镇建设，统筹城乡发展，相关镇落实。"
    places, _ = read_places(text, outline(text).plain, [], None)
    assert [place.text for place in places] == ["堡子镇", "青朗侗族苗族乡", "林城镇"]
