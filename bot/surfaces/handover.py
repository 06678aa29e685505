"""A client changes hands: the form, the private card for whoever takes over, and a word when an owner has left."""

import datetime as dt
import uuid
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.kinds import Delivery, Message, Occurrence, Speech
from bot.courier.ledger import enqueue
from bot.practices.catalogue import PRACTICES
from bot.practices.clients import handing
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.milestones.duty import on_duty
from bot.practices.practice import Section, Value, clicks
from bot.slack import limits
from bot.slack.blocks import Block, actions, button, context, header, section
from bot.slack.fields import MemberPick
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten, shorten_markup
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Audience, reader

KIND: Final = "handover"
LEFT: Final = "owner_left"
OF_USE: Final = dt.timedelta(days=3)
ORDER: Final = (Section.SENSITIVE, Section.PROMISES, Section.NEEDS, Section.COMING, Section.HINT, Section.HISTORY)
CAPS: Final = {Section.HISTORY: 5}
CAP: Final = 4
LONGEST_LINE: Final = 300
HEADINGS: Final = {
    Section.SENSITIVE: Markup("*Take care*"),
    Section.PROMISES: Markup("*Promised*"),
    Section.COMING: Markup("*Coming up*"),
    Section.HISTORY: Markup("*Latest notes*"),
}
NOT_READ: Final = "Ember could not check that with Slack. Please try again in a minute."
NOT_A_MEMBER: Final = "Pick a full member of this workspace; guests, bots and people who left can't take over."
ALREADY: Final = "They look after this client already."

FORM = Form(
    "handover.save",
    "Hand over",
    "Hand over",
    (
        MemberPick(
            "owner",
            "Who takes over?",
            missing="Pick who looks after them from now on.",
            hint="They join the team and get a private card. Whoever had it so far stays in the team.",
        ),
    ),
)


def register(app: AsyncApp) -> None:
    """Connect the form and its buttons."""
    app.action(clicks("client.hand"))(opened)
    app.action(clicks("client.handed"))(show)
    app.view(FORM.name)(save)


async def opened(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask who takes over a button's client."""
    await ask(ack, here, as_id(action.get("value")))


async def ask(ack: AsyncAck, here: Here, client_id: uuid.UUID) -> None:
    """Ask who takes over a client.  Raises clients.NotTheirs and clients.UnknownClient."""
    async with here.look() as session:
        client = await clients.get(session, client_id)
        await clients.require_editor(session, client, here.member)
    await ack()
    lead = section(markup("{client} goes to somebody else, for good.", client=bold(client.name)))
    here.open(FORM.view({}, metadata={"c": str(client.id)}, before=[lead]))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Have somebody take over, and tell them in a message of their own."""
    said, client_id = FORM.read(view, always=("owner",)), as_id(read_metadata(view).get("c"))
    to = await _member(here, said["owner"])
    async with here.work() as session:
        client = await clients.get(session, client_id)
        await clients.require_editor(session, client, here.member)
        if (await teams(session, [client_id]))[client_id].get(to.id) is Role.OWNER:
            raise FieldErrors({"owner": ALREADY})
        await handing.hand_over(session, client_id, to, by=here.member.id, now=here.now)
        if to.id != here.member.id:
            await enqueue(session, _occurrence(KIND, to, client_id, here.now), here.now)
    says = markup("{who} looks after {client} now.", who=to.name, client=client.name)
    shows = button("What they take over", "client.handed", value=str(client.id))
    back = button("Open card", "client.open", value=str(client.id))
    await here.show(ack, Panel("Handed over", says, [section(says), actions(shows, back)]))
    here.changed(client_id)


async def _member(here: Here, slack_id: str) -> Member:
    found = await here.host.lookup.members(here.workspace, [slack_id], now=here.now)
    if slack_id not in found:
        raise FieldErrors({"owner": NOT_READ})
    if not found[slack_id].is_ours:
        raise FieldErrors({"owner": NOT_A_MEMBER})
    return found[slack_id]


def _occurrence(kind: str, to: Member, client_id: uuid.UUID, now: dt.datetime) -> Occurrence:
    on = now.astimezone(ZoneInfo(to.tz)).date()
    return Occurrence(to.slack_id, kind, on, now, now + OF_USE, client_id)


async def show(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show what there is to take over, as far as this member may read it."""
    async with here.look() as session:
        client = await clients.get(session, as_id(action.get("value")))
        values = await read(session, client.id, here.me, here.local)
    await here.show(ack, draw(client, values))


async def read(session: Work, client_id: uuid.UUID, audience: Audience, now: dt.datetime) -> list[Value]:
    """Return what practices have to say to whoever takes over a client, as an audience may read it.

    now: in the reader's zone.
    """
    values: list[Value] = []
    for practice in PRACTICES:
        if practice.handover is not None:
            values += (await practice.handover(session, [client_id], audience, now)).get(client_id, ())
    return values


def draw(client: Client, values: list[Value]) -> Panel:
    """Return the card for whoever takes over: what to be careful of, what is open, what comes, the recent story."""
    says = f"{client.name} is yours to look after now."
    blocks: list[Block] = [header(shorten(f"Taking over {client.name}", limits.HEADER))]
    for part in ORDER:
        theirs = sorted((one for one in values if one.section is part), key=lambda one: -one.weight)
        shown = [shorten_markup(one.text, LONGEST_LINE) for one in theirs[: CAPS.get(part, CAP)]]
        if shown:
            blocks.append(section(lines([HEADINGS.get(part, Markup("")), *shown])))
    if len(blocks) == 1:
        blocks.append(section(Markup("Nothing is open, and nothing that you can read is logged yet.")))
    key = str(client.id)
    ways_on = button("Open card", "client.open", value=key), button("Brief", "brief.open", value=key)
    return Panel("Taking over", says, [*blocks, actions(*ways_on)])


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write the card for whoever takes over; None where it went on to somebody else meanwhile."""
    member = (await directory.find_members(session, [delivery.recipient])).get(delivery.recipient)
    client_id = delivery.subject
    if member is None or client_id is None or not await _owns(session, client_id, member):
        return None
    client = await clients.get(session, client_id)
    me, local = await reader(session, member, now), now.astimezone(ZoneInfo(member.tz))
    panel = draw(client, await read(session, client_id, me, local))
    return Message(panel.text, tuple(panel.blocks))


async def _owns(session: Work, client_id: uuid.UUID, member: Member) -> bool:
    known = await clients.get_many(session, [client_id])
    return client_id in known and (await teams(session, [client_id]))[client_id].get(member.id) is Role.OWNER


async def ask_for_owners(session: Work, now: dt.datetime) -> int:
    """Ask, once in a month each, who takes over the clients whose owner has left; return how many are asked about.

    Whoever is reminded in their place is asked, else an admin.
    """
    left = await handing.left_behind(session)
    known = await clients.get_many(session, left)
    today = now.date()
    open_ones = [one for one in left if one in known and known[one].status_on(today) is not Status.ENDED]
    duty = await on_duty(session, open_ones, today)
    people = await directory.members_by_id(session, set(duty.values()))
    admin = await directory.an_admin(session)
    asked = 0
    for client_id in sorted(open_ones):
        to = people.get(duty[client_id]) if client_id in duty else admin
        key = f"left:{client_id}:{left[client_id].id}"
        if to is not None and await first_time(session, key, ref=client_id, now=now) is None:
            await enqueue(session, _occurrence(LEFT, to, client_id, now), now)
            asked += 1
    return asked


async def ask_whom(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write who has left and ask who takes over; None where somebody has."""
    _ = now
    client_id = delivery.subject
    gone = (await handing.left_behind(session)).get(client_id) if client_id is not None else None
    if gone is None or client_id is None:
        return None
    client = await clients.get(session, client_id)
    says = markup("{who} has left, and looked after {client}.", who=gone.name, client=client.name)
    asks = lines([bold(f"Who looks after {client.name} now?"), says])
    hint = context(Markup("Until somebody does, what is due for them comes to you."))
    buttons = actions(
        button("Hand over", "client.hand", value=str(client_id), style="primary"),
        button("What there is", "client.handed", value=str(client_id)),
    )
    return Message(says, (section(asks), buttons, hint))


HANDOVER: Final = Speech(KIND, render)
OWNER_LEFT: Final = Speech(LEFT, ask_whom)
