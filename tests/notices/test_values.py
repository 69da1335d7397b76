"""Dates, quantities, documents and organizations as printed and as normalised."""

from __future__ import annotations

import pytest

from tests.notices.notice_samples import item

DATES = {
    "2021年5月19日召开会议。": ["2021-05-19"],
    "2020年10月12日至12月4日检查。": ["2020-10-12/2020-12-04"],
    "2020年8月至2021年10月清理。": ["2020-08/2021-10"],
    "2023年1—9月下降。": ["2023-01/2023-09"],
    "2020年第四季度补充。": ["2020-10/2020-12"],
    "2021年初补充。": ["2021-01"],
    "2023年底前完成。": ["2023-12"],
    "年内完成。": ["2023"],
    "今年年底前完成。": ["2023-12"],
    "2021年以来印发通报。": ["2021"],
    "自2023年6月份以来学习。": ["2023-06"],
    "2021年4月20日印发，5月17日联合印发。": ["2021-04-20", "2021-05-17"],
    "7月印发。": ["2023-07"],
    "2023.5.6召开。": ["2023-05-06"],
    "二〇二三年五月六日召开。": ["2023-05-06"],
    "2019年至2021年发放。": ["2019/2021"],
    "今年以来检查。": [],
    "近3年未开展。": [],
    "完成2021年度考核。": [],
    "参加2025年省厅组织的考试。": [],
    "印发《2021年工作方案》。": [],
    "对2018年以来的记录进行补正。": [],
    "每季度检查。": [],
}


@pytest.mark.parametrize("text", DATES)
def test_dates_at_their_printed_precision(text: str) -> None:
    """A missing year comes from the context; names of editions are no dates."""
    assert [date.iso for date in item(text).dates] == DATES[text]


QUANTITIES = {
    "完成37座。": [("37", "座")],
    "处理2万吨/天。": [("2", "万吨/天")],
    "投入1.35亿元。": [("1.35", "亿元")],
    "培训4150余人(次)。": [("4150", "人(次)")],
    "比例为10%，提高0.5个百分点。": [("10", "%"), ("0.5", "个百分点")],
    "每天1至1.5万吨。": [("1/1.5", "万吨")],
    "分包二到三个县。": [("二/三", "个")],
    "发布三批典型案例。": [("三", "批")],
    "限期3个月，每周两次。": [("3", "个月"), ("两", "次")],
    "罚款1,234.5万元。": [("1234.5", "万元")],
    "拆除4台（套）。": [("4", "台（套）")],
    "由每年40万元提高到95万元。": [("40", "万元"), ("95", "万元")],
    "印发〔2021〕7号文件。": [],
    "第一批名单，三级网格。": [],
    "一企一策，一个问题一个方案。": [],
    "2021年5月1日。": [],
}


@pytest.mark.parametrize("text", QUANTITIES)
def test_quantities_with_their_measure_word(text: str) -> None:
    """Value in ASCII digits or as printed, unit with its 万 or 亿; no years, ordinals, ranks or slogans."""
    assert [(q.value, q.unit) for q in item(text).quantities] == QUANTITIES[text]


ORGANIZATIONS = {
    "县水务局科学调度。": ["县水务局"],
    "住建、水利、林业等部门制定清单。": ["住建", "水利", "林业"],
    "由环卫部门清理。": ["环卫部门"],
    "会同县自然资源和规划局、县公安局检查。": ["县自然资源和规划局", "县公安局"],
    "县委、县政府召开会议。": ["县委", "县政府"],
    "向县委编办报送请示。": [],
    "各乡镇、相关部门落实责任。": [],
    "印发《县水务局工作规则》。": [],
    "县纪委监委问责5人。": ["县纪委监委"],
    "泾县云岭新型建材有限公司投入310万元。": ["泾县云岭新型建材有限公司"],
}


@pytest.mark.parametrize("text", ORGANIZATIONS)
def test_organizations_that_act(text: str) -> None:
    """Units named as acting; lists before 等部门 split; groups and addressees left out."""
    assert [g.text for g in item(text).organizations] == ORGANIZATIONS[text]


def test_documents_are_the_outermost_titles() -> None:
    """An inner title belongs to the outer one."""
    found = item("印发《关于转发《办法》的通知》《方案（试行）》。").documents
    assert [g.text for g in found] == ["《关于转发《办法》的通知》", "《方案（试行）》"]
