"""The command group; every command is registered here and imports what it needs when it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot import __version__
from bot.cli import ask, evals, extract, ledger, library, people, prompts
from bot.cli.edge import run

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT, help="整改通：读整改通报，问答带原文出处，记台账，写简报。")
@click.option("--data", type=click.Path(path_type=Path), help="数据文件夹（默认 ./data，或环境变量 ZHENGGAI_DATA）")
@click.option("--debug", is_flag=True, help="出错时显示详细信息")
@click.version_option(__version__, prog_name="zhenggai", message="%(prog)s %(version)s")
def cli(data: Path | None, debug: bool) -> None:
    """Options before the command; ``data`` is read from the context by whoever needs it."""
    del data, debug


for command in (
    *library.COMMANDS,
    *ask.COMMANDS,
    *ledger.COMMANDS,
    *evals.COMMANDS,
    *extract.COMMANDS,
    *prompts.COMMANDS,
    *people.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """The ``zhenggai`` command."""
    sys.exit(run(cli))
