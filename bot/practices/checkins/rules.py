"""What a check-in may say and who may change it: pure decisions."""

import datetime as dt
import re
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

UNDO_FOR = dt.timedelta(minutes=10)
OLDEST_YEARS = 10
SAME_IN_A_ROW = 4


class Feeling(IntEnum):
    """How a conversation left them, from 1 to 5."""

    COLD = 1
    COOL = 2
    NEUTRAL = 3
    WARM = 4
    GLOWING = 5

    @property
    def word(self) -> str:
        """The one word people read and type for it."""
        return self.name.lower()


def felt(feeling: int | None) -> str:
    """Return the word for how a conversation left them; without a rating, that there was one."""
    return "spoke" if feeling is None else Feeling(feeling).word


class _Labelled(StrEnum):
    @property
    def label(self) -> str:
        """How people read it."""
        return _LABELS[self]


class Medium(_Labelled):
    """How the conversation was held."""

    CALL = "call"
    VIDEO = "video"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    EMAIL = "email"
    NOTE = "note"


class Setting(_Labelled):
    """Before whom they spoke."""

    ONE_TO_ONE = "one_to_one"
    WITH_TEAM = "with_team"
    IN_FRONT_OF_BOSS = "in_front_of_boss"


class Signal(_Labelled):
    """Something noticed that was not said."""

    PAUSED = "paused"
    TONE_CHANGED = "tone_changed"
    AVOIDED_TOPIC = "avoided_topic"
    BLOCKER = "blocker"
    EMOTIONAL_DECISION = "emotional_decision"
    OUTSIDE_WORLD = "outside_world"
    OCCASION = "occasion"
    HEALTHY_DISAGREEMENT = "healthy_disagreement"
    MAY_LEAVE = "may_leave"


class Purpose(_Labelled):
    """Whether the conversation was about them (service) or about the state of the work (project)."""

    SERVICE = "service"
    PROJECT = "project"


class OurRole(_Labelled):
    """What we were to them in the conversation."""

    LISTENED = "listened"
    ADVISED = "advised"
    CHALLENGED = "challenged"


class Via(_Labelled):
    """Where the check-in was written."""

    MODAL = "modal"
    LINE = "line"
    MESSAGE = "message"
    DM = "dm"
    SPOKEN = "spoken"
    CALENDAR = "calendar"


_LABELS: dict[_Labelled, str] = {
    Medium.CALL: "call",
    Medium.VIDEO: "video",
    Medium.IN_PERSON: "in person",
    Medium.MESSAGE: "message",
    Medium.EMAIL: "e-mail",
    Medium.NOTE: "note",
    Setting.ONE_TO_ONE: "one to one",
    Setting.WITH_TEAM: "with their team",
    Setting.IN_FRONT_OF_BOSS: "in front of their boss",
    Signal.PAUSED: "paused",
    Signal.TONE_CHANGED: "tone changed",
    Signal.AVOIDED_TOPIC: "avoided a topic",
    Signal.BLOCKER: "blocker",
    Signal.EMOTIONAL_DECISION: "decision looked emotional",
    Signal.OUTSIDE_WORLD: "worried about the outside world",
    Signal.OCCASION: "occasion",
    Signal.HEALTHY_DISAGREEMENT: "healthy disagreement",
    Signal.MAY_LEAVE: "may leave",
    Purpose.SERVICE: "service",
    Purpose.PROJECT: "project status",
    OurRole.LISTENED: "listened",
    OurRole.ADVISED: "advised",
    OurRole.CHALLENGED: "challenged",
    Via.MODAL: "form",
    Via.LINE: "one line",
    Via.MESSAGE: "message shortcut",
    Via.DM: "message to Ember",
    Via.SPOKEN: "“We've spoken”",
    Via.CALENDAR: "a meeting in a linked calendar",
}


class FutureDay(ValueError):
    """The day a conversation was said to happen lies ahead."""


class TooLongAgo(ValueError):
    """The day a conversation was said to happen lies too far back to be meant."""


_STATUS_KINDS = re.compile(
    r"""[\W_]*(?:(?:our|the|a|quick|short|regular|today's|yesterday's)\s+)*
        (?:(?:daily|weekly|bi-?weekly|fortnightly|monthly|project|internal)\s+)*
        (?: (?:project|timeline|status|progress|sprint|schedule|milestone)\s+
              (?:update|status|report|check-?in|call|meeting|sync|review|stand-?up|planning|catch-?up)
          | stand-?up | stand\s+up\s+(?:call|meeting)
          | status | sprint\s+(?:demo|retro(?:spective)?) | retro(?:spective)?
        )\b(?!-)""",
    re.IGNORECASE | re.VERBOSE,
)
_WEEKLY = re.compile(
    r"[\W_]*(?:the\s+|our\s+)?(?:daily|weekly)(?:\s+(?:call|meeting|sync))?\s*(?:[:,.;–—-]|$)", re.IGNORECASE
)


def infer_purpose(note: str) -> Purpose:
    """Return project when a note opens with a kind of status meeting ("weekly status"), else service."""
    opening = note.lstrip()[:200].replace("’", "'")
    return Purpose.PROJECT if _STATUS_KINDS.match(opening) or _WEEKLY.match(opening) else Purpose.SERVICE


def may_undo(created_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a check-in can still be undone: for ten minutes, the tenth included.  Both instants are aware."""
    return now - created_at <= UNDO_FOR


def may_change(author_id: object, member_id: object) -> bool:
    """Whether a member may edit or delete a check-in: its author alone."""
    return author_id == member_id


def contact_day(now: dt.datetime, tz: str, said: dt.date | None) -> dt.date:
    """Return the local date a conversation counts for: the day that was said, or today in the author's zone.

    now: aware; tz: an IANA name.  Raises FutureDay or TooLongAgo with a sentence that says what to do.
    """
    today = now.astimezone(ZoneInfo(tz)).date()
    if said is None:
        return today
    if said > today:
        raise FutureDay("That day is still ahead. Pick today or an earlier day, or set a date that matters instead.")
    oldest = today.replace(year=today.year - OLDEST_YEARS, day=min(today.day, 28) if today.month == 2 else today.day)
    if said < oldest:
        raise TooLongAgo(f"That is more than {OLDEST_YEARS} years ago. Check the year, or pick a later day.")
    return said


def message_day(ts: str, now: dt.datetime, tz: str) -> dt.date | None:
    """Return the local date of a Slack message by its `ts`, None where that is no day a conversation can count for."""
    try:
        said = dt.datetime.fromtimestamp(float(ts), ZoneInfo(tz)).date()
        return contact_day(now, tz, said)
    except (ValueError, OverflowError, OSError):
        return None


def next_medium(mediums: Sequence[Medium | None]) -> Medium | None:
    """Return another way to talk when the last four were all the same, or None.

    mediums: of a client's conversations, oldest first; None where it is not known.  The least used one is suggested,
    the first in the order of Medium among equals; a written note is no conversation, so it is never suggested.
    """
    latest = mediums[-SAME_IN_A_ROW:]
    if len(latest) < SAME_IN_A_ROW or latest[0] is None or len(set(latest)) > 1:
        return None
    others = (medium for medium in Medium if medium not in {Medium.NOTE, latest[0]})
    return min(others, key=mediums.count)
