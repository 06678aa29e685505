"""The line on Home about Ember's own messages, and what admins are told to do."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.guard import GUESTS, SHARED
from bot.courier.health import Health, Paused, Trouble
from bot.courier.kinds import Occurrence
from bot.courier.ledger import enqueue
from bot.courier.rows import LaneRow, PlannerRow, State
from bot.playground.modal import words_of
from bot.slack.blocks_lint import problems
from bot.surfaces import delivery
from bot.surfaces.speeches import SPEECHES
from tests.front_door import agency, sees, set_up_client
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
CALM = Health(NOW, 0, None, 0, 0, [], None)


def told(found, *, is_admin=False):
    return "\n".join(words_of([delivery.line(found, is_admin=is_admin)]))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "|2026-05-12 09:30 UTC> · 0 waiting"),
        ({"waiting": 3}, "· 3 waiting"),
        ({"failed": 1, "parked": 2, "held_back": 4}, "0 waiting · 1 failed · 2 unclear · 4 held back"),
        ({"paused": [Paused("C1", "is_archived", NOW)]}, "0 waiting · 1 channel closed"),
        ({"paused": [Paused("C1", "is_archived", NOW)] * 2}, "0 waiting · 2 channels closed"),
        ({"suspended": "token_revoked"}, "*Messages:* stopped"),
        ({"planned_at": None}, "*Messages:* nothing is scheduled yet"),
    ],
)
def test_the_line_says_when_ember_looked_and_what_is_wrong(changes, says):
    assert says in told(Health(**{**vars(CALM), **changes}))


def test_only_admins_are_led_on_and_only_once_there_is_something_to_see():
    assert "Details" not in told(CALM)
    assert "Details" in told(CALM, is_admin=True)
    assert "Details" not in told(Health(**{**vars(CALM), "planned_at": None}), is_admin=True)


def panel(found, missing=()):
    drawn = delivery.draw(found, missing)
    assert problems(drawn.as_message(), "message") == []
    assert problems(drawn.as_modal(), "modal") == []
    return "\n".join(words_of(drawn.blocks))


def test_the_panel_of_a_calm_week():
    assert "All is well." in panel(CALM)


def test_every_kind_of_message_has_a_name_for_admins():
    assert {one.kind for one in SPEECHES} == delivery.WORDS.keys()


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("not_in_channel", "Type `/invite @Ember` there"),
        ("channel_not_found", "Type `/invite @Ember` there"),
        ("is_archived", "Unarchive it"),
        ("restricted_action_read_only_channel", "Only some people may post there"),
        ("something_new", "Look at who may post there, then press “Try again”."),
    ],
)
def test_a_closed_channel_comes_with_what_opens_it(reason, advice):
    shown = panel(Health(**{**vars(CALM), "paused": [Paused("C0OLD", reason, NOW)]}))
    assert advice in shown
    assert "<#C0OLD>" in shown
    assert "Try again" in shown


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (Trouble("C0TEAM", "digest", State.DEAD, NOW, "invalid_blocks"), "`invalid_blocks`"),
        (Trouble("U0ANA", "morning", State.PARKED, NOW, "missing_scope"), "*Somebody's morning message* for <@U0ANA>"),
        (Trouble("C0TEAM", "fade", State.CANCELLED, NOW, GUESTS), "Guests read along there"),
        (Trouble("C0TEAM", "fade", State.CANCELLED, NOW, SHARED), "Another organisation reads along there"),
        (Trouble("C0TEAM", "other", State.DEAD, NOW, ""), "*A message* for <#C0TEAM>"),
    ],
)
def test_what_did_not_arrive_is_named_without_its_content(trouble, says):
    assert says in panel(CALM, [trouble])


def test_many_closed_channels_still_fit_and_a_key_refused_comes_first():
    closed = [Paused(f"C{number}", "is_archived", NOW) for number in range(30)]
    shown = panel(Health(**{**vars(CALM), "paused": closed, "suspended": "token_revoked"}))
    assert "20 more channels are closed" in shown
    assert shown.index("install") < shown.index("<#C0>")


@ON_SQLITE
async def test_an_admin_sees_it_on_home_and_has_a_channel_tried_again(database_url, clock):
    async with agency(database_url, clock) as place:
        sam = place.join("Sam", admin=True)
        await set_up_client(place)
        workspace = next(iter(place.ember.workspaces.values()))
        digest = Occurrence(place.northwind.id, "digest", NOW.date(), NOW, NOW + dt.timedelta(hours=9))
        async with place.ember.store.work(workspace.id) as session:
            await enqueue(session, digest, NOW)
            await session.execute(sa.update(LaneRow).values(paused_at=NOW, paused_reason="not_in_channel"))
            await session.put_row(PlannerRow, key=("id",), id=1, planned_at=NOW)
        for person, is_led_on in ((place.ana, False), (sam, True)):
            await person.open_home()
            await place.quiet()
            home = "\n".join(words_of(place.slack.world.views.home(person.id).blocks))
            assert "1 waiting · 1 channel closed" in home
            assert ("Details" in home) is is_led_on
        await sam.click("delivery.open", in_="home")
        await place.quiet()
        assert "Ember is not in that channel" in sees(sam)
        await sam.click("delivery.resume:0")
        await place.quiet()
        assert "All is well" in sees(sam)
        assert [lane.paused_at for lane in await place.rows(LaneRow)] == [None]
        sam.member.admin = False
        await place.slack.event("user_change", user=sam.member.seen(clock.now()))
        await sam.click("delivery.open", in_="home")
        await place.quiet()
        assert "Only an admin" in sees(sam)
