"""The workspaces that have Ember."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, new_id
from bot.store.session import ALL_WORKSPACES, Work

WHY = {ALL_WORKSPACES: "a workspace is looked up by Slack's id before anything else is known"}


class WorkspaceRow(Base):
    """A Slack workspace with Ember in it."""

    __tablename__ = "workspace"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    address: Mapped[str] = mapped_column(sa.String(255))
    bot_slack_id: Mapped[str] = mapped_column(sa.String(32))
    installed_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Workspace:
    """A workspace: our id, Slack's team id, its address (`https://….slack.com/`) and Ember's own user id in it."""

    id: uuid.UUID
    slack_id: str
    name: str
    address: str
    bot_slack_id: str


COLUMNS = (
    WorkspaceRow.id,
    WorkspaceRow.slack_id,
    WorkspaceRow.name,
    WorkspaceRow.address,
    WorkspaceRow.bot_slack_id,
)


async def find_workspace(session: Work, slack_id: str) -> Workspace | None:
    """Return the workspace of a Slack team id."""
    found = await session.execute(sa.select(*COLUMNS).where(WorkspaceRow.slack_id == slack_id), execution_options=WHY)
    row = found.one_or_none()
    return Workspace(*row) if row else None


async def all_workspaces(session: Work) -> list[Workspace]:
    """Return every workspace, oldest first."""
    found = await session.execute(sa.select(*COLUMNS).order_by(WorkspaceRow.id), execution_options=WHY)
    return [Workspace(*row) for row in found]


async def install(
    session: Work, *, slack_id: str, name: str, address: str, bot_slack_id: str, now: dt.datetime
) -> Workspace:
    """Keep a workspace, or refresh what Slack says about it."""
    says = {"name": name, "address": address, "bot_slack_id": bot_slack_id}
    fresh = Workspace(new_id(), slack_id, **says)
    if await session.add_once(WorkspaceRow, id=fresh.id, slack_id=slack_id, installed_at=now, **says):
        return fresh
    change = sa.update(WorkspaceRow).where(WorkspaceRow.slack_id == slack_id).values(**says)
    await session.execute(change, execution_options=WHY)
    return await find_workspace(session, slack_id) or fresh
