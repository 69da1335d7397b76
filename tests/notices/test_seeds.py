"""The five real notices, loaded as they lie in ``seeds/``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.notices.load import Loaded, load

SEEDS = Path(__file__).parents[2] / "seeds"


def seed(number: str) -> Loaded:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return load(path.read_bytes(), path.name)


def test_breadcrumb_is_set_apart() -> None:
    """The site's breadcrumb above the Linxiang notice is cut, verbatim; the notice begins with its title."""
    loaded = seed("000")
    assert loaded.cut == (
        "首页 > 其他信息 > 手机版 > 县市区公开 > 临湘市 > 巡视巡察 > 上级巡视巡察情况 \xa0>\xa0正文内容",
    )
    assert loaded.text.startswith(
        "【巡察整改】中共临湘市委关于“洞庭清波”专项行动机动巡察整改进展情况的通报\n\n根据岳阳市委"
    )
    assert loaded.text.endswith("电子邮箱:lxdflz@163.com。\n\n中共岳阳市临湘市委\n\n2021年10月20日")


def test_lone_mark_and_share_bar_are_set_apart() -> None:
    """The Cangzhou notice loses the stray bar above it and the tail from the share bar on; its header line stays."""
    loaded = seed("001")
    assert loaded.cut == (
        "|",
        "分享到:\n\n©中共沧州市纪律检查委员会 沧州市监察委员会 版权所有 \xa0冀ICP备10010796号-2",
    )
    assert loaded.text.startswith(
        "中共沧州市生态环境局党组关于九届市委专项巡察整改情况的通报\n\n来源:沧州市纪委监委网站"
    )
    assert loaded.text.endswith("2021年12月21日")


def test_site_footer_is_set_apart() -> None:
    """The Ezhou notice loses the site's footer; the contact paragraph and the signature above it stay."""
    loaded = seed("002")
    assert loaded.cut == (
        "\xa0\xa0站点地图网站标识码:4207000018 鄂ICP备05017375号 \xa0\xa0鄂公网安备42070402000209号\n"
        "信息系统安全等级保护备案证书编号42071499007-00001\n"
        "主办单位:鄂州市生态环境局 联系人:许智慧 联系电话:(027)60281828 地址:鄂州市文苑路11号",
    )
    assert "信息来源:鄂州市生态环境局 日期:2025-01-17" in loaded.text
    assert loaded.text.endswith("电话:027-60358613。\xa0\n\n  中共鄂州生态环境局党组\xa0\n\n  2025年1月17日")


def test_pinyin_annotated_text_is_repaired() -> None:
    """The Yongzhou notice loses its pinyin annotations and becomes the simplified text that it is a copy of."""
    loaded = seed("003")
    assert loaded.repairs == ("去除355处拼音注音并还原为简体字",)
    assert loaded.text.startswith(
        "2018年7月25日至8月15日,省第六环境保护督察组入驻永州市开展环境保护督察,期间共交办我市信访件268件。"
    )
    assert re.search(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)", loaded.text) is None
    assert loaded.cut == ()


def test_clean_text_is_left_alone() -> None:
    """The Yuanjiang notice needs no repair: all but the blank lines around it is as printed."""
    (path,) = SEEDS.glob("004_*.txt")
    loaded = seed("004")
    assert (loaded.repairs, loaded.cut) == ((), ())
    assert loaded.text == path.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_offsets_lead_back_to_the_file(number: str) -> None:
    """Every character of a cleaned text stands in the file where the offset map says."""
    (path,) = SEEDS.glob(f"{number}_*.txt")
    raw = path.read_text(encoding="utf-8")
    loaded = seed(number)
    assert loaded.text == "".join(raw[loaded.offsets.to_source(index)] for index in range(len(loaded.text)))
