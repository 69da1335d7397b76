"""整改通: reads rectification notices, answers with the proving sentence, keeps a ledger, writes briefings."""

__version__ = "0.1.0"
