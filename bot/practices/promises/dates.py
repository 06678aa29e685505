"""A date in words, as a date.

The phrases people use most are read here; whatever else is made of date words goes to dateparser, strictly and
future-preferred.  Conventions, where English leaves a choice: the week ends on Friday; "Friday" said on a Friday is
today and "next Friday" the one in next week; a bare month is its first day; "this" and "next" week, month, quarter and
year are due on their last day; a day and month gone by is next year's; 5/6 could be two days, so it is none.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable

from bot.practices.promises.clauses import MONTHS, NUMBERS, WEEKDAYS, is_date_phrase

_FURTHEST_YEARS = 2
_ALSO_VERBS = {"may", "march"}

_WEEKDAY = r"(?P<weekday>mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?"
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober|tember)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(NUMBERS) + r")(?: of)?"
_EDGE = r"(?P<edge>end|close|late|start|beginning|early|middle|mid)"
_NAMED_SPAN = rf"q(?P<quarter>[1-4]){_YEAR}|{_MONTH}{_YEAR.replace('year>', 'month_year>')}"
_SPAN = rf"(?:(?:(?:the|this) )?(?P<which>next )?(?P<unit>week|month|quarter|year)|{_NAMED_SPAN})"
_LONE_SPAN = rf"(?:(?:this |(?P<which>next ))(?P<unit>week|month|quarter|year)|{_NAMED_SPAN})"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|working day|business day)s?"

_HOUR = r"(?:[01]?\d|2[0-3])"
_CLOCK = rf"(?:{_HOUR}(?::[0-5]\d)? ?(?:[ap]m|[ap]\.m\.?)|{_HOUR}:[0-5]\d)"
_PART = r"(?:(?:in )?(?:the )?(?:morning|afternoon|evening|night)|noon|midday|midnight|lunch(?:time)?|first thing)"
_DAY_END = r"(?:eod|eob|cob|(?:the )?(?:end|close) of (?:the )?(?:working |business )?(?:day|business|play)(?! after))"
_TIME = rf"(?:(?:at )?{_CLOCK}|(?:at )?{_PART}|{_DAY_END})"
_TIME_FIRST = re.compile(rf"^{_TIME}(?:(?: on| of)? |$)")
_TIME_LAST = re.compile(rf" {_TIME}$")
_SHORTHAND = {
    "eow": "end of week",
    "eom": "end of month",
    "eoq": "end of quarter",
    "eoy": "end of year",
    "week end": "end of week",
    "month end": "end of month",
    "quarter end": "end of quarter",
    "year end": "end of year",
}


def due_date(phrase: str, today: dt.date) -> dt.date | None:
    """Return the day a date phrase names, or None: not a date, gone by, or more than two years ahead.

    phrase: the words after by, before, on or until, without them; today: the writer's local date.
    """
    spoken = phrase.strip()
    if spoken in _ALSO_VERBS or not is_date_phrase(spoken):
        return None
    found = _read(_normal(spoken), today)
    return found if found and today <= found <= _plus_months(today, 12 * _FURTHEST_YEARS) else None


def warm() -> None:
    """Load dateparser and its English data.  Takes most of a second; call it once, in a thread, at start-up."""
    base = dt.date(2024, 5, 14)
    for phrase in ("48 hours", "friday"):
        _parsed(phrase, base)


def names_a_day(phrase: str) -> bool:
    """Whether a phrase names a day, not an hour of it or an end: the days "before" it end the day before."""
    normal = _normal(phrase)
    timed = _TIME_FIRST.match(normal) or _TIME_LAST.search(normal)
    return not timed and not re.search(r"\b(?:end|close|late|eo[bdmqwy]|cob|today|tonight|this|hours)\b", normal)


def _normal(phrase: str) -> str:
    plain = phrase.casefold().replace("’", "'").replace("'s", "").replace(",", " ")
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)\.(?= +[a-z])", " ", plain)
    return " ".join(plain.split())


def _read(phrase: str, today: dt.date) -> dt.date | None:
    without_time = _TIME_LAST.sub("", _TIME_FIRST.sub("", phrase, count=1))
    if phrase in {"morning", "the morning", "in the morning"}:
        return today + dt.timedelta(days=1)
    if without_time in {"", "this", "the"}:
        return today
    words = _SHORTHAND.get(without_time.removeprefix("the "), without_time)
    for pattern, read in _READERS:
        if found := pattern.fullmatch(words):
            try:
                return read(found, today)
            except (ValueError, OverflowError):  # 31 June, or a year beyond the calendar: named, but no day
                return None
    return _parsed(words, today)


def _parsed(phrase: str, today: dt.date) -> dt.date | None:
    import dateparser  # a third of a second; only who writes a rare phrase pays it, and warm() does before

    found = dateparser.parse(
        phrase,
        languages=["en"],
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": dt.datetime.combine(today, dt.time(12)),
            "STRICT_PARSING": True,
        },
    )
    return found.date() if found else None


# --- one reader for each way of saying a day -------------------------------------------------------------------------


def _weekday_of(found: re.Match[str]) -> int:
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(found["weekday"][:3]))


def _month_of(found: re.Match[str]) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(found["month"][:3]))


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _plus_months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _today(_found: re.Match[str], today: dt.date) -> dt.date:
    return today


def _tomorrow(found: re.Match[str], today: dt.date) -> dt.date:
    return today + dt.timedelta(days=2 if found["after"] else 1)


def _weekday(found: re.Match[str], today: dt.date) -> dt.date:
    wanted = _weekday_of(found)
    if found["week"] == "next":
        return _monday(today) + dt.timedelta(days=7 + wanted)
    if found["week"] == "this":
        return _monday(today) + dt.timedelta(days=wanted)
    return today + dt.timedelta(days=(wanted - today.weekday()) % 7)


def _weekday_and_date(found: re.Match[str], today: dt.date) -> dt.date | None:
    day = _read(found["rest"], today)
    return day if day and day.weekday() == _weekday_of(found) else None


def _day_of_month(found: re.Match[str], today: dt.date) -> dt.date | None:
    day = int(found["day"])
    first = today.replace(day=1)
    months = {"this": [0], "next": [1]}.get(found["which"] or "", range(13))
    for ahead in months:
        month = _plus_months(first, ahead)
        if day <= calendar.monthrange(month.year, month.month)[1] and day > 0:
            candidate = month.replace(day=day)
            if candidate >= today:
                return candidate
    return None


def _day_and_month(found: re.Match[str], today: dt.date) -> dt.date | None:
    return _next_yearly(_month_of(found), int(found["day"]), found["year"], today)


def _next_yearly(month: int, day: int, year: str | None, today: dt.date) -> dt.date | None:
    if year:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    dt.date(2000, month, day)  # a leap year: whatever is no day in it is no day
    for candidate in range(today.year, today.year + _FURTHEST_YEARS + 1):
        if day <= calendar.monthrange(candidate, month)[1] and dt.date(candidate, month, day) >= today:
            return dt.date(candidate, month, day)
    return None


def _iso(found: re.Match[str], _today: dt.date) -> dt.date:
    return dt.date(int(found["year"]), int(found["m"]), int(found["day"]))


def _dotted(found: re.Match[str], today: dt.date) -> dt.date | None:
    return _next_yearly(int(found["m"]), int(found["day"]), found["year"], today)


def _slashed(found: re.Match[str], today: dt.date) -> dt.date | None:
    first, second = int(found["first"]), int(found["second"])
    if first <= 12 and second <= 12 and first != second:
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    return _next_yearly(month, day, found["year"], today)


def _ahead(found: re.Match[str], today: dt.date) -> dt.date:
    count = NUMBERS.get(found["count"]) or int(found["count"])
    match found["unit"]:
        case "day":
            return today + dt.timedelta(days=count)
        case "week":
            return today + dt.timedelta(weeks=count)
        case "fortnight":
            return today + dt.timedelta(weeks=2 * count)
        case "month":
            return _plus_months(today, count)
        case "year":
            return _plus_months(today, 12 * count)
        case _:
            return _working_days(today, count)


def _working_days(day: dt.date, count: int) -> dt.date:
    while count > 0:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _span(found: re.Match[str], today: dt.date) -> dt.date | None:
    """An edge of a week, month, quarter or year; the last day when no edge is named."""
    groups = found.groupdict()
    edge = groups.get("edge") or ("start" if groups["month"] else "end")
    if groups["unit"]:
        return _edge(edge, *_running(groups["unit"], today, 1 if groups["which"] else 0))
    years = [groups["year"] or groups["month_year"]] if groups["year"] or groups["month_year"] else []
    month = _month_of(found) if groups["month"] else 3 * int(groups["quarter"]) - 2
    length = 1 if groups["month"] else 3
    for year in [int(years[0])] if years else [today.year, today.year + 1]:
        first = dt.date(year, month, 1)
        day = _edge(edge, first, _plus_months(first, length) - dt.timedelta(days=1))
        if day >= today:
            return day
    return None


def _edge(edge: str, first: dt.date, last: dt.date) -> dt.date:
    if edge in {"start", "beginning", "early"}:
        return first
    return first + (last - first) // 2 if edge in {"middle", "mid"} else last


def _running(unit: str, today: dt.date, ahead: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the running week (Monday to Friday), month, quarter or year, or a later one."""
    if unit == "week":
        rolled = ahead or today.weekday() > 4
        monday = _monday(today) + dt.timedelta(days=7 if rolled else 0)
        return monday, monday + dt.timedelta(days=4)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = dt.date(today.year, (today.month - 1) // months * months + 1, 1)
    first = _plus_months(first, months * ahead)
    return first, _plus_months(first, months) - dt.timedelta(days=1)


def _weekend(found: re.Match[str], today: dt.date) -> dt.date:
    """What is due by the weekend is due on its Friday."""
    return _running("week", today, 1 if found["which"] else 0)[1]


def _festive(found: re.Match[str], today: dt.date) -> dt.date | None:
    month, day = {"christmas": (12, 25), "christmas eve": (12, 24), "new year eve": (12, 31)}.get(found[0], (1, 1))
    return _next_yearly(month, day, None, today)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], dt.date | None]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"(?:end of )?(?:today|tonight)", _today),
        (r"(?:end of )?(?:the )?(?P<after>day after )?tomorrow", _tomorrow),
        (rf"(?:end of )?(?:the )?(?:this )?(?:coming )?{_WEEKDAY}(?P<week>\b\B)?", _weekday),
        (rf"(?:end of )?(?P<week>next) {_WEEKDAY}", _weekday),
        (rf"{_WEEKDAY} (?:of |in )?(?P<week>this|next) week", _weekday),
        (rf"(?P<week>this|next) week(?: on)? {_WEEKDAY}", _weekday),
        (rf"{_WEEKDAY} (?P<rest>(?:the )?(?:\d|{_MONTH.replace('P<month>', ':')}).*)", _weekday_and_date),
        (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|next) month)?", _day_of_month),
        (rf"(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}", _day_and_month),
        (rf"{_MONTH} (?:the )?{_DAY}{_YEAR}", _day_and_month),
        (r"(?P<year>\d{4})-(?P<m>\d{1,2})-(?P<day>\d{1,2})", _iso),
        (r"(?:the )?(?P<day>\d{1,2})\.(?P<m>\d{1,2})\.?(?P<year>\d{4}|\d{2})?", _dotted),
        (r"(?:the )?(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?", _slashed),
        (rf"(?:in )?(?:a (?=couple))?{_COUNT} {_UNIT}(?: time| from now| from today)?", _ahead),
        (rf"(?:the )?{_EDGE}(?: of)? {_SPAN}", _span),
        (_LONE_SPAN, _span),
        (r"(?:(?:the|this) )?(?P<which>next )?weekend", _weekend),
        (r"christmas(?: eve)?|new year(?: eve| day)?", _festive),
    )
)
