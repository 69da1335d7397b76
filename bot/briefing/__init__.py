"""The briefing: a paper for a superior, composed from ledger rows by code alone, every figure and quotation traced.

``compose`` makes the record, ``to_markdown`` and ``to_docx`` show it. Knows nothing of stores, models or commands.
"""

from bot.briefing.compose import Length, Request, Style, compose, subject_of
from bot.briefing.markdown import to_markdown

__all__ = ["Length", "Request", "Style", "compose", "subject_of", "to_markdown"]
