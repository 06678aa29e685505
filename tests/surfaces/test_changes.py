"""What changes while a message is on its way, or stands in another time zone than somebody's."""

import datetime as dt

import pytest

from tests.front_door import reads
from tests.support import ON_SQLITE
from tests.voice import WEDNESDAY_AT_NINE

pytestmark = ON_SQLITE
HALF_AN_HOUR = dt.timedelta(minutes=30)


class Meanwhile:
    """A guard that is asked while a message is being prepared: the first time, something happens first."""

    def __init__(self, guard, happens):
        self.guard, self.happens = guard, happens

    async def __call__(self, workspace, recipient, now):
        happens, self.happens = self.happens, None
        if happens is not None:
            await happens()
        return await self.guard(workspace, recipient, now)


@pytest.mark.parametrize(("kind", "at"), [("morning", WEDNESDAY_AT_NINE - HALF_AN_HOUR), ("digest", WEDNESDAY_AT_NINE)])
async def test_what_changes_while_a_message_is_being_prepared_is_made_good_at_once(place, voice, kind, at):
    halden, _ = await voice.client("Halden", 20, 14, 8), await voice.client("Orchard", 20, 14, 8)

    async def she_rang():
        await voice.note(halden, "She rang us")
        async with place.ember.store.work(voice.workspace.id) as session:
            await voice.refresh(session, halden)

    await voice.timetable()
    place.clock.set(at)
    await voice.courier.plan()
    voice.courier.carrier.guard = Meanwhile(voice.courier.carrier.guard, she_rang)
    await voice.courier.dispatch()
    await voice.settle()
    heard = voice.said_in(voice.team) if kind == "digest" else place.ana.sees()
    [message] = [one for one in heard if one.text.startswith(("Good morning", "Your Wednesday"))]
    assert "Orchard* · nothing logged" in reads(message) or "Orchard · Ana · nothing logged" in reads(message)
    assert "nothing logged for" not in next(line for line in reads(message).splitlines() if "Halden" in line)


async def test_a_change_before_a_message_is_prepared_costs_no_second_one(place, voice):
    halden, _ = await voice.client("Halden", 20, 14, 8), await voice.client("Orchard", 20, 14, 8)
    await voice.timetable()
    place.clock.set(WEDNESDAY_AT_NINE)
    await voice.courier.plan()
    async with place.ember.store.work(voice.workspace.id) as session:
        await voice.refresh(session, halden)
    await voice.settle()
    assert [one.op for one in await voice.deliveries(kind="digest")] == ["post"]
