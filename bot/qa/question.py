"""Understanding a question by rules: what kind of answer it wants, over which notices, taking what for granted.

Works on the folded question. Knows the catalogue only through what it is handed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from bot.fold import fold
from bot.gazetteer import Mention, mentions
from bot.records import Route

Want = Literal[
    "number",
    "money",
    "percent",
    "duration",
    "frequency",
    "date",
    "document",
    "docnumber",
    "organization",
    "place",
    "contact",
    "person",
    "status",
    "text",
]


Over = Literal["items", "measures", "notices", "sentence"]
"""What a list, count or comparison runs over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A question understood.

    ``question``: folded and self-contained. ``want``: the type of the short answer. ``unit``: the measure word asked for
    (公里), folded. ``precision``: of the date asked for, 4 year, 7 month, 10 day, 0 any. ``topic``: what is left of the question when its question words are taken away. ``places``: as written.
    ``focus``: what is counted (产值 in 多少产值), "" where unclear. ``about``: items that the conversation is about.
    """

    question: str
    route: Route
    over: Over
    want: Want
    unit: str | None
    precision: int
    yes_no: bool
    topic: str
    places: tuple[Mention, ...]
    years: tuple[str, ...]
    about: frozenset[str] = frozenset()
    focus: str = ""


_UNIT = (
    r"方(?![面式案法])|平方公里|平方米|立方米|公里|千米|公顷|米|亩|㎡|万吨|吨|公斤|毫克|"
    r"户次|人次|家次|次|户|家|座|处|个|项|条|件|辆|台|套|份|本|名|人|位|所|栋|间|片|口|根|批|期|起|宗|轮|回|趟|场|部|篇|棵|株|头|只|羽|艘|类|种|方面"
)
_HOW_MANY = re.compile(rf"(?:多少|几)(?P<gap>来|多|余)?(?P<unit>{_UNIT})?")
_AREA = re.compile(r"面积|多大")
_LENGTH = re.compile(r"有?多长(?!时间|的时间)|长度")
_STUFF = (
    ("水|污水|废水|粪污|粪水|弃渣|垃圾|淤泥|污泥|沼液", "立方米"),
    ("煤|粮|化肥|有机肥|秸秆|固废|危废", "吨"),
    ("地|田|土地|耕地|林地", "亩"),
)
"""What is measured without a measure word in the question."""
_NOUNS = re.compile(r"(?P<unit>次|人|户|家|件|个|座|辆|条)数(?:是多少|多少|是几)?[?？]?$")
_MEASURE = re.compile(r"(?:均值|浓度|指数|含量|数值|综合指数|能力|处理量)(?:是|为)?(?:多少)?[?？]?$")
_MONEY = re.compile(
    r"多少(?:万|亿)?(?:市级|省级|县级|财政|专项|整改)?(?:元|钱|资金|经费|投资|款|块)|(?:花|投|罚|补|投资|投入|资金|金额|省|便宜)[^,，]{0,6}?(?:多少|几)(?:万|亿|块|毛|钱)?(?!\w*[个家户座处条项件次])|几毛|几块|总?投资(?:额)?[?？]?$|(?:金额|造价|违法所得|罚款|保证金)(?:是|为|有)?(?:多少)?[?？]?$|多少(?:违法所得|罚款|保证金|赃款)|多少(?:万|亿)[?？]?$|(?:给|拨|补|奖|投|罚|花)[^,，。?？]{0,3}(?:的)?(?:钱|资金|经费|款)(?:呢)?[?？]?$"
)
_DATE = re.compile(
    r"(?:哪个|哪)时候|哪会儿|几时|哪个月|什么时间|(?:时间|日期|时限|期限)(?:是|为|呢)?[?？]?$|到哪年|什么时候|啥时候|啥时|何时|哪天|哪一天|哪年|哪一年|几月|几号|几日|哪月|什么时间|什么日期|日期|起止|何年|何月|到哪天"
)
_DURATION = re.compile(
    r"多久|多长时间|多长的时间|几个月|几天|几年|几个工作日|多少个?工作日|多少天|多少个月|提前几|提早几|隔多"
)
_FREQUENCY = re.compile(
    r"频率|频次|几天[^,，。]{0,4}一?次|几个?(?:月|周|星期)[^,，。]{0,4}一?次|多久[^,，。?？]{0,14}(?:一回|一次|一趟|会)|多久.{0,12}(?:一次|一回|一轮|去看|核发|开展|巡查|抽查|检查)|隔多久|多长时间.{0,6}一"
)
_PERCENT = re.compile(
    r"百分之几|百分之多少|比例|占比|优良率|率[^,，。?？]{0,4}(?:多少|几)|下降了?多少|上升了?多少|幅度"
)
_DOCNUMBER = re.compile(r"文号|发文字号|几号文")
_DOCUMENT = re.compile(
    r"(?:什么|哪个|哪份|哪部|哪些|哪几个|哪项|啥)(?:文件|方案|制度|通知|片子|警示片|文章|规程|清单)|哪(?:个|份|些|几个)(?:办法|规定|意见)|哪[一二两三四五六七八九十几][个项份部](?:文件|方案|制度|通知|办法|规定|意见|规程)|(?:文章|片子|片|方案|文件|制度)(?:叫|是)(?:什么|啥|哪)"
)
_ORGANIZATION = re.compile(
    r"谁|哪[一二两三四几]家|哪(?:些|几个?)(?:部门|单位)|哪家的|哪个(?:单位|部门|局|组|机构|公司|委|党组|企业|督察组|巡察组)|哪(?:家|些)(?:单位|部门|公司|企业)|什么(?:单位|部门|机构)|由哪"
)
_PLACE = re.compile(
    r"哪个(?:区|县|市|镇|乡|村|街道|地方|省|断面)|哪里|哪儿|哪些(?:区|县|市|镇|乡|村|街道|地方|县区|县市)|在哪"
)
_CONTACT = re.compile(
    r"在哪(?:儿|里)?办公|哪条街|往哪(?:儿|里)?寄|寄到哪|电话|号码|邮箱|电子邮件|信箱|地址|邮编|联系方式|怎么联系|如何联系"
)
_NAMES = re.compile(
    r"(?:公司|企业|单位|加油站|站|厂|店|开发商|施工方|中标(?:单位|人)|机构|合作社)(?:名|名字|名称)?[^,，。?？]{0,4}(?:叫(?:什么|啥)|是什么|是哪|名单)|(?:公司名|企业名|站名|店名|厂名)"
)
_HOW_FAR = re.compile(r"什么程度|哪一?步|进展(?:怎么样|如何|到哪)|(?:搞|弄|做|办|整改)(?:得|到)(?:怎么样|如何|哪|啥)")
_PERSON = re.compile(
    r"(?:股长|局长|书记|主任|主席|组长|人|同志|负责人|干部|老板|领导|县长|市长)[^,，。?？]{0,3}叫(?:什么|啥)(?:名字)?|姓名|姓什么|责任人是谁|是谁当|由谁担任"
)
_YES_NO = re.compile(
    r"(?:吗|(?<![什怎多那这])么|没有|没|嘛|不)[呀啊呢]?[?？。]?$|有无|是不是|是否|有没有|能不能|对不对|对吗|对吧|是吧|是吗|属实"
)
_ALL_DONE = re.compile(
    r"(?:都|全|全部|已经?|现在)[^,，。?？]{0,8}(?:了吗|了没|了么|没有|没)[?？]?$|了(?:吗|没有|没)[?？]?$"
)
_ASKS_DONE = re.compile(
    r"竣工|完工|完成|建成|销号|验收|整改到位|办结|投用|做完|修好|搬完|整改好|到位了?没|弄好|解决|动工|开工|启动|搞定|结束|合格|达标|装好|办完|收全|还清|修完|拆完|搬完|建好|整改完|改完|退(?:了|还|缴|清|完)|清退|追回|收回|缴清"
)

_TABLE: tuple[tuple[re.Pattern[str], Want], ...] = (
    (_DOCNUMBER, "docnumber"),
    (_CONTACT, "contact"),
    (_PERSON, "person"),
    (_NAMES, "organization"),
    (_FREQUENCY, "frequency"),
    (_MONEY, "money"),
    (_AREA, "number"),
    (_LENGTH, "number"),
    (_NOUNS, "number"),
    (_DURATION, "duration"),
    (_DATE, "date"),
    (_PERCENT, "percent"),
    (_DOCUMENT, "document"),
    (_HOW_MANY, "number"),
    (_MEASURE, "number"),
    (_HOW_FAR, "status"),
    (_ORGANIZATION, "organization"),
    (_PLACE, "place"),
)

_PROBLEM = r"(?:反馈)?(?:问题|整改事项|整改任务|反馈意见)(?!整改组|线索|清单|台账|导向|化|不)"
_NOTICE = r"(?:份|篇|个)?(?:整改)?(?:通报|报告)"
_MANY = r"(?<!哪)(?:多少|几)"
_COUNT_ITEMS = re.compile(
    rf"{_MANY}(?:(?:个(?!月)|条|项|类)[^,，。?？多几]{{0,10}}?|(?:反馈)?){_PROBLEM}|{_PROBLEM}[^,，。?？]{{0,16}}?{_MANY}(?:个(?!月)|条|项)(?:[?？。]|$|是|涉及|没|已|还|写|讲|说|提|带|里|名称|在)"
    rf"|{_PROBLEM}(?:的)?(?:数量|个数|总数|数目)|(?:列|反馈|指出|查出|发现)(?:了|出|出了)?{_MANY}(?:个|条|项)(?:[?？。]|$)|{_PROBLEM}[^。?？]{{0,12}}{_MANY}(?:个(?!月)|条|项)(?:[^多少高低]{{0,12}})$"
    rf"|(?:完成|销号|整改|推进|滞后|办结|坚持|到位|未完|没完|启动)(?:整改|销号|或者?|和|及|、|完成|落实)*(?:的|了的|了)?(?:问题)?(?:共|一共|总共|还)?有?{_MANY}(?:个|条|项)(?:[?？。]|$)"
)
_COUNT_MEASURES = re.compile(rf"{_MANY}(?:个|条|项|点)(?:具体)?(?:的)?(?:整改)?(?:措施|举措|做法)")
_COUNT_NOTICES = re.compile(
    rf"{_MANY}(?:份|篇|个)(?:整改)?(?:通报|报告)|(?:通报|报告)[^。?？]{{0,8}}{_MANY}(?:份|篇)|有{_MANY}(?:份|篇)(?=[^.]|$)"
)
_LIST_ITEMS = re.compile(
    rf"(?:哪些|哪几(?:个|条|项|类)|什么|啥|列一下|列出|列举)[^,，。?？]{{0,14}}?{_PROBLEM}|{_PROBLEM}(?:都|分别|具体)(?:是|有)(?:什么|啥)|{_PROBLEM}[^。?？]{{0,24}}?(?:哪些|哪几(?:个|条|项)|列一下|列出来|列举|有啥|有什么|都有)|(?:查|反馈|指出|发现|提)出?了?(?:哪些|哪几个|什么|啥){_PROBLEM}?(?:[?？。]|$)"
    rf"|哪(?:些|几(?:个|条|项))[^,，。?？]{{0,12}}(?:没|未|还在|正在|已经)?(?:整改|完成|销号)(?:完|好|到位|成)?(?:的)?(?:[?？。]|$)|的(?:有|是)哪几(?:个|条|项)(?:[?？。]|$)"
)
_LIST_NOTICES = re.compile(rf"(?:哪些|哪几(?:份|个|篇))(?:地方|单位|市|县)?[^,，。?？]{{0,6}}{_NOTICE}")
_COMPARE = re.compile(
    r"谁(?!.{0,10}最多能)[^,，。?？]{0,14}(?:多|少|早|晚|大|小|长|短|高|低)|(?:哪|谁)[^,，。?？]{0,18}(?:更|最)|最(?:早|晚|迟|先|多|少|大|小|长|短|高|低|新)(?!能|可|啥|什么)[^,，。?？]{0,12}(?:哪|谁|是)|(?:哪|谁)[^。?？]{0,24}(?:更?多|更?少|更?早|更?晚|更?长|更?高|更?大)(?:[?？。]|$|一些|一点|些)"
    r"|比[^,，。?？]{1,30}?(?:多|少|早|晚|大|高|低|长)(?:了|出)?(?:多少|几)|相差|差(?:了)?(?:多少|几)|比[^。?？]{1,30}(?:多|少)(?:了|出)?(?:多少|几)|(?<!最)多出来?(?:多少|几)|加起来|合计|总和|(?:和|、)[^,，。?？]{1,20}(?:总共|一共)(?:是|有)?(?:多少|几)|一样多|哪[类个][^,，。?？]{0,10}最"
)

_ASKING = re.compile(
    r"请问|请|帮我|告诉我|查一下|查查|说说|我想(?:知道|问|了解)|想问|一下|多少|几(?=[个家户座处条项件次年月天号])|什么时候|什么|啥时候|啥时|啥|哪一?[个些天年家里儿份项]|何时|如何|怎么样?|怎样|咋样?|为什么|为何"
    r"|是不是|是否|有没有|吗|呢|啊|呀|吧|的?情况|一共|总共|共|目前|现在|到底|究竟|已经|了|[?？。,，!！;；]"
)


def understand(question: str) -> Plan:
    """The plan for a self-contained question."""
    asked = _without_preface(fold(question).strip())
    want, unit = _wanted(asked)
    # 多久…是不是… asks how often: a question word outweighs 是不是.
    yes_no = want == "text" and bool(_YES_NO.search(asked))
    route, over = _routed(asked, want, yes_no)
    done = yes_no and bool(_ASKS_DONE.search(asked))
    # 18处矿山都修好了吗 asks for the state, 是不是只有27座 for the figure.
    figure = (
        _figure_unit(asked)
        if yes_no and not (done and (_ALL_DONE.search(asked) or re.search(r"全部|都|全", asked)))
        else None
    )
    return Plan(
        question=asked,
        route=route,
        over=over,
        want="number" if figure else "status" if done else want,
        unit=figure or unit,
        yes_no=yes_no,
        precision=_precision(asked) if want == "date" else 0,
        topic=" ".join(_ASKING.sub(" ", asked).split()),
        places=tuple(mentions(asked)),
        focus=_focus(asked) if want in ("number", "money") else _attribute(asked),
        years=tuple(dict.fromkeys(re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年)", asked))),
    )


_FOCUS = re.compile(rf"(?:多少|几)(?:{_UNIT})?(?:的)?(?P<noun>[\u4e00-\u9fff]{{2,6}}?)(?=的|了|被|[,，。?？]|$)")
# Only what is measured in a unit shared with other things: 老百姓 may be printed as 群众, 产值 has no other word.
_MEASURED = re.compile(
    r"(?:产值|损失|利润|收入|成本|税收|费用?|补贴|补偿款?|罚款|投资额?|面积|人口|产量|销量|总额|余额|债务|工资|奖金)$"
)


_ATTRIBUTE = re.compile(
    r"牌子|品牌|型号|小区|开发商|课时费|单价|均价|中标价|合同|利息|年龄|学历|车牌|收费标准|站名|店名"
)


def _attribute(asked: str) -> str:
    """A concrete attribute that the question asks for and that has no other name; "" where there is none."""
    match = _ATTRIBUTE.search(asked)
    return match.group() if match else ""


def _focus(asked: str) -> str:
    match = _FOCUS.search(asked)
    return match["noun"] if match and _MEASURED.search(match["noun"]) else _attribute(asked)


def _figure_unit(asked: str) -> str | None:
    """The measure word of the first figure that a yes/no question asks to confirm (是不是27座)."""
    match = re.search(rf"\d(?:[\d.,]*)\s?(?:余|多)?(?:万|亿)?({_UNIT}|元|%)", asked)
    return match[1] if match else None


def _routed(asked: str, want: Want, yes_no: bool) -> tuple[Route, Over]:
    if yes_no:
        return "lookup", "sentence"
    if _COMPARE.search(asked):
        return "compare", "items" if re.search(_PROBLEM, asked) else "sentence"
    if _COUNT_MEASURES.search(asked):
        return "count", "measures"
    if _COUNT_NOTICES.search(asked):
        return "count", "notices"
    if _COUNT_ITEMS.search(asked):
        return "count", "items"
    if _LIST_NOTICES.search(asked):
        return "list", "notices"
    if _LIST_ITEMS.search(asked) and not re.search(r"因为什么问题|是什么问题[?？]?$", asked):
        return "list", "items"
    many = re.search(r"哪些|哪[几二两三四五六七八九十]|有什么(?=文件|方案)|分别", asked)
    return (
        ("list", "sentence")
        if many and want in ("document", "organization", "place", "text")
        else ("lookup", "sentence")
    )


def _contact_kind(asked: str) -> str | None:
    for kind, words in (
        ("mail", r"邮箱|邮件|email"),
        ("zip", r"邮编|邮政编码"),
        ("phone", r"电话|号码"),
        ("address", r"地址|信箱|办公|街|寄|在哪"),
    ):
        if re.search(words, asked):
            return kind
    return None


_WH = re.compile(r"多少|几|什么|啥|谁|哪|怎|咋|何|吗|呢|是不是|是否|有没有|多[久长大高]|[?？]")


def _without_preface(asked: str) -> str:
    """A long question without what comes before its point (领导您好，下周要去调研，…：); a clause with a place stays."""
    if len(asked) < 45:
        return asked
    clauses = re.split(r"(?<=[,，。:：;；])", asked)
    points = [n for n, clause in enumerate(clauses) if _WH.search(clause)]
    if not points:
        return asked
    first = max(points[-1] - 1, 0) if len(points) == 1 else points[0]
    kept = [clause for n, clause in enumerate(clauses) if n >= first or (mentions(clause) and n >= first - 2)]
    return "".join(kept)


def _precision(asked: str) -> int:
    if re.search(r"哪一?天|几号|几日|日期", asked):
        return 10
    if re.search(r"几月|哪个?月|何月|哪月", asked):
        return 7
    return 4 if re.search(r"哪一?年|何年", asked) else 0


def _wanted(asked: str) -> tuple[Want, str | None]:
    many = _HOW_MANY.search(asked)
    if _AREA.search(asked) and not (many and many["unit"]):
        return "number", "平方米"
    if _LENGTH.search(asked) and not (many and many["unit"]):
        return "number", "公里"
    if re.search(r"(?:多少|几)个?人", asked):
        return "number", "人"
    stuff = next((unit for words, unit in _STUFF if re.search(rf"(?:多少|几)(?:{words})", asked)), None)
    if stuff:
        return "number", stuff
    noun = _NOUNS.search(asked)
    if noun and not many:
        return "number", noun["unit"]
    for pattern, want in _TABLE:
        if pattern.search(asked):
            if want == "contact":
                return want, _contact_kind(asked)
            return want, many["unit"] if want == "number" and many else None
    return "text", None


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Every word of the synonym file with the other words of its line, folded."""
    lines = resources.files("bot.data").joinpath("synonyms.txt").read_text("utf-8").splitlines()
    groups = [tuple(fold(word) for word in line.split()) for line in lines if line and not line.startswith("#")]
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group:
            found[word] = found.get(word, ()) + tuple(other for other in group if other != word)
    return found
