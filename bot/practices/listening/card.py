"""What listening has to say on a client's card: our role, whom to ask openly, and the way to the questions."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins.rules import OurRole
from bot.practices.listening import hearing, rules
from bot.practices.listening.brief import ask_openly
from bot.practices.practice import Section, Value
from bot.slack.blocks import button
from bot.slack.text import Markup, markup
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

MIX_DAYS = dt.timedelta(days=90)


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return our role of the last 90 days, whom to ask an open question, and the questions themselves."""
    if not isinstance(audience, Person):
        return {}
    today = now.date()
    said = await hearing.lately(session, client_ids, audience, since=today - MIX_DAYS)
    there = await hearing.there(session, client_ids)
    found: dict[uuid.UUID, list[Value]] = {}
    for client_id in client_ids:
        openings = rules.openings(hearing.between_the_lines(said[client_id]), today)
        values = [
            Value(Section.HINT, ask_openly(openings[one.id], one.name), weight=2, person=one.id)
            for one in there[client_id]
            if one.id in openings
        ]
        mix = our_mix([checkin.our_role for checkin, _ in said[client_id]])
        values += [Value(Section.HINT, mix, weight=1)] if mix else []
        ask = button("Questions", "question.list", value=str(client_id))
        found[client_id] = [*values, Value(Section.HINT, Markup("*Questions to ask*"), weight=-1, accessory=ask)]
    return found


def our_mix(roles: Sequence[OurRole | None]) -> Markup:
    """Return "Our role, last 90 days: listened 3 (60 %), advised 2 (40 %) · n = 5"; empty where none is known."""
    counts = Counter(role for role in roles if role is not None)
    shares = rules.shares(counts)
    if not shares:
        return Markup("")
    said = ", ".join(f"{role.label} {counts[role]} ({share} %)" for role, share in shares.items())
    return markup("Our role, last 90 days: {said} · n = {n}", said=said, n=sum(counts.values()))
