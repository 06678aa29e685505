"""Who hears of a date, when and in which words."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.courier import ledger
from bot.courier.kinds import Occurrence
from bot.courier.rows import DeliveryRow, Op, State
from bot.playground.modal import words_of
from bot.practices.clients import service as clients
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.milestones import service, speaking, telling
from bot.practices.milestones.rows import MilestoneRow
from bot.practices.milestones.rules import Calendar, LeapDay, Occasion, Step
from bot.practices.people import service as people
from bot.slack.blocks_lint import problems
from bot.store.search import Visibility
from bot.workspaces import away, settings
from bot.workspaces.visibility import Person, Room
from tests.practices.milestones.conftest import at
from tests.support import ON_SQLITE, TODAY

NOTE = "Likes handwritten notes, no fuss in front of her team"
WEEK = dt.timedelta(days=7)


def texts(values):
    return [str(value.text) for value in values]


def labels(value):
    return [
        each.get("text", {}).get("text") or [option["text"]["text"] for option in each["options"]]
        for each in value.buttons
    ]


async def test_in_seven_days_with_what_we_know_and_what_we_did(desk):
    milestone = await desk.keep(TODAY + WEEK, year=2021, note=NOTE)
    await desk.answer(milestone, dt.date(2025, 5, 19), Step.PLANNED, "team card", when=dt.date(2025, 5, 12))
    (value,) = await desk.morning()
    assert value.text == f"*In 7 days, Tue 19:* Priya, 5 years at Northwind. {NOTE}. Last year: team card."
    assert labels(value) == ["I'll mark it", ["Plan something", "Remind me on the day", "Skip this year"]]
    assert value.on == dt.date(2026, 5, 19)
    for days in (1, 2, 6):
        assert await desk.morning(TODAY - dt.timedelta(days=days)) == []
    found = await desk.decides(at(TODAY), desk.ana, desk.tom)
    assert found == []


@ON_SQLITE
async def test_the_day_itself_is_one_message_of_its_own_until_the_day_is_over(desk):
    await desk.keep(TODAY, year=2021, note=NOTE)
    await desk.keep(TODAY, occasion=Occasion.BIRTHDAY, year=1986)
    assert await desk.morning() == []
    (found,) = await desk.decides(at(TODAY), desk.ana, desk.tom, desk.sam)
    assert found.key == "U0ANA:milestone::2026-05-12"
    assert found.expires_at == at(TODAY + dt.timedelta(days=1), 0, 0)
    said = await desk.says(found)
    assert said.text == "Today: Priya, 5 years at Northwind · Priya turns 40 (Northwind)."
    shown = words_of(said.blocks)
    assert f"*Today:* Priya, 5 years at Northwind. {NOTE}." in shown
    assert shown.count("I'll mark it") == 2
    assert problems({"text": said.text, "blocks": list(said.blocks)}, "message") == []


@ON_SQLITE
async def test_the_same_day_planned_twice_is_one_message(desk):
    await desk.keep(TODAY)
    kept = []
    for now in (at(TODAY), at(TODAY, 9), at(TODAY, 16)):
        (found,) = await desk.decides(now, desk.ana)
        kept.append(await desk.do(ledger.enqueue, found, now))
    assert [one is not None for one in kept] == [True, False, False]


@ON_SQLITE
@pytest.mark.parametrize("tz", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kolkata"])
async def test_it_is_today_by_the_owners_own_calendar(desk, tz):
    desk.ana = await desk.has(tz=tz)
    for on in (dt.date(2026, 1, 1), dt.date(2026, 3, 9), dt.date(2026, 11, 2), dt.date(2026, 12, 30)):
        await desk.keep(on, leads=(0,), written=dt.date(2025, 6, 1))
        mornings = [at(on + dt.timedelta(days=days), tz=tz) for days in (-1, 1, 0)]
        before, after, (found,) = [await desk.decides(each, desk.ana) for each in mornings]
        assert (before, after) == ([], [])
        assert (found.local_date, found.due_at) == (on, mornings[-1])
        assert found.expires_at.astimezone(ZoneInfo(tz)) == at(on + dt.timedelta(days=1), 0, 0, tz=tz)


@ON_SQLITE
async def test_a_day_off_is_said_on_the_working_day_before_and_not_again(desk):
    saturday = dt.date(2026, 5, 16)
    await desk.keep(saturday, leads=(0,), year=2021)
    friday, monday = saturday - dt.timedelta(days=1), saturday + dt.timedelta(days=2)
    (value,) = await desk.morning(friday)
    assert value.text.startswith("*Tomorrow, Sat 16:* Priya, 5 years at Northwind.")
    assert labels(value)[1] == ["Plan something", "Skip this year"]
    assert await desk.decides(at(saturday), desk.ana) == []
    assert await desk.morning(monday) == []


@ON_SQLITE
async def test_a_public_holiday_is_a_day_off_too(desk):
    boss = await desk.has("U0BOSS", "Boss", is_admin=True)
    async with desk.work() as session:
        await settings.change(session, settings.Settings(country="DE"), by=boss, now=at(TODAY))
    ascension = dt.date(2026, 5, 14)
    await desk.keep(ascension, leads=(0,))
    (value,) = await desk.morning(dt.date(2026, 5, 13))
    assert value.text.startswith("*Tomorrow, Thu 14:*")
    assert await desk.decides(at(ascension), desk.ana) == []


@ON_SQLITE
async def test_a_morning_that_was_missed_is_made_up_for_once(desk):
    await desk.keep(TODAY + WEEK, leads=(7,))
    await reached(desk, TODAY - dt.timedelta(days=1))
    wednesday = TODAY + dt.timedelta(days=1)
    (value,) = await desk.morning(wednesday)
    assert value.text.startswith("*In 6 days, Tue 19:*")
    await reached(desk, wednesday)
    assert len(await desk.morning(wednesday)) == 1
    assert await desk.morning(wednesday + dt.timedelta(days=1)) == []


async def reached(desk, on, kind="morning", state=State.SENT, body=None):
    """Have Ana's message of a day reach her, or end otherwise."""
    async with desk.work() as session:
        message = Occurrence("U0ANA", kind, on, at(on), at(on, 18))
        delivery_id = await ledger.enqueue(session, message, at(on))
        ended = sa.update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(state=state, body=body)
        await session.execute(ended)


@ON_SQLITE
async def test_what_was_just_written_down_is_not_said_again_for_days_gone_by(desk):
    await desk.keep(TODAY + dt.timedelta(days=3), leads=(7,), written=TODAY)
    assert await desk.morning() == []
    assert await desk.morning(TODAY + dt.timedelta(days=1)) == []


@ON_SQLITE
async def test_a_cover_hears_of_it_while_the_owner_is_away_and_may_answer(desk):
    milestone = await desk.keep(TODAY + WEEK)
    days = {"from_on": TODAY, "back_on": TODAY + WEEK, "cover_id": desk.sam.id, "today": TODAY, "now": at(TODAY)}
    await desk.do(away.set_away, desk.ana.id, **days)
    assert await desk.morning() == []
    assert await desk.morning(member=desk.tom) == []
    (value,) = await desk.morning(member=desk.sam)
    assert "Priya, work anniversary (Northwind)" in value.text
    assert (await desk.answer(milestone, TODAY + WEEK, by=desk.sam)).answered == "✓ Sam marks it"
    with pytest.raises(service.UnknownMilestone):
        await desk.answer(milestone, TODAY + WEEK, by=desk.sam, when=TODAY + WEEK)


@ON_SQLITE
async def test_the_backup_hears_of_it_when_the_owner_has_left(desk):
    await desk.keep(TODAY)
    desk.ana = await desk.has(is_gone=True)
    (found,) = await desk.decides(at(TODAY), desk.ana, desk.tom)
    assert found.recipient == "U0TOM"


@ON_SQLITE
async def test_whoever_wrote_it_down_hears_of_it_when_nobody_looks_after_the_client(desk):
    await desk.keep(TODAY, by=desk.sam)
    for slack_id, name in (("U0ANA", "Ana"), ("U0TOM", "Tom")):
        await desk.has(slack_id, name, is_gone=True)
    (found,) = await desk.decides(at(TODAY), desk.ana, desk.tom, desk.sam)
    assert found.recipient == "U0SAM"


@ON_SQLITE
async def test_no_more_of_clients_that_ended_and_people_who_left_but_of_paused_ones(desk):
    await desk.keep(TODAY)
    await desk.do(clients.pause, desk.northwind, None, today=TODAY)
    assert len(await desk.decides(at(TODAY), desk.ana)) == 1
    await desk.do(people.mark_left, desk.priya.id)
    assert await desk.decides(at(TODAY), desk.ana) == []
    await desk.do(people.came_back, desk.priya.id)
    await desk.do(clients.end, desk.northwind, TODAY)
    assert await desk.decides(at(TODAY), desk.ana) == []


@ON_SQLITE
async def test_who_does_not_want_dates_gets_none(desk):
    await desk.keep(TODAY)
    await desk.keep(TODAY + WEEK)
    await desk.do(settings.change_preference, desk.ana.id, settings.Preference(wants_dates=False))
    assert await desk.morning() == []
    assert await desk.decides(at(TODAY), desk.ana) == []


@ON_SQLITE
async def test_what_would_come_after_the_day_is_over_is_not_planned(desk):
    await desk.keep(TODAY)
    await desk.keep(TODAY, visibility=Visibility.ME, by=desk.tom)
    back = TODAY + dt.timedelta(days=1)
    absence = {"from_on": TODAY, "back_on": back, "cover_id": desk.sam.id, "today": TODAY, "now": at(TODAY)}
    await desk.do(away.set_away, desk.tom.id, **absence)
    assert [one.recipient for one in await desk.decides(at(TODAY), desk.ana, desk.tom)] == ["U0ANA"]
    assert await desk.decides(at(TODAY, 20), desk.ana) == []


@ON_SQLITE
async def test_only_me_is_for_its_author_alone(desk):
    await desk.keep(TODAY, visibility=Visibility.ME, by=desk.tom, note="Between us")
    (found,) = await desk.decides(at(TODAY), desk.ana, desk.tom)
    assert found.recipient == "U0TOM"
    async with desk.work() as session:
        room = Room(frozenset({desk.northwind}))
        assert await speaking.digest(session, [desk.northwind], room, at(TODAY)) == {}
        assert await speaking.card(session, [desk.northwind], Person(desk.ana.id), at(TODAY)) == {}


@ON_SQLITE
async def test_a_digest_says_the_day_and_what_it_is_for_a_week_and_nothing_else(desk):
    milestone = await desk.keep(TODAY + WEEK, year=2021, note=NOTE)
    await desk.keep(TODAY + WEEK + dt.timedelta(days=1))
    elsewhere = await desk.client("Halden")
    async with desk.work() as session:
        room = Room(frozenset({desk.northwind}))
        found = await speaking.digest(session, [desk.northwind, elsewhere], room, at(TODAY))
        assert texts(found[desk.northwind]) == ["Tue 19, Priya, 5 years at Northwind"]
        assert await speaking.digest(session, [desk.northwind], Room(frozenset()), at(TODAY)) == {}
    await desk.answer(milestone, TODAY + WEEK, Step.SKIPPED)
    async with desk.work() as session:
        assert await speaking.digest(session, [desk.northwind], room, at(TODAY)) == {}


@ON_SQLITE
async def test_what_was_answered_stays_in_sight_that_day_and_comes_back_on_the_day(desk):
    on = TODAY + WEEK
    milestone = await desk.keep(on, leads=(7, 2))
    await desk.answer(milestone, on, Step.ON_THE_DAY)
    (value,) = await desk.morning()
    assert "✓ Ana is reminded on the day" in value.text
    assert labels(value) == ["Undo"]
    assert await desk.morning(on - dt.timedelta(days=2)) == []
    assert await desk.morning(on - dt.timedelta(days=4)) == []
    assert len(await desk.decides(at(on), desk.ana)) == 1


@ON_SQLITE
async def test_skipped_this_year_is_back_the_next(desk):
    on = TODAY + WEEK
    milestone = await desk.keep(on, leads=(7, 0))
    skipped = await desk.answer(milestone, on, Step.SKIPPED)
    assert await desk.decides(at(on), desk.ana) == []
    next_year = dt.date(2027, 5, 12)
    assert texts(await desk.morning(next_year))[0].startswith("*In 7 days, Wed 19:* Priya, work anniversary")
    await desk.do(service.unanswer, milestone, on, skipped.said.id, by=desk.ana, today=TODAY)
    await desk.do(service.unanswer, milestone, on, skipped.said.id, by=desk.ana, today=TODAY)
    assert len(await desk.decides(at(on), desk.ana)) == 1


@ON_SQLITE
async def test_reminders_that_are_wanted_alone_come_with_the_days_other_dates_in_one_message(desk):
    friday = TODAY + dt.timedelta(days=3)
    await desk.keep(friday + WEEK, alone=True, year=2021, note=NOTE)
    await desk.keep(friday, occasion=Occasion.BIRTHDAY)
    await desk.keep(friday + dt.timedelta(days=14), leads=(14,), occasion=Occasion.LAUNCH)
    assert await desk.decides(at(friday - dt.timedelta(days=1)), desk.ana) == []
    (value,) = await desk.morning(friday)
    assert value.text.startswith("*In 14 days, Fri 29:* Priya, launch")
    (found,) = await desk.decides(at(friday), desk.ana, desk.tom, desk.sam)
    assert found.key == "U0ANA:milestone::2026-05-15"
    said = await desk.says(found)
    assert said.text == "Today: Priya's birthday (Northwind). In 7 days, Fri 22: Priya, 5 years at Northwind."
    shown = words_of(said.blocks)
    assert f"*In 7 days, Fri 22:* Priya, 5 years at Northwind. {NOTE}." in shown
    assert problems({"text": said.text, "blocks": list(said.blocks)}, "message") == []


@ON_SQLITE
async def test_a_reminder_alone_is_said_once_and_made_up_for_when_its_day_was_missed(desk):
    await desk.keep(TODAY + WEEK, alone=True, leads=(7,))
    await reached(desk, TODAY - dt.timedelta(days=1))
    wednesday = TODAY + dt.timedelta(days=1)
    assert await desk.morning(wednesday) == []
    (found,) = await desk.decides(at(wednesday), desk.ana)
    assert (await desk.says(found)).text == "In 6 days, Tue 19: Priya, work anniversary (Northwind)."
    await reached(desk, wednesday, kind="milestone")
    assert len(await desk.decides(at(wednesday), desk.ana)) == 1
    assert await desk.decides(at(wednesday + dt.timedelta(days=1)), desk.ana) == []


@ON_SQLITE
async def test_a_reminder_alone_that_was_answered_stays_where_it_stands_and_is_not_said_again(desk):
    on = TODAY + WEEK
    milestone = await desk.keep(on, alone=True, leads=(7, 2))
    (found,) = await desk.decides(at(TODAY), desk.ana)
    await reached(desk, TODAY, kind="milestone")
    await desk.answer(milestone, on, when=TODAY + dt.timedelta(days=2))
    said = await desk.says(found, Op.UPDATE)
    assert words_of(said.blocks)[0].endswith("\n✓ Ana marks it")
    assert await desk.decides(at(on - dt.timedelta(days=2)), desk.ana) == []
    (found,) = await desk.decides(at(on), desk.ana)
    assert (await desk.says(found)).text == "Today: Priya, work anniversary (Northwind)."


@ON_SQLITE
@pytest.mark.parametrize("state", [State.PARKED, State.DEAD, State.EXPIRED])
async def test_a_reminder_alone_that_did_not_arrive_is_made_up_for_although_the_morning_did(desk, state):
    await desk.keep(TODAY + WEEK, alone=True, leads=(7,))
    await reached(desk, TODAY)
    await reached(desk, TODAY, kind="milestone", state=state)
    wednesday = TODAY + dt.timedelta(days=1)
    (found,) = await desk.decides(at(wednesday), desk.ana)
    assert (await desk.says(found)).text == "In 6 days, Tue 19: Priya, work anniversary (Northwind)."


@ON_SQLITE
async def test_a_reminder_alone_of_an_earlier_day_is_written_anew_once_somebody_else_answers(desk):
    on, later = TODAY + WEEK, TODAY + dt.timedelta(days=5)
    milestone = await desk.keep(on, alone=True, leads=(7,))
    await desk.keep(TODAY, occasion=Occasion.BIRTHDAY)
    await desk.keep(TODAY, occasion=Occasion.LAUNCH, year=2026, repeats=False)
    (found,) = await desk.decides(at(TODAY), desk.ana)
    stood = words_of((await desk.says(found)).blocks)
    shown = [{"type": "actions", "block_id": f"today:{TODAY}:{milestone}"}]
    for day, blocks in ((TODAY - dt.timedelta(days=1), []), (TODAY, shown)):
        await reached(desk, day, kind="milestone", body={"blocks": blocks})
    assert await desk.do(service.advance, at(later)) == 2
    one = await desk.answer(milestone, on, by=desk.tom, when=later)
    await desk.do(telling.answered, one, by=desk.tom, today=later, now=at(later, 9))
    async with desk.work() as session:
        changed = sa.select(DeliveryRow.local_date).where(DeliveryRow.op == Op.UPDATE)
        assert list((await session.execute(changed)).scalars()) == [TODAY]
    said = words_of((await desk.says(found, Op.UPDATE, now=at(later, 9))).blocks)
    assert [line for line in said if "*" in line][:2] == [line for line in stood if "*" in line][:2]
    assert [line for line in said if "*" in line][2].endswith("\n✓ Tom marks it")


@ON_SQLITE
async def test_a_press_on_the_day_changes_the_message_in_place(desk):
    milestone = await desk.keep(TODAY)
    (found,) = await desk.decides(at(TODAY), desk.ana)
    await desk.answer(milestone, TODAY, Step.SKIPPED)
    assert await desk.says(found) is None
    said = await desk.says(found, Op.UPDATE)
    assert words_of(said.blocks) == ["*Today:* Priya, work anniversary (Northwind).\nSkipped this year", "Undo"]


@ON_SQLITE
async def test_29_february_is_said_on_the_day_that_was_chosen(desk):
    await desk.keep(dt.date(2024, 2, 29), leads=(0,), leap_day=LeapDay.AFTER, occasion=Occasion.BIRTHDAY)
    assert await desk.decides(at(dt.date(2027, 2, 28)), desk.ana) == []
    (found,) = await desk.decides(at(dt.date(2027, 3, 1)), desk.ana)
    assert "Priya's birthday" in (await desk.says(found)).text


async def test_what_has_passed_comes_round_again_and_what_came_once_is_over(desk):
    await desk.keep(TODAY, leads=())
    await desk.keep(TODAY, year=2026, repeats=False)

    async def next_ones():
        async with desk.work() as session:
            return list((await session.execute(sa.select(MilestoneRow.next_on).order_by(MilestoneRow.id))).scalars())

    for now in (at(TODAY), dt.datetime(2026, 5, 14, 23, 59, tzinfo=dt.UTC)):
        assert await desk.do(service.advance, now) == 0
    assert await next_ones() == [TODAY, TODAY]
    async with desk.work() as session:
        assert await speaking.stirring(session, TODAY) == {desk.northwind}
    assert await desk.do(service.advance, dt.datetime(2026, 5, 15, tzinfo=dt.UTC)) == 2
    assert await next_ones() == [dt.date(2027, 5, 12), None]
    async with desk.work() as session:
        assert await speaking.stirring(session, TODAY) == set()
    async with desk.store.look(None) as session:
        ids = [desk.workspace.id]
        assert await speaking.stirring_workspaces(session, ids, TODAY) == set()
        assert await speaking.stirring_workspaces(session, ids, dt.date(2027, 5, 1)) == set(ids)


@ON_SQLITE
async def test_a_form_pressed_again_after_the_date_was_deleted_brings_nothing_back(desk):
    milestone = await desk.keep(TODAY)
    await desk.do(service.drop, milestone, by=desk.ana, today=TODAY)
    with pytest.raises(service.UnknownMilestone):
        await desk.do(service.drop, milestone, by=desk.ana, today=TODAY)
    with pytest.raises(service.UnknownMilestone):
        await desk.answer(milestone, TODAY)


@ON_SQLITE
async def test_whoever_covers_for_one_of_the_team_changes_a_date_of_the_teams(desk):
    milestone = await desk.keep(TODAY)
    with pytest.raises(service.UnknownMilestone):
        await desk.do(service.editable, milestone, by=desk.sam, today=TODAY)
    cover = replace(desk.sam, covers=frozenset({desk.northwind}))
    kept = (await desk.do(service.editable, milestone, by=cover, today=TODAY)).milestone.details
    told = await desk.do(service.edit, milestone, replace(kept, title="a jubilee"), by=cover, today=TODAY)
    assert told.milestone.details.title == "a jubilee"
    with pytest.raises(NotTheirsAlone, match=r"^Only Ana can make this theirs alone\.$"):
        await desk.do(service.edit, milestone, replace(kept, visibility=Visibility.ME), by=cover, today=TODAY)


@ON_SQLITE
async def test_a_button_for_a_day_that_was_changed_says_so(desk):
    milestone = await desk.keep(TODAY)
    async with desk.work() as session:
        kept = (await service.told(session, milestone, None, desk.ana, TODAY)).milestone.details
        details = service.Details(**{**vars(kept), "calendar": Calendar(6, 1)})
        await service.edit(session, milestone, details, by=desk.ana, today=TODAY)
    with pytest.raises(service.UnknownMilestone, match="changed meanwhile"):
        await desk.answer(milestone, TODAY)
