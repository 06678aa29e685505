"""How a client is called, and what its names and rhythm may be: pure decisions."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from bot.practices.spark.clock import Pause

T = TypeVar("T")

LONGEST_NAME = 80
LONGEST_FOLDED = 160
MOST_WORDS = 8
MAX_ALIASES = 20
LONGEST_RHYTHM = 365
KEY_WEIGHT = 1.5
"""How much a key client counts, against 1, where several cool at once and not all can come first."""
AFTER_A_NAME = " \t\r\n\u00a0:,-–—"
RESERVED = frozenset(
    (
        *("new", "list", "find", "brief", "story", "person", "promise", "promised", "date"),
        *("help", "edit", "pause", "resume", "end", "rename", "alias", "aliases", "people", "contact"),
        *("today", "channels", "settings", "away", "calendar", "forget", "birthday", "milestone"),
        *("1", "2", "3", "4", "5", "cold", "cool", "neutral", "warm", "glowing"),
    )
)


class Stage(StrEnum):
    """Where a relationship is in its life."""

    ONBOARDING = "onboarding"
    STEADY = "steady"
    RENEWAL = "renewal"
    WINDING_DOWN = "winding_down"


class Status(StrEnum):
    """Whether a client is looked after now."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class WhyType(StrEnum):
    """What kind of reason a client had to hire us."""

    INNOVATION = "innovation"
    LAUNCH = "launch"
    PLATFORM = "platform"
    CRITICAL_ISSUE = "critical_issue"
    OTHER = "other"


WHY_LABELS = {
    WhyType.INNOVATION: "innovation",
    WhyType.LAUNCH: "launch",
    WhyType.PLATFORM: "platform",
    WhyType.CRITICAL_ISSUE: "critical issue",
    WhyType.OTHER: "something else",
}
WHY_HOLDS = dt.timedelta(days=180)
"""How long the reason counts as known; then it is asked whether it still is the one."""


class BadName(ValueError):
    """A name that no client can have; says what to do."""


class BadRhythm(ValueError):
    """A rhythm out of range; says what to do."""


_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_ACCENTED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_BETWEEN_NAMES = re.compile(r"[,;\n]+\s*")
_WORD = re.compile(r"\S+")
_SLACK_MARK = re.compile(r"<[@#!][^>]*>?|[@#]\S+|[UWCDG](?=[A-Z]*[0-9])[A-Z0-9]{8,}")


def fold(name: str) -> str:
    """Return a name as it is compared: without accents, case and punctuation ("Müller & Søn" is "muller son").

    Words are joined by single spaces.  Letters of every script stay; so do marks that spell (か is not が).
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_UNDECOMPOSED)
    kept: list[str] = []
    accented = True  # a mark with no letter before it spells nothing
    for character in plain:
        kind = unicodedata.category(character)
        if kind[0] == "M":
            kept.append("" if accented or kind == "Me" or "VARIATION" in unicodedata.name(character, "") else character)
        elif kind != "Cf":
            kept.append(character if kind[0] in "LN" else " ")
            accented = kind[0] != "L" or unicodedata.name(character, "").startswith(_ACCENTED_SCRIPTS)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def words(name: str) -> tuple[str, ...]:
    """Return the folded words a name is found by, in order, each once."""
    return tuple(dict.fromkeys(fold(name).split()))


def split_name(text: str, known: Callable[[str], T | None]) -> tuple[T, str] | None:
    """Split a line into the client it opens with and the rest, or return None where it opens with no known name.

    known: answers a folded name or alias, exactly, with a value or None.  The longest leading run of at most eight
    words wins.  The rest is as typed, without the spaces, colon, comma or dash that followed the name.
    """
    leading = [found for found, _ in zip(_WORD.finditer(text), range(MOST_WORDS), strict=False)]
    for last in reversed(leading):
        if not fold(last[0]):
            continue  # a dash or a face after a name is no part of it
        value = known(fold(text[: last.end()]))
        if value is not None:
            return value, text[last.end() :].lstrip(AFTER_A_NAME)
    return None


def check_name(name: str) -> str:
    """Return a name with single spaces and nothing invisible.  Raises BadName with a sentence for its field."""
    shown = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    clean = " ".join(shown.split())
    folded = fold(clean)
    if not clean:
        raise BadName("Please give the client a name.")
    if _SLACK_MARK.fullmatch(clean):
        raise BadName("That looks like a mention or an id in Slack. Please type the client's name.")
    if len(clean) > LONGEST_NAME or len(folded) > LONGEST_FOLDED:
        raise BadName(f"Please keep the name to {LONGEST_NAME} characters; a short alias helps too.")
    if not folded:
        raise BadName("A name needs at least one letter or digit.")
    if folded in RESERVED:
        raise BadName(f"“{clean}” is a word Ember listens to. Please choose another name, such as “{clean} Ltd”.")
    return clean


def without_commas(name: str) -> str:
    """Return a name as it can stand in a list that is written with commas; it folds the same."""
    return " ".join(_BETWEEN_NAMES.split(name))


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a list, between commas or on lines of their own."""
    return tuple(part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip())


def rhythm(days: int) -> int:
    """Return the usual days between conversations.  Raises BadRhythm outside 1 to 365."""
    if not 1 <= days <= LONGEST_RHYTHM:
        raise BadRhythm(f"A rhythm is between 1 and {LONGEST_RHYTHM} days.")
    return days


def rhythm_in(stage: Stage, steady_days: int) -> int:
    """Return the rhythm of a stage for a client that is spoken with every so many days while all is steady.

    Twice as often at the beginning and before a renewal, half as often while winding down; there is always one.
    """
    if stage is Stage.STEADY:
        return steady_days
    if stage is Stage.WINDING_DOWN:
        return min(2 * steady_days, LONGEST_RHYTHM)
    return (steady_days + 1) // 2


def status_on(status: Status, paused_until: dt.date | None, today: dt.date) -> Status:
    """Return what a client is on a day: a pause with an end is over on that day."""
    if status is Status.PAUSED and paused_until is not None and paused_until <= today:
        return Status.ACTIVE
    return status


def paused(pauses: Sequence[Pause], today: dt.date, until: dt.date | None) -> tuple[Pause, ...]:
    """Return a client's pauses once it is paused from today until a day; one that is on gets another end."""
    since = next((start for start, end in pauses if start <= today and (end is None or today < end)), today)
    return _real((*(pause for pause in pauses if pause[0] < since), (since, until)))


def resumed(pauses: Sequence[Pause], today: dt.date) -> tuple[Pause, ...]:
    """Return a client's pauses once it is looked after again from today; one that has ended by itself stays."""
    return _real((start, today if end is None else min(end, today)) for start, end in pauses)


def _real(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    return tuple(sorted((start, end) for start, end in pauses if end is None or start < end))
