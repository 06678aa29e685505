"""A promise with a date, read from a note, for one-tap confirmation."""

import datetime as dt
import re

from bot.practices.promises.dates import due_date, names_a_day
from bot.practices.promises.rules import Guess, Phrase, find_phrases, theirs

_NEXT_SPAN = re.compile(r"next (week|month|quarter|year)", re.IGNORECASE)


def guess(text: str, today: dt.date) -> Guess | None:
    """Return the first promise in a note whose date can be read, or None.  today: the writer's local date."""
    for phrase in find_phrases(text):
        due = _due(phrase, today)
        if due is not None:
            return Guess(phrase.what, due, theirs(phrase.what))
    return None


def _due(phrase: Phrase, today: dt.date) -> dt.date | None:
    """Read the date; what is due before a day is due the day before, and never before today."""
    if phrase.preposition == "before" and (span := _NEXT_SPAN.fullmatch(phrase.when)):
        return due_date(f"end of the {span[1]}", today)
    due = due_date(phrase.when, today)
    if due is not None and phrase.preposition == "before" and names_a_day(phrase.when):
        return max(today, due - dt.timedelta(days=1))
    return due
