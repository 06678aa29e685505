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
from bot.practices.differences import service as differences
from bot.practices.differences.service import Difference
from bot.practices.listening import service as listening
from bot.practices.listening.service import Answer
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

    people: who was there, or whom it is about, by id; page: whose page it stands on, where it does on one.
    """

    author_id: uuid.UUID
    when: str
    text: str
    people: frozenset[uuid.UUID] = frozenset()
    page: uuid.UUID | None = None


async def read(session: Work, refs: Collection[uuid.UUID], me: Person, today: dt.date) -> dict[uuid.UUID, Found]:
    """Return what some hits stand for; one that the reader may not read, or that is gone, is absent."""
    notes = await checkins.readable(session, refs, me)
    there = await checkins.people_in(session, notes)
    return {
        **{key: _said(one, there[key], today) for key, one in notes.items()},
        **{key: _promised(one, today) for key, one in (await promises.readable(session, refs, me)).items()},
        **{key: _known(one, today) for key, one in (await nuance.readable(session, refs, me)).items()},
        **{key: _answered(one, today) for key, one in (await listening.readable_answers(session, refs, me)).items()},
        **{key: _differed(one, today) for key, one in (await differences.readable(session, refs, me)).items()},
        **{key: _blocked(one, today) for key, one in (await blockers.readable(session, refs, me)).items()},
        **{key: _needed(one, today) for key, one in (await anticipations.readable(session, refs, me)).items()},
    }


def _said(note: Checkin, there: frozenset[uuid.UUID], today: dt.date) -> Found:
    return Found(note.author_id, day(note.happened_on, today), note.in_words, there)


def _promised(promise: Promise, today: dt.date) -> Found:
    return Found(promise.author_id, f"promised by {day(promise.due_on, today)}", promise.what)


def _blocked(one: Blocker, today: dt.date) -> Found:
    said = one.details
    when = f"in the way until {day(one.closed_on, today)}" if one.closed_on else "in the way"
    return Found(one.author_id, when, _together(said.what, said.cause, said.other_way, one.ended))


def _needed(one: Anticipation, today: dt.date) -> Found:
    return Found(one.author_id, f"needed next, {day(one.created_at.date(), today)}", one.what)


def _answered(answer: Answer, today: dt.date) -> Found:
    when = f"answered {day(answer.answered_at.date(), today)}"
    return Found(answer.author_id, when, answer.text, frozenset({answer.contact_id}))


def _differed(one: Difference, today: dt.date) -> Found:
    when = "settled" if one.closed_at else f"to settle by {day(one.resolve_by, today)}"
    return Found(one.author_id, when, _together(one.text, one.resolution))


def _known(fact: Fact, today: dt.date) -> Found:
    about = frozenset({fact.contact_id}) if fact.contact_id is not None else frozenset()
    when = f"{LABELS[fact.field].lower()}, {day(fact.created_at.date(), today)}"
    return Found(fact.author_id, when, _together(fact.text, fact.why), about, fact.contact_id)


def _together(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
