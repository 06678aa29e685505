"""What a page can ask for, one deed each; what a deed returns goes into its answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.playground.delivery import Answer
from bot.playground.page import happenings, instruments
from bot.playground.page.asking import mapping, maybe, number, text, values
from bot.playground.page.following import destination
from bot.playground.page.seat import Seat
from bot.playground.page.stage import Told
from bot.playground.page.wording import linked
from bot.playground.people import SLACKBOT, Channel, Message
from bot.playground.reading import conversation, history, readable, shown, thread
from bot.playground.views import View

Json = dict[str, Any]
Deed = Callable[[Seat, Json], Awaitable[Json]]

PAGE, MOST_MESSAGES, MOST_RECORDS, ROWS = 50, 200, 200, 50


async def act_as(seat: Seat, ask: Json) -> Json:
    """Sit down as somebody else."""
    member = seat.world.user(text(ask, "user"))
    if member.bot or member.deleted:
        raise Told(f"Nobody can act as {member.name}.")
    await seat.act_as(member)
    return {}


async def read_history(seat: Seat, ask: Json) -> Json:
    """Read a page of a conversation."""
    limit = number(ask, "limit", PAGE, most=MOST_MESSAGES)
    rows, more = history(seat.world, seat.member, _channel(seat, ask), before=maybe(ask, "before"), limit=limit)
    return {"messages": [shown(seat.world, one) for one in rows], "more": more}


async def read_thread(seat: Seat, ask: Json) -> Json:
    """Read a thread."""
    rows = thread(seat.world, seat.member, _channel(seat, ask), text(ask, "ts"))
    return {"messages": [shown(seat.world, one) for one in rows]}


async def follow(seat: Seat, ask: Json) -> Json:
    """Follow a link of the workspace's own address."""
    return destination(seat.world, seat.member, text(ask, "url"))


async def mark_read(seat: Seat, ask: Json) -> Json:
    """Note that a conversation has been looked at."""
    seat.world.read(seat.member, _channel(seat, ask))
    return {}


async def say(seat: Seat, ask: Json) -> Json:
    """Write a message; the app hears of it in its own conversation."""
    channel, words = _writable(seat, ask), linked(seat.world, text(ask, "text"))
    parent = seat.world.message(channel.id, ts) if (ts := maybe(ask, "thread_ts")) else None
    if ts and parent is None:
        raise Told("This thread is gone.")
    message = seat.person.write(channel, words, thread=parent)
    seat.world.read(seat.member, channel)
    if channel.kind == "im" and seat.world.bot.id in channel.members:
        seat.stage.later(seat.person.deliver(message))
    return {"ts": message.ts}


async def command(seat: Seat, ask: Json) -> Json:
    """Type a slash command; what goes wrong with it Slackbot says, to that person alone."""
    name = text(ask, "name")
    known = {one.command for one in seat.stage.facts.commands} if _at_home(seat) else set()
    if name not in known:
        raise Told(f"{name} is not a valid command.")
    channel, person = _writable(seat, ask), seat.person
    answer = await person.command(name, maybe(ask, "text") or "", channel=channel)
    if answer.told is None:
        return {}
    seat.world.post(Message(channel.id, "", SLACKBOT, answer.told, ephemeral_to=person.id))
    return {"ok": False}


async def shortcut(seat: Seat, ask: Json) -> Json:
    """Run a global shortcut."""
    return _told(await seat.person.shortcut(_shortcut(seat, ask, "global")))


async def message_shortcut(seat: Seat, ask: Json) -> Json:
    """Run a shortcut on a message."""
    return _told(await seat.person.message_shortcut(_shortcut(seat, ask, "message"), _message(seat, ask)))


async def action(seat: Seat, ask: Json) -> Json:
    """Press or choose something."""
    hand, where = seat.person.hand, _place(seat, ask)
    return _told(await hand.act(where, text(ask, "block_id"), text(ask, "action_id"), mapping(ask, "state")))


async def options(seat: Seat, ask: Json) -> Json:
    """Type into a select whose options come from the app."""
    query = maybe(ask, "query") or ""
    return await seat.person.hand.options(_place(seat, ask), text(ask, "block_id"), text(ask, "action_id"), query)


async def type_in(seat: Seat, ask: Json) -> Json:
    """Keep what was typed into a field; with `dispatch`, tell the app."""
    hand, view = seat.person.hand, _view(seat, ask.get("view"))
    touched = hand.type_in(view, text(ask, "block_id"), text(ask, "action_id"), mapping(ask, "state"))
    return _told(await hand.send(view, *touched)) if ask.get("dispatch") is True else {}


async def submit(seat: Seat, ask: Json) -> Json:
    """Send a form; what keeps Slack's client from sending it comes back by block_id, as the app's errors do."""
    hand, view = seat.person.hand, _view(seat, ask.get("view"))
    if complaints := hand.fill(view, values(ask, "values")):
        return {"ok": False, "errors": complaints}
    answer = await hand.submit(view)
    return {"ok": False, "errors": view.errors} if answer.errors else _told(answer)


async def close(seat: Seat, ask: Json) -> Json:
    """Close a modal, or all of them."""
    view = _view(seat, ask.get("view"))
    answers = await seat.person.close(view, everything=ask.get("everything") is True)
    return _told(*answers)


async def open_home(seat: Seat, ask: Json) -> Json:
    """Open the app's Home or its Messages; what the app makes of it comes as a push."""
    if not _at_home(seat):
        raise Told("The app lives in another workspace.")
    seat.stage.later(seat.person.open_home("messages" if ask.get("tab") == "messages" else "home"))
    return {}


async def clock(seat: Seat, ask: Json) -> Json:
    """Move the clock."""
    instruments.move_clock(seat.stage, text(ask, "to"), seat.member)
    return {"clock": instruments.time_shown(seat.stage)}


async def fault(seat: Seat, ask: Json) -> Json:
    """Switch a fault on or off."""
    instruments.switch_fault(seat.stage, text(ask, "kind"), on=ask.get("on") is True)
    return {}


async def channel_do(seat: Seat, ask: Json) -> Json:
    """Let something happen to a channel."""
    await happenings.happen(seat.stage, seat.member, _channel(seat, ask), text(ask, "what"))
    return {}


async def add_channel(seat: Seat, ask: Json) -> Json:
    """Add a channel."""
    name, private = text(ask, "name", longest=80), ask.get("private") is True
    return {"channel": (await happenings.add_channel(seat.stage, seat.member, name, private=private)).id}


async def add_member(seat: Seat, ask: Json) -> Json:
    """Add a colleague or a guest."""
    name, tz = text(ask, "name", longest=80), maybe(ask, "tz") or seat.member.tz
    return {"user": (await happenings.add_member(seat.stage, name, tz, guest=ask.get("guest") is True)).id}


async def wire(seat: Seat, ask: Json) -> Json:
    """List what went over the wire, oldest first."""
    before = number(ask, "before", 0, most=2**53) or None
    records = seat.stage.ground.wire.before(before, MOST_RECORDS)
    return {"records": [instruments.brief(one) for one in records]}


async def wire_record(seat: Seat, ask: Json) -> Json:
    """Show one request in full."""
    record = seat.stage.ground.wire.numbered(number(ask, "n", 0, most=2**53))
    if record is None:
        raise Told("That is not remembered any more.")
    return {"record": instruments.full(record)}


async def tables(seat: Seat, _ask: Json) -> Json:
    """List the app's tables."""
    glance = seat.stage.glance
    found = await glance.tables() if glance is not None else ()
    return {"tables": [{"name": one.name, "rows": one.rows} for one in found]}


async def rows(seat: Seat, ask: Json) -> Json:
    """Show a page of one table."""
    glance = seat.stage.glance
    if glance is None:
        raise Told("There is no database to look into.")
    try:
        found = await glance.rows(text(ask, "table"), number(ask, "offset", 0, most=2**31), ROWS)
    except KeyError:
        raise Told("There is no such table.") from None
    return {"columns": list(found.columns), "rows": [list(row) for row in found.rows], "total": found.total}


DEEDS: Mapping[str, Deed] = {
    "act_as": act_as, "history": read_history, "thread": read_thread, "follow": follow, "read": mark_read,
    "say": say, "command": command, "shortcut": shortcut, "message_shortcut": message_shortcut, "action": action,
    "options": options, "type": type_in, "submit": submit, "close": close, "open_home": open_home,
    "clock": clock, "fault": fault, "channel_do": channel_do, "add_channel": add_channel, "add_member": add_member,
    "wire": wire, "wire_record": wire_record, "tables": tables, "rows": rows,
}  # fmt: skip


def _told(*answers: Answer) -> Json:
    wrong = next((answer for answer in answers if answer.told is not None), None)
    return {} if wrong is None else {"ok": False, "told": wrong.told}


def _at_home(seat: Seat) -> bool:
    return seat.member.team_id == seat.world.team.id


def _channel(seat: Seat, ask: Json) -> Channel:
    return conversation(seat.world, seat.member, text(ask, "channel"))


def _writable(seat: Seat, ask: Json) -> Channel:
    channel = _channel(seat, ask)
    if channel.archived:
        raise Told("This channel is archived: nobody can write here.")
    if seat.member.id not in channel.members:
        raise Told(f"You are not in #{channel.name}. Join it first.")
    if channel.restricted and not seat.member.admin:
        raise Told(f"Only some people can write in #{channel.name}.")
    return channel


def _shortcut(seat: Seat, ask: Json, kind: str) -> str:
    wanted = text(ask, "callback_id")
    known = {one.callback_id for one in seat.stage.facts.shortcuts if one.type == kind} if _at_home(seat) else set()
    if wanted not in known:
        raise Told("There is no such shortcut.")
    return wanted


def _message(seat: Seat, ask: Json) -> Message:
    return readable(seat.world, seat.member, _channel(seat, ask), text(ask, "ts"))


def _view(seat: Seat, view_id: object) -> View:
    views = seat.world.views
    there = [*views.stack(seat.member.id), *filter(None, [views.home(seat.member.id)])]
    view = next((one for one in there if one.id == view_id), None)
    if view is None:
        raise Told("That window is closed.")
    return view


def _place(seat: Seat, ask: Json) -> View | Message:
    place = mapping(ask, "place")
    return _view(seat, place["view"]) if "view" in place else _message(seat, place)
