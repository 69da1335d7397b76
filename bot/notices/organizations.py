"""Units named as acting, responsible or co-operating: 县水务局, 岳阳镇政府, 住建、城管等部门 (split, each as printed).

A unit is known by its last words (…局, …办公室, …有限公司). To the left it takes its level (市), place names that this
text prints, and 中共; units with free names (公司, 医院) reach back to a word that cannot belong to a name. Generic
groups (各乡镇, 相关部门) are none, nor are units that something is only reported to, nor those inside 《》.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.records import Span

_DOMAIN = (
    "生态环境保护|生态环境|环境保护|环保|生环|住房城乡建设|住房和城乡建设|住建|城市管理和综合执法"
    "|城市管理|综合行政执法|城管执法|城管|农业农村|农牧|水利|水务|自然资源和规划"
    "|自然资源|自规|国土资源|国土|发展和改革|发展改革|发改|财政|审计|交通运输|交通"
    "|市场监督管理|市场监督|市场监管|应急管理|应急|林业和草原|林业|林草|卫生健康"
    "|卫生监督|卫健|工业和信息化|经济信息化科技|经济和信息化|经信|工信|公安|交警"
    "|司法行政|司法|民政|人力资源和社会保障|人力资源社会保障|人社|教育体育|教育"
    "|教体|文化和旅游|文化旅游|文旅|商务|统计|税务|气象|科技"
    "|国有资产监督管理|国资|医疗保障|医保|行政审批服务|行政审批|政务服务|机关事务管理"
    "|机关事务|地方海事|海事|海关|乡村振兴|畜牧|渔政|园林绿化|园林|环卫|供销|消防"
    "|信访|档案|大数据|数据资源管理|金融|能源|粮食|体育|广电|网信|规划|房产|公积金"
    "|水产|农机|编办|退役军人事务|退役军人|督查|人社|生态能源|城建|路政|运管|盐务"
    "|烟草|邮政|通信|电力|供电|招商|投资促进|民族宗教|侨务|外事|政研|史志"
)
_LEVEL = "省市县区镇乡州旗局厅"
_SUB = (
    r"(?:(?:[一-鿿]{2,3})?分局|党组(?!书记|会|成员|理论|班子|织|中心)|机关党委|纪检监察组"
    r"|办公室(?!主任|会议)|(?:水资源|工程建设|计划财务|财务|人事|法规|执法|政工|规划"
    r"|综合|审批|监测|土壤|大气|水)[股科](?!级|长))"
)
_OTHER_SPOTS = (
    "人民政府|政府|委|纪委|直机|党委|监委|驻检|机关|党工|河长|大气|环委|生环|整改办"
    "|攻坚|蓝天|纪检组|编委|编办|规委|环委|残联|妇联|团委|工商|总工|人民检|人民法|检察"
    "|派出|司法所|街道办|村民委|村委|居委|管理委|管委|工作委|党组|省厅|市局|县局"
    "|区局|局办|镇政|乡政|镇党|乡党"
    "|有限|股份|集团|总公司|分公司|专业合|事务所|人民医|附属医|中医院|妇幼|卫生院"
    "|医院|大学|职业学|服务中|保障中|管理中|经办中|监测中|推广中|综治中|指挥中|供水中"
    "|治理中|回收中|交易中|检测中|建设中|监测站|服务站|管理站|管理所|巡察组|巡视组"
    "|督察组|领导小|工作专|分局|执法支|执法大|管理支|管理大|日报"
)
_HEAD = re.compile(
    rf"(?P<domain>(?:{_DOMAIN})(?:(?:主管|行政主管|行政执法|监管)?部门|委员会办公室"
    rf"|委员会|综合(?:行政)?执法(?:支队|大队|队|局)|执法(?:支队|大队|局)|(?:局|厅"
    rf"|委办|委|办公室|办)(?![法好学公理])|总站|[总支大]队|分局|所)(?P<sub>{_SUB})?)"
    r"|(?P<state>人民政府(?:办公室)?|政府(?=[^一-鿿]|办公室|办|督查室|召|对|于|与"
    r"|将|先|组|同|统|高|印|约|印发|出|责|会|牵|第|多|主导|书|领|已|也|要|按|由|把"
    r"|投|委|拨|下|迅|积|成|建|联|安|及时|和|及|、)(?:办公室|督查室|办(?![法理学公事实证]))?"
    r"|(?<=[省市县区镇乡])(?:委(?=[^一-鿿]|召|、|市政府|县政府|区政府|省政府|统|对"
    r"|第一|高|先|主要领导带|印|专|组织部|宣传部|统战部|政法委|编办|编委办|巡察|督查"
    r"|督察|办|把|将|多|常委会会|全委|决定|研究|成立|书记办公会|出|牵|审议|开展|以)(?:组织部"
    r"|宣传部|统战部|政法委|编委办|编办|办公室|督查室|督查考核办|巡察办)?|纪委监委"
    r"|纪委(?!书记)|直机关工委|党委(?!书记|会|委员|政府|、政府|和政府|班子|及|、)))"
    r"|(?P<named>纪委监委(?:驻[一-鿿]{2,12}纪检监察组|派驻[一-鿿]{2,12}组)?|驻检监察组"
    r"|纪检组(?![织长成])|机关党委|机关工委|党工委(?!书记)|河长办|大气办|环委办|生环委办|整改办|攻坚办"
    r"|蓝天办|编委办|编办|规委会|环委会|残联|妇联|团委|工商联|总工会"
    r"|人民检察院|人民法院|检察院|派出所|司法所|街道办事处|村民委员会|村委会|居委会"
    r"|管理委员会|管委会|工作委员会|党组(?!书记|会|成员|理论|班子|织|中心|会议)|党委(?!书记"
    r"|会|委员|政府|、政府|和政府|班子|及|、)|省厅|市局|县局|区局|局办公室|镇政府"
    r"|乡政府|镇党委|乡党委)"
    r"|(?P<free>有限责任公司|股份有限公司|有限公司|集团公司|总公司|分公司|专业合作社"
    r"|事务所|人民医院|附属医院|中医院|妇幼保健院|卫生院|医院(?=[对会牵修组联])|大学(?=[对会牵签、])"
    r"|职业学院|(?:服务|保障|管理|经办|监测|推广|综治|指挥|供水|治理|回收|交易|检测"
    r"|建设)中心|监测站|服务站|管理站|管理所|巡察组|巡视组|督察组|领导小组办公室"
    r"|工作专班|分局|(?:执法|管理)[支大]队|日报)"
)
# Where a head can begin: tried first, because a search for literals skips what cannot match.
_SPOT = re.compile(_OTHER_SPOTS)
_DOMAIN_TAIL = re.compile(
    "局|厅|委|办|部门|主管部门|行政主管|行政执法|监管部门|综合执法|综合行政|执法|总站|总队|支队|大队|分局|所"
)
_LIST_END = re.compile(
    r"等[^。;,、\n]{0,6}?(?:部门|单位|县[^。;,、\n]{0,8}(?:均|已|全|开|完|积|按))" r"|部门|主管部门|参与|大队|分局|支队"
)
_WORDS = frozenset(_DOMAIN.split("|"))
_ENDS = {word[-2:] for word in _WORDS}
# By their last two characters, how long the words are that end so: longest first.
_WIDTHS = {end: sorted({len(word) for word in _WORDS if word.endswith(end)}, reverse=True) for end in _ENDS}
_JOINT = re.compile(r"[、和及与](?!规划|综合|社会|信息|改革|旅游|城乡|草原)")
_PLACE_WORD = re.compile(r"[一-鿿]{2,4}$")
_LEVEL_MARK = re.compile(r"[省市县区镇乡](?![一-鿿]?[直级委内长])")
_STEM = re.compile(r"(?:.*(?:[^一-鿿]|中共|[对向由经在于至与及督促]))?(?P<stem>[一-鿿]{2,4})$", re.DOTALL)
_BAD_STEM = re.compile(
    r"[各该全本对向由于在至与及和的为将把被有相关等多]|部分|我|沿江|城|郊|辖|园|牵头"
    r"|联合|督促|配合|要求|组织|同时|[一二三四五六七八九十]是|协调|会同|根据|参照"
    r"|并|就|其中|目前|推进|报请|确保|按照|通过|^[年月日]"
)
_LEFT = re.compile(
    r".*(?:[^一-鿿“”]|由|经(?![办济营])|向|对|与|(?<![以普])及|或|会同|联合|督促"
    r"|督导|指导|要求|责成|责令|组织(?!部)|协调|配合|委托|通过|按照|根据|提请|报经"
    r"|经过|的|了|在|于|将|为|从|以|是|把|被|给|等|各|该|本|后|时|上|已|均|仍|其"
    r"|相关|有关|分别|先后|发函|成立|召开|参加|接受|下发|印发|出台|制定|开展|移交"
    r"|移送|推送|推动|推进|落实|发现|确定"
    r"|鼓励|强化|加强|提升|获得|利用|开展|加快|我|和(?!规划|综合|社会|信息|改革|旅游"
    r"|城乡|草原|计划)|至|到|请|让|使|反馈|建议|支持|涉及|包括|作为|负责|牵头|主要"
    r"|代建单位|但|就|并|据|全|一|[二三四五六七八九十]个|部分|镇(?=财政|综治|农业"
    r"|规划|党政|退役|社会)|第三方)",
    re.DOTALL,
)
_NO_FREE = re.compile(
    r"^(?:服务|保障|管理|政务服务|经办|监测|推广|检测|回收|工作|治理|派出|县级|市级"
    r"|区级|乡镇|当地|环境监测|专业|水稻种植|被巡察|外包|该|相关|检测|第三方)*(?:中心"
    r"|公司|有限公司|专业合作社|站|分局|所|事务所|工作专班|巡察组|督察组|支队|大队"
    r"|监测站|管理站|医院|卫生院)$"
)
_TOWARDS = re.compile(
    r"(?:向|报|报送|上报|移交|移送|函告|推送|呈报|上缴|接受|致函|请示)(?:了|给)?$" r"|(?:报|向)[一-鿿]{2,6}、$"
)
_NOT_ACTING = re.compile(
    r"(?:(?!组织|召开|开展|安排|选派|会同)[一-鿿]{0,4}(?:负责人|主任|书记|局长|股长|科长|所长|校长|领导班子|干部职工))"
    r"|门户网站|网站|公众号|(?:的)?(?:决策部署|指示精神|主要领导指示)"
)


def find_organizations(plain: str, titles: Sequence[Span] = ()) -> list[Span]:
    """Every unit of the text that acts, in order, none overlapping, none inside ``titles`` (sorted 《》 spans)."""
    spans = sorted({*_lists(plain), *_units(plain)}, key=lambda span: (span[0], -span[1]))
    starts = [start for start, _ in titles]
    kept: list[Span] = []
    for span in spans:
        above = bisect_right(starts, span[0]) - 1
        if above >= 0 and span[0] < titles[above][1]:
            continue
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _lists(plain: str) -> Iterator[Span]:
    """The entries of lists that end in 等部门, 大队 or 等县(市、区), read from the end backwards."""
    for match in _LIST_END.finditer(plain):
        printed = match.group()
        kind = (
            "places"
            if printed[:1] == "等" and "县" in printed
            else "teams"
            if printed in ("大队", "分局", "支队")
            else "domains"
        )
        yield from _entries(plain, match.start(), match.end(), kind)


def _entries(plain: str, end: int, close: int, kind: str) -> list[Span]:
    window = max(0, end - 90)
    joints = [joint.span() for joint in _JOINT.finditer(plain, window, end)]
    spans: list[Span] = []
    stop = end
    for low, high in reversed([(window, window), *joints]):
        span = _entry(plain, high, stop, kind)
        if span is None:
            break
        spans.append(span if spans or kind != "teams" else (span[0], close))
        if span[0] != high:
            break
        stop = low
    return spans if len(spans) > 1 else []


def _entry(plain: str, start: int, stop: int, kind: str) -> Span | None:
    """One entry between two joints; the first of a list may have other words before it."""
    if kind == "domains":
        for width in range(min(10, stop - start), 1, -1):
            word = plain[stop - width : stop]
            if word in _WORDS or (word[:-1] in _WORDS and word[-1] in "局委办"):
                return stop - width, stop
        return None
    place = _PLACE_WORD.search(plain, max(start, stop - 4), stop)
    return place.span() if place and stop - start <= 4 and not _BAD_STEM.search(place.group()) else None


def _units(plain: str) -> Iterator[Span]:
    stems = _stems(plain)
    position = 0
    for start in sorted({*_domains(plain), *(spot.start() for spot in _SPOT.finditer(plain))}):
        match = _HEAD.match(plain, start) if start >= position else None
        if not match:
            continue
        span = _unit(plain, match, stems)
        if span:
            position = match.end()
            yield span


def _stems(plain: str) -> set[str]:
    """Place names that the text prints at the beginning of a clause or after a preposition: 临湘(市)."""
    found = set()
    for mark in _LEVEL_MARK.finditer(plain):
        match = _STEM.match(plain, max(0, mark.start() - 5), mark.start())
        if match and not _BAD_STEM.search(match["stem"]):
            found.add(match["stem"])
    return found


def _domains(plain: str) -> Iterator[int]:
    """Where the field of work before 局, 委, 部门 … begins: the longest known one."""
    for tail in _DOMAIN_TAIL.finditer(plain):
        end = tail.start()
        for width in _WIDTHS.get(plain[max(0, end - 2) : end], ()):
            if width <= end and plain[end - width : end] in _WORDS:
                yield end - width
                break


def _unit(plain: str, match: re.Match[str], stems: set[str]) -> Span | None:
    start, end = match.span()
    free = match["free"] is not None
    local = match.group().endswith(_LOCAL) and not plain.startswith("中共", start - 2)
    start = _free_start(plain, start) if free or local else _levelled_start(plain, start, stems)
    name = plain[start:end]
    if free and (len(name) > 28 or (_NO_FREE.match(name) and name not in _FREE_KEPT)):
        return None
    if not free and _too_general(plain, start, match.start(), name):
        return None
    if _TOWARDS.search(plain[max(0, start - 8) : start]) or _NOT_ACTING.match(plain, end):
        return None
    return start, end


_FREE_KEPT = {"会计师事务所", "巡察组", "督察组", "巡视组"}
_LOCAL = ("街道办事处", "村民委员会", "村委会", "镇政府", "乡政府", "派出所", "司法所", "管委会", "工作委员会")
_STANDING = {
    "机关党委",
    "局机关党委",
    "规委会",
    "环委办",
    "生环委办",
    "蓝天办",
    "河长办",
    "驻检监察组",
    "省厅",
    "市局",
    "局办公室",
    "镇政府",
    "镇党委",
    "纪委监委",
    "局党组",
    "整改办",
    "攻坚办",
    "乡政府",
    "乡党委",
}


def _too_general(plain: str, start: int, head: int, name: str) -> bool:
    """A bare head (政府, 党委, 生态环境委) names nobody, except the few that stand alone and 环卫部门 or 农业农村局."""
    if plain[start - 1 : start] in ("各", ")", "该") or name.startswith("各"):
        return True
    if start < head or name in _STANDING:
        return name in ("乡镇政府", "乡镇党委")
    return not (name.endswith(("部门", "局")) and len(name) >= 3)


def _levelled_start(plain: str, start: int, stems: set[str]) -> int:
    """Take the level before the head, and the names of places before it: 岳阳市 + 生态环境局."""
    position = start
    for _ in range(3):
        if (
            plain[position - 1 : position] in _LEVEL
            and position
            and plain[position - 2 : position]
            not in ("各县", "各市", "各区", "各镇", "各乡", "全市", "全县", "全区", "全省")
        ):
            position -= 1
        for width in (4, 3, 2):
            if plain[max(0, position - width) : position] in stems:
                position -= width
                break
        else:
            break
    return position - 2 if plain[max(0, position - 2) : position] == "中共" else position


def _free_start(plain: str, start: int) -> int:
    window = max(0, start - 22)
    match = _LEFT.match(plain, window, start)
    return match.end() if match else window
