"""What was logged lately: by colleagues, for whoever reads along, and by oneself with one tap."""

import datetime as dt
import uuid
from collections.abc import Collection

import sqlalchemy as sa

from bot.practices.checkins.rows import CHECKIN, Checkin, CheckinRow
from bot.practices.checkins.rules import Via
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person, may_see_sql

NEWS = dt.timedelta(days=31)


async def captured(
    session: Work, client_ids: Collection[uuid.UUID], reader: Person, *, since: dt.datetime, limit: int
) -> list[Checkin]:
    """Return what others logged about clients since an instant, as a person may read it, the newest first.

    What was written down about a conversation more than a month before is no news, and is left out.
    """
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.happened_on >= since.date() - NEWS,
            CheckinRow.created_at >= since,
            CheckinRow.author_id != reader.id,
            _allowed(reader),
        )
        .order_by(CheckinRow.created_at.desc(), CheckinRow.id.desc())
        .limit(limit)
    )
    return [Checkin(*row) for row in found]


async def spoken_since(
    session: Work, client_ids: Collection[uuid.UUID], author_id: uuid.UUID, *, since: dt.datetime
) -> dict[uuid.UUID, Checkin]:
    """Return the newest "We've spoken" of an author about each of these clients, from an instant on."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.author_id == author_id,
            CheckinRow.via == Via.SPOKEN,
            CheckinRow.created_at >= since,
        )
        .order_by(CheckinRow.created_at, CheckinRow.id)
    )
    return {checkin.client_id: checkin for checkin in (Checkin(*row) for row in found)}


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id)
