"""Commands for whoever maintains prompts and rules: eval, eval-report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.edge import put_json, say, settings_of

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.log import Run, SuiteRun
    from evals.suite import Suite

_SPLITS = {"dev": ("seeds", "development"), "held_out": ("held_out",), "all": None}


@dataclass(frozen=True)
class _Wanted:
    """What to show of a run, and where to write it."""

    split: str
    show_cases: bool
    reveal: bool
    html: Path | None
    junit: Path | None
    as_json: bool


_OPTIONS = (
    click.option("--split", type=click.Choice(list(_SPLITS)), default="all", help="只看开发集或留出集"),
    click.option("--cases", "show_cases", is_flag=True, help="逐例列出不同之处"),
    click.option("--reveal", is_flag=True, help="留出集的明细也列出（调规则时不要用）"),
    click.option(
        "--baseline",
        metavar="基线",
        help="与之比较：运行编号、记录路径、last、blessed（已认定的基线），或 名称@版本（先用这一版提示词运行）",
    ),
    click.option("--report", "html", type=click.Path(path_type=Path), metavar="FILE.html", help="另存为一个网页文件"),
    click.option("--junit", type=click.Path(path_type=Path), metavar="FILE.xml", help="另存为 JUnit XML"),
    click.option("--json", "as_json", is_flag=True, help="输出 JSON"),
)


def _shown(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that both commands share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_RUN_OPTIONS = (
    click.option("--embedding", help="检索用的向量引擎，默认 bundled"),
    click.option("--llm", metavar="模型", help="被测的大模型，如 openai:qwen3；默认按设置"),
    click.option("--no-llm", is_flag=True, help="不用大模型，即使设置里有"),
    click.option("--prompt", "prompts", multiple=True, metavar="名称@版本", help="被测的提示词版本（可重复）"),
    click.option(
        "--repeats",
        type=click.IntRange(1, 50),
        default=1,
        help="每个用例运行几遍（结果不确定的模型用），先在用例内平均",
    ),
    click.option(
        "--parallel", type=click.IntRange(1, 64), help="同时运行的用例数；默认 1，用大模型时按设置 llm_parallel"
    ),
    click.option("--record", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="把大模型的回答录进文件"),
    click.option("--replay", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="用录好的回答，不连接大模型"),
    click.option(
        "--max-tokens", type=click.IntRange(min=1), help="大模型一次回答的长度上限（词元），低于程序自己的上限时用"
    ),
    click.option("--fresh", is_flag=True, help="从头运行：不接着上次中断处，也不用已保存的大模型回答"),
    click.option("--bless", is_flag=True, help="把这次结果认定为基线，存入 evals/baselines"),
)


def _runs(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of what is run."""
    for option in reversed(_RUN_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class _Asked:
    """What to run, as given on the command line."""

    embedding: str | None
    llm: str | None
    no_llm: bool
    prompts: tuple[str, ...]
    repeats: int
    parallel: int | None
    record: Path | None
    replay: Path | None
    max_tokens: int | None
    fresh: bool


@click.command(
    name="eval",
    help="运行评测集（不写则全部）。中断后再运行同一条命令会接着做。退出码：0 通过，1 退步，3 数据不足，4 出错。",
)
@click.argument("suites", nargs=-1, metavar="[评测集]…")
@_runs
@_shown
@click.pass_context
def eval_(
    ctx: click.Context,
    /,
    suites: tuple[str, ...],
    bless: bool,
    baseline: str | None,
    split: str,
    show_cases: bool,
    reveal: bool,
    html: Path | None,
    junit: Path | None,
    as_json: bool,
    **asked: Any,
) -> int:
    from evals import baselines
    from evals.suite import load_suites

    wanted, chosen = _Wanted(split, show_cases, reveal, html, junit, as_json), _Asked(**asked)
    declared = load_suites(
        suites, with_model=bool(chosen.llm or chosen.replay or settings_of(ctx).llm) and not chosen.no_llm
    )
    if baseline and "@" in baseline:
        bases, run = _two_prompts(ctx, declared, chosen, baseline, split)
    else:
        bases = [baselines.baseline(baseline, suite.suite) for suite in declared] if baseline else []
        run = _run(ctx, declared, chosen, chosen.prompts, split)
    say(f"运行记录 {run.id}")
    if bless:
        for done in run.suites:
            say(f"已认定基线 {baselines.bless(done).name}")
    return _report(declared, run, bases, wanted)


def _two_prompts(
    ctx: click.Context, declared: Sequence[Suite], asked: _Asked, baseline: str, split: str
) -> tuple[Sequence[SuiteRun], Run]:
    """Both versions over the same cases. The same version twice is an A/A run: each side asks for itself."""
    same = baseline in asked.prompts
    before = (*(name for name in asked.prompts if _id(name) != _id(baseline)), baseline)
    say(f"先运行基线 {baseline}")
    base = _run(ctx, declared, asked, before, split)
    say(f"再运行 {'、'.join(asked.prompts) or '程序现用的版本'}")
    return base.suites, _run(ctx, declared, asked, asked.prompts, split, first=asked.repeats if same else 0)


def _id(name: str) -> str:
    return name.partition("@")[0]


def _run(
    ctx: click.Context, declared: Sequence[Suite], asked: _Asked, prompts: tuple[str, ...], split: str, first: int = 0
) -> Run:
    from evals.run import Choice, run_suites
    from evals.system import open_system, responses_of

    settings = settings_of(ctx, embedding=asked.embedding, llm=asked.llm)
    if asked.no_llm:
        settings = settings.model_copy(update={"llm": None})
    responses = responses_of(asked.record, asked.replay, fresh=asked.fresh)
    system = open_system(settings, prompts, declared, responses, asked.max_tokens)
    parallel = asked.parallel or (settings.llm_parallel if system.chat else 1)
    choice = Choice(_SPLITS[split], asked.repeats, first, parallel, responses, keep=not asked.fresh)
    return run_suites(declared, system, say, choice)


@click.command(name="eval-report", help="由运行记录重新生成报告，不再运行。")
@click.argument("name", metavar="运行编号")
@click.option("--rescore", is_flag=True, help="用现在的标注和评分程序重新评分（不再运行，不调用大模型）")
@click.option("--markdown", is_flag=True, help="只输出 README 所引的表格（Markdown）")
@_shown
@click.pass_context
def eval_report(
    ctx: click.Context, /, name: str, rescore: bool, markdown: bool, baseline: str | None, **shown: Any
) -> int:
    from evals import baselines
    from evals.suite import suite_of

    run = baselines.find_run(name)
    declared = [suite_of(done.suite, done.declared) for done in run.suites]
    if rescore:
        run = _rescored(ctx, declared, run)
    if markdown:
        from evals.markdown import markdown as as_markdown

        click.echo(as_markdown(declared, run))
        return 0
    bases = [baselines.baseline(baseline, suite.suite) for suite in declared] if baseline else []
    return _report(declared, run, bases, _Wanted(**shown))


def _rescored(ctx: click.Context, declared: Sequence[Suite], run: Run) -> Run:
    from dataclasses import replace

    from evals.run import rescore
    from evals.task import System

    def again(suite: Suite, done: SuiteRun) -> SuiteRun:
        system = System(settings_of(ctx, embedding=done.system.get("embedding")))
        return rescore(suite, done, system, say)

    return replace(run, suites=tuple(again(suite, done) for suite, done in zip(declared, run.suites, strict=True)))


def _compared(declared: Sequence[Suite], run: Run, bases: Sequence[SuiteRun]) -> dict[str, Comparison]:
    from evals.compare import compare

    if not bases:
        return {}
    return {
        suite.suite: compare(suite, base, done) for suite, base, done in zip(declared, bases, run.suites, strict=True)
    }


def _report(declared: Sequence[Suite], run: Run, bases: Sequence[SuiteRun], wanted: _Wanted) -> int:
    """Write the files asked for, print JSON or tables, and return the exit code."""
    from evals.outcome import exit_code, outcome

    comparisons = _compared(declared, run, bases)
    result = outcome(declared, run, _SPLITS[wanted.split], comparisons)
    if wanted.html:
        _write(wanted.html, _html(declared, run, bases, comparisons, result, wanted))
    if wanted.junit:
        from evals.junit import junit

        _write(wanted.junit, junit(declared, run, result, reveal=wanted.reveal))
    if wanted.as_json:
        _say_targets(declared, run, _SPLITS[wanted.split])
        put_json(result)
    else:
        _show(declared, run, comparisons, wanted)
    return exit_code(result)


def _say_targets(declared: Sequence[Suite], run: Run, splits: Sequence[str] | None) -> None:
    """Targets that are not reached, where no table shows them."""
    from evals.outcome import missed
    from evals.table import target_note

    for suite, done in zip(declared, run.suites, strict=True):
        if below := missed(suite, done, splits):
            say(f"{suite.suite}：{target_note(below)}")


def _write(path: Path, text: str) -> None:
    from bot.errors import UsageError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"无法写入 {path}（{error.strerror}）：请换一个位置") from error
    say(f"已写入 {path}")


def _html(
    declared: Sequence[Suite],
    run: Run,
    bases: Sequence[SuiteRun],
    comparisons: dict[str, Comparison],
    result: dict[str, Any],
    wanted: _Wanted,
) -> str:
    from evals.html import Reported, report
    from evals.log import history

    lines = history()
    before: Sequence[SuiteRun | None] = bases or [None] * len(declared)
    parts = [
        Reported(suite, done, comparisons.get(suite.suite), lines, base)
        for suite, done, base in zip(declared, run.suites, before, strict=True)
    ]
    return report(run, parts, result, reveal=wanted.reveal)


def _show(declared: Sequence[Suite], run: Run, comparisons: dict[str, Comparison], wanted: _Wanted) -> None:
    """Tables on the terminal."""
    from rich.console import Console

    from evals import table
    from evals.figures import in_split
    from evals.outcome import splits_of

    console = Console(width=None if sys.stdout.isatty() else 150)
    chosen = _SPLITS[wanted.split]
    for suite, done in zip(declared, run.suites, strict=True):
        splits = [name for name in splits_of(done.cases) if chosen is None or name in chosen]
        table.show_suite(console, suite, done, splits)
        table.show_confusion(console, done, splits)
        if suite.suite in comparisons:
            table.show_comparison(console, comparisons[suite.suite])
        if wanted.show_cases:
            cases = {case.id: case for name in splits for case in in_split(done.cases, name)}
            table.show_differences(console, cases.values(), reveal=wanted.reveal)


@click.command(
    name="eval-promote", help="把问答页收到的 👍/👎 变成待审的评测用例，追加到 evals/gold/candidates.jsonl。"
)
@click.option("--feedback", type=click.Path(path_type=Path), metavar="FILE", help="反馈文件，默认数据文件夹中的")
@click.option(
    "--verdict", type=click.Choice(["good", "bad", "all"]), default="all", show_default=True, help="只取赞或踩"
)
@click.pass_context
def eval_promote(ctx: click.Context, feedback: Path | None, verdict: str) -> None:
    from evals.promote import CANDIDATES, promote

    file = feedback or settings_of(ctx).data / "feedback.jsonl"
    taken = promote(file, ("good", "bad") if verdict == "all" else (verdict,))
    for question in taken:
        click.echo(question)
    say(f"新增 {len(taken)} 条待审用例（{CANDIDATES}）：补全 short_answers 和 proofs 后移入 gold/questions")


@click.command(
    name="eval-label", help="人工标注摘要和简报的语句：导出待标注的，填好 verdict 后收回。满 30 条才启用评判。"
)
@click.argument("name", required=False, metavar="[运行编号]")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE.jsonl", help="导出到这个文件")
@click.option(
    "--take", "taken", type=click.Path(path_type=Path, exists=True), metavar="FILE.jsonl", help="收回填好的文件"
)
@click.option("--reveal", is_flag=True, help="留出集的语句也导出")
def eval_label(name: str | None, output: Path | None, taken: Path | None, reveal: bool) -> None:
    from bot.errors import UsageError
    from evals import baselines
    from evals.judge import export, sentences_of, take

    if taken:
        say(f"现有人工标注 {take(taken)} 条")
        return
    if not name or not output:
        raise UsageError("请写：eval-label 运行编号 -o FILE.jsonl（导出），或 eval-label --take FILE.jsonl（收回）")
    found = [one for one in sentences_of(baselines.find_run(name)) if reveal or one.split != "held_out"]
    say(f"已导出 {export(found, output)} 句：verdict 填 supported、partly、unsupported 或 contradicted")


@click.command(name="eval-judge", help="用大模型评判一次运行的摘要和简报是否有据；与人工标注的一致程度一并给出。")
@click.argument("name", metavar="运行编号")
@click.option("--llm", metavar="模型", help="评判用的大模型；默认按设置")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def eval_judge(ctx: click.Context, name: str, llm: str | None, as_json: bool) -> None:
    from dataclasses import asdict

    from bot.errors import UsageError
    from bot.llm.chat import open_chat
    from evals import baselines
    from evals.judge import judge, sentences_of

    settings = settings_of(ctx, llm=llm)
    if not settings.llm:
        raise UsageError("评判要有大模型：请用 --llm openai:模型名 指定")
    sentences = [*sentences_of(baselines.find_run(name))]
    found = judge(sentences, open_chat(settings.llm, settings), say)
    if as_json:
        put_json(asdict(found))
        return
    figure = found.figure
    click.echo(
        f"有据 {figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
        f"（{figure.over:.0f} 句，另有 {found.unread} 句评判无效）；"
        f"与 {found.labelled} 条人工标注一致 {found.agreed:.3f}，κ = {found.kappa:.3f}"
    )


COMMANDS = (eval_, eval_report, eval_promote, eval_label, eval_judge)
