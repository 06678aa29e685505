"""Logging a check-in by form or from a message; then editing it, undoing it, keeping its promise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier import said
from bot.practices.checkins import as_promise, forms, panels, rules, service, spoken, waiting
from bot.practices.checkins.answers import TOO_LATE, as_refused, client_of, show_saved
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note, Receipt
from bot.practices.clients import service as clients
from bot.practices.clients.forms import no_client
from bot.practices.clients.service import Client
from bot.practices.people import service as people
from bot.practices.promises import service as promises
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.messages import mentioned, words_of
from bot.slack.pickers import Picked
from bot.slack.text import shorten
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.directory import find_members
from bot.workspaces.here import Here, as_id


def register(app: AsyncApp) -> None:
    """Connect the shortcuts, the form and the buttons."""
    app.view("checkin.save")(save)
    app.shortcut("checkin.open")(open_form)
    app.shortcut("checkin.from_message")(open_from_message)
    app.action("checkin.log")(log_for)
    app.action("checkin.more")(expand)
    app.action("checkin.edit")(open_edit)
    app.action("checkin.delete")(delete)
    app.action("checkin.undo")(undo)
    app.action("checkin.promise")(confirm_promise)
    app.action("checkin.no_promise")(decline_promise)
    waiting.register(app)
    spoken.register(app)
    as_promise.register(app)


async def command(here: Here, ack: AsyncAck, text: str) -> None:
    """`/checkin`: alone it opens the form, with words it logs them."""
    if text:
        await waiting.log_line(here, ack, text, via=Via.LINE)
    else:
        await open_form(ack, here)


async def open_form(ack: AsyncAck, here: Here) -> None:
    """Open the form, with the client of this channel."""
    async with here.look() as session:
        client = await clients.in_channel(session, here.envelope.channel)
    await ack()
    values = {"client": Picked(str(client.id), client.name)} if client else {}
    here.open(forms.blank(new_id(), values=values, metadata=forms.about(client.id) if client else {}))


async def log_for(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form for the client of a button; without one, for nobody yet."""
    if not action.get("value"):
        await open_form(ack, here)
        return
    async with here.look() as session:
        client = await client_of(session, as_id(action["value"]))
    await ack()
    values = {"client": Picked(str(client.id), client.name)}
    here.open(forms.blank(new_id(), values=values, metadata=forms.about(client.id)))


async def open_from_message(ack: AsyncAck, here: Here, body: dict[str, Any]) -> None:
    """Open the form with a message's words; nothing is posted where the message stands."""
    message = body.get("message") or {}
    names = await _names(here, message)
    async with here.look() as session:
        client = await _of_thread(session, here, message) or await clients.in_channel(session, here.envelope.channel)
    await ack()
    values: dict[str, Any] = {"note": shorten(words_of(message, names), forms.NOTE.max_length)}
    metadata = {"s": here.envelope.channel, "t": str(message.get("ts", ""))}
    if client is not None:
        values["client"] = Picked(str(client.id), client.name)
        metadata |= forms.about(client.id)
    here.open(forms.blank(new_id(), values=values, metadata=metadata))


async def _of_thread(session: Work, here: Here, message: Mapping[str, Any]) -> Client | None:
    """Return the client of the alert in whose thread a message stands, or that it is."""
    hangs_on = str(message.get("thread_ts") or message.get("ts", ""))
    subject = await said.subject_of_thread(session, here.envelope.channel, hangs_on)
    return (await clients.get_many(session, [subject])).get(subject) if subject is not None else None


async def _names(here: Here, message: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the people a message mentions, by Slack's ids."""
    found = mentioned(message)
    if not found:
        return {}
    async with here.look() as session:
        return {slack_id: member.name for slack_id, member in (await find_members(session, found)).items()}


async def expand(ack: AsyncAck, here: Here, view: dict[str, Any] | None, body: dict[str, Any]) -> None:
    """Show the whole form; what was typed stays."""
    shown = view or body.get("view") or {}
    metadata = read_metadata(shown)
    nonce = as_id(metadata.get("n"))
    await ack()
    here.update(forms.blank(nonce, values=forms.FORM.state(shown), expanded=True, metadata=metadata))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what the form says, then say what was kept."""
    metadata = read_metadata(view)
    note = forms.read(view, metadata)
    if note.said_on is None and note.source_ts:
        note = replace(note, said_on=rules.message_day(note.source_ts, here.now, here.member.tz))
    try:
        async with here.work() as session:
            receipt = await _keep(session, here, note, metadata)
    except clients.UnknownClient:
        raise no_client() from None
    except service.NotTheirPerson:
        raise FieldErrors({"people": "Somebody you picked is not at this client. Pick again."}) from None
    except (rules.FutureDay, rules.TooLongAgo) as error:
        raise FieldErrors({"when": str(error)}) from None
    except promises.Settled as error:
        raise FieldErrors({"promise_due": str(error)}) from None
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    await show_saved(here, ack, receipt)


async def _keep(session: Work, here: Here, note: Note, metadata: Mapping[str, str]) -> Receipt:
    if "e" in metadata:
        checkin_id = as_id(metadata["e"])
        await service.held(session, checkin_id, here.member, note.client_id)
        kept = await service.receipt(session, checkin_id, by=here.member, guessing=False)
        note = forms.as_left(note, kept.promise, kept.need, metadata)
        return await service.edit(session, kept.checkin.id, note, by=here.member, now=here.now)
    key = f"view:{as_id(metadata.get('n'))}"
    return await service.record(session, note, by=here.member, key=key, now=here.now, amends=True)


async def dm(ack: AsyncAck, here: Here, event: dict[str, Any]) -> None:
    """Read a message to Ember like a line of `/checkin`."""
    text = words_of(event, await _names(here, event))
    if text:
        await waiting.log_line(here, ack, text, via=Via.DM)


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with a note of one's own."""
    try:
        async with here.look() as session:
            receipt = await service.receipt(session, as_id(action.get("value")), by=here.member, guessing=False)
            details = await service.details(session, receipt.checkin.id)
            contacts = (await people.of_clients(session, [receipt.client.id]))[receipt.client.id]
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    await ack()
    names = {contact.id: contact.name for contact in contacts}
    here.open(forms.filled(receipt.checkin, receipt.client.name, details, names, receipt.promise, receipt.need))


async def delete(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete a note of one's own."""
    try:
        async with here.work() as session:
            gone = await service.delete(session, as_id(action.get("value")), by=here.member)
            client = await client_of(session, gone.client_id)
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    await here.show(ack, panels.deleted(client.name, bare=gone.is_bare))
    here.changed(client.id)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take back a note within ten minutes; its words stay at hand."""
    try:
        async with here.work() as session:
            draft = await service.undo(session, as_id(action.get("value")), by=here.member, now=here.now)
            client = await client_of(session, draft.client_id)
    except service.TooLateToUndo:
        raise Refused(TOO_LATE) from None
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    said_something = draft.feeling is not None
    await here.show(
        ack, panels.undone(draft, client.name) if said_something else panels.unspoken(client.id, client.name)
    )
    here.changed(client.id)


async def confirm_promise(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Keep the promise that was recognised in a note."""
    try:
        async with here.work() as session:
            receipt = await service.confirm_promise(session, as_id(action.get("value")), by=here.member, now=here.now)
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    await show_saved(here, ack, receipt)


async def decline_promise(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take the question about a promise away."""
    try:
        async with here.look() as session:
            receipt = await service.receipt(session, as_id(action.get("value")), by=here.member, guessing=False)
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    await here.show(ack, panels.saved(receipt, address=here.workspace.address, today=here.local.date()))
