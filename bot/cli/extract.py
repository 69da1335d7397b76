"""Command ``extract``: what is read from one notice, a file (no store needed) or one in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.edge import put_json, say, settings_of, store_of

if TYPE_CHECKING:
    from bot.app import Incoming
    from bot.records import Extraction
    from bot.settings import Settings

_STATUS = {"ok": "完整", "partial": "部分", "failed": "失败"}


@click.command(help="提取一份通报（文件，或已导入通报的编号）中的问题、措施和状态。")
@click.argument("source", metavar="文件|编号")
@click.option("--llm/--no-llm", "with_llm", default=None, help="用或不用大模型（默认：配置了大模型就用）")
@click.option("--prompt", "prompt_name", default=None, help="提取用的提示词，如 extract@1")
@click.option("--json", "as_json", is_flag=True, help="输出提取结果（JSON）")
@click.pass_context
def extract(ctx: click.Context, source: str, with_llm: bool | None, prompt_name: str | None, as_json: bool) -> int:
    from bot.app import read_notice
    from bot.cli.show import show_extraction
    from bot.schemas import to_data

    settings = settings_of(ctx)
    incoming, notice_id = _incoming(ctx, source, settings)
    extraction = read_notice(incoming, settings, notice_id=notice_id)
    if _wants_llm(with_llm, settings):
        extraction = _with_llm(extraction, incoming, settings, prompt_name)
    if as_json:
        put_json(to_data(extraction))
    else:
        show_extraction(extraction, ())
    return _told(extraction)


def _incoming(ctx: click.Context, source: str, settings: Settings) -> tuple[Incoming, str | None]:
    """The bytes of a file, or those that the store keeps of a notice."""
    from bot.app import Incoming, read_file
    from bot.errors import NoSuchNotice, StoreNotFound

    if source == "-":
        return read_file(None, settings), None
    if Path(source).is_file():
        return read_file(Path(source), settings), None
    try:
        return Incoming(*store_of(ctx).catalogue.raw(source)), source
    except (NoSuchNotice, StoreNotFound) as error:
        raise NoSuchNotice(
            f"没有文件 {source}，也没有编号为 {source} 的通报：请检查路径，或用 zhenggai list 查看编号"
        ) from error


def _wants_llm(flag: bool | None, settings: Settings) -> bool:
    from bot.errors import SettingsError

    if flag and not settings.llm:
        raise SettingsError(
            '没有配置大模型：请在 zhenggai.toml 中写 llm = "openai:模型名"，或设置环境变量 ZHENGGAI_LLM'
        )
    return bool(settings.llm) if flag is None else flag


def _with_llm(extraction: Extraction, incoming: Incoming, settings: Settings, prompt_name: str | None) -> Extraction:
    from bot.extraction.llm import PROMPT, extract_with_llm
    from bot.llm.chat import open_chat
    from bot.notices.load import load
    from prompts.loader import load as load_prompt

    prompt = load_prompt(prompt_name or PROMPT)
    loaded = load(incoming.data, incoming.name, limit_bytes=settings.max_file_mb * 2**20)
    chat = open_chat(settings.llm or "", settings)
    return extract_with_llm(
        extraction,
        loaded,
        chat,
        prompt,
        parallel=settings.llm_parallel,
        progress=lambda n, m: say(f"大模型已读 {n}/{m} 段"),
    )


def _told(extraction: Extraction) -> int:
    """Names what failed on stderr; 1 where a section was lost."""
    run = extraction.extraction
    for warning in run.warnings:
        say(f"提示：{warning}")
    for number, section in enumerate(run.sections, 1):
        for error in section.errors:
            say(f"第{number}段（{_STATUS[section.status]}）：{error}")
    return 1 if any(section.status == "failed" for section in run.sections) else 0


COMMANDS = (extract,)
