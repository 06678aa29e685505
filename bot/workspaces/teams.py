"""Who looks after which client."""

import uuid
from collections.abc import Iterable, Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.session import Work, prepared
from bot.store.types import words
from bot.workspaces.directory import MEMBER, Member, MemberRow


class Role(StrEnum):
    """What a colleague is to a client."""

    OWNER = "owner"
    BACKUP = "backup"
    TEAM = "team"
    SPONSOR = "sponsor"


class ClientMemberRow(InWorkspace, Base):
    """A colleague in a client's team; everybody has one role there."""

    __tablename__ = "client_member"
    __table_args__ = (
        sa.PrimaryKeyConstraint("client_id", "member_id"),
        sa.Index(None, "workspace_id", "member_id", "client_id"),
    )

    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(words(Role, "role"))


async def set_team(session: Work, client_id: uuid.UUID, roles: Mapping[uuid.UUID, Role]) -> None:
    """Replace a client's team: our member id to role."""
    await session.execute(sa.delete(ClientMemberRow).where(ClientMemberRow.client_id == client_id))
    rows = [{"client_id": client_id, "member_id": member_id, "role": role} for member_id, role in roles.items()]
    await session.add_rows(ClientMemberRow, rows)


TEAMS = prepared(
    sa.select(ClientMemberRow.client_id, ClientMemberRow.member_id, ClientMemberRow.role).where(
        ClientMemberRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))
    )
)


async def teams(session: Work, client_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, Role]]:
    """Return each client's team: member id to role; a client without one maps to nothing."""
    wanted = set(client_ids)
    found = await session.run(TEAMS, ids=list(wanted))
    by_client: dict[uuid.UUID, dict[uuid.UUID, Role]] = {client_id: {} for client_id in wanted}
    for client_id, member_id, role in found:
        by_client[client_id][member_id] = role
    return by_client


async def owned(session: Work, member_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the clients that any of these members looks after, by our ids: client to member."""
    theirs = (ClientMemberRow.member_id.in_(set(member_ids)), ClientMemberRow.role == Role.OWNER)
    found = await session.execute(sa.select(ClientMemberRow.client_id, ClientMemberRow.member_id).where(*theirs))
    return {row.client_id: row.member_id for row in found}


async def everyone(session: Work) -> set[uuid.UUID]:
    """Return who is in any client's team, by our ids."""
    return set((await session.execute(sa.select(ClientMemberRow.member_id).distinct())).scalars())


WATCHING = prepared(
    sa.select(*MEMBER).where(
        MemberRow.home_opened_at.is_not(None),
        sa.or_(
            MemberRow.id.in_(sa.bindparam("members", type_=sa.Uuid(), expanding=True)),
            MemberRow.id.in_(
                sa.select(ClientMemberRow.member_id).where(
                    ClientMemberRow.client_id.in_(sa.bindparam("clients", type_=sa.Uuid(), expanding=True))
                )
            ),
        ),
    )
)


async def watching(session: Work, client_ids: Iterable[uuid.UUID], member_ids: Iterable[uuid.UUID]) -> list[Member]:
    """Return who looks at Home among the teams of clients and some more members."""
    return [Member(*row) for row in await session.run(WATCHING, clients=list(client_ids), members=list(member_ids))]
