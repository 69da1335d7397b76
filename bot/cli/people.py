"""Commands about people: user add, list, remove; the audit log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.edge import put_bytes, put_json, put_line, say, settings_of
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.users import Role


@click.group(help="网页的登录用户：添加、列出、删除。")
def user() -> None:
    """The group; the data folder holds the users."""


@user.command(help="添加用户；密码在提示后输入，或用 --password-stdin 从标准输入读取。")
@click.argument("name", metavar="用户名")
@click.option(
    "--role",
    type=click.Choice(["user", "admin"]),
    default="user",
    show_default=True,
    help="user 普通用户，admin 管理员",
)
@click.option("--reset", is_flag=True, help="已有的用户：换密码和角色")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码（一行）")
@click.pass_context
def add(ctx: click.Context, name: str, role: Role, reset: bool, password_stdin: bool) -> None:
    from bot.users import ROLE_LABELS, Users

    users = Users(settings_of(ctx).data)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked()
    made = users.add(name, password, role, replacing=reset)
    click.echo(f"已{'更新' if reset else '添加'}用户 {made.name}（{ROLE_LABELS[made.role]}）")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise UsageError("没有终端可以输入密码：请用 --password-stdin 从标准输入给出")
    password = click.prompt("密码", hide_input=True, err=True)
    if click.prompt("再输入一遍", hide_input=True, err=True) != password:
        raise UsageError("两次输入的密码不一样：请重新运行")
    return str(password)


@user.command(name="list", help="列出用户。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    from bot.users import ROLE_LABELS, Users

    users = Users(settings_of(ctx).data).all()
    if as_json:
        put_json([{"name": found.name, "role": found.role, "added": found.added} for found in users])
        return
    for found in users:
        click.echo(f"{found.name}  {ROLE_LABELS[found.role]}  {found.added}")
    click.echo(f"共 {len(users)} 个用户")


@user.command(help="删除用户；他打开着的网页随即失效。")
@click.argument("name", metavar="用户名")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    from bot.users import Users

    Users(settings_of(ctx).data).remove(name)
    click.echo(f"已删除用户 {name}")


@click.command(help="审计记录：谁在何时问了什么、答了什么、出处、提示词和模型。")
@click.option("--user", "name", default="", metavar="用户名", help="只看这个用户")
@click.option("--since", default="", metavar="日期", help="从这一天起，例如 2021-10-20")
@click.option("--until", default="", metavar="日期", help="到这一天止")
@click.option("--keyword", default="", metavar="关键词", help="问题或回答中的词")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True, help="输出格式"
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="写入文件（csv）")
@click.pass_context
def audit(ctx: click.Context, name: str, since: str, until: str, keyword: str, form: str, output: Path | None) -> None:
    from bot.audit import Audit, Wanted, cells, parse_day, to_csv
    from bot.schemas import to_data

    folder = settings_of(ctx).data
    found = Audit(folder).entries(Wanted(name, parse_day(since), parse_day(until), keyword))
    if form == "csv":
        put_bytes(to_csv(found), None if output is None else str(output))
        return
    if output is not None:
        raise UsageError("-o 只用于 --format csv；其他格式请用重定向")
    entries = list(found)
    for entry in entries:
        if form == "jsonl":
            put_line(to_data(entry))
        else:
            click.echo("  ".join(part.replace("\n", " ") for part in cells(entry)[:7] if part))
    say(f"共 {len(entries)} 条记录（{folder}）")


COMMANDS = (user, audit)
