"""``python -m bot.cli``: the command where its script is not installed."""

from bot.cli.main import main

main()
