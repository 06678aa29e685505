"""The mark of rows that came from a check-in."""

from typing import ClassVar


class FromCheckin:
    """A row that may have come from a check-in: it has an `id`, a `checkin_id`, a `client_id` and a `visibility`.

    It goes with the check-in to another client, and no more people read it once fewer read that.
    """

    put_back: ClassVar[tuple[str, ...]] = ()
    """The columns of text by which it is written down again after an undo, where it goes as its check-in goes."""
