"""Style sheet and scripts of the page, read as package data."""

from importlib import resources


def read(name: str) -> str:
    """The text of one asset."""
    return resources.files(__name__).joinpath(name).read_text("utf-8")


def buttons(*events: str) -> str:
    """The script that turns the buttons of a component into these of its events."""
    # Gradio learns a component's own events from the quoted names in its script.
    names = ", ".join(f"'{event}'" for event in events)
    return f"const events = [{names}];\n{read('buttons.js')}"
