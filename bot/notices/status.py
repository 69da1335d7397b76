"""How far an item's rectification is, from its own words only (SPEC section 3, *status*).

Clauses that hold a cue are weighed: a result for the whole problem decides; then what is open; then a result for the
very thing that the problem names; then 长期坚持. Actions alone are ``not_stated``. Never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import add
from typing import NamedTuple

from bot.notices.documents import inside
from bot.records import Grounded, Span, Status, StatusDetail, StatusValue

_ANCHOR = re.compile(
    "完成|到位|销号|竣工|完工|办结|解决|修复|缴清|缴入|清退|退缴|退还|还清|搬迁"
    "|验收|完毕|整改|正在|正按|剩余|其余|另外|预计|拟于|将于|力争|计划|约定|待|尚未"
    "|仍未|暂未|未启动|未开工|滞后|逾期|序时|时序"
    "|推进中|办理中|施工|主体|基本|阶段性|长期坚持|将组织|将利用|将开展|将启动|将进行"
    "|将实施|期间|掌握|纳入|建成|下达|拨付|追回|收回|上缴|归还|纠正|编入|补缴|补齐"
    "|进行中|除(?=[^,。;\n]{2,40}外)|正报|正由|正处于|尚未|还未|尚有|尚余|尚剩|尚缺|在建|还有|还剩|仍有|整改率|完成率|已启动|部分|即将|初步|大半|未能|销号|持续"
)
_BREAK = re.compile(r"[,。;:!?\n\t①-⑳]")
# A paragraph that speaks of all problems, or of several by number, is a total: it says nothing of the item above it.
_TOTAL = re.compile(
    r"^[ \t]*(?:(?:经[^,。;:\n]{1,10}|(?:截至|截止)?[^,。;:\n]{0,12}(?:目前|当前|[年月日底]))[,:])?"
    r"(?:【[^】\n]*】|注意:|说明:|注:)?"
    r"(?:(?:本文|全文|本通报)?的?(?:全部|所有|各项|各类|每[个项])"
    r"(?:的|反馈|巡察|巡视|督察|审计|整改|具体|指出|发现|\d+[个项条])*(?:问题|任务|事项)"
    r"|(?:上述|以上)(?:\d+|[二三四五六七八九十]+)[个项条][^,。;\n]{0,6}(?:问题|任务|事项)"
    r"|除第?[^,。;\n]{1,12}[项个条](?:问题|任务)?(?:以)?外)[^\n]{0,60}$",
    re.MULTILINE,
)
_MARKER = re.compile(
    r"[ 、]*(?:\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十]{1,2}是(?!否)" r"|[㈠-㈩]|\d{1,2}[.、](?!\d))? *"
)

# --- open: an unfinished part, or a named step still to come ----------------------------------------------------
_BEHIND = re.compile(
    r"(?:进度|进展|推进|整改|仍|严重|工作)[^,。;]{0,6}滞后(?!任务|的(?!是))|^滞后$"
    r"|逾期(?:未|尚未)|未(?:按期|按时|如期)完成"
)
_NOT_STARTED = re.compile(r"(?:尚未|还未|仍未|暂未|^未)(?:启动|开工|开展|动工|实施)|未启动$")
_ON_SCHEDULE = re.compile(
    r"达?到?(?:序时|时序)进度|符合时序|按(?:照)?(?:工作|整改|既定|时序)?(?:计划|进度)(?:有序" r"|稳步|正常|全面)*推进"
)
_BASIC = re.compile(r"基本(?:完成|整改|完工|建成|到位|解决|办结|销号)|初步(?:完成|整改|解决)")
_STAGE = re.compile(r"阶段性(?:完成|整改|目标|任务)|(?:取得|完成)阶段性")
_OPEN = re.compile(
    r"正在(?!(?:生产|使用|运行|营业))|正按|(?:剩余|其余|另外|另有|余下)[^,。;]{0,20}(?:将"
    r"|预计|已导入|待|未|仍|计划|拟|涉及|按计划|正|因)|主体(?:工程|结构)?(?:已|均已"
    r"|基本)?(?:完工|开工|封顶|完成)|完成主体"
    r"|预计[^,。;]{0,24}(?:完工|建成|完成|投用|竣工|投入|启用|达到|通水|\d[年月日]|[年月]底|月[上中下]旬|前)|(?:拟于"
    r"|将于|计划(?:于|在)?(?=[\d今明年])|力争|约定)[^,。;]{0,24}(?:前|年|月|完成"
    r"|建成|腾退|还清|退出|投用|开工|进修|到位|竣工)"
    r"|(?<![等接招期优宽善对相])待(?!遇|建|定|办事|人|业)[^。;\n]{1,30}?后|待(?:批复|审批|审核|批准|审定|验收|评审|研究)$|^待[^,。;]{2,}(?:完成"
    r"|批复|到位|结束|明确)$|(?:尚未|仍未|暂未)(?:完成|修复|整改|到位|建成|验收|退还"
    r"|收回|完工|销号|解决|全部|落实)"
    r"|正(?:报|由|处于|抓紧|加紧)|(?:大)?部分已?(?:完成|整改|解决)|完成(?:了)?(?:大)?部分|完成(?:了)?大半|即将(?:开工|启动|完工|完成|投|建成|验收)"
    r"|除[^,。;]*(?:\d|因|正在|未)[^,。;]*外|未能?(?:全部|完全|全面)?(?:整改到位|整改完成|完成整改|整改完毕|销号)$"
    r"|(?:整改|完成整改|整改完成|整改任务|整改率|工程量|总量|任务)的?(?!100)\d{1,2}(?:\.\d+)?%"
    r"|(?:推进|办理|施工|建设|整改|招标|实施|进行)中$"
    r"|开挖施工|进场施工|(?:\d[个处座条项]|项目|工程)在建$"
    r"|(?<!确保)将(?:组织|利用|开展|启动|进行|实施)(?!.{0,6}(?:常态|定期|不定期))"
    r"|期间(?:开工|完成|建成|实施)|完成[^,。;]{2,12}后[^,。;]{0,4}(?:进行|组织|开展"
    r"|实施|予以)|未完成(?!整改的|的)"
)
_UNMET = re.compile(r"^(?![对在因由针])[^,。;]*(?:尚|仍|暂|还)未(?!发现|出现|发生|接到|收到)[^,。;的]{2,12}$")
_NOT_OPEN = re.compile(r"将(?:继续|进一步|持续|加强|认真|严格|不断|始终)|确保(?:按时|按期)?完成")
# A rest that is printed and nothing closes it: 剩余2户, 剩余2户已签订协议.
_LEFT_OVER = re.compile(
    r"(?:剩余|余下|尚余|尚有|还有|仍有|尚剩|还剩|尚缺)[^,。;\d]{0,6}\d(?:(?!已|均|全部|统筹|用于|上缴|收回|退还|处置)[^,。;])*"
    r"(?:$|已(?:签|下达|发出|立案|起诉|启动|开始|进入|导入|列入|达成|申请|报|制定|约定|明确|办理.{0,6}手续$))"
)
# What a result column may say that is no completion.
_PRINTED_OPEN = re.compile(
    r"^(?:已)?(?:启动|开工|实施)$|(?:完成率|完成|进度)(?:为|达到?)?(?!100)\d{1,2}(?:\.\d+)?%|持续(?:推进|整改|实施)(?!,)"
    r"|^(?:仍|尚)?未(?:完成|整改|销号|启动)|^否$|整改中|推进中|已(?:制定|编制|起草|签订|完成(?:招标|立项|可研|前期|设计|方案))"
)
_REST = re.compile(r"剩余|其余|另外|余下")

# --- closed -----------------------------------------------------------------------------------------------------
# Bounded everywhere: a clause of repeated adverbs must not be tried in every way to cut it.
_ADVERB = (
    r"(?:并|也|已经|已|均|全部|全面|都|现|现已|按要求|按期|按时|如期|提前|正式|逐项|顺利"
    r"|退款或补缴|[\d年月日底前]{2,12}+)"
)
_WHOLE = re.compile(
    r"^(?:(?:截至|截止)?(?:目前|当前|现|现在|至此|[^,。;]{0,12}[年月日底])?"
    r"(?:上述|以上|该|此|这|本|两|各|所有|相关|有关|全部|反馈|审计|巡察|督察|检查组|专项)?(?:项|个|类|条|些|次)?"
    r"(?:反映|反馈|指出|发现|查出|整改)?的?(?:具体)?"
    r"(?:问题|任务|事项|整改(?:工作|任务|事项|措施)?|工作|措施|单位|县\([^)]*\)|款项|资料|部门|内容|县区|乡镇)?[^,。;的]{0,2})?"
    rf"{_ADVERB}{{0,6}}(?:督促[^,。;]{{2,20}})?(?:于[^,。;于]{{2,14}}?)?{_ADVERB}{{0,4}}"
    r"(?:完成(?:了)?(?:全部|全面)?整改|整改已?(?:经)?(?:全部|全面|基本)?(?:完成|完毕|到位|落实到位|办结|销号|结束)|整改"
    r"|(?:落实|解决|处置|办结|整治|整改)(?:到位|完毕|完成)|(?:全部)?(?:办结|解决|修复)|完成|竣工|完工)"
    r"(?:工作|任务|完毕)?(?:并(?:通过|已|销|转|申请|长期|验收)[^,。;]{0,24}|[、和及]验收[^,。;]{0,10}|销号)?$"
)
# A bare verb (修复, 持续整改) tells what is to be done as well as what was.
_PERFECT = re.compile(r"已|均|全部|完成|完毕|到位|结束|销号|竣工|完工|了")
_CLOSED_OFF = re.compile(
    r"(?:已|经|并|均|全部|完成|通过)[^,。;]{0,24}?销号(?!工作|任务|管理|制|程序|时间"
    r"|申请|清单|台账)$|^(?:同意)?销号$|通过[^,。;]{0,14}验收(?:并)?销号"
)
_ALL_CLOSED = re.compile(
    r"^完成[^,。;]{0,20}(?:整改|验收)[、并和]?(?:验收)?[、并和]?销号$|(?:均"
    r"|全部)已?完成[^,。;]{0,14}整改(?:工作"
    r"|任务)?$"
)
_CLOSED_PARTLY = re.compile(r"^(?:[^,。;]{2,}(?:已|均|全部)[^,。;]{0,10})销号$")
_DONE = re.compile(
    r"(?:已|均|全部|现已|完成了?)[^,。;]{0,30}?(?:完成|完工|竣工|解决|到位|修复|治理"
    r"|缴清|缴入|清退|退缴|退还|收回|搬迁|整治|验收|办结|建成|纳入|掌握|达标|改革"
    r"|措施)|^完成|(?:整改|搬迁|治理|修复|建设)完成|完成[^,。;]{0,8}(?:整改|治理"
    r"|改革)"
)
_RETURNED = re.compile(
    r"(?:全部|均已|已足额)[^,。;]{0,10}?(?:缴入|缴回|缴库|腾退|清退|退还|退缴|追回|收回|上缴|缴清|下达"
    r"|拨付|归还|纠正|编入|补齐|补缴|入库)|已[^,。;未]{0,16}(?:腾退|清退|退还|退缴|追回|收回|上缴|归还|补缴)[^,。;]{0,4}(?:到位|完毕)"
)
# Money that was lacking and has been paid.
_PAID = re.compile(
    r"已(?:全部|足额|按时)?(?:拨付|发放|兑付|兑现|支付|下达|划拨)(?:到位|完毕)$|(?:全部|均已)[^,。;]{0,6}(?:兑付|发放|支付)(?:到位|完毕)?$"
)
_MONEY = re.compile(r"资金|补助|补贴|经费|奖补|工资|款|兑现")
# 4个已完成 counts some, it does not speak of the whole.
_COUNTED = re.compile(r"^完成[^,。;\d]{1,16}(?P<number>\d+(?:\.\d+)?)[一-鿿]{1,3}$")
_ALL = re.compile(r"全部|均|全面|所有")
_BRACKETED = re.compile(r"[^()]{1,6}\((?P<inner>[^()]{2,16})\)")
_SOME = re.compile(r"^(?:其中|现)?\d+[个项条处件户家座名](?:问题|任务)?(?:已|现已)(?!全部|均)")

_RULED_OUT = re.compile(
    r"确保|督促(?!.{2,24}(?:已|于[\d年月]+)完成)|要求(?!整改)|力争|推动|加快|促进"
    r"|限期|责令|尽快|直至|做到|未(?!发现)|没有|不(?!符合|少)|防止|如|才|对(?:已"
    r"|未|尚)|(?:完成|到位|销号|整改)(?:的|前|后|情况|率|时限|时间|进度|标准|任务清单"
    r"|方案|台账|问题|与否|销号工作)|检查发现|排查发现|抽查|若|按照?[^,。;]{0,20}要求整改到位"
    r"|移交|阶段性|基本|主体|第[一二三四]季度|若|即完成|即可|初步|前期|第[一二三四]阶段|其中\d|(?:完成|整改|解决)[^,。;%]{0,8}(?<!\d)\d{1,2}(?:\.\d+)?%"
    r"|^(?!.*已)(?:[^,。;]*[年月日旬底]前)(?:全部|全面)?(?:完成|整改|完工|竣工|建成|销号|到位)"
)
# The steps before a work begins: their end is not the work's, unless they were what the problem missed.
_PREPARATORY = ("方案", "可研", "立项", "招标", "招投标", "设计", "选址", "前期", "初稿", "论证")
_NO_SUBJECT_OF_ITS_OWN = re.compile(r"(?:目前|现)?(?:均已|已全部|已均|全部|均|已)")
_FOUND_OUT = re.compile(
    r"(?:发现|查出|排查|检查|自查|清查|摸排|梳理)[^,。;]{0,12}(?:问题|隐患|线索|短板|不足)[^,。;\d]{0,4}\d+[个处条项件]?$"
    r"|(?:发现|查出|排查|排查出|梳理出)[^,。;\d]{0,6}\d+[个处条项件][^,。;]{0,6}(?:问题|隐患|线索)$"
)
_CLOSED_AND_KEPT = re.compile(r"(?:已|均|全部)[^,。;]{0,6}(?:完成|到位|销号)[^,。;]{0,6}并[^,。;]{0,4}长期坚持$")
_LONG_TERM = re.compile(r"^(?:[^,。;]{0,14}(?:需|需要|将|应))?长期坚持(?:整改)?$|并长期坚持$")
_NEGATED = re.compile(
    r"(?:尚未|未|没有|没)(?:能)?(?:及时|按时|按期|全部|完全|按要求|有效|真正|按规定"
    r"|严格|依法|进行|得到)*(?:在[^,。;]{1,8}?(?:内|前))?(?P<verb>[一-鿿]{2})"
)
_NO_SUBJECT = re.compile(r"[,。;](?:不|未|没有|无|且|但|仍|导致|致使|造成|存在|影响|尚|至今|也|又|缺|违规)")
_STOP = {
    "工作",
    "问题",
    "整改",
    "情况",
    "完成",
    "已完",
    "相关",
    "建设",
    "管理",
    "进行",
    "要求",
    "部分",
    "开展",
    "制定",
    "措施",
    "全部",
    "目前",
    "截至",
    "实施",
    "方案",
    "加强",
    "发现",
    "均已",
    "不到",
    "到位",
    "落实",
    "以上",
    "单位",
    "有关",
    "存在",
    "进一",
    "一步",
    "推进",
    "整治",
    "任务",
    "县市",
    "市区",
}
_DETAILS: tuple[StatusDetail, ...] = ("behind", "not_started", "on_schedule", "basically_completed", "in_progress")


_LONGEST = 200
"""Characters: a longer stretch without punctuation is no clause."""


class Clause(NamedTuple):
    """A clause that holds a cue word: ``start`` to ``end`` are offsets."""

    start: int
    end: int


class Clauses:
    """The clauses of one text that hold a cue word, found once."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        totals = [match.span() for match in _TOTAL.finditer(plain)]
        ends = [match.start() for match in _BREAK.finditer(plain)]
        starts = [0, *(end + 1 for end in ends)]
        ends.append(len(plain))
        chosen = sorted({bisect_right(starts, match.start()) - 1 for match in _ANCHOR.finditer(plain)})
        found = [Clause(starts[i], ends[i]) for i in chosen if starts[i] < ends[i]]
        total_starts = [start for start, _ in totals]
        self._clauses = [clause for clause in found if not (totals and inside(totals, total_starts, clause.start))]
        self._starts = [clause.start for clause in self._clauses]

    def within(self, spans: Iterable[Span]) -> Iterator[Clause]:
        """The clauses of some passages, cut to them, without the white space at their ends."""
        for low, high in spans:
            first = max(0, bisect_left(self._starts, low + 1) - 1)
            for clause in self._clauses[first : bisect_left(self._starts, high)]:
                start, end = max(clause.start, low), min(clause.end, high)
                marker = _MARKER.match(self._plain, start, end)
                start = marker.end() if marker else start
                kept = self._plain[start:end].rstrip(" 、")
                if kept:
                    yield Clause(start, start + len(kept))


def judge(
    text: str, plain: str, clauses: Clauses, problem: Span, rect: Sequence[Span], results: Sequence[Span]
) -> Status:
    """The status of one item. What a result field says decides; the rectification text only where it says nothing."""
    if answer := _bare_result(text, plain, results):
        return answer
    for spans, printed in ((results, True), (rect, False)):
        found = _Evidence(plain, plain[slice(*problem)], printed)
        for clause in clauses.within(spans):
            found.add(clause)
        status = found.status(text)
        if status.value != "not_stated":
            return status
    return Status("not_stated", None, ())


def _bare_result(text: str, plain: str, results: Sequence[Span]) -> Status | None:
    """A result that is 是, 否 (是否完成) or begins with a share (整改进度:65%)."""
    for span in results:
        if match := _BARE_RESULT.match(plain, *span):
            closed = match["yes"] is not None or match["share"] == "100"
            return _made(text, *_ANSWERS[closed], [Clause(*match.span("words"))])
    return None


_BARE_RESULT = re.compile(
    r"(?P<words>(?P<yes>[是√])|[否×]|(?:已?完成)?(?P<share>\d{1,3})(?:\.\d{1,2})?%)(?:[。,;]|$)", re.MULTILINE
)
_ANSWERS: tuple[tuple[StatusValue, StatusDetail], ...] = (("ongoing", "in_progress"), ("completed", "completed"))


class _Evidence:
    """What the clauses of one item say."""

    def __init__(self, plain: str, problem: str, printed: bool) -> None:
        self._plain = plain
        self._problem = problem
        self._printed = printed
        self._open: dict[StatusDetail, list[Clause]] = {}
        self._whole: list[tuple[Clause, StatusDetail]] = []
        self._done: list[tuple[Clause, StatusDetail]] = []
        self._other: list[tuple[Clause, StatusDetail]] = []
        self._long: list[Clause] = []
        self._named: tuple[set[str], set[str]] | None = None

    def add(self, clause: Clause) -> None:
        if self._printed and (inner := _BRACKETED.fullmatch(self._plain, clause.start, clause.end)):
            clause = Clause(*inner.span("inner"))  # 绿灯(已完成)
        words = self._plain[clause.start : clause.end]
        if len(words) > _LONGEST:
            return
        if "长期坚持" in words and _LONG_TERM.search(words):
            self._long.append(clause)
            if not self._printed and not _CLOSED_AND_KEPT.search(words):
                return
        detail = _open_detail(words) or self._left_open(clause, words)
        if detail:
            self._open.setdefault(detail, []).append(clause)
        elif _ALL_CLOSED.search(words):
            self._whole.append((clause, "closed_off" if "销号" in words else "completed"))
        elif not _RULED_OUT.search(words) and not self._of_others(clause, words):
            self._add_closed(clause, words)

    def _of_others(self, clause: Clause, words: str) -> bool:
        """Whether the clause goes on about what a check brought to light: 发现问题9个,均已整改."""
        if not _NO_SUBJECT_OF_ITS_OWN.match(words):
            return False
        low = max(0, clause.start - 40)
        before = self._plain[low : clause.start].rstrip(" ,;")
        return bool(_FOUND_OUT.search(_BREAK.split(before)[-1]))

    def _left_open(self, clause: Clause, words: str) -> StatusDetail | None:
        """A rest nobody closes, or a result column's own word for unfinished."""
        if self._printed and _PRINTED_OPEN.search(words):
            return "in_progress"
        left = _LEFT_OVER.search(words) if "余" in words or "有" in words or "尚剩" in words else None
        bare = left and left.end() - left.start() <= 10 and self._plain[clause.end : clause.end + 1] == ","
        return "in_progress" if left and not bare else None

    def _add_closed(self, clause: Clause, words: str) -> None:
        if "销号" in words and _CLOSED_OFF.search(words):
            partly = _CLOSED_PARTLY.match(words) and not self._printed
            (self._done if partly else self._whole).append((clause, "closed_off"))
        elif _SOME.match(words):
            self._other.append((clause, "completed"))
        elif (_WHOLE.match(words) and (self._printed or _PERFECT.search(words))) or (
            self._printed and re.match(r"(?:已|均已|全部)?(?:整改)?(?:完成|到位)", words)
        ):
            self._whole.append((clause, "completed"))
        elif self._gives_back(words):
            self._done.append((clause, "completed"))
        elif _DONE.search(words):
            prepared = any(word in words and word not in self._problem for word in _PREPARATORY)
            told = self._names_the_problem(words) and not prepared and not self._counts_some(words)
            (self._done if told else self._other).append((clause, "completed"))

    def _gives_back(self, words: str) -> bool:
        """Whether money or goods that the problem is about went where they belong (全部清退), or were paid at last."""
        if _RETURNED.search(words):
            return len(words) <= 14 or bool(_bigrams(words) & _bigrams(self._problem)) or self._names_the_problem(words)
        return any(verb in words for verb in "付放下兑拨") and bool(
            _PAID.search(words) and _MONEY.search(self._problem)
        )

    def _counts_some(self, words: str) -> bool:
        """完成改造8座: a number that the problem does not name, and no 全部."""
        figure = _COUNTED.search(words)
        return figure is not None and figure["number"] not in self._problem and not _ALL.search(words)

    def _names_the_problem(self, words: str) -> bool:
        """Whether the clause closes what the problem names: a verb that it negates, or two of its words."""
        if self._named is None:
            verbs = {match["verb"] for match in _NEGATED.finditer(self._problem)} - _STOP
            self._named = verbs, _bigrams(self._problem)
        verbs, pairs = self._named
        return any(verb in words for verb in verbs) or len(_bigrams(words) & pairs) >= 3

    def status(self, text: str) -> Status:
        if self._whole and not (self._printed and self._open and not self._long):
            detail: StatusDetail = "closed_off" if any(d == "closed_off" for _, d in self._whole) else "completed"
            return _made(text, "completed", detail, [clause for clause, _ in self._whole])
        if self._open and not (self._long and self._only_goes_on()):
            detail = next(d for d in _DETAILS if d in self._open)
            return _made(text, "ongoing", detail, [clause for found in self._open.values() for clause in found])
        if self._done:
            clauses = [clause for clause, _ in self._done]
            if self._only_one_of_two([clause for clause, _ in (*self._done, *self._other)]):
                return _made(text, "ongoing", "in_progress", clauses)
            return _made(text, "completed", self._done[-1][1], clauses)
        if self._long:
            return _made(text, "long_term", "long_term", self._long)
        return Status("not_stated", None, ())

    def _only_goes_on(self) -> bool:
        """Whether what is open only goes on (持续推进), which 长期坚持 beside it says too."""
        clauses = [clause for found in self._open.values() for clause in found]
        return all(self._plain.startswith("持续", clause.start) for clause in clauses)

    def _only_one_of_two(self, clauses: Sequence[Clause]) -> bool:
        """Whether the finding names two things and the results close only one of them."""
        named = [_bigrams(part) for part in re.split(r"[,。;]", self._problem) if len(part) >= 6]
        if len(named) != 2 or named[0] & named[1] or _NO_SUBJECT.search(self._problem):
            return False
        closed = [_bigrams(self._plain[clause.start : clause.end]) for clause in clauses]
        return sum(any(words & part for words in closed) for part in named) == 1


def _open_detail(words: str) -> StatusDetail | None:
    """What kind of unfinished a clause says; None where it says nothing of that.

    The plain ``in`` before each search spares most clauses the search.
    """
    unmet = "未" in words
    if (unmet or "滞后" in words or "逾期" in words) and _BEHIND.search(words):
        return "behind"
    if unmet and _NOT_STARTED.search(words):
        return "not_started"
    if re.search("序时|时序|推进", words) and _ON_SCHEDULE.search(words):
        return "in_progress" if _REST.search(words) else "on_schedule"
    if ("基本" in words or "初步" in words) and _BASIC.search(words):
        return "basically_completed"
    if unmet and _UNMET.search(words):
        return "in_progress"
    if ("阶段性" in words and _STAGE.search(words)) or (_OPEN.search(words) and not _NOT_OPEN.search(words)):
        return "in_progress"
    return None


def _bigrams(words: str) -> set[str]:
    return {pair for run in _HAN.findall(words) for pair in map(add, run, run[1:])} - _STOP


_HAN = re.compile(r"[一-鿿]{2,}")


def _made(text: str, value: StatusValue, detail: StatusDetail, clauses: Sequence[Clause]) -> Status:
    quotes = tuple(Grounded(text[low:high], (low, high)) for low, high in sorted(clauses))
    return Status(value, detail, quotes)
