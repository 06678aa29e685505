"""A linked calendar, the way people meet it: linked, a brief before a meeting, one question after it."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.kinds import A_BRIEF, AFTERWARDS
from bot.practices.checkins.rows import CheckinPersonRow, CheckinRow
from bot.practices.checkins.rules import Via
from bot.practices.clients import service as clients
from bot.practices.clients.rows import ClientRow
from bot.practices.listening import reflections
from bot.practices.listening.reflections import Lines
from bot.practices.meetings.rows import CalendarLinkRow, MeetingRow
from bot.practices.meetings.rules import State, Why
from bot.practices.people.rows import ContactRow
from bot.workspaces import away
from tests.calendars import SameProcess, Site, calendar, event
from tests.front_door import add_person, reads, sees
from tests.rhythm import move
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE

AT = dt.datetime(2026, 5, 13, 14, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
BEFORE = AT - 15 * MINUTE
OVER = AT + dt.timedelta(hours=1, minutes=1)
PRIYA = "ATTENDEE;CN=Priya:mailto:priya@northwind.example"
MEETING = event("weekly", "20260506T140000Z", "20260506T150000Z", "Weekly", PRIYA, "RRULE:FREQ=WEEKLY")


class Diary:
    """Ana's own calendar, on a site of this machine, linked to Ember."""

    def __init__(self, voice, site) -> None:
        self.voice, self.place, self.site = voice, voice.place, site
        self.ember = voice.place.ember
        self.ember.calendars.fetcher, self.ember.calendars.reader = site.fetcher(), SameProcess

    @property
    def ana(self):
        return self.place.ana

    async def open(self):
        self.northwind = await self.voice.client("Northwind", 3)
        await add_person(self.place, "northwind", "Priya")
        await self.knows(ContactRow, email="priya@northwind.example")
        async with self.work() as session:
            await clients.set_why(session, self.northwind, "ideas our own team cannot see")
        self.site.page(calendar(MEETING))
        return self

    def work(self):
        return self.ember.store.work(self.voice.workspace.id)

    async def knows(self, table, **values):
        async with self.work() as session:
            await session.execute(sa.update(table).values(**values))

    async def link(self, address=None):
        await self.ana.command("/ember", "calendar", channel=self.place.elsewhere)
        await self.ana.click("calendar.link")
        answer = await self.ana.submit(address=address or self.site.address())
        await self.place.quiet()
        return answer

    async def reread(self):
        await self.knows(CalendarLinkRow, next_read_at=self.place.clock.now())
        await self.ember.calendars.look()

    async def at(self, instant):
        """Move to an instant; Ember looks after calendars, then speaks."""
        move(self.place, instant)
        await self.ember.calendars.look()
        await self.voice.speak()
        await self.voice.settle()

    def told(self):
        """What Ember wrote to Ana by herself, oldest first."""
        return [one for one in self.ana.sees() if one.app and one.ephemeral_to is None]

    async def rows(self, table, **which):
        return await self.place.rows(table, **which)


@pytest.fixture
async def diary(voice):
    async with Site() as site:
        yield await Diary(voice, site).open()


async def test_a_calendar_is_linked_sealed_read_and_unlinked(diary):
    await diary.link()
    assert "linked" in sees(diary.ana)
    (link,) = await diary.rows(CalendarLinkRow)
    assert "127.0.0.1" not in link.sealed
    assert len(await diary.rows(MeetingRow)) == 2
    await diary.ana.close_modal(everything=True)
    await diary.ana.command("/ember", "calendar", channel=diary.place.elsewhere)
    assert "2 meetings with a client in the next two weeks" in sees(diary.ana)
    await diary.ana.click("calendar.unlink")
    await diary.place.quiet()
    assert "not linked any more" in sees(diary.ana)
    assert await diary.rows(CalendarLinkRow) == await diary.rows(MeetingRow) == []


async def test_linking_says_that_it_is_read_in_a_minute_and_another_takes_its_place(diary):
    await diary.ana.command("/ember", "calendar", channel=diary.place.elsewhere)
    await diary.ana.click("calendar.link")
    await diary.place.quiet()
    assert "takes the place" not in sees(diary.ana)
    await diary.ana.submit(address=diary.site.address())
    await diary.place.quiet()
    assert "Ember reads it within a minute and tells you if it can't" in sees(diary.ana)
    await diary.ana.click("calendar.link")
    await diary.place.quiet()
    assert "It takes the place of the calendar that you have linked" in sees(diary.ana)


async def test_an_address_of_no_use_is_said_at_the_field(diary):
    answer = await diary.link("http://calendar.example.com/a.ics")
    assert "https://" in answer.errors["address"]
    assert await diary.rows(CalendarLinkRow) == []


async def test_what_is_wrong_is_said_in_plain_words_and_read_it_now_tries_again(diary):
    diary.site.page(b"<html>Sign in</html>")
    await diary.link()
    await diary.ana.close_modal(everything=True)
    await diary.voice.speak()
    (said,) = diary.told()[-1:]
    assert "no calendar" in reads(said)
    diary.site.page(calendar(MEETING))
    await diary.ana.command("/ember", "calendar", channel=diary.place.elsewhere)
    assert "can't read your calendar" in sees(diary.ana)
    await diary.ana.click("calendar.read")
    await diary.place.quiet()
    assert "Last read" in sees(diary.ana)
    assert "2 meetings" in sees(diary.ana)


async def test_without_a_key_nothing_is_kept_and_it_says_what_to_do(diary, office):
    from bot.slack.errors import Refused
    from bot.surfaces.linking import Linking, part

    here = office.here("Ana")
    with pytest.raises(Refused, match="EMBER_ENCRYPTION_KEYS"):
        await Linking(diary.ember.calendars).open(None, here)
    assert "EMBER_ENCRYPTION_KEYS" in str(part(here, None))


async def test_the_brief_comes_a_quarter_of_an_hour_before_with_who_is_there_and_why(diary):
    await diary.link()
    before = len(diary.told())
    await diary.at(BEFORE - MINUTE)
    assert len(diary.told()) == before
    await diary.at(BEFORE)
    said = diary.told()[-1]
    assert len(diary.told()) == before + 1
    assert reads(said).startswith("*Northwind, ")
    assert "Priya" in reads(said)
    assert "*Why us:*" in reads(said)
    assert "How did it go?" in reads(said)
    assert len(said.blocks) <= 12
    assert said.text == "Your conversation with Northwind at 16:00 with Priya."


async def test_nothing_that_is_pressed_in_a_brief_takes_it_away(diary):
    place, ana, lines = diary.place, diary.ana, ("afraid of the board", "the trial went well", "What would help?")
    await diary.link()
    await ana.close_modal(everything=True)
    (checkin,), member = await diary.rows(CheckinRow), await diary.voice.member(ana)
    async with diary.work() as session:
        kept = await reflections.keep(session, checkin.id, Lines(*lines), by=member, now=place.clock.now())
    await diary.at(BEFORE)
    brief = diary.told()[-1]
    before = reads(brief)
    assert "What would help?" in before
    for button, shown in ((f"reflection.asked:{kept.id}", "Your next brief"), ("client.open:brief", "Log a check-in")):
        await ana.click(button, in_=brief)
        await diary.voice.settle()
        assert len(ana.modals()) == 1
        assert shown in sees(ana)
        assert reads(brief) == before
        await ana.close_modal(everything=True)


async def test_next_week_there_is_no_brief_unless_something_is_new(diary):
    await diary.link()
    await diary.at(BEFORE)
    count = len(await diary.voice.deliveries(kind=A_BRIEF, state="sent"))
    week = dt.timedelta(days=7)
    await diary.at(BEFORE + week)
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == count == 1
    async with diary.work() as session:
        await clients.set_why(session, diary.northwind, "they think with us")
    await diary.at(BEFORE + week * 2)
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == 2


async def test_one_that_has_moved_has_its_brief_at_its_new_time_and_a_cancelled_one_none(diary):
    await diary.link()
    moved = event("weekly", "20260513T160000Z", "20260513T170000Z", "Weekly", PRIYA, "RECURRENCE-ID:20260513T140000Z")
    diary.site.page(calendar(MEETING, moved))
    await diary.reread()
    await diary.at(BEFORE)
    assert await diary.voice.deliveries(kind=A_BRIEF, state="sent") == []
    await diary.at(BEFORE + dt.timedelta(hours=2))
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == 1
    diary.site.page(calendar())
    await diary.reread()
    await diary.at(BEFORE + dt.timedelta(days=7))
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == 1
    states = {one.starts_at.day: one.state for one in await diary.rows(MeetingRow)}
    assert states[20] is State.CANCELLED


async def test_there_is_no_brief_from_a_calendar_that_nobody_could_read_for_a_day(diary):
    await diary.link()
    diary.site.page(b"", status="503 Busy")
    await diary.knows(CalendarLinkRow, failing_since=BEFORE - dt.timedelta(hours=25), failures=9)
    move(diary.place, BEFORE)
    await diary.voice.speak()
    assert await diary.voice.deliveries(kind=A_BRIEF, state="sent") == []


async def test_quiet_hours_do_not_hold_a_brief_but_being_away_does(diary):
    late = event("late", "20260513T210000Z", "20260513T220000Z", "Late", PRIYA)
    later = event("later", "20260514T210000Z", "20260514T220000Z", "Later", PRIYA)
    diary.site.page(calendar(late, later))
    await diary.link()
    await diary.at(dt.datetime(2026, 5, 13, 20, 45, tzinfo=dt.UTC))
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == 1
    ana, tom = await diary.voice.member(diary.ana), await diary.voice.member(diary.place.tom)
    async with diary.work() as session:
        await clients.set_why(session, diary.northwind, "something new")
        days = {"from_on": dt.date(2026, 5, 14), "back_on": dt.date(2026, 5, 18), "today": dt.date(2026, 5, 13)}
        await away.set_away(session, ana.id, **days, cover_id=tom.id, now=OVER)
    await diary.at(dt.datetime(2026, 5, 14, 20, 45, tzinfo=dt.UTC))
    assert len(await diary.voice.deliveries(kind=A_BRIEF, state="sent")) == 1


async def test_after_it_one_question_in_the_briefs_thread_is_answered_in_one_tap(diary):
    await diary.link()
    await diary.at(BEFORE)
    brief = diary.told()[-1]
    await diary.at(OVER)
    (bare,) = await diary.rows(CheckinRow, via=Via.CALENDAR)
    assert (bare.feeling, bare.happened_on) == (None, dt.date(2026, 5, 13))
    ask = diary.told()[-1]
    assert ask.thread_ts == brief.ts
    assert all(word in reads(ask) for word in ("Cold", "Glowing", "Add a note", "It didn't happen"))
    await diary.ana.click("meeting.feel:4", in_=ask)
    await diary.voice.settle()
    (rated,) = await diary.rows(CheckinRow, via=Via.CALENDAR)
    assert (rated.feeling, rated.setting.value, rated.happened_on) == (4, "one_to_one", dt.date(2026, 5, 13))
    assert len(await diary.rows(CheckinPersonRow, checkin_id=rated.id)) == 1
    assert "Saved: Northwind · warm" in reads(ask)
    await diary.at(OVER + dt.timedelta(hours=2))
    assert len(await diary.voice.deliveries(kind=AFTERWARDS, op="post")) == 1


async def test_add_a_note_opens_the_form_with_the_day_and_the_people_filled_in(diary):
    await diary.link()
    await diary.at(BEFORE)
    await diary.at(OVER)
    ask = diary.told()[-1]
    await diary.ana.close_modal(everything=True)
    await diary.ana.click("checkin.edit", in_=ask)
    await diary.place.quiet()
    assert diary.ana.modals()[-1].field("people").initial
    await diary.ana.submit(feeling="4", note="she liked the plan")
    await diary.ana.close_modal(everything=True)
    await diary.voice.settle()
    (rated,) = await diary.rows(CheckinRow, via=Via.CALENDAR)
    assert (rated.feeling, rated.note, rated.happened_on) == (4, "she liked the plan", dt.date(2026, 5, 13))
    assert "Saved: Northwind · warm" in reads(ask)


async def test_what_was_typed_comes_back_after_undo(diary):
    await diary.link()
    await diary.at(OVER)
    ask = diary.told()[-1]
    await diary.ana.click("meeting.feel:4", in_=ask)
    await diary.voice.settle()
    await diary.ana.close_modal(everything=True)
    await diary.ana.click("checkin.edit", in_=ask)
    await diary.place.quiet()
    await diary.ana.submit(note="she liked the plan", need="numbers for her board")
    await diary.ana.close_modal(everything=True)
    await diary.voice.settle()
    await diary.ana.click("meeting.undo", in_=ask)
    await diary.voice.settle()
    assert "How did it leave them?" in reads(ask)
    assert "she liked the plan" in sees(diary.ana)
    await diary.ana.click("draft.feel:4")
    await diary.voice.settle()
    (rated,) = [one for one in await diary.rows(CheckinRow, via=Via.CALENDAR) if one.feeling]
    assert rated.note == "she liked the plan"
    assert "Saved: Northwind · warm" in reads(ask)


async def test_the_first_rating_asks_why_they_hired_us(diary):
    await diary.knows(ClientRow, why_hired=None, why_asked_at=None)
    await diary.link()
    await diary.at(OVER)
    ask = diary.told()[-1]
    await diary.ana.click("meeting.feel:4", in_=ask)
    await diary.voice.settle()
    assert "why did Northwind hire you?" in reads(ask)
    await diary.ana.click("client.why", in_=ask)


async def test_a_line_typed_after_the_question_answers_it(diary):
    await diary.link()
    await diary.at(OVER)
    ask = diary.told()[-1]
    await diary.ana.command("/checkin", "northwind 2 she was in a hurry", channel=diary.place.elsewhere)
    await diary.voice.settle()
    assert "Saved: Northwind · cool" in reads(ask)


async def test_what_did_not_happen_counts_for_nothing_until_it_is_undone(diary):
    await diary.link()
    await diary.at(OVER)
    ask = diary.told()[-1]
    await diary.ana.click("meeting.not_held", in_=ask)
    await diary.voice.settle()
    assert await diary.rows(CheckinRow, via=Via.CALENDAR) == []
    assert "didn't happen" in reads(ask)
    await diary.ana.click("meeting.undo", in_=ask)
    await diary.voice.settle()
    assert len(await diary.rows(CheckinRow, via=Via.CALENDAR)) == 1


async def test_who_has_logged_the_conversation_is_not_asked_about_it(diary):
    await diary.link()
    move(diary.place, AT + 50 * MINUTE)
    await diary.voice.note(diary.northwind, "she liked the plan")
    await diary.at(OVER)
    assert await diary.voice.deliveries(kind=AFTERWARDS) == []
    assert await diary.rows(CheckinRow, via=Via.CALENDAR) == []


async def test_nobody_else_answers_for_a_meeting(diary):
    from bot.practices.meetings import service
    from bot.slack.errors import Refused

    await diary.link()
    await diary.at(OVER)
    meeting = next(one for one in await diary.rows(MeetingRow) if one.state is State.HELD)
    tom = await diary.voice.member(diary.place.tom)
    for use_case, *answer in ((service.rate, 4), (service.did_not_happen,), (service.take_back,)):
        async with diary.work() as session:
            with pytest.raises(Refused):
                await use_case(session, meeting.id, *answer, by=tom, now=OVER)


async def test_a_calendar_that_fails_for_long_is_told_once(diary):
    await diary.link()
    diary.site.page(b"", status="503 Busy")
    for _ in range(5):
        await diary.reread()
    (link,) = await diary.rows(CalendarLinkRow)
    assert (link.wrong, link.failures, link.told) == (Why.BUSY, 5, True)
    assert len(await diary.voice.deliveries(kind="calendar")) == 1
    assert link.next_read_at - diary.place.clock.now() > dt.timedelta(hours=5)
