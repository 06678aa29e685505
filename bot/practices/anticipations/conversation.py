"""What people do about what a client will need next: note it, say that it is done or dropped, delete it."""

from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.anticipations import service
from bot.practices.anticipations.rules import LONGEST
from bot.practices.anticipations.service import Anticipation, Outcome
from bot.practices.clients import service as clients
from bot.practices.practice import clicks
from bot.slack.blocks import actions, button, confirm, section
from bot.slack.errors import Refused
from bot.slack.fields import Choice, Option, Text
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.panel import Panel
from bot.slack.pickers import Lookup, Picked
from bot.slack.text import markup, shorten
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.here import Here, as_id

__all__ = ["FORM", "register"]

FORM: Final = Form(
    "need.save",
    "What will they need?",
    "Save",
    (
        Lookup("client", "Client", missing="Pick the client.", placeholder="Type the first letters"),
        Text(
            "what",
            "What will they need next?",
            multiline=True,
            focus=True,
            max_length=LONGEST,
            missing="Write what they will need.",
            hint="It stands on the card and in each brief until it is done or dropped.",
        ),
        Choice(
            "visibility",
            "Who can see it",
            options=(
                Option(Visibility.TEAM.value, "The client's team"),
                Option(Visibility.EVERYONE.value, "Everyone here"),
                Option(Visibility.ME.value, "Only me"),
            ),
        ),
    ),
)
WORDS: Final = {Outcome.OPEN: "is open again", Outcome.DONE: "is done", Outcome.DROPPED: "is dropped"}
NOT_KNOWN: Final = "Ember does not know that choice any more. Please open the card again."


def register(app: AsyncApp) -> None:
    """Listen to the form, the menu and the buttons."""
    app.view(FORM.name)(save)
    app.action(clicks("need.new"))(open_new)
    app.action(clicks("need.more"))(more)
    app.action(clicks("need.undo"))(undo)
    app.action(clicks("need.drop"))(drop)


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, for the client of the button if it has one."""
    values: dict[str, Any] = {"visibility": Visibility.TEAM.value}
    if action.get("value"):
        async with here.look() as session:
            client = await clients.get(session, as_id(action["value"]))
        values["client"] = Picked(str(client.id), client.name)
    await ack()
    here.open(FORM.view(values, metadata={"n": str(new_id())}))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what a client will need next."""
    said = FORM.read(view, always=("client", "what", "visibility"))
    key, visibility = f"view:{as_id(read_metadata(view).get('n'))}", Visibility(said["visibility"])
    client_id, what = as_id(said["client"].id), said["what"]
    try:
        async with here.work() as session:
            one = await service.add(session, client_id, what, visibility, by=here.member, key=key, now=here.now)
            client = await clients.get(session, one.client_id)
    except clients.UnknownClient:
        raise FieldErrors({"client": "That client is not there any more. Pick another."}) from None
    says = markup("{client} will need: {what}. It stands on the card until it is done.", **_named(one, client.name))
    sure = confirm("Delete this?", "It is gone for good.", "Delete", "Keep it")
    row = (
        button("Add another", "need.new", value=str(client.id)),
        button("Delete", "need.drop", value=str(one.id), confirm=sure),
        button("Open card", "client.open", value=str(client.id)),
    )
    await here.show(ack, Panel("Saved", says, [section(says), actions(*row)]))
    here.changed(client.id)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in the menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    if chosen == "delete":
        await _ask_to_delete(ack, here, key)
    elif chosen in {Outcome.DONE.value, Outcome.DROPPED.value}:
        await _settle(ack, here, key, Outcome(chosen))
    else:
        raise Refused(NOT_KNOWN)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Have it be open after all."""
    await _settle(ack, here, action.get("value"), Outcome.OPEN)


async def _settle(ack: AsyncAck, here: Here, key: object, state: Outcome) -> None:
    async with here.work() as session:
        one = await service.settle(session, as_id(key), state, by=here.member, now=here.now)
        client = await clients.get(session, one.client_id)
    says = markup("{client} · {what} {word}.", word=WORDS[state], **_named(one, client.name))
    row = [button("Open card", "client.open", value=str(client.id))]
    if state is not Outcome.OPEN:
        row.insert(0, button("Undo", "need.undo", value=str(one.id)))
    await here.show(ack, Panel("Noted", says, [section(says), actions(*row)], outcome="That is noted."))
    here.changed(client.id)


async def _ask_to_delete(ack: AsyncAck, here: Here, key: object) -> None:
    async with here.look() as session:
        one = await service.editable(session, as_id(key), by=here.member)
        client = await clients.get(session, one.client_id)
    says = markup("Delete “{what}”, which {client} will need?", **_named(one, client.name))
    sure = confirm("Delete this?", "It is gone for good.", "Delete", "Keep it")
    row = (
        button("Delete", "need.drop", value=str(one.id), style="danger", confirm=sure),
        button("Open card", "client.open", value=str(client.id)),
    )
    await here.show(ack, Panel("Delete?", says, [section(says), actions(*row)]))


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete it."""
    async with here.work() as session:
        one = await service.forget(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    says = markup("“{what}” is not kept for {client} any more.", **_named(one, client.name))
    opens = button("Open card", "client.open", value=str(client.id))
    await here.show(ack, Panel("Deleted", says, [section(says), actions(opens)]))
    here.changed(client.id)


def _named(one: Anticipation, client: str) -> dict[str, str]:
    return {"client": client, "what": shorten(" ".join(one.what.split()), 200)}
