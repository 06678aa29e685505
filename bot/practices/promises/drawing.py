"""How a promise is drawn: the buttons beside it, and what is shown once something became of it."""

import datetime as dt
import uuid
from typing import Final

from bot.practices.clients.forms import open_card
from bot.practices.promises import wording
from bot.practices.promises.rows import Promise
from bot.practices.promises.rules import PromiseState
from bot.slack import limits
from bot.slack.blocks import Element, actions, button, option, overflow, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, day, lines, markup, shorten

ON_A_CARD: Final = "card"
"""Ends the action ids of what stands on a card, which gives way to what was pressed; a morning is written anew."""
MENU: Final = (
    ("move", "Move to another day"),
    (PromiseState.MISSED.value, "Missed"),
    (PromiseState.EXCEEDED.value, "Exceeded"),
    (PromiseState.DROPPED.value, "Dropped"),
    ("edit", "Edit"),
)


def on_card(promise: Promise) -> tuple[Element, ...]:
    """Return what can be done about an open promise on a card."""
    key = str(promise.id)
    options = [option(label, f"{choice}:{key}") for choice, label in MENU]
    return (_done(promise, f"promise.done:{ON_A_CARD}"), overflow(f"promise.more:{ON_A_CARD}", options))


def in_morning(promise: Promise) -> tuple[Element, ...]:
    """Return what can be done about an open promise in somebody's own morning."""
    heard = shorten(f"Move: {promise.what}", limits.ACCESSIBILITY_LABEL)
    move = button("Move", "promise.move", value=str(promise.id), accessibility_label=heard)
    return (_done(promise, "promise.done"), move)


def _done(promise: Promise, action: str) -> Element:
    heard = shorten(f"Done: {promise.what}", limits.ACCESSIBILITY_LABEL)
    return button("Done", action, value=str(promise.id), accessibility_label=heard)


def saved(promise: Promise, client: str, today: dt.date) -> Panel:
    """Return what is shown once a promise is kept or changed."""
    says = sentence(promise, client, today)
    key = str(promise.client_id)
    more = button("Add another", "promise.new", value=key)
    return Panel("Promise saved", says, [section(says), actions(_edit(promise), more, open_card(promise.client_id))])


def sentence(promise: Promise, client: str, today: dt.date) -> Markup:
    """Return a promise as a sentence: "We promised Northwind: media plan, by Fri 15 May."."""
    about = {"client": client, "what": wording.what(promise), "when": wording.when(promise, today)}
    if promise.theirs:
        return markup("{client} promised us: {what}, {when}.", **about)
    return markup("We promised {client}: {what}, {when}.", **about)


def settled(promise: Promise, client: str) -> Panel:
    """Return what is shown once somebody said what became of a promise."""
    about = {"client": client, "what": wording.what(promise), "word": wording.OUTCOMES[promise.state]}
    mark = Markup("") if promise.state is PromiseState.OPEN else Markup("✓")
    says = lines([mark, markup("{client} · {what} · {word}", **about)], " ")
    row = [open_card(promise.client_id)]
    if promise.state is not PromiseState.OPEN:
        row.insert(0, button("Undo", f"promise.undo:{ON_A_CARD}", value=str(promise.id)))
    text = markup("{what} for {client}: {word}.", **about)
    return Panel("Promise", text, [section(says), actions(*row)], outcome="That is noted.")


def moved(promise: Promise, client: str, today: dt.date, *, undoes: uuid.UUID | None = None) -> Panel:
    """Return what is shown once a promise has another day, or its old one again; undoes: the move to take back."""
    about = {"what": wording.what(promise), "client": client, "on": day(promise.due_on, today)}
    says = markup("{what} for {client} is due {on} now.", **about)
    row = [open_card(promise.client_id)]
    if undoes is not None:
        row.insert(0, button("Undo", "promise.unmove", value=f"{promise.id}:{undoes}"))
    return Panel("Promise moved", says, [section(says), actions(*row)], outcome="The promise has moved.")


def deleted(promise: Promise, client: str) -> Panel:
    """Return what stands where a promise was deleted."""
    says = markup("“{what}” for {client} is not kept any more.", what=wording.what(promise), client=client)
    blocks = [section(says), actions(open_card(promise.client_id))]
    return Panel("Promise deleted", says, blocks, outcome="The promise is deleted.")


def _edit(promise: Promise) -> Element:
    return button("Edit", "promise.edit", value=str(promise.id))
