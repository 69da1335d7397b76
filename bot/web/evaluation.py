"""The tab 评测: run suites, compare two runs or two versions of a prompt, see which cases changed sides.

The command ``zhenggai eval`` does the work in a process of its own, one at a time: the page stays quick, stopping is
certain, and what the page shows is what the command line would.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import gradio as gr
from markupsafe import Markup

from bot.errors import UsageError, ZhenggaiError
from bot.ledger.table import shorten
from bot.web import markup
from bot.web.access import visitor_of
from bot.web.desk import Desk
from evals import log
from evals.baselines import BLESSED, baseline, find_run
from evals.compare import Comparison, compare
from evals.log import CaseResult, SuiteRun
from evals.names import LABELS, label
from evals.suite import load_suite, load_suites
from evals.table import SPLIT_LABELS, VERDICTS, note_of

REFUSED = "只有管理员可以运行评测。"
_SPLITS = [("开发集", "dev"), ("全部（含留出集）", "all")]
_NAME = re.compile(r"[\w-]+")
"""A run's id, or a word for a baseline: never a path."""
_FLIPS = 60
"""Cases that changed sides, at the most, on the page; the report has all."""


# -- running -----------------------------------------------------------------------------------------------------------


class Runner:
    """Runs the command, one at a time for the whole server. Safe to use from many threads."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self, *arguments: str) -> Iterator[str | dict[str, Any]]:
        """Lines of progress, in the end the command's JSON. Closing the iterator ends the command.

        Raises ``UsageError`` where another one runs, or with the command's own message.
        """
        if not self._lock.acquire(blocking=False):
            raise UsageError("另一项评测正在运行：请等它结束，或先停止它")
        self._stopped = False
        try:
            with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
                yield from self._followed(out, arguments)
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the running command; what it has done is kept by the command and taken up again next time."""
        self._stopped = True
        if self._process is not None:
            self._process.terminate()

    def _followed(self, out: IO[str], arguments: Sequence[str]) -> Iterator[str | dict[str, Any]]:
        line, last = [sys.executable, "-m", "bot.cli", "--data", str(self._data), *arguments], ""
        with subprocess.Popen(line, stdout=out, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
            self._process = process
            if self._stopped:
                process.terminate()
            try:
                assert process.stderr is not None
                for told in process.stderr:
                    last = told.strip() or last
                    yield last
            finally:
                self._process = None
                process.terminate()
        if process.returncode < 0:
            raise UsageError("已停止。再次运行同样的评测时，从停下的地方接着做")
        out.seek(0)
        text = out.read()
        if not text.strip():
            raise UsageError(last.removeprefix("错误：") or "评测没有结果：详情见服务窗口的日志")
        yield json.loads(text)


def arguments(suites: Sequence[str], split: str, base: str, prompt: str) -> list[str]:
    """The command line of a run. ``base``: what to compare with; ``prompt``: name@version under test; both may be
    empty."""
    found = ["eval", *suites, "--split", split, "--json"]
    found += ["--baseline", base] if base else []
    return found + (["--prompt", prompt] if prompt else [])


def report(data: Path, run: str, base: str = "") -> bytes:
    """The report of a run as the command makes it. Raises ``UsageError``."""
    if not _NAME.fullmatch(run) or (base and not _NAME.fullmatch(base)):
        raise UsageError("没有这个运行记录")
    with tempfile.TemporaryDirectory(prefix="zhenggai-") as folder:
        file = Path(folder) / "report.html"
        compared_with = ["--baseline", base] if base else []
        line = [sys.executable, "-m", "bot.cli", "--data", str(data), "eval-report", run, *compared_with]
        done = subprocess.run([*line, "--json", "--report", str(file)], capture_output=True, text=True, check=False)
        if not file.exists():
            raise UsageError(done.stderr.strip().removeprefix("错误：") or "没有生成报告")
        return file.read_bytes()


# -- showing -----------------------------------------------------------------------------------------------------------


def outcome(result: Mapping[str, Any]) -> Markup:
    """What a run came to: verdict and figures of each suite and split."""
    parts = [_part(part) for part in result["suites"]]
    if not parts:
        return markup.message("没有可显示的结果。")
    files = markup.links([(f"download/eval/{result['run']}.html", "下载报告")])
    return Markup("<p>运行记录 {}</p>").format(result["run"]) + files + markup.joined(parts)


def _part(part: Mapping[str, Any]) -> Markup:
    caption = (
        f"{load_suite(part['suite']).title or part['suite']} · {SPLIT_LABELS.get(part['split'], part['split'])}："
        f"{VERDICTS[part['verdict']]}（{part['n']} 例，出错 {part['errors']} 例）"
    )
    rows = [
        _cells(label(name), ("结果", _figure(found["value"])), ("95% 区间", _interval(*found["ci"])))
        for name, found in part["metrics"].items()
        if name in LABELS
    ]
    return markup.table(caption, ("指标", "结果", "95% 区间"), rows, kind=f"evals {part['verdict'].replace(' ', '-')}")


def _cells(text: str, *more: tuple[str, object]) -> Markup:
    cells = [Markup('<th scope="row">{}</th>').format(text), *(markup.cell(*pair) for pair in more)]
    return Markup("<tr>{}</tr>").format(markup.joined(cells))


def _figure(value: float | None) -> str:
    return "未评分" if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None or high is None else f"{low:.3f} – {high:.3f}"


def compared(base: str, new: str) -> Markup:
    """Two runs side by side: every suite that both have. Raises ``ZhenggaiError``."""
    run = find_run(new)
    parts = [_comparison(base, done) for done in run.suites]
    link = (f"download/eval/{run.id}.html?baseline={base}", "下载比较报告")
    return markup.links([link]) + markup.joined(parts)


def _comparison(base: str, done: SuiteRun) -> Markup:
    suite, before = load_suite(done.suite), baseline(base, done.suite)
    found = compare(suite, before, done)
    caption = f"{suite.title or suite.suite}：{VERDICTS[found.verdict]}。{note_of(found)}"
    judged = [judged for judged in found.metrics if judged.gated or judged.metric in LABELS]
    rows = [
        _cells(
            label(one.metric),
            ("基线", _figure(one.base)),
            ("本次", _figure(one.new)),
            ("变化（正为变好）", "—" if one.gain is None else f"{one.gain:+.3f}　[{_interval(one.low, one.high)}]"),
            ("结论", VERDICTS[one.verdict] if one.gated else "只报告"),
        )
        for one in sorted(judged, key=lambda one: not one.gated)
    ]
    columns = ("指标", "基线", "本次", "变化（正为变好）", "结论")
    return markup.table(caption, columns, rows, kind="evals") + flips(found, before, done)


def flips(found: Comparison, before: SuiteRun, now: SuiteRun) -> Markup:
    """The cases that changed sides, with what was answered; of held-out cases no more than their number."""
    was, cases = ({case.id: case for case in run.cases} for run in (before, now))
    changed = [("变差", name) for name in found.broken] + [("变好", name) for name in found.fixed]
    shown = [(way, name) for way, name in changed if "held_out" not in cases[name].splits]
    rows = [
        _cells(way, ("用例", _case(cases[name])), ("基线", _said(was[name])), ("本次", _said(cases[name])))
        for way, name in shown[:_FLIPS]
    ]
    held = len(changed) - len(shown)
    line = f"结果改变的用例：变差 {len(found.broken)} 个，变好 {len(found.fixed)} 个"
    line += f"（其中留出集 {held} 个，不显示明细）" if held else ""
    if not rows:
        return Markup('<p class="hint">{}</p>').format(line)
    return markup.table(line, ("变化", "用例", "基线", "本次"), rows, kind="flips")


def _case(case: CaseResult) -> str:
    question = case.detail.get("question") or (case.detail.get("answer") or {}).get("question", "")
    return f"{case.id}　{shorten(str(question), 80)}"


def _said(case: CaseResult) -> str:
    if case.error is not None:
        return f"出错：{shorten(case.error, 120)}"
    answer = case.detail.get("answer")
    if isinstance(answer, dict):
        return shorten(str(answer.get("answer", "")), 160)
    wrong = [label(score.metric) for score in case.scores if not score.value]
    return "未达到：" + "、".join(dict.fromkeys(wrong)) if wrong else "—"


def runs() -> list[tuple[str, str]]:
    """(what is shown, run id) of the runs of declared suites, newest first."""
    titles = {suite.suite: suite.title or suite.suite for suite in load_suites((), with_model=True)}
    found: dict[str, list[str]] = {}
    for line in log.history():
        if line["suite"] in titles:
            found.setdefault(line["run"], []).append(titles[line["suite"]])
    return [(f"{run}（{'、'.join(names)}）", run) for run, names in found.items()][::-1]


# -- the tab -----------------------------------------------------------------------------------------------------------

_HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def tab(here: gr.Tab, desk: Desk) -> None:
    """Lay the tab out and wire it; called inside the context of ``here``."""
    offered = [
        (suite.title or suite.suite, suite.suite) for suite in load_suites((), with_model=bool(desk.settings.llm))
    ]
    with gr.Row(elem_classes="filters"):
        suites = gr.CheckboxGroup(offered, label="评测集", min_width=320, scale=3)
        split = gr.Radio(_SPLITS, value="dev", label="用例", min_width=220, scale=2)
    with gr.Row(elem_classes="filters"):
        base = gr.Dropdown(label="与之比较", min_width=220, scale=3)
        prompt = gr.Dropdown(label="被测的提示词版本（用大模型时）", min_width=220, scale=3)
        start = gr.Button("运行", variant="primary", scale=0, min_width=100, elem_id="run-eval")
        stop = gr.Button("停止", scale=0, min_width=100, elem_id="stop-eval", interactive=False)
    report = gr.HTML(elem_id="eval", apply_default_css=False)
    gr.HTML("<h2>比较两次运行</h2>", elem_id="eval-two", apply_default_css=False)
    with gr.Row(elem_classes="filters"):
        first = gr.Dropdown(label="基线", min_width=260, scale=3, elem_id="eval-first")
        second = gr.Dropdown(label="本次", min_width=260, scale=3, elem_id="eval-second")
        look = gr.Button("比较", scale=0, min_width=100, elem_id="compare-eval")
    difference = gr.HTML(elem_id="eval-compared", apply_default_css=False)
    choosing = [base, prompt, first, second]
    _wire_run(here, desk, [suites, split, base, prompt], (start, stop), report, choosing)

    def two(before: str | None, after: str | None, request: gr.Request) -> str:
        if not visitor_of(request).manages:
            return markup.failure(REFUSED)
        try:
            return compared(before or "", after or "") if before and after else markup.message("请先选择两次运行。")
        except ZhenggaiError as error:
            return markup.failure(str(error))

    look.click(two, inputs=[first, second], outputs=difference, **_HIDDEN)


def _wire_run(
    here: gr.Tab,
    desk: Desk,
    asked: list[Any],
    buttons: tuple[gr.Button, gr.Button],
    report: gr.HTML,
    choosing: list[Any],
) -> None:
    """Arriving, running, stopping."""
    runner, (start, stop) = Runner(desk.settings.data), buttons

    def arrive(request: gr.Request) -> tuple[Any, ...]:
        if not visitor_of(request).manages:
            return (gr.update(choices=[]),) * 4
        from prompts.loader import names

        known, versions = runs(), names()
        bases = [("不比较", ""), ("已认定的基线", BLESSED), *((f"提示词 {name}", name) for name in versions), *known]
        return (
            gr.update(choices=bases, value=""),
            gr.update(choices=[("程序现用的版本", ""), *((name, name) for name in versions)], value=""),
            gr.update(choices=known),
            gr.update(choices=known),
        )

    def run(
        suites: list[str], split: str, base: str | None, prompt: str | None, request: gr.Request
    ) -> Iterator[tuple[str, Any, Any]]:
        idle, busy = (gr.update(interactive=True), gr.update(interactive=False)), gr.update(interactive=True)
        if not visitor_of(request).manages:
            yield markup.failure(REFUSED), *idle
            return
        if not suites:
            yield markup.message("请先选择评测集。"), *idle
            return
        yield markup.message("正在准备评测…"), gr.update(interactive=False), busy
        try:
            for told in runner.run(*arguments(suites, split, base or "", prompt or "")):
                shown = markup.message(told) if isinstance(told, str) else outcome(told)
                yield shown, gr.update(interactive=not isinstance(told, str)), busy
        except ZhenggaiError as error:
            yield markup.failure(str(error)), *idle
            return
        yield gr.skip(), *idle

    here.select(arrive, outputs=choosing, **_HIDDEN)
    start.click(run, inputs=asked, outputs=[report, start, stop], **_HIDDEN).then(arrive, outputs=choosing, **_HIDDEN)

    def stopped(request: gr.Request) -> None:
        if visitor_of(request).manages:
            runner.stop()

    stop.click(stopped, **_HIDDEN)
