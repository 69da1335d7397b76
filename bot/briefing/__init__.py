"""The briefing: a paper for a superior, composed from ledger rows by code alone, every figure and quotation traced.

``deliver`` makes a paper from a store; ``compose`` the record, ``to_markdown`` and ``to_docx`` show it. Knows nothing
of models or commands.
"""

from bot.briefing.compose import Length, Request, Style, compose, is_whole, subject_of
from bot.briefing.markdown import to_markdown
from bot.briefing.order import Order, Paper, deliver
from bot.briefing.reword import Writer

__all__ = [
    "Length", "Order", "Paper", "Request", "Style", "Writer", "compose", "deliver", "is_whole", "subject_of",
    "to_markdown",
]  # fmt: skip
