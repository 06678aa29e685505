"""Faults on demand: what a Web API call meets instead of a plain answer."""

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
        return None

    def clear(self) -> None:
        """Forget every planned fault."""
        self._planned.clear()
