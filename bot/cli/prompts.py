"""Commands over the prompt files: list, show, diff."""

from __future__ import annotations

import click

from bot.cli.edge import put_json


@click.group(help="提示词：列表、查看、比较版本。")
def prompts() -> None:
    """One file per prompt and version, see ``prompts.loader``."""


@prompts.command(name="list", help="列出全部提示词及版本。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(as_json: bool) -> None:
    from prompts.loader import load, names

    found = [load(name) for name in names()]
    if as_json:
        put_json([{"name": p.name, "purpose": p.purpose, "released": p.released, "sha256": p.sha256} for p in found])
        return
    for prompt in found:
        click.echo(f"{prompt.name}  {'已发布' if prompt.released else '未发布'}  {prompt.purpose}")


@prompts.command(help="查看一个提示词，如 answer@1。")
@click.argument("name", metavar="名称@版本")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(name: str, as_json: bool) -> None:
    from prompts.loader import load, source

    prompt = load(name)
    if not as_json:
        click.echo(source(name), nl=False)
        return
    put_json(
        {
            "id": prompt.id,
            "version": prompt.version,
            "purpose": prompt.purpose,
            "variables": dict(prompt.variables),
            "output": prompt.output,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "repair": prompt.repair,
            "examples": [{"given": dict(one.given), "output": one.output} for one in prompt.examples],
            "sha256": prompt.sha256,
            "released": prompt.released,
        }
    )


@prompts.command(help="比较两个提示词，如 answer@1 answer@2。")
@click.argument("before", metavar="名称@版本")
@click.argument("after", metavar="名称@版本")
def diff(before: str, after: str) -> None:
    import difflib

    from prompts.loader import source

    old, new = source(before).splitlines(), source(after).splitlines()
    lines = list(difflib.unified_diff(old, new, before, after, lineterm=""))
    click.echo("\n".join(lines) if lines else f"{before} 与 {after} 内容相同")


COMMANDS = (prompts,)
