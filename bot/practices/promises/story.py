"""What promises tell of a year with a client: what was kept, and what we missed, without whose it was."""

import datetime as dt
import uuid
from typing import Final

from bot.practices.practice import Section, Value
from bot.practices.promises import rows
from bot.practices.promises.rules import PromiseState
from bot.slack.text import Markup, markup, one_line
from bot.store.session import Work
from bot.workspaces.visibility import Room

READ: Final = 1000
SHOWN: Final = 120
TOLD: Final = {
    PromiseState.KEPT: Markup("Kept:"),
    PromiseState.EXCEEDED: Markup("More than we promised:"),
    PromiseState.MISSED: Markup("Missed:"),
}
WEIGHTS: Final = {PromiseState.MISSED: 3, PromiseState.EXCEEDED: 2}


async def story(session: Work, client_id: uuid.UUID, since: dt.date, until: dt.date, room: Room) -> list[Value]:
    """Return what became of the promises that were due, ours and theirs; what they missed is left out."""
    told = []
    for one in await rows.settled_in(session, client_id, room, since, until, states=TOLD.keys(), limit=READ):
        what = one_line(one.what, SHOWN)
        if not one.theirs:
            text = markup("{how} {what}", how=TOLD[one.state], what=what)
            told.append(Value(Section.HISTORY, text, WEIGHTS.get(one.state, 1), one.id, on=one.due_on))
        elif one.state is not PromiseState.MISSED:
            told.append(Value(Section.HISTORY, markup("They kept: {what}", what=what), 1, one.id, on=one.due_on))
    return told
