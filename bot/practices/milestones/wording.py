"""How a date that matters is said: "Priya, 5 years at Northwind", "In 7 days, Tue 21"."""

import datetime as dt

from bot.practices.milestones.rows import Details, Said
from bot.practices.milestones.rules import Occasion, Step
from bot.slack.text import day

SOON = 14
LABELS = {
    Occasion.BIRTHDAY: "Birthday",
    Occasion.ANNIVERSARY: "Work anniversary",
    Occasion.LAUNCH: "Launch",
    Occasion.FUNDING: "Funding",
    Occasion.PROMOTION: "Promotion",
    Occasion.RENEWAL: "Renewal",
    Occasion.EXAM: "Exam",
    Occasion.OTHER: "Something else",
}
COUNTED = frozenset({Occasion.LAUNCH, Occasion.FUNDING, Occasion.PROMOTION})


def what(details: Details, client: str, person: str, on: dt.date) -> str:
    """Return what a date is about, on a day when it comes round; the years only where the first one is known.

    client, person: their names, the latter empty where it is about the client itself.
    """
    who, years = person or client, details.calendar.years_on(on)
    if details.title:
        return f"{who}, {details.title}"
    if details.occasion is Occasion.BIRTHDAY:
        return f"{who} turns {years}" if years is not None else f"{who}'s birthday"
    if details.occasion is Occasion.ANNIVERSARY:
        if years is None:
            return f"{who}, work anniversary" if person else f"{who}, anniversary"
        return f"{who}, {_years(years)} at {client}" if person else f"{who}, {_years(years)}"
    label = LABELS[details.occasion].lower()
    if years is not None and details.occasion in COUNTED:
        return f"{who}, {_years(years)} since {'the ' if details.occasion is not Occasion.FUNDING else ''}{label}"
    return f"{who}, {label}"


def every_year(details: Details, client: str, person: str) -> str:
    """Return what a date is about whatever the year: "Priya, at Northwind since 2021"."""
    who, year = person or client, details.calendar.year if details.calendar.repeats else None
    if details.title:
        return f"{who}, {details.title}"
    if details.occasion is Occasion.BIRTHDAY:
        return f"{who}'s birthday" + (f" ({year})" if year is not None else "")
    if details.occasion is Occasion.ANNIVERSARY:
        if year is None:
            return f"{who}, work anniversary" if person else f"{who}, anniversary"
        return f"{who}, at {client} since {year}" if person else f"{who}, since {year}"
    return f"{who}, {LABELS[details.occasion].lower()}"


def in_words(details: Details, person: str) -> str:
    """Return all the words of a date, as it is found by them: "Priya · Birthday · no surprises"."""
    label = LABELS[details.occasion] if details.occasion is not Occasion.OTHER else ""
    return " · ".join(part for part in (person, label, details.title, details.note) if part)


def with_client(said: str, client: str) -> str:
    """Return what a date is about with the client's name, where that is not in it already."""
    return said if client in said else f"{said} ({client})"


def _years(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def short_day(on: dt.date, today: dt.date) -> str:
    """Return a day that is near as "Tue 21" or "today", one further off with its month and, if need be, its year."""
    if on == today:
        return "today"
    return day(on).rsplit(" ", 1)[0] if abs((on - today).days) <= SOON else day(on, today)


def long_day(on: dt.date, today: dt.date) -> str:
    """Return a day with its month, and its year where that is not this one: "Tue 21 May"."""
    return day(on, today)


def ahead(on: dt.date, today: dt.date) -> str:
    """Return how far ahead a day is: "Today", "Tomorrow, Sat 16", "In 7 days, Tue 21"; one that is over by its date."""
    days = (on - today).days
    if days <= 0:
        return "Today" if days == 0 else day(on, today)
    return f"{'Tomorrow' if days == 1 else f'In {days} days'}, {short_day(on, today)}"


def last_time(earlier: Said | None, on: dt.date, name: str) -> str:
    """Return what was done the last time: "Last year: team card."; empty where nobody did anything.

    name: of who did it.
    """
    if earlier is None or earlier.step not in {Step.PLANNED, Step.MARKING}:
        return ""
    years = on.year - earlier.occurs_on.year
    when = "Last year" if years == 1 else f"In {earlier.occurs_on.year}"
    did = " ".join((earlier.said or f"{name or 'someone'} marked it").split())
    return f"{when}: {did}" if did[-1:] in {".", "!", "?", "…"} else f"{when}: {did}."


def answer(said: Said, name: str, *, repeats: bool) -> str:
    """Return what somebody said about this time: "✓ Ana marks it"."""
    if said.step is Step.MARKING:
        return f"✓ {name} marks it"
    if said.step is Step.PLANNED:
        return f"✓ {name}: {' '.join((said.said or 'something is planned').split())}"
    if said.step is Step.ON_THE_DAY:
        return f"✓ {name} is reminded on the day"
    return "Skipped this year" if repeats else "Left out"
