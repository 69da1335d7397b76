"""The ledger (台账): all items of all notices, chosen by filters, shown as a table or exported.

Used by command line, workbench, summaries and briefings alike; knows nothing of any of them.
"""

from bot.ledger.choose import LedgerFilter, classifier_of, parse_status, parse_year, select, sources
from bot.ledger.table import COLUMNS, Line, line, lines

__all__ = [
    "COLUMNS",
    "LedgerFilter",
    "Line",
    "classifier_of",
    "line",
    "lines",
    "parse_status",
    "parse_year",
    "select",
    "sources",
]
