"""What people do with contacts in Slack: add one, change one, pick them by typing."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients.forms import no_client, open_card
from bot.practices.clients.service import Client
from bot.practices.people import forms, service
from bot.practices.people.forms import FORM
from bot.practices.people.rules import BadBoss, BadName, UnknownZone, zones
from bot.practices.people.service import Contact, EmailTaken, NameTaken
from bot.practices.practice import clicks
from bot.slack import limits
from bot.slack.blocks import actions, button, option, section
from bot.slack.fields import Picked
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import markup
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["register"]


Renamed = Callable[[Work, Contact], Awaitable[None]]
"""Has what is kept elsewhere about a person be found by the name they go by now."""


def register(app: AsyncApp, *, renamed: Renamed) -> None:
    """Listen to the form, the buttons, and the pickers of people and time zones."""

    async def keep(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
        await save(ack, here, view, renamed)

    app.options(forms.PEOPLE)(offer_people)
    app.options(forms.REPORTS_TO)(offer_people)
    app.options("zone")(offer_zones)
    app.view(FORM.name)(keep)
    app.action(clicks("person.new"))(open_new)
    app.action(clicks("person.edit"))(open_edit)


async def offer_people(ack: AsyncAck, here: Here, payload: dict[str, Any]) -> None:
    """Answer what is typed into a picker of people: those of the client that the form is about."""
    client_id = _client_of(payload.get("view"))
    contacts: list[Contact] = []
    if client_id is not None:
        async with here.look() as session:
            contacts = await service.offer(session, client_id, _typed(payload), limit=limits.SELECT_OPTIONS)
    await ack(options=forms.offered(contacts))


def _client_of(view: object) -> uuid.UUID | None:
    """Return the client chosen in an open form, else the one it was opened for."""
    picked: Picked | None = FORM.state(view).get("client")
    try:
        return uuid.UUID(picked.id if picked else read_metadata(view).get("c", ""))
    except ValueError:
        return None


async def offer_zones(ack: AsyncAck, here: Here, payload: dict[str, Any]) -> None:
    """Answer what is typed into a picker of time zones, the member's own first."""
    found = zones(_typed(payload), first=here.member.tz, limit=limits.SELECT_OPTIONS)
    await ack(options=[option(forms.place(zone), zone) for zone in found])


def _typed(payload: dict[str, Any]) -> str:
    value = payload.get("value")
    return value if isinstance(value, str) else ""


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, for the client of the button if it has one."""
    client = None
    if action.get("value"):
        async with here.look() as session:
            client = await clients.get(session, as_id(action["value"]))
    await ack()
    here.open(forms.blank(client))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with what is known about a person."""
    async with here.look() as session:
        contact = await service.get(session, as_id(action.get("value")))
        client = await clients.get(session, contact.client_id)
        boss = await service.get(session, contact.reports_to_id) if contact.reports_to_id is not None else None
    await ack()
    here.open(forms.filled(contact, client, boss))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any], renamed: Renamed) -> None:
    """Keep a new person, or what was changed about one."""
    carried = read_metadata(view)
    values = FORM.read(view, always=("name",) if "p" in carried else ("client", "name"))
    try:
        async with here.work() as session:
            if "p" in carried:
                contact = await _change(session, here, values, carried, renamed)
            else:
                contact = await _add(session, here, values, carried)
            client = await clients.get(session, contact.client_id)
    except NameTaken as fact:
        there = f"{fact.contact.name} is there already. Add a surname, or edit the one you have."
        raise FieldErrors({"name": there}) from None
    except EmailTaken as fact:
        raise FieldErrors({"email": f"{fact.contact.name} has that address already."}) from None
    except clients.NotTheirs as fault:
        raise FieldErrors({"email": str(fault)}) from None
    except BadName as fact:
        raise FieldErrors({"name": str(fact)}) from None
    except UnknownZone as fact:
        raise FieldErrors({"zone": str(fact)}) from None
    except BadBoss as fact:
        raise FieldErrors({forms.REPORTS_TO: str(fact)}) from None
    except clients.UnknownClient:
        raise no_client() from None
    await here.show(ack, _saved(contact, client))
    here.changed(client.id)


async def _add(session: Work, here: Here, values: dict[str, Any], carried: dict[str, str]) -> Contact:
    return await service.add(
        session,
        as_id(values["client"].id),
        values["name"],
        values.get("job"),
        _picked(values, "zone"),
        email=values.get("email"),
        by=here.member.id,
        key=f"view:{as_id(carried.get('n'))}",
        now=here.now,
    )


async def _change(
    session: Work, here: Here, values: dict[str, Any], carried: dict[str, str], renamed: Renamed
) -> Contact:
    contact_id, boss = as_id(carried["p"]), _picked(values, forms.REPORTS_TO)
    before = await service.get(session, contact_id)
    address = FORM.merge({"email": values.get("email")}, {"email": before.email}, carried)["email"]
    contact = await service.edit(
        session,
        contact_id,
        values["name"],
        values.get("job"),
        _picked(values, "zone"),
        email=address,
        reports_to=as_id(boss) if boss is not None else None,
    )
    if contact.email != before.email:
        await clients.require_editor(session, await clients.get(session, contact.client_id), here.member)
    if contact.name != before.name:
        await renamed(session, contact)
    if bool(values.get("left")) is contact.has_left:
        return contact
    moved = service.came_back if contact.has_left else service.mark_left
    return await moved(session, contact_id)


def _picked(values: dict[str, Any], name: str) -> str | None:
    picked: Picked | None = values.get(name)
    return picked.id if picked else None


def _saved(contact: Contact, client: Client) -> Panel:
    sentence = markup("{name} at {client} is saved.", name=contact.name, client=client.name)
    value = str(client.id)
    buttons = actions(
        button("Profile", "person.profile", value=str(contact.id)),
        button("Add another", "person.new", value=value),
        button("Log a check-in", "checkin.log", value=value),
        open_card(client.id),
    )
    return Panel("Person saved", sentence, [section(sentence), buttons])
