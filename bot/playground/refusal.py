"""How Slack says no."""

from typing import Any


class Refused(Exception):
    """Slack's refusal of one call: its error code, and what goes with it in the body."""

    def __init__(
        self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: object
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the JSON body that carries this refusal."""
        return {"ok": False, "error": self.error, **self.extra}
