"""`/ember settings` and `/ember away`, through the front door."""

import datetime as dt

import pytest

from bot.courier.rows import ScheduleRow
from bot.workspaces import holidays
from bot.workspaces.audit import AuditRow
from bot.workspaces.away import AwayRow
from bot.workspaces.settings import PreferenceRow, SettingRow
from tests.front_door import agency, sees, set_up_client
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE
"""What differs between databases is tried with the services."""

EVERYONE = {"digest_at": "09:30", "country": "de-by", "fade_first": "owner", "wrap": None}


@pytest.fixture
async def place(database_url, clock):
    """A small agency in which Ana is an admin and Tom is not."""
    holidays.warm()
    async with agency(database_url, clock) as place:
        await admin(place, place.ana, True)
        yield place


async def admin(place, person, is_one):
    """Make somebody an admin of the workspace, or one no more."""
    person.member.admin = is_one
    await place.slack.event("user_change", user=person.member.seen(place.clock.now()))


async def everyones(place, person=None):
    """Open the form for everyone."""
    person = person or place.ana
    await ones_own(place, person)
    await person.click("settings.workspace")
    await place.quiet()
    return await person.modal()


async def ones_own(place, person):
    """Open the form for oneself."""
    await person.command("/ember", "settings")
    await place.quiet()
    return await person.modal()


async def kept(place):
    (row,) = await place.rows(SettingRow)
    return row


async def test_an_admin_sets_how_everyone_is_spoken_to(place):
    form = await everyones(place)
    assert (form.title, form.value("digest_at"), form.value("tz")) == (
        "Settings for everyone",
        "09:00",
        "Europe/Berlin",
    )
    answer = await place.ana.submit(channel=place.elsewhere, workdays=["0", "1", "2", "3"], **EVERYONE)
    assert answer.errors == {}
    row = await kept(place)
    assert (row.digest_at, row.country, row.fade_first, row.wants_wrap) == (dt.time(9, 30), "DE-BY", "owner", False)
    assert (row.workdays, row.tz, row.quiet_from) == (0b1111, "Europe/Berlin", dt.time(19))
    shown = sees(place.ana)
    assert "Mon to Thu at 09:30 (Europe/Berlin)" in shown
    assert "DE-BY" in shown
    assert "whoever looks after them hears first" in shown


async def test_the_next_digest_and_morning_come_at_the_times_just_chosen(place):
    await set_up_client(place, "Northwind")
    await everyones(place)
    await place.ana.submit(channel=place.elsewhere, **EVERYONE)
    await place.ana.close_modal(everything=True)
    await ones_own(place, place.ana)
    await place.ana.submit(morning_at="08:15")
    times = {row.recipient: (row.kind, row.local_time) for row in await place.rows(ScheduleRow)}
    assert times == {place.elsewhere.id: ("digest", dt.time(9, 30)), place.ana.id: ("morning", dt.time(8, 15))}


async def test_what_was_decided_is_written_down_once(place):
    await everyones(place)
    answer = await place.ana.submit(channel=place.elsewhere, **EVERYONE)
    again = await place.slack.redeliver(answer)
    assert again.errors == {}
    assert str(again.body) == str(answer.body)
    written = {row.what: row.about for row in await place.rows(AuditRow)}
    assert written == {
        "team channel": f"nothing → #{place.elsewhere.name}",
        "time zone": "nothing → Europe/Berlin",
        "digest time": "09:00 → 09:30",
        "holidays": "nothing → DE-BY",
        "fading alerts first to": "channel → owner",
        "Friday's wrap": "on → off",
    }
    assert len(await place.rows(AuditRow)) == len(written)


async def test_the_form_for_everyone_ends_with_what_was_decided_last(place):
    await everyones(place)
    assert "Decided lately" not in sees(place.ana)
    await place.ana.submit(digest_at="09:30")
    await place.ana.close_modal(everything=True)
    await everyones(place)
    _, decided = sees(place.ana).split("*Decided lately*\n")
    assert decided.splitlines() == [
        "Tue 12 May · Ana · digest time: 09:00 → 09:30",
        "Tue 12 May · Ana · time zone: nothing → Europe/Berlin",
    ]


async def test_the_form_shows_what_was_saved(place):
    await everyones(place)
    await place.ana.submit(channel=place.elsewhere, **EVERYONE)
    await place.ana.close_modal(everything=True)
    form = await everyones(place)
    assert [form.value(name) for name in ("digest_at", "country", "fade_first")] == ["09:30", "DE-BY", "owner"]
    assert form.value("channel") == place.elsewhere.id


@pytest.mark.parametrize(
    ("fields", "block", "told"),
    [
        ({"country": "XX"}, "country", "knows no holidays for “XX”"),
        ({"country": "DE-ZZ"}, "country", "DE-BY"),
        ({"tz": "Europe/Berln"}, "tz", "Is it Europe/Berlin?"),
        ({"digest_at": "07:30"}, "digest_at", "It is quiet from 19:00 to 08:00."),
    ],
)
async def test_what_cannot_be_used_is_told_at_its_field_and_nothing_typed_is_lost(place, fields, block, told):
    await everyones(place)
    answer = await place.ana.submit(quiet_from="19:00", **{**EVERYONE, **fields})
    assert list(answer.errors) == [block]
    assert told in answer.errors[block]
    assert await place.rows(SettingRow) == []
    form = await place.ana.modal()
    assert form.value("fade_first") == "owner"
    answer = await place.ana.submit(**EVERYONE, tz="berlin")
    assert answer.errors == {}
    assert (await kept(place)).tz == "Europe/Berlin"


async def test_a_channel_that_others_read_is_no_team_channel(place):
    sam = place.slack.world.add_member("Sam", guest=True)
    place.northwind.members.append(sam.id)
    await everyones(place)
    answer = await place.ana.submit(channel=place.northwind)
    assert list(answer.errors) == ["channel"]
    assert "can read that channel" in answer.errors["channel"]
    assert await place.rows(SettingRow) == []


async def test_only_admins_decide_for_everyone(place):
    form = await ones_own(place, place.tom)
    assert form.title == "My settings"
    assert "An admin can change that." in sees(place.tom)
    assert "settings.workspace" not in str(form.shown.blocks)


async def test_who_is_no_admin_any_more_is_refused(place):
    await everyones(place)
    await admin(place, place.ana, False)
    answer = await place.ana.submit(digest_at="10:00")
    assert "Only an admin" in str(answer.errors)
    assert await place.rows(SettingRow) == []


async def test_two_admins_do_not_overwrite_each_other_unseen(place):
    await admin(place, place.tom, True)
    await everyones(place)
    await everyones(place, place.tom)
    assert (await place.tom.submit(digest_at="10:00")).errors == {}
    answer = await place.ana.submit(digest_at="11:00")
    assert answer.errors == {"channel": "Somebody changed the settings meanwhile. Close this and open it again."}
    assert (await kept(place)).digest_at == dt.time(10)


async def test_everybody_says_how_they_are_spoken_to(place):
    form = await ones_own(place, place.tom)
    assert (form.value("morning_at"), form.value("dms")) == ("08:30", ["morning", "dates"])
    answer = await place.tom.submit(
        morning_at="07:15", dms=["dates"], country="us-ca", quiet_from="18:00", quiet_until="07:00"
    )
    assert answer.errors == {}
    again = await place.slack.redeliver(answer)
    assert str(again.body) == str(answer.body)
    (row,) = await place.rows(PreferenceRow)
    assert (row.morning_at, row.wants_morning, row.wants_dates) == (dt.time(7, 15), False, True)
    assert (row.country, row.quiet_from, row.quiet_until) == ("US-CA", dt.time(18), dt.time(7))
    shown = sees(place.tom)
    assert "18:00 to 07:00" in shown
    assert "US-CA" in shown
    assert await place.rows(AuditRow) == []


@pytest.mark.parametrize(
    ("fields", "block", "told"),
    [
        ({"morning_at": "07:15"}, "morning_at", "It is quiet from 19:00 to 08:00."),
        ({"quiet_from": "18:00"}, "quiet_until", "both ends"),
        ({"quiet_until": "07:00"}, "quiet_from", "both ends"),
        ({"country": "Bavaria"}, "country", "two letters"),
    ],
)
async def test_ones_own_mistakes_are_told_at_their_field(place, fields, block, told):
    await ones_own(place, place.tom)
    answer = await place.tom.submit(**fields)
    assert list(answer.errors) == [block]
    assert told in answer.errors[block]
    assert await place.rows(PreferenceRow) == []


async def away_form(place, person=None):
    person = person or place.ana
    await person.command("/ember", "away")
    await place.quiet()
    return await person.modal()


async def absences(place):
    return [(row.from_on, row.back_on, row.note) for row in await place.rows(AwayRow)]


MAY_14, MAY_20 = dt.date(2026, 5, 14), dt.date(2026, 5, 20)


async def test_somebody_goes_away_and_a_colleague_covers(place):
    form = await away_form(place)
    assert (form.title, form.value("from")) == ("Away and cover", "2026-05-12")
    answer = await place.ana.submit(
        {"from": "2026-05-14", "back": "2026-05-20", "cover": place.tom.member, "note": "Halden first"}
    )
    assert answer.errors == {}
    assert (await place.slack.redeliver(answer)).errors == {}
    assert await absences(place) == [(MAY_14, MAY_20, "Halden first")]
    shown = sees(place.ana)
    assert "You are away from Thu 14 May, back on Wed 20 May." in shown
    assert "Tom" in shown
    await place.ana.click("away.cancel")
    assert await absences(place) == []
    assert "taken out" in sees(place.ana)


async def test_whoever_covers_reads_what_they_should_know_and_nobody_else_does(place):
    await away_form(place)
    await place.ana.submit(back="2026-05-20", cover=place.tom.member, note="Halden first")
    await away_form(place, place.tom)
    assert "You cover for *Ana*, back on Wed 20 May." in sees(place.tom)
    assert "Halden first" in sees(place.tom)
    sam = place.join("Sam", place.elsewhere)
    await away_form(place, sam)
    assert "Halden" not in sees(sam)


async def test_opened_again_it_shows_what_was_said_and_changes_it(place):
    await away_form(place)
    await place.ana.submit(back="2026-05-20", cover=place.tom.member, note="Halden first")
    await place.ana.close_modal(everything=True)
    form = await away_form(place)
    assert (form.value("back"), form.value("cover"), form.value("note")) == ("2026-05-20", place.tom.id, "Halden first")
    await place.ana.submit({"from": "2026-06-01", "back": "2026-06-08"})
    assert await absences(place) == [(dt.date(2026, 6, 1), dt.date(2026, 6, 8), "Halden first")]


async def test_a_second_time_away_is_planned_beside_the_first_and_either_can_be_changed(place):
    await away_form(place)
    await place.ana.submit({"from": "2026-05-14", "back": "2026-05-20", "cover": place.tom.member})
    await place.ana.close_modal(everything=True)
    await away_form(place)
    await place.ana.click("away.another")
    await place.quiet()
    form = await place.ana.modal()
    assert (form.value("from"), form.value("back")) == ("2026-05-12", None)
    answer = await place.ana.submit({"from": "2026-05-19", "back": "2026-06-02", "cover": place.tom.member})
    told = "You are away from Thu 14 May, back on Wed 20 May already. Choose other days, or change that time."
    assert answer.errors == {"from": told}
    assert (await place.ana.submit({"from": "2026-06-01"})).errors == {}
    june = (dt.date(2026, 6, 1), dt.date(2026, 6, 2), None)
    assert await absences(place) == [(MAY_14, MAY_20, None), june]
    await place.ana.close_modal(everything=True)
    await away_form(place)
    assert "You are away from Mon 1 Jun, back on Tue 2 Jun." in sees(place.ana)
    [later] = await place.rows(AwayRow, from_on=dt.date(2026, 6, 1))
    await place.ana.click(f"away.change:{later.id}")
    await place.quiet()
    assert (await place.ana.modal()).value("from") == "2026-06-01"
    await place.ana.submit(back="2026-06-05")
    assert await absences(place) == [(MAY_14, MAY_20, None), (dt.date(2026, 6, 1), dt.date(2026, 6, 5), None)]


async def test_back_early(place, clock):
    await away_form(place)
    answer = await place.ana.submit(back="2026-05-20", cover=place.tom.member)
    await place.ana.close_modal(everything=True)
    clock.set(clock.now() + dt.timedelta(days=2))
    await away_form(place)
    await place.ana.click("away.back")
    await place.quiet()
    assert "Welcome back." in sees(place.ana)
    assert await absences(place) == [(dt.date(2026, 5, 12), MAY_14, None)]
    assert (await place.slack.redeliver(answer)).errors == {}
    assert await absences(place) == [(dt.date(2026, 5, 12), MAY_14, None)]


@pytest.mark.parametrize(
    ("fields", "block", "told"),
    [
        ({"back": "2026-05-12"}, "back", "after the first day away"),
        ({"from": "2026-05-01", "back": "2026-05-11"}, "back", "after today"),
        ({"back": "2028-05-12"}, "back", "within a year"),
        ({"cover": "ana"}, "cover", "Pick somebody else"),
        ({"cover": "guest"}, "cover", "full member"),
    ],
)
async def test_a_wrong_answer_is_told_at_its_field(place, fields, block, told):
    guest = place.slack.world.add_member("Gus", guest=True)
    covers = {"ana": place.ana.member, "guest": guest}
    said = {"back": "2026-05-20", "cover": place.tom.member, "note": "Halden first", **fields}
    said["cover"] = covers.get(said["cover"], said["cover"]) if isinstance(said["cover"], str) else said["cover"]
    await away_form(place)
    answer = await place.ana.submit(said)
    assert list(answer.errors) == [block]
    assert told in answer.errors[block]
    assert await absences(place) == []
    assert (await place.ana.modal()).value("note") == "Halden first"


async def test_whoever_is_away_then_cannot_cover_and_whom_one_covers_for_is_named(place):
    await away_form(place, place.tom)
    await place.tom.submit(back="2026-05-20", cover=place.ana.member)
    await away_form(place)
    answer = await place.ana.submit(back="2026-05-15", cover=place.tom.member)
    assert answer.errors == {"cover": "They are away then too. Pick somebody else."}
    sam = place.join("Sam", place.elsewhere)
    answer = await place.ana.submit(cover=sam.member)
    assert answer.errors == {}
    assert "You were to cover for Tom. They need somebody else for those days." in sees(place.ana)
