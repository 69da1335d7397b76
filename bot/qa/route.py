"""Which way a question goes: one fact, or a list, count or comparison over items, measures, notices or sentences.

Rules over the folded question. Does not know whether anything of the kind is in the store.
"""

from __future__ import annotations

import re

from bot.records import Over, Route, Want

_PROBLEM = r"(?:反馈)?(?:问题|整改事项|(?:整改)?任务|反馈意见|毛病)(?!整改组|线索|清单|台账|导向|化|不|书|单|部)"
_NOTICE = r"(?:份|篇|个)?(?:整改)?(?:通报|报告)"
_MANY = r"(?<!哪)(?:多少|几)"
_COUNT_ITEMS = re.compile(
    rf"{_MANY}(?:(?:个(?!月)|条|项|类)[^,，。?？多几]{{0,10}}?|(?:反馈)?){_PROBLEM}"
    rf"|{_PROBLEM}[^,，。?？]{{0,16}}?{_MANY}(?:个(?!月)|条|项)(?:[?？。]|$|是|涉及|没|已|还|写|讲|说|提|带"
    rf"|里|名称|在)"
    rf"|{_PROBLEM}\s?(?:的)?\s?(?:数量|个数|总数|数目|项数|条数|总量)|{_PROBLEM}[^,，。?？多几]{{0,16}}?{_MANY}(?:个|条|项)?(?:[?？。]|$)"
    rf"|{_PROBLEM}[^,，。?？]{{0,10}}占(?:比|了|到)?(?:全部|总数|总)?(?:的)?(?:多少|几成|多大)?(?:比例|比重|百分)?"
    rf"|(?:列|反馈|指出|查出|发现)(?:了|出|出了)?{_MANY}(?:个|条|项)(?:[?？。]|$)"
    rf"|{_PROBLEM}[^。?？]{{0,12}}{_MANY}(?:个(?!月)|条|项)(?:[^多少高低]{{0,12}})$"
    rf"|{_PROBLEM}(?:一共|总共|还|都)?(?:有|是|列了)?{_MANY}[?？。]?$|{_PROBLEM}数[?？。]?$"
    rf"|(?:下面|底下|这一?类|那一?类|这一?块|那一?块|方面|部分)(?:一共|总共|共|都)?(?:列|有|查出|反馈)?(?:了|出)?{_MANY}(?:个|条|项)[?？。]?$"
    rf"|(?:完成|销号|整改|推进|滞后|办结|坚持|到位|未完|没完|启动)(?:整改|销号|或者?|和|及|、|完成"
    rf"|落实)*(?:的|了的|了)?(?:问题)?(?:共|一共|总共|还)?有?{_MANY}(?:个|条|项)(?:[?？。]|$)"
)
_COUNT_MEASURES = re.compile(rf"{_MANY}(?:个|条|项|点)(?:具体)?(?:的)?(?:整改)?(?:措施|举措|做法)")
_COUNT_NOTICES = re.compile(
    rf"{_MANY}(?:份|篇|个)(?:整改)?(?:通报|报告)|(?:通报|报告)[^。?？]{{0,8}}{_MANY}(?:份|篇)"
    rf"|(?:^|库里?|系统里?|一共|总共|共|现在|目前)有{_MANY}(?:份|篇)(?=[^.]|$)"
)
_LIST_ITEMS = re.compile(
    rf"(?:哪些|哪几(?:个|条|项|类)|(?<!为)什么|(?<!为)啥|列一下|列出|列举)[^,，。?？]{{0,14}}?{_PROBLEM}"
    rf"|{_PROBLEM}(?:都|分别|具体)(?:是|有)(?:什么|啥)"
    rf"|{_PROBLEM}[^。?？]{{0,24}}?(?:哪些|哪几(?:个|条|项)|列一下|列出来|列举|有啥|有什么|都有)"
    rf"|(?:查|反馈|指出|发现|提)出?了?(?:哪些|哪几个|什么|啥){_PROBLEM}?(?:[?？。]|$)"
    rf"|哪(?:些|几(?:个|条|项))[^,，。?？]{{0,12}}(?:没|未|还在|正在|已经)?(?:整改|完成|销号|弄|搞|办|改|启动|推进)(?:完|好|到位"
    rf"|成)?(?:了|的)?(?:[?？。]|$)|的(?:有|是)哪几(?:个|条|项)(?:[?？。]|$)"
    rf"|(?:没|未|还在|正在|已经?|销号|负责|牵头|主办|滞后)[^,，。?？]{{0,8}}(?:的|了)?(?:整改|任务)?(?:都|还)?(?:有|是)(?:哪些|哪几(?:个|条|项))"
    rf"(?:{_PROBLEM})?[?？。]?$"
    rf"|^(?:(?!什么|啥|多少|几|哪|谁|吗|怎|咋|为何|是不是|因)[^?？])*?{_PROBLEM}(?:呢|都列出来|列出来|有吗)?[?？。]?$"
)
_LISTED = re.compile(
    r"(?:没|未|还|已)[^?？多几何谁怎吗]{1,10}(?:事项|项目)(?:都)?(?:列(?:一下|出来|举)|理一?[理下])[?？。]?$|"
    rf"(?:问题|任务|事项)(?:清单|汇总|一览|列表|名单|台账|明细)(?:列?出来|一下|给我|表)?[?？。]?$|{_PROBLEM}(?:有关|是|有)?(?:哪一?(?:个|条|项))[?？。]?$"
    rf"|{_PROBLEM}(?:里|中|当中|里面|里头)(?!.*(?:什么|多少|几|谁|怎|何|吗|率))[^?？]{{1,16}}的[?？。]?$|{_PROBLEM}[^?？]{{0,12}}(?:列(?:一下|出来|举|个表)|说一?下)[?？。!！]?$"
    rf"|{_PROBLEM}(?:都)?(?:给我|帮我)?(?:汇总|归纳|梳理|总结)(?:一下|一遍)?[?？。]?$"
)
_TENTATIVE_COUNT = re.compile(
    rf"{_MANY}(?:个(?!月|人|亿|万|百|小时|工作|多)|条|项|类)?(?:还)?(?:[?？。]|$|了|在|没|未|已|还|完成|整改|销号|滞后|逾期|正在|长期|基本|达到|到期|是|有|要|被|该)|(?:项数|条数|个数|占比|比例|完成率|销号率)(?:是多少)?[?？。]?$"
)
_LEFT_OF = re.compile(
    r"\d+(?:个|家|户|处|座|栋|件|名|人|条|项|所|台|口)[^?？]{1,16}还(?:有|差|剩|欠)(?:下)?(?:几|多少)"
)
"""12个老旧小区里还有几个没完工: what is left of a number."""
_LEDGER_WORD = re.compile(
    r"完成|整改|销号|滞后|逾期|超期|推进|到期|时限|期限|负责|牵头|责任|问责|约谈|处分|诫勉|长期|部分|方面|没完|未完|改完|启动|进度|搞定|在办|没改|未改|说明|办结"
)
_TENTATIVE_LIST = re.compile(
    r"(?:的|项目)?(?:都)?(?:是|有)?哪(?:些|几(?:个|条|项)|一?(?:个|条|项))(?:[?？。]|$)|^[^?？多几何谁怎吗啥哪什]*(?:的|了|中|未完成|滞后|销号|长期坚持)[?？。]?$|^哪(?:些|几(?:个|条|项))"
)
"""Ledger questions that do not name what they count: the ledger decides, which knows whether anything else is meant."""
_TERSE = re.compile(
    rf"{_PROBLEM}\s[^,，。?？]{{0,4}}(?:点到|点名|提到|涉及|关于|没有|没|未|带|含)[^,，。?？]{{1,12}}的[?？。]?$"
)
"""反馈问题 提到秸秆的."""
_LIST_NOTICES = re.compile(rf"(?:哪些|哪几(?:份|个|篇))(?:地方|单位|市|县)?[^,，。?？]{{0,6}}{_NOTICE}")
_COMPARE = re.compile(
    r"(?P<adj>[多少早晚大小高低长短快慢先])[,，]?\s?还是[^,，。?？]{2,30}(?P=adj)|谁(?:更|最)?先|哪一?(?:个|家|边|份|项|条)[^,，。?？]{0,8}先(?:结束|完成|反馈|进驻|开始|完工|到期|验收|落款|公布)|最(?:大|小|多|少|高|低|早|晚|长|短)(?:的)?[?？]?$|之和|哪一?(?:个|家|项)(?:更)?先|加(?:在)?一(?:块|起)|(?:提高|提升|提|涨)了?(?:多少|几)(?:个)?(?:点|百分点|万|元|[?？。]|$)|"
    r"谁(?!.{0,10}最多能)[^,，。?？]{0,14}(?:多|少|早|晚|大|小|长|短|高|低)"
    r"|(?:哪|谁)[^,，。?？]{0,18}(?:更|最)"
    r"|最(?:早|晚|迟|先|多|少|大|小|长|短|高|低|新)(?!能|可|啥|什么)[^,，。?？]{0,12}(?:哪|谁|是)"
    r"|(?:哪|谁)[^。?？]{0,24}(?:更?多|更?少|更?早|更?晚|更?长|更?高|更?大)(?:[,，?？。]|$|一些|一点|些)"
    r"|比[^,，。?？]{1,30}?(?:多|少|早|晚|大|高|低|长)(?:了|出)?(?:多少|几)|相差|(?<![还仍])差(?:了)?(?:多少|几)|还(?:差|剩|欠)(?:多少|几)[^,，。?？]{0,3}(?:没|未)"
    r"|比[^。?？]{1,30}(?:多|少)(?:了|出)?(?:多少|几)|(?<!最)多出来?(?:多少|几)|加起来|合计|总和"
    r"|(?:和|、|跟|与|加)[^。?？]{1,24}(?:总共|一共|总计|拢共)(?:是|有|为|花|罚|投)?[^,，。?？]{0,4}(?:多少|几)|一样多|哪[类个][^,，。?？]{0,10}最"
    r"|(?:哪|谁)[^,，。?？]{0,12}(?:在|靠)(?:前|后)(?:面)?|(?:相|间)?隔(?:了)?(?:多少|几|多)(?:天|日|个?月|久|长)"
)


def routed(asked: str, want: Want, yes_no: bool) -> tuple[Route, Over]:
    """The route of a folded question and what it runs over."""
    if yes_no and not (_LISTED.search(asked) and re.search(r"列(?:一下|出来|举|个表)", asked)):
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
    listed = _LIST_ITEMS.search(asked) or _TERSE.search(asked) or _LISTED.search(asked)
    if listed and not re.search(r"因为什么问题|是什么问题[?？]?$", asked):
        return "list", "items"
    if want == "number" and _LEFT_OF.search(asked):
        return "compare", "sentence"
    if want in ("number", "percent") and _LEDGER_WORD.search(asked) and _TENTATIVE_COUNT.search(asked):
        return "count", "items"
    many = re.search(r"哪些|哪[几二两三四五六七八九十]|有什么(?=文件|方案)|分别", asked)
    if want == "text" and re.fullmatch(r"[^?？多几何谁怎吗啥哪什]{2,16}[那这]一?(?:块|类)[?？]?", asked):
        return "list", "items"
    if want == "text" and _LEDGER_WORD.search(asked) and _TENTATIVE_LIST.search(asked):
        return "list", "items"
    return (
        ("list", "sentence")
        if many and want in ("document", "organization", "place", "text")
        else ("lookup", "sentence")
    )
