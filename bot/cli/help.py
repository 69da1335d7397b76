"""Help pages and usage errors in Chinese: click writes its own words in English."""

from __future__ import annotations

from collections.abc import Iterable

import click

_HEADINGS = {"Options": "参数", "Commands": "命令"}
_PHRASES = {
    "Show this message and exit.": "显示本帮助",
    "Show the version and exit.": "显示版本",
    "[default: ": "[默认 ",
    "[OPTIONS]": "[参数]",
    "COMMAND [ARGS]...": "命令 …",
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "FLOAT": "数字",
    "TEXT": "文字",
    "PATH": "路径",
}


class Formatter(click.HelpFormatter):
    """click's help page with its headings and phrases in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _chinese(args), "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_chinese(name), _chinese(text)) for name, text in rows], col_max, col_spacing)


def _chinese(text: str) -> str:
    for english, chinese in _PHRASES.items():
        text = text.replace(english, chinese)
    return text


def usage_message(error: click.UsageError) -> str:
    """What is wrong with the call, what is allowed, and where the help is."""
    path = error.ctx.command_path if error.ctx else "zhenggai"
    return f"{_what(error)}。用 {path} --help 查看用法"


def _what(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有这个参数：{error.option_name}"
        case click.MissingParameter():
            return f"缺少参数：{_name(error.param)}"
        case click.BadOptionUsage():
            return f"参数 {error.option_name} 后面缺少值"
        case click.BadParameter():
            return f"参数的值不对：{_name(error.param)}{_allowed(error.param)}"
    # click has no class of its own for the rest, only an English sentence that quotes the word it means.
    quoted = error.message.split("'")
    if error.message.startswith("No such command"):
        return f"没有这个命令：{quoted[1]}"
    if error.message.startswith("Missing command"):
        return "缺少命令"
    if error.message.startswith("Got unexpected extra"):
        return f"多余的参数：{error.message.partition('(')[2].rstrip(')')}"
    return f"用法不对：{error.message}"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.make_metavar(click.Context(_NOTHING))


def _allowed(parameter: click.Parameter | None) -> str:
    match parameter.type if parameter else None:
        case click.Choice(choices=choices):
            return f"（可用：{'、'.join(map(str, choices))}）"
        case click.IntRange(min=low, max=high):
            return f"（应为 {low} 到 {high} 的整数）"
        case click.types.IntParamType():
            return "（应为整数）"
    return ""


_NOTHING = click.Command("zhenggai")
