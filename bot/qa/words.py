"""Content words of a topic: what an item must have to be about it. The only module that imports jieba."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from bot.qa.question import synonyms

if TYPE_CHECKING:
    import jieba as Jieba

GENERIC = frozenset(
    ["治理", "整改", "工作", "管理", "落实", "建设", "问题", "方面", "情况", "推进", "加强", "开展", "进行", "完成", "措施", "成效", "成果", "处理", "解决", "提升", "强化", "监管", "管控", "履行", "执行", "相关", "有关", "主要", "重点", "整治", "存在", "到位", "不到位", "不力", "不够", "不严", "行为", "列出", "具体", "各个", "全部", "全文", "通报", "完整", "一遍", "一下", "梳理", "小结", "总结", "汇总", "清单", "放一起", "部分", "那些", "这些", "哪些", "规范", "不规范", "责任", "交办", "反馈", "发现", "指出", "一块", "这块", "那块", "领域", "事情", "东西"]
)
"""Words that nearly every item has: they tell none apart."""


@cache
def _cutter() -> Jieba.Tokenizer:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    for word in synonyms():
        cutter.add_word(word)
    return cutter


def content_words(topic: str) -> tuple[str, ...]:
    """The words of a folded topic that say what it is about, in order; empty where every one is generic."""
    return tuple(dict.fromkeys(word for word in _words(topic) if len(word) >= 2 and word not in GENERIC))


def _words(topic: str) -> list[str]:
    """The topic cut into words; single characters that stand together are a word that the dictionary does not know (河长制)."""
    found: list[str] = []
    loose = ""
    for word in _cutter().cut(topic, HMM=False):
        if len(word) == 1:
            loose += word
            continue
        found += [loose, word]
        loose = ""
    return [word for word in [*found, loose] if word]


def has_word(word: str, text: str) -> bool:
    """Whether a folded text has the word or a synonym of it."""
    return word in text or any(other in text for other in synonyms().get(word, ()))
