"""The parts of a zip archive and the XML in them, read within bounds.

docx and ofd are zips of XML. What an archive declares is not believed: a part is read up to a limit, and the XML parser
resolves no entities, loads no DTD and stops at libxml2's own limits of depth and amplification.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from bot.errors import DamagedInput, EncryptedInput, TooLarge

_PART_BYTES = 64 * 2**20
_PARTS = 10_000
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, OSError),
    *(NotImplementedError, ValueError, IndexError, OverflowError),
)
"""What ``zipfile`` and the decompressors raise on broken archives (a bad offset is an OSError or a ValueError)."""


class Archive:
    """A zip archive in memory. ``what`` names the format in messages (Word 文档, OFD 文件)."""

    def __init__(self, data: bytes, what: str) -> None:
        self._what = what
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise self.damaged("压缩包结构不完整") from error
        self.names = tuple(info.filename for info in self._zip.infolist())
        if len(self.names) > _PARTS:
            raise TooLarge(f"{what}内含{len(self.names)}个部件，超过{_PARTS}个的上限，可能是恶意文件。请核对文件来源。")

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """A part's bytes."""
        if name not in self:
            raise self.damaged(f"缺少部件{name}")
        try:
            with self._zip.open(name) as part:
                data = part.read(_PART_BYTES + 1)
        except RuntimeError as error:
            # zipfile's only RuntimeError here: the part is encrypted.
            raise EncryptedInput(f"{self._what}已加密，需要密码才能打开。请解除密码保护后重新提供。") from error
        except _BROKEN as error:
            raise self.damaged(f"部件{name}无法解压") from error
        if len(data) > _PART_BYTES:
            raise TooLarge(f"{self._what}解压后超过{_PART_BYTES // 2**20}MB的上限，可能是恶意文件。请核对文件来源。")
        return data

    def xml(self, name: str) -> Any:
        """The root element of a part."""
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(f"部件{name}不是有效的XML") from error

    def damaged(self, why: str) -> DamagedInput:
        """The error that says what is broken and what to do."""
        return DamagedInput(f"{self._what}已损坏（{why}）。请重新下载，或用办公软件打开后另存一份再试。")


def local(element: Any) -> str:
    """An element's name without its namespace ('' for entity references): producers disagree about namespaces."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """An attribute's value whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: Any, *path: str) -> Any | None:
    """The first descendant along a path of local names."""
    for name in path:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element
