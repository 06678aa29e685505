"""Every function over rows, tried in one workspace with what belongs to another."""

import datetime as dt
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.courier import health, lanes, ledger, said
from bot.practices.anticipations import rows as anticipations
from bot.practices.anticipations.rules import Outcome
from bot.practices.blockers import rows as blockers
from bot.practices.cadence import rows as cadence
from bot.practices.checkins import queries
from bot.practices.checkins import rows as checkins
from bot.practices.clients import called, places
from bot.practices.clients import rows as clients
from bot.practices.clients.rules import Status
from bot.practices.differences import rows as differences
from bot.practices.fading import rows as fading
from bot.practices.fading.rules import Ending
from bot.practices.kudos import rows as kudos
from bot.practices.listening import rows as listening
from bot.practices.meetings import rows as meetings
from bot.practices.meetings.rules import State as Meets
from bot.practices.milestones import rows as milestones
from bot.practices.nuance import rows as nuance
from bot.practices.nuance.rules import Field
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.spark import rows as spark
from bot.store import search
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces import allowance, audit, away, directory, feeds, settings, teams
from bot.workspaces.directory import MemberFacts
from bot.workspaces.settings import Preference, Settings
from bot.workspaces.visibility import Person, Room
from tests.store.holdings import HOUR, NO_FLAGS, NOW, TODAY, TOMORROW, WRITTEN_AT, Seed, every_row, everything, reopen
from tests.support import ON_SQLITE

MODULES = (
    *(anticipations, blockers, cadence, checkins, clients, fading, milestones, nuance, people, promises, spark),
    *(allowance, audit, away, directory, feeds, settings, teams),
    *(health, lanes, ledger, said),
    *(called, differences, kudos, listening, meetings, places, queries),
)


Use = Callable[[Work, Seed], Awaitable[Any]]
ALL = sa.true()
LATER = NOW + HOUR
AGO = dt.date(2020, 1, 1)


async def call_off(session: Work, seed: Seed) -> None:
    """Have a meeting be ahead, and then not be in its calendar any more."""
    await meetings.change(session, seed.meeting.id, state=Meets.AHEAD)
    await meetings.cancel_others(session, seed.member.id, [])


async def home_of(session: Any, seed: Seed) -> list[str]:
    """Return what is known of where somebody is on Home."""
    return [known for known in await directory.home_of(session, seed.member.id) if known]


READS: dict[str, Use] = {
    "clients.get": lambda s, o: clients.get(s, o.client.id),
    "clients.hold": lambda s, o: clients.hold(s, o.client.id),
    "clients.get_many": lambda s, o: clients.get_many(s, [o.client.id]),
    "places.in_channel": lambda s, o: places.in_channel(s, o.channel.slack_id),
    "clients.first": lambda s, o: clients.first(s, of=o.member.id, limit=9),
    "called.names_of": lambda s, o: called.names_of(s, [o.client.id]),
    "clients.page": lambda s, o: clients.page(s, member_id=o.member.id, statuses=list(Status), limit=9, offset=0),
    "called.names": lambda s, o: called.names(s, o.client.id),
    "places.channels": lambda s, o: places.channels(s, o.client.id),
    "places.digest_channel": lambda s, o: places.digest_channel(s, o.client.id),
    "places.digest_channels": lambda s, o: places.digest_channels(s, o.channel.id, client_ids=[o.client.id]),
    "clients.pauses": lambda s, o: clients.pauses(s, [o.client.id]),
    "places.heard_in": lambda s, o: places.heard_in(s, o.channel.id),
    "anticipations.readable": lambda s, o: anticipations.readable(s, [o.need.id], Person(o.member.id)),
    "anticipations.of_checkins": lambda s, o: anticipations.of_checkins(s, [o.checkin.id]),
    "anticipations.open_ones": lambda s, o: anticipations.open_ones(s, [o.client.id], Person(o.member.id), limit=9),
    "blockers.readable": lambda s, o: blockers.readable(s, [o.blocker.id], Person(o.member.id)),
    "blockers.open_ones": lambda s, o: blockers.open_ones(s, [o.client.id], Person(o.member.id), limit=9),
    "checkins.get": lambda s, o: checkins.get(s, o.checkin.id),
    "checkins.get_many": lambda s, o: checkins.get_many(s, [o.checkin.id]),
    "checkins.details_of": lambda s, o: checkins.details_of(s, [o.checkin.id]),
    "checkins.with_one": lambda s, o: checkins.with_one(s, [o.checkin.id]),
    "queries.history": lambda s, o: queries.history(s, [o.client.id], Person(o.member.id), limit=9),
    "queries.spoken_with": lambda s, o: queries.spoken_with(
        s, [o.client.id], Person(o.member.id), since=AGO, lately=AGO
    ),
    "queries.last_days": lambda s, o: queries.last_days(s, [o.client.id]),
    "queries.readable_days": lambda s, o: queries.readable_days(s, o.client.id, Person(o.member.id)),
    "queries.lately": lambda s, o: queries.lately(s, [o.client.id], Person(o.member.id), since=AGO),
    "queries.in_days": lambda s, o: queries.in_days(s, [o.client.id], Person(o.member.id), AGO, TODAY, limit=9),
    "queries.since": lambda s, o: queries.since(s, [o.client.id], Person(o.member.id), AGO, limit=9),
    "queries.by_author": lambda s, o: queries.by_author(s, o.client.id, o.member.id, on=TODAY),
    "queries.contacts": lambda s, o: queries.contacts(s, [o.client.id]),
    "queries.captured": lambda s, o: queries.captured(
        s, [o.client.id], Person(o.member.id), but_by=new_id(), written=NOW, happened=TODAY, limit=9
    ),
    "queries.spoken_since": lambda s, o: queries.spoken_since(s, [o.client.id], o.member.id, since=NOW),
    "differences.readable": lambda s, o: differences.readable(s, [o.difference.id], Person(o.member.id)),
    "differences.settled": lambda s, o: differences.settled(s, o.client.id, Person(o.member.id), TODAY, TODAY),
    "differences.open_ones": lambda s, o: differences.open_ones(s, [o.client.id], Person(o.member.id), limit=9),
    "listening.own_questions": lambda s, o: listening.own_questions(s, [o.client.id], Person(o.member.id)),
    "listening.readable_questions": lambda s, o: listening.readable_questions(s, [o.question.id], Person(o.member.id)),
    "listening.answered": lambda s, o: listening.answered(s, [o.client.id]),
    "listening.answers": lambda s, o: listening.answers(s, o.client.id, Person(o.member.id), limit=9),
    "listening.readable_answers": lambda s, o: listening.readable_answers(s, [o.answer.id], Person(o.member.id)),
    "listening.answers_of": lambda s, o: listening.answers_of(s, o.contact.id),
    "listening.questions_for": lambda s, o: listening.questions_for(s, o.contact.id),
    "listening.reflections_on": lambda s, o: listening.reflections_on(s, [o.plain.id]),
    "listening.reflection_on": lambda s, o: listening.reflection_on(s, o.plain.id),
    "listening.reflections": lambda s, o: listening.reflections(s, [o.client.id], Person(o.member.id), since=NOW),
    "listening.get_reflection": lambda s, o: listening.get_reflection(s, o.reflection.id),
    "checkins.get_draft": lambda s, o: checkins.get_draft(s, o.draft.id),
    "cadence.get": lambda s, o: cadence.get(s, [o.client.id], after=TODAY),
    "fading.latest": lambda s, o: fading.latest(s, [o.client.id]),
    "fading.taken": lambda s, o: fading.taken(s, o.member.id, since=TODAY, before=TOMORROW),
    "meetings.link_of": lambda s, o: meetings.link_of(s, o.member.id),
    "meetings.get": lambda s, o: meetings.get(s, o.meeting.id),
    "meetings.hold": lambda s, o: meetings.hold(s, o.meeting.id),
    "meetings.of_member": lambda s, o: meetings.of_member(s, o.member.id, since=NOW),
    "meetings.near": lambda s, o: meetings.near(s, replace(o.meeting, id=new_id())),
    "meetings.by_key": lambda s, o: meetings.by_key(s, o.member.id, [o.meeting.key]),
    "meetings.ids_with": lambda s, o: meetings.ids_with(s, o.member.id, o.client.id, since=NOW - HOUR),
    "meetings.ended": lambda s, o: meetings.ended(s, o.client.id, since=NOW, until=LATER),
    "meetings.with_person": lambda s, o: meetings.with_person(s, o.contact.id),
    "milestones.of_person": lambda s, o: milestones.of_person(s, o.contact.id),
    "milestones.readable": lambda s, o: milestones.readable(s, [o.milestone.id], Person(o.member.id)),
    "milestones.get": lambda s, o: milestones.get(s, o.milestone.id),
    "milestones.said_about": lambda s, o: milestones.said_about(s, [o.milestone.id]),
    "nuance.readable": lambda s, o: nuance.readable(s, [o.fact.id], Person(o.member.id)),
    "nuance.of_clients": lambda s, o: nuance.of_clients(s, [o.client.id], Person(o.member.id), set(Field)),
    "nuance.all_of": lambda s, o: nuance.all_of(s, o.contact.id),
    "nuance.of_person": lambda s, o: nuance.of_person(s, o.contact.id, Person(o.member.id)),
    "people.get": lambda s, o: people.get(s, o.contact.id),
    "directory.home_of": home_of,
    "people.of_clients": lambda s, o: people.of_clients(s, [o.client.id]),
    "people.taken": lambda s, o: people.taken(s, o.client.id, "sam"),
    "people.with_email": lambda s, o: people.with_email(s, o.client.id, "sam@example.com"),
    "promises.of_checkins": lambda s, o: promises.of_checkins(s, [o.checkin.id]),
    "promises.readable": lambda s, o: promises.readable(s, [o.promise.id], Person(o.member.id)),
    "promises.open_ones": lambda s, o: promises.open_ones(s, [o.client.id], Room(frozenset({o.client.id})), limit=9),
    "promises.events": lambda s, o: promises.events(s, o.promise.id),
    "promises.carried": lambda s, o: promises.carried(
        s, Person(o.member.id), since=AGO, until=TODAY, settled=NOW, limit=9
    ),
    "promises.settled_in": lambda s, o: promises.settled_in(
        s, o.client.id, Person(o.member.id), TODAY, TODAY, states=[PromiseState.KEPT], limit=9
    ),
    "promises.kept": lambda s, o: promises.kept(s, [o.client.id], Person(o.member.id), since=NOW, limit=9),
    "spark.get_many": lambda s, o: spark.get_many(s, [o.client.id]),
    "spark.hold": lambda s, o: spark.hold(s, o.client.id),
    "spark.fading": lambda s, o: spark.fading(s, [o.client.id], TODAY),
    "allowance.leaves": lambda s, o: allowance.leaves(s, [o.channel.id]),
    "away.away_on": lambda s, o: away.away_on(s, [o.member.id], TODAY),
    "away.away_now": lambda s, o: away.away_now(s, [o.member], NOW),
    "away.upcoming": lambda s, o: away.upcoming(s, o.member.id, TODAY),
    "away.covered_by": lambda s, o: away.covered_by(s, o.tom.id, TODAY),
    "directory.members_by_id": lambda s, o: directory.members_by_id(s, [o.member.id]),
    "directory.find_members": lambda s, o: directory.find_members(s, [o.member.slack_id]),
    "directory.not_read_lately": lambda s, o: directory.not_read_lately(s, [o.member.slack_id], LATER),
    "directory.meet": lambda s, o: directory.meet(s, o.member.slack_id, o.channel.slack_id),
    "directory.find_channels": lambda s, o: directory.find_channels(s, [o.channel.slack_id]),
    "directory.channels_by_id": lambda s, o: directory.channels_by_id(s, [o.channel.id]),
    "feeds.has_one": lambda s, o: feeds.has_one(s, o.member.id),
    "settings.preferences": lambda s, o: settings.preferences(s, [o.member.id]),
    "teams.owned": lambda s, o: teams.owned(s, [o.member.id]),
    "teams.teams": lambda s, o: teams.teams(s, [o.client.id]),
    "teams.watching": lambda s, o: teams.watching(s, [o.client.id], [o.member.id]),
    "said.first": lambda s, o: said.first(s, o.post),
    "said.planned_with": lambda s, o: said.planned_with(s, o.channel.slack_id, "digest", NOW),
    "said.standing": lambda s, o: said.standing(s, "digest", [o.client.id]),
    "said.stands_at": lambda s, o: said.stands_at(s, o.channel.slack_id, "digest", o.client.id),
    "said.newest_body": lambda s, o: said.newest_body(s, o.channel.slack_id, "digest", [o.client.id], since=TODAY),
    "said.is_waiting": lambda s, o: said.is_waiting(s, o.channel.slack_id, "fade"),
    "said.since": lambda s, o: said.since(s, o.channel.slack_id, ["digest"], TODAY),
    "said.dates": lambda s, o: said.dates(s, [o.channel.slack_id], ["digest"], since=TODAY),
    "said.missed": lambda s, o: said.missed(s, [o.channel.slack_id], "fade", since=TODAY),
    "said.subject_of_thread": lambda s, o: said.subject_of_thread(s, o.channel.slack_id, WRITTEN_AT),
}


async def spoken_to(session: Any) -> list[str]:
    """Return who has a morning: the times themselves are the same in both workspaces."""
    return list(await ledger.schedules(session, "morning"))


ALIKE: dict[str, Use] = {
    "called.by_names": lambda s, _: called.by_names(s, ["northwind"]),
    "called.starting_with": lambda s, _: called.starting_with(s, ["nor", "north"], opening="nor", limit=9),
    "called.present_names": lambda s, _: called.present_names(s),
    "people.present": lambda s, _: people.present(s),
    "called.words_starting": lambda s, _: called.words_starting(s, "nor", limit=9),
    "clients.why_confirmed": lambda s, _: clients.why_confirmed(s, TODAY, TODAY),
    "blockers.unanswered": lambda s, _: blockers.unanswered(s, NOW, TODAY),
    "blockers.authors": lambda s, _: blockers.authors(s, NOW, TODAY),
    "differences.due_clients": lambda s, _: differences.due_clients(s, TODAY, TODAY),
    "kudos.given": lambda s, _: kudos.given(s, TODAY, TODAY, limit=9),
    "listening.bank": lambda s, _: listening.bank(s),
    "fading.open_ones": lambda s, _: fading.open_ones(s),
    "fading.alerted": lambda s, _: fading.alerted(s, NOW - HOUR),
    "milestones.find": lambda s, _: milestones.find(s, None),
    "milestones.near": lambda s, _: milestones.near(s, TODAY),
    "milestones.authors": lambda s, _: milestones.authors(s, TODAY),
    "milestones.passed": lambda s, _: milestones.passed(s, TOMORROW, limit=9),
    "people.called": lambda s, _: people.called(s, ["sam"], limit=9),
    "promises.due_clients": lambda s, _: promises.due_clients(s, TODAY, TODAY),
    "promises.carriers": lambda s, _: promises.carriers(s, TODAY, TODAY),
    "spark.stirring": lambda s, _: spark.stirring(s, TODAY),
    "allowance.read_by_others": lambda s, _: allowance.read_by_others(s),
    "audit.tail": lambda s, _: audit.tail(s),
    "away.covering": lambda s, _: away.covering(s, TODAY),
    "directory.an_admin": lambda s, _: directory.an_admin(s),
    "settings.read": lambda s, _: settings.read(s),
    "settings.zone": lambda s, _: settings.zone(s, Settings()),
    "settings.countries": lambda s, _: settings.countries(s),
    "teams.everyone": lambda s, _: teams.everyone(s),
    "search.find_entries": lambda s, _: search.find_entries(s, "hello", allowed=ALL, limit=9),
    "health.health": lambda s, _: health.health(s, LATER),
    "health.troubles": lambda s, _: health.troubles(s, LATER),
    "ledger.schedules": lambda s, _: spoken_to(s),
    "said.showing": lambda s, _: said.showing(s, ["digest"], "hello", since=NOW - dt.timedelta(days=1)),
}
"""Reads that are asked the same in every workspace."""

WRITES: dict[str, Use] = {
    "clients.change": lambda s, o: clients.change(s, o.client.id, name="Taken over"),
    "clients.ask_why_once": lambda s, o: clients.ask_why_once(s, o.client.id, now=NOW),
    "checkins.replace": lambda s, o: checkins.replace(s, o.checkin.id, checkins.Details(), note="Taken over"),
    "checkins.delete": lambda s, o: checkins.delete(s, o.checkin.id),
    "checkins.move": lambda s, o: checkins.move(s, o.checkin.id, to=TOMORROW),
    "checkins.change_draft": lambda s, o: checkins.change_draft(s, o.draft.id, text="Taken over"),
    "differences.change": lambda s, o: differences.change(s, o.difference.id, text="Taken over"),
    "kudos.take_back": lambda s, o: kudos.take_back(s, o.plain.id, o.member.id),
    "differences.delete": lambda s, o: differences.delete(s, o.difference.id),
    "listening.retire": lambda s, o: listening.retire(s, o.question.id, NOW),
    "listening.drop_question": lambda s, o: listening.drop_question(s, o.question.id),
    "listening.drop_answer": lambda s, o: listening.drop_answer(s, o.answer.id),
    "listening.asked": lambda s, o: listening.asked(s, o.reflection.id, NOW),
    "listening.forget_person": lambda s, o: listening.forget_person(s, o.contact.id),
    "listening.drop_reflections": lambda s, o: listening.drop_reflections(s, [o.reflection.id]),
    "cadence.drop": lambda s, o: cadence.drop(s, o.client.id),
    "fading.close": lambda s, o: fading.close(s, o.fading.id, Ending.SPOKEN, NOW),
    "fading.reopen": reopen,
    "fading.take": lambda s, o: fading.take(s, o.fading.id, o.tom.id, TOMORROW),
    "meetings.change_link": lambda s, o: meetings.change_link(s, o.link, failures=9),
    "meetings.claim_link": lambda s, o: meetings.claim_link(s, o.link, now=NOW, until=LATER),
    "meetings.drop_link": lambda s, o: meetings.drop_link(s, o.member.id),
    "meetings.change": lambda s, o: meetings.change(s, o.meeting.id, turn=9),
    "meetings.cancel_others": call_off,
    "meetings.set_people": lambda s, o: meetings.set_people(s, o.meeting.id, []),
    "meetings.drop_ahead": lambda s, o: meetings.drop_ahead(s, o.member.id, after=NOW - HOUR),
    "milestones.change": lambda s, o: milestones.change(s, o.milestone.id, o.milestone.details, next_on=None),
    "milestones.drop": lambda s, o: milestones.drop(s, o.milestone.id),
    "milestones.moved": lambda s, o: milestones.moved(s, o.milestone.id, TODAY, None),
    "milestones.unsay": lambda s, o: milestones.unsay(s, o.said.id, o.milestone.id),
    "nuance.change": lambda s, o: nuance.change(s, o.fact.id, text="Taken over"),
    "nuance.drop": lambda s, o: nuance.drop(s, [o.fact.id]),
    "people.drop": lambda s, o: people.drop(s, o.contact.id),
    "people.change": lambda s, o: people.change(s, o.contact.id, name="Taken over"),
    "promises.change": lambda s, o: promises.change(s, replace(o.promise, what="Taken over")),
    "promises.settle": lambda s, o: promises.settle(s, o.promise.id, PromiseState.KEPT, NOW),
    "promises.delete": lambda s, o: promises.delete(s, o.promise.id),
    "promises.unnote": lambda s, o: promises.unnote(s, o.moved.id),
    "anticipations.change": lambda s, o: anticipations.change(s, replace(o.need, what="Taken over")),
    "anticipations.settle": lambda s, o: anticipations.settle(s, o.need.id, Outcome.DONE, NOW, o.member.id),
    "anticipations.delete": lambda s, o: anticipations.delete(s, o.need.id),
    "blockers.change": lambda s, o: blockers.change(s, o.blocker.id, replace(o.blocker.details, what="Taken over")),
    "blockers.close": lambda s, o: blockers.close(s, o.blocker.id, TODAY, "ring the boss", None),
    "blockers.delete": lambda s, o: blockers.delete(s, o.blocker.id),
    "spark.change": lambda s, o: spark.change(s, spark.Spark(o.client.id, TODAY, 365, is_running=False)),
    "allowance.allow": lambda s, o: allowance.allow(s, o.channel.id, o.tom.id, LATER),
    "allowance.disallow": lambda s, o: allowance.disallow(s, o.channel.id, o.tom.id, LATER),
    "away.set_away": lambda s, o: away.set_away(
        s, o.member.id, from_on=TODAY, back_on=TOMORROW, cover_id=None, instead_of=o.away.id, today=TODAY, now=NOW
    ),
    "away.come_back": lambda s, o: away.come_back(s, o.member.id, today=TODAY),
    "away.cancel": lambda s, o: away.cancel(s, o.member.id, o.away.id),
    "directory.member_went_stale": lambda s, o: directory.member_went_stale(s, o.member.slack_id),
    "directory.member_moved": lambda s, o: directory.member_moved(s, o.member.slack_id, "Asia/Tokyo"),
    "directory.turned_home": lambda s, o: directory.turned_home(s, o.tom.id, "clients"),
    "directory.published_home": lambda s, o: directory.published_home(s, o.tom.id, "a hash"),
    "directory.opened_home": lambda s, o: directory.opened_home(s, o.tom.id, now=NOW),
    "directory.channel_went_stale": lambda s, o: directory.channel_went_stale(s, o.channel.slack_id),
    "feeds.put": lambda s, o: feeds.put(s, o.member.id, None),
    "settings.change": lambda s, o: settings.change(s, Settings(digest_at=dt.time(7)), by=o.member, now=NOW),
    "settings.learn_fade_at": lambda s, _: settings.learn_fade_at(s, 0.01, lowest=0.5, highest=0.75),
    "settings.change_preference": lambda s, o: settings.change_preference(
        s, o.member.id, Preference(wants_morning=False)
    ),
    "search.drop_entry": lambda s, o: search.drop_entry(s, search.Kind.CHECKIN, o.checkin.id),
    "search.drop_entries": lambda s, o: search.drop_entries(s, search.Kind.CHECKIN, [o.checkin.id]),
    "ledger.bump": lambda s, o: ledger.bump(s, kind="digest", recipient=o.channel.slack_id, now=NOW),
    "ledger.outdate": lambda s, _: ledger.outdate(s, ["fade"], since=NOW - HOUR),
    "ledger.queue_change": lambda s, o: ledger.queue_change(s, o.post, NOW),
    "ledger.set_schedules": lambda s, _: ledger.set_schedules(s, "morning", {}, NOW),
    "ledger.resume": lambda s, o: ledger.resume(s, o.channel.slack_id),
    "ledger.resume_all": lambda s, _: ledger.resume_all(s),
}
KNOWS = {"places.heard_in", "said.first", "ledger.queue_change"}
"""What is only asked about a row that is there, and says so for one that is not."""

KEEPS = {
    "clients": {"insert", "set_pauses", "unfollowed"},
    "called": {"set_names"},
    "places": {"set_channels"},
    "checkins": {"insert", "keep_draft"},
    "cadence": {"put"},
    "differences": {"insert"},
    "kudos": {"give"},
    "listening": {"add_questions", "add_answer", "put_reflection"},
    "fading": {"open_once"},
    "meetings": {"insert", "put_link"},
    "milestones": {"insert", "say"},
    "nuance": {"insert_once"},
    "people": {"insert_once"},
    "promises": {"insert_once", "note"},
    "anticipations": {"insert_once"},
    "blockers": {"insert"},
    "spark": {"insert_once"},
    "audit": {"write"},
    "directory": {"keep_member", "keep_channel"},
    "teams": {"set_team"},
    "ledger": {"enqueue", "record_missed", "note"},
}
"""What adds rows, or only serves to."""

EVERYWHERE = {
    "checkins.drop_drafts": "housekeeping forgets old lines",
    "differences.due_workspaces": "one question for all mornings that have come",
    "meetings.due_links": "which calendars are due is asked of every workspace at once",
    "meetings.over": "which meetings have ended is asked of every workspace at once",
    "milestones.near_in": "one question for all mornings that have come",
    "blockers.unanswered_in": "one question for all mornings that have come",
    "clients.why_confirmed_in": "one question for all mornings that have come",
    "promises.due_workspaces": "one question for all mornings that have come",
    "kudos.thanked_in": "one question for all digests at the end of a week",
    "promises.kept_in": "one question for all digests at the end of a week",
    "queries.quoted_in": "one question for all digests at the end of a week",
    "spark.stirring_workspaces": "one question for all mornings that have come",
    "settings.of_all": "one question for all digests whose time has come",
    "feeds.holder": "a secret link says by itself whose it is",
    "health.watch": "who runs Ember watches over all of them",
    "lanes.next_turn": "the courier serves every workspace in turn",
    "lanes.anything_to_do": "the courier serves every workspace in turn",
    "lanes.claim": "the courier serves every workspace in turn",
    "lanes.expire_everywhere": "housekeeping gives up what has waited too long",
}
"""What goes over all workspaces on purpose, and why."""


def answered(found: Any) -> Any:
    """Return what was found, without the places and the defaults that a function has for each id."""
    if isinstance(found, tuple):
        return tuple(part for part in found if part is not None)
    if isinstance(found, dict):
        empty = ([], (), {}, checkins.Details(), Preference())
        return {key: value for key, value in found.items() if value not in empty and value != key}
    return found


def name_of(module: Any) -> str:
    return module.__name__.split(".")[-2 if module.__name__.endswith("rows") else -1]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_function_over_rows_is_tried(module):
    name = name_of(module)
    public = {
        key
        for key, value in vars(module).items()
        if inspect.iscoroutinefunction(value) and value.__module__ == module.__name__ and not key.startswith("_")
    }
    tried = {key.partition(".")[2] for key in {**READS, **ALIKE, **WRITES, **EVERYWHERE} if key.startswith(f"{name}.")}
    assert public == tried | KEEPS.get(name, set())


async def test_a_workspace_reads_its_own_rows_and_nobody_elses(store, ours, theirs):
    others = replace(
        ours, channel=replace(ours.channel, slack_id="C0ELSE"), member=replace(ours.member, slack_id="U0ELSE")
    )
    async with store.look(theirs.workspace.id) as session:
        for name, read in READS.items():
            assert answered(await read(session, theirs)), name
        for name in READS.keys() - KNOWS:
            assert not answered(await READS[name](session, others)), name
        for name in READS.keys() & KNOWS:
            with pytest.raises(sa.exc.NoResultFound):
                await READS[name](session, ours)
        for name, read in ALIKE.items():
            found = await read(session, ours)
            assert found, name
            assert not [mark for mark in ours.marks if mark in repr(found)], name
        in_channel = await places.in_channel(session, ours.channel.slack_id)
        assert in_channel.id == theirs.client.id
        assert (await health.health(session, LATER)).waiting == 1


async def test_a_workspace_cannot_change_anybody_elses_rows(store, ours, theirs):
    before = await everything(store, ours.workspace)
    async with store.work(theirs.workspace.id) as session:
        for name in WRITES.keys() - KNOWS:
            await WRITES[name](session, ours)
        for name in WRITES.keys() & KNOWS:
            with pytest.raises(sa.exc.NoResultFound):
                await WRITES[name](session, ours)
    assert await everything(store, ours.workspace) == before


@ON_SQLITE
async def test_a_workspace_changes_its_own_rows(store, ours):
    before = await everything(store, ours.workspace)
    for name, write in WRITES.items():
        async with store.work(ours.workspace.id) as session:
            await write(session, ours)
            assert await every_row(session) != before, name
            await session.rollback()
    assert await everything(store, ours.workspace) == before


async def test_what_one_workspace_writes_again_overwrites_only_its_own(store, ours, theirs):
    async with store.work(theirs.workspace.id) as session:
        await directory.keep_member(session, MemberFacts("U0ANA", "Anna", "Europe/Rome", **NO_FLAGS), now=NOW)
        await checkins.drop_drafts(session, before=NOW)
    async with store.look(ours.workspace.id) as session:
        assert (await directory.find_members(session, ["U0ANA"]))["U0ANA"].name == "Ana"
    async with store.look(theirs.workspace.id) as session:
        renamed = (await directory.find_members(session, ["U0ANA"]))["U0ANA"]
    assert (renamed.name, renamed.id) == ("Anna", theirs.member.id)
