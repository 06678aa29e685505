"""How a year with a client unfolded: wins, their words, promises and misses without names, dates that were marked."""

import datetime as dt

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Signal, Via
from bot.practices.differences import service as differences
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import LEADS, Calendar, Occasion, Step
from bot.practices.people import service as people
from bot.practices.promises import service as promises
from bot.practices.promises.rules import PromiseState
from bot.slack.blocks_lint import problems
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.surfaces.story import story
from tests.shown import words
from tests.surfaces.conftest import NOW

TODAY = NOW.date()


def days_ago(days):
    return TODAY - dt.timedelta(days=days)


async def promised(office, client_id, what, state, *, due, carrier="Ana", theirs=False, visibility=Visibility.TEAM):
    by = office.people[carrier]
    details = promises.Details(client_id, what, due, by.id, theirs, visibility)
    made = await office.change(promises.make, details, by=by, key=str(new_id()), now=NOW)
    await office.change(promises.settle, made.id, by=by, state=state, now=NOW)


async def said(office, client_id, on, *, by="Ana", signals=frozenset(), **more):
    note = checkins.Note(client_id, 4, "we spoke", Via.MODAL, said_on=on, details=Details(signals=signals), **more)
    await office.change(checkins.record, note, by=office.people[by], key=str(new_id()), now=NOW)


async def a_year(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    ana = office.people["Ana"]
    await said(office, northwind, days_ago(200), win="the launch went live")
    await said(office, northwind, days_ago(170), quote="the best call of my week")
    await promised(office, northwind, "media plan", PromiseState.KEPT, due=days_ago(40))
    await promised(office, northwind, "brand audit", PromiseState.EXCEEDED, due=days_ago(39))
    await promised(office, northwind, "risk list", PromiseState.MISSED, due=days_ago(38), carrier="Tom")
    await promised(office, northwind, "brand files", PromiseState.KEPT, due=days_ago(37), theirs=True)
    await promised(office, northwind, "their budget", PromiseState.MISSED, due=days_ago(36), theirs=True)
    priya = await office.change(people.add, northwind, "Priya", "", None, by=ana.id, key="p", now=NOW)
    birthday = days_ago(20)
    when = Calendar(birthday.month, birthday.day, None)
    date = milestones.Details(northwind, priya.id, Occasion.BIRTHDAY, "", when, LEADS, "", Visibility.TEAM)
    kept = await office.change(milestones.add, date, by=ana, key="d", now=NOW, today=days_ago(30))
    await office.change(
        milestones.answer,
        kept.milestone.id,
        birthday,
        Step.PLANNED,
        words="a card from all of us",
        by=ana,
        now=NOW,
        today=birthday,
    )
    details = differences.Details(northwind, "when to go live", TODAY, Visibility.TEAM)
    seen = await office.change(differences.add, details, by=ana, key="x", now=NOW, today=TODAY)
    await office.change(differences.close, seen.id, "in two steps", by=ana, now=NOW)
    return northwind


async def test_a_year_is_told_month_by_month_the_oldest_first(office):
    northwind = await a_year(office)
    panel = await story(office.here("Ana"), northwind)
    says = words(panel)
    for told in (
        "Their win: the launch went live",
        "“the best call of my week”",
        "Kept: media plan",
        "More than we promised: brand audit",
        "They kept: brand files",
        "Marked: Priya's birthday · a card from all of us",
        "Seen differently, and settled: “when to go live”. in two steps",
        "We spoke on 2 days.",
    ):
        assert told in says
    assert says.index("the launch") < says.index("the best call") < says.index("media plan") < says.index("Marked")
    assert problems(panel.as_message(), "message") == []


async def test_misses_are_listed_without_names_and_theirs_are_left_out(office):
    northwind = await a_year(office)
    says = words(await story(office.here("Tom"), northwind))
    assert "Missed: risk list" in says
    assert "Tom" not in says
    assert "their budget" not in says


async def test_nothing_is_told_that_could_not_be_shown(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    await said(office, northwind, days_ago(3), win="a secret win", signals=frozenset({Signal.MAY_LEAVE}))
    await said(office, northwind, days_ago(3), quote="for one alone", visibility=Visibility.ME)
    await promised(office, northwind, "mine alone", PromiseState.KEPT, due=days_ago(3), visibility=Visibility.ME)
    says = words(await story(office.here("Ana"), northwind))
    for hidden in ("a secret win", "for one alone", "mine alone"):
        assert hidden not in says
    assert "Nothing is kept of that year that you could show." in says


async def test_somebody_outside_the_team_is_told_what_everyone_may_know(office):
    northwind = await a_year(office)
    await promised(office, northwind, "open day", PromiseState.KEPT, due=days_ago(5), visibility=Visibility.EVERYONE)
    says = words(await story(office.here("Sam"), northwind))
    await said(office, northwind, days_ago(4), visibility=Visibility.EVERYONE)
    says = words(await story(office.here("Sam"), northwind))
    assert "Kept: open day" in says
    assert "media plan" not in says
    assert "We spoke" not in says


async def test_the_year_before_is_a_button_away_where_there_was_one(office):
    northwind = await office.client("Northwind", started=days_ago(500))
    await promised(office, northwind, "old plan", PromiseState.KEPT, due=days_ago(400))
    panel = await story(office.here("Ana"), northwind)
    assert "old plan" not in words(panel)
    assert [one["text"]["text"] for one in panel.blocks[-1]["elements"]] == ["The year before", "Open card"]
    before = await story(office.here("Ana"), northwind, years=1)
    assert "Kept: old plan" in words(before)
    assert [one["text"]["text"] for one in before.blocks[-1]["elements"]] == ["The year after", "Open card"]
