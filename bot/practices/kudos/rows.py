"""Thanks among colleagues, as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace, new_id
from bot.store.session import ALL_WORKSPACES, Work

EVERYWHERE = {ALL_WORKSPACES: "in which of many workspaces somebody was thanked is asked at once"}


class KudosRow(InWorkspace, Base):
    """Somebody's thanks for a colleague's conversation; given_on: the day it was where they are."""

    __tablename__ = "kudos"
    __table_args__ = (sa.UniqueConstraint("checkin_id", "giver_id"), sa.Index(None, "workspace_id", "given_on"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    giver_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    given_on: Mapped[dt.date]


@dataclass(frozen=True)
class Given:
    """Thanks from a member for a check-in, by our ids."""

    checkin_id: uuid.UUID
    giver_id: uuid.UUID


async def give(session: Work, checkin_id: uuid.UUID, giver_id: uuid.UUID, on: dt.date) -> None:
    """Keep somebody's thanks for a conversation, once."""
    await session.add_once(KudosRow, id=new_id(), checkin_id=checkin_id, giver_id=giver_id, given_on=on)


async def take_back(session: Work, checkin_id: uuid.UUID, giver_id: uuid.UUID) -> None:
    """Forget somebody's thanks for a conversation."""
    theirs = (KudosRow.checkin_id == checkin_id, KudosRow.giver_id == giver_id)
    await session.execute(sa.delete(KudosRow).where(*theirs))


async def given(session: Work, since: dt.date, until: dt.date, *, limit: int) -> list[Given]:
    """Return the thanks of some days, newest first, whoever may read what they are for."""
    query = (
        sa.select(KudosRow.checkin_id, KudosRow.giver_id)
        .where(KudosRow.given_on.between(since, until))
        .order_by(KudosRow.given_on.desc(), KudosRow.id.desc())
        .limit(limit)
    )
    return [Given(*row) for row in await session.execute(query)]


async def thanked_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces in which somebody was thanked from a day on."""
    which = (KudosRow.workspace_id.in_(set(workspace_ids)), KudosRow.given_on >= since)
    query = sa.select(KudosRow.workspace_id).where(*which).distinct()
    return set((await session.execute(query, execution_options=EVERYWHERE)).scalars())
