"""Promises changed by several people: whose they are, what a form may overwrite, which moves can be taken back."""

from dataclasses import replace

import pytest

from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.promises import service as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.promises.service import Details
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import as_reader
from tests.desk import Desk
from tests.support import DAY, NOW, ON_SQLITE, TODAY

FRIDAY, NEXT_WEEK = TODAY + 3 * DAY, TODAY + 7 * DAY
pytestmark = ON_SQLITE


@pytest.fixture
async def desk(store, workspace, people):
    return await Changing(store, workspace, people).open()


class Changing(Desk):
    """Ana has promised the media plan by Friday."""

    async def furnish(self):
        self.details = Details(self.northwind, "media plan", FRIDAY, self.ana.id, False, Visibility.TEAM)
        self.plan = await self.do(promises.make, self.details, by=self.ana, key=str(new_id()), now=NOW)

    async def edit(self, by, **changed):
        return await self.do(promises.edit, self.plan.id, replace(self.details, **changed), by=by, now=NOW)

    async def move(self, by, to):
        return await self.do(promises.move, self.plan.id, to, None, by=by, now=NOW)

    async def kept(self):
        return (await self.do(promises.readable, [self.plan.id], as_reader(self.ana)))[self.plan.id]


async def test_who_covers_for_somebody_settles_and_moves_what_they_promised(desk):
    covering = replace(desk.sam, covers=frozenset({desk.plan.client_id}))
    with pytest.raises(Refused, match="not kept here"):
        await desk.do(promises.settle, desk.plan.id, by=desk.sam, state=PromiseState.KEPT, now=NOW)
    await desk.move(covering, NEXT_WEEK)
    done = await desk.do(promises.settle, desk.plan.id, by=covering, state=PromiseState.KEPT, now=NOW)
    assert (done.state, done.due_on) == (PromiseState.KEPT, NEXT_WEEK)


async def test_nobody_but_its_author_makes_a_promise_theirs_alone(desk):
    with pytest.raises(NotTheirsAlone, match="Only Ana can make this theirs alone"):
        await desk.edit(desk.tom, visibility=Visibility.ME)
    assert (await desk.edit(desk.tom, visibility=Visibility.EVERYONE)).visibility is Visibility.EVERYONE
    assert (await desk.edit(desk.ana, visibility=Visibility.ME)).visibility is Visibility.ME


async def test_another_day_in_the_form_is_a_move_and_what_is_settled_gets_none(desk):
    edited = await desk.edit(desk.tom, due_on=NEXT_WEEK, what="the media plan")
    assert (edited.due_on, edited.moved_from, edited.times_moved) == (NEXT_WEEK, FRIDAY, 1)
    [event] = await desk.do(promises.events, desk.plan.id)
    assert (event.from_on, event.to_on, event.member_id, event.state) == (FRIDAY, NEXT_WEEK, desk.tom.id, None)
    await desk.do(promises.settle, desk.plan.id, by=desk.ana, state=PromiseState.KEPT, now=NOW)
    with pytest.raises(promises.Settled, match="settled already"):
        await desk.edit(desk.ana, due_on=FRIDAY)
    assert (await desk.edit(desk.ana, due_on=NEXT_WEEK, what="our media plan")).what == "our media plan"


async def test_undo_takes_back_its_own_move_and_nobody_elses(desk):
    _, first = await desk.move(desk.ana, NEXT_WEEK)
    _, second = await desk.move(desk.tom, NEXT_WEEK + DAY)
    with pytest.raises(Refused, match="another day by now"):
        await desk.do(promises.unmove, desk.plan.id, first, by=desk.ana)
    assert (await desk.kept()).due_on == NEXT_WEEK + DAY
    assert (await desk.do(promises.unmove, desk.plan.id, second, by=desk.tom)).due_on == NEXT_WEEK
    with pytest.raises(Refused, match="another day by now"):
        await desk.do(promises.unmove, desk.plan.id, second, by=desk.tom)
    await desk.do(promises.settle, desk.plan.id, by=desk.ana, state=PromiseState.KEPT, now=NOW)
    with pytest.raises(promises.Settled):
        await desk.do(promises.unmove, desk.plan.id, first, by=desk.ana)
    assert (await desk.kept()).due_on == NEXT_WEEK
