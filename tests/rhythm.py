"""Clients with a past: set up through the front door with the clock set back, and spoken with since."""

import datetime as dt
from typing import Any

from bot.clock import MovableClock
from bot.playground.person import Person
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.store.base import new_id
from bot.workspaces import directory
from tests.front_door import Place, set_up_client

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)


def move(place: Place, to: dt.datetime) -> None:
    """Set the clock that Ember and Slack share."""
    assert isinstance(place.clock, MovableClock)
    place.clock.set(to)


async def with_a_past(
    place: Place, name: str, *ago: int, by: Person | None = None, now: dt.datetime = NOW, **fields: Any
) -> Any:
    """Set up a client that was spoken with so many days ago, each time with a note; return its row.

    The notes are what `/checkin` keeps of a line, without the requests: how a line is read is told elsewhere.
    """
    person = by or place.ana
    move(place, now - dt.timedelta(days=max(ago, default=0)))
    client = await set_up_client(place, name, by=person, **fields)
    async with place.ember.store.work(client.workspace_id) as session:
        author = (await directory.find_members(session, [person.id]))[person.id]
        for days in sorted(ago, reverse=True):
            note = Note(client.id, 4, f"talked about the {name} plan, {days} days before", Via.LINE)
            then = now - dt.timedelta(days=days)
            await checkins.record(session, note, by=author, key=str(new_id()), now=then)
    move(place, now)
    await place.quiet()
    return client


WEEKLY_THEN_QUIET = (100, 93, 86, 79, 72, 65, 58, 51, 44, 37, 30)
"""Weekly for ten weeks, then nothing for thirty days: fading, whatever the ratings."""
WEEKLY = (72, 65, 58, 51, 44, 37, 30, 23, 16, 9, 2)
