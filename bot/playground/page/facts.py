"""What a page tells about the app: read from its manifest by whoever starts the stand-in."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the message box suggests it; `command` begins with its slash."""

    command: str
    description: str
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of the global menu or of a message's menu."""

    type: Literal["global", "message"]
    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """What a person sends the app when a step is done: its kind on the wire, and how its summary there begins."""

    kind: Literal["command", "block_actions", "view_submission", "shortcut", "message_action"]
    begins: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the hint strip; `command` is put into the message box on request, any of `done` finishes it."""

    title: str
    text: str
    command: str = ""
    done: tuple[Finish, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """An app's manifest, as far as a client shows it, and the first steps with a line for their end.

    events: the subscribed ones; others are not delivered.
    """

    name: str = "App"
    description: str = ""
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    tour: tuple[Step, ...] = ()
    farewell: str = ""
