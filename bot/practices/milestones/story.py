"""What dates that matter tell of a year with a client: which were marked, and how."""

import datetime as dt
import uuid
from typing import Final

from bot.practices.clients import service as clients
from bot.practices.milestones import rows, wording
from bot.practices.milestones.rules import Step
from bot.practices.people import service as people
from bot.practices.practice import Section, Value
from bot.slack.text import lines, markup, one_line
from bot.store.session import Work
from bot.workspaces.visibility import Room

MARKED: Final = frozenset({Step.MARKING, Step.PLANNED})
SHOWN: Final = 120


async def story(session: Work, client_id: uuid.UUID, since: dt.date, until: dt.date, room: Room) -> list[Value]:
    """Return each date that was marked, with what was done: "Priya's birthday · a card from all of us"."""
    dates = {one.id: one.details for one in await rows.find(session, room, client_ids=[client_id], over=True)}
    client = (await clients.get(session, client_id)).name
    names = {one.id: one.name for one in (await people.of_clients(session, [client_id]))[client_id]}
    told: dict[tuple[uuid.UUID, dt.date], Value] = {}
    for milestone_id, steps in (await rows.said_about(session, dates)).items():
        for step in steps:
            if not since <= step.occurs_on <= until:
                continue
            told.pop((milestone_id, step.occurs_on), None)  # what was said last about a day is what became of it
            if step.step not in MARKED:
                continue
            details = dates[milestone_id]
            who = names.get(details.contact_id, "") if details.contact_id is not None else ""
            what = wording.what(details, client, who, step.occurs_on)
            done = markup("{done}", done=one_line(step.said, SHOWN))
            text = lines([markup("Marked: {what}", what=what), done], " · ")
            told[milestone_id, step.occurs_on] = Value(Section.HISTORY, text, 2, milestone_id, on=step.occurs_on)
    return list(told.values())
