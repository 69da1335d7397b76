"""The command line: a thin edge that translates flags into calls and records into text or JSON."""

from bot.cli.main import main

__all__ = ["main"]
