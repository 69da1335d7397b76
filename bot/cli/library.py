"""Commands over the library of notices: ingest, list, show, remove, reindex, migrate, doctor, schema."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import click

from bot.cli.edge import progress_line, put_json, say, settings_of, store_of

if TYPE_CHECKING:
    from bot.app import FileResult

_embedding = click.option("--embedding", help="向量引擎：bundled、st:模型名或路径、openai:模型名、none")
_RESULTS = {"added": "新增", "updated": "更新", "unchanged": "未变", "failed": "失败"}


@click.command(help="导入通报：文件、文件夹（含子文件夹），- 表示标准输入。")
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹…")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@_embedding
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[str, ...], as_json: bool, embedding: str | None) -> int:
    from bot import app

    settings = settings_of(ctx, embedding=embedding)
    files = app.find_files(paths)
    store = app.open_store(settings, create=True, say=say)
    results: list[FileResult] = []
    for result in app.ingest(store, files, settings, say=say, progress=progress_line()):
        results.append(result)
        if result.error and ctx.find_root().params.get("debug"):
            traceback.print_exception(result.error)
        if not as_json:
            _show_result(result)
    if as_json:
        put_json({"files": [_result_data(result) for result in results]})
    else:
        click.echo(_tally(results))
    return 1 if any(result.result == "failed" for result in results) else 0


def _result_data(result: FileResult) -> dict[str, Any]:
    return {"file": result.file, "notice_id": result.notice_id, "result": result.result, "reason": result.reason}


def _show_result(result: FileResult) -> None:
    tail = f"：{result.reason}" if result.reason else ""
    click.echo(f"{_RESULTS[result.result]}  {result.file}{tail}")


def _tally(results: list[FileResult]) -> str:
    counts = {name: sum(r.result == key for r in results) for key, name in _RESULTS.items()}
    return "共 {} 个文件：{}".format(len(results), "，".join(f"{name} {n}" for name, n in counts.items() if n) or "无")


@click.command(name="list", help="列出全部通报。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    from bot.schemas import to_data

    entries = store_of(ctx).catalogue.entries()
    if as_json:
        put_json([_entry_data(to_data(e.notice), e.items, e.chunks, e.vectors) for e in entries])
        return
    for e in entries:
        title = e.notice.title.text.replace("\n", "") if e.notice.title else e.notice.file
        click.echo(f"{e.notice.id}\n    {title}\n    问题 {e.items} 项，文本 {e.chunks} 段，向量 {e.vectors} 段")
    click.echo(f"共 {len(entries)} 份通报")


_LISTS = ("text", "places", "places_derived", "declared_counts", "unassigned")


def _entry_data(notice: dict[str, Any], items: int, chunks: int, vectors: int) -> dict[str, Any]:
    bare = {key: value for key, value in notice.items() if key not in _LISTS}
    return bare | {"items": items, "chunks": chunks, "vectors": vectors}


@click.command(help="查看一份通报：概要，--text 全文，--json 提取结果。")
@click.argument("notice_id", metavar="编号")
@click.option("--text", "as_text", is_flag=True, help="只输出全文")
@click.option("--json", "as_json", is_flag=True, help="输出提取结果（JSON）")
@click.pass_context
def show(ctx: click.Context, notice_id: str, as_text: bool, as_json: bool) -> None:
    from bot.cli.show import show_extraction
    from bot.schemas import to_data

    catalogue = store_of(ctx).catalogue
    if as_text:
        # Exactly the stored text: offsets are counted in what this prints.
        click.echo(catalogue.text(notice_id), nl=False)
    elif as_json:
        put_json(to_data(catalogue.extraction(notice_id)))
    else:
        show_extraction(catalogue.extraction(notice_id), catalogue.versions(notice_id))


@click.command(help="删除一份通报。")
@click.argument("notice_id", metavar="编号")
@click.pass_context
def remove(ctx: click.Context, notice_id: str) -> None:
    from bot import app

    settings = settings_of(ctx)
    app.remove(app.open_store(settings, say=say), notice_id, settings, say=say)
    click.echo(f"已删除 {notice_id}")


@click.command(help="用本程序重新读取全部通报，并重建向量；--embedding 可换引擎。")
@_embedding
@click.pass_context
def reindex(ctx: click.Context, embedding: str | None) -> None:
    from bot import app

    # The store may hold another engine's vectors: replacing them is what this command is for.
    settings = settings_of(ctx, embedding=embedding)
    store = app.open_store(settings, say=say)
    number = app.reindex(store, settings, say=say, progress=progress_line())
    click.echo(f"已重建 {number} 份通报的索引")


@click.command(help="程序升级后，把数据文件夹升级到本程序的版本；原目录文件留一份副本。")
@click.pass_context
def migrate(ctx: click.Context) -> None:
    from bot import app

    settings = settings_of(ctx)
    former, copy = app.migrate(settings, say=say)
    if copy is None:
        click.echo(f"数据文件夹已是当前版本（{former}），无需升级")
        return
    click.echo(f"已从版本 {former} 升级，原目录文件保存为 {copy}；请再运行 zhenggai reindex 按新规则重新读取通报")


@click.command(help="检查程序和数据是否正常。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    from bot.doctor import examine

    findings = examine(settings_of(ctx))
    if as_json:
        put_json([{"check": f.check, "ok": f.ok, "message": f.message, "fix": f.fix} for f in findings])
    else:
        for finding in findings:
            fix = f"\n      → {finding.fix}" if finding.fix else ""
            click.echo(f"{'正常' if finding.ok else '异常'}  {finding.check}：{finding.message}{fix}")
    return 0 if all(finding.ok for finding in findings) else 1


@click.command(help="输出 JSON Schema。")
@click.argument(
    "name",
    metavar="名称",
    type=click.Choice(["notice", "item", "extraction", "answer", "summary", "briefing"]),
)
def schema(name: Any) -> None:
    from bot.schemas import json_schema

    put_json(json_schema(name))


COMMANDS = (ingest, list_, show, remove, reindex, migrate, doctor, schema)
