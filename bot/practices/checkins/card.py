"""What check-ins have to say on a client's card: where it stands, what was noted, what to vary."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.practices.cadence.rules import standing
from bot.practices.checkins import queries, quotes, service
from bot.practices.checkins.rows import Checkin
from bot.practices.checkins.rules import Medium, Purpose, felt, next_medium
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.practice import Section, Value
from bot.practices.spark.service import Pause
from bot.slack.blocks import button
from bot.slack.text import Markup, day, lines, markup, one_line
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person, Room, Visibility

NEWEST = 5
MIX_DAYS = dt.timedelta(days=90)
NOTE_SHOWN = 220
PRIVATE = {Visibility.ME: markup(" · only you"), Visibility.TEAM: markup(""), Visibility.EVERYONE: markup("")}


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return standing, newest notes and mix of each client."""
    known = await clients.get_many(session, client_ids)
    last = await service.last_days(session, client_ids)
    pauses = await clients.pauses(session, client_ids)
    in_room = isinstance(audience, Room)  # where others read along, nothing beside which something was noticed
    newest = await queries.history(session, client_ids, audience, limit=NEWEST, unmarked=in_room)
    lately = await service.lately(session, client_ids, audience, since=now.date() - MIX_DAYS)
    authors = await members_by_id(session, {checkin.author_id for checkin in newest})
    quoted = await quotes.card(session, client_ids, audience, now)
    said: dict[uuid.UUID, list[Value]] = {client_id: [*quoted.get(client_id, ())] for client_id in client_ids}
    for client_id, client in known.items():
        said[client_id] += _standing(client, last.get(client_id), pauses.get(client_id, ()), now.date())
        said[client_id] += _mix(lately[client_id])
    for place, checkin in enumerate(newest):
        author = authors[checkin.author_id].name if checkin.author_id in authors else "someone"
        said[checkin.client_id].append(_note_line(checkin, author, audience, now.date(), weight=-place))
    return said


def _note_line(checkin: Checkin, author: str, audience: Audience, today: dt.date, *, weight: int) -> Value:
    """Return one check-in as a line; its author can edit it, a colleague can thank them for it."""
    head = markup(
        "*{when} · {word}* · {author}{private}",
        when=day(checkin.happened_on, today),
        word=felt(checkin.feeling),
        author=author,
        private=PRIVATE[checkin.visibility],
    )
    mine = isinstance(audience, Person) and audience.id == checkin.author_id
    label = "Add a note" if checkin.is_bare else "Edit"
    edit = button(label, "checkin.edit", value=str(checkin.id)) if mine else None
    thank = button("Say thanks", "kudos.give", value=str(checkin.id)) if isinstance(audience, Person) else None
    said = lines([head, one_line(checkin.note, NOTE_SHOWN)])
    return Value(Section.HISTORY, said, weight=weight, subject=checkin.id, accessory=edit or thank)


def _standing(client: Client, last: dt.date | None, pauses: Iterable[Pause], today: dt.date) -> list[Value]:
    if client.status_on(today) is not Status.ACTIVE:
        return []
    found = standing(last, client.started_on, client.rhythm_days, today, pauses=pauses)
    word = {"calm": "Next due", "due": "Due today,", "overdue": "Overdue since", "long_overdue": "Long overdue since"}
    text = markup(
        "{word} {due} · {rhythm}",
        word=word[found.state],
        due=day(found.due_on, today),
        rhythm=clients.rhythm_in_words(client),
    )
    return [Value(Section.STANDING, text)]


def _mix(lately: Sequence[tuple[Medium | None, Purpose | None]]) -> list[Value]:
    said: list[Markup] = []
    held = Counter(medium for medium, _ in lately if medium is not None)
    if held:
        ways = ", ".join(f"{medium.label} {count}" for medium, count in held.most_common())
        said.append(markup("Last 90 days: {ways}", ways=ways))
    about = [purpose for _, purpose in lately if purpose is not None]
    if project := about.count(Purpose.PROJECT):
        said.append(markup("{project} of {all} about the project's state", project=project, all=len(about)))
    another = next_medium([medium for medium, _ in lately])
    if another is not None:
        said.append(markup("the last four were alike, try {another}", another=_A.get(another, another.label)))
    return [Value(Section.HINT, lines(said, " · "))] if said else []


_A = {
    Medium.CALL: "a call",
    Medium.VIDEO: "a video call",
    Medium.IN_PERSON: "meeting in person",
    Medium.MESSAGE: "a message",
    Medium.EMAIL: "an e-mail",
}
