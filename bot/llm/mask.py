"""Phone numbers, e-mail addresses and ID numbers → placeholders, and back.

What looks like one is hidden even where it may be something else: it comes back before anybody reads the answer. The
same value has the same placeholder in all messages of a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.notices.plain import plain

_DASH = r"[ ]?[-‐‑−~][ ]?"
_PATTERN = re.compile(
    r"(?P<邮箱>[A-Za-z0-9_.+\-]{1,64}[ ]?(?:@|\(at\)|\[at\])[ ]?"
    r"[A-Za-z0-9\-]{1,63}(?:[ ]?\.[ ]?[A-Za-z0-9\-]{1,63}){1,4})"
    r"|(?P<证件>(?<![0-9A-Za-z])\d{6}[ ]?(?:18|19|20)\d{6}[ ]?\d{3}[0-9Xx](?![0-9A-Za-z])|(?<!\d)\d{15,19}(?!\d))"
    rf"|(?P<电话>(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:{_DASH}|[ ])?\d{{4}}(?:{_DASH}|[ ])?\d{{4}}(?!\d)"
    rf"|(?<!\d)(?:\(0\d{{2,3}}\)[ ]?|0\d{{2,3}}(?:{_DASH}|[ ])?)\d{{7,8}}(?:-\d{{1,5}})?(?!\d)"
    rf"|(?<!\d)[48]00(?:{_DASH}|[ ])?\d{{3,4}}(?:{_DASH}|[ ])?\d{{3,4}}(?!\d)"
    r"|(?<=[话机系真式线:、/;,或])(?<!\d)[2-9]\d{6,7}(?!\d|[人元户个吨亩米万平立]))"
)
_MARK = re.compile(r"⟦ ?((?:邮箱|证件|电话)\d+) ?⟧")


@dataclass(frozen=True, slots=True)
class Mask:
    """What stands for what in one call: value as printed → placeholder."""

    placeholders: Mapping[str, str]

    @staticmethod
    def of(texts: Sequence[str]) -> Mask:
        """The mask of some texts that belong together."""
        taken = {name for text in texts for name in _MARK.findall(text)}
        found: dict[str, str] = {}
        counts: dict[str, int] = {}
        for text in texts:
            for kind, value in _personal(text):
                if value in found:
                    continue
                while (name := f"{kind}{counts.get(kind, 0) + 1}") in taken:
                    counts[kind] = counts.get(kind, 0) + 1
                counts[kind] = counts.get(kind, 0) + 1
                found[value] = f"⟦{name}⟧"
        return Mask(found)

    def hide(self, text: str) -> str:
        """``text`` with every value behind its placeholder."""
        pieces, at = [], 0
        for match in _PATTERN.finditer(plain(text)):
            pieces += [text[at : match.start()], self.placeholders[text[slice(*match.span())]]]
            at = match.end()
        return "".join([*pieces, text[at:]])

    def restore(self, text: str) -> str:
        """``text`` with the values in their places again; a placeholder that stands for nothing stays."""
        values = {placeholder: value for value, placeholder in self.placeholders.items()}
        return _MARK.sub(lambda mark: values.get(f"⟦{mark[1]}⟧", mark.group()), text)

    def restore_pieces(self, pieces: Iterator[str]) -> Iterator[str]:
        """The same over a stream; a piece is held back while a placeholder in it may be unfinished."""
        held = ""
        for piece in pieces:
            held += piece
            start = held.rfind("⟦")
            cut = start if start >= 0 and "⟧" not in held[start:] and len(held) - start < _LONGEST else len(held)
            if cut:
                yield self.restore(held[:cut])
                held = held[cut:]
        if held:
            yield self.restore(held)


_LONGEST = 16
"""Characters: no placeholder is longer."""


def _personal(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value, as printed, of everything to hide. ``plain`` keeps offsets: full-width digits are found too."""
    for match in _PATTERN.finditer(plain(text)):
        yield match.lastgroup or "", text[slice(*match.span())]
