"""Who is away, until when, and who looks after their clients meanwhile.

An absence runs from its first day away to the day before `back_on`, the first day back.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.slack.errors import Refused
from bot.slack.text import day
from bot.store.base import Base, InWorkspace, new_id
from bot.store.seen import first_time
from bot.store.session import Work, prepared
from bot.workspaces.directory import Member

GIVEN_UP = "You came back, or changed this, meanwhile. Type `/ember away` to start again."
LONGEST = dt.timedelta(days=366)


class AwayRow(InWorkspace, Base):
    """Somebody's absence: the first day away, the day they are back, who covers."""

    __tablename__ = "away"
    __table_args__ = (sa.Index(None, "workspace_id", "member_id", "back_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    from_on: Mapped[dt.date]
    back_on: Mapped[dt.date]
    cover_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(sa.Text())
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Away:
    """An absence: whose, its first day, the first day back, who covers, what they should know."""

    id: uuid.UUID
    member_id: uuid.UUID
    from_on: dt.date
    back_on: dt.date
    cover_id: uuid.UUID | None = None
    note: str | None = None

    def holds_on(self, on: dt.date) -> bool:
        """Return whether somebody is away on a day; on the day they are back they are not."""
        return self.from_on <= on < self.back_on


AWAY = (AwayRow.id, AwayRow.member_id, AwayRow.from_on, AwayRow.back_on, AwayRow.cover_id, AwayRow.note)
ON = sa.bindparam("on", type_=sa.Date())
AWAY_ON = prepared(
    sa.select(*AWAY).where(
        AwayRow.member_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)),
        AwayRow.from_on <= ON,
        AwayRow.back_on > ON,
    )
)


class BackTooSoon(ValueError):
    """Somebody would be back before they leave, or has been back for long."""


class BackTooLate(ValueError):
    """An absence is longer than a year: they have left rather than being away."""


class Overlap(ValueError):
    """Somebody is away on some of these days already, by another plan of theirs; the message names it."""


class NoCover(ValueError):
    """Whoever is to cover can't: it is the person themselves, or somebody who is away then too."""


async def set_away(
    session: Work,
    member_id: uuid.UUID,
    *,
    from_on: dt.date,
    back_on: dt.date,
    cover_id: uuid.UUID | None,
    note: str | None = None,
    instead_of: uuid.UUID | None = None,
    key: str | None = None,
    today: dt.date,
    now: dt.datetime,
) -> Away:
    """Keep somebody's absence, in place of `instead_of` where there is one; others that are planned stay.

    A form that is pressed again (by `key`) changes nothing.  Raises BackTooSoon, BackTooLate, Overlap, NoCover, and
    Refused where that absence was given up meanwhile.
    """
    made = Away(new_id(), member_id, from_on, back_on, cover_id, note or None)
    before = await first_time(session, key, ref=made.id, now=now) if key is not None else None
    if before is not None:
        return await _still_there(session, before)
    _require_sense(from_on, back_on, today)
    if cover_id is not None:
        await _require_free(session, member_id, cover_id, from_on, back_on)
    await session.execute(sa.delete(AwayRow).where(AwayRow.member_id == member_id, AwayRow.id == instead_of))
    await _require_no_other(session, made, today)
    await session.add_row(AwayRow, **vars(made), created_at=now)
    return made


async def _still_there(session: Work, away_id: uuid.UUID) -> Away:
    row = (await session.execute(sa.select(*AWAY).where(AwayRow.id == away_id))).one_or_none()
    if row is None:
        raise Refused(GIVEN_UP)
    return Away(*row)


def _require_sense(from_on: dt.date, back_on: dt.date, today: dt.date) -> None:
    if back_on <= from_on:
        raise BackTooSoon("This is the first day back, so it comes after the first day away.")
    if back_on <= today:
        raise BackTooSoon("Choose a day after today: this is the first day back.")
    if back_on - from_on > LONGEST:
        raise BackTooLate("Choose a day within a year.")


async def _require_no_other(session: Work, made: Away, today: dt.date) -> None:
    """Raise Overlap for days of another plan; one that is over makes place."""
    shared = (AwayRow.member_id == made.member_id, AwayRow.from_on < made.back_on, AwayRow.back_on > made.from_on)
    planned = sa.select(*AWAY).where(*shared, AwayRow.back_on > today).order_by(AwayRow.from_on)
    row = (await session.execute(planned.limit(1))).one_or_none()
    if row is not None:
        other = Away(*row)
        days = f"from {day(other.from_on, today)}, back on {day(other.back_on, today)}"
        raise Overlap(f"You are away {days} already. Choose other days, or change that time.")
    await session.execute(sa.delete(AwayRow).where(*shared))


async def _require_free(
    session: Work, member_id: uuid.UUID, cover_id: uuid.UUID, from_on: dt.date, back_on: dt.date
) -> None:
    if cover_id == member_id:
        raise NoCover("Pick somebody else: you can't cover for yourself.")
    clash = sa.select(AwayRow.back_on).where(
        AwayRow.member_id == cover_id, AwayRow.from_on < back_on, AwayRow.back_on > from_on
    )
    if (await session.execute(clash.limit(1))).first() is not None:
        raise NoCover("They are away then too. Pick somebody else.")


async def come_back(session: Work, member_id: uuid.UUID, *, today: dt.date) -> Away | None:
    """End the absence that holds today; return it as it was, None where there is none."""
    held = (await away_on(session, [member_id], today)).get(member_id)
    if held is None:
        return None
    mine = AwayRow.id == held.id
    ended = sa.delete(AwayRow).where(mine) if held.from_on == today else sa.update(AwayRow).where(mine)
    await session.execute(ended if isinstance(ended, sa.Delete) else ended.values(back_on=today))
    return held


async def cancel(session: Work, member_id: uuid.UUID, away_id: uuid.UUID) -> bool:
    """Give up an absence of somebody's that has not begun; return whether there was one."""
    drop = sa.delete(AwayRow).where(AwayRow.member_id == member_id, AwayRow.id == away_id)
    dropped = await session.execute(drop.returning(AwayRow.id))
    return dropped.first() is not None


async def away_on(session: Work, member_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, Away]:
    """Return who of these is away on a day, by member."""
    found = await session.run(AWAY_ON, ids=list(member_ids), on=on)
    return {away.member_id: away for away in (Away(*row) for row in found)}


async def away_now(session: Work, members: Collection[Member], now: dt.datetime) -> dict[uuid.UUID, Away]:
    """Return who of these is away at an instant, each on the day it is where they are, by member."""
    today = {member.id: member.day(now) for member in members}
    if not today:
        return {}
    near = (AwayRow.from_on <= max(today.values()), AwayRow.back_on > min(today.values()))
    found = await session.execute(sa.select(*AWAY).where(AwayRow.member_id.in_(today), *near))
    return {one.member_id: one for one in (Away(*row) for row in found) if one.holds_on(today[one.member_id])}


async def upcoming(session: Work, member_id: uuid.UUID, today: dt.date) -> list[Away]:
    """Return somebody's absences that are not over, the first one first; one of them may hold today."""
    query = sa.select(*AWAY).where(AwayRow.member_id == member_id, AwayRow.back_on > today)
    return [Away(*row) for row in await session.execute(query.order_by(AwayRow.from_on))]


async def covered_by(session: Work, member_id: uuid.UUID, on: dt.date, *, until: dt.date | None = None) -> list[Away]:
    """Return for whom somebody covers on a day, or on any from it to before another."""
    last = until - dt.timedelta(days=1) if until is not None else on
    holds = (AwayRow.cover_id == member_id, AwayRow.from_on <= last, AwayRow.back_on > on)
    found = await session.execute(sa.select(*AWAY).where(*holds).order_by(AwayRow.back_on))
    return [Away(*row) for row in found]


async def covering(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return who covers for anybody on a day or later, by our ids."""
    later = (AwayRow.cover_id.is_not(None), AwayRow.back_on > on)
    found = await session.execute(sa.select(AwayRow.cover_id).where(*later).distinct())
    return {cover_id for cover_id in found.scalars() if cover_id is not None}
