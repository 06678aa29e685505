"""Whose words something is: who may change it, and who may make it theirs alone."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.practices.clients import service as clients
from bot.slack.errors import Refused
from bot.store.session import Work
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.visibility import Visibility

__all__ = ["NotTheirsAlone", "changeable", "held", "require_author"]


class Written(Protocol):
    """Something that a member (our id) wrote down about a client."""

    @property
    def client_id(self) -> uuid.UUID: ...

    @property
    def author_id(self) -> uuid.UUID: ...


Words = TypeVar("Words", bound=Written)


class NotTheirsAlone(Exception):
    """Somebody else's words cannot be made one's own secret; says whose they are."""


async def changeable(session: Work, found: Words | None, by: Member, *also: uuid.UUID, gone: str) -> Words:
    """Return what somebody may read and may change: its author, others of ours (our ids), who may change the client.

    Raises Refused, with the sentence `gone`, for what is not there or not theirs to read, and clients.NotTheirs.
    """
    if found is None:
        raise Refused(gone)
    if by.id not in {found.author_id, *also}:
        await clients.require_editor(session, await clients.get(session, found.client_id), by)
    return found


async def held(session: Work, read: Callable[[], Awaitable[Words]]) -> Words:
    """Return what is read about a client, as it is once nobody else changes what is known about that client."""
    holds: set[uuid.UUID] = set()
    while (found := await read()).client_id not in holds:
        holds.add(found.client_id)
        await clients.hold(session, found.client_id)
    return found


async def require_author(session: Work, one: Written, visibility: Visibility, by: Member) -> None:
    """Let through readers that a member may choose for something: its author alone makes it theirs alone.

    Raises NotTheirsAlone.
    """
    if visibility is Visibility.ME and one.author_id != by.id:
        author = (await members_by_id(session, [one.author_id])).get(one.author_id)
        raise NotTheirsAlone(f"Only {author.name if author else 'its author'} can make this theirs alone.")
