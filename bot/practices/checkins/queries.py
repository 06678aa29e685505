"""What check-ins say, asked for in bulk: contact days, the history, what is new, how people spoke lately."""

import datetime as dt
import uuid
from collections.abc import Collection

import sqlalchemy as sa

from bot.practices.checkins.rows import (
    CHECKIN,
    Checkin,
    CheckinPersonRow,
    CheckinRow,
    CheckinSignalRow,
    Details,
    allowed,
)
from bot.practices.checkins.rules import Medium, Purpose, Signal, Via
from bot.store.few import few_of_each
from bot.store.search import Visibility
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.workspaces.directory import MemberRow
from bot.workspaces.visibility import Audience

WHAT_WAS_FELT = sa.case(
    (sa.and_(CheckinRow.visibility != Visibility.ME, CheckinSignalRow.signal.is_(None)), CheckinRow.feeling)
)


def what_was_felt(checkin: Checkin, details: Details) -> float | None:
    """Return the rating by which a check-in moves its client's spark, as WHAT_WAS_FELT does for those that are kept."""
    if checkin.visibility is Visibility.ME or Signal.HEALTHY_DISAGREEMENT in details.signals:
        return None
    return checkin.feeling


CONTACTS = prepared(
    sa.select(CheckinRow.client_id, CheckinRow.happened_on, sa.func.avg(sa.cast(WHAT_WAS_FELT, sa.Double())))
    .outerjoin(
        CheckinSignalRow,
        sa.and_(CheckinSignalRow.checkin_id == CheckinRow.id, CheckinSignalRow.signal == Signal.HEALTHY_DISAGREEMENT),
    )
    .where(CheckinRow.client_id.in_(sa.bindparam("client_ids", type_=sa.Uuid(), expanding=True)))
    .group_by(CheckinRow.client_id, CheckinRow.happened_on)
    .order_by(CheckinRow.client_id, CheckinRow.happened_on)
)

_IS_MARKED = sa.exists().where(CheckinSignalRow.checkin_id == CheckinRow.id)


async def history(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    limit: int,
    offset: int = 0,
    with_words: bool = False,
    unmarked: bool = False,
    quoting: bool = False,
    since: dt.date = dt.date.min,
) -> list[Checkin]:
    """Return each client's check-ins that an audience may read, newest first, `limit` of each after `offset`.

    `with_words` leaves out those without a note, `unmarked` those beside which something was noticed, `quoting` those
    without the client's own words; `since`: of conversations from a day on.
    """
    newest_first = (CheckinRow.happened_on.desc(), CheckinRow.id.desc())
    place = sa.func.row_number().over(partition_by=CheckinRow.client_id, order_by=newest_first).label("place")
    wanted = [allowed(audience)]
    if with_words:
        wanted.append(CheckinRow.note != "")
    if unmarked:
        wanted.append(~_IS_MARKED)
    if quoting:
        wanted.append(CheckinRow.quote.is_not(None))
    if since > dt.date.min:
        wanted.append(CheckinRow.happened_on >= since)
    ranked = sa.select(CheckinRow.id, place).where(CheckinRow.client_id.in_(set(client_ids)), *wanted).subquery()
    found = await session.execute(
        sa.select(*CHECKIN)
        .join(ranked, ranked.c.id == CheckinRow.id)
        .where(ranked.c.place > offset, ranked.c.place <= offset + limit)
        .order_by(*newest_first)
    )
    return [Checkin(*row) for row in found]


async def by_author(session: Work, client_id: uuid.UUID, author_id: uuid.UUID, *, on: dt.date) -> list[Checkin]:
    """Return a member's check-ins of one client that count for a day, oldest first."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id == client_id,
            CheckinRow.author_id == author_id,
            CheckinRow.happened_on == on,
        )
        .order_by(CheckinRow.id)
    )
    return [Checkin(*row) for row in found]


async def contacts(session: Work, client_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, dt.date, float | None]]:
    """Return (client, contact day, its mean rating) of these clients, each client's oldest first.

    The mean leaves out notes that only their author may read and healthy disagreements: None where nothing is left.
    """
    found = await session.run(CONTACTS, client_ids=list(client_ids))
    return [(client_id, day, mean) for client_id, day, mean in found]


LAST_DAYS = prepared(
    sa.select(CheckinRow.client_id, sa.func.max(CheckinRow.happened_on))
    .where(CheckinRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)))
    .group_by(CheckinRow.client_id)
)


async def last_days(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """Return the newest contact day of each client that has one, whoever may read the notes: a day is no content."""
    found = await session.run(LAST_DAYS, ids=list(client_ids))
    return dict(found.all())


async def readable_days(session: Work, client_id: uuid.UUID, audience: Audience) -> set[dt.date]:
    """Return the days on which a client was spoken to in notes that an audience may read."""
    days = sa.select(CheckinRow.happened_on).where(CheckinRow.client_id == client_id, allowed(audience)).distinct()
    return set((await session.execute(days)).scalars())


async def captured(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    but_by: uuid.UUID,
    written: dt.datetime,
    happened: dt.date,
    limit: int,
) -> list[Checkin]:
    """Return what others than a member logged from an instant on, of conversations from a day on, the newest first."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.happened_on >= happened,
            CheckinRow.created_at >= written,
            CheckinRow.author_id != but_by,
            allowed(audience),
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


async def lately(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date
) -> list[tuple[uuid.UUID, Medium | None, Purpose | None]]:
    """Return (client, how, about what) of the conversations since a day that an audience may read, oldest first.

    About what is None where nothing was written down.
    """
    found = await session.execute(
        sa.select(CheckinRow.client_id, CheckinRow.medium, sa.case((CheckinRow.note != "", CheckinRow.purpose)))
        .where(CheckinRow.client_id.in_(set(client_ids)), CheckinRow.happened_on >= since, allowed(audience))
        .order_by(CheckinRow.happened_on, CheckinRow.id)
    )
    return [(client_id, medium, purpose) for client_id, medium, purpose in found]


async def since(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, on: dt.date, *, limit: int
) -> list[Checkin]:
    """Return the check-ins of clients from a day on that an audience may read and say more than that they spoke.

    The newest come first; limit: of each client.
    """
    query = few_of_each(
        CHECKIN,
        CheckinRow,
        CheckinRow.client_id.in_(set(client_ids)),
        CheckinRow.happened_on >= on,
        sa.or_(CheckinRow.feeling.is_not(None), CheckinRow.note != ""),
        allowed(audience),
        order=(CheckinRow.happened_on.desc(), CheckinRow.id.desc()),
        limit=limit,
    )
    return [Checkin(*row) for row in await session.execute(query)]


async def in_days(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.date, until: dt.date, *, limit: int
) -> list[Checkin]:
    """Return the check-ins of some days that an audience may read and nothing was noticed beside, newest first."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.happened_on.between(since, until),
            allowed(audience),
            ~_IS_MARKED,
        )
        .order_by(CheckinRow.happened_on.desc(), CheckinRow.id.desc())
        .limit(limit)
    )
    return [Checkin(*row) for row in found]


async def spoken_with(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date, lately: dt.date
) -> list[tuple[uuid.UUID, uuid.UUID, int, dt.date, dt.date]]:
    """Return (client, person, how often after a day, first day, last day) of notes since a day that one may read."""
    newer = sa.func.sum(sa.case((CheckinRow.happened_on > lately, 1), else_=0))
    days = (sa.func.min(CheckinRow.happened_on), sa.func.max(CheckinRow.happened_on))
    found = await session.execute(
        sa.select(CheckinRow.client_id, CheckinPersonRow.contact_id, newer, *days)
        .join(CheckinPersonRow, CheckinPersonRow.checkin_id == CheckinRow.id)
        .where(CheckinRow.client_id.in_(set(client_ids)), CheckinRow.happened_on >= since, allowed(audience))
        .group_by(CheckinRow.client_id, CheckinPersonRow.contact_id)
    )
    return [(client_id, contact_id, count, first, last) for client_id, contact_id, count, first, last in found]


async def quoted_in(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among these workspaces in which words were quoted on some days, in a session over all of them.

    It costs a step into an index for each of their people.
    """
    quoted = sa.exists().where(
        CheckinRow.workspace_id == MemberRow.workspace_id,
        CheckinRow.author_id == MemberRow.id,
        CheckinRow.happened_on.between(since, until),
        CheckinRow.quote.is_not(None),
    )
    many = sa.select(MemberRow.workspace_id).where(MemberRow.workspace_id.in_(set(workspace_ids)), quoted).distinct()
    why = {ALL_WORKSPACES: "which workspaces have anything to say at the end of a week"}
    return set((await session.execute(many.execution_options(**why))).scalars())
