"""Faults on demand: what a Web API call meets instead of a plain answer, and whether the app answers in time."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "rate_limited",
    "error_500_not_stored",
    "error_500_stored",
    "dropped_after_store",
    "dropped_before_store",
    "slow",
    "refused",
]


Standing = Literal["dropped_line", "server_error", "rate_limited", "slow", "late"]

WRITING = ("chat.", "views.")


@dataclass(slots=True)
class Fault:
    """One planned fault and how often it still happens.

    rate_limited: 429 with `retry_after` seconds.  slow: `delay` seconds before the work.  refused: `error` instead of
    the work.  error_500_…: an HTTP 500 after or without the work.  dropped_…: the connection is cut.
    """

    method: str
    kind: FaultKind
    left: int
    retry_after: int
    delay: float
    error: str


class Faults:
    """The planned faults, in the order they were added."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._standing: set[Standing] = set()

    def add(
        self,
        method: str = "*",
        kind: FaultKind = "refused",
        *,
        times: int = 1,
        retry_after: int = 1,
        delay: float = 0.0,
        error: str = "internal_error",
    ) -> Fault:
        """Plan a fault for the next `times` calls of a method ("*" for any)."""
        fault = Fault(method, kind, times, retry_after, delay, error)
        self._planned.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """Return the fault this call meets, if any, and count it."""
        for fault in self._planned:
            if fault.left > 0 and fault.method in {method, "*"}:
                fault.left -= 1
                return fault
        return self._lasting(method) if method.startswith(WRITING) else None

    def switch(self, kind: Standing, *, on: bool) -> None:
        """Let a fault last until it is switched off.

        late: what a person does is answered too late.  The others meet every call that posts or shows something.
        """
        if on:
            self._standing.add(kind)
        else:
            self._standing.discard(kind)

    def is_on(self, kind: Standing) -> bool:
        """Tell whether a fault is switched on."""
        return kind in self._standing

    def _lasting(self, method: str) -> Fault | None:
        """Return the worst fault that is switched on."""
        for kind, meets, retry_after, delay in STANDING:
            if kind in self._standing:
                return Fault(method, meets, 1, retry_after, delay, "internal_error")
        return None

    def clear(self) -> None:
        """Forget every planned fault, and switch off the others."""
        self._planned.clear()
        self._standing.clear()


STANDING: tuple[tuple[Standing, FaultKind, int, float], ...] = (
    ("dropped_line", "dropped_before_store", 0, 0.0),
    ("server_error", "error_500_not_stored", 0, 0.0),
    ("rate_limited", "rate_limited", 3, 0.0),
    ("slow", "slow", 0, 3.5),
)
"""Each fault that can be switched on, the worst first: what a call meets, Retry-After and delay in seconds."""
