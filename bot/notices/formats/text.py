"""Plain text."""

from __future__ import annotations

from bot.notices.decode import decode
from bot.notices.raw import Raw


def read_text(data: bytes) -> Raw:
    """A text file in whatever encoding it has."""
    decoded = decode(data)
    return Raw(decoded.text, "txt", decoded.encoding, decoded.repairs)
