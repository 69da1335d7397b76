"""Extraction with a large language model on top of the rules in ``bot.notices``."""
