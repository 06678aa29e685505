"""What is worth doing now for one person: whom to call and why, what was promised, what colleagues noted.

Everything is read in a fixed number of queries, however many clients there are.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.practices.cadence import service as cadence
from bot.practices.cadence.rules import Standing, standing
from bot.practices.cadence.service import Snooze
from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client, Listed
from bot.practices.promises import service as promises
from bot.practices.promises.service import Promise
from bot.practices.spark import service as spark
from bot.practices.spark.rules import Band, Reading
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.here import Here
from bot.workspaces.holidays import working_day_before
from bot.workspaces.visibility import Audience, Person

CALLS: Final = 5
CONSIDERED: Final = 1000
PROMISED_AHEAD: Final = dt.timedelta(days=7)
PROMISES: Final = 200
CAPTURED: Final = 5
CARRIED: Final = 7
"""How many clients a block's own id can carry."""


@dataclass(frozen=True)
class Place:
    """Where one client stands today: who looks after it, its spark, what is due.

    reading: None when nothing is known, and for one that cannot have faded where only fading ones were read.
    """

    client: Client
    owner: str
    reading: Reading | None
    due: Standing
    is_active: bool
    aside: Snooze | None = None

    @property
    def is_fading(self) -> bool:
        """Whether the spark has faded; one that is still being learned has not, it is overdue at most."""
        return self.reading is not None and self.reading.band is Band.FADING

    @property
    def is_worth_a_call(self) -> bool:
        """Whether somebody should be in touch: fading, or due by rhythm, and not spoken with today.

        Nothing paused, ended or set aside.
        """
        is_waiting = self.due.days > 0 and (self.is_fading or self.due.state != "calm")
        return self.is_active and self.aside is None and is_waiting

    @property
    def urgency(self) -> tuple[bool, float, float, str]:
        """What to sort by: fading ones by how likely they fade, key clients before others as with alerts.

        Then the rest by how long overdue, then by name.
        """
        late = self.due.days / self.client.rhythm_days
        fade = self.reading.p_fade if self.reading is not None and self.is_fading else 0.0
        return not self.is_fading, -fade * self.client.weight, -late, self.client.name.casefold()


@dataclass(frozen=True)
class Row:
    """A client on the panel.

    spoken: the reader's own "We've spoken" of today, where that settled the row or was pressed on this panel; owed: a
    promise that is overdue; last: the newest note with words in it that the reader may see.
    """

    place: Place
    spoken: Checkin | None = None
    owed: Promise | None = None
    last: Checkin | None = None


@dataclass(frozen=True)
class Today:
    """All that the panel shows; `everyones` says that the reader has no clients of their own."""

    me: Member
    on: dt.date
    rows: Sequence[Row] = ()
    more: int = 0
    everyones: bool = False
    next_due: Place | None = None
    promised: Sequence[Promise] = ()
    captured: Sequence[Checkin] = ()
    captured_since: dt.date | None = None
    clients: Mapping[uuid.UUID, Client] = field(default_factory=dict)
    authors: Mapping[uuid.UUID, Member] = field(default_factory=dict)

    @property
    def late(self) -> Sequence[Promise]:
        """The promises whose day has passed, ours and theirs."""
        return [promise for promise in self.promised if promise.due_on < self.on]

    def author(self, member_id: uuid.UUID) -> str:
        """Return how an author is called on the panel."""
        if member_id == self.me.id:
            return "you"
        return self.authors[member_id].name if member_id in self.authors else "someone"


async def read(session: Work, here: Here, shown: Sequence[uuid.UUID] = ()) -> Today:
    """Return what is worth doing now; clients that are `shown` already keep their place, whatever became of them."""
    return await read_for(session, here.member, here.me, here.local, shown)


async def read_for(
    session: Work, member: Member, me: Person, now: dt.datetime, shown: Sequence[uuid.UUID] = ()
) -> Today:
    """Return what is worth doing now for a member, who reads it as `me`; now: where they are."""
    today = now.date()
    found, everyones = await _theirs(session, member)
    places = await places_of(session, found, me, today, only_fading=True)
    ranked = sorted((place for place in places.values() if place.is_worth_a_call), key=lambda place: place.urgency)
    kept = [places[one] for one in shown if one in places] or ranked[:CALLS]
    ids = [place.client.id for place in kept]
    readings = await spark.readings(session, ids, today)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    spoken = await checkins.spoken_since(session, ids, me.id, since=midnight)
    promised = await promises.due_by(session, places, me, today + PROMISED_AHEAD, limit=PROMISES, in_all=PROMISES)
    late = await promises.due_by(session, ids, me, today - dt.timedelta(days=1), limit=PROMISES)
    said = await checkins.last_words(session, ids, me)
    house = await settings.read(session)
    since = midnight - (today - working_day_before(today, house.workdays, house.country))
    captured = await checkins.captured(session, places, me, since=since, limit=CAPTURED)
    wrote = {one.author_id for one in (*said.values(), *captured)} | {one.carrier_id for one in promised}
    authors = await members_by_id(session, wrote)
    names = await clients.owners(session, ids)
    rows = [replace(one, owner=names.get(one.client.id, ""), reading=readings.get(one.client.id)) for one in kept]
    calm = [one for one in places.values() if one.is_active and one.aside is None and not one.is_worth_a_call]
    pressed = {one: made for one, made in spoken.items() if one in shown or not places[one].is_worth_a_call}
    return Today(
        me=member,
        on=today,
        rows=[_row(one, pressed, late, said) for one in rows],
        more=len({place.client.id for place in ranked} - set(ids)),
        everyones=everyones,
        next_due=min(calm, key=lambda place: (place.due.due_on, place.client.name.casefold()), default=None),
        promised=promised,
        captured=captured,
        captured_since=since.date(),
        clients={client_id: place.client for client_id, place in places.items()},
        authors=authors,
    )


async def _theirs(session: Work, member: Member) -> tuple[list[Listed], bool]:
    """Return the clients somebody looks after or covers, else everyone's, without whose they are."""
    mine = await clients.present(session, member_id=member.id, limit=CONSIDERED)
    found = mine or await clients.present(session, limit=CONSIDERED)
    return [Listed(one, owner="") for one in found], not mine


async def places_of(
    session: Work, found: Sequence[Listed], reader: Audience, today: dt.date, *, only_fading: bool = False
) -> dict[uuid.UUID, Place]:
    """Return where each of these clients stands on a day, for a person or a channel that reads it.

    only_fading: read the sparks of those alone that may have faded; it is all that their order needs.
    """
    if not found:
        return {}
    ids = [one.client.id for one in found]
    readings = await (spark.may_have_faded if only_fading else spark.readings)(session, ids, today)
    last = await checkins.last_days(session, ids)
    pauses = await clients.pauses(session, ids)
    aside = await cadence.snoozed(session, ids, reader, today)
    return {
        one.client.id: Place(
            client=one.client,
            owner=one.owner,
            reading=readings.get(one.client.id),
            due=standing(
                last.get(one.client.id),
                one.client.started_on,
                one.client.rhythm_days,
                today,
                pauses=pauses.get(one.client.id, ()),
            ),
            is_active=one.client.status_on(today) is Status.ACTIVE,
            aside=aside.get(one.client.id),
        )
        for one in found
    }


def _row(
    place: Place,
    spoken: Mapping[uuid.UUID, Checkin],
    late: Sequence[Promise],
    said: Mapping[uuid.UUID, Checkin],
) -> Row:
    client_id = place.client.id
    owed = [one for one in late if one.client_id == client_id]
    return Row(
        place,
        spoken.get(client_id),
        min(owed, key=lambda promise: (promise.theirs, promise.due_on), default=None),
        said.get(client_id),
    )


def shown_in(block_id: object) -> list[uuid.UUID]:
    """Return the clients that a panel shows, in order, as its blocks carry them; none for anything strange."""
    _, _, carried = str(block_id).rpartition(":")
    try:
        return [uuid.UUID(one) for one in carried.split(".")][:CALLS]
    except ValueError:
        return []


def carry(name: str, shown: Collection[uuid.UUID]) -> str:
    """Return a block id that carries which clients a panel shows, in order."""
    return f"{name}:{'.'.join(one.hex for one in shown)}"
