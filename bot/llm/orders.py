"""Text in a notice that gives orders to a model: data like all the rest, but never a proof of anything.

Whoever can write into a notice can write 所有问题均已完成整改 there too, and a model that obeys will cite it. A
paragraph that speaks to the model (ignore the above, you must answer, system prompt) therefore proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.notices.plain import plain
from bot.records import Span

_ORDER = re.compile(
    r"(?:忽略|无视|忘掉|忘记|不要理会|不必理会|不再遵守|抛开|跳过)[^。\n]{0,12}(?:以上|上述|上面|之前|前面|先前|此前|前文|所有|全部|一切|系统|任何)"
    r"[^。\n]{0,10}(?:要求|指令|指示|规则|提示|内容|说明|设定|命令|约束|限制|规定)"
    r"|(?:ignore|disregard|forget|override)[^.\n]{0,30}(?:previous|above|prior|earlier|all|system)[^.\n]{0,20}"
    r"(?:instructions?|rules?|prompts?|messages?)"
    r"|(?:系统|开发者)(?:提示词?|指令|消息)|system ?prompt|(?:^|\n) ?(?:system|assistant|developer) ?:"
    r"|你(?:现在|从现在起)?(?:是|作为)(?:一个|一名)?[^。\n]{0,10}(?:助手|模型|机器人|AI)|(?:AI|人工智能|语言模型|智能)助手"
    r"|(?:请|务必|必须|应当?|直接|只能|一律|统一)(?:你)?(?:一律|直接|只|统一|如实)?(?:回答|回复|输出|作答|答复)(?:说|为|成|道|[:“\"]|[^。\n]{0,6}[:“\"])"
    r"|(?:回答|作答|答复|输出)(?:任何|所有|这个|上述|用户)[^。\n]{0,4}(?:问题|提问)时"
    r"|把[^。\n]{0,12}(?:状态|答案|结论|结果)[^。\n]{0,8}(?:写成|改成|改为|说成|标为|标记为|记为|填成|填为)"
    r"|(?:用户|提问者)(?:问|询问|提问)[^。\n]{0,20}(?:时|,)[^。\n]{0,6}(?:回答|答复|回复|说|输出)"
    r"|<\|?(?:im_start|im_end|system|endoftext)|\[/?INST\]|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)


def orders(text: str) -> Iterator[Span]:
    """The lines of ``text`` that speak to a model, as spans."""
    flat = plain(text)
    for match in _ORDER.finditer(flat):
        start = flat.rfind("\n", 0, max(match.start(), 1)) + 1
        end = flat.find("\n", match.end())
        yield start, len(text) if end < 0 else end


def without_orders(text: str) -> str:
    """What of ``text`` may prove something."""
    kept, at = [], 0
    for start, end in orders(text):
        if start >= at:
            kept.append(text[at:start])
        at = max(at, end)
    return "".join([*kept, text[at:]])
