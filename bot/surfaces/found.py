"""What a hit of a search stands for: its day in words, whose it is, who was there, its text."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from bot.practices.anticipations import service as anticipations
from bot.practices.anticipations.service import Anticipation
from bot.practices.blockers import service as blockers
from bot.practices.blockers.service import Blocker
from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.clients import why
from bot.practices.clients.service import Client
from bot.practices.differences import service as differences
from bot.practices.differences.service import Difference
from bot.practices.listening import service as listening
from bot.practices.listening.service import Answer, Question
from bot.practices.milestones import service as milestones
from bot.practices.milestones.service import Coming
from bot.practices.nuance import service as nuance
from bot.practices.nuance.service import Fact
from bot.practices.nuance.wording import LABELS
from bot.practices.promises import service as promises
from bot.practices.promises.service import Promise
from bot.slack.text import day
from bot.store.session import Work
from bot.workspaces.visibility import Person


@dataclass(frozen=True)
class Found:
    """A hit as it is shown.

    author_id: None where it is not kept who said it; people: who was there, or whom it is about, by id; page: whose
    page it stands on, where it does on one; is_answer: whether it is what somebody said to a question.
    """

    author_id: uuid.UUID | None
    when: str
    text: str
    people: frozenset[uuid.UUID] = frozenset()
    page: uuid.UUID | None = None
    is_answer: bool = False


async def read(session: Work, refs: Collection[uuid.UUID], me: Person, now: dt.datetime) -> dict[uuid.UUID, Found]:
    """Return what some hits stand for; one that the reader may not read, or that is gone, is absent.

    now: in the reader's zone.
    """
    today = now.date()
    notes = await checkins.readable(session, refs, me)
    there = await checkins.people_in(session, notes)
    asked = await listening.readable_questions(session, refs, me)
    answered = await listening.asked_before(session, {one.client_id for one in asked.values() if one.client_id})
    return {
        **{key: _said(one, there[key], today) for key, one in notes.items()},
        **{key: _promised(one, today) for key, one in (await promises.readable(session, refs, me)).items()},
        **{key: _known(one, now) for key, one in (await nuance.readable(session, refs, me)).items()},
        **{key: _answered(one, now) for key, one in (await listening.readable_answers(session, refs, me)).items()},
        **{key: _differed(one, today) for key, one in (await differences.readable(session, refs, me)).items()},
        **{key: _blocked(one, today) for key, one in (await blockers.readable(session, refs, me)).items()},
        **{key: _needed(one, now) for key, one in (await anticipations.readable(session, refs, me)).items()},
        **{key: _dated(one, today) for key, one in (await milestones.readable(session, refs, me, today)).items()},
        **{key: _asked(one, now, is_open=(key, one.contact_id) not in answered) for key, one in asked.items()},
        **{key: _hired(one, today) for key, one in (await clients.get_many(session, refs)).items()},
    }


def _said(note: Checkin, there: frozenset[uuid.UUID], today: dt.date) -> Found:
    return Found(note.author_id, day(note.happened_on, today), note.in_words, there)


def _promised(promise: Promise, today: dt.date) -> Found:
    return Found(promise.author_id, f"promised by {day(promise.due_on, today)}", promise.what)


def _blocked(one: Blocker, today: dt.date) -> Found:
    said = one.details
    when = f"in the way until {day(one.closed_on, today)}" if one.closed_on else "in the way"
    return Found(one.author_id, when, _together(said.what, said.cause, said.other_way, one.ended))


def _needed(one: Anticipation, now: dt.datetime) -> Found:
    return Found(one.author_id, f"needed next, {_local_day(one.created_at, now)}", one.what)


def _answered(answer: Answer, now: dt.datetime) -> Found:
    when = f"answered {_local_day(answer.answered_at, now)}"
    return Found(answer.author_id, when, answer.text, frozenset({answer.contact_id}), is_answer=True)


def _asked(one: Question, now: dt.datetime, *, is_open: bool) -> Found:
    which = "a question to ask" if is_open else "an answered question"
    about = frozenset({one.contact_id}) if one.contact_id is not None else frozenset()
    return Found(one.author_id, f"{which}, {_local_day(one.created_at, now)}", one.text, about)


def _dated(one: Coming, today: dt.date) -> Found:
    return Found(one.milestone.author_id, f"a date, {day(one.on, today)}", one.in_words)


def _hired(client: Client, today: dt.date) -> Found:
    said = client.why_confirmed_on
    when = f", {day(said, today)}" if said is not None else ""
    return Found(None, f"why they hired us{when}", why.in_words(client))


def _differed(one: Difference, today: dt.date) -> Found:
    when = "settled" if one.closed_at else f"to settle by {day(one.resolve_by, today)}"
    return Found(one.author_id, when, _together(one.text, one.resolution))


def _known(fact: Fact, now: dt.datetime) -> Found:
    about = frozenset({fact.contact_id}) if fact.contact_id is not None else frozenset()
    when = f"{LABELS[fact.field].lower()}, {_local_day(fact.created_at, now)}"
    return Found(fact.author_id, when, _together(fact.text, fact.why), about, fact.contact_id)


def _local_day(at: dt.datetime, now: dt.datetime) -> str:
    return day(at.astimezone(now.tzinfo).date(), now.date())


def _together(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
