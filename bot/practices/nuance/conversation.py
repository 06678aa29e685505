"""What people do with a person's page in Slack: open it, fill it in, add a line, check a draft, note that they left."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.rules import fold
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.nuance import drawing, forms, line_forms, service
from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import MANY
from bot.practices.nuance.wording import LABELS
from bot.practices.people import forms as people_forms
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Verb, clicks
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.text import shorten
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["VERBS", "register"]

NOTED = "That is noted."
UNKNOWN = "Ember does not know that form any more. Please open it again."


def register(app: AsyncApp) -> None:
    """Listen to the forms and to every button of a person's page."""
    app.action(clicks("person.profile"))(show)
    app.action(clicks("person.left"))(left)
    app.action(clicks("person.back"))(came_back)
    app.action(clicks("profile.open"))(_opening(forms.PROFILE))
    app.action(clicks("language.open"))(_opening(forms.LANGUAGE_CARD))
    app.action(clicks("profile.more"))(expand)
    app.view(forms.PROFILE.name)(_saving(forms.PROFILE))
    app.view(forms.LANGUAGE_CARD.name)(_saving(forms.LANGUAGE_CARD))
    app.action(clicks("fact.new"))(open_new)
    app.action(clicks("fact.edit"))(open_edit)
    app.action(clicks("fact.drop"))(drop)
    app.action(clicks("fact.list"))(show_all)
    for form in line_forms.FORMS.values():
        app.view(form.name)(save_line)
    app.action(clicks("words.check"))(open_draft)
    app.view(forms.DRAFT.name)(check)


async def person_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client person northwind Priya`: their page, where they are known; else the form for somebody new."""
    client, said = None, ""
    found: list[Contact] = []
    async with here.look() as session:
        if rest or await clients.in_channel(session, here.envelope.channel):
            client, said = await clients.named(session, rest, channel=here.envelope.channel)
        name, _, job = said.partition(",")
        if client is not None and name.strip():
            found = _meant(await people.offer(session, client.id, name), name)
        known = await service.profile(session, found[0].id, here.me) if len(found) == 1 else None
    if known is not None:
        await here.show(ack, drawing.page(known, here.local))
    elif client is not None and found:
        await here.show(ack, drawing.which(found, client.name, client.id))
    else:
        await ack()
        here.open(people_forms.blank(client, name=name.strip(), job=job.strip()))


def _meant(found: list[Contact], name: str) -> list[Contact]:
    exactly = [contact for contact in found if fold(contact.name) == fold(name)]
    return exactly or found


async def show(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show a person's page as this member may see it."""
    async with here.look() as session:
        known = await service.profile(session, as_id(action.get("value")), here.me)
    await here.show(ack, drawing.page(known, here.local))


async def left(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a person has left: reminders about them stop, and what we know is kept."""
    await _move(ack, here, action, people.mark_left)


async def came_back(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a person is there still, or again."""
    await _move(ack, here, action, people.came_back)


async def _move(ack: AsyncAck, here: Here, action: dict[str, Any], move: Callable[..., Awaitable[Contact]]) -> None:
    async with here.work() as session:
        contact = await move(session, as_id(action.get("value")))
        known = await service.profile(session, contact.id, here.me)
    await here.show(ack, replace(drawing.page(known, here.local), outcome=NOTED))
    here.changed(contact.client_id)


def _opening(form: Form) -> Callable[..., Awaitable[None]]:
    async def open_form(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        async with here.look() as session:
            known = await service.profile(session, as_id(action.get("value")), here.me)
            await service.require_team(session, known.client, here.member)
        await ack()
        here.open(forms.opened(form, known))

    return open_form


async def expand(ack: AsyncAck, here: Here, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Show the whole of a form; what was typed stays."""
    shown, form = body.get("view") or {}, forms.FORMS.get(str(action.get("value")))
    if form is None:
        raise Refused(UNKNOWN)
    carried = read_metadata(shown)
    async with here.look() as session:
        contact = await people.get(session, as_id(carried.get("p")))
    await ack()
    here.update(forms.drawn(form, form.state(shown), carried, contact.name, whole=True))


def _saving(form: Form) -> Callable[..., Awaitable[None]]:
    async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
        contact_id = as_id(read_metadata(view).get("p"))
        async with here.work() as session:
            await clients.hold(session, (await people.get(session, contact_id)).client_id)
            before = await service.profile(session, contact_id, here.me)
            said = forms.read(form, view, before)
            known = await service.write(session, contact_id, said, by=here.member, now=here.now)
        await here.show(ack, drawing.page(known, here.local))
        here.changed(known.client.id)

    return save


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form for one more detail, observation, cause or sensitive topic."""
    kind, _, key = str(action.get("value")).partition(":")
    field = line_forms.kind({"k": kind})
    if field is None:
        raise Refused(UNKNOWN)
    async with here.look() as session:
        contact = await people.get(session, as_id(key))
    await ack()
    here.open(line_forms.blank(field, contact.id, contact.name, new_id()))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with one that is kept already."""
    fact_id, _, key = str(action.get("value")).partition(":")
    async with here.look() as session:
        fact = await service.editable(session, as_id(fact_id), by=here.member)
        contact = await people.get(session, as_id(key))
    if fact.field not in MANY:
        raise Refused(UNKNOWN)
    await ack()
    here.open(line_forms.filled(fact, contact.id, contact.name))


async def _held(session: Work, here: Here, fact_id: uuid.UUID) -> Fact:
    return await whose.held(session, lambda: service.editable(session, fact_id, by=here.member))


async def save_line(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep one more, or what was changed about one."""
    carried = read_metadata(view)
    field, contact_id = line_forms.kind(carried), as_id(carried.get("p"))
    if field is None:
        raise Refused(UNKNOWN)
    try:
        async with here.work() as session:
            kept = await _held(session, here, as_id(carried["f"])) if "f" in carried else None
            said, seen_by, of_client = line_forms.read(field, view, kept)
            if kept is not None:
                await service.edit(session, kept.id, said, seen_by, by=here.member, now=here.now)
            else:
                await service.add(
                    session,
                    contact_id,
                    field,
                    said,
                    seen_by,
                    of_client=of_client,
                    by=here.member,
                    key=f"view:{as_id(carried.get('n'))}",
                    now=here.now,
                )
            known = await service.profile(session, contact_id, here.me)
    except NotTheirsAlone as fault:
        raise FieldErrors({line_forms.SEEN_BY: str(fault)}) from None
    await here.show(ack, drawing.page(known, here.local))
    here.changed(known.client.id)


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete one, for good."""
    fact_id, _, key = str(action.get("value")).partition(":")
    async with here.work() as session:
        gone = await service.drop(session, as_id(fact_id), by=here.member)
        contact = await people.get(session, as_id(key))
    await here.show(ack, drawing.dropped(gone, contact))
    here.changed(contact.client_id)


async def show_all(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show all of a kind about a person, as this member may see them."""
    kind, _, key = str(action.get("value")).partition(":")
    field = line_forms.kind({"k": kind})
    if field is None or field not in LABELS:
        raise Refused(UNKNOWN)
    async with here.look() as session:
        known = await service.profile(session, as_id(key), here.me)
    await here.show(ack, drawing.all_of(known, field, here.local))


async def open_draft(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask for the draft to check."""
    async with here.look() as session:
        contact = await _theirs(session, here, as_id(action.get("value")))
    await ack()
    here.open(forms.draft(contact.id, contact.name))


async def _theirs(session: Work, here: Here, contact_id: uuid.UUID) -> Contact:
    """Return somebody whose words to avoid the member may know: to others any draft would look fine."""
    contact = await people.get(session, contact_id)
    await service.require_team(session, await clients.get(session, contact.client_id), here.member)
    return contact


async def check(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Warn, at the draft itself, about words that somebody avoids; nothing is sent, and nothing kept."""
    draft = forms.DRAFT.read(view, always=("draft",))["draft"]
    async with here.look() as session:
        contact = await _theirs(session, here, as_id(read_metadata(view).get("p")))
        words = await service.check_draft(session, contact.id, draft, here.me)
    if words:
        listed = ", ".join(f"“{word}”" for word in words)
        raise FieldErrors({"draft": shorten(f"{contact.name} would rather not read {listed}. Nothing is sent.", 300)})
    await here.show(ack, drawing.fine(contact, draft))


VERBS = (
    Verb(
        ("person", "people", "contact"),
        "Open a person's page, or add a person",
        "/client person northwind Priya",
        person_verb,
    ),
)
