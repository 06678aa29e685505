"""How dates that matter are drawn: a line with what we know, what was done the last time, and what one can do."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Final

from bot.practices.clients.forms import open_card
from bot.practices.milestones import wording
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.rules import Step
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, option, overflow, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten, together
from bot.store.search import Visibility

NOTE_SHOWN: Final = 300
SHOWN: Final = 12
REMOVED: Final = "This date was removed, or is somebody else's now."
TODAYS: Final = "dates"
"""Opens the block ids of the message about a day's dates, so that a press there redraws it."""


def line(one: Coming, today: dt.date) -> Markup:
    """Return a date as it is brought up: "*In 7 days, Tue 21:* Priya, 5 years at Northwind. Likes … Last year: …"."""
    said = lines([_sentence(wording.with_client(one.what, one.client.name)), _known(one), one.last_time], " ")
    return lines([markup("{when} {said}", when=bold(f"{wording.ahead(one.on, today)}:"), said=said), one.answered])


def _known(one: Coming) -> str:
    note = " ".join((one.milestone.details.note or "").split())
    return _sentence(shorten(note, NOTE_SHOWN)) if note else ""


def _sentence(text: str) -> str:
    return text if text[-1:] in {".", "!", "?", "…"} else f"{text}."


def buttons(one: Coming, today: dt.date, *, works_that_day: bool = True) -> tuple[Element, ...]:
    """Return what can be done about a date: two elements at most, so that they fit on a phone beside each other."""
    key, name = value(one.milestone.id, one.on), one.what
    if one.said is not None and one.said.step in {Step.SKIPPED, Step.ON_THE_DAY}:
        return (_undo(one, name),)
    plan = _named("Plan something", "milestone.plan", key, one, f"Plan something: {name}")
    if one.said is not None:
        words = "Change the plan" if one.said.step is Step.PLANNED else "Plan something"
        return (_named(words, "milestone.plan", key, one, f"{words}: {name}"), _undo(one, name))
    skip = "Skip this year" if one.repeats else "Leave it out"
    mark = _named("I'll mark it", "milestone.mark", key, one, f"I'll mark it: {name}")
    if one.on <= today:
        return (mark, plan, _named(skip, "milestone.skip", key, one, f"{skip}: {name}"))
    choices = [option("Plan something", f"plan:{key}")]
    choices += [option("Remind me on the day", f"day:{key}")] if works_that_day else []
    return (mark, overflow(f"milestone.more:{one.milestone.id}", [*choices, option(skip, f"skip:{key}")]))


def _undo(one: Coming, name: str) -> Element:
    said_id = one.said.id if one.said is not None else ""
    key = f"{value(one.milestone.id, one.on)}:{said_id}"
    return _named("Undo", "milestone.undo", key, one, f"Undo: {name}")


def _named(label: str, action: str, key: str, one: Coming, aloud: str) -> Element:
    heard = shorten(aloud, limits.ACCESSIBILITY_LABEL)
    return button(label, f"{action}:{one.milestone.id}", value=key, accessibility_label=heard)


def value(milestone_id: uuid.UUID, on: dt.date) -> str:
    """Return what a button carries: which date, and which time it comes round."""
    return f"{milestone_id}:{on.isoformat()}"


def todays(found: Sequence[Coming], today: dt.date, days_off: Collection[dt.date] = ()) -> Panel:
    """Return what is said alone on a day: the dates that are today and those to come, each with what one can do.

    days_off: those among their days on which the reader does not work.
    """
    blocks: list[Block] = []
    for one in found[:SHOWN]:
        row = buttons(one, today, works_that_day=one.on not in days_off)
        blocks.append(section(line(one, today)))
        blocks.append(actions(*row, block_id=f"{TODAYS}:{today.isoformat()}:{one.milestone.id}"))
    if len(found) > SHOWN:
        blocks.append(context(Markup(f"and {len(found) - SHOWN} more")))
    by_day: dict[dt.date, list[str]] = {}
    for one in found[:SHOWN]:
        by_day.setdefault(one.on, []).append(wording.with_client(one.what, one.client.name))
    said = (f"{wording.ahead(on, today)}: {_sentence(' · '.join(names))}" for on, names in by_day.items())
    return Panel("Today" if today in by_day else "Coming up", " ".join(said), blocks, outcome="That is noted.")


def alone(one: Coming, today: dt.date, *, works_that_day: bool = True) -> Panel:
    """Return one date with what one can do about it."""
    about = actions(*buttons(one, today, works_that_day=works_that_day), _card(one))
    said = f"{wording.ahead(one.on, today)}: {_sentence(wording.with_client(one.what, one.client.name))}"
    return Panel("A date that matters", said, [section(line(one, today)), about], outcome="That is noted.")


def saved(one: Coming, today: dt.date) -> Panel:
    """Return what is shown once a date is kept; one that is today can be answered at once."""
    name = wording.with_client(one.what, one.client.name)
    when = "today" if one.on == today else wording.long_day(one.on, today)
    sentence = markup("{what} is kept: {when}.", what=name, when=when)
    row = [*buttons(one, today)] if one.on == today else []
    row += [button("Add another", "milestone.new", value=str(one.client.id)), _card(one)]
    return Panel("Date saved", sentence, [section(lines([sentence, reminders(one)], " ")), actions(*row)])


def reminders(one: Coming) -> str:
    """Return who hears of a date and when, in a sentence."""
    ahead = [lead for lead in sorted(one.milestone.details.leads, reverse=True) if lead]
    on_the_day = ["on the day"] if 0 in one.milestone.details.leads else []
    every = [*(f"{lead} days before" for lead in ahead), *on_the_day]
    if not every:
        return "Nobody is reminded; it shows on the card and in the digest."
    said = together(every) + (", in a message of its own" if ahead and one.milestone.details.alone else "")
    if one.milestone.details.visibility is Visibility.ME:
        return f"You are reminded {said}."
    return f"Whoever looks after {one.client.name} is reminded {said}."


def all_dates(client_name: str, client_id: uuid.UUID, found: Sequence[Coming], today: dt.date) -> Panel:
    """Return every date of a client, with the way to change each."""
    blocks: list[Block] = []
    for one in found:
        when = "today" if one.on == today else wording.long_day(one.on, today)
        said = lines([markup("{when} · {what}", when=bold(when), what=one.what), _known(one), one.answered])
        blocks.append(section(said, accessory=edit_button(one)))
    if not found:
        blocks.append(section(Markup("No dates that you can see are kept here yet.")))
    key = str(client_id)
    back = button("Back to the card", "client.open", value=key)
    blocks.append(actions(button("Add a date", "milestone.new", value=key), back))
    return Panel("Dates that matter", f"These are the dates that matter at {client_name}.", blocks)


def edit_button(one: Coming) -> Element:
    """Return the button that opens a date."""
    heard = shorten(f"Edit: {one.what}", limits.ACCESSIBILITY_LABEL)
    key = str(one.milestone.id)
    return button("Edit", f"milestone.edit:{key}", value=key, accessibility_label=heard)


def _card(one: Coming) -> Element:
    return open_card(one.client.id)
