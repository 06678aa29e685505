"""The database's clock: the one that every replica shares, for leases, pace and tries."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.store.types import UtcDateTime

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Long ago: a lane that may be used at once."""


class Moment(FunctionElement[dt.datetime]):
    """The instant at which the statement runs, plus some seconds."""

    type = UtcDateTime()
    inherit_cache = True
    name = "moment"


def from_now(seconds: float | sa.ColumnElement[float] = 0.0) -> Moment:
    """Return the database's time some seconds from now (negative: ago)."""
    given = seconds if isinstance(seconds, sa.ColumnElement) else sa.literal(float(seconds), sa.Float())
    return Moment(given)


@compiles(Moment, "postgresql")
def _on_postgresql(element: Moment, compiler: Any, **options: Any) -> str:
    return f"(statement_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(Moment, "sqlite")
def _on_sqlite(element: Moment, compiler: Any, **options: Any) -> str:
    """Write it as instants are kept: with six digits behind the second."""
    seconds = compiler.process(element.clauses, **options)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', ({seconds}) || ' seconds') || '000')"
