"""Your morning: one message a day to each person, at their own local time, with what is theirs."""

import datetime as dt
from collections import Counter
from dataclasses import replace

from bot.practices.milestones import service as milestones
from bot.practices.milestones.rows import Details as Dated
from bot.practices.milestones.rules import Calendar, Occasion
from bot.practices.promises.rows import PromiseRow
from bot.practices.promises.rules import Guess
from bot.store.search import Visibility
from bot.workspaces import away, directory, settings
from tests.front_door import reads
from tests.rhythm import WEEKLY, WEEKLY_THEN_QUIET
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE
HALF_PAST_EIGHT = dt.datetime(2026, 5, 13, 6, 30, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OURS = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_admin"), False)


def morning_of(person):
    found = [one for one in person.sees() if one.app and one.text.startswith("Your ")]
    return found[-1] if found else None


async def test_it_has_their_clients_promises_and_what_is_owed(place, voice):
    halden = await voice.client("Halden", 9)
    due = dt.date(2026, 5, 13)
    await voice.note(halden, "ours", days=9, promise=Guess("media plan", due, theirs=False))
    await voice.note(halden, "theirs", days=9, promise=Guess("brand files", due - 6 * DAY, theirs=True))
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    morning = morning_of(place.ana)
    assert reads(morning) == (
        "Your Wednesday\n"
        "*Halden* · nothing logged for 10 days (usually 7)\n"
        "*One idea:* ask for “brand files”, which they promised for Thu 7 May\n"
        "We've spoken\n"
        "*Halden* promised us brand files, 6 days late\nDone\nMove\n"
        "*You promised* *Halden* media plan, today\nDone\nMove\n"
        "Log a check-in\nAll of today"
    )
    assert morning.text == "Your Wednesday. Worth a call: Halden. 2 promises are due."
    assert morning_of(place.tom) is None
    await place.ana.click("call.spoken", in_=morning)
    await voice.settle()
    assert "✓ *Halden* · you spoke with them today" in reads(morning_of(place.ana))
    assert morning_of(place.ana).ts == morning.ts
    await place.ana.click("promise.done", in_=morning_of(place.ana), value=str(await promise(place, "media plan")))
    await voice.settle()
    assert "✓ *Halden* media plan · done\nUndo" in reads(morning_of(place.ana))
    await place.ana.click("promise.undo", in_=morning_of(place.ana))
    await voice.settle()
    assert "*You promised* *Halden* media plan, today\nDone\nMove" in reads(morning_of(place.ana))


async def promise(place, what):
    [row] = [one for one in await place.rows(PromiseRow) if one.what == what]
    return row.id


async def test_nothing_to_say_is_silence_and_so_is_a_day_off_and_being_unwanted(place, voice):
    await voice.client("Northwind", *WEEKLY)
    await voice.client("Halden", 9, by=place.tom)
    tom = await voice.member(place.tom)
    async with place.ember.store.work(voice.workspace.id) as session:
        await settings.change_preference(session, tom.id, settings.Preference(wants_morning=False))
    await voice.timetable()
    for days in (0, 3):
        await voice.at(HALF_PAST_EIGHT + days * DAY)
    assert morning_of(place.ana) is None
    assert morning_of(place.tom) is None


async def test_each_gets_it_at_their_own_half_past_eight_and_cover_gets_it_for_who_is_away(place, voice):
    sam = place.join("Sam", place.elsewhere, tz="America/New_York")
    await sam.command("/ember", "help", channel=place.elsewhere)
    await voice.client("Halden", 9, by=sam)
    await voice.client("Orchard", 9)
    ana, tom = await voice.member(place.ana), await voice.member(place.tom)
    async with place.ember.store.work(voice.workspace.id) as session:
        today, now = dt.date(2026, 5, 12), place.clock.now()
        absence = {"from_on": today, "back_on": today + 9 * DAY, "cover_id": tom.id, "today": today, "now": now}
        await away.set_away(session, ana.id, **absence)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    assert morning_of(sam) is None
    assert morning_of(place.ana) is None
    assert "*Orchard* · Ana's client · nothing logged for 10 days" in reads(morning_of(place.tom))
    await voice.at(HALF_PAST_EIGHT + dt.timedelta(hours=6))
    assert morning_of(sam).text == "Your Wednesday. Worth a call: Halden."


async def test_whoever_wants_it_no_more_while_it_waits_does_not_get_it(place, voice):
    await voice.client("Halden", 9)
    ana = await voice.member(place.ana)
    choice = settings.Preference(quiet_from=dt.time(19), quiet_until=dt.time(9))
    async with place.ember.store.work(voice.workspace.id) as session:
        await settings.change_preference(session, ana.id, choice)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    [waiting] = await voice.deliveries(kind="morning")
    assert waiting.state == "queued"
    async with place.ember.store.work(voice.workspace.id) as session:
        await settings.change_preference(session, ana.id, replace(choice, wants_morning=False))
    await voice.at(HALF_PAST_EIGHT + dt.timedelta(minutes=30))
    assert morning_of(place.ana) is None
    [dropped] = await voice.deliveries(kind="morning")
    assert dropped.state == "cancelled"


async def test_what_would_come_only_after_its_day_is_not_planned(place, voice):
    await voice.client("Halden", 9)
    ana = await voice.member(place.ana)
    choice = settings.Preference(quiet_from=dt.time(17), quiet_until=dt.time(8))
    async with place.ember.store.work(voice.workspace.id) as session:
        await settings.change_preference(session, ana.id, choice)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT + dt.timedelta(hours=8, minutes=40))
    assert await voice.deliveries(kind="morning") == []


async def test_who_wrote_a_date_is_reminded_ahead_where_it_is_theirs_alone_or_nobody_is_left(place, voice):
    sam = place.join("Sam", place.elsewhere)
    await sam.command("/ember", "help", channel=place.elsewhere)
    northwind, orchard = await voice.client("Northwind", 1), await voice.client("Orchard", 1, by=sam)
    tom, today = await voice.member(place.tom), dt.date(2026, 5, 12)
    async with place.ember.store.work(voice.workspace.id) as session:
        for client_id, title, seen in ((northwind, "dinner", Visibility.ME), (orchard, "fair", Visibility.TEAM)):
            details = Dated(client_id, None, Occasion.OTHER, title, Calendar(5, 20, None), (7, 0), None, seen)
            await milestones.add(session, details, by=tom, key=title, now=place.clock.now(), today=today)
        gone = await voice.member(sam)
        facts = directory.MemberFacts(sam.id, "Sam", gone.tz, is_gone=True, **OURS)
        await directory.keep_member(session, facts, now=place.clock.now())
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    for row in ("*In 7 days, Wed 20:* Northwind, dinner.", "*In 7 days, Wed 20:* Orchard, fair."):
        assert row in reads(morning_of(place.tom))
    assert morning_of(place.ana) is None


async def test_done_shows_on_the_line_pressed_however_many_clients_the_morning_is_about(place, voice):
    due = dt.date(2026, 5, 13)
    for number in range(9):
        client_id = await voice.client(f"Client {number}", 1)
        promise_of = Guess(f"plan {number}", due - number * DAY, theirs=False)
        await voice.note(client_id, f"note {number}", days=1, promise=promise_of)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    for number in (8, 2):
        assert f"plan {number}," in reads(morning_of(place.ana))
        key = str(await promise(place, f"plan {number}"))
        await place.ana.click("promise.done", in_=morning_of(place.ana), value=key)
        await voice.settle()
        assert f"✓ *Client {number}* plan {number} · done" in reads(morning_of(place.ana))


async def test_ten_mornings_of_a_busy_workspace_keep_the_caps(place, voice):
    """At most one morning and one other message a day to each person, one digest and three alerts a channel."""
    people = [place.ana, place.tom]
    dates = []
    for number in range(8):
        past = WEEKLY_THEN_QUIET[-5:] if number < 5 else (9 + number % 6,)
        started = dt.date(2026, 1, 5)
        dates.append(await voice.client(f"Client {number:02}", *past, by=people[number % 2], began=started))
    ana = await voice.member(place.ana)
    async with place.ember.store.work(voice.workspace.id) as session:
        for number, client_id in enumerate(dates):
            on = dt.date(2026, 5, 13) + (number % 5) * DAY
            calendar = Calendar(on.month, on.day, 2020)
            await milestones.add(
                session,
                Dated(client_id, None, Occasion.LAUNCH, "", calendar, (7, 2, 0), None, Visibility.TEAM, number > 3),
                by=ana,
                key=f"date {number}",
                now=place.clock.now(),
                today=dt.date(2026, 5, 12),
            )
    await voice.timetable()
    for day in (*range(10), 12, 13):
        for minutes in (0, 30):
            await voice.at(HALF_PAST_EIGHT + day * DAY + dt.timedelta(minutes=minutes))
    sent = await voice.deliveries(op="post", state="sent")
    working_days = {one.local_date for one in sent if one.kind == "digest"}
    assert len(working_days) >= 8
    people = Counter((one.occurrence_key.partition(":")[0], one.due_at.date()) for one in sent if one.kind == "morning")
    others = Counter(
        (one.occurrence_key.partition(":")[0], one.due_at.date()) for one in sent if one.kind == "milestone"
    )
    digests, alerts = (Counter(one.due_at.date() for one in sent if one.kind == kind) for kind in ("digest", "fade"))
    assert {one.kind for one in sent} == {"digest", "fade", "morning", "milestone"}
    assert len(people) >= 16
    assert max(people.values()) == max(others.values()) == max(digests.values()) == 1
    assert max(alerts.values()) == 3
    assert sum(alerts.values()) == 8
    assert not [one for one in sent if one.due_at.weekday() > 4]
