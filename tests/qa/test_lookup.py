"""Lookups: the exact short answer with the sentence that proves it, yes or no, refusals as they are shown."""

from __future__ import annotations

import pytest

from tests.qa.conftest import Asked

LINXIANG, CANGZHOU, EZHOU = "000_c20c0a165cf05326", "001_bed7040c2e734348", "002_fd218f53bd30a44e"
YONGZHOU, YUANJIANG = "003_f055237780667b41", "004_1eb820fdb94078f3"

FACTS = [
    ("建瓯盘亏资产多少件", "17件", "dev-hunpai", "盘亏资产17件"),
    ("永州全省空气排名第几", "第5", YONGZHOU, "全省排名第5"),
    ("反馈意见会后成立的永州整改工作领导小组，市长担任什么", "第一副组长", YONGZHOU, "市长任第一副组长"),
    ("沧州散乱污回头看按多大比例抽查的", "10%", CANGZHOU, "10%"),
    ("鄂州市生态环境局巡察整改专题民主生活会的日期？", "2024年6月19日", EZHOU, "专题民主生活会"),
    ("南迹湖那个水生态工程弄到什么程度了", "主体已完工", EZHOU, "南迹湖水生态项目主体已完工"),
    ("沅江南嘴断面总磷降了多少", "18.5%", YUANJIANG, "分别下降14%、18.5%、2.7%"),
    ("饶平妇幼保健院新院区代建单位是谁", "饒平縣潤安建設投資有限公司", "dev-fanti", "對項目代建單位"),
    ("安岳断面监测现在多久一次", "每周1次", "dev-renwu", "加密为每周1次"),
    ("临湘给哪个股长做了提醒谈话", "畜牧水产技术推广中心业务股股长", LINXIANG, "进行提醒谈话处理"),
    ("临湘8月13日市委常委会定了什么方案", "加快沿江化工企业退出工作方案", LINXIANG, "加快沿江化工企业退出工作方案"),
    ("永新一年接了多少个报修电话", "213件", "dev-wenti-zeren", "受理群众报修213件"),
    ("永新整治招投标的工作组组长是哪个", "局主要负责人", "dev-wenti-zeren", "由局主要负责人任组长"),
    ("永新县农村饮水工程的维修养护经费现在给多少", "95万元", "dev-wenti-zeren", "由每年40万元提高到95万元"),
    ("安岳县书房坝水库年补水量多少", "600万立方米", "dev-renwu", "年补水量达600万立方米"),
    ("建瓯小松镇拆掉的违建有多少万平方米", "１.８万平方米", "dev-hunpai", "拆除违建２９宗、１.８万平方米"),
    ("饶平送出去学习的大夫第二拨啥时候走", "2022年10月", "dev-fanti", "第二批10名將於2022年10月赴汕頭進修"),
    ("临湘市整改责任分解到几名市级领导", "5名", LINXIANG, "将整改责任分解到5名市级领导、10个责任单位"),
    ("临湘市检查农药经营单位多少户次", "180户次", LINXIANG, "检查农药经营单位180户次"),
    ("临湘市建立了多少个农药包装废弃物回收点", "10个", LINXIANG, "农药包装废弃物、地膜回收点10个"),
    ("临湘市早稻育秧大棚共多少平方米", "29500㎡", LINXIANG, "早稻育秧大棚7个,共29500㎡"),
    ("临湘市对多少家养殖场粪污治理工程进行了初步验收", "426家", LINXIANG, "对426家养殖场粪污治理工程进行初步验收"),
    ("滨江园区污水处理厂哪一年开始建设", "2010年", LINXIANG, "于2010年开始建设"),
    ("临湘市的举报电话是多少", "0730-3711533", LINXIANG, "联系电话:0730-3711533"),
    ("临湘市的电子邮箱是什么", "lxdflz@163.com", LINXIANG, "电子邮箱:lxdflz@163.com"),
    ("临湘市有几条道路开挖施工", "17条", LINXIANG, "17条道路开挖施工"),
    ("临湘市关闭退出几家沿江企业", "3家", LINXIANG, "关闭退出3家"),
    ("临湘市还剩几家沿江企业要退出", "13家", LINXIANG, "剩余13家沿江企业退出"),
    ("临湘市约谈了几名主要负责人", "13人", LINXIANG, "主要负责人13人"),
    ("临湘市细化分解为多少个整改举措", "32个", LINXIANG, "细化分解为32个整改举措"),
    ("沧州有多少座污水处理厂完成提标改造", "37座", CANGZHOU, "37座污水处理厂完成提标改造"),
    ("沧州市核减了几条铁路专用线", "5条", CANGZHOU, "铁路专用线5条"),
    ("沧州市有几条铁路专用线调整到“十四五”开工", "8条", CANGZHOU, "8条铁路专用线建设时序调整"),
    ("沧州市对书香华府项目罚款多少", "6万元", CANGZHOU, "立案处罚6万元"),
    ("沧州市淘汰营运柴油货车的任务量是多少辆", "32605辆", CANGZHOU, "淘汰任务量为32605辆"),
    ("沧州市组织秸秆利用宣传培训讲座多少次", "21次", CANGZHOU, "讲座21次"),
    ("沧州市的专项巡察是哪天反馈的", "2021年3月1日", CANGZHOU, "2021年3月1日,市委专项巡察组"),
    ("沧州市任丘的黑臭水体清理了多少立方米垃圾", "119立方米", CANGZHOU, "垃圾共计约119立方米"),
    ("沧州累计完成多少项河流治理管控工程", "63项", CANGZHOU, "累计完成63项河流治理管控工程"),
    ("鄂州市加油站错峰加油的最大优惠力度是多少", "0.5元/升", EZHOU, "最大优惠力度达到0.5元/升"),
    ("鄂州市有多少家建材企业被查处", "25家", EZHOU, "25家建材企业依法依规查处"),
    ("鄂州市读书班举办了几天", "2天", EZHOU, "为期2天的读书班"),
    ("鄂州市理论学习中心组已组织学习多少次", "15次", EZHOU, "已组织学习15次"),
    ("鄂州市印发了哪个方案推进空气质量", "《鄂州市空气质量持续改善实施方案》", EZHOU, "以市政府名义印发"),
    ("谁发布了鄂州的通报", "中共鄂州生态环境局党组", EZHOU, "中共鄂州生态环境局党组"),
    ("永州市交办了多少件信访件", "268件", YONGZHOU, "268件信访件已全部办结"),
    ("永州市取缔淘汰了多少家小高炉企业", "109家", YONGZHOU, "取缔淘汰109家"),
    ("永州市淘汰了多少辆公交车", "365辆", YONGZHOU, "淘汰365辆高排放公交车"),
    ("永州市PM2.5均值是多少", "35μg/m3", YONGZHOU, "PM2.5均值为35μg/m3"),
    ("永州市PM10均值是多少", "51μg/m3", YONGZHOU, "PM10均值51μg/m3"),
    ("沅江市总磷平均浓度是多少", "0.043mg/L", YUANJIANG, "总磷平均浓度0.043mg/L"),
    ("沅江市完成了多少条农村黑臭水体治理", "2条", YUANJIANG, "2条农村黑臭水体"),
    ("沅江市整治了多少个排污口", "52个", YUANJIANG, "52个排污口"),
    ("沅江市巴南湖采砂问题什么时候通过验收销号", "2024年9月", YUANJIANG, "2024年9月通过省级验收销号"),
    ("沅江市淘汰了多少家生物质锅炉", "12家", YUANJIANG, "12家2吨以下生物质锅炉"),
    ("益阳市生态环境局是哪个巡察组巡察的", "厅党组第九巡察组", YUANJIANG, "厅党组第九巡察组对益阳市生态环境局"),
    ("泾县渗滤液每天处理多少立方米", "200立方米", "dev-biaoge", "日处理渗滤液200立方米"),
    ("泾县管网错接混接的责任单位是谁", "县住建局、县城管局、泾川镇政府", "dev-biaoge", "牵头单位：县住建局"),
    ("泾县废弃矿山生态修复的完成时限是什么时候", "2022年第三季度", "dev-biaoge", "2022年第三季度"),
    ("饶平县药品采购问责了几人", "4人", "dev-fanti", "共問責4人"),
    ("饶平县已清退违规收费多少万元", "11.9萬元", "dev-fanti", "已清退11.9萬元"),
    ("秦州区普惠性幼儿园覆盖率是多少", "91.6%", "dev-quanma", "覆盖率达到91.6%"),
]


@pytest.mark.parametrize(("question", "short", "notice", "proof"), FACTS)
def test_facts(asked: Asked, question: str, short: str, notice: str, proof: str) -> None:
    """The figure, date, unit or name, from the right notice, with the sentence that prints it."""
    answer = asked(question)
    assert (answer.status, answer.short_answer) == ("answered", short)
    assert [c.notice_id for c in answer.citations if proof in c.quote] == [notice]
    assert {c.notice_id for c in answer.citations} == {notice}


@pytest.mark.parametrize(
    ("question", "short", "answer"),
    [
        (
            "临湘市区域废弃物集中处理工程竣工了吗",
            "是",
            "是[1]。督促项目承建单位通过加强施工作业力量,截至目前,已完成厂房建设、设备安装及附属设施建设,"
            "区域废弃物集中处理工程已竣工。[1]",
        ),
        ("南迹湖水生态项目完工了吗", "不是", "不是[1]。截至目前,南迹湖水生态项目主体已完工。[1]"),
        ("鄂州市红莲湖项目建设滞后的工程完工了吗", "不是", "不是[1]。本项工程预计5月完工。[1]"),
        (
            "沧州市是不是有30座污水处理厂完成提标改造",
            "不是",
            "不是[1]。目前,全市37座污水处理厂完成提标改造。[1]",
        ),
        (
            "沧州市是不是有37座污水处理厂完成提标改造",
            "是",
            "是[1]。目前,全市37座污水处理厂完成提标改造。[1]",
        ),
        (
            "泾县建筑垃圾消纳场所动工了吗",
            "不是",
            "不是[1]。未启动，项目选址正在论证[1]规划建设建筑垃圾资源化利用中心，加强日常巡查管控。[2]",
        ),
        (
            "泾县36户养殖户是不是都关停了",
            "不是",
            "不是[1]。第二，36户养殖户中关停退养9户、完善设施27户。[1]",
        ),
    ],
)
def test_yes_or_no(asked: Asked, question: str, short: str, answer: str) -> None:
    """是 or 不是 with the words that bear it out; 主体已完工 and 预计完工 are not finished."""
    found = asked(question)
    assert (found.short_answer, found.answer) == (short, answer)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("泾县修复了18处废弃矿山，复绿面积多少", "通报写的是“13处”"),
        ("泾县10项整改任务全部销号是在哪个月", "通报写的是“已完成整改7项”"),
        ("安岳石羊镇污水厂二期没通过验收的原因", "通过市级验收"),
        ("安岳187处设施全部修复后运行率多少", "尚未"),
        ("永新48处计量设施取消安装的原因", "问题中的“取消”与通报不符"),
        ("饶平群众投诉量上升了多少", "通报写的是“下降”"),
        ("洗马镇农房保证金没退的原因", "全部退还"),
        ("安岳拆除报废了112处污水设施，原因是什么", "通报写的是“14处”"),
    ],
)
def test_what_the_notice_contradicts_is_named(asked: Asked, question: str, message: str) -> None:
    """A deed, its denial or its contrary taken for granted is refused, with what the notice prints instead."""
    answer = asked(question)
    assert (answer.status, answer.reason) == ("refused", "false_premise")
    assert message in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "永新水利局问题7的责任人是谁",
        "永新问题7是什么问题",
        "洗马镇派出所所长是谁",
        "泾县宣纸加工户的名字",
        "安岳石羊镇污水处理厂二期的设计单位是哪家",
    ],
)
def test_nothing_of_another_kind_is_given_instead(asked: Asked, question: str) -> None:
    """A number, a post, a name or a part that the notice does not print is not answered with its like."""
    answer = asked(question)
    assert (answer.status, answer.reason, answer.citations) == ("refused", "no_evidence", ())


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("永新问题6的责任人是谁", "龙海涛"),
        ("永新第3个问题的整改时限", "2024年4月底"),
    ],
)
def test_the_number_of_a_problem_chooses_it(asked: Asked, question: str, short: str) -> None:
    """问题6 is asked of the item that is printed with this number."""
    assert asked(question).short_answer == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("建瓯批而未供的地处置完了吗", "不是"),
        ("建瓯绿色矿山7座都建成了吗", "不是"),
        ("秦州区新建的4所公办幼儿园全部投用了吗", "不是"),
        ("秦州区学校食堂的大宗食材集中配送全部覆盖了吗", "不是"),
        ("饶平违规收费的钱是不是全退给病人了", "不是"),
        ("洗马镇的农房保证金退完了吗", "是"),
        ("建瓯瑞森木业的欠款缴清了吗", "是"),
        ("秦州14个校建项目都审计完了吗", "不是"),
        ("沅江排污口是不是还有没整治的", "不是"),
        ("临湘那份通报的落款是不是2021年8月15日？", "不是"),
        ("临湘那份通报的落款是不是2021年10月20日？", "是"),
    ],
)
def test_what_is_left_makes_a_no(asked: Asked, question: str, short: str) -> None:
    """A remainder, a later step or an exception that the notice prints means that not all is done."""
    assert asked(question).short_answer in (short, {"不是": "没有"}.get(short, short))


def test_progress_is_the_notice_s_own_words(asked: Asked) -> None:
    """The state of an item: its label, then the sentence that says so."""
    answer = asked("沅江市巴南湖采砂的问题整改得怎么样了")
    assert (answer.short_answer, answer.answer.split("。")[0]) == ("2024年9月通过省级验收销号", "已销号")


def test_no_result_is_said_where_none_is_printed(asked: Asked) -> None:
    """An item with measures alone has no result to report."""
    answer = asked("沅江市秸秆禁烧管控不力的问题整改到哪一步了")
    lead = "通报没有写明整改结果，列出的整改措施是："
    assert (answer.short_answer, answer.answer[: len(lead)], answer.items) == (
        "未写明整改结果",
        lead,
        (f"{YUANJIANG}#二/(三)/4",),
    )


@pytest.mark.parametrize(
    ("question", "reason", "message"),
    [
        ("武汉市的整改情况怎么样", "out_of_scope", "没有关于武汉市的通报，无法回答。"),
        ("安吉县有多少个问题", "out_of_scope", "没有关于安吉县的通报，无法回答。"),
        ("华容县的问题有几个", "out_of_scope", "没有关于华容县的通报，无法回答。"),
        ("2015年临湘市的巡察是什么时候", "out_of_scope", "没有2015年的相关通报，无法回答。"),
        ("沧州市财政局的巡察整改有哪些问题", "out_of_scope", "没有关于财政局的通报，无法回答。"),
        ("鄂州市八届市委第九轮巡察什么时候开始的", "out_of_scope", "没有关于第九轮的通报，无法回答。"),
        ("沅江市的污水处理厂有几座", "out_of_scope", "通报中没有与这个问题有关的内容，无法回答。"),
        ("永州市污水管网建了多少公里", "no_evidence", "通报提到了相关内容，但没有写明所问的数量，无法回答。"),
        ("临湘市整改花了多少钱", "no_evidence", "通报提到了相关内容，但没有写明所问的金额，无法回答。"),
        ("永州市Ⅱ类水质断面比Ⅳ类多几个", "no_evidence", "没有在通报中找到可以相互比较的两个数字，无法计算。"),
        (
            "沧州30座污水处理厂提标改造是什么时候完成的",
            "false_premise",
            "问题中的“30座”与通报不符：通报写的是“37座”。",
        ),
        (
            "鄂州市20家加油站夜间错峰加油试点的最大优惠力度是多少",
            "false_premise",
            "问题中的“20家”与通报不符：通报写的是“10家”。",
        ),
        (
            "沅江市54个排污口什么时候整治完",
            "false_premise",
            "问题中的“54个”与通报不符：通报写的是“52个”。",
        ),
    ],
)
def test_refusals(asked: Asked, question: str, reason: str, message: str) -> None:
    """What is missing is said; nothing is cited as proof."""
    answer = asked(question)
    assert (answer.status, answer.reason, answer.answer) == ("refused", reason, message)
    assert (answer.short_answer, answer.value, answer.citations, answer.items) == (None, None, (), ())


def test_a_refusal_shows_what_the_notices_do_say(asked: Asked) -> None:
    """A near miss has related sentences beside it; a place that no notice is about has none."""
    assert any("10家加油站" in c.quote for c in asked("鄂州市20家加油站夜间错峰加油试点的最大优惠力度是多少").nearest)
    assert asked("武汉市的整改情况怎么样").nearest == ()
