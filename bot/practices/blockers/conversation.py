"""What people do about blockers in Slack: note one, say another way round, close it, open it again, delete it."""

import uuid
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.blockers import forms, service, showing
from bot.practices.blockers.service import Blocker, Details
from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.forms import no_client, open_card
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.practice import clicks
from bot.slack.blocks import Element, actions, button, section
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import lines, markup, shorten
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["register"]

NOT_KNOWN: Final = "Ember does not know that choice any more. Please open the card again."


def register(app: AsyncApp) -> None:
    """Listen to the forms and to every button about a blocker."""
    app.view(forms.FORM.name)(save)
    app.view(forms.CLOSE.name)(save_closed)
    app.action(clicks("blocker.new"))(open_new)
    app.action(clicks("blocker.edit"))(open_edit)
    app.action(clicks("blocker.close"))(open_close)
    app.action(clicks("blocker.more"))(more)
    app.action(clicks("blocker.undo"))(undo)
    app.action(clicks("blocker.drop"))(drop)


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, or one that says what a check-in's note does: value "client" or "client:check-in" (ids)."""
    client_id, _, checkin_id = str(action.get("value") or "").partition(":")
    client, noted = None, None
    async with here.look() as session:
        if client_id:
            client = await clients.get(session, as_id(client_id))
        if checkin_id:
            noted = await _noted(session, here, as_id(checkin_id))
    await ack()
    if noted is None:
        here.open(forms.blank(new_id(), client))
    else:
        here.open(forms.blank(new_id(), client, checkin_id=noted.id, words=noted.note, visibility=noted.visibility))


async def _noted(session: Work, here: Here, checkin_id: uuid.UUID) -> Checkin | None:
    return (await checkins.readable(session, [checkin_id], here.me)).get(checkin_id)


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new blocker, or what was changed about one."""
    carried, today = read_metadata(view), here.local.date()
    details, picked = forms.read(view, today, kept="b" in carried)
    try:
        async with here.work() as session:
            if "b" in carried:
                kept = await _held(session, here, as_id(carried["b"]))
                details = Details(**forms.FORM.merge(vars(details), vars(kept.details), carried))
                one = await service.edit(session, kept.id, details, by=here.member)
            else:
                client_id = as_id(picked)
                noted = await _noted(session, here, as_id(carried["k"])) if "k" in carried else None
                of = noted.id if noted is not None and noted.client_id == client_id else None
                key = f"view:{as_id(carried.get('n'))}"
                one = await service.add(
                    session, client_id, details, checkin_id=of, by=here.member, key=key, now=here.now
                )
            client = await clients.get(session, one.client_id)
    except clients.UnknownClient:
        raise no_client() from None
    except NotTheirsAlone as fault:
        raise FieldErrors({"visibility": str(fault)}) from None
    row = button("Edit", "blocker.edit", value=str(one.id)), button("It's over", "blocker.close", value=str(one.id))
    await _show(ack, here, Panel("Blocker saved", *_body(one, client.name, here, *row)), one)


async def _held(session: Work, here: Here, blocker_id: uuid.UUID) -> Blocker:
    return await whose.held(session, lambda: service.editable(session, blocker_id, by=here.member))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with a blocker that is kept already."""
    async with here.look() as session:
        one = await service.editable(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    await ack()
    here.open(forms.filled(one, client.name))


async def open_close(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask which other way there was, and how it ended."""
    async with here.look() as session:
        one = await service.editable(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    await ack()
    here.open(forms.close(one, client.name))


async def save_closed(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Note that a blocker is over."""
    said, carried = forms.CLOSE.read(view, always=(forms.OTHER_WAY, "ended")), read_metadata(view)
    async with here.work() as session:
        kept = await _held(session, here, as_id(carried.get("b")))
        said = forms.CLOSE.merge(said, forms.ending(kept), carried)
        one = await service.close(session, kept.id, **said, by=here.member, today=here.local.date())
        client = await clients.get(session, one.client_id)
    says = markup("✓ {client} · “{what}” is over.", client=client.name, what=shorten(one.details.what, 200))
    row = button("Undo", "blocker.undo", value=str(one.id)), open_card(one.client_id)
    await _show(ack, here, Panel("It's over", says, [section(says), actions(*row)]), one)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a blocker is there after all."""
    async with here.work() as session:
        one = await service.reopen(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, one.client_id)
    await _show(ack, here, Panel("Open again", *_body(one, client.name, here), outcome="It is open again."), one)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in a blocker's menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    opens = {"close": open_close, "edit": open_edit}.get(chosen)
    if opens is None:
        raise Refused(NOT_KNOWN)
    await opens(ack, here, {"value": key})


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete a blocker."""
    async with here.work() as session:
        one = await service.drop(session, as_id(action.get("value")), by=here.member)
    says = markup("“{what}” is not kept any more.", what=shorten(one.details.what, 200))
    blocks = [section(says), actions(open_card(one.client_id))]
    await _show(ack, here, Panel("Blocker deleted", says, blocks, outcome="The blocker is deleted."), one)


def _body(one: Blocker, client: str, here: Here, *row: Element) -> tuple[str, list[dict[str, Any]]]:
    """Return a blocker as a sentence for screen readers, and as blocks."""
    shown = lines([markup("*{client}*", client=client), showing.line(one, here.local.date())])
    says = markup("In {client}'s way: {what}.", client=client, what=shorten(one.details.what, 200))
    return says, [section(shown), actions(*row, open_card(one.client_id))]


async def _show(ack: AsyncAck, here: Here, panel: Panel, one: Blocker) -> None:
    await here.show(ack, panel)
    here.changed(one.client_id)
