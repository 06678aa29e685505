"""Thanks among colleagues, as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.session import ALL_WORKSPACES, Work

EVERYWHERE = {ALL_WORKSPACES: "in which of many workspaces somebody was thanked is asked at once"}


class KudosRow(InWorkspace, Base):
    """Somebody's thanks for a colleague's conversation."""

    __tablename__ = "kudos"
    __table_args__ = (sa.UniqueConstraint("checkin_id", "giver_id"), sa.Index(None, "workspace_id", "given_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    checkin_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    giver_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    given_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Given:
    """Thanks from a member for a check-in, by our ids."""

    checkin_id: uuid.UUID
    giver_id: uuid.UUID


async def give(session: Work, kudos_id: uuid.UUID, checkin_id: uuid.UUID, giver_id: uuid.UUID, at: dt.datetime) -> None:
    """Keep somebody's thanks for a conversation, once."""
    await session.add_once(KudosRow, id=kudos_id, checkin_id=checkin_id, giver_id=giver_id, given_at=at)


async def take_back(session: Work, checkin_id: uuid.UUID, giver_id: uuid.UUID) -> None:
    """Forget somebody's thanks for a conversation."""
    theirs = (KudosRow.checkin_id == checkin_id, KudosRow.giver_id == giver_id)
    await session.execute(sa.delete(KudosRow).where(*theirs))


async def given(session: Work, since: dt.datetime, until: dt.datetime, *, limit: int) -> list[Given]:
    """Return the thanks of a span (until: left out), newest first, whoever may read what they are for."""
    query = (
        sa.select(KudosRow.checkin_id, KudosRow.giver_id)
        .where(KudosRow.given_at >= since, KudosRow.given_at < until)
        .order_by(KudosRow.given_at.desc(), KudosRow.id)
        .limit(limit)
    )
    return [Given(*row) for row in await session.execute(query)]


async def thanked_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return those among many workspaces in which somebody was thanked since an instant."""
    which = (KudosRow.workspace_id.in_(set(workspace_ids)), KudosRow.given_at >= since)
    query = sa.select(KudosRow.workspace_id).where(*which).distinct()
    return set((await session.execute(query, execution_options=EVERYWHERE)).scalars())
