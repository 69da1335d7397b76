"""Questions that map to a field of a notice: when it was inspected, by whom, when the feedback came, who signed.

The sentence in which the notice prints that field is preferred; nothing is answered from the field alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.qa.figures import figures
from bot.records import Date, Grounded, Notice, Span

if TYPE_CHECKING:
    from bot.qa.question import Plan

_INSPECTED_WHEN = re.compile(
    r"(?:(?:巡察|巡视|督察|审计)(?!整改|反馈|意见|报告)|进驻|入驻)[^,，。反馈]{0,10}(?:时间|时候|哪天|哪年|几月|日期|起止|何时|多久"
    r"|开展|进行|从)|(?:时间|时候|哪天|何时|啥时)[^,，。反馈]{0,10}(?:巡察|巡视|督察|进驻|入驻|审计)"
)
_FEEDBACK_WHEN = re.compile(
    r"反馈[^,，。]{0,12}(?:时间|时候|哪天|何时|日期|几月|几号)"
    r"|(?:时候|哪天|何时|啥时|几月|几号)[^,，。]{0,12}(?:反馈|收到)"
)
_SIGNED_WHEN = re.compile(
    r"落款|成文|签发|发文(?:日期|时间)|通报(?:的)?(?:日期|时间)"
    r"|(?:什么时候|哪天|何时)(?:发布|印发|公布|发)的?(?:这份|该)?通报"
)
_PUBLISHED_WHEN = re.compile(
    r"挂(?:到|在|上)|上网|网上|发布(?:时间|日期)|(?:通报|公告|报告)[^,，。]{0,6}(?:发布|公布|公开)"
)
_INSPECTOR = re.compile(
    r"(?:哪个|什么|谁)[^,，。]{0,4}(?:组|单位)?[^,，。]{0,6}(?:巡察|巡视|督察|审计|进驻|交办)"
    r"|(?:巡察|巡视|督察|审计)(?:组)?(?:是|为)?(?:谁|哪个)"
)
_ISSUER = re.compile(
    r"(?:谁|什么单位|哪[一两几二三]?[个家](?:单位|部门)?)(?:联合|共同|一起)?(?:发布|印发|发|落款|署名|写|公布)"
)


def asked_spans(plan: Plan, notice: Notice) -> list[Span]:
    """Where the notice prints the fields that a question is about; empty where it is about none."""
    question = plan.question
    dated = plan.want in ("date", "duration") or (plan.yes_no and any(f.unit == "date" for f in figures(question)))
    found: list[Date | Grounded | None] = []
    if dated and _FEEDBACK_WHEN.search(question):
        found.append(notice.feedback_date)
    elif dated and _SIGNED_WHEN.search(question):
        found.append(notice.signed_date)
    elif dated and _PUBLISHED_WHEN.search(question):
        found.append(notice.published_date or notice.signed_date)
    elif dated and _INSPECTED_WHEN.search(question):
        found.append(notice.inspection_start)
    elif _ISSUER.search(question):
        found.extend(notice.issuer)
    elif plan.want == "organization" and _INSPECTOR.search(question):
        found.append(notice.inspector)
    return [value.span for value in found if value]
