"""A client changes hands: the form, the private card for whoever takes over, and a word when an owner has left."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier import said
from bot.courier.kinds import Delivery, Message, Occurrence, Speech
from bot.courier.ledger import bump, enqueue
from bot.courier.rows import Op
from bot.practices.catalogue import PRACTICES
from bot.practices.clients import handing
from bot.practices.clients import service as clients
from bot.practices.clients.forms import open_card
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.milestones.duty import on_duty
from bot.practices.practice import Section, Value, clicks
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, section
from bot.slack.fields import MemberPick
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten, shorten_markup
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id
from bot.workspaces.picking import ours
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Audience, reader

KIND: Final = "handover"
LEFT: Final = "owner_left"
OF_USE: Final = dt.timedelta(days=28)
"""Whoever is away finds it when they are back; no longer than what was asked is remembered."""

ASKED: Final = 10
SETTLED: Final = Markup("Nothing is left for you to decide here.")
ORDER: Final = (Section.SENSITIVE, Section.PROMISES, Section.NEEDS, Section.COMING, Section.HINT, Section.HISTORY)
CAPS: Final = {Section.HISTORY: 5}
CAP: Final = 4
LONGEST_LINE: Final = 300
HEADINGS: Final = {
    Section.SENSITIVE: Markup("*Take care*"),
    Section.PROMISES: Markup("*Promised*"),
    Section.HISTORY: Markup("*Latest notes*"),
}
CARD_COMES: Final = Markup("Their private card with what is open comes at once, or when their working hours begin.")
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
            hint=(
                "They join the team and get a private card, at once or when their working hours begin."
                " Whoever had it so far stays in the team."
            ),
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
        await clients.require_editor(session, client, here.member, lasting=True)
    await ack()
    lead = section(markup("{client} goes to somebody else, for good.", client=bold(client.name)))
    here.open(FORM.view({}, metadata={"c": str(client.id)}, before=[lead]))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Have somebody take over, and tell them in a message of their own."""
    given, client_id = FORM.read(view, always=("owner",)), as_id(read_metadata(view).get("c"))
    to = await ours(here, given["owner"], "owner", "can't take over")
    async with here.work() as session:
        client = await clients.get(session, client_id)
        await clients.require_editor(session, client, here.member, lasting=True)
        before = (await teams(session, [client_id]))[client_id]
        if before.get(to.id) is Role.OWNER:
            raise FieldErrors({"owner": ALREADY})
        await handing.hand_over(session, client_id, to, by=here.member.id, now=here.now)
        after = (await teams(session, [client_id]))[client_id]
        if to.id != here.member.id:
            await enqueue(session, _occurrence(KIND, to, here.now, client_id), here.now)
        await bump(session, kind=LEFT, now=here.now)
    lost_backup = Role.BACKUP in before.values() and Role.BACKUP not in after.values()
    await here.show(ack, _handed_over(client, to, is_told=to.id != here.member.id, lost_backup=lost_backup))
    here.changed(client_id)


def _handed_over(client: Client, to: Member, *, is_told: bool, lost_backup: bool) -> Panel:
    says = markup("{who} looks after {client} now.", who=to.name, client=client.name)
    hint = markup("They have no backup now: `/client edit {client}` names one.", client=client.name)
    shows = button("What they take over", "client.handed", value=str(client.id))
    back = open_card(client.id)
    hints = [*([context(CARD_COMES)] if is_told else []), *([context(hint)] if lost_backup else [])]
    return Panel("Handed over", says, [section(says), *hints, actions(shows, back)])


def _occurrence(kind: str, to: Member, now: dt.datetime, client_id: uuid.UUID | None = None) -> Occurrence:
    return Occurrence(to.slack_id, kind, to.day(now), now, now + OF_USE, client_id)


async def show(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show what there is to take over, as far as this member may read it."""
    async with here.look() as session:
        client = await clients.get(session, as_id(action.get("value")))
        values = await read(session, client.id, here.me, here.local)
        is_theirs = await _owns(session, client.id, here.member)
    await here.show(ack, draw(client, values, is_theirs=is_theirs))


async def read(session: Work, client_id: uuid.UUID, audience: Audience, now: dt.datetime) -> list[Value]:
    """Return what practices have to say to whoever takes over a client, as an audience may read it.

    now: in the reader's zone.
    """
    values: list[Value] = []
    for practice in PRACTICES:
        if practice.handover is not None:
            values += (await practice.handover(session, [client_id], audience, now)).get(client_id, ())
    return values


def draw(client: Client, values: list[Value], *, is_theirs: bool = True) -> Panel:
    """Return what there is to take over: what to be careful of, what is open, what comes, the recent story.

    is_theirs: it is said to whoever looks after the client now, else to somebody who looks on.
    """
    if is_theirs:
        head, says = f"Taking over {client.name}", markup("{client} is yours to look after now.", client=client.name)
    else:
        head = f"To take over at {client.name}"
        says = markup("This is what there is to take over at {client}.", client=client.name)
    blocks: list[Block] = [header(shorten(head, limits.HEADER))]
    for part in ORDER:
        theirs = sorted((one for one in values if one.section is part), key=lambda one: -one.weight)
        shown = [shorten_markup(one.text, LONGEST_LINE) for one in theirs[: CAPS.get(part, CAP)]]
        if shown:
            blocks.append(section(lines([HEADINGS.get(part, Markup("")), *shown])))
    if len(blocks) == 1:
        blocks.append(section(Markup("Nothing is open, and nothing that you can read is logged yet.")))
    key = str(client.id)
    ways_on = open_card(client.id), button("Brief", "brief.open", value=key)
    return Panel("Taking over", says, [*blocks, actions(*ways_on)])


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write the card for whoever takes over; None where it went on to somebody else meanwhile."""
    member = (await directory.find_members(session, [delivery.recipient])).get(delivery.recipient)
    client_id = delivery.subject
    if member is None or client_id is None or not await _owns(session, client_id, member):
        return None
    client = await clients.get(session, client_id)
    me, local = await reader(session, member, now), member.local(now)
    panel = draw(client, await read(session, client_id, me, local))
    return Message(panel.text, tuple(panel.blocks))


async def _owns(session: Work, client_id: uuid.UUID, member: Member) -> bool:
    known = await clients.get_many(session, [client_id])
    return client_id in known and (await teams(session, [client_id]))[client_id].get(member.id) is Role.OWNER


async def ask_for_owners(session: Work, now: dt.datetime) -> int:
    """Ask, once in a month about each, who takes over the clients whose owner has left; return how many are asked.

    One message a person and day holds all that are theirs to decide by the time it is read.
    """
    asked = 0
    for to, theirs in (await _to_decide(session, now)).items():
        is_waiting = await said.is_waiting(session, to.slack_id, LEFT)
        if not is_waiting and await said.since(session, to.slack_id, {LEFT}, to.day(now)):
            continue
        keys = [(client.id, f"left:{client.id}:{gone.id}:{to.id}") for client, gone in theirs]
        news = [ref for ref, key in keys if await first_time(session, key, ref=ref, now=now) is None]
        if news and not is_waiting:
            await enqueue(session, _occurrence(LEFT, to, now), now)
            asked += 1
    return asked


async def _to_decide(session: Work, now: dt.datetime) -> dict[Member, list[tuple[Client, Member]]]:
    """Return the clients whose owner has left, each with who that is, by who decides.

    Whoever is reminded in their place decides, else an admin.
    """
    left, today = await handing.left_behind(session), now.date()
    known = (await clients.get_many(session, left)).values()
    open_ones = sorted((one for one in known if one.status_on(today) is not Status.ENDED), key=lambda one: one.name)
    duty = await on_duty(session, [one.id for one in open_ones], today)
    people = await directory.members_by_id(session, set(duty.values()))
    admin = await directory.an_admin(session) if len(duty) < len(open_ones) else None
    found: dict[Member, list[tuple[Client, Member]]] = {}
    for one in open_ones:
        to = people[duty[one.id]] if one.id in duty else admin
        if to is not None:
            found.setdefault(to, []).append((one, left[one.id]))
    return found


async def ask_whom(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write who has left and ask who takes over; None where that is decided before it was asked."""
    by_person = await _to_decide(session, now)
    theirs = next((each for to, each in by_person.items() if to.slack_id == delivery.recipient), [])
    if not theirs:
        return Message(SETTLED, (section(SETTLED),)) if delivery.op is Op.UPDATE else None
    return _question(theirs)


def _question(theirs: Sequence[tuple[Client, Member]]) -> Message:
    client, gone = theirs[0]
    if len(theirs) == 1:
        asks = bold(f"Who looks after {client.name} now?")
        says = markup("{who} has left, and looked after {client}.", who=gone.name, client=client.name)
    else:
        asks = bold("Who looks after these clients now?")
        says = markup("Whoever looked after {count} of our clients has left.", count=len(theirs))
    rows = [section(_line(*each), accessory=_hand_over(each[0])) for each in theirs[:ASKED]]
    more = f"and {len(theirs) - ASKED} more, which come up here as these are handed over. " * (len(theirs) > ASKED)
    hint = context(Markup(f"{more}Whoever takes over gets a private card with what is open."))
    return Message(says, (section(asks), *rows, hint))


def _line(client: Client, gone: Member) -> Markup:
    return markup("{client} · {who} has left", client=bold(client.name), who=gone.name)


def _hand_over(client: Client) -> Element:
    return button("Hand over", f"client.hand:{client.id}", value=str(client.id))


HANDOVER: Final = Speech(KIND, render)
OWNER_LEFT: Final = Speech(LEFT, ask_whom)
