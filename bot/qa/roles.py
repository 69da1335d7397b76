"""Which part a body or a person plays in what is asked: receiver, agent, holder of a post, and of which kind it is.

Works on one sentence and the values found in it; a body in another part than the one asked for is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.qa.values import TypedValue

_RECEIVER = re.compile(r"(?:给|向|往|交|转|报)了?(?:谁|哪|什么(?:单位|部门|公司))")
_GIVEN = re.compile(r"(?:给|向|至|推送|移送|上报|报|函告|移交|送|报送|转交|转|交由|交)(?:了|到)?$")
_AGENT = re.compile(r"(?:委托|请|聘|找|让)[给了的]*(?:是)?(?:谁|哪|什么(?:单位|部门|公司|机构))|请谁")
_ENGAGED = re.compile(r"(?:委托|邀请|聘请|请|聘|聘用|选定|交由|由)(?:了)?$")
_COMPANY = re.compile(
    r"(?:施工(?:单位|方)|供应商|开发商|承包商|中标(?:单位|方|人)|企业|公司|监理(?:单位)?)(?:是|叫|为)?(?:谁|哪)|"
    r"(?:哪|几|什么|啥)[一两二三几]?(?:家|个)?(?:公司|企业|开发商|厂)|(?:公司|企业|厂|户|作坊|店|站)(?:的)?[^,，。?？]{0,4}(?:叫|名)"
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
    r"(?P<post>(?:常务副|第一副|副)?(?:组长|主任|总指挥|指挥长|召集人|联系人|[所县市区镇乡局院校厂队站村股科处]长|书记|经理))[^\u4e00-\u9fff]*(?:是|由|为|叫)?(?:谁|哪|什么|啥|$)"
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


_PARTS = tuple(
    (re.compile(rf"{name}(?:单位|方|企业|公司|机构|商|厂家?)"), re.compile(stem))
    for name, stem in (
        ("设计", "设计"), ("施工", "施工|承建"), ("监理", "监理"), ("勘察", "勘察"), ("代建", "代建"),
        ("承建", "承建|施工"), ("运营", "运营|运维"), ("检测", "检测"), ("供[货应]", "供货|供应"), ("评估", "评估"),
        ("中标", "中标"), ("生产", "生产"),
    )
)  # fmt: skip
"""The part that a body must be said to play in its own clause: nobody is a 设计单位 because it stands nearby."""
_LEADS = re.compile(r"牵头|领头|主办|谁(?:去|来|给)?(?:办|负责|组织|搞|弄|做|管)")
_BESIDE = re.compile(r"(?:会同|联合|配合|协同|协助)$")


def _clause_of(sentence: str, value: TypedValue) -> str:
    low = max(sentence.rfind(mark, 0, value.start) for mark in ",，;；。") + 1
    ends = [at for at in (sentence.find(mark, value.end) for mark in ",，;；。") if at >= 0]
    return sentence[low : min(ends, default=len(sentence))]


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
    for part, stem in _PARTS:
        if part.search(question):
            kept = [v for v in kept if stem.search(_clause_of(sentence, v))]
    if _LEADS.search(question):
        kept = [v for v in kept if not _BESIDE.search(sentence[: v.start])] or kept
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
