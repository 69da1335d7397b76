"""Commands that answer: search, ask, chat."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.cli.edge import put_json, put_line, read_json_lines, settings_of, store_of
from bot.errors import UsageError, system_reason
from bot.records import DETAIL_LABELS, STATUS_LABELS

if TYPE_CHECKING:
    from bot.llm.chat import Chat
    from bot.records import Answer, Summary, Turn
    from vectorstore.store import Store


@click.command(help="检索通报原文。")
@click.argument("query", required=False, metavar="关键词或问题")
@click.option("-k", default=10, type=click.IntRange(1, 200), help="返回条数", show_default=True)
@click.option("--batch", "batch", metavar="FILE.jsonl", help='批量检索：每行 {"qid", "question"}')
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def search(ctx: click.Context, query: str | None, k: int, batch: str | None, as_json: bool) -> None:
    from bot.qa.retrieve import hits

    _exactly_one(query, batch)
    store = store_of(ctx)
    if batch:
        for record in read_json_lines(batch):
            found = [asdict(hit) for hit in hits(store, record["question"], k)]
            put_line({"qid": record.get("qid"), "results": found})
        return
    found = [asdict(hit) for hit in hits(store, query or "", k)]
    if as_json:
        put_json(found)
        return
    for n, hit in enumerate(found, 1):
        click.echo(f"{n}. {hit['file']} [{hit['start']}, {hit['end']})  {hit['score']:.2f}\n{hit['text']}\n")


@click.command(help="提问：给出简短回答和原文出处。")
@click.argument("question", required=False, metavar="问题")
@click.option("--history", metavar="FILE", help='此前的问答：[{"question", "answer"}]')
@click.option("--notice", "notices", multiple=True, metavar="编号", help="只在这些通报中查找（可重复）")
@click.option("--batch", "batch", metavar="FILE.jsonl", help='批量提问：每行 {"qid", "question", "history"?}')
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def ask(
    ctx: click.Context,
    question: str | None,
    history: str | None,
    notices: tuple[str, ...],
    batch: str | None,
    as_json: bool,
) -> None:
    from bot.app import open_llm
    from bot.schemas import to_data

    _exactly_one(question, batch)
    store, chat = store_of(ctx), open_llm(settings_of(ctx))
    if batch:
        for record in read_json_lines(batch):
            answer = _answer(store, record["question"], _turns(record.get("history") or []), notices, chat)
            put_line({"qid": record.get("qid")} | to_data(answer))
        return
    answer = _answer(store, question or "", _turns(_read_history(history)), notices, chat)
    if as_json:
        put_json(to_data(answer))
    else:
        show_answer(answer)


def _exactly_one(question: str | None, batch: str | None) -> None:
    if (question is None) == (batch is None):
        raise UsageError("请给出一个问题，或用 --batch 指定文件（二者选一）")


def _answer(
    store: Store, question: str, history: tuple[Turn, ...], notices: tuple[str, ...], chat: Chat | None
) -> Answer:
    from bot.qa.answer import ask as answer_question

    return answer_question(store, question, history=history, notices=notices, chat=chat)


def _read_history(file: str | None) -> list[Any]:
    if file is None:
        return []
    import json
    from pathlib import Path

    try:
        found = json.loads(Path(file).read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"无法读取 {file}（{system_reason(error)}）：请检查路径") from error
    except ValueError as error:
        raise UsageError(f"{file} 不是 JSON：应为 UTF-8 编码的 JSON 数组") from error
    if not isinstance(found, list):
        raise UsageError(f'{file} 应为 JSON 数组：[{{"question", "answer"}}]')
    return found


def _turns(history: list[Any]) -> tuple[Turn, ...]:
    from bot.records import Turn

    try:
        return tuple(Turn(str(turn["question"]), str(turn.get("answer") or "")) for turn in history)
    except (TypeError, KeyError, AttributeError) as error:
        raise UsageError('历史问答的每一项应为 {"question", "answer"}') from error


def show_answer(answer: Answer) -> None:
    """An answer for reading: the text, its proofs, what else the notices say, warnings."""
    click.echo(answer.answer)
    for c in answer.citations:
        click.echo(f"  [{c.n}] {c.title.replace(chr(10), '')}（{c.file} {c.start}–{c.end}）\n      “{c.quote}”")
    if answer.nearest:
        click.echo("相关内容：")
        for c in answer.nearest:
            click.echo(f"  · {c.title.replace(chr(10), '')}：“{c.quote}”")
    for warning in answer.warnings:
        click.echo(f"注意：{warning}", err=True)


@click.command(help="汇总：按 问题—措施—状态 整理所问内容或整份通报。")
@click.argument("question", required=False, metavar="问题")
@click.option("--notice", "notices", multiple=True, metavar="编号", help="只汇总这些通报（可重复）")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def summarize(ctx: click.Context, question: str | None, notices: tuple[str, ...], as_json: bool) -> None:
    from bot.app import open_llm
    from bot.qa.summarize import summarize as make_summary
    from bot.schemas import to_data

    if not question and not notices:
        raise UsageError("请给出要汇总的内容，或用 --notice 指定通报编号")
    summary = make_summary(store_of(ctx), question or "", notices=notices, chat=open_llm(settings_of(ctx)))
    if as_json:
        put_json(to_data(summary))
    else:
        show_summary(summary)


def show_summary(summary: Summary) -> None:
    """A summary for reading: the overview, then each problem with its measures."""
    for sentence in summary.overview if summary.mode == "llm" else summary.overview[:1]:
        click.echo(sentence.text)
    for group in summary.groups:
        problem = "".join(group.problem.text.split())
        detail = DETAIL_LABELS[group.status.detail] if group.status.detail else STATUS_LABELS[group.status.value]
        click.echo(f"\n〔{detail}〕{problem}（{group.item_id}）")
        for measure in group.measures:
            click.echo(f"    - {measure.marker or ''}{''.join(measure.text.split())}")
    for warning in summary.warnings:
        click.echo(f"注意：{warning}", err=True)


@click.command(help="打开问答网页。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.pass_context
def chat(ctx: click.Context, host: str, port: int) -> None:
    from bot.web.serve import serve

    serve(settings_of(ctx), host=host, port=port)


COMMANDS = (search, ask, summarize, chat)
