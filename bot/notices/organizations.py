"""Units named as acting, responsible or co-operating: 县水务局, 岳阳镇政府, 住建、城管等部门 (split, each as printed).

Found by their last words (…局, …办公室, …有限公司), then followed to the left up to a word that cannot belong to a name.
Generic groups (各乡镇, 相关部门) are none, nor are units that something is only reported or handed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.records import Span

_DOMAIN = (
    "生态环境保护|生态环境|环境保护|环保|住房城乡建设|住房和城乡建设|住房城乡建设和交通|住建|城市管理和综合执法|城市管理|综合行政执法|城管|农业农村|农牧|水利|水务|自然资源和规划|自然资源|自规|国土资源|发展和改革|发展改革|发改|财政|审计|交通运输|交通|市场监督管理|市场监督|市场监管"
    "|应急管理|应急|林业和草原|林业|林草|卫生健康|卫健|工业和信息化|经济信息化科技|经济和信息化|经信|工信|公安|交警|司法|民政|人力资源和社会保障|人力资源社会保障|人社|教育体育|教育|文化和旅游|文化旅游|文旅|商务|统计|税务|气象|科技|国资|医保|医疗保障|行政审批服务|行政审批|政务服务|机关事务管理|机关事务|地方海事|海事|海关"
    "|乡村振兴|畜牧|渔政|园林绿化|园林|环卫|供销|消防|信访|档案|残联|编办|组织|宣传|统战|政法|巡察|督查|退役军人事务|退役军人|大数据|数据资源管理|金融|能源|粮食|体育|广电|网信|机构编制|编制|规划|房产|公积金|水产|农机"
)
_LIST = re.compile(
    rf"(?P<names>(?:[省市县区镇乡]?(?:直)?(?:{_DOMAIN})(?:局|委|办)?[、和及与,]?){{2,}})等(?:\d+个|[一二三四五六七八九十多]+个|多个|有关|相关|职能|行业|主管|市直|县直)*(?:部门|单位|职能)|(?P<names2>(?:[省市县区镇乡]?(?:{_DOMAIN})(?:局|委|办)?[、和及与]){{1,}}[省市县区镇乡]?(?:{_DOMAIN}))(?:部门|等多?个?部门)"
)
_NAME = re.compile(_DOMAIN)
_TAIL = re.compile(
    rf"(?:(?:{_DOMAIN})(?:局|委员会|委|厅|部门|主管部门|办公室|办|中心|总队|支队|大队|综合执法支队|分局|所|站)"
    r"|人民政府|(?<![党各级地方当])政府(?!性|采购|债|门户|网|补|奖|信息|投资|服务|专项|工作|主导|常务)|纪委监委|纪检监察(?:组|室|机构)|纪委(?!书记)|监委|人民检察院|人民法院|检察院|法院"
    r"|街道办事处|村村民委员会|村民委员会|村委会|居委会|党支部委员会|管理委员会|管委会|工作委员会|机关工委|机关党委|党工委|党委(?!书记|会|委员|政府|、政府|和政府|班子|及)|党组(?!书记|会|成员|理论|班子|织|中心)|理论学习中心组"
    r"|领导小组办公室|工作领导小组|领导小组|工作专班|巡察组|巡视组|督察组|常委会(?!会议室)|河长办|大气办|环委办|整改办|攻坚办|蓝天办|编委办|编办|规委会|督查室|督查考核办|组织部|宣传部|统战部|政法委|农业农村部|交通部|生态环境部|自然资源部"
    r"|有限责任公司|股份有限公司|有限公司|集团公司|分公司|专业合作社|合作社|事务所|检测机构|派出所|司法所|[财税]政?分局|分局|支队|大队|综合执法局|执法局|保障中心|服务中心|管理中心|综治中心|监测站|监测中心|管理站|服务站|管理处|管理局|办事处|供电公司|水务公司|日报)"
    r"(?P<sub>(?:水资源|工程建设|计划财务|人事|法规|执法|办公)?[股科处室](?![长级室])|(?:执法)?[大支]队|临湘分局|办公室(?!主任))?"
)
# What cannot belong to a name: the name begins after the last of these.
_LEFT = re.compile(
    r".*(?:[^一-鿿“”()]|由|经|向|对|与(?!会)|及|或|会同|联合|督促|督导|指导|要求|责成|责令|组织(?!部)|协调|配合|委托|通过|按照|根据|报请|提请|报经|报|经过|的|了|在|于|将|为|从|以|是|把|被|给|等|各|该|本|全|并|后|时|上|已|均|仍|其|同|相关|有关|分别|先后|发函|成立|召开|参加|接受|下发|印发|出台|制定|开展|加强|移交|移送|函告|推送|推动|推进|落实|发现|巡察期间|期间|县委县政府|我|和(?!规划|综合|社会|信息|改革|旅游|城乡|草原)|至|到|请|让|使|原(?!农)|请示|反馈|建议|支持|涉及|包括|作为|负责|牵头|年|月|日|\d)"
)
_GENERIC_TAIL = re.compile(r"^(?:各|有关|相关|主管|职能|市直|县直|责任|乡镇|当地|属地|地方|两级|三级|基层|上级|下级|行业)*(?:政府|党委|部门|党组|单位|纪委|人民政府|党委政府|领导小组|工作领导小组|工作专班|分局|支队|大队|合作社|村委会|公司|有限公司|管委会|检测机构|常委会|机关党委|法院|派出所|党支部委员会|分公司|事务所|街道办事处|办事处|服务中心|管理中心|服务站|管理站|管理处|司法所|理论学习中心组)$")
_KEPT = {"会计师事务所", "机关党委", "局机关党委", "巡察组", "规委会", "环委办", "农业农村局", "工业园区管委会"}
_TOWARDS = re.compile(r"(?:向|报|报送|上报|移交|移送|函告|推送|推送给|呈报|报告|退缴|上缴|缴入|接受|约谈|致函|报请)[“”一-鿿、]{0,6}$")


def find_organizations(plain: str) -> list[Span]:
    """Every unit of the text that acts, in order, none overlapping."""
    spans = sorted({*_lists(plain), *_names(plain)})
    kept: list[Span] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _lists(plain: str) -> Iterator[Span]:
    for match in _LIST.finditer(plain):
        group = "names" if match["names"] else "names2"
        start, end = match.span(group)
        position = start
        for piece in re.split(r"[、和及与,](?=[省市县区镇乡]?(?:" + _DOMAIN + "))|[、,]", match[group]):
            if piece:
                begin = plain.index(piece, position, end)
                yield begin, begin + len(piece)
                position = begin + len(piece)


def _names(plain: str) -> Iterator[Span]:
    for match in _TAIL.finditer(plain):
        start = _left(plain, match.start())
        end = match.end()
        name = plain[start:end]
        if len(name) < 3 or (_GENERIC_TAIL.match(name) and name not in _KEPT):
            continue
        if start == match.start() and plain[start - 1 : start] in ("各", "该"):
            continue
        if _TOWARDS.search(plain[max(0, start - 8) : start]):
            continue
        yield start, end


def _left(plain: str, start: int) -> int:
    """Where the name that ends at a known tail begins."""
    window = max(0, start - 14)
    match = _LEFT.match(plain, window, start)
    begin = match.end() if match else window
    return begin
