"""What became of a client that Ember brought up: still worth a call, taken on, spoken with, set aside."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.fading import service as fading
from bot.practices.fading.service import Fading
from bot.slack.text import Markup, day, markup
from bot.store.session import Work
from bot.surfaces.worth import Place
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person


@dataclass(frozen=True)
class Outcome:
    """Where a client that was brought up stands.

    alert: the open one, if any; on_it: who is on it; spoke_on: the newest contact day; spoke: who that was, empty where
    the reader may not know; a reader who is a person is "you".
    """

    place: Place
    alert: Fading | None = None
    on_it: str = ""
    spoke_on: dt.date | None = None
    spoke: str = ""

    def is_taken(self, on: dt.date) -> bool:
        """Return whether somebody is on it today."""
        return self.alert is not None and self.alert.taken_on == on and bool(self.on_it)

    def says(self, on: dt.date) -> Markup:
        """Return what became of it, without the name, once it is worth no call any more."""
        place = self.place
        if place.aside is not None:
            return markup("set aside until {day}", day=day(place.aside.until_on, on))
        if not place.is_active:
            return Markup("paused")
        if self.spoke_on is None:
            return markup("next due {day}", day=day(place.due.due_on, on))
        return markup("{spoke}", spoke=spoke_with_them(self.spoke, self.spoke_on, on))


def spoke_with_them(who: str, spoke_on: dt.date, on: dt.date) -> str:
    """Return "Ana spoke with them today"; without a name where the reader may not know whose conversation it was."""
    ago = {0: "today", 1: "yesterday"}.get((on - spoke_on).days, f"on {day(spoke_on, on)}")
    return f"{who} spoke with them {ago}" if who else f"spoken with {ago}"


async def outcomes(session: Work, places: Sequence[Place], audience: Audience) -> list[Outcome]:
    """Return what became of each of these clients, as an audience may know it."""
    ids = [place.client.id for place in places]
    newest = {one.client_id: one for one in await checkins.history(session, ids, audience, limit=1)}
    last = await checkins.last_days(session, ids)
    alerts = await fading.open_of(session, ids)
    people = {one.author_id for one in newest.values()} | {one.taken_by for one in alerts.values() if one.taken_by}
    names = {member.id: member.name for member in (await members_by_id(session, people)).values()}
    if isinstance(audience, Person):
        names[audience.id] = "you"
    return [_outcome(place, newest, last, alerts.get(place.client.id), names) for place in places]


def _outcome(
    place: Place,
    newest: Mapping[uuid.UUID, Checkin],
    last: Mapping[uuid.UUID, dt.date],
    alert: Fading | None,
    names: Mapping[uuid.UUID, str],
) -> Outcome:
    found, on = newest.get(place.client.id), last.get(place.client.id)
    is_known = found is not None and found.happened_on == on
    return Outcome(
        place,
        alert,
        on_it=names.get(alert.taken_by, "") if alert is not None and alert.taken_by else "",
        spoke_on=on,
        spoke=names.get(found.author_id, "") if found is not None and is_known else "",
    )
