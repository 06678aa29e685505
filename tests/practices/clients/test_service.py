import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import event

from bot.practices.clients import rows, service
from bot.practices.clients.forms import edit_view, listed_aliases, typed_aliases
from bot.practices.clients.rules import BadName, BadRhythm, Stage, Status
from bot.practices.clients.service import Details
from bot.practices.practice import Section
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.session import Work
from bot.workspaces.directory import Exposure
from bot.workspaces.installs import Workspace
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Person
from tests.conftest import NOW, People

TODAY = dt.date(2026, 5, 12)


class Reception:
    """Ana, Tom and Sam, and a client set up with a word."""

    def __init__(self, store: Store, workspace: Workspace, people: People) -> None:
        self.store, self.workspace, self.people = store, workspace, people

    async def open(self):
        self.ana = await self.people.member("U0ANA", "Ana")
        self.tom = await self.people.member("U0TOM", "Tom")
        self.sam = await self.people.member("U0SAM", "Sam")
        return self

    def work(self):
        return self.store.work(self.workspace.id)

    def look(self):
        return self.store.look(self.workspace.id)

    def details(self, name="Northwind", **changes):
        return replace(Details(name=name, owner=self.ana.id, rhythm_days=7), **changes)

    async def set_up(self, name="Northwind", *, key=None, **changes):
        async with self.work() as session:
            return await service.set_up(
                session,
                self.details(name, **changes),
                by=self.ana.id,
                key=key or f"view:{new_id()}",
                now=NOW,
                today=TODAY,
            )


@pytest.fixture
async def desk(store: Store, workspace: Workspace, people: People) -> Reception:
    return await Reception(store, workspace, people).open()


@pytest.fixture
async def looking(desk: Reception) -> AsyncIterator[Work]:
    """A reader that opens once the test asks for it, after its writes."""
    for name in ("Northwind", "Northern Lights", "Halden", "Orchard & Sons"):
        await desk.set_up(name)
    async with desk.look() as session:
        yield session


async def test_a_client_is_set_up_with_three_answers_and_the_rest_is_sensible(desk):
    made = await desk.set_up()
    async with desk.look() as session:
        kept = await service.get(session, made.id)
        roles = await teams(session, [made.id])
    assert kept == made
    assert (kept.name, kept.status, kept.stage) == ("Northwind", Status.ACTIVE, Stage.STEADY)
    assert (kept.rhythm_days, kept.started_on, kept.why_hired) == (7, TODAY, None)
    assert roles == {made.id: {desk.ana.id: Role.OWNER}}


async def test_everything_the_form_knows_is_kept_and_shown_again(desk):
    heard, digest = await desk.people.channel("C0N", Exposure.VISIBLE), await desk.people.channel("C0TEAM")
    made = await desk.set_up(
        backup=desk.tom.id,
        team=frozenset({desk.sam.id}),
        heard_in=frozenset({heard.id}),
        digest_channel_id=digest.id,
        started_on=dt.date(2024, 2, 29),
        stage=Stage.ONBOARDING,
        is_key=True,
        aliases=("NW", "nw", "North Wind"),
    )
    async with desk.look() as session:
        sheet = await service.sheet(session, made.id)
        by_channel = await service.in_channel(session, "C0N")
    assert sheet.client == made == by_channel
    assert (made.stage, made.is_key) == (Stage.ONBOARDING, True)
    assert sheet.aliases == ("North Wind", "NW")
    assert (sheet.owner, sheet.backup, sheet.team) == (desk.ana, desk.tom, (desk.sam,))
    assert (sheet.heard_in, sheet.digest_to) == (("C0N",), "C0TEAM")


async def test_the_same_submission_twice_makes_one_client(desk):
    first = await desk.set_up(key="view:1")
    again = await desk.set_up("Something else", key="view:1")
    assert again == first
    async with desk.look() as session:
        assert [each.client.id for each in await service.page(session)] == [first.id]


@pytest.mark.parametrize("name", ["northwind", "NORTH-WIND", "Nörthwind", "nw"])
async def test_a_name_or_alias_of_another_client_is_refused_and_nothing_is_kept(desk, name):
    taken = await desk.set_up(aliases=("NW", "North Wind"))
    with pytest.raises(service.NameTaken) as caught:
        await desk.set_up(name)
    assert caught.value.client.id == taken.id
    assert caught.value.name == name
    async with desk.look() as session:
        assert len(await service.page(session)) == 1


async def test_a_refused_submission_can_be_sent_again_corrected(desk):
    await desk.set_up()
    with pytest.raises(service.NameTaken):
        await desk.set_up("Northwind", key="view:1")
    assert (await desk.set_up("Southwind", key="view:1")).name == "Southwind"


async def test_of_two_people_who_set_up_the_same_client_at_once_one_is_told(desk):
    async def attempt():
        try:
            return await desk.set_up()
        except service.NameTaken as fact:
            return fact

    outcomes = await asyncio.gather(attempt(), attempt())
    assert sorted(type(each).__name__ for each in outcomes) == ["Client", "NameTaken"]


async def test_a_channel_belongs_to_one_client(desk):
    heard = await desk.people.channel("C0N")
    await desk.set_up(heard_in=frozenset({heard.id}))
    with pytest.raises(service.ChannelTaken) as caught:
        await desk.set_up("Halden", heard_in=frozenset({heard.id}))
    assert (caught.value.channel_id, caught.value.client_name) == (heard.id, "Northwind")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": " "}, BadName),
        ({"name": "list"}, BadName),
        ({"rhythm_days": 0}, BadRhythm),
        ({"rhythm_days": 366}, BadRhythm),
        ({"aliases": ("?!",)}, BadName),
        ({"aliases": tuple(f"alias {place}" for place in range(21))}, service.TooManyAliases),
    ],
)
async def test_what_no_client_can_have_is_refused(desk, changes, fault):
    with pytest.raises(fault):
        await desk.set_up(**changes)


async def test_an_edit_replaces_what_the_form_shows_and_keeps_the_rest(desk):
    heard, other = await desk.people.channel("C0N"), await desk.people.channel("C0M")
    made = await desk.set_up(
        backup=desk.tom.id, heard_in=frozenset({heard.id}), stage=Stage.ONBOARDING, started_on=dt.date(2025, 1, 1)
    )
    async with desk.work() as session:
        await service.set_why(session, made.id, "ideas our own team cannot see")
        changed = await service.edit(
            session,
            made.id,
            Details("Northwind Nordic", desk.tom.id, 30, team=frozenset({desk.ana.id}), heard_in=frozenset({other.id})),
        )
    async with desk.look() as session:
        sheet = await service.sheet(session, made.id)
    assert sheet.client == changed
    assert (changed.name, changed.rhythm_days, changed.stage) == ("Northwind Nordic", 30, Stage.STEADY)
    assert (changed.started_on, changed.why_hired) == (dt.date(2025, 1, 1), "ideas our own team cannot see")
    assert (sheet.owner, sheet.backup, sheet.team) == (desk.tom, None, (desk.ana,))
    assert (sheet.heard_in, sheet.aliases) == (("C0M",), ("Northwind",))


async def test_an_edit_with_the_same_details_changes_nothing_and_keeps_other_names(desk):
    made = await desk.set_up(aliases=("NW",), stage=Stage.RENEWAL)
    async with desk.work() as session:
        changed = await service.edit(session, made.id, desk.details(stage=Stage.RENEWAL))
        sheet = await service.sheet(session, made.id)
    assert changed == made
    assert sheet.aliases == ("NW",)


async def test_a_sponsor_stays_through_an_edit_of_the_team(desk):
    made = await desk.set_up()
    async with desk.work() as session:
        await session.add_row(rows.ClientMemberRow, client_id=made.id, member_id=desk.sam.id, role=Role.SPONSOR)
        await service.edit(session, made.id, desk.details(backup=desk.tom.id))
        roles = (await teams(session, [made.id]))[made.id]
    assert roles == {desk.sam.id: Role.SPONSOR, desk.tom.id: Role.BACKUP, desk.ana.id: Role.OWNER}


async def test_a_renamed_client_still_answers_to_its_old_name(desk):
    made = await desk.set_up()
    async with desk.work() as session:
        await service.rename(session, made.id, "Aurora Lines")
        assert (await service.split_line(session, "northwind 4 fine"))[0].name == "Aurora Lines"
        assert [found.id for found in await service.offer(session, "nor")] == [made.id]
        back = await service.rename(session, made.id, "Northwind")
        assert (await service.sheet(session, made.id)).aliases == ("Aurora Lines",)
    assert back.name == "Northwind"


async def test_other_names_are_replaced_and_found(desk):
    made = await desk.set_up(aliases=("NW",))
    async with desk.work() as session:
        await service.set_aliases(session, made.id, ["The Northies", "Northwind"])
        assert (await service.sheet(session, made.id)).aliases == ("The Northies",)
        assert await service.split_line(session, "nw 4") is None


async def test_a_client_is_paused_resumed_and_ended(desk):
    made = await desk.set_up()
    async with desk.work() as session:
        paused = await service.pause(session, made.id, TODAY + dt.timedelta(days=7), today=TODAY)
        assert (paused.status, paused.paused_until) == (Status.PAUSED, TODAY + dt.timedelta(days=7))
        assert paused.status_on(TODAY) is Status.PAUSED
        assert paused.status_on(TODAY + dt.timedelta(days=7)) is Status.ACTIVE
        ended = await service.end(session, made.id, TODAY)
        assert (ended.status, ended.paused_until, ended.ended_on) == (Status.ENDED, None, TODAY)
        assert await service.page(session) == await service.offer(session, "nor") == []
        resumed = await service.resume(session, made.id, today=TODAY)
        assert (resumed.status, resumed.ended_on) == (Status.ACTIVE, None)
        paused = await service.pause(session, made.id, None, today=TODAY)
        assert paused.status_on(dt.date.max) is Status.PAUSED


async def test_why_they_hired_us_is_asked_once_and_not_when_it_is_known(desk):
    asked, known = await desk.set_up(), await desk.set_up("Halden")
    async with desk.work() as session:
        assert await service.ask_why(session, asked.id, now=NOW)
        assert not await service.ask_why(session, asked.id, now=NOW)
        assert (await service.set_why(session, known.id, " fast ")).why_hired == "fast"
        assert not await service.ask_why(session, known.id, now=NOW)
        assert (await service.get(session, asked.id)).why_asked_at == NOW


async def test_the_team_the_maker_and_admins_may_change_a_client_and_others_learn_whom_to_ask(desk):
    made = await desk.set_up(owner=desk.tom.id)
    async with desk.look() as session:
        for member in (desk.ana, desk.tom, replace(desk.sam, is_admin=True)):
            await service.require_editor(session, made, member)
        with pytest.raises(service.NotTheirs, match=r"Only Northwind's team changes this\. Tom can, or an admin\."):
            await service.require_editor(session, made, desk.sam)


async def test_whoever_covers_does_what_the_day_needs_and_nothing_that_outlasts_it(desk):
    made = await desk.set_up(owner=desk.tom.id)
    cover = replace(desk.sam, covers=frozenset({made.id}))
    async with desk.look() as session:
        await service.require_editor(session, made, cover)
        with pytest.raises(service.NotTheirs, match=r"Only Northwind's team changes this\. Tom can, or an admin\."):
            await service.require_editor(session, made, cover, lasting=True)
        for member in (desk.tom, desk.ana, replace(desk.sam, is_admin=True)):
            await service.require_editor(session, made, member, lasting=True)


async def test_an_unknown_client_is_a_sentence(desk):
    async with desk.work() as session:
        for change in (service.get, partial(service.resume, today=TODAY), service.sheet):
            with pytest.raises(service.UnknownClient, match="gone"):
                await change(session, new_id())
        assert await service.in_channel(session, "C0NOWHERE") is None
        assert await service.in_channel(session, "") is None
        with pytest.raises(service.UnknownClient, match="no clients yet"):
            await service.named(session, "northwind")


async def test_a_client_is_offered_by_the_first_letters_of_its_words(looking):
    async def names(typed):
        return [found.name for found in await service.offer(looking, typed)]

    assert await names("north") == ["Northern Lights", "Northwind"]
    assert await names("NORTHW") == ["Northwind"]
    assert await names("li no") == ["Northern Lights"]
    assert await names("sons") == ["Orchard & Sons"]
    assert await names("orchard &") == ["Orchard & Sons"]
    assert await names("orth") == await names("🔥") == await names("x" * 5000) == []
    assert await names("") == ["Halden", "Northern Lights", "Northwind", "Orchard & Sons"]
    assert len(await service.offer(looking, "", limit=2)) == 2


async def test_names_that_open_with_what_was_typed_come_first_and_paused_ones_last(desk):
    await desk.set_up("Big Oak")
    await desk.set_up("Oak")
    paused = await desk.set_up("Oakley")
    async with desk.work() as session:
        await service.pause(session, paused.id, None, today=TODAY)
        assert [found.name for found in await service.offer(session, "oak")] == ["Oak", "Big Oak", "Oakley"]


async def test_with_nothing_typed_ones_own_clients_come_first(desk):
    await desk.set_up("Alder", owner=desk.tom.id)
    await desk.set_up("Zephyr")
    async with desk.look() as session:
        offered = await service.offer(session, "", first_of=desk.ana.id)
    assert [found.name for found in offered] == ["Zephyr", "Alder"]


async def test_a_line_opens_with_an_exact_name_the_longest_one(desk):
    await desk.set_up("Northwind")
    await desk.set_up("Northwind Nordic", aliases=("4 Seasons",))
    async with desk.look() as session:
        for line, name, rest in (
            ("northwind 4 fine", "Northwind", "4 fine"),
            ("Northwind Nordic: 4 fine", "Northwind Nordic", "4 fine"),
            ("4 seasons 2 cold", "Northwind Nordic", "2 cold"),
            ("NORTHWIND", "Northwind", ""),
        ):
            found, left = await service.split_line(session, line)
            assert (found.name, left) == (name, rest)
        assert await service.split_line(session, "we met northwind") is None
        assert await service.split_line(session, "") is None


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("nortwind 4 paused when asked", "Northwind"),
        ("Norhtwind", "Northwind"),
        ("northen lights", "Northern Lights"),
        ("orchad", "Orchard & Sons"),
        ("alden 3 fine", "Halden"),
        ("lights", "Northern Lights"),
    ],
)
async def test_the_nearest_names_are_offered_best_first(looking, typed, best):
    found = await service.nearest(looking, typed)
    assert found[0].name == best
    assert len(found) == 3


async def test_there_is_always_something_near_if_there_is_anything(looking):
    assert len(await service.nearest(looking, "")) == 3
    assert len(await service.nearest(looking, "🔥 zzz " + "q" * 9000)) == 3


async def test_a_command_names_a_client_or_stands_in_its_channel(desk):
    heard = await desk.people.channel("C0N")
    made = await desk.set_up(heard_in=frozenset({heard.id}))
    async with desk.look() as session:
        assert await service.named(session, "", channel="C0N") == (made, "")
        assert await service.named(session, "northwind Aurora", channel="C0X") == (made, "Aurora")
        with pytest.raises(service.UnknownClient, match="Did you mean Northwind"):
            await service.named(session, "nortwind", channel="C0N")
        with pytest.raises(service.UnknownClient, match="Which client"):
            await service.named(session, " ", channel="C0X")


async def test_lists_show_who_looks_after_each_client(desk):
    await desk.set_up("Zephyr")
    await desk.set_up("Alder", owner=desk.tom.id, backup=desk.ana.id)
    await desk.set_up("Birch", owner=desk.tom.id)
    async with desk.look() as session:
        everyone = [(each.client.name, each.owner) for each in await service.page(session)]
        mine = [each.client.name for each in await service.page(session, member_id=desk.ana.id)]
        second = [each.client.name for each in await service.page(session, limit=1, offset=1)]
    assert everyone == [("Alder", "Tom"), ("Birch", "Tom"), ("Zephyr", "Ana")]
    assert (mine, second) == (["Alder", "Zephyr"], ["Birch"])


async def test_the_card_says_why_us_who_looks_after_them_and_what_is_out_of_the_ordinary(desk):
    made = await desk.set_up(backup=desk.tom.id, team=frozenset({desk.sam.id}), is_key=True)
    other = await desk.set_up("Halden")
    async with desk.work() as session:
        await service.set_why(session, made.id, "ideas <our> team cannot see")
        said = await service.card(session, [made.id, other.id, new_id()], Person(desk.ana.id), NOW)
    assert [(value.section, str(value.text)) for value in said[made.id]] == [
        (Section.WHY, "*Why us:* “ideas &lt;our&gt; team cannot see”"),
        (Section.STANDING, "Key client"),
        (Section.TEAM, "Ana looks after them · Tom covers · with Sam"),
    ]
    assert [str(value.text) for value in said[other.id]] == ["Ana looks after them"]
    assert len(said) == 2


async def test_the_card_lists_a_team_as_a_sentence_does(desk):
    bo = await desk.people.member("U0BO", "Bo")
    made = await desk.set_up(team=frozenset({desk.tom.id, desk.sam.id, bo.id}))
    async with desk.look() as session:
        [team] = (await service.card(session, [made.id], Person(desk.ana.id), NOW))[made.id]
    assert team.text == "Ana looks after them · with Bo, Sam and Tom"


async def test_the_card_says_when_a_client_is_paused_or_ended(desk):
    made = await desk.set_up()

    async def standing(change):
        async with desk.work() as session:
            await change(session)
            said = (await service.card(session, [made.id], Person(desk.ana.id), NOW))[made.id]
        return [str(value.text) for value in said if value.section is Section.STANDING]

    def pause(until):
        return lambda session: service.pause(session, made.id, until, today=TODAY)

    assert await standing(pause(None)) == ["Paused"]
    assert await standing(pause(dt.date(2026, 5, 20))) == ["Paused until Wed 20 May"]
    assert await standing(pause(dt.date(2027, 1, 4))) == ["Paused until Mon 4 Jan 2027"]
    assert await standing(pause(TODAY)) == []
    assert await standing(lambda s: service.end(s, made.id, TODAY)) == ["Ended Tue 12 May"]


async def test_the_picker_finds_clients_through_the_index_of_words(desk):
    asked = []
    reader = desk.store.engines[-1]
    event.listen(reader.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    async with desk.look() as session:
        await service.offer(session, "nor li")
    statement, values = asked[-1]
    async with reader.connect() as connection:
        if desk.store.dialect == "postgresql":
            await connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if desk.store.dialect == "sqlite" else "EXPLAIN"
        plan = [str(row[-1]) for row in await connection.exec_driver_sql(f"{explain} {statement}", values)]
    walks = [line for line in plan if "client_word" in line and ("SCAN client" in line or "Seq Scan" in line)]
    assert walks == [], plan
    assert sum("client_word" in line for line in plan) >= 2


async def test_an_old_name_with_commas_stays_one_alias_through_the_form(desk):
    made = await desk.set_up("Halden & Sons, Ltd")
    async with desk.work() as session:
        await service.rename(session, made.id, "Halden")
        aliases = (await service.sheet(session, made.id)).aliases
        assert aliases == ("Halden & Sons Ltd",)
        again = typed_aliases(listed_aliases(aliases))
        await service.edit(session, made.id, desk.details("Halden", aliases=again))
        assert (await service.sheet(session, made.id)).aliases == aliases
        assert (await service.split_line(session, "halden & sons, ltd 4 fine"))[1] == "4 fine"


def test_an_alias_kept_with_a_comma_before_is_written_as_one():
    assert listed_aliases(("Halden & Sons, Ltd", "HS", "A;\nB")) == "Halden & Sons Ltd, HS, A B"


async def test_twenty_long_aliases_fit_the_form(desk):
    aliases = tuple(f"{number:02}" + "x" * 78 for number in range(20))
    made = await desk.set_up(aliases=aliases)
    async with desk.look() as session:
        view = edit_view(await service.sheet(session, made.id))
    (field,) = (block["element"] for block in view["blocks"] if block["block_id"] == "aliases")
    assert typed_aliases(field["initial_value"]) == aliases
    assert field["max_length"] == 2000


async def test_a_form_that_was_opened_before_somebody_elses_change_is_refused(desk):
    heard = await desk.people.channel("C0N")
    made = await desk.set_up()
    async with desk.work() as session:
        for number, change in enumerate(
            (
                {"rhythm_days": 14},
                {"rhythm_days": 14, "team": frozenset({desk.tom.id})},
                {"rhythm_days": 14, "heard_in": frozenset({heard.id})},
                {"rhythm_days": 14, "aliases": ("NW",)},
                {"rhythm_days": 14, "stage": Stage.RENEWAL},
                {"rhythm_days": 14, "is_key": True},
            )
        ):
            opened = (await service.sheet(session, made.id)).digest
            await service.require_unchanged(session, made.id, opened, key=f"view:{number}", now=NOW)
            await service.edit(session, made.id, desk.details(**change))
            await service.require_unchanged(session, made.id, opened, key=f"view:{number}", now=NOW)
            with pytest.raises(service.ChangedMeanwhile):
                await service.require_unchanged(session, made.id, opened, key=f"view:{number}b", now=NOW)


async def test_a_relationship_that_has_ended_is_not_paused(desk):
    made = await desk.set_up()
    async with desk.work() as session:
        await service.end(session, made.id, TODAY)
        with pytest.raises(Refused, match=r"That relationship has ended\. Resume it first\."):
            await service.pause(session, made.id, None, today=TODAY)
        assert (await service.get(session, made.id)).status is Status.ENDED


async def test_a_refusal_names_people_as_they_are_called(desk):
    made = await desk.set_up("R&D", owner=desk.tom.id)
    async with desk.look() as session:
        with pytest.raises(service.NotTheirs, match=r"Only R&D's team changes this"):
            await service.require_editor(session, made, desk.sam)
        with pytest.raises(service.UnknownClient, match=r"Did you mean R&D\?"):
            await service.named(session, "rnd")


async def test_words_that_name_no_client_are_about_the_channels_own_where_nothing_is_changed(desk):
    heard = await desk.people.channel("C0N")
    northwind = await desk.set_up(heard_in=frozenset({heard.id}))
    halden = await desk.set_up("Halden")
    async with desk.look() as session:
        for typed, channel, meant in (
            ("media plan by Friday", "C0N", (northwind, "media plan by Friday")),
            ("", "C0N", (northwind, "")),
            ("halden media plan", "C0N", (halden, "media plan")),
        ):
            assert await service.named_or_here(session, typed, channel=channel, example="") == meant
        with pytest.raises(service.UnknownClient, match="Did you mean"):
            await service.named_or_here(session, "media plan", channel="C0X", example="")
        with pytest.raises(service.UnknownClient, match="as in `/client brief northwind`"):
            await service.named_or_here(session, " ", channel="C0X", example="/client brief northwind")
