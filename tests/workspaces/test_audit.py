"""What was decided, by whom and when."""

import datetime as dt

from bot.workspaces import audit
from tests.conftest import NOW


async def test_the_newest_decisions_come_first(store, workspace, people):
    ana = await people.member()
    async with store.work(workspace.id) as session:
        for minute, what in enumerate(("digest time", "holidays", "Friday's wrap")):
            await audit.write(session, what, f"number {minute}", ana.id, NOW + dt.timedelta(minutes=minute))
        await audit.write(session, "channel allowed", "by nobody of ours", None, NOW)
    async with store.look(workspace.id) as session:
        written = await audit.tail(session, 2)
        assert [one.what for one in written] == ["Friday's wrap", "holidays"]
        assert (written[0].member_id, written[0].about) == (ana.id, "number 2")
        assert len(await audit.tail(session)) == 4
        some = await audit.tail(session, 1, whats=["digest time", "channel allowed"])
        assert [one.what for one in some] == ["channel allowed"]


async def test_a_long_story_is_cut_and_cleaned(store, workspace):
    async with store.work(workspace.id) as session:
        await audit.write(session, "digest time", "x\x00" + "y" * 400, None, NOW)
        (one,) = await audit.tail(session)
    assert len(one.about) == 255
    assert one.about.startswith("xy")
