"""How a workspace and its people are spoken to, kept with who decided."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.slack.errors import Refused
from bot.workspaces import audit, installs, settings
from bot.workspaces.settings import MONDAY_TO_FRIDAY, FadeFirst, Preference, Settings, named_days
from tests.conftest import NOW


async def test_defaults_hold_until_an_admin_says_otherwise(store, workspace):
    async with store.look(workspace.id) as session:
        known = await settings.read(session)
    assert known == Settings()
    assert (known.digest_at, known.quiet_from, known.quiet_until) == (dt.time(9), dt.time(19), dt.time(8))
    assert (known.workdays, known.country, known.fade_first) == (MONDAY_TO_FRIDAY, None, FadeFirst.CHANNEL)
    assert known.wants_wrap
    assert known.fade_at == 0.59


async def test_a_change_is_kept_and_written_down_and_the_same_again_is_not(store, workspace, people):
    ana, team = await people.member(is_admin=True), await people.channel("C0TEAM")
    wanted = Settings(team_channel_id=team.id, tz="Europe/Berlin", digest_at=dt.time(9, 30), country="DE-BY")
    for _ in range(2):
        async with store.work(workspace.id) as session:
            await settings.change(session, wanted, by=ana, now=NOW)
    async with store.look(workspace.id) as session:
        assert await settings.read(session) == wanted
        written = await audit.tail(session)
    assert {one.what: one.about for one in written} == {
        "team channel": "nothing → #channel",
        "time zone": "nothing → Europe/Berlin",
        "digest time": "09:00 → 09:30",
        "holidays": "nothing → DE-BY",
    }
    assert {(one.at, one.member_id) for one in written} == {(NOW, ana.id)}


async def test_nobody_but_an_admin_decides_for_everyone(store, workspace, people):
    tom = await people.member("U0TOM", "Tom")
    with pytest.raises(Refused, match="Only an admin"):
        async with store.work(workspace.id) as session:
            await settings.change(session, Settings(wants_wrap=False), by=tom, now=NOW)
    async with store.look(workspace.id) as session:
        assert await settings.read(session) == Settings()
        assert await audit.tail(session) == []


async def test_what_answers_taught_is_kept_beside_what_an_admin_chose(store, workspace, people):
    ana = await people.member(is_admin=True)
    async with store.work(workspace.id) as session:
        assert await settings.learn_fade_at(session, 0.01, lowest=0.5, highest=0.75) == pytest.approx(0.6)
        await settings.change(session, replace(await settings.read(session), wants_wrap=False), by=ana, now=NOW)
        assert await settings.learn_fade_at(session, 0.01, lowest=0.5, highest=0.61) == 0.61
        assert await settings.read(session) == Settings(wants_wrap=False, fade_at=0.61)
        assert [one.what for one in await audit.tail(session)] == ["Friday's wrap"]


async def test_everybody_has_preferences_the_defaults_at_first(store, workspace, people):
    ana, tom = await people.member(), await people.member("U0TOM", "Tom")
    early = Preference(morning_at=dt.time(7), wants_dates=False, quiet_from=dt.time(18), quiet_until=dt.time(7))
    for chosen in (replace(early, country="US"), early):
        async with store.work(workspace.id) as session:
            await settings.change_preference(session, ana.id, chosen)
    async with store.look(workspace.id) as session:
        assert await settings.preferences(session, [ana.id, tom.id]) == {ana.id: early, tom.id: Preference()}
    assert Preference().morning_at == dt.time(8, 30)


async def test_the_zone_is_the_one_chosen_else_where_most_of_us_are(store, workspace, people):
    async with store.look(workspace.id) as session:
        assert await settings.zone(session, Settings()) == "UTC"
    for slack_id, tz in (("U1", "Europe/Paris"), ("U2", "Europe/Paris"), ("U3", "America/New_York")):
        await people.member(slack_id, slack_id, tz)
    for slack_id in ("U4", "U5", "U6"):
        await people.member(slack_id, slack_id, "Asia/Tokyo", is_guest=True)
    async with store.look(workspace.id) as session:
        assert await settings.zone(session, Settings()) == "Europe/Paris"
        assert await settings.zone(session, Settings(tz="Asia/Tokyo")) == "Asia/Tokyo"


async def test_what_one_workspace_chose_is_nothing_to_another(store, workspace, people):
    ana = await people.member(is_admin=True)
    async with store.work(workspace.id) as session:
        await settings.change(session, Settings(wants_wrap=False), by=ana, now=NOW)
    async with store.work(None) as session:
        other = await installs.install(
            session, slack_id="T0002", name="Another", address="https://a.slack.com/", bot_slack_id="U1BOT", now=NOW
        )
    async with store.look(other.id) as session:
        assert await settings.read(session) == Settings()
        assert await audit.tail(session) == []


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (MONDAY_TO_FRIDAY, "Mon to Fri"),
        (0b1111111, "Mon to Sun"),
        (0b0000011, "Mon, Tue"),
        (0b1010101, "Mon, Wed, Fri, Sun"),
        (0b0100000, "Sat"),
        (0, "nothing"),
    ],
)
def test_days_in_words(bits, said):
    assert named_days(bits) == said
