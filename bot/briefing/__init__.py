"""The briefing: a paper for a superior, composed from ledger rows by code alone, every figure and quotation traced.

``compose`` makes the record, ``to_markdown`` and ``to_docx`` show it. Knows nothing of stores, models or commands.
"""

from bot.briefing.compose import Length, Request, Style, compose, is_whole, subject_of
from bot.briefing.markdown import to_markdown
from bot.briefing.onepage import lines_left
from bot.briefing.reword import Writer

__all__ = [
    "Length", "Request", "Style", "Writer", "compose", "is_whole", "lines_left", "subject_of", "to_markdown",
]  # fmt: skip
