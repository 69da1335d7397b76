"""A run on the terminal: figures by split, confusion of statuses, differences case by case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.records import STATUS_LABELS
from evals.compare import Comparison, Judged, Verdict
from evals.figures import Figure, figures, in_split
from evals.log import CaseResult, SuiteRun, Usage
from evals.metrics.status import confusion
from evals.names import LABELS, LOWER_IS_BETTER, as_good, in_order, label, whole_label
from evals.outcome import Missed, missed
from evals.suite import Suite

SPLIT_LABELS = {"seeds": "五份原件", "development": "开发集", "held_out": "留出集", "all": "全部"}
VERDICTS: dict[Verdict, str] = {"pass": "通过", "regressed": "退步", "insufficient data": "数据不足"}
NOTE = "[ ] 内为 95% 置信区间（对用例重抽样）；↓ 越低越好；✓/✗ 是否达到评测集写明的目标；无可评者记“未评分”"
WITHHELD = "留出集的明细不显示（调规则时不看）；确需查看加 --reveal"


def show_suite(console: Console, suite: Suite, run: SuiteRun, splits: Sequence[str]) -> None:
    """One table: a row per metric, a column per split."""
    by_split = {split: figures(in_split(run.cases, split)) for split in splits}
    table = Table(title=f"{suite.title or suite.suite}（{suite.suite}，{run.seconds:.1f} 秒）", title_justify="left")
    table.add_column("指标")
    for split in splits:
        cases = in_split(run.cases, split)
        errors = sum(case.error is not None for case in cases)
        table.add_column(f"{SPLIT_LABELS.get(split, split)}\nn={len(cases)}，出错 {errors}", justify="right")
    names = {name: None for found in by_split.values() for name in found if name in LABELS}
    for name in in_order(list(names)):
        cells = [_cell(name, by_split[s].get(name), suite.floors.get(s, {}).get(name)) for s in splits]
        table.add_row(escape(label(name)) + (" ↓" if name in LOWER_IS_BETTER else ""), *cells)
    console.print(table)
    console.print(NOTE, style="dim", markup=False)
    if below := missed(suite, run, splits):
        console.print(target_note(below), style="yellow", markup=False)
    if spent := spending(run.cases):
        console.print(spent, style="dim", markup=False)
    for case in run.cases:
        if case.error is not None and any(split in case.splits or split == "all" for split in splits):
            console.print(f"出错 {case.id}：{case.error}", style="red", markup=False)


def verdict_label(verdict: Verdict, *, compared: bool, below: bool) -> str:
    """A verdict for reading. ``compared``: there was a baseline; ``below``: a target is missed."""
    return "未达目标" if verdict == "insufficient data" and below and not compared else VERDICTS[verdict]


def target_note(found: Sequence[Missed]) -> str:
    """Which targets are not reached, told apart from a regression."""
    each = [
        f"{SPLIT_LABELS.get(one.split, one.split)}“{whole_label(one.metric)}”{_number(one.value)}（目标 {one.floor:g}）"
        for one in found
    ]
    return f"未达到目标 {len(found)} 项（与基线相比才谈得上退步，这里不是）：{'、'.join(each)}"


def spending(cases: Iterable[CaseResult]) -> str:
    """What the model cost: calls, those answered from kept answers, tokens, time per fresh call; empty without one."""
    used = sum((case.usage for case in cases if case.usage), Usage())
    if not used.calls:
        return ""
    fresh = used.calls - used.cached
    each = f"，平均每次 {used.latency_ms / fresh / 1000:.1f} 秒" if fresh else ""
    return (
        f"大模型调用 {used.calls} 次，其中 {used.cached} 次用已保存的回答（不计费用和用时）；"
        f"输入 {used.tokens_in} 词元，输出 {used.tokens_out} 词元{each}"
    )


def _cell(name: str, figure: Figure | None, floor: float | None) -> str:
    if figure is None or figure.value is None:
        return "未评分"
    ends = f" [{figure.low:.3f}, {figure.high:.3f}]" if figure.low is not None and figure.high is not None else ""
    mark = "" if floor is None else (" [green]✓[/]" if as_good(name, figure.value, floor) else f" [red]✗{floor:g}[/]")
    return f"{figure.value:.3f}{escape(ends)}{mark}"


def show_comparison(console: Console, found: Comparison) -> None:
    """A row per metric that was compared, gated ones first, with what the test can and cannot see."""
    console.print(Text(f"{found.suite}：与基线比较，结论 {VERDICTS[found.verdict]}", style="bold"))
    table = Table()
    for head in ("指标", "基线", "本次", "变化（正为变好）[95% 区间]", "p（Holm）", "结论"):
        table.add_column(head)
    shown = [judged for judged in found.metrics if judged.gated or judged.metric in LABELS]
    for judged in sorted(shown, key=lambda j: not j.gated):
        table.add_row(*_judged(judged))
    console.print(table)
    console.print(Text(note_of(found), style="dim"))
    for name, ids in (("转为通过", found.fixed), ("转为不通过", found.broken)):
        console.print(Text(f"{name} {len(ids)} 例{'：' if ids else ''}{'、'.join(ids)}"))


def note_of(found: Comparison) -> str:
    """What the comparison drew, how small a p it could show, and what that means."""
    return (
        f"按 {found.unit} 配对，{found.clusters} 组，能达到的最小 p 为 {found.smallest_p:.4g}；"
        f"通过：区间下限 > −{found.delta:g}；"
        f"通过与否的变化 {len(found.fixed)}:{len(found.broken)}，McNemar 精确检验 p = {found.p_cases:.3g}。"
        + ("组数不足 60，只能发现明显的退步。" if found.clusters < 60 else "")
    )


def _judged(judged: Judged) -> tuple[str, ...]:
    gain = "—"
    if judged.gain is not None and judged.low is not None and judged.high is not None:
        gain = escape(f"{judged.gain:+.3f} [{judged.low:+.3f}, {judged.high:+.3f}]")
    ends = [_number(judged.base), _number(judged.new), gain]
    p = "" if judged.p is None else f"{judged.p:.4f}"
    return (escape(label(judged.metric)), *ends, p, VERDICTS[judged.verdict] if judged.gated else "（只报告）")


def _number(value: float | None) -> str:
    return "未评分" if value is None else f"{value:.3f}"


def show_confusion(console: Console, run: SuiteRun, splits: Sequence[str]) -> None:
    """Gold status by row, predicted status by column, one matrix per split."""
    for split in splits:
        counts = confusion([pair for case in in_split(run.cases, split) for pair in case.pairs])
        if not counts:
            continue
        title = f"状态混淆矩阵：{SPLIT_LABELS.get(split, split)}（行为标注，列为提取）"
        table = Table(title=title, title_justify="left")
        table.add_column("标注＼提取")
        for name in STATUS_LABELS.values():
            table.add_column(name, justify="right")
        for gold, name in STATUS_LABELS.items():
            table.add_row(name, *(str(counts.get(gold, {}).get(got, 0)) for got in STATUS_LABELS))
        console.print(table)


def show_differences(console: Console, cases: Iterable[CaseResult], *, reveal: bool) -> None:
    """Every judgement below 1: where, why, got and expected; held-out cases only when revealed."""
    for case in cases:
        wrong = [score for score in case.scores if score.value is not None and score.value < 1]
        console.print(f"\n── {case.id}：{len(wrong)} 处不同", style="bold", markup=False, highlight=False)
        if "held_out" in case.splits and not reveal:
            console.print(WITHHELD, style="dim")
            continue
        for score in wrong:
            head = f"[{label(score.metric)}] {score.where}：{score.why}"
            place = f"（{score.span[0]}–{score.span[1]}）" if score.span and score.span[1] else ""
            console.print(head + place, markup=False, highlight=False)
            for name, value, style in (("提取", score.got, "red"), ("标注", score.expected, "green")):
                line = Text(f"    {name} {_value(value)}", style=style)
                console.print(line, soft_wrap=True)


def _value(value: Any) -> str:
    if value is None:
        return "∅"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
