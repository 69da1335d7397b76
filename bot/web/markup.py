"""Records as HTML. Every text of a notice or a user enters through ``Markup``'s escaping; nothing is concatenated raw.

Buttons carry ``data-event``: the scripts in ``assets`` turn them into events of their component.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from bot.ledger.table import flat, shorten, status_text
from bot.records import Answer, Citation, Extraction, Notice, Summary, SummaryGroup
from bot.web.understood import Chip

BUG = "程序内部错误，详情见服务窗口的日志。请联系维护人员。"
"""What a user reads when the program itself failed; the traceback is in the server's log."""
_MARK = re.compile(r"\[(\d+)\]")
_CITE = Markup(
    '<button type="button" class="cite" data-event="cite" data-notice="{}" data-start="{}" data-end="{}"'
    ' aria-label="出处 {}：查看原文" title="{}">[{}]</button>'
)
_SOURCE = Markup(
    '<li><button type="button" class="source" data-event="cite" data-notice="{}" data-start="{}" data-end="{}">'
    '<span class="from">{}{}</span><q>{}</q></button></li>'
)


_VALUE = Markup(
    '<button type="button" class="value" data-event="cite" data-notice="{}" data-start="{}" data-end="{}">{}</button>'
)
_DROP = Markup(
    '<button type="button" class="drop" data-event="drop" data-turn="{}" data-words="{}"'
    ' aria-label="去掉条件 {}，重新提问">×</button>'
)
_THUMB = Markup(
    '<svg class="thumb {}" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M2 10h4v11H2zM8 10l5-8c1.7 0 2.5 1.2 2.2 2.8L14.4 9H21'
    'c1.2 0 2 1 1.8 2.1l-1.5 8c-.2 1.1-1 1.9-2.2 1.9H8z"/>'
    "</svg>"
)
_JUDGE = Markup(
    '<button type="button" class="act" data-event="judge" data-turn="{}" data-verdict="good">{} 有用</button>'
    '<details class="wrong"><summary class="act">{} 有误</summary><label>哪里不对？（可不填）'
    '<input type="text" class="reason" maxlength="200"></label>'
    '<button type="button" class="act" data-event="judge" data-turn="{}" data-verdict="bad">提交</button></details>'
)
SUMMARY_COLUMNS = ("序号", "反馈问题", "整改措施", "状态")


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup one after the other."""
    return Markup("").join(parts)


# -- answers -----------------------------------------------------------------------------------------------------------


def turn(question: str, body: Markup) -> Markup:
    """A question with what became of it."""
    return Markup('<section class="turn"><p class="question">{}</p>{}</section>').format(question, body)


def waiting(written: Sequence[str] = (), stage: str = "") -> Markup:
    """Shown while the answer is being looked for: its sentences so far, each verified, and what is being done."""
    line = Markup('<p class="waiting" role="status">{}</p>').format(stage or "正在查找通报…")
    return joined(Markup('<p class="text">{}</p>').format(sentence) for sentence in written) + line


def chips(number: int, found: Sequence[Chip]) -> Markup:
    """How the question was understood; a condition with words of its own can be taken away."""
    parts = [
        Markup('<li><span class="chip">{}：{}{}</span></li>').format(
            chip.kind, chip.label, _DROP.format(number, chip.words, chip.label) if chip.words else ""
        )
        for chip in found
    ]
    return Markup('<ul class="chips" aria-label="对问题的理解">{}</ul>').format(joined(parts))


def tools(number: int, copied: str, verdict: str, *, judged: bool) -> Markup:
    """What can be done with an answer: copy it, say what one thinks of it. ``judged``: whether it can be judged."""
    copy = Markup('<button type="button" class="act copy" data-copy="{}">复制（带出处）</button>').format(copied)
    if not judged:
        return Markup('<div class="doing">{}</div>').format(copy)
    if verdict:
        thanks = "已记录：有用" if verdict == "good" else "已记录：有误，会用于改进"
        return Markup('<div class="doing">{}<span role="status">{}</span></div>').format(copy, thanks)
    return Markup('<div class="doing">{}{}</div>').format(
        copy, _JUDGE.format(number, _THUMB.format("up"), _THUMB.format("down"), number)
    )


def links(found: Sequence[tuple[str, str]]) -> Markup:
    """Files to be saved: (address, name)."""
    parts = [Markup('<a class="act" href="{}" download>{}</a>').format(*link) for link in found]
    return Markup('<p class="links">{}</p>').format(joined(parts))


def masthead(user: str = "") -> Markup:
    """The page's heading; for a user who logged in his name and the way out."""
    who = Markup(
        '<form class="who" method="post" action="logout"><span>{}</span>'
        '<button type="submit" class="act">退出登录</button></form>'
    ).format(user)
    return Markup("{}<h1>整改通</h1><p>整改通报问答与台账：每个回答都附原文出处</p>").format(who if user else "")


def failure(message: str) -> Markup:
    """An error: never dressed up as an answer."""
    return Markup('<div class="failed" role="alert"><strong>出错了</strong><p>{}</p></div>').format(message)


def bug() -> Markup:
    """A failure of the program itself: its traceback is in the server's log."""
    return failure(BUG)


def warnings(found: Sequence[str]) -> Markup:
    """What a reader must know beside what he reads."""
    return joined(Markup('<p class="warning"><strong>注意：</strong>{}</p>').format(warning) for warning in found)


def answer(found: Answer) -> Markup:
    """An answer with its marks and sources; a refusal with what the notices do say."""
    parts = [_headline(found), Markup('<div class="text">{}</div>').format(_marked(found))]
    if found.citations:
        parts.append(_sources("出处", found.citations, numbered=True))
    if found.nearest:
        parts.append(_sources("相关内容（仅供参考，不是所问事项的依据）", found.nearest, numbered=False))
    parts.append(warnings(found.warnings))
    if found.considered.notices:
        sentence = f"本次查阅通报 {found.considered.notices} 份"
        sentence += f"、问题 {found.considered.items} 项" if found.considered.items else ""
        parts.append(Markup('<p class="considered">{}</p>').format(sentence))
    return Markup('<div class="answer {}">{}</div>').format(found.status, joined(parts))


def summary(found: Summary) -> Markup:
    """A structured summary as a table: problem, measures, status, each leading to its place in the notice."""
    head = joined(Markup("<p>{}</p>").format(sentence.text) for sentence in found.overview[:1])
    titles = {citation.notice_id: flat(citation.title) for citation in found.citations}
    rows = [_group(number, group, titles) for number, group in enumerate(found.groups, 1)]
    body = table(f"共 {len(rows)} 个问题", SUMMARY_COLUMNS, rows, kind="summary") if rows else Markup("")
    notes = warnings(found.warnings)
    covered = Markup('<p class="considered">本次查阅问题 {} 项，列入 {} 份通报的 {} 项</p>').format(
        found.coverage.considered, found.coverage.notices, found.coverage.items
    )
    return Markup('<div class="answer">{}</div>').format(head + body + notes + covered)


def _group(number: int, group: SummaryGroup, titles: Mapping[str, str]) -> Markup:
    source = f"{shorten(titles.get(group.notice_id, group.file), 40)} {group.item_id.partition('#')[2]}"

    def leading(span: tuple[int, int], text: str) -> Markup:
        return _VALUE.format(group.notice_id, *span, text)

    measures = joined(
        Markup("<li>{}</li>").format(leading(measure.span, f"{measure.marker or ''}{flat(measure.text)}"))
        for measure in group.measures
    )
    cells = (
        cell("序号", number, "number"),
        Markup('<th scope="row">{}<small>{}</small></th>').format(
            leading(group.problem.span, flat(group.problem.text)), source
        ),
        cell("整改措施", Markup("<ol>{}</ol>").format(measures) if measures else "—"),
        cell("状态", status_text(group), f"status {group.status.value}"),
    )
    return Markup("<tr>{}</tr>").format(joined(cells))


def _headline(found: Answer) -> Markup:
    if found.status == "refused":
        return Markup('<p class="headline">通报中没有依据，不作回答</p>')
    if found.short_answer and len(found.short_answer) <= 40 and found.short_answer != found.answer:
        return Markup('<p class="headline">{}</p>').format(found.short_answer)
    return Markup("")


def _marked(found: Answer) -> Markup:
    """The answer's text, paragraph by paragraph, its ``[n]`` turned into buttons."""
    cited = {c.n: c for c in found.citations}
    return joined(Markup("<p>{}</p>").format(_line(line, cited)) for line in found.answer.splitlines() if line.strip())


def _line(line: str, cited: dict[int, Citation]) -> Markup:
    parts, last = [], 0
    for mark in _MARK.finditer(line):
        citation = cited.get(int(mark[1]))
        if citation:
            parts += [escape(line[last : mark.start()]), _cite(citation)]
            last = mark.end()
    return joined([*parts, escape(line[last:])])


def _cite(c: Citation) -> Markup:
    return _CITE.format(c.notice_id, c.start, c.end, c.n, flat(c.title), c.n)


def _sources(heading: str, citations: Sequence[Citation], *, numbered: bool) -> Markup:
    rows = joined(
        _SOURCE.format(
            c.notice_id, c.start, c.end, f"[{c.n}] " if numbered else "", flat(c.title), shorten(c.quote, 160)
        )
        for c in citations
    )
    return Markup('<div class="sources"><h3>{}</h3><ul>{}</ul></div>').format(heading, rows)


def welcome(examples: Sequence[str]) -> Markup:
    """An empty conversation: questions that the store can answer, or how to fill it."""
    if not examples:
        return Markup('<div class="welcome"><p>还没有通报。请先到“通报库”上传文件，再回来提问。</p></div>')
    rows = joined(
        Markup(
            '<li><button type="button" class="example" data-event="example" data-question="{}">{}</button></li>'
        ).format(q, q)
        for q in examples
    )
    return Markup('<div class="welcome"><p>可以这样问（点击即提问）：</p><ul>{}</ul></div>').format(rows)


# -- notices -----------------------------------------------------------------------------------------------------------

Marking = tuple[int, int, str]
"""``(start, end, kind)``: offsets into a notice's text, end exclusive; kind: cited, problem, measure,
status or fact."""


def notice(found: Notice, markings: Sequence[Marking] = (), *, above: Markup = Markup("")) -> Markup:  # noqa: B008  (immutable)
    """A whole notice, some spans of its text marked. ``above``: what stands between its head and its text."""
    title = flat(found.title.text) if found.title else found.file
    # The stamp makes a second click on the same citation a change, so that the page scrolls again.
    return Markup(
        '<article class="notice" tabindex="-1" aria-label="通报原文" data-shown="{}"><header>'
        '<button type="button" class="back" title="也可按 Esc 键">返回</button><h2>{}</h2><p>{}</p></header>{}'
        '<div class="body" tabindex="0" role="region" aria-label="正文">{}</div></article>'
    ).format(time.monotonic_ns(), title, _about(found), above, marked(found.text, markings))


def _about(found: Notice) -> str:
    issuer = "、".join(flat(unit.text) for unit in found.issuer)
    date = found.signed_date or found.published_date
    return "　".join(part for part in (issuer, date.text if date else "", f"文件：{found.file}") if part)


def marked(text: str, markings: Sequence[Marking]) -> Markup:
    """A text with its markings highlighted; where several overlap, the piece carries all their kinds."""
    return joined(
        Markup('<mark class="{}" tabindex="-1">{}</mark>').format(" ".join(kinds), text[start:end])
        if kinds
        else escape(text[start:end])
        for start, end, kinds in _pieces(markings, len(text))
    )


def _pieces(markings: Sequence[Marking], length: int) -> list[tuple[int, int, tuple[str, ...]]]:
    """The text cut where any marking begins or ends; neighbours of the same kinds are one piece."""
    cuts = sorted({0, length, *(min(max(cut, 0), length) for start, end, _ in markings for cut in (start, end))})
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end in pairwise(cuts):
        kinds = tuple(dict.fromkeys(kind for first, last, kind in markings if first <= start and end <= last))
        if found and found[-1][2] == kinds:
            found[-1] = (found[-1][0], end, kinds)
        else:
            found.append((start, end, kinds))
    return found


def checks(found: Extraction, more: Sequence[str] = ()) -> Markup:
    """What does not add up in a notice, what was repaired when it was read, and further lines."""
    lines = [check.message for check in found.checks]
    lines += [*more, *(f"读取时的修复：{repair}" for repair in found.notice.source.repairs)]
    points = joined(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<div class="checks"><h3>核对</h3><ul>{}</ul></div>').format(points) if lines else Markup("")


def no_notice() -> Markup:
    """The panel before anything was chosen."""
    return Markup('<p class="hint">点击回答中的编号 [1] 或出处，这里显示通报全文，并标出所引的原句。</p>')


def message(text: str) -> Markup:
    """A line instead of a notice."""
    return Markup('<p class="hint" role="status">{}</p>').format(text)


# -- tables ------------------------------------------------------------------------------------------------------------


def table(caption: str, columns: Sequence[str], rows: Iterable[Markup], *, kind: str = "") -> Markup:
    """A table; on a small screen each row becomes a card (its cells name their column in ``data-label``)."""
    head = joined(Markup('<th scope="col">{}</th>').format(name) for name in columns)
    return Markup(
        '<table class="list {}"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(kind, caption, head, joined(rows))


def cell(label: str, content: object, kind: str = "") -> Markup:
    """A cell under the column ``label``."""
    return Markup('<td data-label="{}" class="{}">{}</td>').format(label, kind, content)
