"""What is kept of messages once their words have to go: only what the courier and later messages go by stays."""

import json
import re
import uuid
from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from bot.courier.rows import DeliveryRow
from bot.slack.text import escape
from bot.store.base import table_of
from bot.store.session import PREPARED, Work

AT_ONCE: Final = 500
SHORTEST: Final = 4
"""Letters: a shorter name stands in too much else."""

KEPT: Final = frozenset({"type", "block_id", "thread_ts"})
REFERENCE: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|<#\w+>", re.ASCII)
ROW: Final = table_of(DeliveryRow).c
EMPTY: Final = (
    sa.update(table_of(DeliveryRow))
    .where(ROW.workspace_id == sa.bindparam("its_workspace"), ROW.id == sa.bindparam("its_id"))
    .values(body=sa.bindparam("rest", type_=ROW.body.type))
)


async def empty(session: Work, words: Collection[str]) -> None:
    """Take the words out of every message, whatever became of it, in which one of these stands: a name, an id.

    A name of fewer than four letters is not looked for.
    """
    text, after = sa.cast(DeliveryRow.body, sa.Text()), uuid.UUID(int=0)
    stands = sa.or_(
        *(text.contains(each, autoescape=True) for word in words if len(word) >= SHORTEST for each in _as_kept(word))
    )
    query = sa.select(DeliveryRow.id, DeliveryRow.body).where(stands).order_by(DeliveryRow.id).limit(AT_ONCE)
    while page := (await session.execute(query.where(DeliveryRow.id > after))).all():
        rest = [
            {"its_workspace": session.workspace_id, "its_id": key, "rest": without_words(body)} for key, body in page
        ]
        await session.execute(EMPTY, rest, execution_options={PREPARED: True})
        after = page[-1].id


def _as_kept(word: str) -> set[str]:
    """Return how a word stands in a message: as Slack takes it, or as a button brings it back; in JSON."""
    return {json.dumps(each)[1:-1] for each in (word, str(escape(word)))}


def without_words(body: Any) -> Any:
    """Return a message's shape: every text is left with nothing but the ids in it."""
    if isinstance(body, dict):
        return {key: part if key in KEPT else without_words(part) for key, part in body.items()}
    if isinstance(body, list):
        return [without_words(part) for part in body]
    return " ".join(REFERENCE.findall(body)) if isinstance(body, str) else body
