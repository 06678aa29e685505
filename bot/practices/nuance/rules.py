"""What can be known about a person, who hears of it before a conversation, and what they would rather not read."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from bot.practices.clients.rules import fold

LONGEST_FACT = 500
LONGEST_WHY = 300
LONGEST_WORDS = 600
MOST_WORDS = 30
FRESH = dt.timedelta(days=14)
"""For how long something new about a person is what a conversation opens with."""


class Field(StrEnum):
    """What a fact is about."""

    BEYOND_THE_ROLE = "beyond_the_role"
    LIKES = "likes"
    DISLIKES = "dislikes"
    MAKES_THEM_TICK = "makes_them_tick"
    MOTIVATED_BY = "motivated_by"
    UP_AT_NIGHT = "up_at_night"
    DETAIL = "detail"
    CAUSE = "cause"
    SENSITIVE = "sensitive"
    OBSERVATION = "observation"
    TONE_ALONE = "tone_alone"
    TONE_WITH_TEAM = "tone_with_team"
    TONE_BOSS = "tone_boss"
    PREFERS = "prefers"
    HOURS = "hours"
    USES = "uses"
    AVOIDS = "avoids"
    DEPTH = "depth"


class Depth(StrEnum):
    """How much somebody wants to read."""

    HEADLINE = "headline"
    DETAIL = "detail"


class Channel(StrEnum):
    """How somebody likes to be reached."""

    CALL = "call"
    VIDEO = "video"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    EMAIL = "email"


QUESTIONS = (
    Field.BEYOND_THE_ROLE,
    Field.LIKES,
    Field.DISLIKES,
    Field.MAKES_THEM_TICK,
    Field.MOTIVATED_BY,
    Field.UP_AT_NIGHT,
)
MANY = (Field.DETAIL, Field.CAUSE, Field.SENSITIVE, Field.OBSERVATION)
"""There may be several of each; of every other field a person has one."""
LANGUAGE = (Field.PREFERS, Field.HOURS, Field.DEPTH, Field.USES, Field.AVOIDS)
TONES = (Field.TONE_ALONE, Field.TONE_WITH_TEAM, Field.TONE_BOSS)
PRIVATE = frozenset({Field.UP_AT_NIGHT, Field.SENSITIVE})
"""The client's team reads these for themselves; no room ever does."""
WORDED = frozenset(Field) - {Field.PREFERS, Field.DEPTH}
"""What is written rather than chosen: it can be searched."""
OPENS = frozenset({Field.DETAIL, Field.LIKES, Field.BEYOND_THE_ROLE})
"""What a conversation may open with."""
SETTINGS = {"one_to_one": Field.TONE_ALONE, "with_team": Field.TONE_WITH_TEAM, "in_front_of_boss": Field.TONE_BOSS}


class BadFact(ValueError):
    """Something that cannot be kept; says what to do."""


def slot(field: Field) -> str | None:
    """Return what keeps a field single for each person, None where there may be several."""
    return None if field in MANY else field.value


def completeness(known: Collection[Field]) -> str:
    """Return how many of the six questions are answered: "3/6"."""
    return f"{len(set(QUESTIONS) & set(known))}/{len(QUESTIONS)}"


def tone(setting: str, *, boss_is_there: bool, there: int | None) -> Field | None:
    """Return whose note on tone fits, None where nobody knows before whom they speak.

    setting: the value of a check-in's, empty where it is not known; there: how many of theirs come, None: unknown.
    """
    if setting:
        return SETTINGS.get(setting)
    if boss_is_there:
        return Field.TONE_BOSS
    if there is None:
        return None
    return Field.TONE_ALONE if there == 1 else Field.TONE_WITH_TEAM


def opener(newest_first: Sequence[dt.date], today: dt.date) -> int | None:
    """Return which of several facts, by the days they were written, to open with: what is new, else each in its week.

    None where there are none.
    """
    if not newest_first:
        return None
    if newest_first[0] > today - FRESH:
        return 0
    return today.toordinal() // 7 % len(newest_first)


def word_list(text: str) -> str:
    """Return words and phrases as they are kept, each once, with commas.  Raises BadFact for too many or too long."""
    found: dict[str, str] = {}
    for one in re.split(r"[,;\n]+", text):
        plain = " ".join(one.split()).strip("“”\"'")
        if fold(plain):
            found.setdefault(fold(plain), plain)
    kept = ", ".join(found.values())
    if len(found) > MOST_WORDS:
        raise BadFact(f"Please keep it to {MOST_WORDS} words.")
    if len(kept) > LONGEST_WORDS:
        raise BadFact(f"Please keep it to {LONGEST_WORDS} characters.")
    return kept


def words_in(kept: str | None) -> tuple[str, ...]:
    """Return the words and phrases of a list that is kept."""
    return tuple(word for word in (kept or "").split(", ") if word)


ENDINGS = ("ingly", "edly", "ings", "ing", "ers", "er", "ies", "ied", "ed", "es", "ly", "s", "e", "y")
SHORTEST_STEM = 3


def stem(word: str) -> str:
    """Return a folded word without its endings: "leverages", "leveraging" and "leverage" are one."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return stem(word[: -len(ending)])
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


def avoided(text: str, words: Iterable[str]) -> list[str]:
    """Return those words and phrases, as they were written down, that a text has in any case and with any ending."""
    said = [stem(each) for each in fold(text).split()]
    return [word for word in words if _has(said, [stem(each) for each in fold(word).split()])]


def _has(said: Sequence[str], phrase: Sequence[str]) -> bool:
    length = len(phrase)
    return bool(phrase) and any(said[at : at + length] == list(phrase) for at in range(len(said) - length + 1))
