"""Commands for whoever maintains prompts and rules: eval, eval-report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bot.cli.edge import put_json, say, settings_of

if TYPE_CHECKING:
    from evals.log import Run
    from evals.suite import Suite

_SPLITS = {"dev": ["seeds", "development"], "held_out": ["held_out"]}


@click.command(name="eval", help="运行评测集（不写则全部）。退出码：0 通过，1 退步，3 数据不足，4 评测出错。")
@click.argument("suites", nargs=-1, metavar="[评测集]…")
@click.option("--split", type=click.Choice(["dev", "held_out", "all"]), default="all", help="只看开发集或留出集")
@click.option("--cases", "show_cases", is_flag=True, help="逐例列出不同之处")
@click.option("--reveal", is_flag=True, help="留出集的明细也列出（调规则时不要用）")
@click.option("--embedding", help="检索用的向量引擎，默认 bundled")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def eval_(
    ctx: click.Context,
    suites: tuple[str, ...],
    split: str,
    show_cases: bool,
    reveal: bool,
    embedding: str | None,
    as_json: bool,
) -> int:
    from evals import log
    from evals.outcome import exit_code, outcome
    from evals.run import run_suites
    from evals.suite import load_suites

    declared = load_suites(suites)
    run = run_suites(declared, settings_of(ctx, embedding=embedding), say, _SPLITS.get(split))
    say(f"运行记录 {log.save(run).stem}")
    result = outcome(declared, run, _SPLITS.get(split))
    if as_json:
        put_json(result)
    else:
        _show(declared, run, split, show_cases, reveal)
    return exit_code(result)


def _show(declared: list[Suite], run: Run, split: str, show_cases: bool, reveal: bool) -> None:
    """Tables on the terminal."""
    from rich.console import Console

    from evals import table
    from evals.figures import in_split
    from evals.outcome import splits_of

    console = Console(width=None if sys.stdout.isatty() else 150)
    for suite, done in zip(declared, run.suites, strict=True):
        splits = [name for name in splits_of(done.cases) if split == "all" or name in _SPLITS[split]]
        table.show_suite(console, suite, done, splits)
        table.show_confusion(console, done, splits)
        if show_cases:
            chosen = {case.id: case for name in splits for case in in_split(done.cases, name)}
            table.show_differences(console, chosen.values(), reveal=reveal)


COMMANDS = (eval_,)
