"""What people do with differences in Slack: note one, say it differently, settle it."""

import uuid
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.differences import forms, panels, rules, service
from bot.practices.differences.service import Difference
from bot.practices.practice import clicks
from bot.slack.forms import FieldErrors, read_metadata
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["register"]


def register(app: AsyncApp) -> None:
    """Connect the forms and the buttons."""
    app.view(forms.FORM.name)(save)
    app.view(forms.CLOSING.name)(save_closed)
    app.action(clicks("difference.new"))(open_new)
    app.action(clicks("difference.edit"))(open_edit)
    app.action(clicks("difference.close"))(open_closing)
    app.action(clicks("difference.reopen"))(reopen)
    app.action(clicks("difference.drop"))(drop)


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form for a button's client; the check-in it came up in may stand behind a colon."""
    client_id, _, checkin_id = str(action.get("value")).partition(":")
    async with here.look() as session:
        client = await clients.get(session, as_id(client_id))
        origin = as_id(checkin_id) if checkin_id else None
        checkin = await service.origin(session, origin, here.member, client.id)
    await ack()
    here.open(forms.blank(new_id(), client, origin, checkin.visibility if checkin else Visibility.TEAM))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with a difference that is kept already."""
    one, name = await _editable(here, as_id(action.get("value")))
    await ack()
    here.open(forms.filled(one, name))


async def open_closing(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask what a difference came to."""
    one, name = await _editable(here, as_id(action.get("value")))
    await ack()
    here.open(forms.closing(one, name))


async def _editable(here: Here, difference_id: uuid.UUID) -> tuple[Difference, str]:
    async with here.look() as session:
        one = await service.editable(session, difference_id, by=here.member)
        return one, await _name(session, one)


async def _held(session: Work, here: Here, difference_id: uuid.UUID) -> Difference:
    return await whose.held(session, lambda: service.editable(session, difference_id, by=here.member))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new difference, or what was changed about one."""
    carried, details, today = read_metadata(view), forms.read(view), here.local.date()
    try:
        async with here.work() as session:
            if "d" in carried:
                kept = await _held(session, here, as_id(carried["d"]))
                details = replace(details, **forms.FORM.merge(forms.said(details), forms.said(kept), carried))
                one = await service.edit(session, kept.id, details, by=here.member, today=today)
            else:
                key = f"view:{as_id(carried.get('n'))}"
                one = await service.add(session, details, by=here.member, key=key, now=here.now, today=today)
            name = await _name(session, one)
    except rules.BadDay as fault:
        raise FieldErrors({"resolve_by": str(fault)}) from None
    except NotTheirsAlone as fault:
        raise FieldErrors({"visibility": str(fault)}) from None
    await here.show(ack, panels.saved(one, name, today, fresh="d" not in carried))
    here.changed(one.client_id)


async def save_closed(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what a difference came to."""
    said, carried = forms.CLOSING.read(view, always=("resolution",)), read_metadata(view)
    async with here.work() as session:
        kept = await _held(session, here, as_id(carried.get("d")))
        said = forms.CLOSING.merge(said, {"resolution": kept.resolution}, carried)
        one = await service.close(session, kept.id, said["resolution"], by=here.member, now=here.now)
        name = await _name(session, one)
    await here.show(ack, panels.settled(one, name))
    here.changed(one.client_id)


async def reopen(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Have a difference be open after all."""
    async with here.work() as session:
        one = await service.reopen(session, as_id(action.get("value")), by=here.member)
        name = await _name(session, one)
    await here.show(ack, panels.saved(one, name, here.local.date()))
    here.changed(one.client_id)


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Forget a difference; its words are shown once more."""
    async with here.work() as session:
        one = await service.drop(session, as_id(action.get("value")), by=here.member)
        name = await _name(session, one)
    await here.show(ack, panels.dropped(one, name))
    here.changed(one.client_id)


async def _name(session: Work, one: Difference) -> str:
    return (await clients.get(session, one.client_id)).name
