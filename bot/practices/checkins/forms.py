"""The check-in form: three questions, and what one noticed behind a button."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.practices.anticipations.rules import LONGEST
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Feeling, Medium, OurRole, Purpose, Setting, Signal, Via
from bot.practices.checkins.service import Note
from bot.practices.clients.forms import READERS
from bot.practices.promises.rules import Guess
from bot.practices.promises.service import Promise
from bot.slack.blocks import View, actions, button, confirm
from bot.slack.fields import Choice, Choices, Option, Radio, Text
from bot.slack.forms import FieldErrors, Form, stamps
from bot.slack.pickers import Day, Lookup, Lookups, Picked
from bot.store.search import Visibility
from bot.workspaces.here import as_id

GONE_WITH_IT = (
    "The note is gone for good, and with it a promise made in it, what they will need next, and three lines about it. "
    "A blocker, a difference or a milestone noted from it stays."
)
CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}", re.ASCII)
TS = re.compile(r"\d{1,12}\.\d{1,8}", re.ASCII)
FACES = {
    Feeling.COLD: ("🥶", "❄️", ":cold_face:", ":snowflake:"),
    Feeling.COOL: ("🙁", "😕", ":slightly_frowning_face:", ":confused:"),
    Feeling.NEUTRAL: ("😐", ":neutral_face:"),
    Feeling.WARM: ("🙂", "😊", ":slightly_smiling_face:", ":blush:"),
    Feeling.GLOWING: ("🤩", "😍", "🔥", ":star-struck:", ":heart_eyes:", ":fire:"),
}
FEELING = Radio(
    name="feeling",
    label="How did it leave them?",
    hint="Your best read of them, not of the work.",
    missing="Choose how it left them.",
    inline=True,
    options=tuple(
        Option(str(int(feeling)), feeling.word.capitalize(), words=(feeling.word,), faces=FACES[feeling])
        for feeling in Feeling
    ),
)
NOTE = Text(
    name="note",
    label="What happened?",
    multiline=True,
    focus=True,
    inline=True,
    missing="Write a few words about what happened.",
    placeholder="Paused when asked about Q3; we owe her the plan by Friday",
)
CLIENT = Lookup(
    name="client", label="Client", inline=True, missing="Pick a client.", placeholder="Type the first letters"
)
FORM = Form(
    "checkin.save",
    "Log a check-in",
    "Save",
    (
        CLIENT,
        FEELING,
        NOTE,
        Lookups(name="people", label="Who was there?", required=False, min_query_length=0),
        Choice(
            name="setting",
            label="Setting",
            required=False,
            options=tuple(Option(setting.value, setting.label.capitalize()) for setting in Setting),
        ),
        Choice(
            name="medium",
            label="Kind",
            required=False,
            options=tuple(Option(medium.value, medium.label.capitalize()) for medium in Medium),
        ),
        Choice(
            name="purpose",
            label="About",
            required=False,
            hint="Left empty, Ember takes a status meeting for the project and all else for the relationship.",
            options=(
                Option(Purpose.SERVICE.value, "Them and the relationship"),
                Option(Purpose.PROJECT.value, "The state of the project"),
            ),
        ),
        Choices(
            name="signals",
            label="What I noticed",
            required=False,
            options=tuple(Option(signal.value, signal.label.capitalize()) for signal in Signal),
        ),
        Text(name="unsaid", label="What was not said?", required=False, multiline=True),
        Text(name="quote", label="Their words", required=False, multiline=True, hint="As they said it."),
        Text(name="win", label="Their win", required=False, multiline=True, hint="What went well for them."),
        Text(name="struggle", label="Their struggle", required=False, multiline=True, hint="What is hard for them."),
        Choice(
            name="our_role",
            label="Our role",
            required=False,
            options=tuple(Option(role.value, role.label.capitalize()) for role in OurRole),
        ),
        Text(name="promise", label="What did we promise?", required=False, max_length=500),
        Day(name="promise_due", label="Promised by", required=False),
        Text(
            name="need",
            label="What will they need next?",
            required=False,
            max_length=LONGEST,
            hint="It stands on the card and in each brief until it is done or dropped.",
        ),
        Choice(
            name="visibility",
            label="Who can see it",
            options=READERS,
        ),
        Day(name="when", label="When", required=False, hint="Left empty, it was today."),
    ),
    usage_prefix="/checkin",
)
SHORT = ("client", "feeling", "note")


def about(client_id: uuid.UUID) -> dict[str, str]:
    """Return what a form carries so that it can offer a client's people."""
    return {"c": str(client_id)}


def blank(
    nonce: uuid.UUID, *, values: Mapping[str, Any] = {}, expanded: bool = False, metadata: Mapping[str, str] = {}
) -> View:
    """Return the form for a new check-in; `nonce` makes a double submission one check-in."""
    carried = {**metadata, "n": str(nonce)}
    if expanded:
        return FORM.view({"visibility": Visibility.TEAM.value, **values}, metadata=carried)
    promise = [button("It's a promise", "checkin.as_promise")] if "s" in metadata else []
    more = actions(button("Add what you noticed", "checkin.more"), *promise, block_id="more")
    return FORM.view(values, metadata=carried, shown=SHORT, after=[more])


def filled(
    checkin: Checkin,
    client_name: str,
    details: Details,
    people: Mapping[uuid.UUID, str],
    promise: Promise | None,
    need: str | None = None,
) -> View:
    """Return the form for a check-in that is kept already, with a way to delete it."""
    what, gone = "note", GONE_WITH_IT
    if checkin.is_bare:
        what, gone = "entry", "That you have spoken is not noted any more."
    sure = confirm(f"Delete this {what}?", gone, "Delete", "Keep it")
    delete = button(f"Delete this {what}", "checkin.delete", value=str(checkin.id), style="danger", confirm=sure)
    values = {
        "client": Picked(str(checkin.client_id), client_name),
        "feeling": str(checkin.feeling) if checkin.feeling else None,
        "note": checkin.note,
        "people": tuple(Picked(str(one), people[one]) for one in sorted(details.people) if one in people),
        "setting": checkin.setting,
        "medium": checkin.medium,
        "purpose": None if checkin.is_bare else checkin.purpose,
        "signals": tuple(details.signals),
        "unsaid": checkin.unsaid,
        "quote": checkin.quote,
        "win": checkin.win,
        "struggle": checkin.struggle,
        "our_role": checkin.our_role,
        **hanging_on(promise, need),
        "visibility": checkin.visibility,
        "when": checkin.happened_on,
    }
    metadata = {"e": str(checkin.id), "c": str(checkin.client_id), **stamps(hanging_on(promise, need))}
    title = "Add a note" if checkin.is_bare else "Edit a check-in"
    return FORM.view(values, metadata=metadata, after=[actions(delete, block_id="delete")], title=title)


def hanging_on(promise: Promise | None, need: str | None) -> dict[str, Any]:
    """Return what the form shows of what others may change: the promise of a check-in, and what will be needed."""
    what, due = (promise.what, promise.due_on) if promise else (None, None)
    return {"promise": what, "promise_due": due, "need": need}


def as_left(note: Note, promise: Promise | None, need: str | None, metadata: Mapping[str, str]) -> Note:
    """Return what a form says; what hangs on the check-in and was not touched in it is as others have left it.

    Raises FieldErrors where somebody has changed what it changes.
    """
    what, due = (note.promise.what, note.promise.due) if note.promise else (None, None)
    typed = {"promise": what, "promise_due": due, "need": note.need}
    said = FORM.merge(typed, hanging_on(promise, need), metadata)
    return replace(note, promise=_promise(said["promise"], said["promise_due"]), need=said["need"])


def read(view: Mapping[str, Any], metadata: Mapping[str, str]) -> Note:
    """Return what a submitted form says.  Raises FieldErrors."""
    said = FORM.read(view, always=SHORT)
    return Note(
        client_id=as_id(said["client"].id),
        feeling=int(said["feeling"]),
        text=said["note"],
        via=Via.MESSAGE if "t" in metadata else Via.MODAL,
        visibility=Visibility(said.get("visibility") or Visibility.TEAM),
        purpose=Purpose(said["purpose"]) if said.get("purpose") else None,
        said_on=said.get("when"),
        unsaid=said.get("unsaid"),
        quote=said.get("quote"),
        win=said.get("win"),
        struggle=said.get("struggle"),
        our_role=OurRole(said["our_role"]) if said.get("our_role") else None,
        medium=Medium(said["medium"]) if said.get("medium") else None,
        setting=Setting(said["setting"]) if said.get("setting") else None,
        details=Details(
            frozenset(as_id(person.id) for person in said.get("people") or ()),
            frozenset(Signal(signal) for signal in said.get("signals") or ()),
        ),
        promise=_promise(said.get("promise"), said.get("promise_due")),
        need=said.get("need"),
        **_source(metadata),
    )


def _source(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return where the message stands that a form was opened from, if it looks like a message of Slack's."""
    channel, ts = metadata.get("s", ""), metadata.get("t", "")
    is_message = CHANNEL.fullmatch(channel) and TS.fullmatch(ts)
    return {"source_channel": channel, "source_ts": ts} if is_message else {}


def _promise(what: str | None, due: dt.date | None) -> Guess | None:
    if what and not due:
        raise FieldErrors({"promise_due": "By when? Pick a day."})
    if due and not what:
        raise FieldErrors({"promise": "What did we promise by that day?"})
    return Guess(what, due, theirs=False) if what and due else None
