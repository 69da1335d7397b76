"""What type of answer a question asks for: a number in which measure word, a date how precise, a document, a unit.

Rules over the folded question, tried in the order of ``_TABLE``. Knows no notice and not what it calls a thing.
"""

from __future__ import annotations

import re

from bot.records import Want

_UNIT = (
    r"方(?![面式案法])|平方公里|平方米|立方米|公里|千米|公顷|米|亩|㎡|万吨|吨|公斤|毫克|"
    r"户次|人次|家次|次|户|家|座|处|个|项|条|件|辆|台|套|份|本|名|人|位|所|栋|间|片|口|根|批|期|起|宗|轮"
    r"|张|回|趟|场|部|篇|棵|株|头|只|羽|艘|类|种|方面"
)
_HOW_MANY = re.compile(rf"(?:多少|(?<!哪)几)(?P<gap>来|多|余)?(?:个?[万亿])?(?P<unit>{_UNIT}|块(?=[\u4e00-\u9fff]))?")
_AREA = re.compile(r"面积|多大(?!的?(?:比例|力度|程度|年纪|岁数|幅度))|(?:多少|几)个?平(?!均|时|方公里)")
_LENGTH = re.compile(r"有?多长(?!时间|的时间)|长度")
_STUFF = (
    ("水|污水|废水|粪污|粪水|弃渣|垃圾|淤泥|污泥|沼液", "立方米"),
    ("煤|粮|化肥|有机肥|秸秆|固废|危废", "吨"),
    ("地|田|土地|耕地|林地", "亩"),
)
"""What is measured without a measure word in the question."""
_NOUNS = re.compile(r"(?P<unit>人次|户次|次|人|户|家|件|个|座|辆|条)(?:数量?|总数)?(?:是多少|多少|是几|有几)?[?？]?$")
_TOTAL = re.compile(r"(?:数量?|总数|总量|年产|产能|规模)(?:是|为)?[?？]?$")
_MEASURE = re.compile(r"(?:均值|浓度|指数|含量|数值|综合指数|能力|处理量)(?:是|为)?(?:多少)?[?？]?$")
_MONEY = re.compile(
    r"多少(?:万|亿)?(?:市级|省级|县级|财政|专项|整改)?(?:元|钱|资金|经费|投资|款|块(?![\u4e00-\u9fff]))"
    r"|(?:花|投|罚|赔|补(?![水植种录])|投资|经费|[^,，。?？]费(?=现在|一年|每年|每月|一个月)|工程款|租金|奖金"
    r"|投入|资金|金额|(?<!全)省(?![级里会])|便宜)[^,，]{0,6}?(?:多少|几)(?:个?(?:万|亿)|块|毛|钱)?(?!(?:来|多|余)?"
    + _UNIT
    + r")|几毛"
    r"|几块(?![\u4e00-\u9fff])|(?:费用?|合同价|造价|工资)(?:一共|大概|总共)?(?:是|为|有)?(?:多少|几)|总?投资(?:额)?[?？]?$|(?:金额|造价|违法所得|罚款|保证金)(?:是|为|有)?(?:多少)?[?？]?$"
    r"|(?:钱|款|资金|经费)[^,，。?？多几]{0,4}(?:多少|几)[?？]?$|多少(?:违法所得|罚款|保证金|赃款)|(?:多少|几)个?(?:万|亿)(?:元|块|钱)?[?？]?$"
    r"|(?:补助|补贴|资金|投资|经费|造价|罚款|奖金|补偿)(?:金额|总额|款)?(?:兑付|发放|拨付)?[?？]?$"
    r"|(?:给|拨|补|奖|投|罚|花)[^,，。?？]{0,3}(?:的)?(?:钱|资金|经费|款)(?:呢)?[?？]?$"
)
_DATE = re.compile(
    r"(?:哪个|哪)时候|哪会儿|几时|哪个月|什么时间|(?:时间|日期|时限|期限)(?:是|为|呢)?[^\u4e00-\u9fff]*$|到哪年"
    r"|什么时候|啥时候|啥时|何时|哪天|哪一天|哪年|哪一年|几月|几号|几日|哪月|什么时间|什么日期|日期|起止"
    r"|何年|何月|到哪天|(?:落款|成文)[?？]?$"
)
_DURATION = re.compile(
    r"多久|多长时间|多长的时间|几个月|几天|几年|几个工作日|多少个?工作日|多少天|多少个月|提前几|提早几|隔多"
)
_TERM = re.compile(r"(?:任期|时间|期限|工期|周期|为期|时长)[^,，。?？]{0,3}多(?:长|久|少)|(?:任期|工期|时长)[?？]?$")
_FREQUENCY = re.compile(
    r"频率|频次|几天[^,，。]{0,4}一?[次回趟]|几个?(?:月|周|星期)[^,，。]{0,4}一?次"
    r"|多久[^,，。?？]{0,14}(?:一回|一次|一趟|会)"
    r"|多久.{0,12}(?:一次|一回|一轮|去看|核发|开展|巡查|抽查|检查)|隔多久|多长时间.{0,6}一"
)
_PERCENT = re.compile(
    r"百分之几|百分之多少|比例|占比|优良率|率[^,，。?？]{0,4}(?:多少|几)|下降了?多少|上升了?多少|幅度"
)
_DOCNUMBER = re.compile(r"文号|发文字号|几号文")
_DOCUMENT = re.compile(
    r"(?:什么|哪个|哪份|哪部|哪些|哪几个|哪项|啥)(?:文件|方案|制度|通知|片子|警示片|文章|规程|清单)"
    r"|哪(?:个|份|些|几个)(?:办法|规定|意见)"
    r"|哪[一二两三四五六七八九十几][个项份部](?:文件|方案|制度|通知|办法|规定|意见|规程)"
    r"|(?:文章|片子|片|方案|文件|制度)(?:叫|是)(?:什么|啥|哪(?!一?[个家些几](?:单位|部门|局|委|办|公司|机构|科室|股室|组|人|领导)|家))"
)
_ORGANIZATION = re.compile(
    r"(?<!追)谁(?!的责)|哪[一二两三四几]家|哪(?:些|几个?)(?:部门|单位)|哪家的"
    r"|哪个(?:单位|部门|局|组|机构|公司|委|党组|企业|督察组|巡察组)|哪(?:家|些)(?:单位|部门|公司|企业)"
    r"|什么(?:单位|部门|机构)|由哪|哪一?级(?:政府|部门|单位|机关)"
    r"|(?:设计|施工|监理|勘察|代建|承建|运营|检测|供货|评估|中标|生产)(?:单位|方|企业|公司|机构|厂家)[?？]?$|哪个厂家|厂家是"
)
_PLACE = re.compile(r"哪个(?:区|县|市|镇|乡|村|街道|地方|省|断面)|哪些(?:区|县|市|镇|乡|村|街道|县区|县市)")
_CONTACT = re.compile(
    r"在哪(?:儿|里)?办公|哪条街|往哪(?:儿|里)?寄|寄到哪|电话|号码|邮箱|电子邮件|信箱|地址|邮编|联系方式"
    r"|怎么联系|如何联系"
)
_NAMES = re.compile(
    r"(?:公司|企业|单位|加油站|站|厂|店|户|作坊|开发商|施工方|中标(?:单位|人)|机构|合作社)(?:的|都|各)?(?:名字|名称)[?？]?$|"
    r"(?:公司|企业|单位|加油站|站|厂|店|户|作坊|开发商|施工方|中标(?:单位|人)|机构|合作社)(?:名|名字"
    r"|名称)?[^,，。?？]{0,4}(?:叫(?:什么|啥)|是什么(?!时)|是哪(?![天年月里儿])|名单)|(?:公司名|企业名|站名|店名|厂名)"
)
_HOW_FAR = re.compile(r"什么程度|哪一?步|进展(?:怎么样|如何|到哪)|(?:搞|弄|做|办|整改)(?:得|到)(?:怎么样|如何|哪|啥)")
_PERSON = re.compile(
    r"(?:组长|总指挥|指挥长|召集人)(?:[?？]?$|(?:是|由|为)?(?:谁|哪[个位]))|"
    r"(?:股长|局长|书记|主任|主席|组长|人|同志|负责人|干部|老板|领导|县长|市长)[^,，。?？]{0,3}叫(?:什么"
    r"|啥)(?:名字)?|姓名|姓什么|(?:责任人|负责人|一把手|联系人|牵头人|老板|法人)(?:是谁|叫(?:什么|啥))|是谁当|由谁担任|(?:[所县市区镇乡局院校厂队站村股科处]长|经理|书记|主任|当事人|经办人|联系人)(?:都)?(?:是谁|叫|的?(?:姓名|名字))|(?:人|长|员|师|书记|主任)(?:的|都)?(?:姓名|名字)|(?:员|师)叫(?:什么|啥)"
)

_KEYWORDS = re.compile(r"(?:人次|户次|数量?|总数|是多少|多少)[?？]?$")

_TABLE: tuple[tuple[re.Pattern[str], Want], ...] = (
    (_DOCNUMBER, "docnumber"),
    (_CONTACT, "contact"),
    (_PERSON, "person"),
    (_NAMES, "organization"),
    (_FREQUENCY, "frequency"),
    (_MONEY, "money"),
    (_TERM, "duration"),
    (_AREA, "number"),
    (_LENGTH, "number"),
    (_DURATION, "duration"),
    (_DATE, "date"),
    (_PERCENT, "percent"),
    (_DOCUMENT, "document"),
    (_HOW_MANY, "number"),
    (_MEASURE, "number"),
    (_TOTAL, "number"),
    (_HOW_FAR, "status"),
    (_ORGANIZATION, "organization"),
    (_PLACE, "place"),
)

_FOCUS = re.compile(rf"(?:多少|几)(?:{_UNIT})?(?:的)?(?P<noun>[\u4e00-\u9fff]{{2,6}}?)(?=的|了|被|[,，。?？]|$)")
# Only what is measured in a unit shared with other things: 老百姓 may be printed as 群众, 产值 has no other word.
_MEASURED = re.compile(
    r"(?:产值|损失|利润|收入|成本|税收|费用?|补贴|补偿款?|罚款|投资额?|面积|人口|产量|销量|总额|余额|债务|工资|奖金)$"
)


_ATTRIBUTE = re.compile(
    r"牌子|品牌|型号|小区|开发商|课时费|单价|均价|中标价|合同|利息|年龄|学历|车牌|收费标准|站名|店名"
)


_BLAMED = re.compile(
    r"谁(?:被|受|挨)[^,，。?？]{0,8}(?:处分|问责|约谈|诫勉|谈话|批评|追责)[^,，。?？多几]{0,3}[?？]?$|(?:处分|问责|约谈|诫勉谈话|批评)了?谁"
)
"""Who was held to account is a person as often as a body."""
RANK = "名次"
"""The unit of a rank: 全省第几."""
_RANK = re.compile(
    r"(?:排名|名次|位次|排第|排在)[^,，。?？]{0,6}(?:第?几|多少)|排(?:第?几|多少)[?？]?$|(?:全国|全省|全市|全县)[^,，。?？]{0,8}第几"
)


def wanted(asked: str) -> tuple[Want, str | None]:
    """The type of the short answer, and its measure word (of a contact: its kind) where the question names one."""
    many = _HOW_MANY.search(asked)
    if _AREA.search(asked) and not (many and many["unit"]):
        return "number", "平方米"
    if _LENGTH.search(asked) and not _TERM.search(asked) and not (many and many["unit"]):
        return "number", "公里"
    if re.search(
        r"(?:多少|几)(?:个|名|位)?(?:人|老人|学生|老师|教师|干部|职工|群众|医生|医师|大夫|护士|工人|专家|孩子|娃)",
        asked,
    ):
        return "number", "人"
    if re.search(r"(?:约谈|谈话|处分|问责|诫勉|追责|拘留?|抓|撤职)[^,，。?？]{0,4}(?:多少|几)个?[?？]?$", asked):
        return "number", "人"
    if _BLAMED.search(asked):
        return "text", None
    if _RANK.search(asked):
        return "number", RANK
    if re.search(r"多大(?:年纪|岁数|年龄)|几岁|年龄多", asked):
        return "number", "岁"
    if re.search(r"(?:多少|几)个?(?:钟头|小时)", asked):
        return "number", "小时"
    stuff = next((unit for words, unit in _STUFF if re.search(rf"(?:多少|几)(?:{words})", asked)), None)
    if stuff:
        return "number", stuff
    noun = _NOUNS.search(asked)
    if noun and not many and _KEYWORDS.search(asked):
        return "number", noun["unit"]
    for pattern, want in _TABLE:
        if pattern.search(asked):
            if want == "contact" and many and many["unit"]:
                return "number", many["unit"]  # 接了多少个报修电话
            if want == "contact":
                return want, _contact_kind(asked)
            return want, many["unit"] if want == "number" and many else None
    return "text", None


def _contact_kind(asked: str) -> str | None:
    for kind, words in (
        ("mail", r"邮箱|邮件|email"),
        ("zip", r"邮编|邮政编码"),
        ("mobile", r"手机"),
        ("phone", r"电话|号码"),
        ("address", r"地址|信箱|办公|街|寄|在哪"),
    ):
        if re.search(words, asked):
            return kind
    return None


def precision_asked(asked: str) -> int:
    """Characters of the ISO date asked for: 10 a day, 7 a month, 4 a year, 0 any."""
    if re.search(r"哪一?天|几号|几日|日期", asked):
        return 10
    if re.search(r"几月|哪个?月|何月|哪月", asked):
        return 7
    return 4 if re.search(r"哪一?年|何年", asked) else 0


def attribute(asked: str) -> str:
    """A concrete attribute that the question asks for and that has no other name; "" where there is none."""
    match = _ATTRIBUTE.search(asked)
    return match.group() if match else ""


def focus(asked: str) -> str:
    """The thing that is counted or measured (产值 in 多少产值), else a concrete attribute, else ""."""
    match = _FOCUS.search(asked)
    return match["noun"] if match and _MEASURED.search(match["noun"]) else attribute(asked)


_THING = re.compile(
    rf"(?:多少|几)(?:来|多|余)?(?:个?(?:万|亿))?(?:{_UNIT})?+(?P<after>(?!了|的)[\u4e00-\u9fffa-z]{{2,6}}?)(?=的|了|被|是|在|没|还|有|才|[,，。?？]|$)"
    r"|(?:什么|啥|哪一?[个种款条])(?P<which>[\u4e00-\u9fffa-z]{2,4}?)(?=的|了|被|是|在|没|[,，。?？]|$)"
    r"|(?P<before>[\u4e00-\u9fffa-z]{2,4}?)(?:一共|总共|大概|大约|现在|目前|最多|到底|究竟)*(?:是|为|有|达到?|的)*(?:多少|几)(?=[,，。?？]|$)"
)
_KIND = re.compile(
    r"^(?:的|是|了|人|事|东西|样子?|问题|情况|时候|办法|法子|措施|动作|程度|地方|单位|部门|文件|方案|制度|时间|日期|原因|进展|结果|通报|面积"
    r"|钱|资金|金额|公司|企业|意思|内容|要求|说法|答复|名字|处分|处理|用的?|下场|后果|结局|方式|方法|手段|处罚|现在|目前|数量?|总数|数目|没|未)+"
)


def thing(asked: str) -> str:
    """The thing that a number or a 什么/哪个 is asked of (课时费, 牌子), "" where it is only a kind of answer."""
    match = _THING.search(asked)
    word = (match["after"] or match["which"] or match["before"] or "") if match else ""
    return "" if _KIND.match(word) else word


def figure_unit(asked: str) -> str | None:
    """The measure word of the first figure that a yes/no question asks to confirm (是不是27座)."""
    match = re.search(rf"\d(?:[\d.,]*)\s?(?:余|多)?(?:万|亿)?({_UNIT}|元|%)", asked)
    return match[1] if match else None
