"""Their words: what clients said, as they said it, for cards, briefs and the end of the week."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.practices.checkins import queries, rows
from bot.practices.checkins.rows import Checkin
from bot.practices.people import service as people
from bot.practices.practice import Occasion, Section, Value
from bot.slack.text import day, lines, markup, one_line
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Room

A_CLIENT: Final = 2
SHOWN: Final = 200


async def quotes(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    since: dt.date = dt.date.min,
    *,
    limit: int = A_CLIENT,
) -> list[Checkin]:
    """Return the newest check-ins that hold each client's own words, as an audience may read them, `limit` of each.

    To a channel none is quoted beside which something was noticed, whoever may read it.
    """
    unmarked = isinstance(audience, Room)
    return await queries.history(
        session, client_ids, audience, limit=limit, quoting=True, unmarked=unmarked, since=since
    )


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return each client's newest words: "Their words: “ideas our own team cannot see” Priya, Tue 12 May"."""
    return await _newest(session, client_ids, audience, now, limit=1)


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return each client's newest words."""
    return await _newest(session, [one.client_id for one in occasions], audience, now, limit=A_CLIENT)


async def _newest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime, *, limit: int
) -> Mapping[uuid.UUID, Sequence[Value]]:
    found = await quotes(session, client_ids, audience, limit=limit)
    if not found:
        return {}
    details = await rows.details_of(session, [one.id for one in found])
    alone = await rows.with_one(session, details)
    known = await people.of_clients(session, {one.client_id for one in found})
    names = {contact.id: contact.name for theirs in known.values() for contact in theirs}
    said: dict[uuid.UUID, list[Value]] = {}
    for place, one in enumerate(found):
        there = [who for who in details[one.id].people if who in names]
        speaker = there[0] if len(there) == 1 and one.id in alone else None
        words = markup("*Their words:* “{words}”", words=one_line(one.quote, SHOWN))
        source = lines([names[speaker] if speaker is not None else "", day(one.happened_on, now.date())], ", ")
        text = lines([words, source], " ")
        said.setdefault(one.client_id, []).append(Value(Section.WORDS, text, -place, one.id, person=speaker))
    return said
