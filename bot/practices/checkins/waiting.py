"""A line that lacks something: it is kept, and waits for its client, its rating or its words, asked for in one tap."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import forms, lines, panels, rules, service
from bot.practices.checkins.answers import as_refused, client_of, show_saved
from bot.practices.checkins.rows import Draft
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import offering
from bot.practices.clients import service as clients
from bot.practices.clients.forms import set_up_view
from bot.practices.clients.service import Client, Found
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.pickers import Picked
from bot.store.base import new_id
from bot.workspaces.here import Here, as_id

LONG = "That is longer than {limit:,} characters. Shorten it, or split it in two."


def register(app: AsyncApp) -> None:
    """Connect the buttons, and the list of clients to look in."""
    app.action(clicks("draft.client"))(choose_client)
    app.action(clicks(panels.ANOTHER))(look_for_client)
    app.options(clicks(panels.ANOTHER))(offering.offer)
    app.action(clicks("draft.feel"))(choose_feeling)
    app.action("draft.new")(new_client)


async def log_line(here: Here, ack: AsyncAck, text: str, *, via: Via) -> None:
    """Log one line; where it lacks a client, a rating or words, keep it and ask for just that."""
    if len(text) > forms.NOTE.max_length:
        raise Refused(LONG.format(limit=forms.NOTE.max_length))
    async with here.look() as session:
        heard = await lines.hear(session, text, here.envelope.channel)
        nearest = [] if heard.client else await clients.nearest(session, text)
    if heard.client is None:
        await _ask(here, ack, _draft(here, text, via), lambda kept: panels.which_client(kept, nearest))
    elif not heard.words:
        await _ask_for_words(here, ack, heard.client, heard.feeling)
    elif heard.feeling is None:
        client = heard.client
        draft = _draft(here, heard.words, via, client_id=client.id)
        await _ask(here, ack, draft, lambda kept: panels.how_did_it_leave_them(kept, client.name))
    else:
        note = Note(heard.client.id, heard.feeling, heard.words, via)
        try:
            async with here.work() as session:
                receipt = await service.record(session, note, by=here.member, key=here.envelope.delivery, now=here.now)
        except (service.UnknownCheckin, service.NotTheAuthor) as error:
            raise as_refused(error) from None
        if receipt.repeated and via is Via.DM:
            await ack()
            return
        await show_saved(here, ack, receipt)


def _draft(here: Here, text: str, via: Via, *, client_id: uuid.UUID | None = None) -> Draft:
    return Draft(new_id(), here.member.id, client_id, None, text, via, here.now)


async def _ask(here: Here, ack: AsyncAck, draft: Draft, question: Callable[[Draft], Panel]) -> None:
    """Keep a line and ask for what it lacks; a message that is delivered twice is asked about once."""
    try:
        async with here.work() as session:
            kept = await service.keep_draft(session, draft, by=here.member, key=here.envelope.delivery)
    except service.UnknownCheckin as error:
        raise as_refused(error) from None
    if kept.id != draft.id and draft.via is Via.DM:
        await ack()
        return
    await here.show(ack, question(kept))


async def _ask_for_words(here: Here, ack: AsyncAck, client: Found, feeling: int | None) -> None:
    if not here.envelope.trigger_id:
        example = f"`{client.name} 4 paused when asked about Q3`"
        raise Refused(f"What happened? Add a few words after the rating, such as {example}.")
    await ack()
    values = {"client": Picked(str(client.id), client.name), "feeling": str(feeling) if feeling else None}
    here.open(forms.blank(new_id(), values=values, metadata=forms.about(client.id)))


async def choose_client(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Give a waiting line its client; then it is logged, or asks for its rating."""
    draft_id, _, client_id = str(action.get("value")).partition(":")
    receipt = None
    try:
        async with here.work() as session:
            draft = await service.draft(session, as_id(draft_id), by=here.member)
            client = await client_of(session, as_id(client_id))
            draft = _about_client(draft, client)
            if draft.text and draft.feeling is not None:
                receipt = await service.settle_draft(session, draft, by=here.member, now=here.now)
            elif draft.text:
                await service.change_draft(session, draft)
    except (service.UnknownCheckin, service.NotTheAuthor) as error:
        raise as_refused(error) from None
    if receipt is not None:
        await show_saved(here, ack, receipt)
    elif draft.text:
        await here.show(ack, panels.how_did_it_leave_them(draft, client.name))
    else:
        await _ask_for_words(here, ack, Found(client.id, client.name, client.status), draft.feeling)


async def look_for_client(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Give a waiting line the client that was looked for."""
    draft_id = str(action.get("action_id")).partition(":")[2]
    client_id = (action.get("selected_option") or {}).get("value")
    await choose_client(ack, here, {"value": f"{draft_id}:{client_id}"})


def _about_client(draft: Draft, client: Client) -> Draft:
    """Return a waiting line with its client, and without the name it opened with; one that has a client is read."""
    if draft.client_id is not None:
        return replace(draft, client_id=client.id)
    named = lines.without_name(draft.text, client.name)
    return replace(draft, client_id=client.id, feeling=named.feeling, text=named.words)


async def choose_feeling(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Give a waiting line its rating, and log it."""
    draft_id, _, feeling = str(action.get("value")).partition(":")
    if feeling not in {str(int(each)) for each in rules.Feeling}:
        raise Refused("Ember does not know that rating. Please log the line again.")
    try:
        async with here.work() as session:
            draft = await service.draft(session, as_id(draft_id), by=here.member)
            receipt = await service.settle_draft(
                session, replace(draft, feeling=int(feeling)), by=here.member, now=here.now
            )
    except (service.UnknownCheckin, service.NotTheAuthor, clients.UnknownClient) as error:
        raise as_refused(error) from None
    await show_saved(here, ack, receipt)


async def new_client(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Set up the client that a waiting line is about; the line waits on."""
    try:
        async with here.look() as session:
            draft = await service.draft(session, as_id(action.get("value")), by=here.member)
    except service.UnknownCheckin as error:
        raise as_refused(error) from None
    await ack()
    here.open(set_up_view(here, name=lines.likely_name(draft.text), draft_id=str(draft.id)))
