"""What people do about what a client will need next: note it, change it, say that it is done or dropped, delete it."""

from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.anticipations import forms, service
from bot.practices.anticipations.service import Anticipation, Outcome
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.forms import no_client, open_card
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.practice import clicks
from bot.slack.blocks import actions, button, section
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import markup, one_line
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["register"]

WORDS: Final = {Outcome.OPEN: "is open again", Outcome.DONE: "is done", Outcome.DROPPED: "is dropped"}
SHOWN: Final = 200
NOT_KNOWN: Final = "Ember does not know that choice any more. Please open the card again."


def register(app: AsyncApp) -> None:
    """Listen to the form, the menu and the buttons."""
    app.view(forms.FORM.name)(save)
    app.action(clicks("need.new"))(open_new)
    app.action(clicks("need.edit"))(open_edit)
    app.action(clicks("need.more"))(more)
    app.action(clicks("need.undo"))(undo)
    app.action(clicks("need.drop"))(drop)


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, for the client of the button if it has one."""
    client = None
    if action.get("value"):
        async with here.look() as session:
            client = await clients.get(session, as_id(action["value"]))
    await ack()
    here.open(forms.blank(new_id(), client))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with something that is kept already."""
    async with here.look() as session:
        one = await service.editable(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    await ack()
    here.open(forms.filled(one, client.name))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what a client will need next, or what was changed about it."""
    carried = read_metadata(view)
    said = forms.FORM.read(view, always=("what",) if "a" in carried else forms.NEW)
    try:
        async with here.work() as session:
            one = await _keep(session, here, said, carried)
            client = await clients.get(session, one.client_id)
    except clients.UnknownClient:
        raise no_client() from None
    except NotTheirsAlone as fault:
        raise FieldErrors({"visibility": str(fault)}) from None
    says = markup("{client} will need: {what}. It stands on the card until it is done.", **_named(one, client.name))
    row = (
        button("Add another", "need.new", value=str(client.id)),
        button("Edit", "need.edit", value=str(one.id)),
        open_card(client.id),
    )
    await here.show(ack, Panel("Saved", says, [section(says), actions(*row)]))
    here.changed(client.id)


async def _keep(session: Work, here: Here, said: dict[str, Any], carried: dict[str, str]) -> Anticipation:
    if "a" in carried:
        one_id = as_id(carried["a"])
        kept = await whose.held(session, lambda: service.editable(session, one_id, by=here.member))
        said = forms.FORM.merge(said, forms.said(kept), carried)
        return await service.edit(session, kept.id, said["what"], Visibility(said["visibility"]), by=here.member)
    client_id, visibility = as_id(said["client"].id), Visibility(said["visibility"])
    key = f"view:{as_id(carried.get('n'))}"
    return await service.add(session, client_id, said["what"], visibility, by=here.member, key=key, now=here.now)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in the menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    if chosen == "edit":
        await open_edit(ack, here, {"value": key})
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
    row = [open_card(client.id)]
    if state is not Outcome.OPEN:
        row.insert(0, button("Undo", "need.undo", value=str(one.id)))
    await here.show(ack, Panel("Noted", says, [section(says), actions(*row)], outcome="That is noted."))
    here.changed(client.id)


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete it."""
    async with here.work() as session:
        one = await service.forget(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    says = markup("“{what}” is not kept for {client} any more.", **_named(one, client.name))
    blocks = [section(says), actions(open_card(client.id))]
    await here.show(ack, Panel("Deleted", says, blocks, outcome="That is deleted."))
    here.changed(client.id)


def _named(one: Anticipation, client: str) -> dict[str, str]:
    return {"client": client, "what": one_line(one.what, SHOWN)}
