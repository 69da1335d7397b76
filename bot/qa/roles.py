"""Which part a body or a person plays in what is asked: receiver, agent, holder of a post, and of which kind it is.

Works on one sentence and the values found in it; a body in another part than the one asked for is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.qa.values import TypedValue

_RECEIVER = re.compile(r"(?:给|向|往|交|转)了?(?:谁|哪|什么(?:单位|部门|公司))")
_GIVEN = re.compile(r"(?:给|向|至|推送|移交|送|报送|转交|转|交由|交)(?:了|到)?$")
_AGENT = re.compile(r"(?:委托|请|聘|找|让)[给了的]*(?:是)?(?:谁|哪|什么(?:单位|部门|公司|机构))|请谁")
_ENGAGED = re.compile(r"(?:委托|邀请|聘请|请|聘|聘用|选定|交由|由)(?:了)?$")
_COMPANY = re.compile(
    r"(?:施工(?:单位|方)|供应商|开发商|承包商|中标(?:单位|方|人)|企业|公司|监理(?:单位)?)(?:是|叫|为)?(?:谁|哪)|"
    r"(?:哪|几|什么|啥)[一两二三几]?(?:家|个)?(?:公司|企业|开发商|厂)|(?:公司|企业|厂)[^,，。?？]{0,4}(?:叫|名)"
)
_COMPANY_NAME = re.compile(r"(?:公司|企业|集团|厂|店|站|合作社|中心|银行|医疗|纸业|装备|事务所)$")
_KINDS = (
    (re.compile(r"(?:哪一?[个家些几]|什么|啥)银行"), re.compile(r"银行|信用社|农商行")),
    (re.compile(r"(?:哪一?[个家些几]|什么|啥)协会"), re.compile(r"协会|学会|商会")),
    (
        re.compile(r"机构[^,，。?？]{0,4}(?:叫|名)|(?:哪一?[个家些几]|什么|啥)[^,，。?？]{0,2}机构"),
        re.compile(r"(?<![局委府组办])$"),
    ),
)
"""A body of the kind that the question names: a bank is no bureau, an agency no committee."""
_ALL_OF_IT = re.compile(r"^(?:、|和|及|以及|与)$")

_POST = re.compile(
    r"(?P<post>(?:常务副|第一副|副)?(?:组长|主任|总指挥|指挥长|召集人|队长))[^\u4e00-\u9fff]*(?:是|由|为)?(?:谁|哪|什么|啥|$)"
)


def post_asked(question: str) -> str:
    """The post whose holder is asked for; "" where none is."""
    match = _POST.search(question)
    return match["post"] if match else ""


def post_holders(sentence: str, post: str) -> list[TypedValue]:
    """Who holds the post: 市委书记 in 由市委书记任组长."""
    patterns = (
        rf"(?:由|,|，|;|；|^)(?P<who>[^,，;；。由]{{2,24}}?)(?:任|担任|为|兼任){re.escape(post)}",
        rf"(?<![副务]){re.escape(post)}(?:[:：]|由|为|是)(?P<who>[^,，;；。]{{2,24}}?)(?=担任|[,，;；。)）]|$)",
    )
    return [TypedValue(*m.span("who"), True) for pattern in patterns for m in re.finditer(pattern, sentence)]


def in_part(question: str, sentence: str, values: Sequence[TypedValue]) -> list[TypedValue]:
    """The bodies that play the part asked for; all of them where the question names no part."""
    kept = list(values)
    if _AGENT.search(question):
        kept = [v for v in kept if _ENGAGED.search(sentence[: v.start])] or kept
    elif _RECEIVER.search(question):
        kept = [v for v in kept if _GIVEN.search(sentence[: v.start])]
    for asked, named in _KINDS:
        if asked.search(question):
            kept = [v for v in kept if named.search(sentence[v.start : v.end])]
    if _COMPANY.search(question):
        kept = [v for v in kept if _COMPANY_NAME.search(sentence[v.start : v.end])]
    return kept


def joined(sentence: str, values: Sequence[TypedValue], best: TypedValue) -> TypedValue:
    """The value with those that are named in one breath with it: A、B和C."""
    low, high = best.start, best.end
    for value in sorted(values, key=lambda v: v.start):
        if value.start >= high and _ALL_OF_IT.match(sentence[high : value.start]):
            high = value.end
    for value in sorted(values, key=lambda v: -v.end):
        if value.end <= low and _ALL_OF_IT.match(sentence[value.end : low]):
            low = value.start
    return replace(best, start=low, end=high)


_ENDS = re.compile(r"到(?:哪|几|什么时候|啥时候|何时)|截止|截至|结束|为止")
_WHOLE = re.compile(r"(?:天|时候|何时|几号|几日|时间|月)到|起止")
_BEGINS = re.compile(r"从(?:哪|几|什么时候|啥时候|何时)|(?:哪天|时候|几号|何时)(?:起|开始)")
_RANGE = re.compile(r"(?<=[日月年号])(?:至|到|-|—|－|~|～)")


def end_of_range(question: str, sentence: str, best: TypedValue) -> TypedValue:
    """Of a printed range the end that is asked for: 到哪天截止 wants its last day."""
    cut = _RANGE.search(sentence, best.start, best.end)
    ends, begins = bool(_ENDS.search(question)), bool(_BEGINS.search(question))
    if not cut or ends == begins or _WHOLE.search(question):
        return best
    return replace(best, start=cut.end()) if ends else replace(best, end=cut.start())


_LIMIT = re.compile(r"以?前(?![期往来段述])")


def with_limit(sentence: str, best: TypedValue) -> TypedValue:
    """A date with the 前 that makes it a time limit: 今年底前 is printed, not 今年底."""
    limit = _LIMIT.match(sentence, best.end)
    return replace(best, end=limit.end()) if limit else best
