"""On which days somebody works: their workspace's week, and the holidays of their own country."""

import datetime as dt
import uuid
from collections.abc import Callable

from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.holidays import LONGEST_REST, is_working_day

Works = Callable[[dt.date], bool]


async def works(session: Work, member_id: uuid.UUID) -> Works:
    """Return whether a member (our id) works on a day."""
    house = await settings.read(session)
    country = (await settings.preferences(session, [member_id]))[member_id].country or house.country
    return lambda on: is_working_day(on, house.workdays, country)


def first_working_day(on: dt.date, works_on: Works) -> dt.date:
    """Return the first working day from a day on; that day itself where a rest would be too long."""
    days = (on + dt.timedelta(days=later) for later in range(LONGEST_REST.days + 1))
    return next((day for day in days if works_on(day)), on)
