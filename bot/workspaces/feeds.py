"""Secret links to a member's own calendar: only what a secret hashes to is kept, so nobody can read one here."""

import hashlib
import re
import secrets
import uuid
from dataclasses import fields

import sqlalchemy as sa

from bot.store.session import ALL_WORKSPACES, Work
from bot.workspaces.settings import Preference, PreferenceRow

SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
ANYWHERE = {ALL_WORKSPACES: "a secret link says by itself whose it is"}
DEFAULTS = {field.name: field.default for field in fields(Preference)}


def fresh() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(32)


def is_secret(text: str) -> bool:
    """Return whether a text has the form of a secret."""
    return SECRET.fullmatch(text) is not None


async def has_one(session: Work, member_id: uuid.UUID) -> bool:
    """Return whether a member has a link."""
    query = sa.select(PreferenceRow.calendar_key).where(PreferenceRow.member_id == member_id)
    return (await session.execute(query)).scalar_one_or_none() is not None


async def put(session: Work, member_id: uuid.UUID, secret: str | None) -> None:
    """Give a member a link, which ends the one before; None ends it alone."""
    key = _key(secret) if secret is not None else None
    await session.add_once(PreferenceRow, member_id=member_id, **DEFAULTS)
    change = sa.update(PreferenceRow).where(PreferenceRow.member_id == member_id)
    await session.execute(change.values(calendar_key=key))


async def holder(session: Work, secret: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return whose link this is: (workspace, member) by our ids, in a session over all workspaces."""
    if not is_secret(secret):
        return None
    query = sa.select(PreferenceRow.workspace_id, PreferenceRow.member_id)
    found = await session.execute(query.where(PreferenceRow.calendar_key == _key(secret)), execution_options=ANYWHERE)
    row = found.first()
    return (row[0], row[1]) if row is not None else None


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
