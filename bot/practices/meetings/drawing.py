"""What a member sees after a meeting: the one question, and what became of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.practices.checkins.panels import why_asked
from bot.practices.checkins.rules import Feeling, Via, felt
from bot.practices.checkins.service import Receipt
from bot.practices.clients.forms import open_card
from bot.practices.meetings.rules import State
from bot.practices.meetings.service import Meeting
from bot.slack.blocks import Block, actions, button, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, lines, markup, when

NOT_HELD: Final = "It didn't happen"


@dataclass(frozen=True)
class After:
    """A meeting that is over: with whom, who was there by name, and the conversation that it counts as."""

    meeting: Meeting
    client: str
    people: Sequence[str]
    noted: Receipt | None

    @property
    def is_answered(self) -> bool:
        """Whether its member has said how it went."""
        return self.noted is not None and not self.noted.checkin.is_bare


def after(found: After, now: dt.datetime) -> Panel:
    """Return the question, or what was answered.  now: in the reader's zone."""
    if found.meeting.state is State.DID_NOT_HAPPEN:
        return _not_held(found, now)
    return _answered(found, now) if found.is_answered else _question(found, now)


def _question(found: After, now: dt.datetime) -> Panel:
    key, noted = str(found.meeting.id), found.noted
    asks = markup("*How did it leave them?* One tap saves it.")
    feelings = [
        button(feeling.word.capitalize(), f"meeting.feel:{int(feeling)}", value=f"{key}:{int(feeling)}")
        for feeling in Feeling
    ]
    note = button("Add a note", "checkin.log", value=str(found.meeting.client_id))
    if noted is not None:
        note = button("Add a note", "checkin.edit", value=str(noted.checkin.id))
    blocks: list[Block] = [
        section(lines([asks, _which(found, now)])),
        actions(*feelings),
        actions(note, button(NOT_HELD, "meeting.not_held", value=key)),
    ]
    says = markup("How did your meeting with {client} leave them? One tap saves it.", client=found.client)
    return Panel("How did it go?", says, blocks)


def _answered(found: After, now: dt.datetime) -> Panel:
    noted = found.noted
    word = felt(noted.checkin.feeling if noted is not None else None)
    head = markup("*Saved: {client} · {word}*", client=found.client, word=word)
    buttons = [button("Undo", "meeting.undo", value=str(found.meeting.id))]
    if noted is not None:
        buttons.append(button("Add detail", "checkin.edit", value=str(noted.checkin.id)))
    buttons.append(open_card(found.meeting.client_id))
    says = markup("Saved: your meeting with {client} left them {word}.", client=found.client, word=word)
    blocks: list[Block] = [section(lines([head, _which(found, now)])), actions(*buttons)]
    if noted is not None and noted.asks_why and noted.checkin.via is Via.CALENDAR:
        blocks.append(why_asked(noted.client))
    return Panel("Saved", says, blocks, outcome="It is saved.")


def _not_held(found: After, now: dt.datetime) -> Panel:
    says = markup("Noted: your meeting with {client} didn't happen. It counts for nothing.", client=found.client)
    undo = button("Undo", "meeting.undo", value=str(found.meeting.id))
    return Panel("Noted", says, [section(lines([says, _which(found, now)])), actions(undo)], outcome="It is noted.")


def _which(found: After, now: dt.datetime) -> Markup:
    at = found.meeting.starts_at
    fallback = f"{at.astimezone(now.tzinfo):%H:%M}"
    shown = when(at, fallback, "{date_short_pretty}, {time}")
    return lines([found.client, shown, ", ".join(found.people)], " · ")
