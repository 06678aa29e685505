"""Two workspaces that hold the same, so that a statement over both shows."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields, replace
from typing import Any

import sqlalchemy as sa

from bot.courier import ledger
from bot.courier.kinds import Occurrence
from bot.courier.rows import DeliveryRow, LaneRow, PostingRow, State
from bot.practices.anticipations import rows as anticipations
from bot.practices.anticipations.rules import Outcome
from bot.practices.blockers import rows as blockers
from bot.practices.blockers.rules import Side
from bot.practices.cadence import rows as cadence
from bot.practices.cadence.rules import Reason
from bot.practices.checkins import rows as checkins
from bot.practices.checkins.rules import Purpose, Signal, Via
from bot.practices.clients import called, places
from bot.practices.clients import rows as clients
from bot.practices.clients.rows import ClientRow
from bot.practices.clients.rules import Stage, Status
from bot.practices.differences import rows as differences
from bot.practices.fading import rows as fading
from bot.practices.fading.rules import Ending
from bot.practices.kudos import rows as kudos
from bot.practices.listening import rows as listening
from bot.practices.meetings import rows as meetings
from bot.practices.meetings.rules import Before
from bot.practices.meetings.rules import State as Meets
from bot.practices.milestones import rows as milestones
from bot.practices.milestones.rules import Calendar, Occasion, Step
from bot.practices.nuance import rows as nuance
from bot.practices.nuance.rules import Field
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.spark import rows as spark
from bot.store import search
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import Visibility
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces import allowance, away, directory, feeds, installs, settings, teams
from bot.workspaces.directory import Channel, ChannelFacts, Exposure, Member, MemberFacts
from bot.workspaces.installs import Workspace
from bot.workspaces.settings import Preference, Settings
from bot.workspaces.teams import Role

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
TOMORROW = TODAY + dt.timedelta(days=1)
LONG_AGO = TODAY - dt.timedelta(days=60)
HOUR = dt.timedelta(hours=1)
LATER = NOW + HOUR
TIMES = ledger.Times(dt.time(9), "Europe/Berlin", 31, 9 * HOUR)
WRITTEN_AT = "1778578200.000100"
"""When a message stands at Slack's, in Slack's words."""

NO_FLAGS = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin"), False)


@dataclass
class Seed:
    """What one workspace holds: the same in each, but for its `country` and `tz`."""

    workspace: Workspace
    country: str
    tz: str
    member: Member
    tom: Member
    channel: Channel
    client: clients.Client
    contact: people.Contact
    fact: nuance.Fact
    checkin: checkins.Checkin
    plain: checkins.Checkin
    promise: promises.Promise
    moved: promises.Event
    blocker: blockers.Blocker
    need: anticipations.Anticipation
    draft: checkins.Draft
    question: listening.Question
    answer: listening.Answer
    reflection: listening.Reflection
    difference: differences.Difference
    fading: fading.Fading
    over: fading.Fading
    milestone: milestones.Milestone
    link: meetings.Link
    meeting: meetings.Meeting
    said: milestones.Said
    away: away.Away
    post: uuid.UUID

    @property
    def marks(self) -> list[str]:
        """What nobody else's rows say: every id, and the words of this workspace alone."""
        values = [getattr(self, field.name) for field in fields(self) if field.name not in {"country", "tz", "post"}]
        ids = [str(value.id) for value in values] + [str(self.post)]
        return [*ids, repr(self.country), repr(self.tz), repr(self.workspace.slack_id)]


async def seed(store: Store, slack_id: str, *, country: str, tz: str) -> Seed:
    """Have a workspace hold a row or two of every table."""
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=slack_id, name="Agency", address="https://a.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    async with store.work(workspace.id) as session:
        about = await _people_and_client(session, tz)
        about |= await _conversations(session, **about)
        about |= await _listening(session, **about)
        about |= await _dates(session, **about)
        about |= await _meetings(session, **about)
        about |= await _choices(session, country=country, **about)
        about |= await _messages(session, mark=slack_id, **about)
    return Seed(workspace, country, tz, **about)


async def _people_and_client(session: Work, tz: str) -> dict[str, Any]:
    await directory.keep_member(session, MemberFacts("U0ANA", "Ana", tz, **NO_FLAGS | {"is_admin": True}), now=NOW)
    await directory.keep_member(session, MemberFacts("U0TOM", "Tom", tz, **NO_FLAGS), now=NOW)
    known = await directory.find_members(session, ["U0ANA", "U0TOM"])
    member, tom = known["U0ANA"], known["U0TOM"]
    await directory.keep_channel(session, ChannelFacts("C0NORTH", "n", Exposure.INTERNAL, is_archived=False), now=NOW)
    channel = (await directory.find_channels(session, ["C0NORTH"]))["C0NORTH"]
    client = clients.Client(
        new_id(), "Northwind", Status.ACTIVE, Stage.STEADY, 14, TODAY, None, None, None, None, channel.id, member.id
    )
    client = replace(client, why_confirmed_on=TODAY)
    contact = people.Contact(new_id(), client.id, "Sam", None, None, has_left=False, email="sam@example.com")
    await clients.insert(session, client, sort_name="northwind", now=NOW)
    assert await called.set_names(session, client.id, {"northwind": "Northwind"}, ["northwind"]) == []
    assert await places.set_channels(session, client.id, [channel.id]) == []
    await clients.set_pauses(session, client.id, [(TODAY, None)])
    rhythm = spark.Spark(client.id, TODAY, 14, is_running=True, fade_on=TODAY, due_on=TODAY)
    assert await spark.insert_once(session, rhythm)
    await teams.set_team(session, client.id, {member.id: Role.OWNER})
    await directory.opened_home(session, member.id, now=NOW)
    await directory.turned_home(session, member.id, "clients")
    assert await people.insert_once(session, contact, folded="sam", by=member.id, now=NOW)
    seen = (Visibility.TEAM, False, member.id, NOW)
    fact = nuance.Fact(new_id(), client.id, contact.id, Field.LIKES, "hello", None, *seen)
    assert await nuance.insert_once(session, fact, slot=Field.LIKES.value)
    about = {"member": member, "tom": tom, "channel": channel}
    return {**about, "client": client, "contact": contact, "fact": fact}


async def _conversations(
    session: Work, *, member: Member, client: clients.Client, contact: people.Contact, **_: Any
) -> dict[str, Any]:
    note = {"client_id": client.id, "author_id": member.id, "visibility": Visibility.TEAM}
    told = {"feeling": 4, "note": "hello", "happened_on": TODAY, "purpose": Purpose.SERVICE, "via": Via.SPOKEN}
    checkin, plain = (checkins.Checkin(new_id(), **told, created_at=NOW, **note) for _ in range(2))
    marked = checkins.Details(frozenset({contact.id}), frozenset({Signal.BLOCKER, Signal.PAUSED}))
    await checkins.insert(session, checkin, marked)
    await checkins.insert(session, plain, checkins.Details())
    promise, kept = (
        promises.Promise(
            new_id(),
            checkin_id=one.id,
            carrier_id=member.id,
            what="call",
            due_on=TODAY,
            theirs=False,
            state=PromiseState.OPEN,
            created_at=NOW,
            **note,
        )
        for one in (checkin, plain)
    )
    for one in (promise, kept):
        assert await promises.insert_once(session, one)
    await promises.settle(session, kept.id, PromiseState.KEPT, NOW)
    moved = promises.Event(new_id(), promise.id, None, TODAY, TOMORROW, "hello", member.id, NOW)
    await promises.note(session, moved)
    said = blockers.Details("hello", None, Side.THEIRS, None, TODAY, Visibility.TEAM)
    blocker = blockers.Blocker(new_id(), client.id, checkin.id, member.id, said, None, None, NOW)
    await blockers.insert(session, blocker)
    need = anticipations.Anticipation(
        new_id(), checkin_id=checkin.id, what="hello", state=Outcome.OPEN, created_at=NOW, **note
    )
    assert await anticipations.insert_once(session, need)
    draft = checkins.Draft(new_id(), member.id, client.id, None, "hello", Via.LINE, NOW)
    await checkins.keep_draft(session, draft)
    await cadence.put(session, cadence.Snooze(client.id, member.id, TOMORROW, Reason.AWAY, None, NOW))
    await search.add_entry(session, search.Kind.CHECKIN, checkin.id, text="hello", **note)
    assert await first_time(session, "key", ref=checkin.id, now=NOW) is None
    kept_too = {"moved": moved, "blocker": blocker, "need": need}
    return {"checkin": checkin, "plain": plain, "promise": promise, "draft": draft, **kept_too}


async def _listening(
    session: Work, *, member: Member, client: clients.Client, contact: people.Contact, plain: checkins.Checkin, **_: Any
) -> dict[str, Any]:
    anybodys = listening.Question(new_id(), None, None, None, "hello", Visibility.EVERYONE, NOW)
    asked = listening.Question(new_id(), client.id, contact.id, member.id, "hello", Visibility.TEAM, NOW)
    await listening.add_questions(session, [anybodys, asked])
    about = {"client_id": client.id, "author_id": member.id, "visibility": Visibility.TEAM}
    answer = listening.Answer(
        new_id(), asked.id, contact_id=contact.id, text="hello", answered_at=NOW, raised_id=anybodys.id, **about
    )
    await listening.add_answer(session, answer)
    three = {"feeling": "hello", "fact": "hello", "question": "hello"}
    reflection = listening.Reflection(new_id(), checkin_id=plain.id, created_at=NOW, **three, **about)
    await listening.put_reflection(session, reflection)
    difference = differences.Difference(
        new_id(), checkin_id=plain.id, text="hello", resolve_by=TODAY, created_at=NOW, **about
    )
    await differences.insert(session, difference)
    await differences.insert(session, replace(difference, id=new_id(), closed_at=NOW, resolution="hello"))
    await kudos.give(session, plain.id, member.id, TODAY)
    return {"question": asked, "answer": answer, "reflection": reflection, "difference": difference}


async def _dates(
    session: Work, *, member: Member, client: clients.Client, contact: people.Contact, **_: Any
) -> dict[str, Any]:
    over = fading.Fading(new_id(), client.id, LONG_AGO, None, 0.6)
    assert await fading.open_once(session, over)
    assert await fading.close(session, over.id, Ending.SPOKEN, NOW)
    current = fading.Fading(new_id(), client.id, TODAY, None, 0.6)
    assert await fading.open_once(session, current)
    assert await fading.take(session, current.id, member.id, TODAY)
    details = milestones.Details(
        client.id, contact.id, Occasion.BIRTHDAY, "", Calendar(5, 12), (7, 0), None, Visibility.TEAM
    )
    milestone = milestones.Milestone(new_id(), details, member.id, NOW)
    await milestones.insert(session, milestone, next_on=TODAY)
    said = milestones.Said(new_id(), milestone.id, TODAY, Step.MARKING, None, member.id, NOW)
    await milestones.say(session, said)
    return {"fading": current, "over": over, "milestone": milestone, "said": said}


async def _meetings(
    session: Work,
    *,
    member: Member,
    client: clients.Client,
    contact: people.Contact,
    checkin: checkins.Checkin,
    **_: Any,
) -> dict[str, Any]:
    began = {"linked_at": NOW, "read_at": None, "parsed_at": None, "next_read_at": NOW, "failing_since": None}
    unread = {
        "claimed_until": None,
        "etag": None,
        "modified": None,
        "digest": None,
        "failures": 0,
        "wrong": None,
        "told": False,
    }
    link = meetings.Link(new_id(), session.workspace_id, member.id, "sealed", **began, **unread)
    await meetings.put_link(session, link)
    when = {"starts_at": NOW, "ends_at": LATER}
    what = {"key": "key", "setting": Before.ONE_TO_ONE, "state": Meets.HELD, "turn": 0}
    meeting = meetings.Meeting(
        new_id(), member.id, client.id, **what, **when, checkin_id=checkin.id, people=frozenset({contact.id})
    )
    assert await meetings.insert(session, meeting)
    return {"link": link, "meeting": meeting}


async def _choices(
    session: Work, *, country: str, member: Member, tom: Member, channel: Channel, **_: Any
) -> dict[str, Any]:
    await settings.change(session, Settings(team_channel_id=channel.id, country=country), by=member, now=NOW)
    await settings.change_preference(session, member.id, Preference(country=country))
    await feeds.put(session, member.id, feeds.fresh())
    await allowance.allow(session, channel.id, member.id, NOW)
    span = {"from_on": TODAY, "back_on": TOMORROW}
    return {"away": await away.set_away(session, member.id, cover_id=tom.id, **span, today=TODAY, now=NOW)}


async def _messages(
    session: Work, *, mark: str, member: Member, client: clients.Client, channel: Channel, **_: Any
) -> dict[str, Any]:
    """Have one message stand at Slack's, one wait, one failed; none may be said just now."""
    ids = []
    for kind in ("digest", "fade", "wrap"):
        one = Occurrence(channel.slack_id, kind, TODAY, NOW, NOW + 8 * HOUR, client.id)
        ids.append(await ledger.enqueue(session, one, NOW))
    post, _waiting, failed = ids
    assert post is not None
    stands = {"state": State.SENT, "body": {"text": f"hello {mark}"}, "sent_channel": channel.slack_id}
    for delivery_id, values in (
        (post, stands | {"sent_ts": WRITTEN_AT}),
        (failed, {"state": State.DEAD, "last_error": mark}),
    ):
        await session.execute(sa.update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(**values))
    await session.execute(sa.update(LaneRow).values(paused_at=NOW, paused_reason=mark))
    await session.execute(sa.update(PostingRow).values(suspended_reason=mark))
    await ledger.set_schedules(session, "morning", {member.slack_id: TIMES}, NOW)
    return {"post": post}


async def reopen(session: Work, one: Seed) -> None:
    """Have an alert that is over be open again; a client has one at most."""
    await fading.close(session, one.fading.id, Ending.SPOKEN, NOW)
    await fading.reopen(session, one.over.id)


async def every_row(session: Work) -> dict[str, list[Any]]:
    """Return every row of a session's workspace."""
    tables = [mapper.class_ for mapper in ClientRow.registry.mappers if "workspace_id" in mapper.columns]
    return {
        table.__tablename__: sorted(
            (await session.execute(sa.select(*table.__table__.columns.values()).select_from(table))).all(), key=repr
        )
        for table in tables
    }


async def everything(store: Store, workspace: Workspace) -> dict[str, list[Any]]:
    """Return every row of a workspace."""
    async with store.look(workspace.id) as session:
        return await every_row(session)
