"""MHTML (.mht, .mhtml): a web page that a browser saved as a mail, with the page as its first HTML part."""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from dataclasses import replace

from bot.errors import DamagedInput
from bot.notices.formats.html import read_html
from bot.notices.raw import Raw

_HEADERS = re.compile(rb"\s*(?:From|MIME-Version|Subject|Date|Content-Type|Snapshot-Content-Location)\s*:", re.I)


def looks_like_mhtml(data: bytes) -> bool:
    """Whether the bytes begin like a mail whose parts are a page and its pictures."""
    head = data[:4096].lower()
    return bool(_HEADERS.match(head)) and b"mime-version" in head and b"multipart/related" in head


def read_mhtml(data: bytes) -> Raw:
    """The article of the page."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes):
            return replace(read_html(payload, part.get_content_charset()), format="mhtml")
    raise DamagedInput("MHTML 文件里没有网页正文，可能没有保存完整。请用浏览器重新打开原网页，另存后再试。")
