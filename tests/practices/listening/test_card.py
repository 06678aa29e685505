"""What a card says about how we were heard: our role, with how many it is made of."""

from bot.practices.checkins.rules import OurRole
from bot.store.search import Visibility
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE


async def test_our_role_of_90_days_sums_to_a_hundred_and_leaves_out_what_is_not_known(desk):
    for days in (0, 1, 2):
        await desk.note("Listened", our_role=OurRole.LISTENED, days=days)
    for days in (3, 90):
        await desk.note("Advised", our_role=OurRole.ADVISED, days=days)
    await desk.note("Neither")
    await desk.note("Long ago", our_role=OurRole.CHALLENGED, days=91)
    assert "Our role, last 90 days: listened 3 (60 %), advised 2 (40 %) · n = 5" in await desk.hints()


async def test_a_role_in_a_private_note_counts_for_its_author_alone(desk):
    await desk.note("Between us", our_role=OurRole.CHALLENGED, visibility=Visibility.ME)
    assert "Our role, last 90 days: challenged 1 (100 %) · n = 1" in await desk.hints()
    assert await desk.hints(desk.tom) == ["*Questions to ask*"]


async def test_nothing_is_said_about_a_role_nobody_wrote_down(desk):
    await desk.note("Fine")
    assert await desk.hints() == ["*Questions to ask*"]
