"""When a date that matters comes round, and on which days somebody is reminded: pure decisions."""

from enum import StrEnum


class Occasion(StrEnum):
    """What a date is about."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    LAUNCH = "launch"
    FUNDING = "funding"
    PROMOTION = "promotion"
    RENEWAL = "renewal"
    EXAM = "exam"
    OTHER = "other"


class LeapDay(StrEnum):
    """When 29 February is kept in other years."""

    BEFORE = "feb28"
    AFTER = "mar1"


class Step(StrEnum):
    """What somebody said about one occurrence of a date."""

    MARKING = "marking"
    PLANNED = "planned"
    ON_THE_DAY = "on_the_day"
    SKIPPED = "skipped"
