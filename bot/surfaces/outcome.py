"""What became of a client that Ember brought up: still worth a call, taken on, spoken with, set aside."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.fading import service as fading
from bot.practices.fading.rules import has_spoken
from bot.practices.fading.service import Ending, Fading
from bot.slack.text import Markup, day, markup
from bot.store.session import Work
from bot.surfaces.worth import Place
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.visibility import Audience, Person

ENDED: Final[dict[Ending | None, Markup]] = {
    Ending.RECOVERED: Markup("brighter again"),
    Ending.PAUSED: Markup("paused"),
    Ending.NOT_NOW: Markup("was set aside"),
}


@dataclass(frozen=True)
class Outcome:
    """Where a client that was brought up stands.

    alert: the open one, if any; on_it: who is on it today, empty where nobody is; spoke_on: the newest contact day;
    spoke: who that was, empty where the reader may not know; ended: why the latest alert is over, where that was not a
    conversation; a reader who is a person is "you".
    """

    place: Place
    alert: Fading | None = None
    on_it: str = ""
    spoke_on: dt.date | None = None
    spoke: str = ""
    ended: Ending | None = None

    @property
    def is_taken(self) -> bool:
        """Whether somebody is on it today."""
        return bool(self.on_it)

    def says(self, on: dt.date) -> Markup:
        """Return what became of it, without the name, once it is worth no call any more."""
        place = self.place
        if place.aside is not None:
            return markup("set aside until {day}", day=day(place.aside.until_on, on))
        if not place.is_active:
            return Markup("paused")
        if self.ended in ENDED:
            return ENDED[self.ended]
        if self.spoke_on is None:
            return markup("next due {day}", day=day(place.due.due_on, on))
        return markup("{spoke}", spoke=spoke_with_them(self.spoke, self.spoke_on, on))


def spoke_with_them(who: str, spoke_on: dt.date, on: dt.date) -> str:
    """Return "Ana spoke with them today"; without a name where the reader may not know whose conversation it was."""
    ago = {0: "today", 1: "yesterday"}.get((on - spoke_on).days, f"on {day(spoke_on, on)}")
    return f"{who} spoke with them {ago}" if who else f"spoken with {ago}"


async def outcomes(session: Work, places: Sequence[Place], audience: Audience, now: dt.datetime) -> list[Outcome]:
    """Return what became of each of these clients, as an audience may know it."""
    if not places:
        return []
    ids = [place.client.id for place in places]
    newest = {one.client_id: one for one in await checkins.history(session, ids, audience, limit=1)}
    last = await checkins.last_days(session, ids)
    alerts = await fading.latest(session, ids)
    takers = {one.taken_by for one in alerts.values() if one.is_open and one.taken_by is not None}
    people = await members_by_id(session, takers | {one.author_id for one in newest.values()})
    if isinstance(audience, Person) and audience.id in people:
        people[audience.id] = replace(people[audience.id], name="you")
    about = {one: (newest.get(one), last.get(one), alerts.get(one)) for one in ids}
    return [_outcome(place, *about[place.client.id], people, now) for place in places]


def _outcome(
    place: Place,
    found: Checkin | None,
    spoke_on: dt.date | None,
    alert: Fading | None,
    people: Mapping[uuid.UUID, Member],
    now: dt.datetime,
) -> Outcome:
    author = people.get(found.author_id) if found is not None and found.happened_on == spoke_on else None
    spoke = author.name if author is not None else ""
    if alert is None or not alert.is_open:
        is_over = alert is not None and not has_spoken(spoke_on, alert.last_on)
        return Outcome(place, spoke_on=spoke_on, spoke=spoke, ended=alert.ending if alert and is_over else None)
    taker = people.get(alert.taken_by) if alert.taken_by is not None else None
    on_it = taker.name if taker is not None and alert.is_taken(taker.tz, now) else ""
    return Outcome(place, alert, on_it, spoke_on, spoke)
