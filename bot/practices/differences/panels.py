"""What is shown about differences after something was done, with a way back."""

import datetime as dt

from bot.practices.clients.forms import open_card
from bot.practices.differences.rules import when
from bot.practices.differences.service import Difference
from bot.slack import limits
from bot.slack.blocks import Element, actions, button, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, day, lines, markup, one_line, quote, shorten

WHAT_SHOWN = 120


def saved(one: Difference, client_name: str, today: dt.date, *, fresh: bool = False) -> Panel:
    """Return what is shown once a difference is kept; fresh: it was not there before, so that undoing deletes it."""
    says = markup("Open with {client}, to settle by {day}.", client=client_name, day=day(one.resolve_by, today))
    key = str(one.id)
    row = [settle_button(one), button("Edit", "difference.edit", value=key), open_card(one.client_id)]
    if fresh:
        row.insert(2, button("Undo", "difference.drop", value=key))
    shown = [section(lines([says, quote(one.text)])), actions(*row)]
    return Panel("Kept", says, shown, outcome="The difference is kept.")


def settled(one: Difference, client_name: str) -> Panel:
    """Return what is shown once a difference is settled."""
    says = markup("Settled with {client}: {resolution}", client=client_name, resolution=one.resolution or "")
    row = actions(button("Undo", "difference.reopen", value=str(one.id)), open_card(one.client_id))
    return Panel("Settled", says, [section(says), row], outcome="It is settled.")


def dropped(one: Difference, client_name: str) -> Panel:
    """Return what stands where a difference was deleted."""
    says = markup("The difference with {client} is not kept any more. You had written:", client=client_name)
    shown = [section(lines([says, quote(one.text)])), actions(open_card(one.client_id))]
    return Panel("Deleted", says, shown, outcome="It is deleted.")


def settle_button(one: Difference) -> Element:
    """Return the button that asks what a difference came to."""
    heard = shorten(f"Settled: {one.text}", limits.ACCESSIBILITY_LABEL)
    return button("Settled", f"difference.close:{one.id}", value=str(one.id), accessibility_label=heard)


def in_short(one: Difference, today: dt.date) -> Markup:
    """Return a difference with its day: "“one market or two”, by Fri 15 May"."""
    late = when(one.resolve_by, today) or f"by {day(one.resolve_by, today)}"
    return markup("“{what}”, {when}", what=one_line(one.text, WHAT_SHOWN), when=late)
