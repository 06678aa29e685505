"""The form behind "Not now", and what is shown once a client is set aside or brought back."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.practices.cadence.rules import DayPassed, NoDay, Reason, Span, TooFar, set_aside_until
from bot.practices.cadence.service import Snooze
from bot.practices.clients.forms import open_card
from bot.practices.clients.service import Client
from bot.slack.blocks import View, actions, button, section
from bot.slack.fields import Day, Option, Radio, Text
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import bold, day, markup

STOOD = "d"
"""Under which the form carries the day that it was opened with."""

FORM = Form(
    "cadence.not_now",
    "Not now",
    "Set aside",
    (
        Radio(
            "until",
            "Until",
            missing="Choose until when.",
            options=(
                Option(Span.TOMORROW, "Tomorrow"),
                Option(Span.WEEK, "A week from now"),
                Option(Span.MONTH, "A month from now"),
                Option(Span.DAY, "A date"),
            ),
        ),
        Day("day", "Date", required=False, hint="A date here counts instead of the choice above."),
        Radio(
            "reason",
            "Reason",
            required=False,
            options=tuple(Option(reason, reason.label[0].upper() + reason.label[1:]) for reason in Reason),
        ),
        Text(
            "note",
            "In a few words",
            required=False,
            max_length=200,
            hint="Only the client's team and you can read this.",
        ),
    ),
)


@dataclass(frozen=True)
class NotNow:
    """What the form says."""

    until: dt.date
    reason: Reason | None
    note: str | None


def view(client: Client, nonce: uuid.UUID, known: Snooze | None) -> View:
    """Return the form, filled in where the client is set aside already; pressing it twice sets aside once."""
    values: dict[str, Any] = {"until": Span.WEEK}
    metadata = {"n": str(nonce), "c": str(client.id)}
    if known is not None:
        values = {"until": Span.DAY, "day": known.until_on, "reason": known.reason, "note": known.note}
        metadata[STOOD] = known.until_on.isoformat()
    lead = section(markup("{client} is brought up again on the day you choose.", client=bold(client.name)))
    return FORM.view(values, metadata=metadata, before=[lead])


def read(submitted: Mapping[str, Any], *, today: dt.date) -> NotNow:
    """Return what a submitted form says; a day that stood there before counts only where it was chosen.

    Raises FieldErrors.
    """
    said = FORM.read(submitted, always=("until",))
    span, picked = Span(said["until"]), said.get("day")
    if span is not Span.DAY and picked is not None and picked.isoformat() == read_metadata(submitted).get(STOOD):
        picked = None
    try:
        until = set_aside_until(span, picked, today)
    except (NoDay, DayPassed, TooFar) as fault:
        raise FieldErrors({"day": str(fault)}) from None
    return NotNow(until, Reason(said["reason"]) if said.get("reason") else None, said.get("note"))


def aside(client: Client, made: Snooze, *, today: dt.date) -> Panel:
    """Return what is shown once a client is set aside."""
    said = markup("{client} is set aside until {day}.", client=client.name, day=day(made.until_on, today))
    back = button("Bring back", "cadence.wake", value=str(client.id))
    return Panel("Set aside", said, [section(said), actions(back, _card(client))], outcome="The client is set aside.")


def back(client: Client) -> Panel:
    """Return what is shown once a client is brought back."""
    said = markup("{client} is back. Ember brings it up again when it is due.", client=client.name)
    return Panel("Brought back", said, [section(said), actions(_card(client))], outcome="The client is back.")


def _card(client: Client) -> dict[str, Any]:
    return open_card(client.id)
