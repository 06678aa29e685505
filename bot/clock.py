"""The only place that asks the time."""

import datetime as dt


class Clock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """Return this instant, in UTC."""
        return dt.datetime.now(dt.UTC)  # noqa: TID251  this is the one place that asks


class MovableClock(Clock):
    """A clock that stands where it is put, or runs on from there."""

    def __init__(self, at: dt.datetime | None = None) -> None:
        self._offset = dt.timedelta()
        self._frozen: dt.datetime | None = None
        if at is not None:
            self.set(at)

    def now(self) -> dt.datetime:
        """Return the frozen instant, or the machine's time plus the offset."""
        return self._frozen if self._frozen is not None else super().now() + self._offset

    def set(self, at: dt.datetime) -> None:
        """Stand still at an instant (aware)."""
        self._frozen = _utc(at)

    def run_at(self, at: dt.datetime) -> None:
        """Run on from an instant (aware)."""
        self._offset, self._frozen = _utc(at) - super().now(), None

    def run_now(self) -> None:
        """Run with the machine's clock again."""
        self._offset, self._frozen = dt.timedelta(), None

    @property
    def moved(self) -> bool:
        """Tell whether this clock shows another time than the machine's."""
        return self._frozen is not None or self._offset != dt.timedelta()

    def advance(self, by: dt.timedelta) -> None:
        """Move on by a span."""
        if self._frozen is not None:
            self._frozen += by
        else:
            self._offset += by


def _utc(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("a clock is set to an aware instant")
    return at.astimezone(dt.UTC)
