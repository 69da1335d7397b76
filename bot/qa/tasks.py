"""Requests that no notice can answer whatever it says: to compose, to calculate, to translate, to chat, to advise.

Knows how such requests are worded; a question about what a notice says of a text or a sum is none of them.
"""

from __future__ import annotations

import re

_TASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "本系统只回答通报里写了什么，不代写文稿",
        re.compile(
            r"(?:^|帮我|帮忙|给我|替我|请你?|麻烦)[^,，。?？]{0,2}(?:写|编写?|创作|起草|草拟)"
            r"(?:一?[首篇个份封段则]|一下|点)?[^,，。?？]{0,16}(?:诗|词|歌|作文|文章|小说|故事|信|条|通知|方案|稿|材料|代码|程序|报告|总结|检讨|对联|文案)"
            r"|^(?:讲|说|来)[个段]?(?:笑话|故事|段子)|唱[首个支]?歌|做(?:个|一下)?ppt"
        ),
    ),
    (
        "本系统只引用和统计通报里的数字，不做算术题",
        re.compile(
            r"\d+(?:\.\d+)?(?:乘以?|除以?|[*×÷]|加上?(?=\d+[^个家座处条项]{0,3}(?:等|是|多))|减去?)\d+|圆周率|平方根|等于多少(?:米|公里|元|克|斤)"
        ),
    ),
    ("本系统不做翻译", re.compile(r"翻译|(?:英文|英语|日语)怎么(?:说|写)|用(?:英文|英语)")),
    (
        "本系统只回答已导入的整改通报",
        re.compile(
            r"^你(?:好|们好|是|叫|能|会|几岁|多大|有什么功能)|你(?:是|叫)(?:谁|什么|啥|哪)|^(?:在吗|在不在|谢谢|多谢|再见|早上好|晚上好|您好)[!！。?？呀啊]*$"
            r"|天气(?:怎么样|如何|好|预报|咋样)|(?:会|要|有没有)下(?:雨|雪)|下[雨雪](?:吗|么|没|不)|气温|现在几点|几点了|(?:今天|明天|后天)(?:几号|星期几|周几|是什么日子)"
            r"|股票|股价|彩票|房价|房租|油价|票价|高铁|机票|电影|菜谱|减肥|星座|世界杯|高考|考研|首都|总统|皇帝|淘宝|明星|足球|篮球"
        ),
    ),
    (
        "本系统只回答通报里写了什么，不解释名词，也不给个人建议",
        re.compile(
            r"(?:是|啥|什么)(?:什么|啥)?意思[?？]?$|有(?:什么|啥|何)(?:区别|不同|差别)|^(?:什么|啥)(?:是|叫)(?!.*问题)"
            r"|我(?:该|要|应该)不?该?[^,，。]{0,8}(?:吗|辞|选|去)|你(?:觉得|认为|建议)|^怎么(?:写|做|办理|准备|申请|炒|减)|吃什么药|有什么好吃|怎么(?:准备|补办|转移)[?？]?$|作业怎么"
        ),
    ),
)


def other_task(question: str) -> str:
    """Why a folded question is none that notices answer; "" where it may be one."""
    return next((message for message, pattern in _TASKS if pattern.search(question)), "")
