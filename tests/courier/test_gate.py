"""The gate as a table: who may be spoken to when, the same rules for channels and for people."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.courier.gate import Drop, HoldUntil, Policy, Send, Why, gate, next_moment
from bot.courier.policies import for_channel, for_person
from bot.courier.times import at_local
from bot.store.base import new_id
from bot.workspaces.away import Away
from bot.workspaces.directory import Member
from bot.workspaces.settings import MONDAY_TO_FRIDAY, Preference, Settings

BERLIN = "Europe/Berlin"
USUAL = Policy(BERLIN, dt.time(19), dt.time(8), MONDAY_TO_FRIDAY)
ASCENSION = dt.date(2026, 5, 14)
HOLIDAY = replace(USUAL, is_holiday={ASCENSION}.__contains__)
DAILY = replace(USUAL, comes_daily=True)
AWAY = replace(USUAL, back_on=dt.date(2026, 5, 20))
NIGHT_SHIFT = replace(USUAL, quiet_from=dt.time(8), quiet_until=dt.time(19))
NO_QUIET = Policy(BERLIN, workdays=MONDAY_TO_FRIDAY)


def local(text):
    day, _, time = text.partition(" ")
    return at_local(dt.date.fromisoformat(f"2026-05-{day}"), dt.time.fromisoformat(time), BERLIN)


def held(text):
    return HoldUntil(local(text))


@pytest.mark.parametrize(
    ("policy", "due", "now", "verdict"),
    [
        # Tuesday the 12th, by day and by night
        (USUAL, "12 09:00", "12 09:00", Send()),
        (USUAL, "12 09:00", "12 11:30", Send()),
        (USUAL, "12 09:00", "12 08:30", held("12 09:00")),
        (USUAL, "12 08:00", "12 08:00", Send()),
        (USUAL, "12 07:59", "12 07:59", held("12 08:00")),
        (USUAL, "12 18:59", "12 18:59", Send()),
        (USUAL, "12 19:00", "12 19:00", held("13 08:00")),
        (USUAL, "12 02:00", "12 02:00", held("12 08:00")),
        (USUAL, "12 17:00", "12 23:30", held("13 08:00")),
        (NIGHT_SHIFT, "12 09:00", "12 09:00", held("12 19:00")),
        (NIGHT_SHIFT, "12 20:00", "12 20:00", Send()),
        (NO_QUIET, "12 03:00", "12 03:00", Send()),
        # Friday night, the weekend, a holiday on a Thursday
        (USUAL, "15 20:00", "15 20:00", held("18 08:00")),
        (USUAL, "16 10:00", "16 10:00", held("18 08:00")),
        (NO_QUIET, "16 10:00", "17 10:00", held("18 00:00")),
        (HOLIDAY, "14 09:00", "14 09:00", held("15 08:00")),
        (HOLIDAY, "13 20:00", "13 20:00", held("15 08:00")),
        # what comes every day is not kept for another one
        (DAILY, "12 07:00", "12 07:00", held("12 08:00")),
        (DAILY, "12 20:00", "12 20:00", Drop(Why.NOT_TODAY)),
        (DAILY, "16 09:00", "16 09:00", Drop(Why.NOT_TODAY)),
        (replace(HOLIDAY, comes_daily=True), "14 09:00", "14 09:00", Drop(Why.NOT_TODAY)),
        # away until Wednesday the 20th
        (AWAY, "12 09:00", "12 09:00", held("20 08:00")),
        (AWAY, "19 23:00", "19 23:00", held("20 08:00")),
        (AWAY, "20 09:00", "20 09:00", Send()),
        (replace(AWAY, comes_daily=True), "12 09:00", "12 09:00", Drop(Why.NOT_TODAY)),
        # what is not wanted any more, whatever the hour
        (replace(USUAL, is_gone=True), "12 09:00", "12 09:00", Drop(Why.GONE)),
        (replace(USUAL, is_wanted=False), "12 09:00", "12 09:00", Drop(Why.UNWANTED)),
        (replace(USUAL, is_wanted=False), "16 09:00", "16 09:00", Drop(Why.UNWANTED)),
        (replace(USUAL, is_wanted=False, is_gone=True), "16 09:00", "16 09:00", Drop(Why.GONE)),
        # somebody who never works is never spoken to
        (replace(USUAL, workdays=0), "12 09:00", "12 09:00", Drop(Why.TOO_LATE)),
    ],
)
def test_the_gate(policy, due, now, verdict):
    assert gate(policy, local(due), local(now)) == verdict


def test_what_would_be_of_no_use_by_then_is_dropped():
    evening, midnight = local("12 20:00"), local("13 00:00")
    assert gate(USUAL, evening, evening, expires_at=midnight) == Drop(Why.TOO_LATE)
    assert gate(USUAL, evening, evening, expires_at=local("13 08:01")) == held("13 08:00")


def test_a_held_message_is_sent_at_the_moment_it_was_held_for():
    for text in ("12 02:00", "12 20:00", "15 20:00", "16 10:00"):
        verdict = gate(HOLIDAY, local(text), local(text))
        assert isinstance(verdict, HoldUntil)
        assert gate(HOLIDAY, local(text), verdict.at) == Send()


@pytest.mark.parametrize(
    ("at", "comes"),
    [
        # quiet until 2:30, which clocks skip on 29 March: until 3:00
        ((2026, 3, 29, 0, 30), (2026, 3, 29, 1, 0)),
        # and show twice on 25 October: until the first
        ((2026, 10, 25, 0, 0), (2026, 10, 25, 0, 30)),
        ((2026, 10, 25, 1, 0), (2026, 10, 25, 1, 0)),
    ],
)
def test_quiet_hours_end_once_when_clocks_change(at, comes):
    early = Policy(BERLIN, dt.time(19), dt.time(2, 30))
    assert next_moment(early, dt.datetime(*at, tzinfo=dt.UTC)) == dt.datetime(*comes, tzinfo=dt.UTC)


def test_a_channel_and_a_person_go_by_the_same_rules():
    known = Settings(country="DE", quiet_from=dt.time(18), quiet_until=dt.time(9))
    ana = Member(new_id(), "U0ANA", "Ana", BERLIN)
    channel, person = for_channel(known, BERLIN), for_person(known, Preference(), ana, None)
    for text in ("12 09:00", "12 18:00", "14 10:00", "16 10:00"):
        at = local(text)
        assert gate(channel, at, at) == gate(person, at, at)
    assert gate(channel, local("14 10:00"), local("14 10:00")) == held("15 09:00")


def test_a_persons_own_choices_go_before_the_workspaces():
    ana = Member(new_id(), "U0ANA", "Ana", BERLIN)
    chosen = Preference(quiet_from=dt.time(12), quiet_until=dt.time(13), country="US")
    absence = Away(new_id(), ana.id, dt.date(2026, 5, 11), dt.date(2026, 5, 13))
    person = for_person(Settings(country="DE"), chosen, ana, None)
    assert gate(person, local("14 07:00"), local("14 07:00")) == Send()
    assert gate(person, local("14 12:30"), local("14 12:30")) == held("14 13:00")
    assert gate(person, local("25 09:00"), local("25 09:00")) == held("26 00:00")
    away = for_person(Settings(), Preference(), ana, absence)
    assert gate(away, local("12 09:00"), local("12 09:00")) == held("13 08:00")
    gone = for_person(Settings(), Preference(), replace(ana, is_gone=True), None)
    assert gate(gone, local("12 09:00"), local("12 09:00")) == Drop(Why.GONE)
