"""What people do with clients in Slack: set up, edit, rename, pause, resume, end."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import forms, offering, reasons, service
from bot.practices.clients.answers import faults_at_fields, read_details, taken
from bot.practices.clients.forms import set_up_view, why_view
from bot.practices.clients.rules import MAX_ALIASES, BadName
from bot.practices.clients.service import ChangedMeanwhile, Client, NameTaken, TooManyAliases
from bot.practices.practice import Verb, clicks
from bot.slack.blocks import Element, actions, section
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import day, markup
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["VERBS", "register", "set_up_view", "why_view"]

CHANGED = "Somebody changed this client meanwhile. Close this and open it again."
TOO_MANY = f"That is more than fits. Please keep it to {MAX_ALIASES} other names."
Change = Callable[[Here, AsyncAck, Client], Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Listen to the forms, the buttons and the picker of clients."""
    app.options("client")(offering.offer)
    app.view("client.save")(save)
    app.view("client.rename")(save_name)
    app.view("client.aliases")(save_aliases)
    app.view("client.pause")(save_pause)
    app.action(clicks("client.new"))(open_set_up)
    app.action(clicks("client.edit"))(_on_click(open_edit))
    app.action(clicks("client.rename"))(_on_click(open_rename))
    app.action(clicks("client.pause"))(_on_click(open_pause, lasting=False))
    app.action(clicks("client.resume"))(_on_click(resume, lasting=False))
    app.action(clicks("client.end"))(_on_click(end))
    reasons.register(app)


async def open_set_up(ack: AsyncAck, here: Here) -> None:
    """Open the form that sets up a client."""
    await ack()
    here.open(set_up_view(here))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new client, or what was changed about one."""
    values = forms.CLIENT_FORM.read(view, always=("name", "owner", "rhythm", "stage"))
    carried = read_metadata(view)
    draft = as_id(carried["d"]) if "d" in carried else None
    details, channels = await read_details(here, values)
    with faults_at_fields(details, channels):
        if "c" in carried:
            client = await _save_changes(here, details, carried)
            await _show_changed(here, ack, client, _done("Client saved", client, "is saved."))
            return
        async with here.work() as session:
            client = await service.set_up(
                session, details, by=here.member.id, key=_key(carried), now=here.now, today=here.local.date()
            )
    await _show_changed(here, ack, client, forms.set_up_panel(client, draft))


async def _save_changes(here: Here, details: service.Details, carried: dict[str, str]) -> Client:
    try:
        async with here.work() as session:
            client = await _editable(session, here, carried["c"])
            if "h" in carried:
                await service.require_unchanged(session, client.id, carried["h"], key=_key(carried), now=here.now)
            return await service.edit(session, client.id, details)
    except ChangedMeanwhile:
        raise FieldErrors({"name": CHANGED}) from None


async def save_name(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Rename a client."""
    name = forms.RENAME_FORM.read(view, always=("name",))["name"]
    try:
        async with here.work() as session:
            before = await _editable(session, here, read_metadata(view).get("c"))
            client = await service.rename(session, before.id, name)
    except NameTaken as fact:
        raise FieldErrors({"name": taken(fact)}) from None
    except (BadName, TooManyAliases) as fact:
        raise FieldErrors({"name": str(fact)}) from None
    sentence = markup("{old} is called {new} now. The old name goes on working.", old=before.name, new=client.name)
    await _show_changed(here, ack, client, forms.done_panel("Renamed", sentence, client))


async def save_aliases(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a client's other names."""
    aliases = forms.typed_aliases(forms.ALIASES_FORM.read(view).get("aliases"))
    try:
        async with here.work() as session:
            before = await _editable(session, here, read_metadata(view).get("c"))
            client = await service.set_aliases(session, before.id, aliases)
    except NameTaken as fact:
        raise FieldErrors({"aliases": taken(fact)}) from None
    except (BadName, TooManyAliases) as fact:
        raise FieldErrors({"aliases": str(fact)}) from None
    await _show_changed(here, ack, client, _done("Names saved", client, "answers to those names now."))


async def save_pause(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Pause a client, until a day or until further notice."""
    until, today = forms.PAUSE_FORM.read(view).get("until"), here.local.date()
    if until is not None and until <= today:
        raise FieldErrors({"until": "Pick a day after today, or leave it empty."})
    async with here.work() as session:
        before = await _editable(session, here, read_metadata(view).get("c"), lasting=until is None)
        client = await service.pause(session, before.id, until, today=today)
    words = f"is paused until {day(until)}." if until else "is paused until you resume."
    await _show_changed(here, ack, client, _done("Paused", client, words, forms.resume_button(client)))


async def open_edit(here: Here, ack: AsyncAck, client: Client) -> None:
    """Open the form with what is known about a client."""
    async with here.look() as session:
        sheet = await service.sheet(session, client.id)
    await ack()
    here.open(forms.edit_view(sheet))


async def open_rename(here: Here, ack: AsyncAck, client: Client) -> None:
    """Open the form that renames a client."""
    await ack()
    here.open(forms.rename_view(client))


async def open_pause(here: Here, ack: AsyncAck, client: Client) -> None:
    """Open the form that pauses a client."""
    service.require_running(client)
    await ack()
    here.open(forms.pause_view(client))


async def resume(here: Here, ack: AsyncAck, client: Client) -> None:
    """Look after a client again."""
    async with here.work() as session:
        client = await service.resume(session, client.id, today=here.local.date())
    await _show_changed(here, ack, client, _done("Resumed", client, "is active again."))


async def end(here: Here, ack: AsyncAck, client: Client) -> None:
    """Note that a relationship ended today."""
    async with here.work() as session:
        client = await service.end(session, client.id, here.local.date())
    words = "has ended. Every note is kept, and `/client` still finds it by its name."
    await _show_changed(here, ack, client, _done("Ended", client, words, forms.resume_button(client)))


async def ask_to_end(here: Here, ack: AsyncAck, client: Client) -> None:
    """Show the button that ends a relationship."""
    sentence = markup("End the relationship with {client}?", client=client.name)
    await here.show(ack, Panel("End", sentence, [section(sentence), actions(forms.end_button(client))]))


async def new_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client new [name]`."""
    await ack()
    here.open(set_up_view(here, name=rest))


async def rename_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client rename northwind [new name]`."""
    client, name = await _named(here, rest)
    await ack()
    here.open(forms.rename_view(client, name))


async def aliases_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client aliases northwind [names]`."""
    client, typed = await _named(here, rest)
    async with here.look() as session:
        known = (await service.sheet(session, client.id)).aliases
    aliases = forms.listed_aliases((*known, *forms.typed_aliases(typed)))
    if len(aliases) > forms.ALIASES.max_length:
        raise Refused(TOO_MANY)
    await ack()
    here.open(forms.aliases_view(client, aliases))


async def _show_changed(here: Here, ack: AsyncAck, client: Client, panel: Panel) -> None:
    await here.show(ack, panel)
    here.changed(client.id)


def _on_click(change: Change, *, lasting: bool = True) -> Callable[..., Awaitable[None]]:
    """Return a listener that makes a change to the client of a button; one that is not lasting is for covers, too."""

    async def clicked(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        async with here.look() as session:
            client = await _editable(session, here, action.get("value"), lasting=lasting)
        await change(here, ack, client)

    return clicked


def _on_words(change: Change, *, lasting: bool = True) -> Callable[[Here, AsyncAck, str], Awaitable[None]]:
    """Return what a subcommand does that makes a change to the client it names; as `_on_click`."""

    async def said(here: Here, ack: AsyncAck, rest: str) -> None:
        client, _ = await _named(here, rest, lasting=lasting)
        await change(here, ack, client)

    return said


async def _named(here: Here, rest: str, *, lasting: bool = True) -> tuple[Client, str]:
    example = f"/client {here.envelope.typed.split(None, 1)[0].casefold()} northwind"
    async with here.look() as session:
        client, more = await service.named(session, rest, channel=here.envelope.channel, example=example)
        await service.require_editor(session, client, here.member, lasting=lasting)
    return client, more


async def _editable(session: Work, here: Here, value: object, *, lasting: bool = True) -> Client:
    """Return the client of a button or a form, if this member may change it."""
    client = await service.get(session, as_id(value))
    await service.require_editor(session, client, here.member, lasting=lasting)
    return client


def _key(carried: dict[str, str]) -> str:
    nonce: uuid.UUID = as_id(carried.get("n"))
    return f"view:{nonce}"


def _done(title: str, client: Client, words: str, *more: Element) -> Panel:
    return forms.done_panel(title, markup("{client} {words}", client=client.name, words=words), client, *more)


VERBS = (
    Verb(("new",), "Set up a client", "/client new Northwind", new_verb),
    Verb(("edit",), "Change a client", "/client edit northwind", _on_words(open_edit)),
    Verb(("rename",), "Rename a client", "/client rename northwind Northwind Nordic", rename_verb),
    Verb(("aliases", "alias"), "Other names for a client", "/client aliases northwind NW, North", aliases_verb),
    Verb(("pause",), "Pause a client", "/client pause northwind", _on_words(open_pause, lasting=False)),
    Verb(("resume",), "Look after a client again", "/client resume northwind", _on_words(resume, lasting=False)),
    Verb(("end",), "End a relationship", "/client end northwind", _on_words(ask_to_end)),
)
