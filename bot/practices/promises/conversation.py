"""What people do with promises in Slack: keep one, change it, move it, say what became of it."""

import uuid
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.forms import no_client
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.practice import Verb, clicks
from bot.practices.promises import drawing, forms, recognise, service, wording
from bot.practices.promises.rules import PromiseState
from bot.practices.promises.service import Details, Promise
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.here import Here, as_id
from bot.workspaces.picking import ours

__all__ = ["VERBS", "register"]

EXAMPLE = "/client promise northwind media plan by Friday"
CANNOT_READ = "They couldn't read this promise. Pick somebody in the client's team, or let everyone here see it."
NOT_KNOWN = "Ember does not know that choice any more. Please open the card again."
SETTLES = {state.value: state for state in PromiseState if state is not PromiseState.OPEN}


def register(app: AsyncApp) -> None:
    """Listen to the forms and to every button about a promise."""
    app.view(forms.FORM.name)(save)
    app.view(forms.MOVE.name)(save_move)
    app.action(clicks("promise.new"))(open_new)
    app.action(clicks("promise.edit"))(open_edit)
    app.action(clicks("promise.drop"))(drop)
    app.action(clicks("promise.move"))(open_move)
    app.action(clicks("promise.unmove"))(unmove)
    app.action(clicks("promise.more"))(more)
    app.action(clicks("promise.done"))(done)
    app.action(clicks("promise.undo"))(undo)


async def promise_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client promise northwind media plan by Friday`: the form, filled in with what was said."""
    client, said = None, ""
    async with here.look() as session:
        channel = here.envelope.channel
        if rest or await clients.in_channel(session, channel):
            client, said = await clients.named_or_here(session, rest, channel=channel, example=EXAMPLE)
    guess = recognise.in_line(said, here.local.date())
    await ack()
    here.open(forms.blank(new_id(), client, here.member.slack_id, said=guess, words=said))


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, for the client of the button if it has one."""
    client = None
    if action.get("value"):
        async with here.look() as session:
            client = await clients.get(session, as_id(action["value"]))
    await ack()
    here.open(forms.blank(new_id(), client, here.member.slack_id))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with a promise that is kept already."""
    async with here.look() as session:
        promise = await service.editable(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, promise.client_id)
        events = await service.events(session, promise.id)
        known = await members_by_id(session, {promise.carrier_id, *(event.member_id for event in events)})
    names = {member.id: member.name for member in known.values()}
    became = [wording.told(event, names.get(event.member_id, ""), here.local) for event in events]
    carrier = known[promise.carrier_id].slack_id if promise.carrier_id in known else None
    await ack()
    here.open(forms.filled(promise, client.name, carrier, became=became))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new promise, or what was changed about one."""
    carried, today = read_metadata(view), here.local.date()
    said = forms.read(view, today, kept="p" in carried)
    carrier = await _carrier(here, said.get("carrier"))
    try:
        async with here.work() as session:
            promise = await _keep(session, here, said, carrier, carried)
            client = await clients.get(session, promise.client_id)
    except clients.UnknownClient:
        raise no_client() from None
    except service.CannotRead:
        raise FieldErrors({"carrier": CANNOT_READ}) from None
    except service.Settled as fact:
        raise FieldErrors({"due": str(fact)}) from None
    except NotTheirsAlone as fact:
        raise FieldErrors({"visibility": str(fact)}) from None
    await here.show(ack, drawing.saved(promise, client.name, today))
    here.changed(client.id)


async def _keep(session: Work, here: Here, said: dict[str, Any], carrier: Member, carried: dict[str, str]) -> Promise:
    kept, carrier_id = None, carrier.id
    if "p" in carried:
        promise_id = as_id(carried["p"])
        kept = await whose.held(session, lambda: service.editable(session, promise_id, by=here.member))
        carries = (await members_by_id(session, [kept.carrier_id])).get(kept.carrier_id)
        shown = forms.shown(kept, carries.slack_id if carries is not None else None)
        said = forms.FORM.merge({**said, "carrier": carrier.slack_id}, shown, carried)
        carrier_id = carrier.id if said["carrier"] == carrier.slack_id else kept.carrier_id
    details = Details(
        client_id=kept.client_id if kept is not None else as_id(said["client"].id),
        what=" ".join(said["what"].split()),
        due_on=said["due"],
        carrier_id=carrier_id,
        theirs=bool(said.get("theirs")),
        visibility=Visibility(said.get("visibility") or Visibility.TEAM),
    )
    if kept is not None:
        return await service.edit(session, kept.id, details, by=here.member, now=here.now)
    return await service.make(session, details, by=here.member, key=f"view:{as_id(carried.get('n'))}", now=here.now)


async def _carrier(here: Here, slack_id: str | None) -> Member:
    """Return who was picked, the member where nobody was; asks Slack, so no session may be open."""
    if slack_id is None or slack_id == here.member.slack_id:
        return here.member
    return await ours(here, slack_id, "carrier", "can't keep a promise")


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Delete a promise."""
    async with here.work() as session:
        promise = await service.forget(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, promise.client_id)
    await here.show(ack, drawing.deleted(promise, client.name))
    here.changed(client.id)


async def open_move(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask for another day."""
    async with here.look() as session:
        promise = await service.editable(session, as_id(action.get("value")), by=here.member)
        client = await clients.get(session, promise.client_id)
    if promise.state is not PromiseState.OPEN:
        raise Refused(service.SETTLED)
    await ack()
    here.open(forms.move(promise, client.name, here.local.date()))


async def save_move(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Give a promise another day."""
    today = here.local.date()
    to, why = forms.read_move(view, today)
    promise_id = as_id(read_metadata(view).get("p"))
    async with here.work() as session:
        promise, move_id = await service.move(session, promise_id, to, why, by=here.member, now=here.now)
        client = await clients.get(session, promise.client_id)
    await here.show(ack, drawing.moved(promise, client.name, today, undoes=move_id))
    here.changed(client.id)


async def unmove(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Give a promise back the day it had before."""
    promise_id, _, move_id = str(action.get("value")).partition(":")
    async with here.work() as session:
        promise = await service.unmove(session, as_id(promise_id), as_id(move_id), by=here.member)
        client = await clients.get(session, promise.client_id)
    await here.show(ack, drawing.moved(promise, client.name, here.local.date()))
    here.changed(client.id)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in a promise's menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    if chosen == "move":
        await open_move(ack, here, {"value": key})
    elif chosen == "edit":
        await open_edit(ack, here, {"value": key})
    elif chosen in SETTLES:
        await _settle(ack, here, action, as_id(key), SETTLES[chosen])
    else:
        raise Refused(NOT_KNOWN)


async def done(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a button's promise is done."""
    await _settle(ack, here, action, as_id(action.get("value")), PromiseState.KEPT)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a button's promise is open after all."""
    await _settle(ack, here, action, as_id(action.get("value")), PromiseState.OPEN)


async def _settle(
    ack: AsyncAck, here: Here, action: dict[str, Any], promise_id: uuid.UUID, state: PromiseState
) -> None:
    async with here.work() as session:
        promise = await service.settle(session, promise_id, by=here.member, state=state, now=here.now)
        client = await clients.get(session, promise.client_id)
    await _show(ack, here, action, drawing.settled(promise, client.name))
    here.changed(client.id)


async def _show(ack: AsyncAck, here: Here, action: dict[str, Any], panel: Panel) -> None:
    """Show a press where it was made: at once on a card and in a window, a moment later in a morning."""
    is_on_card = str(action.get("action_id")).partition(":")[2] == drawing.ON_A_CARD
    if is_on_card or here.envelope.view.get("type") == "modal":
        await here.show(ack, panel)
    else:
        await ack()


VERBS = (
    Verb(
        ("promise", "promised"),
        "Keep a promise, ours or theirs",
        EXAMPLE,
        promise_verb,
    ),
)
