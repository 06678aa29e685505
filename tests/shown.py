"""What somebody reads and may press on a panel, a message or a view."""

from collections.abc import Mapping


def _blocks(shown):
    return shown["blocks"] if isinstance(shown, Mapping) else shown.blocks


def buttons(shown):
    """Return the labels of the buttons in its rows of buttons; not those beside a text."""
    rows = [block["elements"] for block in _blocks(shown) if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def sections(shown):
    """Return its texts, without headings."""
    return [block["text"]["text"] for block in _blocks(shown) if block["type"] == "section" and "text" in block]


def words(shown):
    """Return its headings and texts as one."""
    spoken = [block for block in _blocks(shown) if block["type"] in {"section", "header"}]
    return "\n".join(block["text"]["text"] for block in spoken if "text" in block)
