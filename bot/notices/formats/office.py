"""Older Word and WPS files (.doc, .wps, .rtf, .odt): LibreOffice turns them into docx where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import DamagedInput, UnsupportedInput
from bot.notices.formats.word import read_docx
from bot.notices.raw import Raw

_SECONDS = 180
_NAMES = {"doc": "旧版 Word 文档（.doc）", "wps": "WPS 文档（.wps）", "rtf": "RTF 文档", "odt": "ODT 文档"}


def read_office(data: bytes, kind: str) -> Raw:
    """The docx that LibreOffice makes of it. ``kind``: doc, wps, rtf or odt."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnsupportedInput(
            f"{_NAMES[kind]}需要 LibreOffice 才能读取，本机没有安装。"
            "请用 Word 或 WPS 将文件另存为 docx 后再试，或请管理员安装 LibreOffice。"
        )
    with TemporaryDirectory(prefix="zhenggai-") as folder:
        converted = _convert(program, data, kind, Path(folder))
    raw = read_docx(converted)
    return replace(raw, format=kind, repairs=(*raw.repairs, "经LibreOffice转换为docx后读取"))


def _convert(program: str, data: bytes, kind: str, folder: Path) -> bytes:
    source = folder / f"notice.{kind}"
    source.write_bytes(data)
    # A profile of its own: a running LibreOffice of the same user would otherwise swallow the call and return at once.
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "docx", "--outdir", str(folder / "out"), str(source)]
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DamagedInput(
            f"{_NAMES[kind]}转换超过{_SECONDS}秒没有完成，文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。"
        ) from error
    target = folder / "out" / "notice.docx"
    if not target.exists():
        raise DamagedInput(f"LibreOffice 打不开该{_NAMES[kind]}，文件可能已损坏。请用 Word 或 WPS 另存为 docx 后再试。")
    return target.read_bytes()
