"""What check-ins tell of a year with a client: its people's wins, and their words."""

import datetime as dt
import uuid

from bot.practices.checkins import queries
from bot.practices.practice import Section, Value
from bot.slack.text import markup, one_line
from bot.store.session import Work
from bot.workspaces.visibility import Room

READ = 2000
SHOWN = 160
A_WIN = 3
THEIR_WORDS = 2


async def story(session: Work, client_id: uuid.UUID, since: dt.date, until: dt.date, room: Room) -> list[Value]:
    """Return the wins and the quoted words of conversations beside which nothing was noticed."""
    told = []
    for one in await queries.in_days(session, [client_id], room, since, until, limit=READ):
        if one.win:
            text = markup("Their win: {win}", win=one_line(one.win, SHOWN))
            told.append(Value(Section.HISTORY, text, A_WIN, one.id, on=one.happened_on))
        if one.quote:
            text = markup("“{words}”", words=one_line(one.quote, SHOWN))
            told.append(Value(Section.HISTORY, text, THEIR_WORDS, one.id, on=one.happened_on))
    return told
