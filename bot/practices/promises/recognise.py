"""A promise with a date, read from a note, for one-tap confirmation."""

import datetime as dt
import re
from typing import Final

from bot.practices.promises.clauses import Phrase, find_phrases, theirs
from bot.practices.promises.dates import due_date, names_a_day
from bot.practices.promises.rules import Guess

_AROUND: Final = {"()", "[]", "**", "__", "~~", '""', "“”"}
_NEXT_SPAN = re.compile(r"next (week|month|quarter|year)", re.IGNORECASE)


def guess(text: str, today: dt.date) -> Guess | None:
    """Return the first promise in a note whose date can be read, or None.  today: the writer's local date."""
    found = _first(text, today)
    return Guess(found[0].what, found[1], theirs(found[0].what)) if found else None


def in_line(text: str, today: dt.date) -> Guess | None:
    """Return the first promise in a line that is one, with all its words but those that say when; None as `guess`."""
    found = _first(text, today)
    return Guess(_without(text, found[0]), found[1], theirs(found[0].what)) if found else None


def _first(text: str, today: dt.date) -> tuple[Phrase, dt.date] | None:
    dated = ((phrase, _due(phrase, today)) for phrase in find_phrases(text))
    return next(((phrase, due) for phrase, due in dated if due is not None), None)


def _without(text: str, phrase: Phrase) -> str:
    """Return a text without the words that say when, nor the signs that stood around these alone."""
    starts, ends = phrase.span
    before, after = text[:starts].rstrip(), text[ends:]
    while before and after and before[-1] + after[0] in _AROUND:
        before, after = before[:-1].rstrip(), after[1:]
    after = "" if not after.strip(" \t\r\n.,:;!…") else after
    return " ".join((before.rstrip(" \t\r\n,:;-–—") + after).split())


def _due(phrase: Phrase, today: dt.date) -> dt.date | None:
    """Read the date; what is due before a day is due the day before, and never before today."""
    if phrase.preposition == "before" and (span := _NEXT_SPAN.fullmatch(phrase.when)):
        return due_date(f"end of the {span[1]}", today)
    due = due_date(phrase.when, today)
    if due is not None and phrase.preposition == "before" and names_a_day(phrase.when):
        return max(today, due - dt.timedelta(days=1))
    return due
