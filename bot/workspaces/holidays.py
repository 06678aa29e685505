"""Public holidays and working days, by country: "DE", or a part of one: "DE-BY", "US-CA".

The library that knows them takes seconds to load, so the first to ask loads it: have `warm` do so in a thread before.
"""

import datetime as dt
import importlib
from collections.abc import Mapping
from functools import lru_cache

UNKNOWN = "Ember knows no holidays for “{typed}”. Write a country's two letters, such as DE, or with its region: DE-BY."
UNKNOWN_PART = "Ember does not know that region of {country}. It knows: {parts}."
SHOWN_PARTS = 12
LONGEST_REST = dt.timedelta(days=10)
"""A day off puts something off by this at most, and nobody looks back over a longer rest."""


class UnknownCountry(ValueError):
    """A country, or a part of it, that no calendar is known for; the message says what to write."""


def warm() -> None:
    """Load the library: its first calendar loads those of every country, which takes seconds on a busy machine."""
    importlib.import_module("holidays.countries")


def code_of(typed: str) -> str:
    """Return a country as it is kept: "de-by" is "DE-BY".  Raises UnknownCountry with a sentence for the field."""
    import holidays

    text = " ".join(typed.split())
    country, _, part = (piece.strip().upper() for piece in text.partition("-"))
    if len(country) != 2 or country not in holidays.registry.EntityLoader.get_country_codes():
        raise UnknownCountry(UNKNOWN.format(typed=text[:30]))
    parts = holidays.country_holidays(country).subdivisions
    known = {one.upper(): one for one in parts}
    if not part:
        return country
    if part not in known:
        shown = ", ".join(f"{country}-{one}" for one in parts[:SHOWN_PARTS])
        raise UnknownCountry(UNKNOWN_PART.format(country=country, parts=shown or f"{country} alone"))
    return f"{country}-{known[part]}"


def is_holiday(on: dt.date, country: str | None) -> bool:
    """Return whether a day is a public holiday; none where no country is chosen, or no calendar knows it (any more)."""
    return country is not None and on in _calendar(country)


def is_working_day(on: dt.date, workdays: int, country: str | None = None) -> bool:
    """Return whether people work on a day.  workdays: a bit each, Monday's is 1 and Sunday's 64."""
    return bool(workdays >> on.weekday() & 1) and not is_holiday(on, country)


def working_day_before(on: dt.date, workdays: int, country: str | None = None) -> dt.date:
    """Return the last day before one on which people worked; the day before it, where a rest would be too long."""
    days = (on - dt.timedelta(days=ago) for ago in range(1, LONGEST_REST.days + 2))
    return next((day for day in days if is_working_day(day, workdays, country)), on - dt.timedelta(days=1))


@lru_cache(maxsize=256)
def _calendar(code: str) -> Mapping[dt.date, str]:
    import holidays

    country, _, part = code.partition("-")
    try:
        found: Mapping[dt.date, str] = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:  # a country that this version of the library no longer knows: forms refuse unknown ones
        return {}
    return found
