"""What all commands share: settings from flags, messages to stderr, errors as one Chinese line, exit codes.

0 done (a refusal is done), 1 done with failures, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.help import Formatter, usage_message
from bot.errors import UsageError, ZhenggaiError, system_reason

if TYPE_CHECKING:
    from bot.settings import Settings
    from vectorstore.store import Store


def say(message: str) -> None:
    """A line for the user that is no result: to stderr."""
    click.echo(message, err=True)


def put_json(data: Any) -> None:
    """One JSON document on stdout, Chinese readable."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def put_line(data: Any) -> None:
    """One JSON Lines record on stdout, at once."""
    click.echo(json.dumps(data, ensure_ascii=False))
    sys.stdout.flush()


def put_bytes(data: bytes, output: str | None) -> None:
    """A file as it is: to ``output``, or to stdout. Raises ``UsageError`` where it cannot be written."""
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise UsageError(f"无法写入 {output}（{error.strerror}）：请检查文件夹是否存在、是否有写入权限") from error
    say(f"已写入 {output}")


def settings_of(ctx: click.Context, **flags: Any) -> Settings:
    """The settings in force for this call."""
    from bot.settings import load_settings

    return load_settings(data=ctx.find_root().params.get("data"), **flags)


def store_of(ctx: click.Context, **flags: Any) -> Store:
    """The store that exists at the data folder. Raises ``StoreNotFound``."""
    from bot.app import open_store

    return open_store(settings_of(ctx, **flags), say=say)


def read_json_lines(file: str) -> list[dict[str, Any]]:
    """The records of a JSON Lines file. Raises ``UsageError`` naming the line that is none."""
    try:
        text = Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"无法读取 {file}（{system_reason(error)}）：请检查路径") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} 不是 UTF-8 编码：应为 UTF-8 编码的 JSON Lines") from error
    return [_record(line, number, file) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _record(line: str, number: int, file: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{file} 第 {number} 行不是 JSON：每行应是一个 JSON 对象") from error
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        raise UsageError(f'{file} 第 {number} 行缺少 "question"')
    return record


def run(group: click.Group, argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; expected failures become one line, bugs keep their traceback."""
    debug = "--debug" in (sys.argv[1:] if argv is None else argv)
    click.Context.formatter_class = Formatter
    try:
        result = group.main(args=None if argv is None else list(argv), prog_name="zhenggai", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        return _fail(usage_message(error), 2, debug)
    except ZhenggaiError as error:
        return _fail(str(error), error.exit_code, debug)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail("已中断", 1, debug)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing to report, and nothing more to write.
        sys.stdout = None
        return 0
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    say(f"错误：{message}")
    return code


def progress_line() -> Callable[[int, int, float], None]:
    """A progress bar on stderr: chunks done, rate, time left; one plain line at the end where stderr is no terminal."""
    live = sys.stderr.isatty()

    def show(done: int, total: int, seconds: float) -> None:
        rate = done / seconds if seconds > 0 else 0.0
        left = (total - done) / rate if rate else 0.0
        line = f"建立向量 {done}/{total} 段，{rate:.0f} 段/秒，还需约 {left:.0f} 秒"
        if live:
            bar = "█" * (20 * done // max(total, 1))
            click.echo(f"\r[{bar:<20}] {line}  ", err=True, nl=done >= total)
        elif done >= total:
            click.echo(f"建立向量 {done}/{total} 段，{rate:.0f} 段/秒，用时 {seconds:.0f} 秒", err=True)

    return show
