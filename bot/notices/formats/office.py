"""Older Word and WPS files (.doc, .wps, .rtf, .odt): LibreOffice turns them into docx where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import DamagedInput, UnsupportedInput
from bot.notices.formats.word import read_docx
from bot.notices.raw import Raw

_SECONDS = 180
_INSTALLED = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_NAMES = {"doc": "旧版 Word 文档（.doc）", "wps": "WPS 文档（.wps）", "rtf": "RTF 文档", "odt": "ODT 文档"}


def read_office(data: bytes, kind: str) -> Raw:
    """The docx that LibreOffice makes of it. ``kind``: doc, wps, rtf or odt."""
    program = _program()
    if program is None:
        raise UnsupportedInput(
            f"{_NAMES[kind]}需要 LibreOffice 才能读取，本机没有安装。"
            "请用 Word 或 WPS 将文件另存为 docx 后再试，或请管理员安装 LibreOffice。"
        )
    with TemporaryDirectory(prefix="zhenggai-") as folder:
        converted = _convert(program, data, kind, Path(folder))
    raw = read_docx(converted)
    return replace(raw, format=kind, repairs=(*raw.repairs, "经LibreOffice转换为docx后读取"))


def _program() -> str | None:
    """Where LibreOffice is: on the path, or where its installers for Windows and macOS put it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _INSTALLED if Path(place).exists()), None)


def _convert(program: str, data: bytes, kind: str, folder: Path) -> bytes:
    source = folder / f"notice.{kind}"
    source.write_bytes(data)
    # A profile of its own: a running LibreOffice of the same user would otherwise swallow the call and return at once.
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "docx", "--outdir", str(folder / "out"), str(source)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DamagedInput(
            f"{_NAMES[kind]}转换超过{_SECONDS}秒没有完成，文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。"
        ) from error
    finally:
        _stop(process)
    target = folder / "out" / "notice.docx"
    if not target.exists():
        raise DamagedInput(f"LibreOffice 打不开该{_NAMES[kind]}，文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。")
    return target.read_bytes()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a conversion that is still running: soffice is a script, the program is its child."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
