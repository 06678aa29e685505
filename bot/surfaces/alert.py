"""A client has gone quiet: one message in its team's channel, changed in place until it is over."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from bot.courier.kinds import Delivery, Message, Speech
from bot.courier.rows import Op
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Purpose
from bot.practices.clients import service as clients
from bot.practices.fading import service as fading
from bot.practices.fading.service import Fading
from bot.practices.milestones.duty import on_duty
from bot.practices.practice import Section
from bot.slack.blocks import Block, Element, actions, button, context, section
from bot.slack.text import Markup, bold, lines, markup
from bot.store.session import Work
from bot.surfaces import unasked
from bot.surfaces.calls import not_now_button, spoken_button, why_button
from bot.surfaces.idea import PLAIN, ideas
from bot.surfaces.outcome import Outcome, outcomes
from bot.surfaces.unasked import midday
from bot.surfaces.worth import places_of
from bot.workspaces import settings
from bot.workspaces.away import away_on
from bot.workspaces.directory import members_by_id
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Room

KIND: Final = "fade"
ALIKE: Final = 3
LATELY: Final = dt.timedelta(days=90)
NOBODY: Final = Markup("")


@dataclass(frozen=True)
class Alert:
    """All that an alert says on a day, as its channel may know it."""

    on: dt.date
    fading: Fading
    outcome: Outcome
    notes: str = ""
    idea: Markup = PLAIN
    team: Markup = NOBODY

    @property
    def name(self) -> str:
        """How the client is called."""
        return self.outcome.place.client.name


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write an alert as things stand now.  None for one that is over before it was said, and for one of long ago."""
    client_id = delivery.subject
    found = (await fading.latest(session, [client_id])).get(client_id) if client_id is not None else None
    if found is None or found.opened_on != delivery.local_date:
        return None
    if not found.is_open and delivery.op is Op.POST:
        return None
    known = await settings.read(session)
    on = await unasked.today_in(session, delivery.recipient, now)
    theirs = await clients.digest_channels(session, known.team_channel_id)
    room = Room(theirs.get(delivery.recipient, frozenset()))
    return draw(await read(session, found, room, on, now))


async def read(session: Work, found: Fading, room: Room, on: dt.date, now: dt.datetime) -> Alert:
    """Return what a channel hears on its day about a client that has gone quiet, or did."""
    ids = [found.client_id]
    listed = await clients.listed(session, [await clients.get(session, found.client_id)])
    places = await places_of(session, listed, room, on)
    (outcome,) = await outcomes(session, list(places.values()), room, now)
    if not found.is_open:
        return Alert(on, found, outcome)
    coming = await unasked.contributed(session, "digest", ids, room, midday(on))
    idea = (await ideas(session, ids, room, on, coming=coming))[found.client_id]
    notes, team = await _notes(session, found.client_id, room, on), await _team(session, found.client_id, room, on)
    return Alert(on, found, outcome, notes, idea, team)


async def _notes(session: Work, client_id: uuid.UUID, room: Room, on: dt.date) -> str:
    """Return what the last three notes were about, where that was the state of the work."""
    lately = (await checkins.lately(session, [client_id], room, since=on - LATELY))[client_id]
    about = [purpose for _, purpose in lately if purpose is not None][-ALIKE:]
    return f"Last three notes: {Purpose.PROJECT.label}." if about == [Purpose.PROJECT] * ALIKE else ""


async def _team(session: Work, client_id: uuid.UUID, room: Room, on: dt.date) -> Markup:
    """Return who looks after a client, and who does while they are away."""
    roles = (await teams(session, [client_id]))[client_id]
    owner = next((member_id for member_id, role in roles.items() if role is Role.OWNER), None)
    there = (await on_duty(session, [client_id], on)).get(client_id)
    if owner is not None and there is not None and there != owner and owner in await away_on(session, [owner], on):
        names = {one: member.name for one, member in (await members_by_id(session, [owner, there])).items()}
        return markup("{owner} is away · {there} covers", owner=names[owner], there=names[there])
    values = (await clients.card(session, [client_id], room, midday(on))).get(client_id, ())
    return next((value.text for value in values if value.section is Section.TEAM), Markup(""))


def draw(found: Alert) -> Message:
    """Return an alert: open with its buttons, or over in one line."""
    if not found.fading.is_open:
        over = found.outcome.says(found.on)
        says = markup("{name}: {over}.", name=found.name, over=over)
        return Message(says, [section(lines([lines(["✓", bold(found.name)], " "), over], " · "))])
    place = found.outcome.place
    because = place.reading.reason() if place.reading is not None else place.due.because
    reason = lines([f"{because[:1].upper()}{because[1:]}.", found.notes], " ")
    head = bold(f"{found.name} has gone quiet")
    blocks: list[Block] = [
        section(lines([head, reason, markup("*One idea:* {idea}", idea=found.idea)])),
        *([context(found.team)] if found.team else []),
    ]
    if found.outcome.is_taken:
        blocks.append(section(bold(f"{found.outcome.on_it}'s on it today")))
    blocks.append(actions(*_buttons(found)))
    quiet = markup("{name} has gone quiet: {because}.", name=found.name, because=because)
    return Message(lines([quiet, markup("{team}.", team=found.team) if found.team else ""], " "), blocks)


def _buttons(found: Alert) -> list[Element]:
    key, name = found.fading.client_id, found.name
    take = [] if found.outcome.is_taken else [button("I'll do it today", "fading.take", value=str(key))]
    return [spoken_button(key, name), *take, not_now_button(key, name), why_button(key, name)]


FADE: Final = Speech(KIND, render)
