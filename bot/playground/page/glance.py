"""A look into the app's database, handed in by whoever starts the stand-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Table:
    """A table and how many rows it holds."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a table; every cell can be written as JSON.  `total`: rows in the whole table."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    total: int


class Glance(Protocol):
    """Reads tables; never writes."""

    async def tables(self) -> Sequence[Table]:
        """Return every table."""
        ...

    async def rows(self, table: str, offset: int, limit: int) -> Rows:
        """Return a page of one table; KeyError when there is no such table."""
        ...
