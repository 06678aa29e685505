"""The first few of each client: a limit that the many rows of one do not use up for the others."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.store.session import Query


def few_of_each(
    columns: Sequence[Any], row: Any, *criteria: sa.ColumnElement[bool], order: Sequence[Any], limit: int
) -> Query:
    """Return the query for the first `limit` rows of each client that meet some criteria, in an order.

    row: a table with `id` and `client_id`; columns: some of its own.
    """
    place = sa.func.row_number().over(partition_by=row.client_id, order_by=order).label("place")
    ranked = sa.select(row.id, place).where(*criteria).subquery()
    joined = sa.select(*columns).join(ranked, ranked.c.id == row.id)
    return joined.where(ranked.c.place <= limit).order_by(*order)
