"""A healthy disagreement is a conversation like any other, and never a cold one."""

from bot.practices.checkins.rules import Signal
from bot.practices.spark import service as spark
from tests.support import ON_SQLITE, TODAY


@ON_SQLITE
async def test_a_healthy_disagreement_leaves_the_warmth_part_of_the_spark_unchanged_and_counts_as_contact(desk):
    for days in (20, 13, 6):
        await desk.note("Fine", days=days)

    async def reading():
        return (await desk.look(spark.readings, [desk.northwind], TODAY))[desk.northwind]

    before = await reading()
    await desk.note("We see the launch differently", Signal.HEALTHY_DISAGREEMENT, feeling=1)
    after = await reading()
    assert before.warmth is not None
    assert after.warmth == before.warmth
    assert (after.contact_days, after.quiet_days) == (before.contact_days + 1, 0)

    await desk.note("They were cold", feeling=1)
    assert (await reading()).warmth > after.warmth
