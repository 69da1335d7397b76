"""What is set apart from a notice's text, and what never is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices.clean import clean

BODY = (
    "关于巡察整改进展情况的通报\n\n根据县委统一部署，巡察组反馈了意见，现将整改情况予以公布。\n\n"
    "一、整改情况\n全部问题已整改到位。"
)
SIGNED = f"{BODY}\n\n欢迎监督。联系电话：0730-3711533；地址：桃园巷4号。\n\n中共某县委\n2021年10月20日"


@pytest.mark.parametrize(
    "line",
    [
        "首页 > 政务公开 > 巡察整改 > 正文内容",
        "当前位置：首页>信息公开>正文",
        "您现在的位置：网站首页 » 纪检监察",
        "您所在的位置: 首页 / 巡视巡察",
        "您的当前位置：巡视巡察 > 整改公开",
        "清廉某县 > 巡察工作 > 整改情况 > 正文",
        "|",
        "网站首页 | 走进临湘 | 政务公开 | 互动交流",
        "登录 | 注册 | 无障碍阅读",
        "政务公开",
        "【字体：大 中 小】 打印 关闭窗口",
        "分享到：微信 微博 QQ空间",
    ],
)
def test_furniture_above_the_notice_is_cut(line: str) -> None:
    """Breadcrumbs, menus and share bars above the first paragraph are set apart, verbatim."""
    cleaned = clean(f"{line}\n{SIGNED}")
    assert (cleaned.text, cleaned.cut) == (SIGNED, (line,))


@pytest.mark.parametrize(
    "tail",
    [
        "分享到:",
        "扫一扫在手机打开当前页",
        "打印本页 关闭窗口",
        "上一篇：某县空气质量状况\n下一篇：无",
        "相关文章\n关于做好整改工作的通知\n关于某县水利局的公示",
        "©中共某县纪委 版权所有 湘ICP备10010796号-2",
        "主办单位：某县人民政府办公室　技术支持：某县数据局\n地址：某县人民路1号 邮编：414300",
        "网站地图 | 联系我们\n网站标识码：4306820001 湘公网安备43068202000102号",
    ],
)
def test_furniture_below_the_notice_is_cut(tail: str) -> None:
    """From the first line of a footer on, the tail is one piece of what was cut; signature and contact stay."""
    cleaned = clean(f"{SIGNED}\n\n{tail}\n")
    assert (cleaned.text, cleaned.cut) == (SIGNED, (tail,))


@pytest.mark.parametrize(
    "line",
    [
        "来源：某县纪委监委网站　发布时间：2022-01-24 15:28:22　阅读量：4791",
        "信息来源:某县生态环境局 日期:2025-01-17",
        "中共某县委办公室文件",
        "某办发〔2021〕7号",
        "——2023年12月21日在县人大常委会第十六次会议上",
    ],
)
def test_header_lines_stay(line: str) -> None:
    """Lines that say where and when a notice was published belong to its text."""
    text = SIGNED.replace("\n\n", f"\n\n{line}\n\n", 1)
    assert (clean(text).text, clean(text).cut) == (text, ())


def test_share_bar_behind_a_header_line_is_cut() -> None:
    """Where source and share bar stand in one line, only the bar goes."""
    header = "来源：县纪委 发布时间：2022-01-24"
    cleaned = clean(f"关于整改的通报\n{header} 【字体：大 中 小】 打印\n全部问题已整改到位。")
    assert cleaned.text == f"关于整改的通报\n{header}\n全部问题已整改到位。"
    assert cleaned.cut == (" 【字体：大 中 小】 打印",)


@pytest.mark.parametrize(
    "paragraph",
    [
        "3.网站建设不规范。未标明网站标识码和ICP备案编号，首页版权所有信息有误。",
        "当前位置偏僻的12处垃圾池已拆除。",
        "一是在“分享到朋友圈”等栏目开展宣传。",
        "首页 > 栏目设置不合理的问题已整改。",
    ],
)
def test_paragraphs_are_never_furniture(paragraph: str) -> None:
    """A problem about websites mentions what footers say and stays where it is."""
    text = f"{BODY}\n{paragraph}\n{paragraph}\n中共某县委"
    assert (clean(text).text, clean(text).cut) == (text, ())


@pytest.mark.parametrize(
    "last", ["联系电话：0737-2700665；", "电子邮件：282915990@qq.com", "附件：整改清单.docx", "2021年10月20日"]
)
def test_last_lines_of_a_notice_stay(last: str) -> None:
    """Contact details, an attachment or a date as the last line are not taken for a footer."""
    cleaned = clean(f"{BODY}\n{last}\n\n")
    assert (cleaned.text, cleaned.cut) == (f"{BODY}\n{last}", ())


@pytest.mark.parametrize(
    "form",
    [
        "整改结果：已完成\n主办单位：县水利局\n完成时限：2023年6月",
        "问题1：政务公开不及时\n责任单位：县政务公开办\n承办单位：县水利局\n整改结果：已完成",
        "序号\t反馈问题\n1\t网站地图缺失\n2\t首页未更新",
    ],
)
def test_forms_without_sentences_stay(form: str) -> None:
    """A form of short lines has labels that footers have too; without a filing number below they are no footer."""
    text = f"整改情况一览表\n{form}"
    assert (clean(text).text, clean(text).cut) == (text, ())


def test_footer_below_a_text_without_sentences_is_cut() -> None:
    """Filing numbers below a bare table are a footer, with the imprint right above them."""
    footer = "主办：某县人民政府办公室\n皖ICP备05018892号-1　网站标识码：3418230001"
    cleaned = clean(f"分享到：微信\n整改清单\n序号\t反馈问题\n1\t污水直排\n{footer}")
    assert (cleaned.text, cleaned.cut) == ("整改清单\n序号\t反馈问题\n1\t污水直排", ("分享到：微信", footer))


def test_line_ends_become_one() -> None:
    """CRLF, CR, form feeds and Unicode's own separators are line breaks; spaces inside lines stay as printed."""
    cleaned = clean("\ufeff第一行\u3000\u3000缩进\xa0\r\n第二行\r第三行\x0c第四行\u2028第五行  \r\n\r\n")
    assert cleaned.text == "第一行\u3000\u3000缩进\xa0\n第二行\n第三行\n第四行\n第五行"
    assert (cleaned.repairs, cleaned.cut) == ((), ())


def test_dense_pinyin_annotations_go() -> None:
    """Annotated traditional text becomes the simplified text it is a copy of; toneless syllables go with the rest."""
    cleaned = clean(
        "省環(huán)境保護(hù)督察組指出33個(gè)問題，干部們(men)（縣區(qū)）整改(gǎi)。排放濃度0.5(mg)，環（huán）保局。"
    )
    assert cleaned.text == "省环境保护督察组指出33个问题，干部们（县区）整改。排放浓度0.5(mg)，环保局。"
    assert cleaned.repairs == ("去除7处拼音注音并还原为简体字",)


def test_sparse_glosses_stay() -> None:
    """A notice may gloss a rare character; that is printed text, and its traditional characters stay too."""
    text = "垸(yuàn)內環境整治已完成。" + "全縣河湖長制工作持續推進。" * 40
    assert (clean(text).text, clean(text).repairs) == (text, ())


def test_plain_traditional_text_stays_traditional() -> None:
    """Without annotations nothing is folded: searching folds both sides instead."""
    assert clean("環境保護督察反饋問題整改情況").text == "環境保護督察反饋問題整改情況"


def test_radicals_become_characters() -> None:
    """Characters that a PDF producer wrote as radicals are what they look like."""
    cleaned = clean("⻓江沿岸⽣态环境问题")
    assert (cleaned.text, cleaned.repairs) == ("长江沿岸生态环境问题", ("2个以部首编码的字还原为汉字",))


@given(st.text(alphabet="|>首页当前位置：分享到打印ICP备。\r\n\t \xa0\u3000一、（）整改来源2021年1月日", max_size=120))
def test_offsets_lead_back_and_nothing_is_lost(raw: str) -> None:
    """Each kept character stands in the raw text where the map says; each dropped one is white space or cut."""
    cleaned = clean(raw)
    origins = [cleaned.offsets.to_source(index) for index in range(len(cleaned.text))]
    assert all(raw[o] == c or (raw[o] in "\r\x0c" and c == "\n") for o, c in zip(origins, cleaned.text, strict=True))
    dropped = [char for index, char in enumerate(raw) if index not in set(origins) and not char.isspace()]
    assert dropped == [char for char in "".join(cleaned.cut) if not char.isspace()]


def test_cleaning_twice_changes_nothing() -> None:
    """A cleaned notice has nothing left to clean."""
    once = clean(f"首页 > 公开 > 正文\n{SIGNED}\n分享到：\n版权所有").text
    assert clean(once).text == once


@pytest.mark.parametrize(
    "unit", ["分享到打印", "首页 | ", "环(huán)", "来源：打印 ", "关闭窗口", "|\n", "Copyright ", "\r\n", "个(", "。"]
)
def test_cleaning_is_linear(unit: str) -> None:
    """Five megabytes of any one pattern are cleaned in seconds: no expression backtracks."""
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    clean(text)
    assert time.perf_counter() - started < 5
