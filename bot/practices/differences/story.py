"""What differences tell of a year with a client: what we saw differently, and what it came to."""

import datetime as dt
import uuid

from bot.practices.differences import rows
from bot.practices.practice import Section, Value
from bot.slack.text import markup, one_line
from bot.store.session import Work
from bot.workspaces.visibility import Room

SHOWN = 120


async def story(session: Work, client_id: uuid.UUID, since: dt.date, until: dt.date, room: Room) -> list[Value]:
    """Return what was settled, on the day it was."""
    return [
        Value(
            Section.HISTORY,
            markup(
                "Seen differently, and settled: “{what}”. {came_to}",
                what=one_line(one.text, SHOWN),
                came_to=one_line(one.resolution, SHOWN),
            ),
            2,
            one.id,
            on=one.closed_at.date(),
        )
        for one in await rows.settled(session, client_id, room, since, until)
        if one.closed_at is not None
    ]
