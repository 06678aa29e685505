"""Secrets of other people's that Ember has to hand on, kept sealed: whoever has only the database can read none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Unreadable(Exception):
    """What was sealed cannot be opened with any key that there is now."""


class Seal:
    """Seals and opens with keys (Fernet's, 32 bytes in URL-safe base64): the newest one first, older ones open only."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._box: MultiFernet | None = None

    def close(self, secret: str) -> str:
        """Return a secret sealed."""
        return self._opened().encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return what was sealed.  Raises Unreadable."""
        from cryptography.fernet import InvalidToken

        try:
            return self._opened().decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            raise Unreadable from None

    def _opened(self) -> "MultiFernet":
        """Return the box; the library takes a while to load, so it is when something is sealed first."""
        if self._box is None:
            from cryptography.fernet import Fernet, MultiFernet

            self._box = MultiFernet([Fernet(key) for key in self._keys])
        return self._box
