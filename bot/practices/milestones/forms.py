"""The forms about dates that matter: the date itself, and what is planned for one time it comes round."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.rows import Details
from bot.practices.milestones.rules import (
    LEADS,
    LEAP_YEAR,
    LONGEST_NOTE,
    LONGEST_TITLE,
    BadDate,
    LeapDay,
    Occasion,
    calendar,
)
from bot.practices.milestones.winning import Win
from bot.practices.milestones.wording import LABELS
from bot.practices.people.service import Contact
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Checks, Choice, Flag, Option, Radio, Text
from bot.slack.forms import FieldErrors, Form, read_metadata, stamps
from bot.slack.pickers import Day, Lookup, Picked
from bot.slack.text import bold, markup, one_line, shorten
from bot.store.search import Visibility
from bot.workspaces.here import as_id

YEARLY, ONCE = "yearly", "once"
FALLS_ON, LEAP_DAY = "falls_on", "leap_day"
LEAD_LABELS = {14: "Two weeks before", 7: "A week before", 2: "2 days before", 0: "On the day"}
USUAL_LEADS = ("7", "0")
FORM = Form(
    "milestone.save",
    "Date that matters",
    "Save",
    (
        Lookup("client", "Client", min_query_length=0, missing="Pick the client."),
        Choice(
            "occasion",
            "Occasion",
            missing="Choose what it is.",
            options=tuple(Option(occasion.value, label) for occasion, label in LABELS.items()),
        ),
        Text(
            "title",
            "In a few words",
            required=False,
            max_length=LONGEST_TITLE,
            placeholder="half marathon",
            hint="Left empty, Ember says it by the occasion: “Priya, 5 years at Northwind”.",
        ),
        Day(FALLS_ON, "Date", missing="Pick the date.", dispatch=True, hint="The first one, if you know its year."),
        Flag("no_year", "The year", text="I don't know the year, or it doesn't matter"),
        Radio(
            LEAP_DAY,
            "In years without 29 February",
            required=False,
            options=(
                Option(LeapDay.BEFORE.value, "Keep it on 28 February"),
                Option(LeapDay.AFTER.value, "Keep it on 1 March"),
            ),
        ),
        Lookup("people", "Person", required=False, min_query_length=0, hint="Left empty, it is the client's own."),
        Radio(
            "repeats",
            "Repeats",
            options=(Option(YEARLY, "Every year"), Option(ONCE, "Only once")),
            missing="Choose whether it comes round every year.",
        ),
        Checks(
            "leads",
            "Remind me",
            required=False,
            options=tuple(Option(str(lead), LEAD_LABELS[lead]) for lead in LEADS),
            hint="In the morning of whoever looks after the client. A day off is said on the working day before.",
        ),
        Flag("alone", "How", text="Each reminder as a message of its own"),
        Text(
            "note",
            "What we know",
            required=False,
            multiline=True,
            max_length=LONGEST_NOTE,
            placeholder="Likes handwritten notes, no fuss in front of her team",
        ),
        Choice("visibility", "Who can see it", options=READERS),
    ),
)
ALWAYS = ("client", "occasion", FALLS_ON, "repeats", "visibility")
PLAIN = tuple(each.name for each in FORM.fields if each.name != LEAP_DAY)
PLAN = Form(
    "milestone.planned",
    "Plan something",
    "Save",
    (
        Text(
            "plan",
            "What will you do?",
            focus=True,
            multiline=True,
            max_length=300,
            missing="Write a few words, such as: a card from the team.",
            placeholder="A card from the team",
            hint="Next year Ember says what it was.",
        ),
    ),
)


def blank(
    nonce: uuid.UUID, client: Client | None, contact: Contact | None = None, occasion: Occasion | None = None
) -> View:
    """Return the form for a new date; `nonce` makes a double submission one date."""
    values = {
        "client": Picked(str(client.id), client.name) if client is not None else None,
        "people": Picked(str(contact.id), contact.name) if contact is not None else None,
        "occasion": occasion.value if occasion is not None else None,
        "repeats": YEARLY,
        "leads": USUAL_LEADS,
        "visibility": Visibility.TEAM.value,
    }
    carried = {"c": str(client.id)} if client is not None else {}
    return FORM.view(values, metadata={**carried, "n": str(nonce)}, shown=PLAIN)


def of_a_win(nonce: uuid.UUID, win: Win) -> View:
    """Return the form for a new date, filled in with a win that somebody told us of."""
    values = {
        "client": Picked(str(win.client.id), win.client.name),
        "people": Picked(str(win.contact.id), win.contact.name) if win.contact is not None else None,
        "occasion": Occasion.OTHER.value,
        "title": one_line(win.words, LONGEST_TITLE),
        FALLS_ON: win.on,
        "repeats": YEARLY,
        "leads": USUAL_LEADS,
        "visibility": win.visibility.value,
    }
    return _drawn(values, {"c": str(win.client.id), "n": str(nonce)})


def filled(one: Coming) -> View:
    """Return the form for a date that is kept already, with a way to delete it."""
    values = said(one)
    return _drawn(values, {"m": str(one.milestone.id), "c": str(one.client.id), **stamps(values)})


def said(one: Coming) -> dict[str, Any]:
    """Return what a date says, by the form's fields."""
    details = one.milestone.details
    when = details.calendar
    return {
        "client": Picked(str(one.client.id), one.client.name),
        "occasion": details.occasion.value,
        "title": details.title or None,
        FALLS_ON: dt.date(_year_shown(one), when.month, when.day),
        "no_year": when.year is None,
        LEAP_DAY: when.leap_day.value,
        "people": Picked(str(one.contact.id), one.contact.name) if one.contact is not None else None,
        "repeats": YEARLY if when.repeats else ONCE,
        "leads": tuple(str(lead) for lead in details.leads),
        "alone": details.alone,
        "note": details.note,
        "visibility": details.visibility.value,
    }


def _year_shown(one: Coming) -> int:
    when = one.milestone.details.calendar
    if when.year is not None:
        return when.year
    return LEAP_YEAR if when.is_leap_day else one.on.year


def redrawn(shown: Mapping[str, Any]) -> View | None:
    """Return the form as it is filled in so far, where it has to ask about 29 February now, or no longer; else None."""
    values = FORM.state(shown)
    asks = any(block.get("block_id") == LEAP_DAY for block in shown.get("blocks", ()))
    return None if asks is _is_leap_day(values) else _drawn(values, read_metadata(shown))


def _drawn(values: Mapping[str, Any], metadata: Mapping[str, str]) -> View:
    is_leap_day = _is_leap_day(values)
    values = {LEAP_DAY: LeapDay.BEFORE.value, **values} if is_leap_day else values
    shown = (*PLAIN, LEAP_DAY) if is_leap_day else PLAIN
    if "m" not in metadata:
        return FORM.view(values, metadata=metadata, shown=shown)
    sure = confirm("Delete this date?", "The date and what was done about it are gone for good.", "Delete", "Keep it")
    delete = button("Delete this date", "milestone.drop", value=metadata["m"], style="danger", confirm=sure)
    after = [actions(delete, block_id="delete")]
    return FORM.view(values, metadata=metadata, shown=shown, after=after, title="Edit a date")


def _is_leap_day(values: Mapping[str, Any]) -> bool:
    picked = values.get(FALLS_ON)
    return isinstance(picked, dt.date) and (picked.month, picked.day) == (2, 29)


def details(said: Mapping[str, Any], today: dt.date) -> Details:
    """Return what the form's fields say.  Raises FieldErrors."""
    occasion, person = Occasion(said["occasion"]), said.get("people")
    try:
        when = calendar(
            said[FALLS_ON],
            occasion,
            year_counts=not said.get("no_year"),
            repeats=said["repeats"] == YEARLY,
            leap_day=LeapDay(said.get(LEAP_DAY) or LeapDay.BEFORE),
            today=today,
        )
    except BadDate as fault:
        raise FieldErrors({FALLS_ON: str(fault)}) from None
    return Details(
        client_id=as_id(said["client"].id),
        contact_id=as_id(person.id) if person is not None else None,
        occasion=occasion,
        title=" ".join((said.get("title") or "").split()),
        calendar=when,
        leads=tuple(int(lead) for lead in said.get("leads") or ()),
        note=said.get("note"),
        visibility=Visibility(said["visibility"]),
        alone=bool(said.get("alone")),
    )


def plan(one: Coming, key: str) -> View:
    """Return the form for what is planned; `key` names the date and the time it comes round."""
    words = one.said.said if one.said is not None else None
    lead = [section(bold(shorten(one.what, 200)))]
    if one.last_time:
        lead.append(section(markup("{last}", last=one.last_time)))
    return PLAN.view({"plan": words}, metadata={"k": key}, before=lead)
