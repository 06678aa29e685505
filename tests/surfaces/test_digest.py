"""The team's digest, by the front door: one a morning, what it says, and how it changes in place."""

import datetime as dt

from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Signal
from bot.practices.fading.rows import FadingRow
from bot.practices.promises import service as promises
from bot.practices.promises.rows import PromiseRow
from bot.practices.promises.rules import Guess, PromiseState
from bot.store.search import Visibility
from tests.front_door import reads, sees
from tests.rhythm import WEEKLY_THEN_QUIET, move
from tests.support import ON_SQLITE
from tests.voice import WEDNESDAY_AT_NINE

DAY = dt.timedelta(days=1)


async def digest_at(voice, instant=WEDNESDAY_AT_NINE):
    await voice.timetable()
    await voice.at(instant)
    return digest_of(voice)


def digest_of(voice):
    found = [one for one in voice.said_in(voice.team) if one.text.startswith("Good morning.")]
    assert len(found) <= 1
    return found[0] if found else None


async def test_a_row_names_owner_and_reason_and_turns_calm_in_place_once_somebody_answered(place, voice):
    await voice.client("Halden", 9)
    await voice.client("Orchard", 12)
    digest = await digest_at(voice)
    assert reads(digest).startswith(
        "Good morning · Wed 13 May\n*Worth a call*\nOrchard · Ana · nothing logged for 13 days (usually 7)\n"
        "Halden · Ana · nothing logged for 10 days (usually 7)"
    )
    assert digest.text == "Good morning. Worth a call: Orchard and 1 other."
    assert "@" not in reads(digest)
    menus = [block["accessory"]["options"] for block in digest.blocks if "accessory" in block]
    choices = ["We've spoken", "Log a check-in", "Not now", "Hand over", "Why?"]
    assert [[one["text"]["text"] for one in options] for options in menus] == [choices, choices]

    await place.tom.choose("call.more", "We've spoken", in_=digest)
    await voice.settle()
    assert digest_of(voice).ts == digest.ts
    assert "*Worth a call*\n✓ Orchard · Tom spoke with them today\nHalden · Ana · nothing logged for 10 days" in reads(
        digest_of(voice)
    )
    assert [one.ephemeral_to for one in place.tom.sees(place.elsewhere) if "Noted" in one.text] == [place.tom.id]

    move(place, WEDNESDAY_AT_NINE + dt.timedelta(hours=12))
    before = reads(digest_of(voice))
    await place.ana.choose("call.more", "Not now", in_=digest_of(voice))
    await voice.settle()
    await place.ana.submit(until="week")
    await voice.settle()
    assert "✓ Halden · set aside until Wed 20 May" in reads(digest_of(voice))
    assert digest_of(voice).text == "Good morning. Everyone on this list has been seen to."
    assert "Later" not in reads(digest_of(voice)), "a change is not late"
    await place.ana.click("cadence.wake")
    await place.ana.close_modal(everything=True)
    await voice.settle()
    assert reads(digest_of(voice)) == before


@ON_SQLITE
async def test_nothing_to_say_a_weekend_and_a_holiday_are_silence(place, voice):
    await voice.choose(country="DE")
    await voice.client("Northwind", 0)
    assert await digest_at(voice) is None
    halden = await voice.client("Halden", 9)
    for days, why in ((1, "Ascension Day"), (3, "a Saturday")):
        assert await digest_at(voice, WEDNESDAY_AT_NINE + days * DAY) is None, why
    await voice.note(halden, "nothing is due any more")
    await voice.at(WEDNESDAY_AT_NINE + 6 * DAY)
    sent = await voice.deliveries(kind="digest", state="sent")
    assert [one.local_date for one in sent] == [dt.date(2026, 5, 19)], "when Northwind is due"


@ON_SQLITE
async def test_one_that_comes_too_late_for_the_day_opens_no_alert_that_nobody_would_hear(place, voice):
    await voice.choose(digest_at=dt.time(12))
    await voice.client("Halden", *WEEKLY_THEN_QUIET)
    await voice.timetable()
    await voice.at(WEDNESDAY_AT_NINE + dt.timedelta(hours=10, minutes=30))
    assert await voice.deliveries() == []
    assert await place.rows(FadingRow) == []


@ON_SQLITE
async def test_a_promise_kept_leaves_the_digest_however_many_clients_promises_are_about(place, voice):
    due = dt.date(2026, 5, 13)
    for number in range(9):
        client_id = await voice.client(f"Client {number}", 1)
        promise = Guess(f"plan {number}", due - number * DAY, theirs=False)
        await voice.note(client_id, f"note {number}", days=1, promise=promise)
    assert "plan 8 for Client 8" in reads(await digest_at(voice))
    [row] = [one for one in await place.rows(PromiseRow) if one.what == "plan 8"]
    ana = await voice.member(place.ana)
    async with place.ember.store.work(voice.workspace.id) as session:
        await promises.settle(session, row.id, by=ana, state=PromiseState.KEPT, now=place.clock.now())
        await voice.refresh(session, row.client_id)
    await voice.settle()
    assert "plan 8 for Client 8" not in reads(digest_of(voice))


@ON_SQLITE
async def test_forty_clients_heard_in_forty_channels_make_one_digest(place, voice):
    for number in range(40):
        channel = await voice.channel(f"C0CLIENT{number:02}")
        await voice.client(f"Client {number:02}", 8 + number % 5, heard_in=frozenset([channel]))
    digest = await digest_at(voice)
    everywhere = [one for one in await voice.deliveries() if one.kind != "morning"]
    assert [(one.kind, one.sent_channel) for one in everywhere] == [("digest", place.elsewhere.id)]
    assert reads(digest).count("nothing logged") == 5
    assert "and 35 more" in reads(digest)
    assert digest.text == "Good morning. Worth a call: Client 04 and 39 others."


@ON_SQLITE
async def test_three_that_fade_have_their_own_message_the_fourth_a_row_and_nothing_private_is_said(place, voice):
    for number in range(4):
        fading = await voice.client(f"Client {number}", *WEEKLY_THEN_QUIET[-5:])
        await voice.note(fading, "Omar may leave", days=30, details=Details(signals=frozenset({Signal.MAY_LEAVE})))
        await voice.note(fading, "Her secret", days=30, visibility=Visibility.ME, quote="a secret")
    halden = await voice.client("Halden", 9)
    await voice.note(halden, "glad", days=8, visibility=Visibility.ME, feeling=5)
    await voice.note(halden, "a paused price", days=9, details=Details(signals=frozenset({Signal.PAUSED})), feeling=5)
    digest, *alerts = await digest_at(voice) and voice.said_in(place.elsewhere)
    assert [one.text.partition(":")[0] for one in alerts] == [f"Client {number} has gone quiet" for number in range(3)]
    assert "*Gone quiet:* Client 0, Client 1, Client 2 (messages of their own below)" in reads(digest)
    assert "*Worth a call*\nClient 3 · Ana · nothing logged for 31 days (usually 7)" in reads(digest)
    said = "".join(str(one.blocks) + one.text for one in (digest, *alerts))
    assert "talked about the plan" in said
    for words in ("leave", "secret", "paused", "price", "glad"):
        assert words not in said


@ON_SQLITE
async def test_of_a_morning_that_is_planned_twice_three_alerts_open_although_one_was_answered(place, voice):
    ids = [await voice.client(f"Client {number}", *WEEKLY_THEN_QUIET[-5:]) for number in range(4)]
    await digest_at(voice)
    await voice.note(ids[0], "She rang us")
    async with place.ember.store.work(voice.workspace.id) as session:
        await voice.refresh(session, ids[0])
    await voice.choose(digest_at=dt.time(10))
    await voice.timetable()
    await voice.at(WEDNESDAY_AT_NINE + dt.timedelta(hours=1))
    assert len(await place.rows(FadingRow)) == 3


@ON_SQLITE
async def test_whose_own_message_is_over_stands_calm_in_the_digest_too(place, voice):
    await voice.client("Halden", 9)
    for name in ("Northwind", "Orchard"):
        await voice.client(name, *WEEKLY_THEN_QUIET[-5:])
    digest, *alerts = await digest_at(voice) and voice.said_in(place.elsewhere)
    assert "*Gone quiet:* Northwind, Orchard (messages of their own below)" in reads(digest)
    by_name = {alert.text.partition(" ")[0]: alert for alert in alerts}
    for name, stands in (
        ("Northwind", "*Gone quiet:* Orchard (a message of its own below)\n✓ Northwind · Ana spoke with them today"),
        ("Orchard", "\n✓ Northwind · Ana spoke with them today\n✓ Orchard · Ana spoke with them today"),
    ):
        await place.ana.click("call.spoken", in_=by_name[name])
        await voice.settle()
        assert stands in reads(digest_of(voice))
    assert "Gone quiet" not in reads(digest_of(voice))


@ON_SQLITE
async def test_the_menu_opens_windows_for_whoever_pressed_and_leaves_the_message(place, voice):
    await voice.client("Halden", 9)
    digest = await digest_at(voice)
    before = reads(digest)
    for choice, title in (("Log a check-in", "Log a check-in"), ("Hand over", "Hand over"), ("Why?", "Why?")):
        await place.ana.choose("call.more", choice, in_=digest_of(voice))
        await voice.settle()
        assert place.ana.modals()[-1].title == title
        await place.ana.close_modal(everything=True)
    await place.tom.click("call.today", in_=digest_of(voice))
    await voice.settle()
    assert "Your Wednesday" in sees(place.tom)
    await place.tom.close_modal(everything=True)
    assert reads(digest_of(voice)) == before


@ON_SQLITE
async def test_one_nice_thing_is_of_the_teams_own_last_working_day(voice):
    await voice.choose(workdays=0b1001111)
    await voice.client("Northwind", 5)
    orchard = await voice.client("Orchard", 3)
    move(voice.place, WEDNESDAY_AT_NINE + DAY)
    await voice.note(orchard, "Loved it", feeling=5)
    assert "left Thursday's conversation glowing" in reads(await digest_at(voice, WEDNESDAY_AT_NINE + 4 * DAY))


@ON_SQLITE
async def test_promises_that_are_due_and_one_nice_thing_late_as_ember_was_down(place, voice):
    halden = await voice.client("<!channel> & *Sons*", 3, backup=place.tom)
    orchard = await voice.client("Orchard", 3)
    due = dt.date(2026, 5, 13)
    await voice.note(halden, "We send the plan", by=place.tom, promise=Guess("media plan", due, theirs=False))
    await voice.note(orchard, "They owe us", promise=Guess("brand files", due - 6 * DAY, theirs=True), feeling=5)
    await voice.note(halden, "Loved it", feeling=5, by=place.tom)
    digest = await digest_at(voice, WEDNESDAY_AT_NINE + dt.timedelta(hours=2, minutes=30))
    says = reads(digest)
    assert "Later than usual: Ember could not post at " in says
    ours = "• media plan for &lt;!channel&gt; &amp; *Sons*, today, Tom"
    assert f"*Promised*\n• Orchard owe us brand files, 6 days late\n{ours}" in says
    assert says.count("*Nice:*") == 1
    assert "left yesterday's conversation glowing. Thanks, " in says
    assert "<!channel>" not in str(digest.blocks) + digest.text
