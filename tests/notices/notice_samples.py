"""Small notices, one for each layout that occurs, and the short way to extract from text."""

from __future__ import annotations

from bot.notices.extract import extract
from bot.notices.load import Loaded, load
from bot.notices.offsets import identity
from bot.records import Extraction, Item

HEAD = """中共青山县水利局党组关于县委巡察反馈意见整改情况的通报

根据县委统一部署，2023年3月6日至5月12日，县委第二巡察组对县水利局党组开展了常规巡察。6月20日，县委第二巡察组向县水利局党组反馈了巡察意见。

"""
TAIL = """

欢迎广大干部群众进行监督。

中共青山县水利局党组
2023年12月4日
"""

LAYOUTS: dict[str, str] = {
    "lead words": """二、反馈问题整改情况
（一）责任落实方面
1.学习不深入。
整改情况：一是学习12次。二是制定《学习办法》。已完成整改。
2.台账不健全。
整改情况：建立台账3本，正在补录。
""",
    "one paragraph": """二、反馈问题整改情况
1、问题：学习不深入。整改措施：一是学习12次。二是制定《学习办法》。完成情况：已完成。责任人：陈明。
2、问题：台账不健全。整改措施：建立台账3本。完成情况：正在补录。责任人：刘伟。
""",
    "about quotes": """二、整改落实情况
1.关于“学习不深入。”问题。
整改措施及成效：一是学习12次。二是制定《学习办法》。已完成整改。
2.关于“台账不健全”问题。
整改措施及成效：建立台账3本，正在补录。
""",
    "about without lead words": """二、审计查出问题的整改情况
1.关于学习不深入的问题。一是学习12次。二是制定《学习办法》。已完成整改。
2.关于台账不健全的问题。建立台账3本，正在补录。
""",
    "merged": """二、巡察反馈问题整改情况
1.针对学习不深入的问题，一是学习12次。二是制定《学习办法》。已完成整改。
2.针对台账不健全问题，建立台账3本，正在补录。
""",
    "run in": """二、整改落实情况
（一）责任落实方面。
针对学习不深入的问题，一是学习12次。二是制定《学习办法》。已完成整改。针对台账不健全问题，建立台账3本，正在补录。
""",
    "form": """二、反馈问题整改情况
问题1：学习不深入。
责任单位：县水利局
整改时限：2023年9月底前
整改落实情况：一是学习12次。二是制定《学习办法》。
整改结果：已完成整改。
问题2：台账不健全。
责任单位：县水利局
整改时限：立行立改
整改落实情况：建立台账3本。
整改结果：正在补录。
""",
    "tasks": """二、整改任务进展情况
任务一：学习不深入。
整改目标：学习到位。
整改进展：一是学习12次。二是制定《学习办法》。已完成整改。
任务二：台账不健全。
整改目标：台账齐全。
整改进展：建立台账3本，正在补录。
""",
    "brackets": """【问题一】学习不深入。
【整改措施】一是学习12次。二是制定《学习办法》。
【整改结果】已完成整改。
【问题二】台账不健全。
【整改措施】建立台账3本。
【整改结果】正在补录。
""",
    "unnumbered": """二、整改情况
反馈问题：学习不深入。
整改情况：一是学习12次。二是制定《学习办法》。已完成整改。
反馈问题：台账不健全。
整改情况：建立台账3本，正在补录。
""",
    "lead word of its own line": """二、反馈问题整改情况
问题一：学习不深入。
整改进展情况
一是学习12次。二是制定《学习办法》。已完成整改。
问题二：台账不健全。
整改进展情况
建立台账3本，正在补录。
""",
    "numbered lead words": """二、反馈问题整改情况
（一）学习不深入。
1.整改措施：一是学习12次。二是制定《学习办法》。
2.整改结果：已完成整改。
（二）台账不健全。
1.整改措施：建立台账3本。
2.整改结果：正在补录。
""",
    "result after numbered measures": """二、反馈问题整改情况
1.关于学习不深入的问题
（1）学习12次。
（2）制定《学习办法》。
整改进展：已完成整改
2.关于台账不健全的问题
（1）建立台账3本。
（2）补录数据。
整改进展：正在整改
""",
    "result after worded measures": """（一）关于“学习不深入”的问题
一是学习12次。
二是制定《学习办法》。
整改完成情况：已完成整改。
（二）关于“台账不健全”的问题
一是建立台账3本。
整改完成情况：正在整改。
""",
    "traditional": """二、反饋問題整改情況
1.關於“學習不深入”問題。
整改措施及成效：一是學習12次。二是制定《學習辦法》。已完成整改。
2.關於“臺賬不健全”問題。
整改措施及成效：建立臺賬3本，正在補錄。
""",
    "full width": """二、反馈问题整改情况
１．学习不深入。
整改情况：（１）学习１２次；（２）制定《学习办法》。已完成整改。
２．台账不健全。
整改情况：建立台账３本，正在补录。
""",
    "headings by state": """一、已完成整改的问题
1.关于学习不深入的问题
学习12次。制定《学习办法》。已完成整改。
二、正在整改的问题
2.关于台账不健全的问题
建立台账3本，正在补录。
""",
}


def loaded(text: str) -> Loaded:
    """The text as the loader would hand it over."""
    return Loaded(text, "txt", "utf-8", (), (), (), identity(len(text)))


def extraction(text: str) -> Extraction:
    """The rules' extraction of a text."""
    return extract(loaded(text), notice_id="n", file="n.txt", sha256="")


def items(body: str) -> tuple[Item, ...]:
    """The items of a notice with that body between a usual head and tail."""
    return extraction(HEAD + body + TAIL).items


def item(rectification: str, problem: str = "工作不到位。") -> Item:
    """The one item of a notice with that rectification text."""
    return items(f"二、反馈问题整改情况\n1.{problem}\n整改情况：{rectification}\n")[0]


def html(rows: str) -> Extraction:
    """The extraction of a web page with one table."""
    page = f"<html><body><p>整改情况公示，请予监督。</p><table>{rows}</table></body></html>"
    return extract(load(page.encode(), "n.html"), notice_id="n", file="n.html", sha256="")
